"""What the blocks of a page read from the register, when the page is read.

All key figures of a page are one query, whatever their number; a list or an excerpt is one each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from assemblies.directory import Directory, Place
from assemblies.models import Action, Assembly, MeasureServes, Recommendation
from assemblies.pages.common import directory_of, owes, place_label, place_url
from assemblies.pages.cycle import ledger
from assemblies.pages.latest import latest
from assemblies.pages.rows import Figures, figures, listed, row_of, total

ORDER = ("asked", "answered", "done", "judged")


@dataclass(frozen=True, slots=True)
class About:
    """The one assembly or cycle that a block is about."""

    assembly: Assembly
    place: Place
    cycles: tuple[int, ...]
    whole: bool

    @property
    def recommendations(self) -> Q:
        return Q(cycle__in=self.cycles)

    @property
    def actions(self) -> Q:
        if self.whole:
            return Q(assembly=self.assembly.pk)
        return (
            Q(cycle__in=self.cycles)
            | Q(group__cycle__in=self.cycles)
            | Q(targets__recommendation__cycle__in=self.cycles)
            | Q(targets__measure__cycle__in=self.cycles)
        )


def about(lists: Directory, code: str) -> About | None:
    """What a permanent code names; None where it is not, or not yet, published."""
    for assembly in lists.assemblies.values():
        cycles = [each for each in lists.cycles.values() if each.assembly_id == assembly.pk]
        own = [each for each in cycles if each.reference == code]
        if assembly.code != code and not own:
            continue
        row = own[0] if own else assembly
        place = lists.originals.get(row.translation_key)
        if place is None or not place.live:
            return None
        keys = tuple(each.pk for each in (own or cycles))
        return About(assembly=assembly, place=place, cycles=keys, whole=not own)
    return None


def _named(lists: Directory, found: About) -> dict[str, Any]:
    return {
        "place": place_label(lists, found.place),
        "place_url": place_url(lists, found.place),
        "owed": owes(found.assembly),
        "ink": found.assembly.ink,
    }


def _counted(request: HttpRequest, lists: Directory) -> dict[int, Figures]:
    """The figures of every cycle, read once for all blocks of the page."""
    found = getattr(request, "counted_for_blocks", None)
    if found is None:
        found = figures(lists.cycles)
        request.counted_for_blocks = found
    return found


def key_figures(request: HttpRequest | None, code: str, chosen: list[str]) -> dict[str, Any]:
    """The chosen of the four figures, each with what it is counted of."""
    if request is None:
        return {}
    lists = directory_of(request)
    found = about(lists, code)
    if found is None:
        return {}
    counted = _counted(request, lists)
    whole = total(counted[key] for key in found.cycles)
    above = lists.originals[found.assembly.translation_key]
    regime = lists.regime_of(found.assembly)
    entries = ledger(lists, whole, regime, place_url(lists, above))
    return _named(lists, found) | {
        "entries": [each for name, each in zip(ORDER, entries, strict=True) if name in chosen],
        "example": found.assembly.example or whole.example,
    }


def recommendations(request: HttpRequest | None, value: Mapping[str, Any]) -> dict[str, Any]:
    """The first recommendations that match, in the natural order of their cycles."""
    if request is None:
        return {}
    lists = directory_of(request)
    found = about(lists, value["subject"])
    if found is None:
        return {}
    rows = (
        listed(Recommendation.objects.filter(found.recommendations, _matching(lists, value)))
        .filter(withdrawn_on__isnull=True)
        .order_by("cycle", "position", "pk")[: value.get("limit") or 5]
    )
    return _named(lists, found) | {"rows": [row_of(lists, each) for each in rows]}


def _matching(lists: Directory, value: Mapping[str, Any]) -> Q:
    serving = MeasureServes.objects.filter(recommendation=OuterRef("pk"), measure__live=True)
    wanted = Q()
    for axis in ("response", "opinion"):
        if value.get(axis):
            wanted &= Q(**{f"{axis}__in": value[axis]})
    if states := value.get("implementation"):
        own = Q(implementation__in=states) & ~Exists(serving)
        wanted &= own | Q(Exists(serving.filter(measure__implementation__in=states)))
    if slug := value.get("topic"):
        keys = [each.pk for each in lists.topics.values() if each.slug == slug]
        wanted &= Q(topics__in=keys)
    if slug := value.get("body"):
        keys = [each.pk for each in lists.bodies.values() if each.slug == slug]
        wanted &= Q(deciding_body__in=keys) | Q(Exists(serving.filter(measure__lead__in=keys)))
    return wanted


def timeline(request: HttpRequest | None, value: Mapping[str, Any]) -> dict[str, Any]:
    """The latest steps of these kinds."""
    if request is None:
        return {}
    lists = directory_of(request)
    found = about(lists, value["subject"])
    if found is None:
        return {}
    matching = Action.objects.filter(found.actions)
    if value.get("kinds"):
        matching = matching.filter(kind__in=value["kinds"])
    steps = latest(
        lists, Action.objects.filter(pk__in=matching.values("pk")), value.get("limit") or 3
    )
    return _named(lists, found) | {"steps": steps}
