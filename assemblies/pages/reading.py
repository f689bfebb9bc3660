"""One recommendation, read: its measures, actions and neighbours, and what follows from them."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, When
from django.utils.functional import cached_property
from django.utils.translation import gettext

from assemblies import clock, duties, projection, state, steps
from assemblies.directory import Directory
from assemblies.enums import CLOSED_IMPLEMENTATIONS, Response, Subject
from assemblies.models import (
    Assembly,
    Cycle,
    Group,
    Measure,
    MeasureServes,
    Passage,
    Recommendation,
    Regime,
)
from assemblies.pages import owed
from assemblies.pages.common import KindWords, named
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
    """Everything that is known of one recommendation today, read in a fixed number of queries."""

    def __init__(self, lists: Directory, row: Recommendation) -> None:
        self.lists = lists
        self.row = row
        self.today = clock.today()
        self.cycle: Cycle = lists.cycles[row.cycle_id]
        self.assembly: Assembly = lists.assemblies[self.cycle.assembly_id]
        self.regime: Regime = lists.regimes[self.assembly.regime_id]
        self.words = KindWords(lists, row.kind_id)
        self.around = _around(row)
        self.measures, self.contributors = _measures(row)
        rows = actions_around(
            aimed_at(recommendations=[row.pk], measures=self.measures)
            | Q(cycle=self.cycle.pk)
            | Q(group__in=[group.pk for group in self.around.groups])
        )
        self.story = Story(lists, rows, sources_of(rows))

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
            as_of=self.today,
            recommendation=self.row.pk,
            deciding_body=self.row.deciding_body_id,
            serving=frozenset(self.measures),
        )

    @cached_property
    def measures_now(self) -> dict[int, state.State]:
        """Of each measure."""
        return {
            key: state.fold(self.story.of_measure(key), as_of=self.today, measure=key)
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
        )

    def sentence(self) -> str:
        return sentence(
            self.now,
            words=self.words,
            measures=state.Measures.of(self.codes),
            citizens_body=self.regime.has_citizens_body,
            handed_over=self.row.handed_over_on,
        )

    @cached_property
    def passages(self) -> Passages | None:
        """What became of the passages of its text; None where nobody has marked any."""
        if not self.around.marked:
            return None
        return Passages.read(self.row.pk, self.story, self.measures)

    def documents(self) -> list[dict[str, Any]]:
        """Every document and link that its steps rest on, once, the latest first."""
        found: dict[Any, dict[str, Any]] = {}
        for row in sorted(
            self.story.rows.values(), key=lambda row: (row.happened_last, row.number), reverse=True
        ):
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
            self.row, self.story.around_recommendation(self.row.pk), rules, self.today
        )

    @cached_property
    def measure_duties(self) -> dict[int, list[duties.Duty]]:
        rules = self.lists.rules.get(self.regime.pk, [])
        if not any(rule.subject == Subject.MEASURE for rule in rules):
            return {}
        return {
            key: projection.duties_of_measure(
                measure, self.story.around_measure(key), rules, self.today
            )
            for key, measure in self.measures.items()
        }

    @cached_property
    def cycle_duties(self) -> list[duties.Duty]:
        rules = self.lists.rules.get(self.regime.pk, [])
        return projection.duties_of_cycle(self.cycle, self.story.on_the_whole(), rules, self.today)

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
            decision = owed.announced(answer.decision_due, self.today, decision=True)
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
                found.append({**owed.announced(deadline, self.today, said), **row})
        return found

    def silence(self) -> datetime.date | None:
        """Since when nothing was heard, if that is longer than the regime allows."""
        return duties.silent(
            self.now.last_action,
            self.row.handed_over_on,
            self.regime.silent_after_months,
            self.today,
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


def _around(row: Recommendation) -> Around:
    """Its groups and its neighbours in the natural order of the cycle, in one query."""
    there = Recommendation.objects.live().filter(cycle=row.cycle_id, withdrawn_on__isnull=True)
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
    rows = rows.annotate(
        comes_before=Case(When(earlier, then=True), default=False, output_field=BooleanField()),
        marked=Exists(Passage.objects.filter(recommendation=OuterRef("pk"), live=True)),
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


def _measures(row: Recommendation) -> tuple[dict[int, Measure], dict[int, list[int]]]:
    """The measures that serve it, in their order, and the bodies that contribute to each."""
    rows = (
        MeasureServes.objects.filter(recommendation=row.pk, measure__live=True)
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
