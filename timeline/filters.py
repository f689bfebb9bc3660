"""The filters of the timeline: what was chosen, and how many steps each choice leaves.

Three queries count them, however many steps there are and whatever is chosen: one over the columns
of the steps themselves, one by cycle, one by topic. A withdrawal that names nothing itself is found
by what it withdraws.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext, pgettext

from assemblies import dates, parameters
from assemblies.directory import Directory
from assemblies.enums import VALUES, Axis, Kind
from assemblies.models import Action, ActionTarget, Measure, MeasureServes, Recommendation
from assemblies.pages import as_of
from assemblies.pages.common import place_label
from assemblies.pages.facets import Chosen, Facet, Facets, by_name, count, options
from assemblies.words import Choice, choose

#: The axes that a step may set; a step sets one of them, so their values are alternatives.
AXES = (Axis.RESPONSE.value, Axis.IMPLEMENTATION.value, Axis.OPINION.value)
DAYS = ("from", "to")
SUBJECTS = ("recommendation", "measure")
#: Everything that an address may choose by, in the order in which addresses say it.
PARAMETERS = ("assembly", "cycle", "kind", *AXES, "body", "topic", *SUBJECTS, *DAYS)
#: The filters that are told by the columns of a step itself; ``state`` stands for the three axes.
OWN = ("assembly", "kind", "state", "body")


@dataclass(frozen=True)
class StepFilters(Chosen):
    """What an address chooses of all published steps."""

    @classmethod
    def of(cls, request: HttpRequest, lists: Directory) -> "StepFilters":
        """What an address chooses, and the day it is read on."""
        return cls.read(request.GET, lists, as_of.asked(request))

    @classmethod
    def read(
        cls, asked: QueryDict, lists: Directory, past: datetime.date | None = None
    ) -> "StepFilters":
        """What an address chooses; :class:`parameters.UnknownValue` for what can't be chosen."""
        known: dict[str, Iterable[str]] = {
            "assembly": {each.code for each in lists.assemblies.values()},
            "cycle": {each.reference for each in lists.cycles.values()},
            "kind": Kind.values,
            **{axis: VALUES[axis].values for axis in AXES},
            "body": {each.slug for each in lists.bodies.values()},
            "topic": {each.slug for each in lists.topics.values()},
            "recommendation": _references(asked, "recommendation", Recommendation.objects.live()),
            "measure": _references(asked, "measure", Measure.objects.filter(live=True)),
        }
        given = {
            name: _day(asked, name)
            if name in DAYS
            else parameters.chosen(asked, name, frozenset(known[name]))
            for name in PARAMETERS
        }
        return cls({name: values for name, values in given.items() if values}, past)

    def day(self, name: str) -> datetime.date | None:
        """The first or the last day of the period that was chosen."""
        [day] = self.values.get(name) or [None]
        return datetime.date.fromisoformat(day) if day else None

    @property
    def own(self) -> dict[str, tuple[str, ...]]:
        """The choices that the columns of a step tell."""
        states = tuple(code for axis in AXES for code in self.values.get(axis, ()))
        found = {name: self.values.get(name, ()) for name in OWN} | {"state": states}
        return {name: values for name, values in found.items() if values}

    @property
    def left_as_of_today(self) -> "StepFilters":
        """The same choice, read today."""
        return replace(self, past=None)

    # -- as conditions ------------------------------------------------------------------------

    def narrow(
        self, steps: QuerySet[Action], lists: Directory, *, but: Iterable[str] = ()
    ) -> QuerySet[Action]:
        """The steps that pass every filter (but those named), and had happened by the day."""
        passing = Q()
        for name in (*OWN, "cycle", "topic", *SUBJECTS):
            if name not in but:
                passing &= self._condition(name, lists)
        if first := self.day("from"):
            passing &= Q(happened_last__gte=first)
        if last := self.day("to"):
            passing &= Q(happened_last__lte=last)
        if self.past:
            passing &= Q(happened_last__lte=self.past)
        return steps.filter(passing)

    def _condition(self, name: str, lists: Directory) -> Q:
        values = self.own.get(name) or self.values.get(name, ())
        if not values:
            return Q()
        match name:
            case "assembly":
                keys = [key for key, each in lists.assemblies.items() if each.code in values]
                return Q(assembly__in=keys)
            case "kind":
                return Q(kind__in=values)
            case "state":
                return Q(axis__in=AXES, value__in=values)
            case "body":
                return Q(body__in=[k for k, each in lists.bodies.items() if each.slug in values])
            case "cycle":
                keys = [key for key, each in lists.cycles.items() if each.reference in values]
                aimed = about(Recommendation.objects.filter(cycle__in=keys)) | about(
                    measures=Measure.objects.filter(cycle__in=keys)
                )
                return Q(cycle__in=keys) | Q(group__cycle__in=keys) | aimed
            case "topic":
                keys = [key for key, each in lists.topics.items() if each.slug in values]
                asked = Recommendation.topics.through.objects.filter(topic__in=keys)
                served = MeasureServes.objects.filter(
                    recommendation__in=asked.values("recommendation")
                )
                return about(asked, key="recommendation") | about(measures=served, key="measure")
            case "recommendation":
                return about(Recommendation.objects.filter(reference__in=values))
        return about(measures=Measure.objects.filter(reference__in=values))


