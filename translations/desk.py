"""The translators' desk: what is missing in a language, what is outdated, most visible first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies import clock
from assemblies.models import Assembly, Change, Cycle, RecommendationPage, StateSpan
from assemblies.words import Choice, choose
from translations.tables import BY_NAME, TABLES, ListTable, Table
from translations.tables.pages import PAGES, PageTable

#: Steps of the last months stand on the first screens: home page, timeline, top of their pages.
LATELY = timedelta(days=90)
ROWS = 50

ALL_TABLES: dict[str, Table] = {table.name: table for table in (*PAGES, *TABLES)}
_LISTS = ("assembly", "kind", "body", "topic", "regime")
#: Lists of other rooms, which stand around every page.
_AROUND = tuple(
    table.name
    for table in TABLES
    if isinstance(table, ListTable) and table.name not in (*_LISTS, "group")
)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a table, at its place in the order in which readers meet things."""

    table: Table
    section: "str | Promise"
    #: Of a table that stands in two places: which half.
    half: str = ""

    def narrowed(self, rows: Any) -> Any:
        if not self.half:
            return rows
        now = Q(happened_last__gte=clock.today() - LATELY) | Q(
            Exists(StateSpan.objects.filter(set_by=OuterRef("pk"), end__isnull=True))
        )
        return rows.filter(now if self.half == "now" else ~now)


FIRST = pgettext_lazy("translations", "On every page")
CYCLES = pgettext_lazy("translations", "Cycles and their groups")
NOW = pgettext_lazy("translations", "What happened lately, or stands today")
ASKED = pgettext_lazy("translations", "Recommendations")
DONE = pgettext_lazy("translations", "Measures and acts")
EARLIER = pgettext_lazy("translations", "Earlier steps, passages, counts")

_pages = {table.name: table for table in PAGES}
SLICES: tuple[Slice, ...] = (
    Slice(_pages["site"], FIRST),
    Slice(_pages["page"], FIRST),
    *(Slice(BY_NAME[name], FIRST) for name in (*_AROUND, *_LISTS)),
    Slice(_pages["cycle"], CYCLES),
    Slice(BY_NAME["group"], CYCLES),
    Slice(BY_NAME["action"], NOW, "now"),
    Slice(_pages["recommendation"], ASKED),
    Slice(BY_NAME["measure"], DONE),
    Slice(BY_NAME["act"], DONE),
    Slice(BY_NAME["action"], EARLIER, "earlier"),
    *(Slice(BY_NAME[name], EARLIER) for name in ("passage", "count", "withdrawal")),
)

#: What the list can be narrowed to: name in the address → label, tables.
KINDS: dict[str, tuple[Any, frozenset[str]]] = {
    "pages": (_("Pages"), frozenset(_pages)),
    "steps": (_("Steps"), frozenset({"action"})),
    "measures": (_("Measures and acts"), frozenset({"measure", "act"})),
    "passages": (_("Passages, counts, withdrawals"), frozenset({"passage", "count", "withdrawal"})),
    "lists": (
        _("Lists"),
        frozenset({*_AROUND, *_LISTS, "group"}),
    ),
}


@dataclass
class Tally:
    """How it stands with one language of an assembly, or of what all share (``assembly`` None)."""

    assembly: Assembly | None
    language: str
    #: By place in SLICES.
    missing: dict[int, int] = field(default_factory=dict)
    outdated: dict[int, int] = field(default_factory=dict)
    every: dict[int, int] = field(default_factory=dict)

    def _sum(self, of: dict[int, int], kind: str = "") -> int:
        return sum(number for place, number in of.items() if _is_of(place, kind))

    @property
    def missing_count(self) -> int:
        return self._sum(self.missing)

    @property
    def outdated_count(self) -> int:
        return self._sum(self.outdated)

    @property
    def all_count(self) -> int:
        return self._sum(self.every)

    @property
    def left_count(self) -> int:
        return self.missing_count + self.outdated_count

    @property
    def done_count(self) -> int:
        return self.all_count - self.left_count

    def of_kind(self, kind: str) -> int:
        return self._sum(self.missing, kind) + self._sum(self.outdated, kind)


