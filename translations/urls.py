"""Below the admin's own address."""

from django.urls import path

from translations.views import desk, files, pages, write

app_name = "translations"
THING = "<slug:table>/<int:pk>/<slug:language>/"

urlpatterns = [
    path("", desk.index, name="desk"),
    path(f"write/{THING}", write.write, name="write"),
    path(f"begin/{THING}", pages.begin_page, name="begin"),
    path(f"publish/{THING}", pages.publish_page, name="publish"),
    path("publish/complete/", pages.publish_complete, name="publish_complete"),
    path(f"confirm/{THING}", pages.confirm_page, name="confirm"),
    path("export/", files.export, name="export"),
    path(f"export/{THING}", files.export_page, name="export_page"),
    path("files/send/", files.send, name="send"),
    path("files/<int:pk>/", files.detail, name="delivery"),
    path("files/<int:pk>/take-over/", files.take_over, name="take_over"),
    path("files/<int:pk>/drop/", files.drop, name="drop"),
]
