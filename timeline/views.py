"""The timeline: every published step of every assembly, the newest first, page by page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext

from assemblies import dates
from assemblies.directory import Directory
from assemblies.keyset import window
from assemblies.models import Action
from assemblies.pages import as_of
from assemblies.pages.common import crumbs, directory_of, paged_query, reading, site_url
from assemblies.pages.latest import Listing, beside_day, with_parts
from timeline.filters import StepFilters, facets
from timeline.forecasts import forecasts
from timeline.months import by_month, picture

#: Numbers of actions are at most this long.
DIGITS = 15
#: Steps on one page.
SIZE = 30


def number(typed: str) -> int | None:
    """The number of the step that an address names a page by, if it can be one."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else None


@reading
def timeline(request: HttpRequest) -> HttpResponse:
    """``?before=411``: the steps older than n° 411; ``?after=411``: those newer."""
    lists = directory_of(request)
    filters = StepFilters.of(request, lists)
    everything = Action.objects.filter(live=True)
    steps = filters.narrow(everything, lists)
    shown = window(
        request,
        steps,
        order=("-happened_last", "-number"),
        cursor="number",
        read=number,
        dress=with_parts,
        size=SIZE,
        on="before",
        back="after",
        keep=filters.query,
        places=everything,
    )
    listing = Listing(lists, shown.items)
    home = next(iter(lists.homes.values()), None)
    found = facets(lists, filters, everything)
    context = {
        **as_of.dated(request, filters.past, *_neighbours(everything, filters, lists)),
        "months": by_months([listing.shown(row) for row in shown.items]),
        "window": shown,
        "filters": filters,
        "found": found,
        "matching": ngettext("%(count)s step", "%(count)s steps", found.matching)
        % {"count": found.matching},
        "picture": picture(by_month(steps), filters),
        "forecasts": forecasts(lists, filters) if not filters.past else [],
        "steps_of": filters.left_as_of_today.query,
        "breadcrumbs": crumbs(
            lists, [home] if home else [], {"label": gettext("Timeline"), "url": None}
        ),
    }
    if not filters.past:
        # Filtered, it is a part of the same list; further on, it is another part of it.
        own = "" if filters else paged_query(request, shown)
        context |= {
            "noindex": bool(shown.items) and all(row.example for row in shown.items),
            "canonical_url": f"{site_url()}{request.path}{own}",
        }
    return TemplateResponse(request, "timeline/timeline.html", context)


def _neighbours(
    everything: QuerySet[Action], filters: StepFilters, lists: Directory
) -> list[Action | None]:
    """The last step before a past day and the first after it, under the filters; one query."""
    if filters.past is None:
        return []
    chosen = filters.left_as_of_today.narrow(everything, lists)
    found = Action.objects.filter(beside_day(chosen, filters.past))
    return list(as_of.neighbours(found, filters.past))


def by_months(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
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
