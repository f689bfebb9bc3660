"""A draft of an edition, worked out from the facts of this moment and the pages being edited."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assemblies import clock, directory
from assemblies.pages.common import site_url
from booklets import gather, words
from booklets.changes import changes
from booklets.compile import compile
from booklets.gaps import gaps
from booklets.material import Scope
from booklets.models import BookletPage, Edition
from booklets.place import Place, place_of


def original_of(page: BookletPage) -> BookletPage:
    """The page that the choices are read from: the one made first, as it is being edited."""
    first = (
        BookletPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .order_by("pk")
        .first()
    )
    if first is None or first.pk == page.pk:
        return page
    latest: BookletPage = first.get_latest_revision_as_object()
    return latest


def versions_of(page: BookletPage) -> dict[str, BookletPage]:
    """Language → its page as it is being edited; ``page`` itself as it is given."""
    found = {}
    for each in (
        BookletPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .select_related("locale")
        .order_by("pk")
    ):
        own = each.pk == page.pk
        found[each.locale.language_code] = page if own else each.get_latest_revision_as_object()
    if page.locale_id and page.locale.language_code not in found:
        found[page.locale.language_code] = page
    return found


def previous_of(place: Place, number: int) -> Edition | None:
    """The edition before: the highest number below that is frozen and not withdrawn."""
    rows = Edition.objects.filter(
        assembly=place.assembly, cycle=place.cycle, retraction__isnull=True
    )
    found: Edition | None = rows.filter(number__lt=number).order_by("-number").first()
    return found


def languages_of(page: BookletPage, place: Place) -> list[str]:
    chosen = page.languages or place.assembly.languages
    return [code for code, _name in settings.LANGUAGES if code in chosen] or [
        page.locale.language_code
    ]


def draft(page: BookletPage, *, parent: Any = None) -> dict[str, Any]:
    """The snapshot of a draft, as the facts are at this moment; its pictures are named by file.

    Raises ``ValidationError`` where what stands above it is not published.
    """
    return Drafting(page, parent=parent).snapshot


class Drafting:
    """A draft, worked out: its snapshot, and the pictures that belong to it."""

    def __init__(self, page: BookletPage, *, parent: Any = None) -> None:
        self.page = original_of(page)
        place = place_of(parent or page.get_parent())
        if place is None:
            raise ValidationError(_("Publish the assembly’s or the cycle’s page first."))
        self.place = place
        self.previous = previous_of(place, self.page.number)
        self.languages = languages_of(self.page, place)
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self.versions = versions_of(page)
        self.snapshot = self._snapshot()

    def _snapshot(self) -> dict[str, Any]:
        page, place = self.page, self.place
        cycles = [c for c in place.cycles() if not self._chosen("cycles") or place.cycle]
        if place.cycle is None and (chosen := self._chosen("cycles")):
            cycles = [cycle for cycle in place.cycles() if cycle.pk in chosen]
        material = gather.material(place.assembly, cycles)
        closing = page.closing_on or clock.today()
        scope = Scope(
            closing_on=closing,
            languages=gather.languages(),
            cycles=frozenset(cycle.pk for cycle in cycles),
            groups=frozenset(self._chosen("groups")),
            topics=frozenset(self._chosen("topics")),
            bodies=frozenset(self._chosen("bodies")),
            kinds=frozenset(kind.code for kind in page.kinds.all()),
            order=page.order,
        )
        found = compile(
            material,
            scope,
            edition=self._edition(cycles),
            texts={
                code: words.of_page(version, self._keep)
                for code, version in sorted(self.versions.items())
                if code in self.languages and (version.title or version.foreword)
            },
        )
        if self.previous is not None:
            found["changes"] = changes(self.previous.snapshot, found)
        found["cover"] = words.cover_of(page, self.versions, self._keep)
        found["gaps"] = gaps(found)
        return found

    def _chosen(self, name: str) -> set[int]:
        return {each.pk for each in getattr(self.page, name).all()}

    def _keep(self, name: str, media_type: str, content: bytes) -> None:
        self.pictures[name] = (media_type, content)

    def _edition(self, cycles: list[Any]) -> dict[str, Any]:
        page, previous = self.page, self.previous
        start = page.period_from
        if start is None and previous is not None:
            start = previous.closing_on
        if start is None:
            days = [cycle.handed_over_on for cycle in cycles if cycle.handed_over_on]
            start = min(days, default=None)
        return {
            "code": self.place.code(page.number),
            "number": page.number,
            "place": self.place.reference,
            "period_from": start.isoformat() if start else None,
            "frozen_on": clock.today().isoformat(),
            "languages": self.languages,
            "original": page.locale.language_code,
            "example": page.example or self.place.assembly.example,
            "site": site_url(),
            "site_version": settings.SUITES_VERSION,
            "known_to": directory.generation()[0],
            "previous": {
                "code": previous.code,
                "number": previous.number,
                "closing_on": previous.closing_on.isoformat(),
                "sha256": previous.sha256,
            }
            if previous is not None
            else None,
        }
