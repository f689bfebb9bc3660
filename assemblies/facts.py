"""A published follow-up action as states and duties see it, and what is common to both.

Pure: no Django import. Bodies, recommendations, measures, cycles, groups and duty rules are keys.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

# The axes, and the few codes that rules depend on: the same as in ``enums`` (held equal by a test).
RESPONSE = "response"
IMPLEMENTATION = "implementation"
OPINION = "opinion"
LEAD = "lead"
DEADLINE = "deadline"
AXES = (RESPONSE, IMPLEMENTATION, OPINION, LEAD, DEADLINE)

AWAITING = "awaiting"
HANDOVER = "handover"
CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A published follow-up action, as far as states and duties depend on it."""

    #: Order of publication, unique: the public "n° 411".
    number: int
    #: The day it became known here.
    published: datetime.date
    #: It happened between these days; equal when the day is known, else a whole month, a year, …
    first: datetime.date
    last: datetime.date
    #: Code of ``enums.Kind``.
    kind: str
    #: The body that acts or speaks.
    body: int | None
    recommendations: frozenset[int] = frozenset()
    measures: frozenset[int] = frozenset()
    cycle: int | None = None
    group: int | None = None
    #: The value it sets, if any, on one of the three axes.
    axis: str = ""
    value: str = ""
    #: Which of the successive responses it is (code of ``enums.Stage``).
    stage: str = ""
    #: What an opinion judges (code of ``enums.OpinionObject``).
    opinion_object: str = ""
    #: The day by which the authority says it will decide.
    decision_due: datetime.date | None = None
    #: The body it names as responsible for carrying out.
    lead: int | None = None
    #: The date it announces or postpones to; ``deadline_words`` alone: announced in words only.
    deadline: datetime.date | None = None
    deadline_words: bool = False
    #: Key of the duty rule that it says it answers.
    answers: int | None = None
    #: Number of the action that it replaces.
    corrects: int | None = None
    #: A correction that puts nothing in the place of what it replaces: it answers nothing either.
    withdraws: bool = False

    def states(self, axis: str) -> str | None:
        """What it sets on an axis: a code, a body's key, an ISO date ("" for a date in words)."""
        if self.withdraws:
            return None
        if axis == LEAD:
            return None if self.lead is None else str(self.lead)
        if axis == DEADLINE:
            if self.deadline is not None:
                return self.deadline.isoformat()
            return "" if self.deadline_words else None
        return self.value if self.axis == axis and self.value else None

    @property
    def sets_something(self) -> bool:
        return any(self.states(axis) is not None for axis in AXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What an action counts as: itself, or for a correction what it puts in another's place."""

    kind: str
    stage: str
    #: It removes an action and puts nothing in its place: it sets nothing and answers nothing.
    withdraws: bool


def order(action: Action) -> tuple[datetime.date, int]:
    """By when it happened, then by when it was published."""
    return (action.last, action.number)


def known_actions(actions: Iterable[Action], known_on: datetime.date | None) -> list[Action]:
    """Those published by that day; all, if none is given."""
    return [action for action in actions if known_on is None or action.published <= known_on]


def effective(actions: Iterable[Action], known_on: datetime.date | None = None) -> list[Action]:
    """The actions that count, in the order in which they act: (``last``, ``number``).

    Without those published after ``known_on`` (None: all are known) and without every action that a
    known one corrects. A correction that only withdraws is in the list; it sets nothing.
    """
    known = known_actions(actions, known_on)
    replaced = {action.corrects for action in known}
    return sorted((action for action in known if action.number not in replaced), key=order)


def roles(actions: Iterable[Action]) -> dict[int, Role]:
    """Number → role. A correction has the kind, and unless it names another the stage, of what it
    replaces; that must be among ``actions``.
    """
    found: dict[int, Role] = {}
    set_something: set[int] = set()
    for action in sorted(actions, key=lambda each: each.number):
        kind, stage, withdraws = action.kind, action.stage, action.withdraws
        if action.corrects is not None and action.corrects in found:
            replaced = found[action.corrects]
            kind = replaced.kind if kind == CORRECTION else kind
            stage = stage or replaced.stage
            withdraws = withdraws or (
                action.corrects in set_something and not action.sets_something
            )
        if action.sets_something or action.corrects in set_something:
            set_something.add(action.number)
        found[action.number] = Role(kind=kind, stage=stage, withdraws=withdraws)
    return found


def acting_kinds(actions: Iterable[Action]) -> dict[int, str]:
    """Number → the kind it counts as (:func:`roles`)."""
    return {number: role.kind for number, role in roles(actions).items()}


def decides(action: Action, kind: str, deciding_body: int | None) -> bool:
    """Whether a response counts as the deciding body's.

    With no deciding body named, everyone's does. The handover opens the wait for whoever decides,
    though the assembly makes it. ``kind`` is the kind the action counts as (:func:`roles`).
    """
    return (
        deciding_body is None
        or action.body is None
        or action.body == deciding_body
        or (kind == HANDOVER and action.value == AWAITING)
    )


def check_subject(recommendation: int | None, measure: int | None) -> None:
    """A state is that of one recommendation or of one measure."""
    if (recommendation is None) == (measure is None):
        raise ValueError("Name one subject: a recommendation or a measure.")


def targets(action: Action, recommendation: int | None, measure: int | None) -> bool:
    """Whether an action names the subject itself; a cycle or a group names none of its members."""
    if recommendation is not None:
        return recommendation in action.recommendations
    return measure in action.measures
