"""What is followed, in words: its name and its address, for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from assemblies.directory import Directory
from assemblies.models import Measure, Recommendation
from assemblies.pages.common import kicker, named, place_label, place_url, reader_language
from assemblies.templatetags.suites import words
from assemblies.words import Choice, choose, plain, said_with
from search import matching as matching_search
from subscriptions import matching, searches
from subscriptions.enums import Followable
from subscriptions.models import Followed


@dataclass(frozen=True, slots=True)
class Thing:
    """A followed thing as readers of the active language see it. ``url`` is "" once it is gone."""

    kind: str
    name: Choice
    url: str
    #: The reference of a recommendation or a measure, which is short.
    reference: str = ""
    key: int | None = None
    #: Where it is, if its name does not say it: of a cycle, the territory.
    place: Choice | None = None

    @property
    def marked(self) -> SafeString:
        """What it is and what it is called, "Topic: water", each part in its own language."""
        name = words(self.name, note=False)
        if self.place:
            name = format_html("{} ({})", name, words(self.place, note=False))
        if self.kind in (Followable.RECOMMENDATION, Followable.ASSEMBLY, Followable.CYCLE):
            return name  # says itself what it is
        return said_with(gettext("%(kind)s: %(name)s"), kind=Followable(self.kind).label, name=name)

    @property
    def marked_short(self) -> SafeString:
        """The same, where it stands beside others: a reference says enough."""
        return conditional_escape(self.reference) if self.reference else self.marked

    @property
    def label(self) -> str:
        """The same as plain text."""
        return plain(self.marked)


def in_words(lists: Directory, rows: Iterable[Followed]) -> dict[int, Thing]:
    """Each followed thing by the key of its row; two queries at most."""
    rows = list(rows)
    keys = {kind: {row.key for row in rows if row.kind == kind} for kind in Followable}
    asked = (
        {
            row.pk: row
            for row in named(Recommendation.objects.filter(pk__in=keys[Followable.RECOMMENDATION]))
        }
        if keys[Followable.RECOMMENDATION]
        else {}
    )
    measures = Measure.objects.in_bulk(keys[Followable.MEASURE]) if keys[Followable.MEASURE] else {}
    return {
        row.pk: _search(lists, row)
        if row.kind == Followable.SEARCH
        else _thing(lists, row, asked, measures)
        for row in rows
    }


def _search(lists: Directory, row: Followed) -> Thing:
    """A search in the words that were typed; those that it finds are the reader's to judge."""
    name = Choice(matching_search.label(row.query), reader_language())
    there = searches.understood(lists, row.query)
    return Thing(row.kind, name, matching_search.address(row.query) if there else "")


def _thing(lists: Directory, row: Followed, asked: dict[int, Any], measures: dict) -> Thing:
    if row.kind == Followable.RECOMMENDATION and row.key in asked:
        found = asked[row.key]
        title = found.own_title or found.title
        name = gettext("%(reference)s, %(title)s") % {"reference": found.reference, "title": title}
        language = choose(kicker(lists, found)).language if found.own_title else ""
        missing = not found.own_title
        said = Choice(name, language or found.original_language, missing=missing)
        url = reverse("assemblies:reference", args=[found.reference])
        return Thing(row.kind, said, url, found.reference, row.key)
    if row.kind == Followable.MEASURE and row.key in measures:
        measure = measures[row.key]
        title = choose(measure.title)
        name = gettext("%(reference)s, %(title)s") % {
            "reference": measure.reference,
            "title": title.text,
        }
        said = Choice(name, title.language, missing=title.missing)
        return Thing(row.kind, said, measure.url, measure.reference, row.key)
    if row.kind in (Followable.TOPIC, Followable.BODY):
        listed = (lists.topics if row.kind == Followable.TOPIC else lists.bodies).get(row.key)
        if listed is not None:
            return Thing(row.kind, choose(listed.name), listed.url)
    if row.kind in (Followable.ASSEMBLY, Followable.CYCLE):
        return _place(lists, row)
    return Thing(row.kind, _last_known(row), "")


def _place(lists: Directory, row: Followed) -> Thing:
    registered: Any = (lists.assemblies if row.kind == Followable.ASSEMBLY else lists.cycles).get(
        row.key
    )
    page = lists.originals.get(registered.translation_key) if registered is not None else None
    if page is None or not page.live:
        return Thing(row.kind, _last_known(row), "")
    name = place_label(lists, page)
    if row.kind == Followable.CYCLE:
        assembly = choose(lists.assemblies[registered.assembly_id].territory)
        return Thing(row.kind, name, place_url(lists, page), place=assembly)
    return Thing(row.kind, name, place_url(lists, page))


def _last_known(row: Followed) -> Choice:
    return choose(row.known.get("name") or pgettext("followed", "no longer published"))


# -- what a form names -----------------------------------------------------------------------------


def exists(lists: Directory, kind: str, key: int) -> bool:
    """Whether there is such a thing, and readers can see it."""
    if kind == Followable.RECOMMENDATION:
        return Recommendation.objects.live().filter(pk=key, withdrawn_on=None).exists()
    if kind == Followable.MEASURE:
        return Measure.objects.filter(pk=key, live=True).exists()
    return kind in Followable.values and not matching.snapshot(lists, kind, key).get("gone")


def from_code(lists: Directory, code: str) -> Followed | None:
    """What a form names (``topic:12``), as a row, saved or not; None where there is none."""
    kind, _colon, key = code.partition(":")
    if kind == Followable.SEARCH:
        return _from_search(lists, searches.canonical(key))
    if kind not in Followable.values or not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    row = Followed.objects.filter(kind=kind, key=int(key)).first()
    if row is not None:
        return row
    if not exists(lists, kind, int(key)):
        return None
    return Followed(kind=kind, key=int(key), known=matching.snapshot(lists, kind, int(key)))


def _from_search(lists: Directory, query: str) -> Followed | None:
    if not query or not searches.understood(lists, query):
        return None
    row = Followed.objects.filter(query=query).first()
    return row or Followed(kind=Followable.SEARCH, query=query)


def kept(row: Followed) -> Followed:
    """The row of a thing, written when it is first followed."""
    if row.pk is not None:
        return row
    Followed.objects.bulk_create([row], ignore_conflicts=True)
    return Followed.objects.get(kind=row.kind, key=row.key, query=row.query)
