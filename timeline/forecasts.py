"""What is announced or due for the days to come: forecasts, kept apart from what happened."""

import datetime
from typing import Any

from django.db.models import CharField, Count, F, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assemblies import clock
from assemblies.directory import Directory
from assemblies.models import Measure, Recommendation
from assemblies.pages.common import place_label, place_url
from timeline.filters import StepFilters

#: As many days as are told; what is expected has a page of its own.
SHOWN = 6


def forecasts(lists: Directory, filters: StepFilters) -> list[dict[str, Any]]:
    """The next due dates of recommendations and measures, by cycle and day: one query."""
    first = max(filters.day("from") or clock.today(), clock.today())
    rows = [
        _due(noun, _chosen(noun, model, lists, filters), first, filters.day("to"))
        for noun, model in (("recommendation", Recommendation), ("measure", Measure))
    ]
    found = rows[0].union(rows[1], all=True).order_by("next_due", "of_cycle", "noun")[:SHOWN]
    return [_shown(lists, *row) for row in found]


def _chosen(noun: str, model: Any, lists: Directory, filters: StepFilters) -> QuerySet:
    """The open recommendations, or measures, that the filters by subject leave."""
    measures = noun == "measure"
    rows = (
        Measure.objects.filter(live=True)
        if measures
        else Recommendation.objects.live().filter(withdrawn_on__isnull=True)
    )
    values = filters.values
    keys = [
        key
        for key, cycle in lists.cycles.items()
        if cycle.reference in values.get("cycle", (cycle.reference,))
        and lists.assemblies[cycle.assembly_id].code
        in values.get("assembly", (lists.assemblies[cycle.assembly_id].code,))
    ]
    rows = rows.filter(cycle__in=keys)
    if "body" in values:
        bodies = [key for key, body in lists.bodies.items() if body.slug in values["body"]]
        rows = rows.filter(**{"lead__in" if measures else "deciding_body__in": bodies})
    if "topic" in values:
        topics = [key for key, topic in lists.topics.items() if topic.slug in values["topic"]]
        about = Recommendation.objects.filter(topics__in=topics)
        rows = rows.filter(
            **{"serves__recommendation__in" if measures else "pk__in": about.values("pk")}
        )
    if "recommendation" in values:
        name = "serves__recommendation__reference__in" if measures else "reference__in"
        rows = rows.filter(**{name: values["recommendation"]})
    if "measure" in values:
        rows = rows.filter(reference__in=values["measure"]) if measures else rows.none()
    return rows


def _due(noun: str, rows: QuerySet, first: datetime.date, last: datetime.date | None) -> QuerySet:
    period = Q(next_due__gte=first) & (Q(next_due__lte=last) if last else Q())
    return (
        rows.filter(period)
        .order_by()
        .annotate(noun=Value(noun, CharField()), of_cycle=F("cycle"))
        .values("noun", "of_cycle", "next_due")
        .annotate(
            number=Count("pk", distinct=True),
            one=Min(Cast("reference", TextField())),
            invented=Count("pk", filter=Q(example=True), distinct=True),
        )
        .values_list("noun", "of_cycle", "next_due", "number", "one", "invented")
    )


def _shown(
    lists: Directory, noun: str, cycle: int, due: Any, number: int, one: str, invented: int
) -> dict[str, Any]:
    place = lists.originals.get(lists.cycles[cycle].translation_key)
    day = datetime.date.fromisoformat(due) if isinstance(due, str) else due
    if noun == "measure":
        label = (
            gettext("Measure %(reference)s") % {"reference": one}
            if number == 1
            else ngettext("%(count)s measure", "%(count)s measures", number) % {"count": number}
        )
    else:
        label = (
            gettext("Recommendation %(reference)s") % {"reference": one}
            if number == 1
            else ngettext("%(count)s recommendation", "%(count)s recommendations", number)
            % {"count": number}
        )
    url = place_url(lists, place) if place is not None else ""
    if number == 1:
        view = "assemblies:measure" if noun == "measure" else "assemblies:reference"
        url = reverse(view, args=[one])
    return {
        "day": day,
        "label": label,
        "url": url,
        "cycle": place_label(lists, place) if place is not None else "",
        "place": lists.assembly_of(cycle).territory if len(lists.assemblies) > 1 else "",
        "example": bool(invented),
    }