def about(
    recommendations: QuerySet | None = None,
    measures: QuerySet | None = None,
    *,
    key: str = "pk",
) -> Q:
    """Steps that name one of these; a withdrawal that names none, by what it withdraws.

    ``key``: the column that holds the recommendation or measure.
    """
    targets = ActionTarget.objects.all()
    if recommendations is not None:
        targets = targets.filter(recommendation__in=recommendations.values(key))
    if measures is not None:
        targets = targets.filter(measure__in=measures.values(key))
    found = targets.values("action")
    nameless = Q(withdraws=True) & ~Exists(ActionTarget.objects.filter(action=OuterRef("pk")))
    return Q(pk__in=found) | (nameless & Q(corrects__in=found))


def _references(asked: QueryDict, name: str, rows: QuerySet) -> set[str]:
    """Of the references that an address names, those there are; no query where it names none."""
    given = {value for value in asked.getlist(name) if value}
    if not given:
        return set()
    return set(rows.filter(reference__in=given).values_list("reference", flat=True))


def _day(asked: QueryDict, name: str) -> tuple[str, ...]:
    typed = asked.get(name, "")
    if not typed:
        return ()
    try:
        if not as_of.DAY.fullmatch(typed):
            raise ValueError
        return (datetime.date.fromisoformat(typed).isoformat(),)
    except ValueError:
        raise as_of.NotADay(name) from None


# -- counts -----------------------------------------------------------------------------------


def facets(lists: Directory, filters: StepFilters, steps: QuerySet[Action]) -> Facets:
    """The filters worth showing, with their counts.

    A filter that would not tell any two steps apart is left out, unless it is chosen.
    """
    counted = count(_profiles(lists, filters, steps), OWN, filters.own)
    numbers: dict[str, Counter[str]] = dict(counted.under_others)
    if not any(name in filters.values for name in SUBJECTS):
        numbers["cycle"] = _by_cycle(lists, filters, steps)
        numbers["topic"] = _by_topic(lists, filters, steps)
    found = []
    for name, label in _labels().items():
        given = numbers.get(name, Counter())
        facet = options(Facet(name, label), _values(name, lists), given, filters)
        everywhere = counted.everywhere.get(name, given)
        total = counted.total if name in OWN else counted.matching
        if facet.chosen or any(number < total for number in everywhere.values()):
            found.append(facet)
    return Facets(counted.matching, found, _more(lists, filters), _days(filters))


def _profiles(
    lists: Directory, filters: StepFilters, steps: QuerySet[Action]
) -> Iterable[tuple[dict[str, set[str]], int]]:
    rows = (
        filters.narrow(steps, lists, but=OWN)
        .order_by()
        .values_list("assembly", "kind", "body", "axis", "value")
        .annotate(number=Count("pk"))
    )
    for assembly, kind, body, axis, value, number in rows:
        yield (
            {
                "assembly": {lists.assemblies[assembly].code},
                "kind": {kind},
                "body": {lists.bodies[body].slug},
                "state": {value} if axis in AXES else set(),
            },
            number,
        )


def _by_cycle(lists: Directory, filters: StepFilters, steps: QuerySet[Action]) -> Counter[str]:
    """Steps on a cycle as a whole or on one of its groups, and steps on what is in it."""
    rows = filters.narrow(steps, lists, but=("cycle",)).order_by()
    inside = ActionTarget.objects.filter(
        Q(recommendation__cycle=OuterRef("of")) | Q(measure__cycle=OuterRef("of")),
        action=OuterRef("pk"),
    )
    whole = _numbers(rows.annotate(of=Coalesce("cycle", "group__cycle")).filter(~Exists(inside)))
    aimed = _aimed(rows, "targets__recommendation__cycle", "targets__measure__cycle")
    return _summed(lists.cycles, "reference", aimed.union(whole, all=True))


