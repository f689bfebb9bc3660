"""A judged set: what people type about the demo, and which recommendations they look for.

``judged/fr.csv`` and ``judged/nl.csv`` say query, kind of query, and references, any of which is
right. The texts are those of ``demo/``: the propositions of 2020 (MIT licence, see there) and what
was written for the demo. ``bench/search_quality.py`` prints what is measured here.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assemblies.models import Recommendation

FOLDER = Path(__file__).with_name("judged")
PATHS = {"fr": "/fr/recherche/", "nl": "/nl/zoeken/"}


@dataclass(frozen=True, slots=True)
class Case:
    query: str
    kind: str
    expected: frozenset[str]


def cases(language: str) -> list[Case]:
    with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Case(row["query"], row["kind"], frozenset(row["expected"].split()))
            for row in csv.DictReader(file)
        ]


@dataclass
class Outcome:
    """What an engine made of a set: the place of the first right result of each query, or None."""

    places: dict[Case, int | None] = field(default_factory=dict)
    first: dict[Case, str] = field(default_factory=dict)
    totals: dict[Case, int] = field(default_factory=dict)
    wholes: dict[Case, int] = field(default_factory=dict)
    nothing: int = 0

    def hit(self, within: int) -> float:
        found = sum(place is not None and place <= within for place in self.places.values())
        return found / max(len(self.places), 1)

    def by_kind(self, within: int) -> dict[str, float]:
        right: Counter[str] = Counter()
        every: Counter[str] = Counter()
        for case, place in self.places.items():
            every[case.kind] += 1
            right[case.kind] += place is not None and place <= within
        return {kind: right[kind] / every[kind] for kind in every}

    def add(self, case: Case, found: Iterable[str], total: int, whole: int) -> None:
        shown = list(found)
        places = [place for place, each in enumerate(shown, 1) if each in case.expected]
        self.places[case] = min(places, default=None)
        self.first[case] = shown[0] if shown else ""
        self.totals[case], self.wholes[case] = total, whole
        self.nothing += not shown


def judged(client: Any, language: str) -> Outcome:
    """Type every query on the search page, as a reader does, and follow what it suggests."""
    names = dict(Recommendation.objects.values_list("pk", "reference"))
    outcome = Outcome()
    for case in cases(language):
        response = client.get(PATHS[language], {"q": case.query})
        if response.status_code == 302:
            outcome.add(case, [response["Location"].rstrip("/").rpartition("/")[2]], 1, 1)
            continue
        context = response.context
        if not context["total"] and context["suggestions"]:
            address = PATHS[language] + context["suggestions"][0]["url"]
            context = client.get(address).context
        keys = [line.key.partition(":") for line in context["lines"]]
        found = [
            names[int(pk)] if noun == "recommendation" else f"{noun}:{pk}"
            for noun, _colon, pk in keys
        ]
        outcome.add(case, found, context["total"], context["whole"])
    return outcome


def agreement(outcomes: dict[str, Outcome]) -> dict[tuple[str, str], tuple[float, float]]:
    """For two engines each: the share of equal first results, and of equal counts."""
    names, found = list(outcomes), defaultdict(lambda: (1.0, 1.0))
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            a, b = outcomes[one], outcomes[other]
            first = sum(a.first[case] == b.first[case] for case in a.first)
            whole = sum(a.wholes[case] == b.wholes[case] for case in a.first)
            found[one, other] = (first / len(a.first), whole / len(a.first))
    return dict(found)
