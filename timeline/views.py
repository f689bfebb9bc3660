"""The timeline: every published step of every assembly, the newest first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from assemblies import dates
from assemblies.keyset import window
from assemblies.models import Action
from assemblies.pages.common import crumbs, directory_of, reading, site_url
from assemblies.pages.latest import Listing, with_parts

#: Numbers of actions are at most this long.
DIGITS = 15


def number(typed: str) -> int | None:
    """The number of the step that an address names a page by, if it can be one."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else None


@reading
def timeline(request: HttpRequest) -> HttpResponse:
    """``?before=411``: the steps older than n° 411; ``?after=411``: those newer."""
    lists = directory_of(request)
    shown = window(
        request,
        Action.objects.filter(live=True),
        order=("-happened_last", "-number"),
        cursor="number",
        read=number,
        dress=with_parts,
        on="before",
        back="after",
    )
    listing = Listing(lists, shown.items)
    home = next(iter(lists.homes.values()), None)
    query = request.META.get("QUERY_STRING", "")
    context = {
        "months": _months([listing.shown(row) for row in shown.items]),
        "window": shown,
        "breadcrumbs": crumbs(
            lists, [home] if home else [], {"label": gettext("Timeline"), "url": None}
        ),
        "noindex": bool(shown.items) and all(row.example for row in shown.items),
        "canonical_url": f"{site_url()}{request.path}"
        + (f"?{query}" if query and not shown.first else ""),
    }
    return TemplateResponse(request, "timeline/timeline.html", context)


def _months(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries by the month of their last day."""
    months: list[dict[str, Any]] = []
    for entry in entries:
        day = entry["action"].happened_last
        key = f"{day:%Y-%m}"
        if not months or months[-1]["key"] != key:
            name = dates.month(day)
            months.append({"key": key, "name": name[:1].upper() + name[1:], "entries": []})
        months[-1]["entries"].append(entry)
    return months
