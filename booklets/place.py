"""Where a booklet stands: under a cycle, or under an assembly with all its cycles."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from assemblies.models import Assembly, Body, Cycle, Group, RecommendationKind, Topic


@dataclass(frozen=True, slots=True)
class Place:
    """The assembly of a booklet and, where it is a cycle's, the cycle."""

    assembly: Assembly
    cycle: Cycle | None = None

    @property
    def reference(self) -> str:
        return self.cycle.reference if self.cycle is not None else self.assembly.code

    def code(self, number: int) -> str:
        """The permanent name of an edition: ``BXL-C1-L3``."""
        return f"{self.reference}-L{number}"

    def cycles(self) -> list[Cycle]:
        if self.cycle is not None:
            return [self.cycle]
        return list(self.assembly.cycles.order_by("code"))

    def choosable(self, name: str) -> QuerySet[Any]:
        """What may be chosen to go in."""
        cycles = self.cycles()
        everything: dict[str, QuerySet[Any]] = {
            "cycles": Cycle.objects.filter(pk__in=[cycle.pk for cycle in cycles]),
            "groups": Group.objects.filter(cycle__in=cycles).order_by("cycle", "position"),
            "topics": Topic.objects.all(),
            "bodies": Body.objects.filter(Q(assembly=self.assembly) | Q(assembly__isnull=True)),
            "kinds": RecommendationKind.objects.filter(assembly=self.assembly),
        }
        return everything[name]

    def editions(self) -> Any:
        from booklets.models import Edition

        return Edition.objects.light().filter(assembly=self.assembly, cycle=self.cycle)

    def taken(self, number: int, key: Any) -> bool:
        return self.editions().filter(number=number).exclude(translation_key=key).exists()


def place_of(parent: Page | None) -> Place | None:
    """What stands above a booklet, in whichever language; None while it is not published."""
    if parent is None:
        return None
    cycle = Cycle.objects.filter(translation_key=parent.translation_key).first()
    if cycle is not None:
        return Place(cycle.assembly, cycle)
    assembly = Assembly.objects.filter(translation_key=parent.translation_key).first()
    return Place(assembly) if assembly is not None else None
