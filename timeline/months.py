"""How many steps happened in each month: the same figures as a picture and as a table.

Months without a step are in it, so that silence shows. Past ``LONGEST`` months it goes by years.
"""

import calendar
import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import CharField, Count, QuerySet
from django.db.models.functions import Cast, Left

from assemblies import dates
from assemblies.models import Action
from timeline.filters import StepFilters

#: More months than these are told by year; more years than these, from the last of them on.
LONGEST = 120
#: The picture, in its own units: as wide as the side column, bars on a line with years below.
WIDTH, HEIGHT, YEARS = 272, 72, 18
#: The widest that a bar may be, so that one month is no wall.
WIDEST = 24


@dataclass(frozen=True)
class Bar:
    """One month or year: when, how many steps, the query that shows them, and its place."""

    first: datetime.date
    last: datetime.date
    label: str
    number: int
    query: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclass(frozen=True)
class Picture:
    """Bars from the oldest to the newest. ``years``: what stands below, and where."""

    bars: list[Bar]
    by_year: bool
    most: int
    years: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    total_height: int = HEIGHT + YEARS

    @property
    def newest_first(self) -> list[Bar]:
        """As the table tells it: the periods in which something happened."""
        return [bar for bar in reversed(self.bars) if bar.number]


def by_month(steps: QuerySet[Action]) -> dict[str, int]:
    """Steps by the month of their last day, ``2024-03``: one query, a row a month."""
    rows = (
        steps.order_by()
        .annotate(month=Left(Cast("happened_last", CharField()), 7))
        .values("month")
        .annotate(number=Count("pk"))
        .values_list("month", "number")
    )
    return dict(rows)


def picture(numbers: Mapping[str, int], filters: StepFilters) -> Picture | None:
    """The bars of these months; None where nothing happened."""
    if not numbers:
        return None
    months = sorted(numbers)
    first, last = _month(months[0]), _month(months[-1])
    by_year = (last.year - first.year) * 12 + last.month - first.month >= LONGEST
    bars = _years(numbers, first.year, last.year) if by_year else _months(numbers, first, last)
    bars = bars[-LONGEST:]
    most = max(bar.number for bar in bars)
    step = min(WIDTH / len(bars), WIDEST)
    placed = []
    for place, bar in enumerate(bars):
        height = round(bar.number / most * HEIGHT, 1)
        placed.append(
            replace(
                bar,
                query=_query(filters, bar),
                x=round(place * step, 1),
                y=round(HEIGHT - height, 1),
                width=round(max(step * 0.8, 1), 1),
                height=height,
            )
        )
    return Picture(placed, by_year, most, _labels(placed))


def _month(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{text}-01")


def _months(numbers: Mapping[str, int], first: datetime.date, last: datetime.date) -> list[Bar]:
    bars = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        begun = datetime.date(year, month, 1)
        ended = begun.replace(day=calendar.monthrange(year, month)[1])
        label = dates.month(begun)
        bars.append(Bar(begun, ended, label, numbers.get(f"{year:04}-{month:02}", 0)))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return bars


def _years(numbers: Mapping[str, int], first: int, last: int) -> list[Bar]:
    found: Counter[int] = Counter()
    for month, number in numbers.items():
        found[int(month[:4])] += number
    return [
        Bar(datetime.date(year, 1, 1), datetime.date(year, 12, 31), str(year), found[year])
        for year in range(max(first, last - LONGEST + 1), last + 1)
    ]


def _query(filters: StepFilters, bar: Bar) -> str:
    """The address of the steps of one period, under the other filters."""
    kept = filters.left_without("from").left_without("to")
    days = {"from": (bar.first.isoformat(),), "to": (bar.last.isoformat(),)}
    return replace(kept, values={**kept.values, **days}).query


def _labels(bars: list[Bar]) -> list[tuple[float, str]]:
    """The year below the first bar and below each January, where there is room for it."""
    found: list[tuple[float, str]] = []
    for bar in bars:
        here = bar is bars[0] or bar.first.month == 1
        room = not found or bar.x - found[-1][0] >= 34
        if here and room and bar.x <= WIDTH - 32:
            found.append((bar.x, str(bar.first.year)))
    return found
