"""One recommendation, read: its measures, actions and neighbours, and what follows from them."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.functional import cached_property
from django.utils.translation import gettext

from assemblies import clock, duties, projection, state, steps
from assemblies.directory import Directory
from assemblies.enums import CLOSED_IMPLEMENTATIONS, Response, Subject
from assemblies.models import (
    Action,
    Assembly,
    Cycle,
    Group,
    Measure,
    Passage,
    Recommendation,
    Regime,
)
from assemblies.pages import owed
from assemblies.pages.common import KindWords, named
from assemblies.pages.day import serving, there_on
from assemblies.pages.entries import Story, actions_around, aimed_at, sources_of
from assemblies.pages.passages import Passages
from assemblies.sentence import sentence


@dataclass
class Around:
    """What stands around a recommendation: its groups, from the widest, and its neighbours.

    ``marked``: whether passages of it are marked; where none is, nobody asks for them.
    """

    groups: list[Group] = field(default_factory=list)
    previous: Recommendation | None = None
    following: Recommendation | None = None
    marked: bool = False


class Reading:
    """Everything that is known of one recommendation, read in a fixed number of queries.

    ``past``: the day it is read as of; None for today. The story holds later steps too, since one
    of them may correct an earlier one; ``steps`` are those that had happened.
    """

    def __init__(
        self, lists: Directory, row: Recommendation, past: datetime.date | None = None
    ) -> None:
        self.lists = lists
        self.row = row
        self.past = past
        self.day = past or clock.today()
        self.cycle: Cycle = lists.cycles[row.cycle_id]
        self.assembly: Assembly = lists.assemblies[self.cycle.assembly_id]
        self.regime: Regime = lists.regimes[self.assembly.regime_id]
        self.words = KindWords(lists, row.kind_id)
        self.around = _around(row, past)
        self.measures, self.contributors = _measures(row, past)
        rows = actions_around(
            aimed_at(recommendations=[row.pk], measures=self.measures)
            | Q(cycle=self.cycle.pk)
            | Q(group__in=[group.pk for group in self.around.groups])
        )
        self.story = Story(lists, rows, sources_of(rows))

    @cached_property
    def happened(self) -> list[Action]:
        """What had happened, the latest first."""
        rows = (row for row in self.story.rows.values() if row.happened_last <= self.day)
        return sorted(rows, key=lambda row: (row.happened_last, row.number), reverse=True)

    @property
    def handed_over_on(self) -> datetime.date | None:
        """The day of the handover, if it had come."""
        day = self.row.handed_over_on
        return day if day is not None and day <= self.day else None

    # -- states -------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> list[state.Action]:
        """On the recommendation or on one of its measures."""
        found = {fact.number: fact for fact in self.story.of_recommendation(self.row.pk)}
        for key in self.measures:
            found |= {fact.number: fact for fact in self.story.of_measure(key)}
        return list(found.values())

    @cached_property
    def now(self) -> state.State:
        return state.fold(
            self.facts,
            as_of=self.day,
            recommendation=self.row.pk,
            deciding_body=self.row.deciding_body_id,
            serving=frozenset(self.measures),
        )

    @cached_property
    def measures_now(self) -> dict[int, state.State]:
        """Of each measure."""
        return {
            key: state.fold(self.story.of_measure(key), as_of=self.day, measure=key)
            for key in self.measures
        }

    @cached_property
    def codes(self) -> list[str]:
        """How far each measure is, in the measures' own order."""
        return [self.measures_now[key].implementation_code for key in self.measures]

    @cached_property
    def history(self) -> list[steps.Step]:
        return steps.history(
            self.story.of_recommendation(self.row.pk),
            recommendation=self.row.pk,
            deciding_body=self.row.deciding_body_id,
            until=self.day,
        )

    def sentence(self) -> str:
        return sentence(
            self.now,
            words=self.words,
            measures=state.Measures.of(self.codes),
            citizens_body=self.regime.has_citizens_body,
            handed_over=self.handed_over_on,
        )

    @cached_property
    def passages(self) -> Passages | None:
        """What became of the passages of its text; None where nobody has marked any."""
        if not self.around.marked:
            return None
        return Passages.read(self.row.pk, self.story, self.measures, self.past)

    def documents(self) -> list[dict[str, Any]]:
        """Every document and link that its steps rest on, once, the latest first."""
        found: dict[Any, dict[str, Any]] = {}
        for row in self.happened:
            for source in self.story.sources_of(row):
                what = source.document_id or source.url or source.title
                found.setdefault(what, {"source": source, "step": row})
        return list(found.values())

    # -- duties -------------------------------------------------------------------------------

    @cached_property
    def own_duties(self) -> list[duties.Duty]:
        """What is owed on the recommendation itself."""
        rules = self.lists.rules.get(self.regime.pk, [])
        return projection.duties_of_recommendation(
            self.row, self.story.around_recommendation(self.row.pk), rules, self.day
        )

    @cached_property
    def measure_duties(self) -> dict[int, list[duties.Duty]]:
        rules = self.lists.rules.get(self.regime.pk, [])
        if not any(rule.subject == Subject.MEASURE for rule in rules):
            return {}
        return {
            key: projection.duties_of_measure(
                measure, self.story.around_measure(key), rules, self.day
            )
            for key, measure in self.measures.items()
        }

    @cached_property
    def cycle_duties(self) -> list[duties.Duty]:
        rules = self.lists.rules.get(self.regime.pk, [])
        return projection.duties_of_cycle(self.cycle, self.story.on_the_whole(), rules, self.day)

    def told_duties(self) -> list[dict[str, Any]]:
        """The recommendation's duties, and the decision that the authority announced, in words."""
        found = owed.rows(self.lists, self.own_duties, self.story.row, example=self.row.example)
        answer = self.now.response
        if (
            answer is not None
            and answer.decision_due is not None
            and answer.value in (Response.UNDER_STUDY, Response.AWAITING)
        ):
            row = self.story.rows[answer.set_by]
            decision = owed.announced(answer.decision_due, self.day, decision=True)
            found.append({**decision, "url": row.url, "example": row.example})
        return found

    def told_measure_duties(self) -> list[dict[str, Any]]:
        """The measures' duties, and their announced dates where nothing says they are done."""
        found = []
        for key, measure in self.measures.items():
            called = gettext("Measure %(number)s") % {"number": measure.number_in_cycle}
            found += owed.rows(
                self.lists,
                self.measure_duties.get(key, []),
                self.story.row,
                example=measure.example,
                url=measure.url,
                of=called,
            )
            deadline = open_deadline(self.measures_now[key])
            if deadline is not None:
                said = gettext("%(subject)s: %(duty)s") % {
                    "subject": called,
                    "duty": gettext("date announced"),
                }
                row = {"url": measure.url, "example": measure.example}
                found.append({**owed.announced(deadline, self.day, said), **row})
        return found

    def silence(self) -> datetime.date | None:
        """Since when nothing was heard, if that is longer than the regime allows."""
        return duties.silent(
            self.now.last_action,
            self.row.handed_over_on,
            self.regime.silent_after_months,
            self.day,
        )

    def lateness(self) -> dict[int, list[str]]:
        """Number of an action → what it came late for."""
        found: dict[int, list[str]] = {}
        of_measures = [duty for each in self.measure_duties.values() for duty in each]
        for duty in (*self.own_duties, *of_measures, *self.cycle_duties):
            if duty.status == duties.MET_LATE and duty.by is not None:
                said = owed.lateness(self.lists, duty)
                if said not in found.setdefault(duty.by, []):
                    found[duty.by].append(said)
        return found


