"""States in the database: a projection of the published actions, kept up to date and rebuilt alike.

``facts`` reads rows into the pure core's terms; ``project`` recomputes some subjects in the
publishing transaction; ``rebuild`` all of them. Both go the same way, subject by subject, so what
is kept up to date and what is rebuilt can't differ; a property test holds both against the fold.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.utils import timezone

from assemblies import clock, duties, state
from assemblies.enums import (
    CLOSED_IMPLEMENTATIONS,
    POSITIVE_RESPONSES,
    Axis,
    Response,
    Subject,
    Trigger,
)
from assemblies.models.action import Action, ActionTarget
from assemblies.models.measure import Measure, MeasureServes
from assemblies.models.recommendation import Recommendation
from assemblies.models.regime import DutyRule
from assemblies.models.span import DueSpan, StateSpan

#: Subjects computed at once; bounds memory and the length of an SQL list.
BATCH = 400

ZERO_DAY = datetime.date.min
#: Responses that promise another: the day announced for it is due.
UNDECIDED = frozenset({Response.UNDER_STUDY, Response.AWAITING})


def _chunks(keys: Iterable[int], size: int = BATCH) -> Iterator[list[int]]:
    keys = sorted(set(keys))
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def read(actions: Iterable[Action]) -> list[state.Action]:
    """Published actions, with their targets prefetched, in the terms of the pure core."""
    actions = list(actions)
    numbers = {action.pk: action.number for action in actions}
    missing = {a.corrects_id for a in actions if a.corrects_id and a.corrects_id not in numbers}
    while missing:
        # The corrected ones whose role a correction takes over, though they target something else.
        above = list(Action.objects.filter(pk__in=missing).prefetch_related("targets"))
        actions += above
        numbers |= {action.pk: action.number for action in above}
        missing = {a.corrects_id for a in above if a.corrects_id and a.corrects_id not in numbers}
    return [fact(action, numbers) for action in actions]


def fact(action: Action, numbers: dict[int, int]) -> state.Action:
    """One published action in the terms of the pure core. ``numbers``: key → public number."""
    targets = list(action.targets.all())
    positive = action.axis == Axis.RESPONSE and action.value in POSITIVE_RESPONSES
    names_lead = bool(action.concerned_body_id) and (
        positive or (not action.axis and action.kind in ("lead", "correction"))
    )
    return state.Action(
        number=action.number,
        published=timezone.localdate(action.first_published_at),
        first=action.happened_first,
        last=action.happened_last,
        kind=action.kind,
        body=action.body_id,
        recommendations=frozenset(t.recommendation_id for t in targets if t.recommendation_id),
        measures=frozenset(t.measure_id for t in targets if t.measure_id),
        cycle=action.cycle_id,
        group=action.group_id,
        axis=action.axis,
        value=action.value,
        stage=action.stage,
        opinion_object=action.opinion_object,
        decision_due=action.decision_due,
        lead=action.concerned_body_id if names_lead else None,
        deadline=action.new_deadline,
        deadline_words=bool(action.deadline_words),
        answers=action.answers_id,
        corrects=numbers[action.corrects_id] if action.corrects_id else None,
        withdraws=action.withdraws,
    )


def actions_on(
    *, recommendations: Iterable[int] = (), measures: Iterable[int] = ()
) -> list[Action]:
    """Published actions on these subjects, and their corrections, wherever these aim."""
    targets = ActionTarget.objects.filter(action__live=True)
    keys = set(
        targets.filter(recommendation__in=list(recommendations)).values_list("action", flat=True)
    )
    keys |= set(targets.filter(measure__in=list(measures)).values_list("action", flat=True))
    found = set(keys)
    while found:
        found = (
            set(Action.objects.filter(live=True, corrects__in=found).values_list("pk", flat=True))
            - keys
        )
        keys |= found
    return list(Action.objects.filter(pk__in=keys).prefetch_related("targets"))


@transaction.atomic
def project(
    *, recommendations: Iterable[int] = (), measures: Iterable[int] = (), today=None
) -> None:
    """Compute spans and present codes of these subjects anew, in the open transaction.

    A step on a measure is a step on the recommendations it serves: their last action moves too.
    """
    for _done in project_in_steps(recommendations=recommendations, measures=measures, today=today):
        pass


def project_in_steps(
    *, recommendations: Iterable[int] = (), measures: Iterable[int] = (), today=None
) -> Iterator[int]:
    """The same, batch by batch: yields how many subjects are done. Within a transaction only."""
    today = today or clock.today()
    measures = set(measures)
    recommendations = set(recommendations)
    for keys in _chunks(measures):
        recommendations |= set(
            MeasureServes.objects.filter(measure__in=keys, measure__live=True).values_list(
                "recommendation", flat=True
            )
        )
    done = 0
    for compute, subjects in (
        (_project_measures, measures),
        (_project_recommendations, recommendations),
    ):
        for keys in _chunks(subjects):
            compute(keys, today)
            done += len(keys)
            yield done


def rebuild(*, cycles=None, today=None) -> tuple[int, int]:
    """Compute all subjects anew (of these cycles, or of the site). Returns how many of each."""
    recommendations = Recommendation.objects.order_by("pk")
    measures = Measure.objects.filter(live=True).order_by("pk")
    if cycles is not None:
        recommendations = recommendations.filter(cycle__in=cycles)
        measures = measures.filter(cycle__in=cycles)
    recommendation_keys = list(recommendations.values_list("pk", flat=True))
    measure_keys = list(measures.values_list("pk", flat=True))
    project(recommendations=recommendation_keys, measures=measure_keys, today=today)
    return len(recommendation_keys), len(measure_keys)


def _write_spans(
    column: str, keys: list[int], wanted: dict[int, list[state.Span]], numbers
) -> None:
    """Make the stored spans of these subjects equal to the computed ones; untouched rows stay."""
    stored: dict[tuple, int] = {}
    for span in StateSpan.objects.filter(**{f"{column}__in": keys}):
        stored[
            (
                getattr(span, f"{column}_id"),
                span.axis,
                span.value,
                span.start,
                span.end,
                span.set_by_id,
            )
        ] = span.pk
    new = {
        (key, span.axis, span.value, span.start, span.end, numbers[span.set_by])
        for key, spans in wanted.items()
        for span in spans
    }
    StateSpan.objects.filter(pk__in=[pk for row, pk in stored.items() if row not in new]).delete()
    StateSpan.objects.bulk_create(
        StateSpan(
            **{f"{column}_id": key}, axis=axis, value=value, start=start, end=end, set_by_id=set_by
        )
        for key, axis, value, start, end, set_by in sorted(
            new - set(stored), key=lambda row: (row[0], row[1], row[3])
        )
    )


def due_spans(
    days: Iterable[datetime.date], due_on: Callable[[datetime.date], datetime.date | None]
) -> list[tuple[datetime.date, datetime.date, datetime.date | None]]:
    """(due, start, end) for each stretch of days on which the same day was the next one due.

    ``days``: all on which it can have changed. Time alone changes nothing: what passes its day is
    late, and stays what is due next until an action answers it.
    """
    found: list[tuple[datetime.date | None, datetime.date]] = []
    for day in sorted(set(days)):
        due = due_on(day)
        if not found or found[-1][0] != due:
            found.append((due, day))
    ends = [*(start for _due, start in found), None][1:]
    return [
        (due, start, end) for (due, start), end in zip(found, ends, strict=True) if due is not None
    ]


def _write_due_spans(column: str, keys: list[int], wanted: dict[int, list[tuple]]) -> None:
    """Make the stored due dates of these subjects equal to the computed ones."""
    stored = {
        (getattr(span, f"{column}_id"), span.due, span.start, span.end): span.pk
        for span in DueSpan.objects.filter(**{f"{column}__in": keys})
    }
    new = {(key, *span) for key, spans in wanted.items() for span in spans}
    DueSpan.objects.filter(pk__in=[pk for row, pk in stored.items() if row not in new]).delete()
    DueSpan.objects.bulk_create(
        DueSpan(**{f"{column}_id": key}, due=due, start=start, end=end)
        for key, due, start, end in sorted(new - set(stored), key=lambda row: (row[0], row[2]))
    )


def rules_by_regime() -> dict[int, list[duties.Rule]]:
    """Every regime's duties, as the pure clock reads them."""
    found: dict[int, list[duties.Rule]] = defaultdict(list)
    for rule in DutyRule.objects.order_by("regime", "sort_order", "pk"):
        found[rule.regime_id].append(rule.as_rule())
    return found


