"""Duties in neutral words: what was expected by when, and what came of it."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from assemblies import dates
from assemblies.directory import Directory
from assemblies.duties import DUE, LATE, MET, Duty, Rule
from assemblies.enums import Kind
from assemblies.words import Choice, choose

#: Late ones first: silence is shown as plainly as success.
ORDER = ("late", "due", "met_late", "met")


def _sort(rule: Rule) -> str:
    """What sort of thing answers a duty, for the noun of its sentences."""
    kinds = rule.answered_by
    for sort, answering in {
        "response": {Kind.RESPONSE, Kind.VOTE},
        "lead": {Kind.LEAD},
        "meeting": {Kind.MEETING},
        "report": {Kind.REPORT},
    }.items():
        if kinds & answering:
            return sort
    return "step"


def _late(sort: str) -> str:
    return {
        "response": gettext("No response published; it was expected by %(day)s."),
        "lead": gettext("No lead body named; this was expected by %(day)s."),
        "meeting": gettext("No meeting published; it was expected by %(day)s."),
        "report": gettext("No report published; it was expected by %(day)s."),
        "step": gettext("No step published; one was expected by %(day)s."),
    }[sort]


def _met(sort: str) -> str:
    return {
        "response": gettext("Response published %(when)s; it was expected by %(day)s."),
        "lead": gettext("Lead body named %(when)s; this was expected by %(day)s."),
        "meeting": gettext("Meeting held %(when)s; it was expected by %(day)s."),
        "report": gettext("Report published %(when)s; it was expected by %(day)s."),
        "step": gettext("Step taken %(when)s; it was expected by %(day)s."),
    }[sort]


def _met_late(sort: str, days: int) -> str:
    if sort == "response":
        return ngettext(
            "Response published %(when)s, %(days)s day after the due date.",
            "Response published %(when)s, %(days)s days after the due date.",
            days,
        )
    if sort == "lead":
        return ngettext(
            "Lead body named %(when)s, %(days)s day after the due date.",
            "Lead body named %(when)s, %(days)s days after the due date.",
            days,
        )
    if sort == "meeting":
        return ngettext(
            "Meeting held %(when)s, %(days)s day after the due date.",
            "Meeting held %(when)s, %(days)s days after the due date.",
            days,
        )
    if sort == "report":
        return ngettext(
            "Report published %(when)s, %(days)s day after the due date.",
            "Report published %(when)s, %(days)s days after the due date.",
            days,
        )
    return ngettext(
        "Step taken %(when)s, %(days)s day after the due date.",
        "Step taken %(when)s, %(days)s days after the due date.",
        days,
    )


def sentence(duty: Duty, first: datetime.date | None = None) -> str:
    """What became of a duty. ``first``: from which day on the action that met it happened."""
    sort = _sort(duty.rule)
    day = dates.day(duty.due)
    if duty.status == DUE:
        return pgettext("duty", "Due date: %(day)s.") % {"day": day}
    if duty.status == LATE or duty.on is None:
        return _late(sort) % {"day": day}
    when = dates.on(first or duty.on, duty.on)
    if duty.status == MET:
        return _met(sort) % {"when": when, "day": day}
    return _met_late(sort, duty.days) % {"when": when, "days": duty.days}


def name(lists: Directory, duty: Duty) -> Choice:
    """What is owed, in the regime's words; which one of several, or of which year."""
    label = choose(lists.rule_labels[duty.rule.key])
    if duty.rule.every:
        text = f"{label.text}, {duty.due.year}"
    elif duty.rule.count > 1:
        text = gettext("%(duty)s (%(number)s of %(count)s)") % {
            "duty": label.text,
            "number": duty.n,
            "count": duty.rule.count,
        }
    else:
        return label
    return Choice(text, label.language, missing=label.missing)


def announced(
    due: datetime.date, as_of: datetime.date, said: Any = None, *, decision: bool = False
) -> dict[str, Any]:
    """A day that the authority itself announced, for a decision or for a measure, still open."""
    day = dates.day(due)
    late = due < as_of
    if decision:
        label = gettext("Decision announced")
        passed = gettext("No decision published; it was announced for %(day)s.")
    else:
        label = gettext("Date announced")
        passed = gettext("The date announced, %(day)s, has passed; no delivery is published.")
    return {
        "status": LATE if late else DUE,
        "name": said or label,
        "sentence": passed % {"day": day}
        if late
        else pgettext("duty", "Due date: %(day)s.") % {"day": day},
        "due": due,
        "reasons": [],
    }


def rows(
    lists: Directory,
    found: Iterable[Duty],
    rows_by_number: Callable[[int], Any],
    *,
    example: bool = False,
    url: str = "",
    of: str = "",
) -> list[dict[str, Any]]:
    """Duties as ``components/duty.html`` shows them.

    ``rows_by_number``: the published action of a number, or None. ``of``: what it is owed for, told
    before its name ("Measure 3.4.1"), with its ``url``.
    """
    shown = []
    for duty in found:
        label = name(lists, duty)
        if of:
            label = Choice(
                gettext("%(subject)s: %(duty)s") % {"subject": of, "duty": label.text},
                label.language,
                missing=label.missing,
            )
        answer = rows_by_number(duty.by) if duty.by is not None else None
        explaining = [rows_by_number(number) for number in duty.explained_by]
        shown.append(
            {
                "status": duty.status,
                "name": label,
                "url": url,
                "sentence": sentence(duty, answer and answer.happened_first),
                "reasons": [
                    each.reason_text if choose(each.reason_text) else each.title
                    for each in explaining
                    if each is not None
                ],
                "example": example,
                "due": duty.due,
            }
        )
    return shown


def in_order(duties: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(duties, key=lambda duty: (ORDER.index(duty["status"]), duty["due"]))


def lateness(lists: Directory, duty: Duty) -> str:
    """What an action that met a duty late says of it, beside its own words."""
    label = name(lists, duty)
    return ngettext(
        "%(duty)s: expected by %(due)s, published %(days)s day after that date.",
        "%(duty)s: expected by %(due)s, published %(days)s days after that date.",
        duty.days,
    ) % {"duty": label.text, "due": dates.day(duty.due), "days": duty.days}
