"""The filters of a cycle's list: what was chosen, and how many recommendations each value leaves.

One query counts them all, whatever is chosen. Withdrawn recommendations pass no filter and are
counted in none.
"""

from collections.abc import Iterable, Mapping, Set
from functools import cache
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from assemblies import clock, joined, parameters
from assemblies.directory import Directory
from assemblies.enums import VALUES, Axis, Implementation, Opinion, Response
from assemblies.models import Cycle, Recommendation
from assemblies.pages import day
from assemblies.pages.common import KindWords
from assemblies.pages.facets import Chosen, Facet, Facets, by_name, count, options

#: In the order of the story: what was asked, answered, done, judged; then who, about what, when.
FILTERS = ("kind", "response", "implementation", "opinion", "body", "topic", "late")
#: A recommendation for which no measure is announced, and nothing is said of its own delivery.
NO_MEASURE = "none"
#: The one value of ``late``.
LATE = "1"


class Filters(Chosen):
    """What an address chooses of a cycle's recommendations."""

    @classmethod
    def read(
        cls, asked: QueryDict, lists: Directory, cycle: Cycle, past: day.Past = None
    ) -> "Filters":
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
        return cls({name: values for name, values in given.items() if values}, past)

    def narrow(
        self, rows: QuerySet[Recommendation], lists: Directory, cycle: Cycle
    ) -> QuerySet[Recommendation]:
        """Those of a cycle's recommendations, :func:`day.dated`, that pass every filter."""
        if not self:
            return rows
        passing = Q(is_withdrawn=False)
        for name, values in self.values.items():
            passing &= _condition(name, values, lists, cycle, self.past)
        return rows.filter(passing)


def _kinds(lists: Directory, cycle: Cycle) -> dict[int, Any]:
    return {key: kind for key, kind in lists.kinds.items() if kind.assembly_id == cycle.assembly_id}


def _condition(
    name: str, values: tuple[str, ...], lists: Directory, cycle: Cycle, past: day.Past
) -> Q:
    serving = day.dated_serving(past).filter(recommendation=OuterRef("pk"))
    match name:
        case "kind":
            kinds = _kinds(lists, cycle)
            return Q(kind__in=[key for key, kind in kinds.items() if kind.code in values])
        case "response" | "opinion":
            return Q(**{f"on_{name}__in": values})
        case "implementation":
            stored = ["" if value == Implementation.NOT_STARTED else value for value in values]
            own = ["" if value == NO_MEASURE else value for value in values]
            return Q(Exists(serving.filter(on_implementation__in=[*values, *stored]))) | Q(
                ~Exists(serving), on_implementation__in=own
            )
        case "body":
            keys = [key for key, body in lists.bodies.items() if body.slug in values]
            return Q(deciding_body__in=keys) | Q(Exists(serving.filter(on_lead__in=keys)))
        case "topic":
            keys = [key for key, topic in lists.topics.items() if topic.slug in values]
            of_it = Recommendation.topics.through.objects.filter(recommendation=OuterRef("pk"))
            return Q(Exists(of_it.filter(topic__in=keys)))
    return Q(on_due__lt=past or clock.today())


# -- counts -----------------------------------------------------------------------------------


def facets(lists: Directory, cycle: Cycle, filters: Filters, *, citizens_body: bool) -> Facets:
    """The filters worth showing, with their counts; one query over the register's own columns.

    A filter that would not tell any two recommendations apart is left out, unless it is chosen.
    """
    counted = count(_profiles(lists, cycle, filters.past), FILTERS, filters.values)
    found = []
    for name in FILTERS:
        if name == "opinion" and not citizens_body and name not in filters.values:
            continue
        facet = options(
            Facet(name, _label(name)),
            _values(name, lists, cycle),
            counted.under_others[name],
            filters,
        )
        if facet.chosen or any(
            number < counted.total for number in counted.everywhere[name].values()
        ):
            found.append(facet)
    return Facets(counted.matching, found)


def _profiles(
    lists: Directory, cycle: Cycle, past: day.Past
) -> Iterable[tuple[dict[str, Set[str]], int]]:
    """What recommendations of the cycle are found by, and how many are found by just that."""
    serving = day.dated_serving(past).filter(recommendation=OuterRef("pk"))
    measure = Concat(
        "on_implementation",
        Value("="),
        Coalesce(Cast("on_lead", CharField()), Value("")),
        output_field=CharField(),
    )
    there = day.there_on(Recommendation.objects.live().filter(cycle=cycle.pk), past)
    rows = (
        day.dated(there, past)
        .filter(is_withdrawn=False)
        .order_by()
        .annotate(
            serving=joined.lines(serving, "recommendation", measure),
            late=Q(on_due__lt=past or clock.today(), on_due__isnull=False),
        )
        .values_list(
            *("kind", "on_response", "on_implementation", "on_opinion"),
            *("deciding_body", "topic_keys"),
            *("serving", "late"),
        )
        .annotate(how_many=Count("pk"))
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
            return by_name((kind.code, kind.plural) for kind in kinds.values())
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
            return by_name((body.slug, body.name) for body in lists.bodies.values())
        case "topic":
            return by_name((topic.slug, topic.name) for topic in lists.topics.values())
    return [(LATE, {"label": pgettext("duty", "Late")})]


def _one_word(words: Mapping[int, KindWords], axis: str, code: str) -> Any:
    """The word that all kinds of the assembly have for a state, else ours."""
    own = {str(each.word(axis, code) or ""): each.word(axis, code) for each in words.values()}
    [one] = own.values() if len(own) == 1 else [None]
    return one or str(VALUES[Axis(axis)](code).label)
