"""Histories of one small assembly: a short way to write them by hand, and random ones.

Three recommendations and two measures of one cycle, five bodies, some eleven weeks around 29
February. Random histories are what the domain lets happen: numbers in the order of publication,
nothing published before it happened, a correction by the body that it corrects, one correction an
action, responses and opinions on recommendations only.
"""

import calendar
import datetime
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from assemblies.facts import Action
from assemblies.state import State, Value

GOVERNMENT, COUNCIL, COMMITTEE, AGENCY, ASSEMBLY = 1, 2, 3, 4, 5
BODIES = (GOVERNMENT, COUNCIL, COMMITTEE, AGENCY, ASSEMBLY)
RECOMMENDATIONS = (1, 2, 3)
MEASURES = (1, 2)
CYCLE = 1
GROUP = 1
FIRST_DAY = datetime.date(2024, 1, 20)
LAST_DAY = datetime.date(2024, 4, 5)
SUBJECTS: tuple[dict[str, int], ...] = (
    *({"recommendation": key} for key in RECOMMENDATIONS),
    *({"measure": key} for key in MEASURES),
)

RESPONSES = (
    "awaiting",
    "accepted",
    "accepted_modified",
    "partial",
    "under_study",
    "referred",
    "rejected",
)
IMPLEMENTATIONS = (
    "not_started",
    "preparation",
    "under_way",
    "partly",
    "delivered",
    "continuous",
    "stopped",
    "void",
)
OPINIONS = ("satisfactory", "to_clarify", "insufficient")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def act(number: int, happened: str, **fields: Any) -> Action:
    """An action by hand: ``act(3, "2024-03-01", response="accepted")``.

    ``happened`` is a day or "first/last". A keyword that names an axis gives axis and value. Unless
    said otherwise it is the government's, on recommendation 1, and published on its last day.
    """
    first, _, last = happened.partition("/")
    for axis in ("response", "implementation", "opinion"):
        if axis in fields:
            fields |= {"axis": axis, "value": fields.pop(axis)}
            kinds = {"response": "response", "implementation": "progress", "opinion": "opinion"}
            fields.setdefault("kind", kinds[axis])
    for name in ("published", "decision_due", "deadline"):
        if isinstance(fields.get(name), str):
            fields[name] = day(fields[name])
    for name in ("recommendations", "measures"):
        if name in fields:
            fields[name] = frozenset(fields[name])
    if not {"recommendations", "measures", "cycle", "group"} & set(fields):
        fields["recommendations"] = frozenset({1})
    if "corrects" in fields:
        fields["kind"] = "correction"
    defaults: dict[str, Any] = {
        "kind": "progress",
        "body": GOVERNMENT,
        "published": day(last or first),
    }
    return Action(number=number, first=day(first), last=day(last or first), **(defaults | fields))


def value_on(state: State, axis: str) -> Value | None:
    """What stands on one axis of a state, by the name of the axis."""
    found: Value | None = getattr(state, axis)
    return found


@st.composite
def _contents(draw: st.DrawFn, *, body: int | None = None) -> dict[str, Any]:
    """What an action says: kind, body, targets and what it sets; as if ``body`` had said it."""
    some_recommendations = st.frozensets(st.sampled_from(RECOMMENDATIONS), min_size=1)
    some_measures = st.frozensets(st.sampled_from(MEASURES), min_size=1)
    kind = draw(
        st.sampled_from(
            (
                *("response", "response", "vote", "handover", "progress", "progress", "outcome"),
                *("opinion", "opinion", "lead", "postponed", "suspension", "meeting", "report"),
            )
        )
    )
    said: dict[str, Any] = {"kind": kind, "body": draw(st.sampled_from((GOVERNMENT, AGENCY)))}
    match kind:
        case "response" | "vote" | "handover":
            said |= {"axis": "response", "value": "awaiting"}
            said["recommendations"] = draw(some_recommendations)
            if kind == "response":
                said["value"] = draw(st.sampled_from(RESPONSES))
                said["stage"] = draw(st.sampled_from(("initial", "interim", "final")))
            elif kind == "vote":
                said["value"] = draw(st.sampled_from(("accepted", "accepted_modified", "rejected")))
                said["body"] = COUNCIL
            else:
                said["body"] = ASSEMBLY
            if said["value"] in {"awaiting", "under_study"}:
                said["decision_due"] = draw(st.dates(FIRST_DAY, LAST_DAY))
            if said["value"] == "accepted":
                said["lead"] = draw(st.sampled_from(BODIES))
        case "progress" | "outcome":
            said |= {"axis": "implementation", "value": draw(st.sampled_from(IMPLEMENTATIONS))}
            said["measures"] = draw(some_measures)
            said["recommendations"] = draw(st.just(frozenset()) | some_recommendations)
        case "opinion":
            said |= {"axis": "opinion", "value": draw(st.sampled_from(OPINIONS))}
            said["body"] = COMMITTEE
            said["opinion_object"] = draw(st.sampled_from(("answer", "delivery", "whole")))
            said["recommendations"] = draw(some_recommendations)
        case "lead":
            said["lead"] = draw(st.sampled_from(BODIES))
            said["measures"] = draw(some_measures)
        case "postponed":
            said["measures"] = draw(some_measures)
            if draw(st.booleans()):
                said["deadline"] = draw(st.dates(FIRST_DAY, LAST_DAY))
            else:
                said["deadline_words"] = True
        case _:
            where = draw(st.sampled_from(("cycle", "group", "recommendations")))
            said[where] = {"cycle": CYCLE, "group": GROUP}.get(where) or draw(some_recommendations)
    if body is not None:
        said["body"] = body
    return said