def _by_topic(lists: Directory, filters: StepFilters, steps: QuerySet[Action]) -> Counter[str]:
    rows = filters.narrow(steps, lists, but=("topic",)).order_by()
    ways = ("targets__recommendation__topics", "targets__measure__serves__recommendation__topics")
    return _summed(lists.topics, "slug", _aimed(rows, *ways))


def _aimed(rows: QuerySet[Action], *ways: str) -> QuerySet:
    """Steps by what their targets lead to; a withdrawal without any, by those it withdraws."""
    nameless = rows.filter(withdraws=True, targets__isnull=True)
    withdrawn = nameless.annotate(of=Coalesce(*(f"corrects__{way}" for way in ways)))
    return _numbers(rows.annotate(of=Coalesce(*ways))).union(_numbers(withdrawn), all=True)


def _numbers(rows: QuerySet) -> QuerySet:
    counted = rows.filter(of__isnull=False).values("of")
    return counted.annotate(number=Count("pk", distinct=True)).values_list("of", "number")


def _summed(things: dict[int, Any], name: str, rows: Iterable[tuple[int, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in rows:
        found[getattr(things[key], name)] += number
    return found


def _labels() -> dict[str, str]:
    return {
        "assembly": gettext("Assembly"),
        "cycle": pgettext("filter", "Cycle"),
        "kind": pgettext("filter", "Kind"),
        "state": gettext("New state"),
        "body": pgettext("filter", "Body"),
        "topic": gettext("Topic"),
    }


def _values(name: str, lists: Directory) -> list[tuple[str, dict[str, Any]]]:
    """The values that a filter can have at all, in the order in which they are shown."""
    match name:
        case "assembly":
            return by_name((each.code, each.territory) for each in lists.assemblies.values())
        case "cycle":
            several = len(lists.assemblies) > 1
            return by_name(
                (each.reference, _cycle_name(lists, each, several))
                for each in lists.cycles.values()
                if each.translation_key in lists.originals
            )
        case "kind":
            return [(kind.value, {"label": str(kind.label)}) for kind in Kind]
        case "state":
            return [
                (code, {"name": axis, "axis": axis, "code": code, "label": str(label)})
                for axis in AXES
                for code, label in VALUES[axis].choices
            ]
        case "body":
            return by_name((each.slug, each.name) for each in lists.bodies.values())
    return by_name((each.slug, each.name) for each in lists.topics.values())


def _cycle_name(lists: Directory, cycle: Any, several: bool) -> Any:
    """A cycle's title, with the city before it where there are several."""
    title = place_label(lists, lists.originals[cycle.translation_key])
    if not several:
        return title
    place = choose(lists.assemblies[cycle.assembly_id].territory)
    return Choice(f"{place.text}, {title.text}", title.language, missing=title.missing)


def _more(lists: Directory, filters: StepFilters) -> list[dict[str, Any]]:
    """What is chosen otherwise than by a box: one subject, a first or a last day."""
    facets = {
        "recommendation": gettext("Recommendation"),
        "measure": gettext("Measure"),
        "from": pgettext("day", "From"),
        "to": pgettext("day", "Until"),
    }
    found = []
    for name, facet in facets.items():
        for value in filters.values.get(name, ()):
            label = dates.day(datetime.date.fromisoformat(value)) if name in DAYS else value
            without = filters.without(name, value)
            found.append({"facet": facet, "label": label, "without": without})
            if name in SUBJECTS:
                found[-1] |= {"name": name, "value": value}
    return found


def facets_chosen(lists: Directory, filters: StepFilters) -> list[str]:
    """The words of everything that is chosen, for a title; no query."""
    more = {each["label"]: None for each in _more(lists, filters)}
    boxes = (
        choose(shown["label"]).text
        for name in _labels()
        for value, shown in _values(name, lists)
        if value in filters.values.get(shown.get("name", name), ())
    )
    return [*more, *boxes]


def _days(filters: StepFilters) -> list[dict[str, str]]:
    labels = {"from": gettext("From the day"), "to": gettext("Until the day")}
    return [
        {"name": name, "label": label, "value": "".join(filters.values.get(name, ()))}
        for name, label in labels.items()
    ]
