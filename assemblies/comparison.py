"""Two days compared: what happened between them, and what stands differently. Pure, no Django.

A :class:`Standing` is what holds of one recommendation, measure or cycle on the evening of a day;
:func:`compare` puts those of two days side by side. Frozen editions compare what they froze in the
same way, so nothing here asks where a standing comes from.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assemblies.duties import DUE, LATE, Duty
from assemblies.facts import (
    AWAITING,
    IMPLEMENTATION,
    OPINION,
    RESPONSE,
    Action,
    effective,
    roles,
)
from assemblies.state import NOT_EXAMINED, State

#: ``("recommendation", 12)``, ``("measure", 7)``, ``("cycle", 3)``.
Subject = tuple[str, int]
#: The axes that are compared, in the order of the story.
COMPARED = (RESPONSE, IMPLEMENTATION, OPINION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds of one subject on a day."""

    #: Axis → code; an axis on which nothing was ever said is not in it.
    values: Mapping[str, str] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    #: The day that the authority itself announced, for a decision or a measure, while it is open.
    announced: datetime.date | None = None

    @classmethod
    def of(
        cls,
        known: State,
        duties: Iterable[Duty] = (),
        announced: datetime.date | None = None,
    ) -> "Standing":
        """From a folded state. Waiting, and not being examined, are told as nothing said."""
        values = {
            axis: value.value
            for axis, value in (
                (RESPONSE, known.response),
                (IMPLEMENTATION, known.implementation),
                (OPINION, known.opinion),
            )
            if value is not None and value.value not in {AWAITING, NOT_EXAMINED}
        }
        return cls(values=values, duties=tuple(duties), announced=announced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One axis of one subject that stands differently; "" where nothing was said."""

    subject: Subject
    axis: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing owed by a subject. ``duty`` None: a day that the authority itself announced."""

    subject: Subject
    due: datetime.date
    duty: Duty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from the evening of ``since`` to the evening of ``until``."""

    since: datetime.date
    until: datetime.date
    #: The actions that happened after the one and by the other, in the order in which they act.
    steps: tuple[Action, ...] = ()
    #: Subjects that were not there before: measures announced, recommendations handed over.
    appeared: tuple[Subject, ...] = ()
    moved: tuple[Moved, ...] = ()
    #: Late on the second day, and not yet on the first; by due date.
    newly_late: tuple[Owed, ...] = ()
    #: Met between the two, in time or late; by due date.
    newly_met: tuple[Owed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps or self.appeared or self.moved or self.newly_late or self.newly_met)


def compare(
    before: Mapping[Subject, Standing],
    after: Mapping[Subject, Standing],
    actions: Iterable[Action] = (),
    *,
    since: datetime.date,
    until: datetime.date,
) -> Comparison:
    """What is different on ``until`` (``after``) from what stood on ``since`` (``before``).

    ``actions`` as for :func:`assemblies.state.fold`: all that are known, whenever they happened.
    A corrected action, and a correction that only withdraws, is no step of its own.
    """
    if until < since:
        raise ValueError("The second day lies before the first.")
    known = list(actions)
    counts_as = roles(known)
    late: list[Owed] = []
    met: list[Owed] = []
    moved: list[Moved] = []
    for subject, now in after.items():
        then = before.get(subject, Standing())
        moved += [
            Moved(
                subject=subject,
                axis=axis,
                before=then.values.get(axis, ""),
                after=now.values.get(axis, ""),
            )
            for axis in COMPARED
            if then.values.get(axis, "") != now.values.get(axis, "")
        ]
        stood = {(duty.rule.key, duty.n): duty.status for duty in then.duties}
        for duty in now.duties:
            status = stood.get((duty.rule.key, duty.n))
            owed = Owed(subject=subject, due=duty.due, duty=duty)
            if duty.status == LATE and status != LATE:
                late.append(owed)
            elif duty.on is not None and duty.on > since and status in {None, DUE, LATE}:
                met.append(owed)
        if now.announced is not None and now.announced < until:
            was_late = then.announced is not None and then.announced < since
            if not was_late:
                late.append(Owed(subject=subject, due=now.announced))
    return Comparison(
        since=since,
        until=until,
        steps=tuple(
            action
            for action in effective(known)
            if since < action.last <= until and not counts_as[action.number].withdraws
        ),
        appeared=tuple(subject for subject in after if subject not in before),
        moved=tuple(moved),
        newly_late=tuple(sorted(late, key=_by_day)),
        newly_met=tuple(sorted(met, key=_by_day)),
    )


def _by_day(owed: Owed) -> tuple[datetime.date, Subject]:
    return (owed.due, owed.subject)