def adopted_on(facts: Iterable[state.Action], recommendation: int) -> datetime.date | None:
    """The day a council adopted a recommendation: the trigger of what an act obliges to."""
    votes = [
        fact
        for fact in state.effective(facts)
        if recommendation in fact.recommendations
        and fact.axis == Axis.RESPONSE
        and fact.value in POSITIVE_RESPONSES
        and state.acting_kinds(facts).get(fact.number) == "vote"
    ]
    return votes[0].last if votes else None


def _around(recommendation) -> tuple[tuple[str, int], ...]:
    """Where a postponement or suspension stands that explains lateness on a recommendation too."""
    cycle = (Subject.CYCLE, recommendation.cycle_id)
    group = recommendation.group_id
    return (cycle, ("group", group)) if group else (cycle,)


def duties_of_recommendation(recommendation, facts, rules, as_of) -> list[duties.Duty]:
    """What is owed on one recommendation, by the regime's rules for recommendations."""
    return duties.duties(
        [rule for rule in rules if rule.subject == Subject.RECOMMENDATION],
        {
            Trigger.HANDOVER: recommendation.handed_over_on,
            Trigger.ADOPTION: adopted_on(facts, recommendation.pk),
        },
        facts,
        as_of=as_of,
        recommendation=recommendation.pk,
        deciding_body=recommendation.deciding_body_id,
        within=_around(recommendation),
    )


