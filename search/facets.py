"""What results are narrowed by: the values chosen in an address, and what each would leave.

Values of one facet are alternatives, facets are combined. The number beside a value is counted
under the other facets. Entries with the same facets share a profile, so counting is a matter of
profiles, whatever the number of results.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext, pgettext_lazy

from assemblies import collation, parameters
from assemblies.directory import Directory
from assemblies.enums import VALUES, Axis
from assemblies.words import choose
from search.documents import NO_MEASURE
from search.models import Entry

FACETS = (
    *("assembly", "response", "implementation", "opinion", "late"),
    *("topic", "cycle", "kind", "body", "year"),
)
LATE = "1"


@dataclass(frozen=True)
class Chosen:
    """The values chosen, by facet; only facets with a choice are in it."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, asked: QueryDict, lists: Directory) -> "Chosen":
        """What an address chooses; :class:`parameters.UnknownValue` for what can't be chosen."""
        given = {}
        for name in FACETS:
            known = (
                frozenset(value for value in asked.getlist(name) if _is_year(value))
                if name == "year"
                else frozenset(value for value, _shown in values_of(name, lists, ()))
            )
            if values := parameters.chosen(asked, name, known):
                given[name] = values
        return cls(given)

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.values.items() for value in values]

    def without(self, name: str, value: str) -> list[tuple[str, str]]:
        return [pair for pair in self.pairs if pair != (name, value)]

    def passing(self, profiles: "Mapping[int, Profile]") -> list[int] | None:
        """The profiles that pass all but lateness; None when every one does."""
        wanted = {name: set(v) for name, v in self.values.items() if name != "late"}
        if not wanted:
            return None
        return [
            number
            for number, held in profiles.items()
            if all(wanted[name] & set(held.get(name, ())) for name in wanted)
        ]


def _is_year(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) == 4


Profile = Mapping[str, list[str]]
_kept: tuple[tuple, dict[int, Profile]] | None = None
_lock = threading.Lock()


def profiles(now: tuple) -> dict[int, Profile]:
    """Every profile there is, as of the change log's last row."""
    global _kept
    if _kept is None or _kept[0] != now:
        with _lock:
            rows = Entry.objects.filter(gone=False).order_by().values_list("profile", "facets")
            _kept = (now, {number: json.loads(said) for number, said in rows.distinct()})
    return _kept[1]


def forget() -> None:
    """Read the profiles anew at the next request."""
    global _kept
    _kept = None
    _listed.clear()


@dataclass
class Facet:
    """One facet with its values, as ``parts/facets.html`` shows it."""

    name: str
    label: str
    #: Whether it is folded until a reader opens it.
    folded: bool
    values: list[dict[str, Any]] = field(default_factory=list)

    @property
    def chosen(self) -> list[dict[str, Any]]:
        return [value for value in self.values if value["chosen"]]


def facets(
    lists: Directory,
    counts: Mapping[tuple[int, bool], int],
    known: Mapping[int, Profile],
    chosen: Chosen,
    base: list[tuple[str, str]],
) -> list[Facet]:
    """The facets worth showing for these results; ``base``: what else the address asks for."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    total = 0
    for (number, late), count in counts.items():
        held = {**known.get(number, {}), "late": [LATE] if late else []}
        total += count
        failed = [name for name, v in chosen.values.items() if not set(v) & set(held.get(name, ()))]
        for name in FACETS if not failed else failed[: len(failed) == 1]:
            for value in held.get(name, ()):
                counted[name][value] += count
    found = []
    for name in FACETS:
        facet = Facet(name, str(LABELS[name]), name in ("cycle", "kind", "body", "year"))
        for value, shown in values_of(name, lists, counted[name]):
            is_chosen = value in chosen.values.get(name, ())
            if is_chosen or counted[name][value]:
                left = [*base, *chosen.without(name, value)]
                facet.values.append(
                    {
                        **shown,
                        "value": value,
                        "number": counted[name][value],
                        "chosen": is_chosen,
                        "without": urlencode(left) if is_chosen else "",
                        "facet": facet.label,
                    }
                )
        if facet.chosen or any(0 < each["number"] < total for each in facet.values):
            found.append(facet)
    return found


#: What each facet is called.
LABELS: dict[str, Any] = {
    "assembly": gettext_lazy("Assembly"),
    "response": pgettext_lazy("verb", "Answered"),
    "implementation": pgettext_lazy("verb", "Done"),
    "opinion": gettext_lazy("Judged by the follow-up committee"),
    "late": gettext_lazy("What is expected"),
    "topic": gettext_lazy("Topic"),
    "cycle": gettext_lazy("Cycle"),
    "kind": pgettext_lazy("filter", "Kind"),
    "body": pgettext_lazy("filter", "Body"),
    "year": gettext_lazy("Handed over in"),
}
Values = list[tuple[str, dict[str, Any]]]
_listed: dict[tuple[str, str], tuple[tuple, Values]] = {}


def values_of(name: str, lists: Directory, there: Iterable[str]) -> Values:
    """The values that a facet can have, in the order in which they are shown.

    Lists change with the change log only, so they are put in order once a language.
    """
    if name == "year":
        return [(year, {"label": year}) for year in sorted(there, reverse=True)]
    key = (name, get_language() or "")
    if key not in _listed or _listed[key][0] != lists.generation:
        _listed[key] = (lists.generation, _values(name, lists))
    return _listed[key][1]


def _values(name: str, lists: Directory) -> Values:
    match name:
        case "assembly":
            rows = lists.assemblies.values()
            return _by_name((row.code, _territory(row)) for row in rows)
        case "cycle":
            return [
                (row.reference, {"label": f"{row.reference} · {row.title}"})
                for row in sorted(lists.cycles.values(), key=lambda row: row.reference)
            ]
        case "kind":
            kinds = [(lists.assemblies[kind.assembly_id], kind) for kind in lists.kinds.values()]
            return _by_name((f"{own.code}.{kind.code}", kind.plural) for own, kind in kinds)
        case "response" | "implementation" | "opinion":
            values = VALUES[Axis(name)]
            found: Values = [
                (code, {"axis": name, "code": code, "label": values(code).label})
                for code in values.values
            ]
            if name == "implementation":
                found.append((NO_MEASURE, {"label": gettext("No measure announced")}))
            return found
        case "topic":
            return _by_name((topic.slug, topic.name) for topic in lists.topics.values())
        case "body":
            return _by_name((body.slug, body.name) for body in lists.bodies.values())
    return [(LATE, {"label": pgettext("duty", "Late")})]


def _territory(row: Any) -> Any:
    return row.territory if choose(row.territory) else row.title


def _by_name(things: Iterable[tuple[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(
        ((value, {"label": label}) for value, label in things),
        key=lambda each: collation.key(each[1]["label"]),
    )
