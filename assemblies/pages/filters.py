"""The filters of a cycle's list: what was chosen, and how many recommendations each value leaves.

Values of one filter are alternatives, filters are combined. The number beside a value is counted
under the other filters: it is what choosing this value shows, or adds. One query counts them all,
whatever is chosen. Withdrawn recommendations pass no filter and are counted in none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from assemblies import clock, collation, joined, parameters
from assemblies.directory import Directory
from assemblies.enums import VALUES, Axis, Implementation, Opinion, Response
from assemblies.models import Cycle, MeasureServes, Recommendation
from assemblies.pages.common import KindWords

#: In the order of the story: what was asked, answered, done, judged; then who, about what, when.
FILTERS = ("kind", "response", "implementation", "opinion", "body", "topic", "late")
#: A recommendation for which no measure is announced, and nothing is said of its own delivery.
NO_MEASURE = "none"
#: The one value of ``late``.
LATE = "1"


@dataclass(frozen=True)
class Filters:
    """The values chosen in an address, by filter; only filters with a choice are in it."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, asked: QueryDict, lists: Directory, cycle: Cycle) -> "Filters":
        """What an address chooses; :class:`parameters.UnknownValue` for what can't be chosen."""
        known: dict[str, Iterable[str]] = {
            "kind": {kind.code for kind in _kinds(lists, cycle).values()},
            "response": Response.values,
            "implementation": [*Implementation.values, NO_MEASURE],
            "opinion": Opinion.values,
            "body": {body.slug for body in lists.bodies.values()},
            "topic": {topic.slug for topic in lists.topics.values()},
            "late": [LATE],
        }
        given = {name: parameters.chosen(asked, name, frozenset(known[name])) for name in FILTERS}
        return cls({name: values for name, values in given.items() if values})

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def query(self) -> str:
        """The filters as the query of an address, always in the same order."""
        return urlencode(self.values, doseq=True)

    def without(self, name: str, value: str) -> str:
        """The query that is left when one choice is taken back."""
        left = {
            each: tuple(one for one in values if (each, one) != (name, value))
            for each, values in self.values.items()
        }
        return Filters({each: values for each, values in left.items() if values}).query

    def narrow(
        self, rows: QuerySet[Recommendation], lists: Directory, cycle: Cycle
    ) -> QuerySet[Recommendation]:
        """Those of a cycle's recommendations that pass every filter."""
        if not self:
            return rows
        passing = Q(withdrawn_on__isnull=True)
        for name, values in self.values.items():
            passing &= _condition(name, values, lists, cycle)
        return rows.filter(passing)


def _kinds(lists: Directory, cycle: Cycle) -> dict[int, Any]:
    return {key: kind for key, kind in lists.kinds.items() if kind.assembly_id == cycle.assembly_id}


def _condition(name: str, values: tuple[str, ...], lists: Directory, cycle: Cycle) -> Q:
    serving = MeasureServes.objects.filter(recommendation=OuterRef("pk"), measure__live=True)
    match name:
        case "kind":
            kinds = _kinds(lists, cycle)
            return Q(kind__in=[key for key, kind in kinds.items() if kind.code in values])
        case "response" | "opinion":
            return Q(**{f"{name}__in": values})
        case "implementation":
            stored = ["" if value == Implementation.NOT_STARTED else value for value in values]
            own = ["" if value == NO_MEASURE else value for value in values]
            return Q(Exists(serving.filter(measure__implementation__in=[*values, *stored]))) | Q(
                ~Exists(serving), implementation__in=own
            )
        case "body":
            keys = [key for key, body in lists.bodies.items() if body.slug in values]
            return Q(deciding_body__in=keys) | Q(Exists(serving.filter(measure__lead__in=keys)))
        case "topic":
            keys = [key for key, topic in lists.topics.items() if topic.slug in values]
            of_it = Recommendation.topics.through.objects.filter(recommendation=OuterRef("pk"))
            return Q(Exists(of_it.filter(topic__in=keys)))
    return Q(next_due__lt=clock.today())


# -- counts -----------------------------------------------------------------------------------


@dataclass
class Facet:
    """One filter with the values there are, as ``parts/filters.html`` shows it."""

    name: str
    label: str
    values: list[dict[str, Any]] = field(default_factory=list)

    @property
    def chosen(self) -> list[dict[str, Any]]:
        return [value for value in self.values if value["chosen"]]


@dataclass
class Facets:
    """All filters of a cycle's list, and how many recommendations pass what is chosen."""

    matching: int
    facets: list[Facet]

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """Every choice that was made, each with the query that is left without it."""
        return [{**value, "facet": facet.label} for facet in self.facets for value in facet.chosen]


