"""What the exchange adds to Wagtail's admin: sending a folder."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from exchange.uploads.views import PERMISSION


@hooks.register("register_admin_urls")
def upload_urls() -> list[URLPattern | URLResolver]:
    return [path("data/", include("exchange.uploads.urls"))]


class UploadMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_menu_item")
def upload_menu_item() -> MenuItem:
    return UploadMenuItem(_("Data"), reverse_lazy("uploads:index"), icon_name="upload", order=450)


@hooks.register("register_permissions")
def upload_permission() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="exchange", codename="add_upload")
