"""What a page of figures is about: an assembly or a cycle, found by its page's address."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import override

from assemblies import routing
from assemblies.directory import Directory, Place
from assemblies.models import Assembly, Cycle, Regime
from assemblies.pages.assembly import had_begun
from assemblies.pages.common import place_label, reader_language
from assemblies.words import Choice


@dataclass(frozen=True)
class Subject:
    """An assembly, or one of its cycles."""

    place: Place
    assembly: Assembly
    #: None: the whole assembly.
    cycle: Cycle | None
    regime: Regime

    def cycles(self, lists: Directory, past: datetime.date | None) -> list[Cycle]:
        """The cycles that are counted: those that had begun by the day."""
        found = [self.cycle] if self.cycle is not None else list(lists.cycles.values())
        return [
            cycle
            for cycle in found
            if cycle.assembly_id == self.assembly.pk
            and lists.originals.get(cycle.translation_key)
            and had_begun(cycle, past)
        ]

    def url(self, lists: Directory, view: str, language: str = "") -> str:
        """The address of a view of it, in a language."""
        language = language or reader_language()
        with override(language):
            path = "/".join(lists.slugs(self.place, language))
            return reverse(f"timeline:{view}", kwargs={"path": path})

    def label(self, lists: Directory) -> Choice:
        return place_label(lists, self.place)


def subject_at(request: HttpRequest, lists: Directory, path: str) -> Subject:
    """The assembly or cycle whose page is at ``path``; else 404."""
    segments = [segment for segment in path.split("/") if segment]
    place = None
    if len(segments) <= routing.MAX_SEGMENTS:
        # The names of today come first; who comes by a past one is sent on by the view.
        place, _past = next(routing.walks(lists, segments, reader_language()), (None, False))
    if place is None or not lists.original(place).live:
        raise Http404
    cycle = next((row for row in lists.cycles.values() if row.translation_key == place.key), None)
    assembly = (
        lists.assemblies[cycle.assembly_id]
        if cycle is not None
        else next(
            (row for row in lists.assemblies.values() if row.translation_key == place.key), None
        )
    )
    if assembly is None:
        raise Http404
    request.assembly = assembly  # type: ignore[attr-defined]
    return Subject(lists.original(place), assembly, cycle, lists.regime_of(assembly))


def versions(lists: Directory, subject: Subject, view: str) -> dict[str, tuple[str, bool]]:
    """Where each language finds the view, and whether the page exists there."""
    return {
        code: (subject.url(lists, view, code), code in lists.by_key[subject.place.key])
        for code, _name in settings.LANGUAGES
    }


def context_of(lists: Directory, subject: Subject) -> dict[str, Any]:
    """What every page about it says of whose it is."""
    return {
        "assembly": subject.assembly,
        "cycle": subject.cycle,
        "regime": subject.regime,
        "ink": subject.assembly.ink,
        "owed": subject.assembly.owes(reader_language()),
        "subject_label": subject.label(lists),
        "assembly_label": place_label(lists, lists.originals[subject.assembly.translation_key]),
    }
