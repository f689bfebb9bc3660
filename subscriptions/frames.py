"""What the pages of following have in common: never kept, never found, never of another site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, pgettext

from assemblies.pages.common import crumbs, directory_of, reader_language


def frame(request: HttpRequest, here: str = "") -> dict[str, Any]:
    """The breadcrumb; ``here`` names a page below that of following."""
    lists = directory_of(request)
    home = next(iter(lists.homes.values()), None)
    follow = pgettext("page", "Follow")
    trail: list[dict[str, Any]] = [
        {"label": follow, "url": reverse("subscriptions:follow") if here else None}
    ]
    if here:
        trail.append({"label": here, "url": None})
    return {"breadcrumbs": crumbs(lists, [home] if home else [], *trail)}


def page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200, here: str = ""
) -> HttpResponse:
    """A page that is nobody else's: not kept by any cache, and not found by search engines."""
    everything = {**frame(request, here), "noindex": True, **context}
    response = TemplateResponse(request, f"subscriptions/{name}.html", everything, status=status)
    add_never_cache_headers(response)
    return response


def message(request: HttpRequest, *, title: str, lead: str, status: int = 200, **more: Any):
    """A sentence, and a way on."""
    context = {"title": title, "lead": lead, "language": reader_language(), **more}
    return page(request, "message", context, status=status, here=title)


def from_elsewhere(request: HttpRequest) -> HttpResponse:
    return message(
        request,
        title=gettext("Not done"),
        lead=gettext(
            "This form came from another site, or your browser did not say from where. Nothing "
            "was changed. Open the page again, and send it from there."
        ),
        status=403,
    )


def too_many(request: HttpRequest) -> HttpResponse:
    response = message(
        request,
        title=gettext("Too many requests"),
        lead=gettext(
            "Many requests came from your network in the last hour. Nothing was sent. Try again "
            "in an hour."
        ),
        status=429,
    )
    response["Retry-After"] = "3600"
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """A link that opens nothing: broken on its way, or of an address that is erased."""
    return message(
        request,
        title=gettext("This link opens nothing"),
        lead=gettext(
            "It may have been cut on its way, or the address is erased: then nothing more is sent "
            "to it. Below you get a new link, if you follow something."
        ),
        status=404,
        again=True,
    )
