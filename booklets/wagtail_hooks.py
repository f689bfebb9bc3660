"""What booklets add to Wagtail's admin: freezing in the place of publishing, and what follows."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from booklets import drafts, guards
from booklets.models import BookletPage, Edition


@hooks.register("register_admin_urls")
def booklet_urls() -> list[URLPattern | URLResolver]:
    return [path("booklets/", include("booklets.admin_urls"))]


class FreezeMenuItem(ActionMenuItem):
    """Freeze…: in the place of Publish. It saves the draft and leads to the checklist."""

    name = "action-publish"
    label = gettext_lazy("Freeze…")
    icon_name = "lock"

    def is_shown(self, context: dict[str, Any]) -> bool:
        tester = self.get_user_page_permissions_tester(context)
        return not context["locked_for_user"] and tester.can_publish()


@hooks.register("construct_page_action_menu")
def freeze_in_place_of_publish(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    page = context.get("page")
    match = request.resolver_match
    named = (*match.args, *match.kwargs.values()) if match is not None else ()
    if not isinstance(page, BookletPage) and not (page is None and "bookletpage" in named):
        return
    menu_items[:] = [
        item for item in menu_items if item.name not in ("action-publish", "action-unpublish")
    ]
    if isinstance(page, BookletPage):
        item = FreezeMenuItem(order=30)
        if item.is_shown(context):
            menu_items.append(item)
            menu_items.sort(key=lambda each: each.order)


@hooks.register("before_publish_page")
def to_the_checklist(request: HttpRequest, page: Page) -> Any:
    """Publishing begins with the checklist; the draft is saved already."""
    if isinstance(page.specific, BookletPage):
        return redirect("booklets_admin:checklist", page.pk)
    return None


@hooks.register("after_create_page")
def in_all_languages(request: HttpRequest, page: Page) -> None:
    """A draft in each language of the assembly, to be filled beside the first one."""
    if isinstance(page.specific, BookletPage):
        drafts.add_languages(page.specific)


@hooks.register("register_page_header_buttons")
def header_buttons(page: Page, user: Any, view_name: str, next_url: Any = None) -> Iterator[Button]:
    yield from _buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Page, user: Any, next_url: Any = None) -> Iterator[Button]:
    yield from _buttons(page, user)


def _buttons(page: Page, user: Any) -> Iterator[Button]:
    specific = page.specific
    if not isinstance(specific, BookletPage) or not page.permissions_for_user(user).can_edit():
        return
    if Edition.objects.filter(translation_key=page.translation_key).exists():
        url = reverse("booklets_admin:status", args=[page.pk])
        yield Button(_("How the edition stands"), url, icon_name="lock", priority=5)
        url = reverse("booklets_admin:new", args=[page.pk])
        yield Button(_("New edition"), url, icon_name="copy", priority=6)
    else:
        url = reverse("booklets_admin:checklist", args=[page.pk])
        yield Button(_("Checklist before freezing"), url, icon_name="list-ul", priority=5)


def _edition_below(page: Page) -> Edition | None:
    keys = Page.objects.descendant_of(page, inclusive=True).values("translation_key")
    found: Edition | None = Edition.objects.light().filter(translation_key__in=keys).first()
    return found


@hooks.register("before_delete_page")
def keep_frozen_pages(request: HttpRequest, page: Page) -> Any:
    edition = _edition_below(page)
    if edition is not None:
        return _refuse(request, page, str(guards.refuse_delete(edition)))
    return None


@hooks.register("before_unpublish_page")
def keep_frozen_pages_online(request: HttpRequest, page: Page) -> Any:
    edition = _edition_below(page)
    if edition is not None:
        return _refuse(request, page, str(guards.refuse(edition)))
    return None


@hooks.register("before_bulk_action")
def keep_frozen_pages_in_bulk(
    request: HttpRequest, action_type: str, objects: Any, action_class: Any
) -> Any:
    if action_type not in ("delete", "unpublish", "move"):
        return None
    for each in objects:
        if isinstance(each, Page) and (edition := _edition_below(each)) is not None:
            return _refuse(request, each, str(guards.refuse(edition)))
    return None


def _refuse(request: HttpRequest, page: Page, message: str) -> Any:
    messages.error(request, message)
    return redirect("wagtailadmin_pages:edit", page.pk)