@st.composite
def _days(draw: st.DrawFn, published: datetime.date) -> tuple[datetime.date, datetime.date]:
    """When it happened: by the day it was published, often long before, at times imprecisely."""
    last = published - datetime.timedelta(days=draw(st.sampled_from((0, 0, 0, 1, 2, 9, 40))))
    shape = draw(st.sampled_from(("day", "day", "day", "days", "month")))
    if shape == "days":
        return last - datetime.timedelta(days=draw(st.integers(1, 9))), last
    if shape == "month":
        first = last.replace(day=1)
        end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
        if end <= published:
            return first, end
    return last, last


@st.composite
def histories(draw: st.DrawFn, *, max_size: int = 12) -> list[Action]:
    """The published actions of an assembly, by number: what a database of it could hold."""
    actions: list[Action] = []
    published = FIRST_DAY + datetime.timedelta(days=40)
    for number in range(1, draw(st.integers(0, max_size)) + 1):
        published += datetime.timedelta(days=draw(st.sampled_from((0, 0, 0, 1, 3, 7))))
        first, last = draw(_days(published))
        corrected = {action.corrects for action in actions}
        free = [action for action in actions if action.number not in corrected]
        said = draw(_contents())
        if free and draw(st.integers(0, 2)) == 0:
            victim = draw(st.sampled_from(free))
            said = draw(_corrections(victim))
            if draw(st.booleans()):
                first, last = victim.first, victim.last
        actions.append(Action(number=number, published=published, first=first, last=last, **said))
    return actions


@st.composite
def _corrections(draw: st.DrawFn, victim: Action) -> dict[str, Any]:
    """What a correction says: nothing, other targets, another value, or another fact."""
    way = draw(st.sampled_from(("withdraw", "empty", "targets", "value", "anything")))
    same: dict[str, Any] = {
        name: getattr(victim, name)
        for name in ("recommendations", "measures", "cycle", "group", "body")
    }
    if way == "withdraw":
        said = same | {"withdraws": True}
    elif way == "empty":
        said = same
    elif way == "anything" or not victim.axis:
        said = draw(_contents(body=victim.body))
    else:
        said = same | {
            name: getattr(victim, name)
            for name in ("axis", "value", "stage", "opinion_object", "decision_due", "lead")
        }
        if way == "value" and victim.axis == "implementation":
            said["value"] = draw(st.sampled_from(IMPLEMENTATIONS))
        elif way == "value" and victim.axis == "opinion":
            said["value"] = draw(st.sampled_from(OPINIONS))
        elif victim.recommendations:
            said["recommendations"] = draw(
                st.frozensets(st.sampled_from(RECOMMENDATIONS), min_size=1)
            )
    return said | {"kind": "correction", "corrects": victim.number}


@st.composite
def histories_with_drafts(
    draw: st.DrawFn, *, max_size: int = 12
) -> tuple[list[Action], list[Action]]:
    """(published, drafts). Nothing published corrects a draft; the published are numbered anew."""
    actions = draw(histories(max_size=max_size))
    drafts: set[int] = set()
    for action in actions:
        if action.corrects in drafts or draw(st.integers(0, 3)) == 0:
            drafts.add(action.number)
    published = [action for action in actions if action.number not in drafts]
    renumbered = {action.number: number for number, action in enumerate(published, start=1)}
    return (
        [
            replace(
                action,
                number=renumbered[action.number],
                corrects=None if action.corrects is None else renumbered[action.corrects],
            )
            for action in published
        ],
        [action for action in actions if action.number in drafts],
    )
