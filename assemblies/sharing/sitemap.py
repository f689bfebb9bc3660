"""The public pages of the domain for search engines: addresses, languages, days of last change.

Left out are examples, what was withdrawn, and languages in which a page is only a frame. The
moments are those of the change log: of the last publication that a page shows.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import override

from assemblies.directory import Directory, page_url
from assemblies.models import (
    Act,
    ActAdopts,
    Action,
    ActionTarget,
    Change,
    Measure,
    MeasureServes,
    Recommendation,
    RecommendationPage,
)
from assemblies.pages.common import written_in
from assemblies.pages.rows import invented


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its address in each language that it exists in, and when it changed last."""

    urls: dict[str, str]
    changed: datetime.datetime | None = None


def _last(**about: Any) -> Subquery:
    """The moment of the last change about something."""
    found = Change.objects.filter(**about).order_by("-number")
    return Subquery(found.values("moment")[:1])


def _latest(*moments: datetime.datetime | None) -> datetime.datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


# -- pages of the tree ------------------------------------------------------------------------


def pages(lists: Directory) -> Iterator[Entry]:
    """Home, standard pages, assemblies, cycles: all that the directory knows."""
    hidden = _hidden(lists)
    changed = _changed(lists)
    last = Change.objects.order_by("-number").values_list("moment", flat=True).first()
    for key, original in lists.originals.items():
        if not original.live or key in hidden:
            continue
        urls = {
            code: page_url(lists.slugs(version, code), code)
            for code, version in lists.by_key[key].items()
            if version.live
        }
        yield Entry(urls, changed.get(key, last if original in lists.homes.values() else None))


#: Keys of pages that rooms above keep out of it; they add theirs in ``AppConfig.ready()``.
HIDDEN: list[Callable[[], set]] = []


def _hidden(lists: Directory) -> set:
    """Keys of the pages of examples: assemblies, cycles, and cycles all of whose content is one."""
    found = set().union(*(keys() for keys in HIDDEN))
    found |= {row.translation_key for row in lists.assemblies.values() if row.example}
    real = set(
        Recommendation.objects.live()
        .filter(withdrawn_on__isnull=True)
        .annotate(marked=invented())
        .filter(marked=False)
        .values_list("cycle", flat=True)
    )
    filled = set(Recommendation.objects.live().values_list("cycle", flat=True))
    for row in lists.cycles.values():
        wholly_invented = row.pk in filled and row.pk not in real
        if row.example or lists.assemblies[row.assembly_id].example or wholly_invented:
            found.add(row.translation_key)
    return found


def _changed(lists: Directory) -> dict[Any, datetime.datetime]:
    """When something on the page of a cycle or an assembly was published last."""
    found: dict[Any, datetime.datetime] = {}

    def note(cycle: int | None, assembly: int | None, moment: datetime.datetime) -> None:
        row = lists.cycles.get(cycle or 0)
        if row is not None:
            found[row.translation_key] = max(found.get(row.translation_key, moment), moment)
            assembly = row.assembly_id
        above = lists.assemblies.get(assembly or 0)
        if above is not None:
            found[above.translation_key] = max(found.get(above.translation_key, moment), moment)

    for path in ("cycle", "recommendation__cycle", "measure__cycle", "act__cycle"):
        for cycle, moment in _by(path):
            note(cycle, None, moment)
    for path in ("action__cycle", "action__targets__recommendation__cycle"):
        for cycle, moment in _by(path):
            note(cycle, None, moment)
    for assembly, moment in _by("assembly"):
        note(None, assembly, moment)
    return found


def _by(path: str) -> QuerySet:
    return (
        Change.objects.filter(**{f"{path}__isnull": False})
        .order_by()
        .values(path)
        .annotate(last=Max("moment"))
        .values_list(path, "last")
    )


# -- recommendations --------------------------------------------------------------------------


def recommendations() -> QuerySet[Recommendation]:
    """Those of which all that their page shows is real, in the order of their entry."""
    serving = MeasureServes.objects.filter(recommendation=OuterRef("pk"), measure__live=True)
    told = ActionTarget.objects.filter(
        Q(recommendation=OuterRef("pk")) | Q(measure__serves__recommendation=OuterRef("pk")),
        action__live=True,
        action__example=True,
    )
    return (
        Recommendation.objects.live()
        .filter(
            withdrawn_on__isnull=True,
            example=False,
            cycle__example=False,
            cycle__assembly__example=False,
        )
        .exclude(Exists(told) | Exists(serving.filter(measure__example=True)))
        .order_by("pk")
    )


