"""Views of wagtail-localize that ours stand before: they ask for too little, or do too much."""

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from translations.views import files, pages

VIEWS = [
    path("localize/submit/page/<int:page_id>/", pages.SubmitPage.as_view()),
    path("localize/update/<int:translation_source_id>/", pages.UpdatePage.as_view()),
    path("localize/translate/<int:translation_id>/pofile/download/", files.export_translation),
    path("localize/translate/<int:translation_id>/pofile/upload/", files.send_translation),
    path("localize/translate/<int:translation_id>/disable/", pages.stop),
    path("localize/page/<int:page_id>/convert_to_alias/", pages.convert_to_alias),
    path("localize/reports/translations/", pages.report, {"results_only": False}),
    path("localize/reports/translations/results/", pages.report, {"results_only": True}),
]

urlpatterns = decorate_urlpatterns(VIEWS, never_cache)
urlpatterns = decorate_urlpatterns(urlpatterns, require_admin_access)
