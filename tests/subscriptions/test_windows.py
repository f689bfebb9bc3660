"""When rounds begin, and what they are called."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from subscriptions import windows

ZONE = ZoneInfo("Europe/Brussels")


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("frequency", "moment", "key"),
    [
        ("daily", at(2026, 11, 12, 7, 0), "2026-11-12"),
        ("daily", at(2026, 11, 12, 6, 59), "2026-11-11"),
        ("weekly", at(2026, 11, 9, 6, 59), "2026-W45"),  # Monday, too early
        ("weekly", at(2026, 11, 9, 7, 0), "2026-W46"),
        ("weekly", at(2026, 11, 15, 23, 0), "2026-W46"),
        ("weekly", at(2027, 1, 1, 12, 0), "2026-W53"),
        ("monthly", at(2026, 11, 1, 6, 59), "2026-10"),
        ("monthly", at(2026, 11, 1, 7, 0), "2026-11"),
        ("monthly", at(2026, 1, 1, 0, 0), "2025-12"),
    ],
)
def test_a_round_begins_at_seven(frequency, moment, key):
    assert windows.current(frequency, moment) == key


def test_what_is_at_once_has_no_rounds():
    with pytest.raises(ValueError, match="at_once"):
        windows.current("at_once", at(2026, 11, 12, 8, 0))


def test_a_round_tells_of_the_days_before_it():
    D = datetime.date
    assert windows.told_of("weekly", "2026-W46") == (D(2026, 11, 2), D(2026, 11, 8))
    assert windows.told_of("monthly", "2026-03") == (D(2026, 2, 1), D(2026, 2, 28))
    assert windows.told_of("daily", "2026-11-12") is None
    assert windows.told_of("weekly", "2026-11-12T10:00:00.5") is None
    assert windows.beginning("daily", "2026-11-12") == D(2026, 11, 12)


def test_a_moment_belongs_to_one_round():
    monday = at(2026, 11, 9, 6, 0)
    assert windows.name_of("weekly", monday) != windows.name_of("weekly", at(2026, 11, 9, 8, 0))
    assert windows.name_of("daily", at(2026, 11, 9, 8)) == windows.name_of(
        "daily", at(2026, 11, 10, 6)
    )
    assert windows.name_of("at_once", at(2026, 11, 9, 8, 14)) != windows.name_of(
        "at_once", at(2026, 11, 9, 8, 15)
    )
    assert windows.name_of("monthly", at(2026, 11, 1, 6)) == windows.name_of(
        "monthly", at(2026, 10, 2, 6)
    )
