"""Below the admin's own address."""

from django.urls import path

from exchange.uploads import views

app_name = "uploads"
urlpatterns = [
    path("", views.index, name="index"),
    path("send/", views.send, name="send"),
    path("<int:upload>/", views.detail, name="detail"),
    path("<int:upload>/load/", views.load, name="load"),
    path("<int:upload>/again/", views.again, name="again"),
    path("<int:upload>/drop/", views.drop, name="drop"),
]
