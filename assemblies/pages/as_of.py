"""The day that a page is read on: ``?as_of=2024-06-01`` shows everything as it was that evening.

A page asks :func:`asked` for the day, reads its facts as of it, and hands :func:`dated` to its
template: the control with which readers choose a day, and in the past the bar that says so.
"""

import datetime
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assemblies import clock
from assemblies.enums import Kind
from assemblies.pages.day import PARAMETER
from assemblies.parameters import UnknownValue

#: Places in a list, which another day does not have.
PLACES = frozenset({"after", "before"})
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Days shorter ago than this are counted in days; months fewer than this, in months.
IN_DAYS, IN_MONTHS = 45, 24


class NotADay(UnknownValue):
    """What was given for a date is none, or is one that has not come: 400, with a sentence."""

    def __init__(self, parameter: str = PARAMETER, *, to_come: bool = False) -> None:
        super().__init__(parameter)
        message = (
            _("The date given for “%(parameter)s” has not come yet: nothing can be shown as of it.")
            if to_come
            else _("What is given for “%(parameter)s” is not a date. Write it as 2024-06-01.")
        )
        self.args = (message % {"parameter": parameter},)


def day_of(typed: str, parameter: str = PARAMETER) -> datetime.date:
    """The day that an address names, strictly as 2024-06-01; :class:`NotADay` for anything else."""
    if not DAY.fullmatch(typed):
        raise NotADay(parameter)
    try:
        day = datetime.date.fromisoformat(typed)
    except ValueError:
        raise NotADay(parameter) from None
    if day > clock.today():
        raise NotADay(parameter, to_come=True)
    return day


def asked(request: HttpRequest) -> datetime.date | None:
    """The past day that an address asks for; None for today, named or not."""
    typed = request.GET.get(PARAMETER, "")
    day = day_of(typed) if typed else None
    return None if day == clock.today() else day


def dated(
    request: HttpRequest,
    day: datetime.date | None,
    previous: Any = None,
    following: Any = None,
) -> dict[str, Any]:
    """What ``base.html`` shows of the day. ``day`` None: today.

    ``previous``, ``following``: the steps by which the page last changed before that day, and first
    changed after it, if any.
    """
    others = [
        (name, value)
        for name, values in request.GET.lists()
        if name != PARAMETER and name not in PLACES
        for value in values
    ]
    context: dict[str, Any] = {
        "as_of": day or clock.today(),
        "dating": {"today": clock.today(), "others": others},
        "past": None,
    }
    if day is None:
        return context
    rest = urlencode(others)
    path = request.path

    def change(step: Any) -> dict[str, Any] | None:
        if step is None:
            return None
        query = urlencode([*others, (PARAMETER, step.happened_last.isoformat())])
        return {"day": step.happened_last, "label": called(step), "url": f"{path}?{query}"}

    return context | {
        "past": {
            "day": day,
            "ago": ago(day, clock.today()),
            "query": f"?{urlencode({PARAMETER: day.isoformat()})}",
            "today_url": f"{path}?{rest}" if rest else path,
            "previous": change(previous),
            "next": change(following),
        },
        # The page of today is the one to find and to share.
        "noindex": True,
        "canonical_url": "",
    }


def neighbours(steps: Iterable[Any], day: datetime.date) -> tuple[Any, Any]:
    """The last of these steps before a day, and the first after it."""
    before = after = None
    for step in steps:
        place = (step.happened_last, step.number)
        if step.happened_last < day:
            if before is None or place > (before.happened_last, before.number):
                before = step
        elif step.happened_last > day and (
            after is None or place < (after.happened_last, after.number)
        ):
            after = step
    return before, after


def called(step: Any) -> str:
    """What a step is, inside a sentence: "final response"."""
    named = step.kind == Kind.RESPONSE and step.stage
    label = str(step.get_stage_display() if named else step.get_kind_display())
    return label[:1].lower() + label[1:]


def ago(day: datetime.date, today: datetime.date) -> str:
    """How long ago a day was, in round words: « il y a 3 mois », « il y a plus de 2 ans »."""
    days = (today - day).days
    if days < IN_DAYS:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months < IN_MONTHS:
        return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    if months % 12 == 0 and today.day == day.day:
        return gettext("%(count)s years ago") % {"count": months // 12}
    return gettext("more than %(count)s years ago") % {"count": months // 12}