def duties_of_measure(measure, facts, rules, as_of) -> list[duties.Duty]:
    """What is owed on one measure, by the regime's rules for measures."""
    return duties.duties(
        [rule for rule in rules if rule.subject == Subject.MEASURE],
        {Trigger.PUBLICATION: measure.announced_on},
        facts,
        as_of=as_of,
        measure=measure.pk,
        within=((Subject.CYCLE, measure.cycle_id),),
    )


def duties_of_cycle(cycle, facts, rules, as_of) -> list[duties.Duty]:
    """What is owed for a cycle as a whole. ``facts``: at least the actions on the cycle."""
    return duties.duties(
        [rule for rule in rules if rule.subject == Subject.CYCLE],
        {Trigger.HANDOVER: cycle.handed_over_on},
        facts,
        as_of=as_of,
        cycle=cycle.pk,
    )


def _project_recommendations(keys: list[int], today: datetime.date) -> None:
    rows = list(
        Recommendation.objects.filter(pk__in=keys).select_related("cycle__assembly").order_by("pk")
    )
    serving: dict[int, set[int]] = defaultdict(set)
    for measure, recommendation in MeasureServes.objects.filter(
        recommendation__in=keys, measure__live=True
    ).values_list("measure", "recommendation"):
        serving[recommendation].add(measure)
    all_measures = set().union(*serving.values()) if serving else set()
    actions = actions_on(recommendations=keys, measures=all_measures)
    numbers = {action.number: action.pk for action in actions}
    facts = read(actions)
    by_recommendation: dict[int, list[state.Action]] = defaultdict(list)
    by_measure: dict[int, list[state.Action]] = defaultdict(list)
    by_number = {fact.number: fact for fact in facts}
    for each in facts:
        chain = list(_chain(each, by_number))
        for key in set().union(*(chained.recommendations for chained in chain)):
            by_recommendation[key] += chain
        for key in set().union(*(chained.measures for chained in chain)):
            by_measure[key] += chain
    rules = rules_by_regime()
    spans: dict[int, list[state.Span]] = {}
    dues: dict[int, list[tuple]] = {}
    for row in rows:
        own = _unique(by_recommendation[row.pk])
        around = _unique(
            [*own, *(fact for measure in serving[row.pk] for fact in by_measure[measure])]
        )
        spans[row.pk] = state.spans(own, recommendation=row.pk, deciding_body=row.deciding_body_id)
        now = state.fold(
            around,
            as_of=today,
            recommendation=row.pk,
            deciding_body=row.deciding_body_id,
            serving=serving[row.pk],
        )
        owed = duties_of_recommendation(
            row, own, rules.get(row.cycle.assembly.regime_id, []), today
        )
        decision_due = None
        if now.response and now.response.value in UNDECIDED:
            decision_due = now.response.decision_due
        dues[row.pk] = _dues_of_recommendation(
            row, own, rules.get(row.cycle.assembly.regime_id, []), spans[row.pk]
        )
        Recommendation.objects.filter(pk=row.pk).update(
            response=now.response_code,
            response_first=now.response and now.response.first,
            response_last=now.response and now.response.since,
            implementation=now.implementation.value if now.implementation else "",
            implementation_first=now.implementation and now.implementation.begun_first,
            implementation_last=now.implementation and now.implementation.begun,
            opinion=now.opinion_code,
            opinion_object=now.opinion.opinion_object if now.opinion else "",
            opinion_on=now.opinion and now.opinion.since,
            next_due=duties.next_due(owed, decision_due),
            last_action_on=now.last_action,
        )
    _write_spans("recommendation", keys, spans, numbers)
    _write_due_spans("recommendation", keys, dues)


