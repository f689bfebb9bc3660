"""When mails of each rhythm are due, and what a round is called. Pure: moments in, names out."""

import datetime

from subscriptions.enums import Frequency

#: At seven in the morning, in the site's time zone.
HOUR = datetime.time(7)
DAY = datetime.timedelta(days=1)


def current(frequency: str, now: datetime.datetime) -> str:
    """The round that has begun last: ``2026-11-12``, ``2026-W46``, ``2026-11``.

    ``now``: in the site's time zone. A round begins at seven: before seven on Monday the week
    before is still the last one.
    """
    day = now.date() if now.time() >= HOUR else now.date() - DAY
    if frequency == Frequency.DAILY:
        return day.isoformat()
    if frequency == Frequency.WEEKLY:
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02d}"
    if frequency == Frequency.MONTHLY:
        return f"{day:%Y-%m}"
    raise ValueError(f"{frequency} has no rounds")


def beginning(frequency: str, key: str) -> datetime.date | None:
    """The day on which a round begins; None for one that somebody began by hand."""
    try:
        if frequency == Frequency.WEEKLY:
            return datetime.date.fromisoformat(f"{key}-1")
        if frequency == Frequency.MONTHLY:
            return datetime.date.fromisoformat(f"{key}-01")
        return datetime.date.fromisoformat(key)
    except ValueError:
        return None


def told_of(frequency: str, key: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day that a round of a week or a month tells of."""
    begins = beginning(frequency, key)
    if begins is None:
        return None
    last = begins - DAY
    if frequency == Frequency.WEEKLY:
        return begins - 7 * DAY, last
    if frequency == Frequency.MONTHLY:
        return last.replace(day=1), last
    return None


def name_of(frequency: str, moment: datetime.datetime) -> str:
    """The round in which something published at a moment would have been told."""
    if frequency == Frequency.AT_ONCE:
        return f"{moment:%Y-%m-%dT%H}{moment.minute // 15}"
    after = moment + DAY if moment.time() >= HOUR else moment
    if frequency == Frequency.DAILY:
        return after.date().isoformat()
    if frequency == Frequency.WEEKLY:
        year, week, _weekday = (moment - datetime.timedelta(hours=7)).isocalendar()
        return f"{year}-W{week:02d}"
    return f"{moment - datetime.timedelta(hours=7):%Y-%m}"
