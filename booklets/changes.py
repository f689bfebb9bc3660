"""What changed from one edition to the next: two snapshots in, a list out. Pure.

Snapshots are compared as snapshots: what edition 1 said against what edition 2 says. A state that a
correction has put right since counts as changed, like any other.
"""

from collections.abc import Iterator
from typing import Any

RESPONSE, IMPLEMENTATION, OPINION = "response", "implementation", "opinion"
AXES = (RESPONSE, IMPLEMENTATION, OPINION)
AWAITING = "awaiting"
NOT_STARTED = "not_started"
DELIVERED = ("delivered", "continuous")


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """New responses, states before → after, what is newly late, what was delivered.

    Each entry names its ``noun`` (recommendation or measure) and its ``reference``.
    """
    old = {sheet["reference"]: sheet for sheet in before["recommendations"]}
    states = list(_states(before, after))
    return {
        "since": {
            "number": before["edition"].get("number"),
            "code": before["edition"].get("code"),
            "closing_on": before["edition"]["closing_on"],
        },
        "steps": len(set(after["actions"]) - set(before["actions"])),
        "new_sheets": [
            sheet["reference"]
            for sheet in after["recommendations"]
            if sheet["reference"] not in old
        ],
        "gone_sheets": sorted(
            set(old) - {sheet["reference"] for sheet in after["recommendations"]}
        ),
        "new_measures": sorted(set(after["measures"]) - set(before["measures"])),
        "new_responses": [
            each["reference"]
            for each in states
            if each["axis"] == RESPONSE and each["before"] == AWAITING and each["after"] != AWAITING
        ],
        "states": states,
        "newly_late": list(_newly_late(before, after)),
        "delivered": [
            {"noun": each["noun"], "reference": each["reference"], "action": each["action"]}
            for each in states
            if each["axis"] == IMPLEMENTATION
            and each["after"] in DELIVERED
            and each["before"] not in DELIVERED
        ],
    }


def _things(snapshot: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for sheet in snapshot["recommendations"]:
        yield "recommendation", sheet["reference"], sheet
    for reference, measure in snapshot["measures"].items():
        yield "measure", reference, measure


def _states(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every value of an axis that differs, of what stands in both; new things begin at silence."""
    old = {(noun, reference): thing for noun, reference, thing in _things(before)}
    for noun, reference, thing in _things(after):
        was = old.get((noun, reference), {})
        for axis in AXES:
            if axis not in thing:
                continue
            now = thing[axis]
            then = was.get(axis, {}).get("code", _silence(noun, axis))
            if now["code"] == then:
                continue
            yield {
                "noun": noun,
                "reference": reference,
                "axis": axis,
                "before": then,
                "after": now["code"],
                "on": now.get("begun"),
                "first": now.get("begun_first"),
                "action": now.get("action"),
            }


def _silence(noun: str, axis: str) -> str:
    """What stands on an axis of which nothing was said."""
    if axis == IMPLEMENTATION:
        return NOT_STARTED if noun == "measure" else ""
    return AWAITING if axis == RESPONSE else "not_examined"


def late(snapshot: dict[str, Any]) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """Everything that is late in a snapshot: (noun, reference, rule, due day) → the duty."""
    found = {}
    for cycle in snapshot["cycles"]:
        for duty in cycle["duties"]:
            if duty["status"] == "late":
                found["cycle", cycle["reference"], duty["rule"], duty["due"]] = duty
    for noun, reference, thing in _things(snapshot):
        for duty in thing["duties"]:
            if duty["status"] == "late":
                found[noun, reference, duty["rule"], duty["due"]] = duty
    return found


def _newly_late(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    was = late(before)
    for (noun, reference, rule, due), duty in late(after).items():
        if (noun, reference, rule, due) not in was:
            yield {
                "noun": noun,
                "reference": reference,
                "rule": rule,
                "due": due,
                "name": duty["name"],
                "sentence": duty["sentence"],
            }
