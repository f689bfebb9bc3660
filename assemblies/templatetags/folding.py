"""Long lists of steps: the latest in full, what came before them folded by year."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import template

register = template.Library()

#: As many steps as a reader sees at once, and from how many on the others are folded.
LATEST = 5
FOLDED_FROM = 9
#: As many steps as paper shows one by one; of the years before, only the number.
ON_PAPER = 16


@dataclass
class Year:
    """The folded steps of one year.

    ``split``: some of its steps stand above, in full. ``on_paper``: paper shows them one by one.
    """

    year: int
    split: bool
    steps: list[Any] = field(default_factory=list)
    on_paper: bool = True


@dataclass
class Folding:
    """``latest``: shown in full. ``years``: the others, the newest year first."""

    latest: list[Any]
    years: list[Year]


@register.filter
def folding(steps: Sequence[Any]) -> Folding:
    """The steps of a subject, given with the newest first, each with its ``action``."""
    if len(steps) < FOLDED_FROM:
        return Folding(list(steps), [])
    latest, others = list(steps[:LATEST]), steps[LATEST:]
    shown = _year(latest[-1])
    years = [Year(year, year == shown, list(group)) for year, group in groupby(others, key=_year)]
    told = len(latest)
    for year in years:
        told += len(year.steps)
        year.on_paper = told <= ON_PAPER
    return Folding(latest, years)


def _year(step: Any) -> int:
    return step["action"].happened_last.year
