"""What the desk's pages have in common: who may see them, their frame, their addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from translations import reach
from translations.desk import KINDS, Tally

STATES = ("missing", "outdated")


def at_the_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for whoever has a role for an assembly."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not reach.may_see(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return seen


def frame(title: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """What the admin's own frame shows above a page of the desk."""
    desk = (reverse("translations:desk"), _("Translations"))
    trail = [(reverse("wagtailadmin_home"), _("Home")), desk, *crumbs]
    if title != _("Translations"):
        trail.append(("", title))
    return {
        "page_title": title,
        "header_title": title,
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
    }


def code_of(tally: Tally) -> str:
    return tally.assembly.code if tally.assembly is not None else ""


def list_url(tally: Tally, **more: Any) -> str:
    """The address of a list."""
    said = {"assembly": code_of(tally), "language": tally.language, **more}
    query = urlencode({name: value for name, value in said.items() if value or name == "assembly"})
    return f"{reverse('translations:desk')}?{query}"


def asked_for(request: HttpRequest) -> dict[str, str]:
    """How the list is narrowed; what nobody offers is not heard."""
    said = request.POST if request.method == "POST" else request.GET
    kind, state = said.get("kind", ""), said.get("state", "")
    return {
        "kind": kind if kind in KINDS else "",
        "state": state if state in STATES else "",
    }


def number_in(request: HttpRequest, name: str) -> int:
    """A whole number of the address, 0 where there is none."""
    said = request.POST.get(name) or request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 8 else 0


def language_in_itself(code: str) -> str:
    return dict(settings.LANGUAGES).get(code, code)
