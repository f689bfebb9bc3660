"""Dates in words, in the active language: « 1er mars 2024 », “van 3 tot 5 maart 2024”.

A fact happened between a first and a last day and is shown as exactly as it is known: a day, a
month, a year, or the days, months or years between which it lies. The templates are messages, so
that another language can order and inflect as it must; the names of months are Django's own.
"""

import calendar
import datetime

from django.utils.dates import MONTHS
from django.utils.translation import pgettext


def day(date: datetime.date) -> str:
    """« 15 mai 2024 », « 1er mars 2024 », “15 mei 2024”."""
    return pgettext("date", "%(day)s %(month)s %(year)s") % {
        "day": _day_of_month(date),
        "month": _month_name(date),
        "year": date.year,
    }


def month(date: datetime.date) -> str:
    """The month in which a date lies: « mars 2024 », “maart 2024”."""
    return pgettext("date", "%(month)s %(year)s") % {
        "month": _month_name(date),
        "year": date.year,
    }


def span(first: datetime.date, last: datetime.date | None = None) -> str:
    """A date by itself, as exactly as it is known: « 15 mai 2024 », « mars 2024 », « 2024 ».

    Otherwise days (« du 3 au 5 mars 2024 »), whole months (« entre janvier et mars 2024 ») or whole
    years (« entre 2023 et 2024 »).
    """
    last = last or first
    match _shape(first, last):
        case "day":
            return day(first)
        case "month":
            return month(first)
        case "year":
            return str(first.year)
    return _between(first, last)


def on(first: datetime.date, last: datetime.date | None = None) -> str:
    """A date inside a sentence: « le 15 mai 2024 », « en mars 2024 », “in 2024”, …"""
    last = last or first
    match _shape(first, last):
        case "day":
            return pgettext("date", "on %(day)s") % {"day": day(first)}
        case "month":
            return pgettext("date", "in %(month)s") % {"month": month(first)}
        case "year":
            return pgettext("date", "in %(year)s") % {"year": first.year}
    return _between(first, last)


def since(first: datetime.date, last: datetime.date | None = None) -> str:
    """A beginning inside a sentence: « depuis le 15 mai 2024 », « depuis mars 2024 », …

    Of days, months or years between which it lies, the last day: by then it had begun.
    """
    last = last or first
    match _shape(first, last):
        case "month":
            return pgettext("date", "since %(month)s") % {"month": month(first)}
        case "year":
            return pgettext("date", "since %(year)s") % {"year": first.year}
    return pgettext("date", "since %(day)s") % {"day": day(last)}


def _day_of_month(date: datetime.date) -> str:
    if date.day == 1:
        # Translators: the first day of a month before its name; "1er" in French.
        return pgettext("first day of the month", "1")
    return str(date.day)


def _month_name(date: datetime.date) -> str:
    return str(MONTHS[date.month])


def _shape(first: datetime.date, last: datetime.date) -> str:
    """How exactly it is known: ``day``, ``month``, ``year``, or ``years``, ``months``, ``days``."""
    if first == last:
        return "day"
    last_of_month = calendar.monthrange(last.year, last.month)[1]
    if first.day != 1 or last.day != last_of_month:
        return "days"
    if (first.month, last.month) == (1, 12):
        return "year" if first.year == last.year else "years"
    return "month" if (first.year, first.month) == (last.year, last.month) else "months"


def _between(first: datetime.date, last: datetime.date) -> str:
    """Days, months or years from one to another; the same by itself and inside a sentence."""
    shape = _shape(first, last)
    if shape == "years":
        return pgettext("date", "between %(first)s and %(last)s") % {
            "first": first.year,
            "last": last.year,
        }
    if shape == "months":
        if first.year != last.year:
            return pgettext("date", "between %(first)s and %(last)s") % {
                "first": month(first),
                "last": month(last),
            }
        return pgettext("date", "between %(first)s and %(last)s %(year)s") % {
            "first": _month_name(first),
            "last": _month_name(last),
            "year": last.year,
        }
    if first.year != last.year:
        return pgettext("date", "from %(first)s to %(last)s") % {
            "first": day(first),
            "last": day(last),
        }
    if first.month != last.month:
        return pgettext(
            "date", "from %(first_day)s %(first_month)s to %(last_day)s %(last_month)s %(year)s"
        ) % {
            "first_day": _day_of_month(first),
            "first_month": _month_name(first),
            "last_day": _day_of_month(last),
            "last_month": _month_name(last),
            "year": last.year,
        }
    return pgettext("date", "from %(first)s to %(last)s %(month)s %(year)s") % {
        "first": _day_of_month(first),
        "last": _day_of_month(last),
        "month": _month_name(last),
        "year": last.year,
    }
