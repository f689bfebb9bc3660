"""Days as people and spreadsheets write them.

A day is year, month and day (2024-01-31), or day and month before the year, with slashes, dots or
hyphens. Where the day may as well be the month, the other days of the column decide, then those of
the file; where none does, the day is taken to come first, as all around us.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum

from django.utils.translation import gettext as _

#: A spreadsheet may add the hour at which a day begins.
MIDNIGHT = r"(?:[T ]0?0:00(?::00(?:\.0+)?)?Z?)?"
YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){MIDNIGHT}")
YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){MIDNIGHT}")
SHORT_YEAR = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{2})")


class First(Enum):
    """What comes first where the year comes last."""

    DAY = "day"
    MONTH = "month"


def shown(texts: Iterable[str]) -> tuple[bool, set[First]]:
    """Whether any day has its year last, and what those days show to come first."""
    found, any_last = set(), False
    for text in texts:
        if not (parts := YEAR_LAST.fullmatch(text)):
            continue
        any_last = True
        one, two = int(parts[1]), int(parts[3])
        if one > 12 >= two:
            found.add(First.DAY)
        elif two > 12 >= one:
            found.add(First.MONTH)
    return any_last, found


def orders(shows: Mapping[str, set[First]]) -> tuple[dict[str, First], list[str]]:
    """What comes first in the days of each column: what they show, or else those of the others.

    With it, a sentence about what was assumed.
    """
    votes = Counter(next(iter(first)) for first in shows.values() if len(first) == 1)
    usual = next(iter(votes)) if len(votes) == 1 else First.DAY
    found: dict[str, First] = {}
    alike: dict[tuple[First, bool], list[str]] = defaultdict(list)
    for column, first in shows.items():
        found[column] = next(iter(first)) if len(first) == 1 else usual
        alike[found[column], len(first) == 1 or len(votes) == 1].append(column)
    return found, [_said(*how, ", ".join(columns)) for how, columns in alike.items()]


def _said(first: First, shown: bool, columns: str) -> str:
    if first is First.MONTH:
        said = _("%(columns)s: days were read as month/day/year, as they show.")
    elif shown:
        said = _("%(columns)s: days were read as day/month/year, as they show.")
    else:
        said = _(
            "%(columns)s: days were read as day/month/year; "
            "nothing in them shows that the day comes first."
        )
    return said % {"columns": columns}


def parsed(text: str, first: First = First.DAY) -> date:
    """The day that a cell names; raises ``ValueError`` with the reason."""
    if parts := YEAR_FIRST.fullmatch(text):
        year, month, day = parts[1], parts[3], parts[4]
    elif parts := YEAR_LAST.fullmatch(text):
        day, month, year = parts[1], parts[3], parts[4]
        if first is First.MONTH:
            day, month = month, day
    elif SHORT_YEAR.fullmatch(text):
        raise ValueError(_("Write the year in full, as in 2024-01-31."))
    else:
        raise ValueError(_("Not a day: write it as in 2024-01-31."))
    return _exact(int(year), int(month), int(day))


def declared(text: str, form: str) -> date:
    """The day that a cell names in the form that the folder declares."""
    if form == "default":
        form = "%Y-%m-%d"
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 – a day has no time zone
    except ValueError:
        pass
    if YEAR_FIRST.fullmatch(text) or YEAR_LAST.fullmatch(text):
        if form == "%Y-%m-%d" and YEAR_FIRST.fullmatch(text) and "-" in text:
            raise ValueError(_("Not a day that exists."))
        example = datetime(2024, 1, 31).strftime(form)  # noqa: DTZ001 – as above
        raise ValueError(
            _("Not a day that exists, or not in the declared form: %(example)s.")
            % {"example": example}
        )
    raise ValueError(_("Not a day: write it as in 2024-01-31."))


def _exact(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_("Not a day that exists.")) from None
