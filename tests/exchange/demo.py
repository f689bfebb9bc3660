"""The demo as data, and its states by the pure core: no database, no clock of the machine."""

import datetime
from functools import cache
from pathlib import Path

from assemblies import duties, enums, state
from assemblies.facts import Action
from exchange import reader, tables

DEMO = Path(__file__).resolve().parents[2] / "demo"
LANGUAGES = ("fr", "nl")
TODAY = datetime.date(2026, 11, 12)


@cache
def package() -> reader.Package:
    found = reader.read(DEMO, LANGUAGES)
    assert [str(problem) for problem in found.problems] == []
    return found


def invented(name: str) -> list[reader.Row]:
    """The rows of a table but for those of the convention, of which no follow-up was entered."""
    return [row for row in package()[name] if not row.key.startswith("ccc-")]


@cache
def keys() -> dict[tuple[str, str], int]:
    found = {}
    for name in tables.NAMES:
        for row in package()[name]:
            found[name, row.key] = len(found) + 1
    return found


def key(name: str, of: str | None) -> int | None:
    return None if of is None else keys()[name, of]


@cache
def actions() -> tuple[Action, ...]:
    """All actions as the fold sees them: those of the table, the votes, the leads announced."""
    found = []
    by_action: dict[str, list[reader.Row]] = {}
    for row in package()["targets"]:
        by_action.setdefault(row["action"], []).append(row)
    for row in package()["actions"]:
        aimed = by_action.get(row.key, [])
        positive = row["axis"] == "response" and row["value"] in enums.POSITIVE_RESPONSES
        found.append(
            Action(
                number=keys()["actions", row.key],
                published=row["published_on"],
                first=row["happened_first"],
                last=row["happened_last"],
                kind=row["kind"],
                body=key("bodies", row["body"]),
                recommendations=frozenset(
                    keys()["recommendations", t["recommendation"]]
                    for t in aimed
                    if t["recommendation"]
                ),
                measures=frozenset(keys()["measures", t["measure"]] for t in aimed if t["measure"]),
                cycle=key("cycles", row["cycle"]),
                group=key("groups", row["group"]),
                axis=row["axis"] or "",
                value=row["value"] or "",
                stage=row["stage"] or "",
                opinion_object=row["opinion_object"] or "",
                decision_due=row["decision_due"],
                lead=key("bodies", row["concerned_body"])
                if positive or row["kind"] == "lead"
                else None,
                deadline=row["new_deadline"],
                deadline_words=bool(row["deadline_words"]),
                answers=key("duty_rules", row["answers"]),
                corrects=key("actions", row["corrects"])
                or key("acts", row["corrects_act"])
                or key("measures", row["corrects_measure"]),
            )
        )
    found += [
        Action(
            number=keys()["acts", row.key],
            published=row["published_on"],
            first=row["session_first"],
            last=row["session_last"],
            kind="vote",
            body=key("bodies", row["council"]),
            recommendations=frozenset(
                keys()["recommendations", each] for each in row["recommendations"]
            ),
            axis="response",
            value=str(enums.RESPONSE_OF_RESULT[row["result"]]),
        )
        for row in package()["acts"]
    ]
    # What a measure says of its own lead and deadline becomes an action when it is published.
    found += [
        Action(
            number=keys()["measures", row.key],
            published=row["published_on"],
            first=row["announced_on"],
            last=row["announced_on"],
            kind="lead",
            body=key("bodies", row["announced_by"]),
            measures=frozenset({keys()["measures", row.key]}),
            lead=key("bodies", row["first_lead"]),
            deadline=row["first_deadline"],
            deadline_words=bool(row["first_deadline_words"]),
        )
        for row in package()["measures"]
        if row["first_lead"] or row["first_deadline"] or row["first_deadline_words"]
    ]
    return tuple(found)


def deciding_body(row: reader.Row) -> int | None:
    kind = package().rows["kinds"][row["kind"]]
    return key("bodies", row["deciding_body"] or kind["deciding_body"])


def state_of(name: str, of: str) -> state.State:
    row = package().rows[name][of]
    number = keys()[name, of]
    if name == "measures":
        return state.fold(actions(), as_of=TODAY, measure=number)
    return state.fold(
        actions(), as_of=TODAY, recommendation=number, deciding_body=deciding_body(row)
    )


@cache
def states() -> dict[tuple[str, str], state.State]:
    return {
        (name, row.key): state_of(name, row.key)
        for name in ("recommendations", "measures")
        for row in package()[name]
    }


@cache
def owed() -> tuple[tuple[str, str, str, bool], ...]:
    """(assembly, rule, status, whether owed for an example) of every duty on the demo's day."""
    found: list[tuple[str, str, str, bool]] = []
    for assembly in package()["assemblies"]:
        rules = [
            duties.Rule(
                key=keys()["duty_rules", row.key],
                code=row["code"],
                trigger=row["trigger"],
                subject=row["subject"],
                delay=row["delay"],
                unit=row["unit"],
                every=row["every"],
                count=row["count"],
                answered_by=frozenset(row["answered_by"]),
                stage=row["answered_by_stage"] or "",
                closed_by=frozenset(row["closed_by"]),
            )
            for row in package()["duty_rules"]
            if row["regime"] == assembly["regime"]
        ]
        cycles = [row for row in package()["cycles"] if row["assembly"] == assembly.key]
        for cycle in cycles:
            found += _owed(assembly, rules, "cycle", cycle, {"handover": cycle["handed_over_on"]})
            for row in package()["recommendations"]:
                if row["cycle"] == cycle.key:
                    votes = [
                        act["session_last"]
                        for act in package()["acts"]
                        if row.key in act["recommendations"]
                    ]
                    triggers = {
                        "handover": row["handed_over_on"] or cycle["handed_over_on"],
                        "adoption": votes[0] if votes else None,
                    }
                    found += _owed(assembly, rules, "recommendation", row, triggers)
            for row in package()["measures"]:
                if row["cycle"] == cycle.key:
                    found += _owed(
                        assembly, rules, "measure", row, {"publication": row["announced_on"]}
                    )
    return tuple(found)


def _owed(assembly, rules, noun, row, triggers) -> list[tuple[str, str, str, bool]]:
    decides = deciding_body(row) if noun == "recommendation" else None
    return [
        (assembly["code"], duty.rule.code, duty.status, bool(row["example"]))
        for duty in duties.duties(
            rules,
            triggers,
            actions(),
            as_of=TODAY,
            **{noun: keys()[row.table, row.key]},
            deciding_body=decides,
        )
    ]