def _in_force(spans: list[state.Span], axis: str, day: datetime.date) -> state.Span | None:
    for span in spans:
        if span.axis == axis and span.start <= day and (span.end is None or span.end > day):
            return span
    return None


def _dues_of_recommendation(row, own, rules, spans: list[state.Span]) -> list[tuple]:
    decisions = {fact.number: fact.decision_due for fact in own}
    owing = [rule for rule in rules if rule.subject == Subject.RECOMMENDATION]

    def due_on(day: datetime.date) -> datetime.date | None:
        answer = _in_force(spans, Axis.RESPONSE, day)
        decision = (
            decisions[answer.set_by] if answer is not None and answer.value in UNDECIDED else None
        )
        found = duties_of_recommendation(row, own, owing, day) if owing else []
        return duties.next_due(found, decision)

    days = {fact.last for fact in own}
    if row.handed_over_on:
        days.add(row.handed_over_on)
    return due_spans(days, due_on)


def _dues_of_measure(row, own, rules, spans: list[state.Span]) -> list[tuple]:
    owing = [rule for rule in rules if rule.subject == Subject.MEASURE]

    def due_on(day: datetime.date) -> datetime.date | None:
        done = _in_force(spans, Axis.IMPLEMENTATION, day)
        deadline = _in_force(spans, Axis.DEADLINE, day)
        is_open = done is None or done.value not in CLOSED_IMPLEMENTATIONS
        announced = None
        if is_open and deadline is not None and deadline.value:
            announced = datetime.date.fromisoformat(deadline.value)
        found = duties_of_measure(row, own, owing, day) if owing else []
        return duties.next_due(found, announced)

    return due_spans({row.announced_on, *(fact.last for fact in own)}, due_on)


def _project_measures(keys: list[int], today: datetime.date) -> None:
    rows = list(
        Measure.objects.filter(pk__in=keys).select_related("cycle__assembly").order_by("pk")
    )
    actions = actions_on(measures=keys)
    numbers = {action.number: action.pk for action in actions}
    by_key = {action.number: action for action in actions}
    facts = read(actions)
    by_number = {fact.number: fact for fact in facts}
    by_measure: dict[int, list[state.Action]] = defaultdict(list)
    for each in facts:
        chain = list(_chain(each, by_number))
        for key in set().union(*(chained.measures for chained in chain)):
            by_measure[key] += chain
    rules = rules_by_regime()
    spans: dict[int, list[state.Span]] = {}
    dues: dict[int, list[tuple]] = {}
    for row in rows:
        own = _unique(by_measure[row.pk])
        spans[row.pk] = state.spans(own, measure=row.pk)
        now = state.fold(own, as_of=today, measure=row.pk)
        owing = rules.get(row.cycle.assembly.regime_id, [])
        owed = duties_of_measure(row, own, owing, today)
        dues[row.pk] = _dues_of_measure(row, own, owing, spans[row.pk])
        closed = now.implementation and now.implementation.value in CLOSED_IMPLEMENTATIONS
        deadline = now.deadline.date if now.deadline else None
        Measure.objects.filter(pk=row.pk).update(
            implementation=now.implementation.value if now.implementation else "",
            implementation_on=now.implementation and now.implementation.begun,
            lead=now.lead and now.lead.key,
            deadline=deadline,
            deadline_words=by_key[now.deadline.set_by].deadline_words if now.deadline else "",
            next_due=duties.next_due(owed, None if closed else deadline),
            last_action_on=now.last_action,
        )
    _write_spans("measure", keys, spans, numbers)
    _write_due_spans("measure", keys, dues)


def _chain(fact: state.Action, by_number: dict[int, state.Action]) -> Iterator[state.Action]:
    """A fact and, for a correction, all that it replaces.

    It may change what any of them aimed at, and it acts in the role of what it replaces: so a
    subject that one of the chain aims at needs all of it.
    """
    while fact is not None:
        yield fact
        fact = by_number.get(fact.corrects) if fact.corrects is not None else None


def _unique(facts: Iterable[state.Action]) -> list[state.Action]:
    return list({fact.number: fact for fact in facts}.values())
