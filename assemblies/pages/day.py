"""The register on a day: today's columns, or what the spans say of a day of the past.

Every list, count and filter names its columns ``on_…`` and reads them through here, so that the
past takes the same queries as the present. ``past`` is the day, and None for today.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    CharField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from assemblies.enums import Axis, Opinion, Response
from assemblies.models import Measure, MeasureServes, Recommendation, StateSpan

Past = datetime.date | None
#: The parameter of addresses that names the day.
PARAMETER = "as_of"


def kept(url: str, past: Past) -> str:
    """The address of a page that can be read on a day, as of that day."""
    if past is None or not url:
        return url
    path, sign, fragment = url.partition("#")
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{PARAMETER}={past.isoformat()}{sign}{fragment}"


def in_force(past: datetime.date, prefix: str = "") -> Q:
    """Spans in force on a day; ``prefix``: the relation that leads to them, with its ``__``."""
    return Q(**{f"{prefix}start__lte": past}) & (
        Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gt": past})
    )


def there_on(rows: QuerySet[Recommendation], past: Past) -> QuerySet[Recommendation]:
    """Those that had been handed over by the day; one without a day of handover always was."""
    if past is None:
        return rows
    return rows.filter(Q(handed_over_on__isnull=True) | Q(handed_over_on__lte=past))


def withdrawn(past: Past) -> Q:
    """Whether a recommendation had been withdrawn by the day."""
    if past is None:
        return Q(withdrawn_on__isnull=False)
    return Q(withdrawn_on__isnull=False, withdrawn_on__lte=past)


def announced_on(measures: QuerySet[Measure], past: Past) -> QuerySet[Measure]:
    """The published measures that had been announced by the day."""
    measures = measures.filter(live=True)
    return measures if past is None else measures.filter(announced_on__lte=past)


def serving(past: Past) -> QuerySet[MeasureServes]:
    """Which of the measures announced by the day serve which recommendations."""
    rows = MeasureServes.objects.filter(measure__live=True)
    return rows if past is None else rows.filter(measure__announced_on__lte=past)


def _then(axis: Axis, past: datetime.date, relation: str = "spans") -> FilteredRelation:
    condition = Q(**{f"{relation}__axis": axis}) & in_force(past, f"{relation}__")
    return FilteredRelation(relation, condition=condition)


def dated(rows: QuerySet[Recommendation], past: Past) -> QuerySet[Recommendation]:
    """Recommendations with their codes on the day, as ``on_…``: joins, and no query more."""
    if past is None:
        return rows.annotate(
            on_response=F("response"),
            on_response_last=F("response_last"),
            on_implementation=F("implementation"),
            on_opinion=F("opinion"),
            on_due=F("next_due"),
            is_withdrawn=withdrawn(past),
        )
    return rows.annotate(
        response_then=_then(Axis.RESPONSE, past),
        implementation_then=_then(Axis.IMPLEMENTATION, past),
        opinion_then=_then(Axis.OPINION, past),
        due_then=FilteredRelation("due_spans", condition=in_force(past, "due_spans__")),
    ).annotate(
        on_response=_or(F("response_then__value"), Response.AWAITING),
        on_response_last=F("response_then__start"),
        on_implementation=_or(F("implementation_then__value"), ""),
        on_opinion=_or(F("opinion_then__value"), Opinion.NOT_EXAMINED),
        on_due=F("due_then__due"),
        is_withdrawn=withdrawn(past),
    )


def _or(value: Combinable, otherwise: str) -> Coalesce:
    return Coalesce(value, Value(str(otherwise)), output_field=CharField())


def told(rows: QuerySet[Recommendation], past: Past) -> QuerySet[Recommendation]:
    """Dated recommendations with what a sentence tells besides the codes."""
    if past is None:
        return rows
    spans = StateSpan.objects.filter(
        recommendation=OuterRef("pk"), axis=Axis.IMPLEMENTATION, start__lte=past
    )
    # The first of the unbroken run of spans that say the same: none of another value lies between.
    begun = (
        spans.filter(value=OuterRef("implementation_then__value"))
        .annotate(
            broken=Subquery(
                StateSpan.objects.filter(
                    recommendation=OuterRef("recommendation"),
                    axis=Axis.IMPLEMENTATION,
                    start__gt=OuterRef("start"),
                    start__lte=past,
                )
                .exclude(value=OuterRef("value"))
                .values("pk")[:1]
            )
        )
        .filter(broken__isnull=True)
        .order_by("start")
    )
    return rows.annotate(
        on_response_first=F("response_then__set_by__happened_first"),
        on_implementation_first=Subquery(begun.values("set_by__happened_first")[:1]),
        on_implementation_last=Subquery(begun.values("start")[:1]),
        on_opinion_on=F("opinion_then__start"),
        on_opinion_object=F("opinion_then__set_by__opinion_object"),
    )


#: Columns of the register that a past day replaces, by what they are called on that day.
REPLACED = {
    "response": "on_response",
    "response_first": "on_response_first",
    "response_last": "on_response_last",
    "implementation": "on_implementation",
    "implementation_first": "on_implementation_first",
    "implementation_last": "on_implementation_last",
    "opinion": "on_opinion",
    "opinion_on": "on_opinion_on",
    "opinion_object": "on_opinion_object",
    "next_due": "on_due",
}


def settle(rows: Iterable[Any], past: Past) -> list[Any]:
    """Rows of :func:`told` as the register would have held them on the day. Never to be saved."""
    rows = list(rows)
    if past is None:
        return rows
    for row in rows:
        for column, name in REPLACED.items():
            setattr(row, column, getattr(row, name) or (None if "_" in column else ""))
        row.opinion_object = row.opinion_object or ""
        if row.withdrawn_on and row.withdrawn_on > past:
            row.withdrawn_on = None
        if row.handed_over_on and row.handed_over_on > past:
            row.handed_over_on = None
    return rows


def dated_measures(rows: QuerySet[Measure], past: Past) -> QuerySet[Measure]:
    """The published measures announced by the day, with their codes on it, as ``on_…``."""
    rows = announced_on(rows, past)
    if past is None:
        return rows.annotate(on_implementation=F("implementation"), on_due=F("next_due"))
    return rows.annotate(
        implementation_then=_then(Axis.IMPLEMENTATION, past),
        due_then=FilteredRelation("due_spans", condition=in_force(past, "due_spans__")),
    ).annotate(
        on_implementation=_or(F("implementation_then__value"), ""),
        on_due=F("due_then__due"),
    )


def dated_serving(past: Past) -> QuerySet[MeasureServes]:
    """The measures that serve recommendations, with their codes on the day."""
    rows = serving(past)
    if past is None:
        return rows.annotate(
            on_implementation=F("measure__implementation"), on_lead=F("measure__lead")
        )
    return rows.annotate(
        implementation_then=_then(Axis.IMPLEMENTATION, past, "measure__spans"),
        lead_then=_then(Axis.LEAD, past, "measure__spans"),
    ).annotate(
        on_implementation=_or(F("implementation_then__value"), ""),
        on_lead=F("lead_then__value"),
    )


def spans_on(past: Past) -> QuerySet[StateSpan]:
    """The spans in force on the day."""
    if past is None:
        return StateSpan.objects.filter(end__isnull=True)
    return StateSpan.objects.on(past)