def _is_of(place: int, kind: str) -> bool:
    return not kind or SLICES[place].table.name in KINDS[kind][1]


def shared_languages(assemblies: Iterable[Assembly]) -> list[str]:
    """The languages that some assembly owes: what all share is owed in each of them."""
    owed = {code for assembly in assemblies for code in assembly.languages}
    return [code for code, _name in settings.LANGUAGES if code in owed]


def tallies(assemblies: list[Assembly], *, shared: bool = False) -> list[Tally]:
    """How it stands with each language that these assemblies owe: a query a slice, whatever they
    are. An assembly with one language owes no translation."""
    found: dict[tuple[int | None, str], Tally] = {}
    for assembly in assemblies:
        for code, _name in settings.LANGUAGES:
            if code in assembly.languages and len(assembly.languages) > 1:
                found[assembly.pk, code] = Tally(assembly, code)
    if shared:
        for code in shared_languages(assemblies):
            found[None, code] = Tally(None, code)
    codes = sorted({code for _assembly, code in found})
    if not codes:
        return []
    for place, part in enumerate(SLICES):
        for row in _counted(part, codes):
            for number, code in enumerate(codes):
                tally = found.get((row["of_assembly"], code))
                if tally is not None:
                    tally.missing[place] = row[f"missing_{number}"]
                    tally.outdated[place] = row[f"outdated_{number}"]
                    tally.every[place] = row["every"]
    return list(found.values())


def _counted(part: Slice, codes: list[str]) -> Any:
    table = part.table
    columns: dict[str, Any] = {"every": Count("pk", filter=table.with_words() or None)}
    for number, code in enumerate(codes):
        columns[f"missing_{number}"] = Count("pk", filter=table.lacking(code))
        columns[f"outdated_{number}"] = Count(
            "pk", filter=table.outdated(code) & ~table.lacking(code)
        )
    rows = part.narrowed(table.rows()).order_by()
    if not table.assembly:
        return [{"of_assembly": None, **rows.aggregate(**columns)}]
    return rows.values(of_assembly=F(table.assembly)).annotate(**columns)


# -- the list ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on the list."""

    table: Table
    row: Any
    section: Any
    key: str
    title: Choice
    kicker: str
    state: str
    since: Any
    #: Labels of the texts that are missing, and how many there are in all.
    missing: list[str]
    texts: int
    may_write: bool
    own: Any = None
    by_hand: bool = False
    complete: bool = False
    may_publish: bool = False
    may_begin_branch: bool = False
    example: bool = False

    @property
    def is_page(self) -> bool:
        return isinstance(self.table, PageTable)

    @property
    def done(self) -> int:
        return self.texts - len(self.missing)


def places(tally: Tally, *, kind: str = "", state: str = "") -> list[tuple[int, int]]:
    """Place in SLICES → how many things the list has there."""
    found = []
    for place in range(len(SLICES)):
        number = 0
        if _is_of(place, kind):
            if state != "outdated":
                number += tally.missing.get(place, 0)
            if state != "missing":
                number += tally.outdated.get(place, 0)
        found.append((place, number))
    return found


def rows_of(part: Slice, assembly_id: int | None, language: str, state: str = "") -> Any:
    """The things of a slice that the list has, in its order."""
    table = part.table
    wanted = table.lacking(language) if state != "outdated" else Q(pk__in=())
    if state != "missing":
        old = table.outdated(language) & ~table.lacking(language)
        wanted = wanted | old if state != "outdated" else old
    rows = part.narrowed(table.of(assembly_id)).filter(wanted)
    return table.complete(rows).order_by(*table.order)


def listed(
    tally: Tally, user: Any, *, kind: str = "", state: str = "", begin: int = 0, size: int = 0
) -> list[Entry]:
    """So many things of the list, from a place on: a few queries for each slice that is shown."""
    size = size or ROWS
    assembly_id = tally.assembly.pk if tally.assembly else None
    entries: list[Entry] = []
    passed = 0
    for place, number in places(tally, kind=kind, state=state):
        start, end = max(begin - passed, 0), min(begin + size - passed, number)
        passed += number
        if start >= end:
            continue
        part = SLICES[place]
        rows = list(rows_of(part, assembly_id, tally.language, state)[start:end])
        part.table.enrich(rows, tally.language)
        entries += [entry_of(part, row, tally.language, user) for row in rows]
    return _dated(entries)


