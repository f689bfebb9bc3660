"""The timeline of one recommendation or measure: every step, and what it changed. Pure.

A companion of :mod:`assemblies.state`, by the same rules.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from assemblies.facts import (
    AXES,
    RESPONSE,
    Action,
    check_subject,
    decides,
    known_actions,
    order,
    roles,
    targets,
)
from assemblies.state import Value, value_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """What one action did to one axis."""

    axis: str
    before: Value | None
    after: Value
    #: False for the response of a body that does not decide (before and after are that body's).
    deciding: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of a subject's timeline: what it did, and whether it was put right later."""

    action: Action
    #: Its role: of a correction, the kind of what it replaces.
    kind: str
    #: Number of the correction that replaced it; it then sets nothing, on any day.
    corrected_by: int | None
    alterations: tuple[Alteration, ...]


def history(
    actions: Iterable[Action],
    *,
    known_on: datetime.date | None = None,
    recommendation: int | None = None,
    measure: int | None = None,
    deciding_body: int | None = None,
    until: datetime.date | None = None,
) -> list[Step]:
    """Every action on the subject, oldest first, with what it changed: the subject's timeline.

    Corrected ones are kept, say by which number, and change nothing. ``before`` and ``after`` are
    the values just before and after the action in the order of the history, also within one day.
    ``until``: the steps that had happened by that day, with all that is known of them.
    """
    check_subject(recommendation, measure)
    known = known_actions(actions, known_on)
    counts_as = roles(known)
    replaced_by = {each.corrects: each.number for each in known if each.corrects is not None}
    said: dict[tuple[str, int | None], list[Action]] = defaultdict(list)
    steps: list[Step] = []
    for action in sorted(known, key=order):
        if until is not None and action.last > until:
            break  # the rest, in this order, came later still
        if not targets(action, recommendation, measure):
            continue
        kind = counts_as[action.number].kind
        alterations: list[Alteration] = []
        for axis in AXES:
            if action.number in replaced_by or action.states(axis) is None:
                continue
            if axis == RESPONSE and recommendation is None:
                continue
            deciding = axis != RESPONSE or decides(action, kind, deciding_body)
            voice = said[axis, None if deciding else action.body]
            before = value_after(voice, axis)
            voice.append(action)
            if (after := value_after(voice, axis)) is not None:
                alterations.append(
                    Alteration(axis=axis, before=before, after=after, deciding=deciding)
                )
        steps.append(
            Step(
                action=action,
                kind=kind,
                corrected_by=replaced_by.get(action.number),
                alterations=tuple(alterations),
            )
        )
    return steps
