"""Which address leads where."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from assemblies.views import reference_in_any_language
from home.views import root, serve
from portal import robots, sitemap

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("admin/", include("assemblies.admin_urls")),
    path("admin/", include("translations.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("r/<str:reference>", reference_in_any_language),
    path("r/<str:reference>/", reference_in_any_language),
    path("robots.txt", robots.robots),
    path(".well-known/security.txt", robots.security),
    path("favicon.ico", robots.favicon),
    path("sitemap.xml", sitemap.index),
    re_path(
        r"^sitemap-(?P<name>[a-z]+)-(?P<number>[0-9]{1,5})\.xml$", sitemap.file, name="sitemap_file"
    ),
    path("data/", include("exchange.data_urls")),
    path("", root),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

urlpatterns += i18n_patterns(
    path("", include("assemblies.urls")),
    path("", include("home.urls")),
    path("", include("timeline.urls")),
    path("", include("subscriptions.urls")),
    path("", include("exchange.urls")),
    path("", include("search.urls")),
    path("", include("booklets.urls")),
    # Wagtail's own, but for the walk from page to page: ``home.views`` finds a page in one query.
    *(pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"),
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
)