def open_deadline(known: state.State) -> datetime.date | None:
    """The date announced, as long as nothing says that the measure is done, stopped or void."""
    if known.deadline is None or known.implementation_code in CLOSED_IMPLEMENTATIONS:
        return None
    return known.deadline.date


def _around(row: Recommendation, past: datetime.date | None) -> Around:
    """Its groups and its neighbours in the natural order of the cycle, in one query."""
    there = there_on(Recommendation.objects.live().filter(cycle=row.cycle_id), past)
    there = there.filter(withdrawn_on__isnull=True)
    place = {"position": row.position}
    earlier = Q(position__lt=row.position) | Q(**place, pk__lt=row.pk)
    before = there.filter(earlier)
    after = there.filter(Q(position__gt=row.position) | Q(**place, pk__gt=row.pk))
    rows = named(
        Recommendation.objects.filter(
            Q(pk=row.pk)
            | Q(pk=Subquery(before.order_by("-position", "-pk").values("pk")[:1]))
            | Q(pk=Subquery(after.order_by("position", "pk").values("pk")[:1]))
        )
    ).select_related("group__parent__parent")

    def of_day(claims: QuerySet[Passage]) -> QuerySet[Passage]:
        return claims.filter(stated_on__lte=past) if past else claims

    rows = rows.annotate(
        comes_before=Case(When(earlier, then=True), default=False, output_field=BooleanField()),
        marked=Exists(of_day(Passage.objects.filter(recommendation=OuterRef("pk"), live=True))),
    )
    found = Around()
    for each in rows:
        if each.pk == row.pk:
            found.marked = each.marked
            group = each.group
            while group is not None:
                found.groups.insert(0, group)
                group = group.parent
        elif each.comes_before:
            found.previous = each
        else:
            found.following = each
    return found


def _measures(
    row: Recommendation, past: datetime.date | None
) -> tuple[dict[int, Measure], dict[int, list[int]]]:
    """The measures that serve it, in their order, and the bodies that contribute to each."""
    rows = (
        serving(past)
        .filter(recommendation=row.pk)
        .select_related("measure")
        .annotate(contributor=F("measure__contributors"))
        .order_by("measure__position", "measure_id", "contributor")
    )
    measures: dict[int, Measure] = {}
    contributors: dict[int, list[int]] = {}
    for each in rows:
        measures.setdefault(each.measure_id, each.measure)
        contributors.setdefault(each.measure_id, [])
        if each.contributor:
            contributors[each.measure_id].append(each.contributor)
    return measures, contributors
