"""What the desk adds to Wagtail's admin: a menu item, its counts on the dashboard, two guards."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationLog

from translations import progress, reach
from translations.views.frame import language_in_itself, list_url


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    return [path("translations/", include("translations.urls"))]


class DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return reach.may_see(request.user)


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Translations"),
        reverse_lazy("translations:desk"),
        name="translations-desk",
        icon_name="wagtail-localize-language",
        order=125,
    )


@hooks.register("construct_reports_menu")
def hide_report(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """The desk says more; the report lists every assembly's."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if "localize" not in str(item.url)]


class DeskPanel(Component):
    """How many texts are missing and outdated, on the admin's first page."""

    order = 90

    def render_html(self, parent_context: Any = None) -> str:
        request = parent_context["request"]
        tallies = reach.tallies_of(request.user) if reach.may_see(request.user) else []
        if not tallies:
            return ""
        rows = [
            {
                "tally": tally,
                "language": language_in_itself(tally.language),
                "url": list_url(tally),
            }
            for tally in tallies
        ]
        return render_to_string("translations/admin/panel.html", {"rows": rows}, request)


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(DeskPanel())


@hooks.register("before_edit_page", order=-10)
def publish_when_complete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before wagtail-localize's editor: nothing is published that is not wholly translated."""
    if request.method != "POST":
        return None
    if "localize-restart-translation" in request.POST:
        return _refuse_restart(request, page)
    if "localize-convert-to-alias" in request.POST:
        return redirect("wagtail_localize:convert_to_alias", page.pk)
    if request.POST.get("action") != "publish":
        return None
    translation = progress.translation_to(page)
    if translation is None:
        return None
    try:
        progress.check(translation, live=page.live)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def _refuse_restart(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A page that was written by hand since keeps what was written."""
    translation = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=page.locale_id, enabled=False
    ).first()
    if translation is None:
        return None
    last = (
        TranslationLog.objects.filter(source=translation.source_id, locale=page.locale_id)
        .order_by("-pk")
        .first()
    )
    written = last is None or page.latest_revision_id != last.revision_id
    if not written:
        return None
    messages.error(
        request,
        _(
            "This page has been written by hand since its translation was stopped. Begun again, "
            "the translation would write over it."
        ),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_page_action_menu")
def no_copies(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """No page repeats another one in a second language."""
    menu_items[:] = [
        item for item in menu_items if getattr(item, "name", "") != "localize-convert-to-alias"
    ]
