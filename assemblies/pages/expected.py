"""What is owed for many recommendations at once, in neutral words, from the register alone.

The register keeps of each recommendation and measure the next day on which something is expected;
what it is follows from the regime's rules. What a cycle owes as a whole is computed from its own
actions (``owed``).
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, ngettext

from assemblies import clock, dates, duties
from assemblies.directory import Directory
from assemblies.enums import Kind, Subject, Trigger, Unit
from assemblies.models import Cycle
from assemblies.pages.rows import Figures
from assemblies.words import Choice, choose

#: Due dates of one recurring rule that are looked at: more than anybody follows a cycle for.
OCCURRENCES = 60


def _days_of(rule: duties.Rule, handed_over: datetime.date | None) -> set[datetime.date]:
    """The days on which a rule that starts at the handover makes something due."""
    if rule.trigger != Trigger.HANDOVER or handed_over is None:
        return set()
    amounts = [
        rule.delay + occurrence * rule.every
        for occurrence in range(OCCURRENCES if rule.every else 1)
    ]
    if rule.unit == Unit.MONTHS:
        return {duties.add_months(handed_over, amount) for amount in amounts}
    return {handed_over + datetime.timedelta(days=amount) for amount in amounts}


def of_recommendations(
    lists: Directory,
    cycle: Cycle,
    counted: Figures,
    *,
    reasons: Iterable[Any] = (),
    past: datetime.date | None = None,
) -> list[dict[str, Any]]:
    """What is owed on each recommendation of a cycle, together: one line for each thing owed.

    ``reasons``: words of the published postponements and suspensions of the whole cycle, which
    stand beside what is late.
    """
    today = past or clock.today()
    regime = lists.regime_of(lists.assemblies[cycle.assembly_id])
    rules = [
        rule for rule in lists.rules.get(regime.pk, []) if rule.subject == Subject.RECOMMENDATION
    ]
    left = Counter(counted.due)
    found = []
    for rule in rules:
        label = choose(lists.rule_labels[rule.key])
        days = _days_of(rule, cycle.handed_over_on)
        here = Counter({day: left.pop(day) for day in days & set(left)})
        if here:
            found += _open(label, here, today)
        elif (line := _answered(rule, label, days, counted, left)) is not None:
            found.append(line)
    if left:
        labels = [
            choose(lists.rule_labels[rule.key])
            for rule in rules
            if rule.trigger != Trigger.HANDOVER
        ]
        said = labels[0] if len(labels) == 1 else _either(labels)
        found += _open(said, left, today)
    for line in found:
        line["example"] = counted.examples > 0
        line["reasons"] = list(reasons) if line["status"] == duties.LATE else []
    return found


def _either(labels: list[Choice]) -> Choice | str:
    """What is expected where several rules, or none, can have made it due."""
    if not labels or any(label.missing for label in labels):
        return gettext("Response, decision or report")
    return gettext(" or ").join(
        label.text if not place else label.text[:1].lower() + label.text[1:]
        for place, label in enumerate(labels)
    )


def _open(label: Any, days: Counter[datetime.date], today: datetime.date) -> list[dict[str, Any]]:
    """What is late, and what is due, of one thing owed."""
    late = {day: number for day, number in days.items() if day < today}
    due = {day: number for day, number in days.items() if day >= today}
    return [
        {
            "status": status,
            "name": label,
            "sentence": say(sum(part.values()), min(part), several=len(part) > 1),
            "due": min(part),
            "number": sum(part.values()),
        }
        for status, part, say in ((duties.LATE, late, _late), (duties.DUE, due, _due))
        if part
    ]


def _late(number: int, first: datetime.date, *, several: bool) -> str:
    named = {"number": number, "day": dates.day(first)}
    if several:
        return (
            gettext(
                "Nothing is published for %(number)s recommendations; the first date was %(day)s."
            )
            % named
        )
    return (
        ngettext(
            "Nothing is published for %(number)s recommendation; it was expected by %(day)s.",
            "Nothing is published for %(number)s recommendations; it was expected by %(day)s.",
            number,
        )
        % named
    )


def _due(number: int, first: datetime.date, *, several: bool) -> str:
    named = {"number": number, "day": dates.day(first)}
    if several:
        return (
            gettext("Expected for %(number)s recommendations, the first date being %(day)s.")
            % named
        )
    return (
        ngettext(
            "Expected for %(number)s recommendation by %(day)s.",
            "Expected for %(number)s recommendations by %(day)s.",
            number,
        )
        % named
    )


def _answered(
    rule: duties.Rule,
    label: Choice,
    days: set[datetime.date],
    counted: Figures,
    left: Counter[datetime.date],
) -> dict[str, Any] | None:
    """The line of a response that all have received; None where the register can't tell."""
    if (
        rule.every
        or not days
        or not rule.answered_by & {Kind.RESPONSE, Kind.VOTE}
        or not counted.recommendations
        or counted.answered < counted.recommendations
        or counted.last_response is None
        or any(day <= max(days) for day in left)
    ):
        return None
    named = {
        "number": counted.recommendations,
        "last": dates.day(counted.last_response),
        "day": dates.day(max(days)),
    }
    return {
        "status": duties.MET,
        "name": label,
        "sentence": ngettext(
            "%(number)s recommendation has received a response, on %(last)s; it was expected by "
            "%(day)s.",
            "%(number)s recommendations have received a response, the last one on %(last)s; it was "
            "expected by %(day)s.",
            counted.recommendations,
        )
        % named,
        "due": max(days),
        "number": counted.recommendations,
    }


def of_measures(counted: Figures, past: datetime.date | None = None) -> list[dict[str, Any]]:
    """Dates of measures: those that have passed without what was announced, and those to come."""
    today = past or clock.today()
    late = {day: number for day, number in counted.measures_due.items() if day < today}
    due = {day: number for day, number in counted.measures_due.items() if day >= today}
    found = []
    if late:
        number = sum(late.values())
        found.append(
            {
                "status": duties.LATE,
                "sentence": ngettext(
                    "For %(number)s measure, a date has passed: %(day)s.",
                    "For %(number)s measures, a date has passed; the first one was %(day)s.",
                    number,
                )
                % {"number": number, "day": dates.day(min(late))},
                "due": min(late),
            }
        )
    if due:
        number = sum(due.values())
        found.append(
            {
                "status": duties.DUE,
                "sentence": ngettext(
                    "For %(number)s measure, a date is announced: %(day)s.",
                    "For %(number)s measures, a date is announced; the first one is %(day)s.",
                    number,
                )
                % {"number": number, "day": dates.day(min(due))},
                "due": min(due),
            }
        )
    return [
        {
            "name": gettext("Dates of announced measures"),
            "example": counted.example_measures > 0,
            "reasons": [],
            **line,
        }
        for line in found
    ]