def of_recommendations(lists: Directory, rows: QuerySet[Recommendation]) -> Iterator[Entry]:
    """Two queries: what was published last about each, and the addresses in all languages."""
    found = list(
        rows.annotate(
            own=_last(recommendation=OuterRef("pk")),
            told=_last(action__targets__recommendation=OuterRef("pk")),
            measured=_last(measure__serves__recommendation=OuterRef("pk")),
            advanced=_last(action__targets__measure__serves__recommendation=OuterRef("pk")),
        ).values_list("translation_key", "cycle", "own", "told", "measured", "advanced")
    )
    slugs: dict[Any, dict[str, str]] = defaultdict(dict)
    pages = RecommendationPage.objects.filter(
        live=True, alias_of__isnull=True, translation_key__in=[row[0] for row in found]
    )
    for key, code, slug in pages.values_list("translation_key", "locale__language_code", "slug"):
        slugs[key][code] = slug
    above: dict[tuple[int, str], str] = {}
    for key, cycle, *moments in found:
        urls = {}
        for code, slug in slugs[key].items():
            if (cycle, code) not in above:
                place = lists.originals[lists.cycles[cycle].translation_key]
                above[cycle, code] = page_url(lists.slugs(place, code), code)
            urls[code] = f"{above[cycle, code]}{slug}/"
        yield Entry(urls, _latest(*moments))


# -- facts ------------------------------------------------------------------------------------


def measures() -> QuerySet[Any]:
    told = ActionTarget.objects.filter(measure=OuterRef("pk"), action__example=True)
    asked = MeasureServes.objects.filter(measure=OuterRef("pk"), recommendation__example=True)
    return (
        Measure.objects.filter(
            live=True, example=False, cycle__example=False, cycle__assembly__example=False
        )
        .exclude(Exists(told.filter(action__live=True)) | Exists(asked))
        .order_by("pk")
        .annotate(
            own=_last(measure=OuterRef("pk")), told=_last(action__targets__measure=OuterRef("pk"))
        )
    )


def acts() -> QuerySet[Any]:
    asked = ActAdopts.objects.filter(act=OuterRef("pk"), recommendation__example=True)
    return (
        Act.objects.filter(
            live=True, example=False, cycle__example=False, cycle__assembly__example=False
        )
        .exclude(Exists(asked))
        .order_by("pk")
        .annotate(own=_last(act=OuterRef("pk")), told=_last(action__act=OuterRef("pk")))
    )


def actions() -> QuerySet[Any]:
    aimed = ActionTarget.objects.filter(action=OuterRef("pk"))
    asked = aimed.filter(Q(recommendation__example=True) | Q(measure__example=True))
    return (
        Action.objects.filter(live=True, example=False, assembly__example=False)
        .exclude(Exists(asked))
        .order_by("pk")
        .annotate(own=_last(action=OuterRef("pk")), told=_last(action__corrects=OuterRef("pk")))
    )


def of_facts(lists: Directory, rows: QuerySet) -> Iterator[Entry]:
    """Each in the languages that its title is written in."""
    name, key = {
        Measure: ("assemblies:measure", "reference"),
        Act: ("assemblies:act", "slug"),
        Action: ("assemblies:action", "number"),
    }[rows.model]
    for row in rows:
        yield Entry(
            _in_each(name, getattr(row, key), written_in(row.title)), _latest(row.own, row.told)
        )


def _in_each(name: str, key: Any, languages: set[str]) -> dict[str, str]:
    urls = {}
    for code, _name in settings.LANGUAGES:
        if code in languages:
            with override(code):
                urls[code] = reverse(name, args=[key])
    return urls


# -- lists ------------------------------------------------------------------------------------


def listed(lists: Directory) -> Iterator[Entry]:
    """The pages of bodies and topics: they show every publication, so that no day is theirs."""
    everywhere = {code for code, _name in settings.LANGUAGES}
    for body in lists.bodies.values():
        if not body.example:
            yield Entry(_in_each("assemblies:body", body.slug, written_in(body.name)))
    real = set(
        Recommendation.objects.live()
        .filter(withdrawn_on__isnull=True, topics__isnull=False)
        .annotate(marked=invented())
        .filter(marked=False)
        .values_list("topics", flat=True)
    )
    for topic in lists.topics.values():
        if topic.pk in real:
            yield Entry(_in_each("assemblies:topic", topic.slug, everywhere))


#: Sections of rows: how to choose them, and how to tell them. Rooms above add theirs.
ROWS: dict[str, tuple[Callable[[], QuerySet], Callable[[Directory, QuerySet], Iterator[Entry]]]] = {
    "recommendations": (recommendations, of_recommendations),
    "measures": (measures, of_facts),
    "acts": (acts, of_facts),
    "actions": (actions, of_facts),
}