def facets(lists: Directory, cycle: Cycle, filters: Filters, *, citizens_body: bool) -> Facets:
    """The filters worth showing, with their counts; one query over the register's own columns.

    A filter that would not tell any two recommendations apart is left out, unless it is chosen.
    """
    counted: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    everywhere: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    matching = total = 0
    for values, number in _profiles(lists, cycle):
        total += number
        for name in FILTERS:
            for value in values[name]:
                everywhere[name][value] += number
        failed = [
            name for name, wanted in filters.values.items() if values[name].isdisjoint(wanted)
        ]
        matching += 0 if failed else number
        # What fails one filter only is counted there: that filter's own choice does not narrow it.
        for name in () if not filters else FILTERS if not failed else failed[: len(failed) == 1]:
            for value in values[name]:
                counted[name][value] += number
    if not filters:
        counted = everywhere
    found = []
    for name in FILTERS:
        if name == "opinion" and not citizens_body and name not in filters.values:
            continue
        facet = Facet(name, _label(name))
        for value, shown in _values(name, lists, cycle):
            chosen = value in filters.values.get(name, ())
            if chosen or counted[name][value]:
                facet.values.append(
                    {
                        **shown,
                        "value": value,
                        "number": counted[name][value],
                        "chosen": chosen,
                        "without": filters.without(name, value) if chosen else "",
                    }
                )
        if facet.chosen or any(number < total for number in everywhere[name].values()):
            found.append(facet)
    return Facets(matching, found)


def _profiles(lists: Directory, cycle: Cycle) -> Iterable[tuple[dict[str, Set[str]], int]]:
    """What recommendations of the cycle are found by, and how many are found by just that."""
    serving = MeasureServes.objects.filter(recommendation=OuterRef("pk"), measure__live=True)
    measure = Concat(
        "measure__implementation",
        Value("="),
        Coalesce(Cast("measure__lead", CharField()), Value("")),
        output_field=CharField(),
    )
    rows = (
        Recommendation.objects.live()
        .filter(cycle=cycle.pk, withdrawn_on__isnull=True)
        .order_by()
        .annotate(
            serving=joined.lines(serving, "recommendation", measure),
            late=Q(next_due__lt=clock.today(), next_due__isnull=False),
        )
        .values_list(
            *("kind", "response", "implementation", "opinion", "deciding_body", "topic_keys"),
            *("serving", "late"),
        )
        .annotate(number=Count("pk"))
    )
    slugs = {key: body.slug for key, body in lists.bodies.items()}
    topics = {key: topic.slug for key, topic in lists.topics.items()}

    @cache
    def served(lines: str) -> tuple[frozenset[str], frozenset[str]]:
        """How far some measures are, and who leads them."""
        parts = [line.partition("=") for line in lines.split("\n") if line]
        leads = {slugs.get(int(lead)) for _code, _sign, lead in parts if lead}
        return (
            frozenset(code or Implementation.NOT_STARTED.value for code, _sign, _lead in parts),
            frozenset(filter(None, leads)),
        )

    for kind, response, own, opinion, decides, about, measures, late, number in rows:
        done, leads = served(measures or "")
        yield (
            {
                "kind": {lists.kinds[kind].code},
                "response": {response},
                "implementation": done or {own or NO_MEASURE},
                "opinion": {opinion},
                "body": leads | {slugs[decides]} if decides in slugs else leads,
                "topic": {topics[key] for key in about if key in topics},
                "late": {LATE} if late else frozenset(),
            },
            number,
        )


def _label(name: str) -> str:
    return {
        "kind": pgettext("filter", "Kind"),
        "response": gettext("Response"),
        "implementation": gettext("Implementation"),
        "opinion": gettext("Opinion of the follow-up committee"),
        "body": pgettext("filter", "Body"),
        "topic": gettext("Topic"),
        "late": gettext("What is expected"),
    }[name]


def _values(name: str, lists: Directory, cycle: Cycle) -> list[tuple[str, dict[str, Any]]]:
    """The values that a filter can have at all, in the order in which they are shown."""
    kinds = _kinds(lists, cycle)
    match name:
        case "kind":
            return _by_name((kind.code, kind.plural) for kind in kinds.values())
        case "response" | "implementation" | "opinion":
            words = {key: KindWords(lists, key) for key in kinds}
            found = [
                (code, {"axis": name, "code": code, "label": _one_word(words, name, code)})
                for code in VALUES[Axis(name)].values
            ]
            if name == "implementation":
                found.append((NO_MEASURE, {"label": gettext("No measure announced")}))
            return found
        case "body":
            return _by_name((body.slug, body.name) for body in lists.bodies.values())
        case "topic":
            return _by_name((topic.slug, topic.name) for topic in lists.topics.values())
    return [(LATE, {"label": pgettext("duty", "Late")})]


def _by_name(things: Iterable[tuple[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(
        ((value, {"label": label}) for value, label in things),
        key=lambda each: collation.key(each[1]["label"]),
    )


def _one_word(words: Mapping[int, KindWords], axis: str, code: str) -> Any:
    """The word that all kinds of the assembly have for a state, else ours."""
    own = {str(each.word(axis, code) or ""): each.word(axis, code) for each in words.values()}
    [one] = own.values() if len(own) == 1 else [None]
    return one or str(VALUES[Axis(axis)](code).label)
