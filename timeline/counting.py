"""The honest numbers of some cycles on a day: two queries, and nothing that adds the axes up."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from assemblies import clock, delivery, joined
from assemblies.enums import (
    DONE_IMPLEMENTATIONS,
    Axis,
    Implementation,
    Opinion,
    OpinionObject,
    Response,
)
from assemblies.models import Measure, MeasureServes, Recommendation, Source, StateSpan
from assemblies.pages import day
from assemblies.pages.rows import invented

#: Who says that a measure is delivered: the authority, a document, and the committee or not.
DECLARED, DOCUMENTED = "declared", "documented"
AGREES, CLARIFY, CONTESTS, UNSAID = "agrees", "clarify", "contests", "unsaid"
#: An opinion of the delivery → what the committee says of the measure, the most critical first.
VERDICTS = {
    Opinion.INSUFFICIENT.value: CONTESTS,
    Opinion.TO_CLARIFY.value: CLARIFY,
    Opinion.SATISFACTORY.value: AGREES,
}
ON_DELIVERY = (OpinionObject.DELIVERY, OpinionObject.WHOLE)


@dataclass
class Counts:
    """Recommendations by response, share delivered and opinion together; measures apart."""

    #: (response, share, opinion) → recommendations.
    cells: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    kinds: Counter[int] = field(default_factory=Counter)
    responses_by_kind: Counter[tuple[int, str]] = field(default_factory=Counter)
    late: int = 0
    #: Late, and without any response.
    late_unanswered: int = 0
    #: Delivered themselves, without a measure of their own.
    own: int = 0
    withdrawn: int = 0
    examples: int = 0

    def number(self, *, response: str = "", share: str = "", opinion: str = "") -> int:
        """How many recommendations have all that is named."""
        wanted = (response, share, opinion)
        return sum(
            number
            for cell, number in self.cells.items()
            if all(not want or want == has for want, has in zip(wanted, cell, strict=True))
        )

    @property
    def recommendations(self) -> int:
        return self.cells.total()

    @property
    def answered(self) -> int:
        return self.recommendations - self.number(response=Response.AWAITING)


def recommendations(cycles: Iterable[int], past: day.Past) -> QuerySet[Recommendation]:
    """Those of the cycles that were there on the day, dated."""
    there = Recommendation.objects.live().filter(cycle__in=list(cycles))
    return day.dated(day.there_on(there, past), past)


def count(cycles: Iterable[int], past: day.Past) -> Counts:
    """The recommendations of these cycles, in one query over as many rows as there are profiles."""
    today = past or clock.today()
    serving = day.dated_serving(past).filter(recommendation=OuterRef("pk"))
    code = Concat("on_implementation", Value(";"), output_field=CharField())
    rows = (
        recommendations(cycles, past)
        .order_by()
        .annotate(
            serving=joined.lines(serving, "recommendation", code),
            is_late=Q(on_due__lt=today, on_due__isnull=False),
            marked=invented(past),
        )
        .values_list(
            *("kind", "on_response", "on_opinion", "on_implementation", "serving"),
            *("is_late", "marked", "is_withdrawn"),
        )
        .annotate(how_many=Count("pk"))
    )
    found = Counts()
    for kind, response, opinion, own, measures, late, marked, gone, number in rows:
        if gone:
            found.withdrawn += number
            continue
        codes = [line.rstrip(";") for line in (measures or "").split("\n") if line]
        found.cells[response, delivery.share(codes, own), opinion] += number
        found.kinds[kind] += number
        found.responses_by_kind[kind, response] += number
        found.late += number if late else 0
        found.late_unanswered += number if late and response == Response.AWAITING else 0
        found.own += number if not codes and own in DONE_IMPLEMENTATIONS else 0
        found.examples += number if marked else 0
    return found


def with_share(rows: QuerySet[Recommendation], shares: Iterable[str], past: day.Past) -> QuerySet:
    """Dated recommendations of which such a share of the measures announced is delivered."""
    serving = day.dated_serving(past).filter(recommendation=OuterRef("pk"))
    has = Exists(serving)
    done = Exists(serving.filter(on_implementation__in=DONE_IMPLEMENTATIONS))
    open_ = Exists(serving.exclude(on_implementation__in=DONE_IMPLEMENTATIONS))
    own_done = Q(on_implementation__in=DONE_IMPLEMENTATIONS)
    said = ~Q(on_implementation="")
    passing = {
        delivery.ALL: Q(has) & ~Q(open_) | ~Q(has) & own_done,
        delivery.SOME: Q(done) & Q(open_),
        delivery.NONE: Q(has) & ~Q(done) | ~Q(has) & said & ~own_done,
        delivery.UNANNOUNCED: ~Q(has) & ~said,
        "own": ~Q(has) & own_done,
    }
    chosen = Q()
    for each in shares:
        chosen |= passing[each]
    return rows.filter(chosen)


# -- measures -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """How far one announced measure is, and who says so."""

    key: int
    code: str
    documented: bool
    verdict: str
    example: bool

    @property
    def done(self) -> bool:
        return self.code in DONE_IMPLEMENTATIONS

    def is_said(self, who: str) -> bool:
        """Whether it belongs to a number of the page: a code, or somebody who says it is done."""
        if who == DECLARED:
            return self.done
        if who == DOCUMENTED:
            return self.done and self.documented
        if who in (AGREES, CLARIFY, CONTESTS, UNSAID):
            return self.done and self.verdict == who
        return self.code == who


def measures(cycles: Iterable[int], past: day.Past) -> list[Said]:
    """The measures announced in these cycles by the day, in one query."""
    today = past or clock.today()
    spans = StateSpan.objects.filter(axis=Axis.IMPLEMENTATION, start__lte=today)
    said = spans.filter(measure=OuterRef("pk"))
    linked = Source.objects.filter(~Q(url="") | Q(document__isnull=False))
    sourced = said.filter(day.in_force(today)).filter(
        Exists(linked.filter(action=OuterRef("set_by")))
    )
    judged = MeasureServes.objects.filter(measure=OuterRef("pk")).filter(
        Q(recommendation__spans__end__isnull=True) | Q(recommendation__spans__end__gt=today),
        recommendation__spans__axis=Axis.OPINION,
        recommendation__spans__start__lte=today,
        recommendation__spans__set_by__opinion_object__in=ON_DELIVERY,
    )

    def dated(prefix: str) -> Concat:
        start = Cast(f"{prefix}start", CharField())
        return Concat(start, Value("="), f"{prefix}value", output_field=CharField())

    rows = (
        day.dated_measures(Measure.objects.filter(cycle__in=list(cycles)), past)
        .order_by("cycle", "position", "pk")
        .annotate(
            history=joined.lines(said, "measure", dated("")),
            documented=Exists(sourced),
            judged=joined.lines(judged, "measure", dated("recommendation__spans__")),
        )
        .values_list("pk", "on_implementation", "documented", "history", "judged", "example")
    )
    return [
        Said(
            key=key,
            code=code or Implementation.NOT_STARTED.value,
            documented=documented,
            verdict=verdict(_pairs(judgements), since=_begun(_pairs(history))),
            example=example,
        )
        for key, code, documented, history, judgements, example in rows
    ]


def _pairs(lines: str | None) -> list[tuple[datetime.date, str]]:
    """(start, value) of each span, in order."""
    found = [line.partition("=") for line in (lines or "").split("\n") if line]
    return sorted((datetime.date.fromisoformat(start), value) for start, _sign, value in found)


def _begun(history: list[tuple[datetime.date, str]]) -> datetime.date | None:
    """Since when the last value has stood, however often it was said again."""
    begun = None
    for start, value in reversed(history):
        if value != history[-1][1]:
            break
        begun = start
    return begun


def verdict(judgements: Iterable[tuple[Any, str]], since: datetime.date | None) -> str:
    """What the committee says of a delivery: nothing, if it spoke before the delivery was said.

    Where a measure serves several recommendations, the most critical opinion is told.
    """
    given = {value for start, value in judgements if since is not None and start >= since}
    return next((said for code, said in VERDICTS.items() if code in given), UNSAID)
