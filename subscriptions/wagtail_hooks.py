"""What this room adds to Wagtail's admin: a page of numbers, and addresses, by permissions."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from subscriptions import admin_views
from subscriptions.models import Address


@hooks.register("register_admin_urls")
def status_url():
    return [path("followers/", admin_views.status, name="subscriptions_status")]


class StatusMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(admin_views.PERMISSION)


@hooks.register("register_admin_menu_item")
def status_item():
    return StatusMenuItem(
        _("Mails to followers"),
        reverse("subscriptions_status"),
        name="followers",
        icon_name="mail",
        order=135,
    )


@hooks.register("register_permissions")
def permissions():
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(
        content_type__app_label="subscriptions",
        codename__in=["view_mail", "view_address", "delete_address"],
    )


class AddressPolicy(ModelPermissionPolicy):
    """Addresses are read and erased by permissions given to a group, and typed in by nobody."""

    def user_has_permission(self, user, action):
        return action in ("view", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class AddressViewSet(SnippetViewSet):
    """For whoever answers the telephone: how does an address stand here; erase it."""

    model = Address
    icon = "mail"
    menu_label = _("Addresses of followers")
    menu_name = "addresses"
    menu_order = 136
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["email", "standing", "languages", "created_at", "confirmed_at", "reason"]
    list_display = ["email", "standing", "created_at", "ended_at"]
    list_filter = ["standing"]
    search_fields = ["email"]
    ordering = ["-pk"]
    panels = [FieldPanel("email", read_only=True), FieldPanel("standing", read_only=True)]

    @property
    def permission_policy(self):
        return AddressPolicy(self.model)


register_snippet(AddressViewSet)
