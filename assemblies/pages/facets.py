"""Filters of a list: what an address chooses, and how many rows each choice leaves.

Values of one filter are alternatives, filters are combined. The number beside a value is counted
under the other filters: it is what choosing this value shows, or adds. The filters of a cycle's
list and of the timeline are made of these; ``components/filters.html`` shows them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from assemblies import collation
from assemblies.pages import day


@dataclass(frozen=True)
class Chosen:
    """The values chosen in an address, by parameter; only parameters with a choice are in it."""

    values: Mapping[str, tuple[str, ...]]
    #: The day on which the list is read; None for today.
    past: day.Past = None

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def query(self) -> str:
        """The choice and the day as the query of an address, always in the same order."""
        dated = {day.PARAMETER: [self.past.isoformat()]} if self.past else {}
        return urlencode({**self.values, **dated}, doseq=True)

    def left_without(self, name: str, value: str | None = None) -> Self:
        """The choice that is left when one value, or all of a parameter, is taken back."""
        left = {
            each: tuple(
                one for one in values if each != name or (value is not None and one != value)
            )
            for each, values in self.values.items()
        }
        return replace(self, values={each: values for each, values in left.items() if values})

    def without(self, name: str, value: str) -> str:
        """The query that is left when one value is taken back."""
        return self.left_without(name, value).query


@dataclass
class Facet:
    """One filter with the values there are, as ``components/filters.html`` shows it."""

    name: str
    label: str
    values: list[dict[str, Any]] = field(default_factory=list)

    @property
    def chosen(self) -> list[dict[str, Any]]:
        return [value for value in self.values if value["chosen"]]


@dataclass
class Facets:
    """All filters of a list, and how many of its rows pass what is chosen."""

    matching: int
    facets: list[Facet]
    #: What is chosen otherwise than by a box: a day, a subject; as values of facets are.
    more: list[dict[str, Any]] = field(default_factory=list)
    #: Days to be typed: name, label, value.
    days: list[dict[str, str]] = field(default_factory=list)

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """Every choice that was made, each with the query that is left without it."""
        boxes = [{**value, "facet": facet.label} for facet in self.facets for value in facet.chosen]
        return [*self.more, *boxes]


@dataclass
class Counted:
    """How many rows have each value: under the other filters, and with no filter at all."""

    matching: int
    total: int
    under_others: dict[str, Counter[str]]
    everywhere: dict[str, Counter[str]]


def count(
    profiles: Iterable[tuple[Mapping[str, Set[str]], int]],
    names: Sequence[str],
    chosen: Mapping[str, Iterable[str]],
) -> Counted:
    """Count rows by value. ``profiles``: what rows are found by, and how many by just that."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in names}
    everywhere: dict[str, Counter[str]] = {name: Counter() for name in names}
    matching = total = 0
    for values, number in profiles:
        total += number
        for name in names:
            for value in values[name]:
                everywhere[name][value] += number
        failed = [name for name, wanted in chosen.items() if values[name].isdisjoint(wanted)]
        matching += 0 if failed else number
        # What fails one filter only is counted there: that filter's own choice does not narrow it.
        for name in () if not chosen else names if not failed else failed[: len(failed) == 1]:
            for value in values[name]:
                counted[name][value] += number
    return Counted(matching, total, counted if chosen else everywhere, everywhere)


def options(
    facet: Facet,
    values: Iterable[tuple[str, dict[str, Any]]],
    numbers: Mapping[str, int],
    chosen: Chosen,
) -> Facet:
    """Give a facet those of its values that are chosen, or that leave anything.

    A value may name the parameter that it is chosen by, where that is not the facet itself.
    """
    for value, shown in values:
        name = shown.get("name", facet.name)
        is_chosen = value in chosen.values.get(name, ())
        if is_chosen or numbers[value]:
            facet.values.append(
                {
                    **shown,
                    "value": value,
                    "number": numbers[value],
                    "chosen": is_chosen,
                    "without": chosen.without(name, value) if is_chosen else "",
                }
            )
    return facet


def by_name(things: Iterable[tuple[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Values with their labels, in the order of the alphabet."""
    return sorted(
        ((value, {"label": label}) for value, label in things),
        key=lambda each: collation.key(each[1]["label"]),
    )