def entry_of(part: Slice, row: Any, language: str, user: Any) -> Entry:
    table = part.table
    if isinstance(table, PageTable):
        return _page_entry(part, table, row, language, user)
    texts = table.texts(row, language)
    old = [text.outdated for text in texts if text.outdated is not None]
    missing = [text.label for text in texts if text.missing]
    return Entry(
        table=table,
        row=row,
        section=part.section,
        key=table.key_of(row),
        title=choose(table.title(row)),
        kicker=table.kicker(row),
        state="missing" if missing else "outdated",
        since=table.since(row) if missing else min(old, default=None),
        missing=missing or [text.label for text in texts if text.outdated is not None],
        texts=len(texts),
        may_write=table.may_write(user, row),
        example=getattr(row, "example", False),
    )


def _page_entry(part: Slice, table: PageTable, row: Any, language: str, user: Any) -> Entry:
    own = table.own(row, language)
    by_hand = table.is_by_hand(row, language)
    begun = own is not None and not by_hand
    texts = table.texts(row, language)
    missing = [text.label for text in texts if text.missing]
    published = own is not None and own.live
    if by_hand and published:
        missing = table.empty_fields(row, language)
    old = table.outdated_since(row, language)
    return Entry(
        table=table,
        row=row,
        section=part.section,
        key=table.key_of(row),
        title=choose(table.title(row)),
        kicker=table.kicker(row),
        state="outdated" if old else "begun" if own is not None and not own.live else "missing",
        since=old or table.since(row),
        missing=missing,
        texts=len(texts),
        may_write=table.may_write(user, row, language),
        own=own,
        by_hand=by_hand,
        complete=begun and not missing,
        may_publish=own is not None and own.permissions_for_user(user).can_publish(),
        may_begin_branch=table.name == "cycle",
        example=getattr(row, "example", False),
    )


def _dated(entries: list[Entry]) -> list[Entry]:
    """Lists have no day of their own: the change log knows when a row first stood there."""
    from dataclasses import replace

    names = {
        f"{each.table.model._meta.model_name}:{each.row.pk}": each
        for each in entries
        if each.since is None
    }
    first = dict(
        Change.objects.filter(listed__in=names).values_list("listed").annotate(Min("moment"))
    )
    since = {id(each): first.get(name) for name, each in names.items()}
    return [
        replace(each, since=since[id(each)]) if since.get(id(each)) else each for each in entries
    ]


def cycles_to_begin(tally: Tally) -> list[tuple[Cycle, int]]:
    """Cycles of which several recommendations have no page in the language, not even a draft."""
    if tally.assembly is None:
        return []
    there = RecommendationPage.objects.filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=tally.language,
        alias_of__isnull=True,
    )
    counted = dict(
        _pages["recommendation"]
        .of(tally.assembly.pk)
        .filter(~Exists(there))
        .order_by()
        .values_list("cycle")
        .annotate(Count("pk"))
    )
    rows = Cycle.objects.filter(pk__in=counted).select_related("page__locale").order_by("reference")
    return [(row, counted[row.pk]) for row in rows if counted[row.pk] > 1]


def everything(
    tally: Tally, *, kind: str = "", state: str = "", most: int
) -> Iterator[tuple[Table, Any]]:
    """The rows of the whole list, for a file: at most so many."""
    assembly_id = tally.assembly.pk if tally.assembly else None
    left = most
    for place, number in places(tally, kind=kind, state=state):
        if not number or left <= 0:
            continue
        part = SLICES[place]
        rows = list(rows_of(part, assembly_id, tally.language, state)[:left])
        part.table.enrich(rows, tally.language)
        left -= len(rows)
        for row in rows:
            yield part.table, row
