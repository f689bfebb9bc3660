"""The state of a recommendation or of a measure: a pure function of published follow-up actions.

Nothing here reads a database or imports Django: facts go in, the state on a date comes out. What
is stored for speed (state spans) is written from :func:`spans`; a property test holds it equal to
:func:`fold` over random histories, so the two are written apart on purpose.

The rules (from the domain model, "State is computed"):

* Only what was published counts: the caller passes nothing else.
* The value of an axis on a day is set by the last action on it that had happened by then. An action
  counts from its ``last`` day; on the same day the order is that of publication, the ``number``.
* Values are set on explicit targets only. An action on a cycle or on a group sets no state.
* A correction removes the action it names on every day, and acts from its own day, in the role of
  what it replaces. A corrected correction is removed too, and what it had corrected does not come
  back. A correction that says so, or that sets nothing where a value was set, only withdraws.
* The response belongs to the deciding body; answers of other bodies are kept beside it.

**What to pass.** ``actions`` may be more than the subject's own, and must hold, besides the actions
that target the subject, those linked to them by corrections in either direction: a correction may
drop a target, and its role is that of what it replaces.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from assemblies.facts import (
    AWAITING,
    AXES,
    DEADLINE,
    HANDOVER,
    IMPLEMENTATION,
    LEAD,
    OPINION,
    RESPONSE,
    Action,
    Role,
    acting_kinds,
    check_subject,
    decides,
    effective,
    known_actions,
    order,
    roles,
    targets,
)

__all__ = [
    "AXES",
    "Action",
    "Measures",
    "Role",
    "Span",
    "State",
    "Value",
    "acting_kinds",
    "decides",
    "effective",
    "fold",
    "roles",
    "spans",
]

NOT_STARTED = "not_started"
NOT_EXAMINED = "not_examined"
DONE = frozenset({"delivered", "continuous"})
OPINION_KIND = "opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What stands on one axis on a date, and who said so when."""

    #: A code; for a lead the body's key, for a deadline the ISO date or "" (words only), as text.
    value: str
    #: The action that set it happened between these days; it stands from ``since``.
    first: datetime.date
    since: datetime.date
    #: Number of the action that set it.
    set_by: int
    body: int | None
    #: The action with which this same value began, unbroken by another value on any day since.
    begun_first: datetime.date
    begun: datetime.date
    stage: str = ""
    opinion_object: str = ""
    decision_due: datetime.date | None = None

    @property
    def key(self) -> int:
        """The body, of a lead."""
        return int(self.value)

    @property
    def date(self) -> datetime.date | None:
        """The day, of a deadline; None where it was announced in words only."""
        return datetime.date.fromisoformat(self.value) if self.value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a recommendation or a measure on a date. None: nothing was said."""

    response: Value | None = None
    #: Last response of each body that does not decide, by body.
    other_responses: Mapping[int, Value] = field(default_factory=dict)
    implementation: Value | None = None
    opinion: Value | None = None
    #: Steps after the opinion that it has not seen; other opinions and handovers are not counted.
    unseen: int = 0
    lead: Value | None = None
    deadline: Value | None = None
    #: Every date announced, in order; the last one stands.
    deadlines: tuple[Value, ...] = ()
    #: Last day of the last step; a correction that only withdraws is none.
    last_action: datetime.date | None = None
    #: Number of each action on the subject that was replaced → number of its correction.
    corrected: Mapping[int, int] = field(default_factory=dict)

    @property
    def response_code(self) -> str:
        return self.response.value if self.response else AWAITING

    @property
    def implementation_code(self) -> str:
        return self.implementation.value if self.implementation else NOT_STARTED

    @property
    def opinion_code(self) -> str:
        return self.opinion.value if self.opinion else NOT_EXAMINED

    @property
    def first_deadline(self) -> Value | None:
        """The date announced first, which stays readable however often it was put off."""
        return self.deadlines[0] if self.deadlines else None

    @property
    def postponed(self) -> bool:
        """Whether another date stands than the first one announced.

        Two dates in words alone are taken for different ones: their words are not known here.
        """
        first, last = self.first_deadline, self.deadline
        if first is None or last is None or first.set_by == last.set_by:
            return False
        return first.value != last.value or not last.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How many measures a recommendation (or a cycle) has, by implementation code."""

    total: int
    by_value: Mapping[str, int]

    @classmethod
    def of(cls, codes: Iterable[str | None]) -> Self:
        """Count one code a measure; None or "" is a measure of which nothing was said yet."""
        by_value: dict[str, int] = defaultdict(int)
        for code in codes:
            by_value[code or NOT_STARTED] += 1
        return cls(total=sum(by_value.values()), by_value=dict(by_value))

    def count(self, *codes: str) -> int:
        return sum(self.by_value.get(code, 0) for code in codes)

    @property
    def done(self) -> int:
        """Delivered, or delivered for good and going on: the 2 of "2 of 5"."""
        return self.count(*DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One value of one axis over the half-open days [``start``, ``end``); ``end`` None: still.

    One span an action that sets something, also where it repeats the value before it. Responses are
    the deciding body's only.
    """

    axis: str
    value: str
    start: datetime.date
    end: datetime.date | None
    set_by: int
    body: int | None


def value_after(actions: list[Action], axis: str) -> Value | None:
    """The value of an axis after these actions, which all set it, in the order of the history."""
    if not actions:
        return None
    setter = begun = actions[-1]
    for each in reversed(list({action.last: action for action in actions}.values())):
        if each.states(axis) != setter.states(axis):
            break
        begun = each
    return Value(
        value=setter.states(axis) or "",
        first=setter.first,
        since=setter.last,
        set_by=setter.number,
        body=setter.body,
        begun_first=begun.first,
        begun=begun.last,
        stage=setter.stage,
        opinion_object=setter.opinion_object,
        decision_due=setter.decision_due,
    )


def fold(
    actions: Iterable[Action],
    *,
    as_of: datetime.date,
    known_on: datetime.date | None = None,
    recommendation: int | None = None,
    measure: int | None = None,
    deciding_body: int | None = None,
    serving: Collection[int] = (),
) -> State:
    """The state of one recommendation or one measure on the evening of ``as_of``.

    ``known_on``: as it could be read here on that day; None: with all that is known. ``serving``:
    the measures that serve a recommendation. Steps on them are steps on the recommendation
    (``last_action``, ``unseen``) and set none of its values. A measure has no response of its own.
    """
    check_subject(recommendation, measure)
    known = known_actions(actions, known_on)
    counts_as = roles(known)
    replaced_by = {each.corrects: each.number for each in known if each.corrects is not None}
    happened = [action for action in effective(known) if action.last <= as_of]
    own = [action for action in happened if targets(action, recommendation, measure)]

    setting = {axis: [action for action in own if action.states(axis) is not None] for axis in AXES}
    responses: list[Action] = []
    others: dict[int, list[Action]] = defaultdict(list)
    if recommendation is not None:
        for action in setting[RESPONSE]:
            if decides(action, counts_as[action.number].kind, deciding_body) or action.body is None:
                responses.append(action)
            else:
                others[action.body].append(action)

    served_by = frozenset(serving)
    steps = [
        action
        for action in happened
        if targets(action, recommendation, measure) or action.measures & served_by
    ]
    opinion = value_after(setting[OPINION], OPINION)
    unseen = 0
    if opinion is not None:
        unseen = sum(
            order(step) > (opinion.since, opinion.set_by)
            and counts_as[step.number].kind not in {OPINION_KIND, HANDOVER}
            for step in steps
        )
    return State(
        response=value_after(responses, RESPONSE),
        other_responses={
            body: value
            for body, said in others.items()
            if (value := value_after(said, RESPONSE)) is not None
        },
        implementation=value_after(setting[IMPLEMENTATION], IMPLEMENTATION),
        opinion=opinion,
        unseen=unseen,
        lead=value_after(setting[LEAD], LEAD),
        deadline=value_after(setting[DEADLINE], DEADLINE),
        deadlines=tuple(
            value
            for upto in range(1, len(setting[DEADLINE]) + 1)
            if (value := value_after(setting[DEADLINE][:upto], DEADLINE)) is not None
        ),
        last_action=max(
            (step.last for step in steps if not counts_as[step.number].withdraws), default=None
        ),
        corrected={
            action.number: replaced_by[action.number]
            for action in known
            if action.number in replaced_by and targets(action, recommendation, measure)
        },
    )


def spans(
    actions: Iterable[Action],
    *,
    recommendation: int | None = None,
    measure: int | None = None,
    deciding_body: int | None = None,
) -> list[Span]:
    """Every value that the subject has had on each axis, day by day, with all that is known.

    Sorted by axis (in the order of ``AXES``) and start; on one axis they follow each other without
    gap or overlap. A value replaced on the day it was set never stood, and has no span. The spans
    that hold on a day are those with ``start <= day`` and (``end`` None or ``end > day``).
    """
    check_subject(recommendation, measure)
    facts = {action.number: action for action in actions}
    kinds = acting_kinds(facts.values())
    gone = {action.corrects for action in facts.values() if action.corrects in facts}

    # (axis, day, number) → what is set then; sorting these keys is the whole order of the history.
    points: dict[tuple[int, datetime.date, int], tuple[str, int | None]] = {}
    for number, action in facts.items():
        hit = (
            measure in action.measures
            if recommendation is None
            else recommendation in action.recommendations
        )
        if number in gone or action.withdraws or not hit:
            continue
        said: list[tuple[str, str]] = []
        if action.axis == RESPONSE:
            if recommendation is not None and decides(action, kinds[number], deciding_body):
                said.append((RESPONSE, action.value))
        elif action.axis in {IMPLEMENTATION, OPINION}:
            said.append((action.axis, action.value))
        said = [pair for pair in said if pair[1]]
        if action.lead is not None:
            said.append((LEAD, f"{action.lead}"))
        if action.deadline is not None or action.deadline_words:
            said.append((DEADLINE, str(action.deadline or "")))
        for axis, value in said:
            points[AXES.index(axis), action.last, number] = (value, action.body)

    found: list[Span] = []
    end: datetime.date | None = None
    later: tuple[int, datetime.date] | None = None
    for axis_index, day, number in sorted(points, reverse=True):
        if later != (axis_index, day):
            end = later[1] if later and later[0] == axis_index else None
            value, body = points[axis_index, day, number]
            found.append(
                Span(
                    axis=AXES[axis_index], value=value, start=day, end=end, set_by=number, body=body
                )
            )
        later = (axis_index, day)
    return found[::-1]
