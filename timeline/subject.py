"""What a page of figures is about: an assembly or a cycle, found by its page's address."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from assemblies import routing
from assemblies.directory import Directory, Place
from assemblies.models import Assembly, Cycle, Regime
from assemblies.pages import as_of, day
from assemblies.pages.assembly import had_begun
from assemblies.pages.common import directory_of, place_label, reader_language
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
    """The assembly or cycle whose page is at ``path``, or was before it moved; else 404."""
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) <= routing.MAX_SEGMENTS:
        for place, _past in routing.walks(lists, segments, reader_language()):
            found = _subject(lists, lists.original(place))
            if found is not None:
                request.assembly = found.assembly  # type: ignore[attr-defined]
                return found
    raise Http404


def _subject(lists: Directory, place: Place) -> Subject | None:
    cycle = next((row for row in lists.cycles.values() if row.translation_key == place.key), None)
    assembly = (
        lists.assemblies[cycle.assembly_id]
        if cycle is not None
        else next(
            (row for row in lists.assemblies.values() if row.translation_key == place.key), None
        )
    )
    if assembly is None or not place.live:
        return None
    return Subject(place, assembly, cycle, lists.regime_of(assembly))


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


def doors(
    lists: Directory, subject: Subject, past: day.Past, *, but: str = ""
) -> list[dict[str, Any]]:
    """The other pages of figures and dates about it, on the same day; ``but``: the page itself."""
    slug = [subject.assembly.slug]
    found = {
        "numbers": (gettext("How many were really done, and who says so?"), "delivered"),
        "expected": (gettext("What is expected, and what is late"), "calendar"),
        "changes": (gettext("What changed between two dates"), "report"),
        "agenda": (gettext("Agenda of the meeting"), "print"),
    }
    addresses = {
        "numbers": day.kept(subject.url(lists, "numbers"), past),
        "expected": day.kept(reverse("timeline:expected", args=slug), past),
        "agenda": day.kept(reverse("timeline:agenda", args=slug), past),
    }
    if subject.cycle is not None:
        to = f"?to={past:%Y-%m-%d}" if past else ""
        addresses["changes"] = subject.url(lists, "changes") + to
        del addresses["agenda"]
    return [
        {"label": label, "icon": icon, "url": addresses[view]}
        for view, (label, icon) in found.items()
        if view in addresses and view != but
    ]


def added(request: HttpRequest, row: Assembly | Cycle) -> str:
    """The doors to these pages, on the page of an assembly or a cycle itself."""
    lists = directory_of(request)
    place = lists.originals.get(row.translation_key)
    if place is None:
        return ""
    cycle = row if isinstance(row, Cycle) else None
    assembly = lists.assemblies[row.assembly_id] if isinstance(row, Cycle) else row
    subject = Subject(place, assembly, cycle, lists.regime_of(assembly))
    found = doors(lists, subject, as_of.asked(request))
    return render_to_string("timeline/parts/added.html", {"doors": found})
