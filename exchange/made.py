"""What has been made of the rows so far, and how a row's facts become those of a model."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale, Page

from assemblies.enums import Kind
from assemblies.models import Action
from exchange import tables
from exchange.batches import batched
from exchange.models import MODELS
from exchange.package import Package
from exchange.row import Row
from exchange.spool import PART_OF
from exchange.tables import ANY


class Unreachable(Exception):
    """A row names another one that could not be written; that one has its own problem."""


@dataclass(slots=True)
class Draft:
    """A fact as its rows say it, not saved yet."""

    fact: Any
    #: Table and key of each child row that has a row of its own in the folder.
    parts: list[tuple[str, str, Any]] = field(default_factory=list)


#: Tables as long as the folder: of what is made of their rows, only primary keys are kept.
LONG = frozenset(
    {"recommendations", "acts", "measures", "passages", "actions", *PART_OF}
    | {"announced_counts", "withdrawals"}
)
#: What an object of the site needs so that facts can be checked against it without a query.
WITH: dict[str, tuple[str, ...]] = {
    "cycles": ("assembly",),
    "groups": ("cycle",),
    "kinds": ("assembly",),
    "recommendations": ("cycle__assembly",),
    "measures": ("cycle__assembly",),
    "passages": ("recommendation__cycle", "body"),
}
#: Objects fetched at once; bounds the length of an SQL list.
BATCH = 500


class Made:
    """The objects made of a package's rows, by table and key; also those made earlier.

    Those of the lists and places stay in memory. Of the others there may be very many: those that
    a batch names are fetched before it (:meth:`prepare`), and forgotten with it.
    """

    def __init__(self, package: Package):
        self.package = package
        self.spool = package.spool
        self.spool.forget_made()
        #: Objects of the lists, assemblies and cycles.
        self._lists: dict[tuple[str, str], Any] = {}
        #: Register rows and published facts that this batch made or names.
        self._held: dict[tuple[str, str], Any] = {}
        #: The parts of the facts of this batch.
        self._parts: dict[tuple[str, str], list[Row]] = {}
        #: Rows for which the site had an object of another origin, which stays as it stands.
        self.found: set[tuple[str, str]] = set()
        #: Register rows whose states are yet to be computed.
        self.unprojected: set[int] = set()
        #: Regimes that the site was set up with, and that the package has made its own.
        self.taken_over: set[int] = set()
        #: The pages of an assembly or a cycle, by language.
        self.pages: dict[tuple[str, str], dict[str, Page]] = {}
        #: The steps that acts and measures made by being published, of those that are corrected.
        self.steps: dict[tuple[str, str], Any] = {}
        self._corrected_steps = {
            (table, key)
            for table, column in (("acts", "corrects_act"), ("measures", "corrects_measure"))
            for key in self.spool.named_by("actions", column)
        }
        self._slugs: dict[int, set[str]] = {}
        self.locales = {each.language_code: each for each in Locale.objects.all()}

    def keep(self, table: str, key: str, thing: Any) -> None:
        """Say what was made of a row."""
        self.note(table, key, thing.pk)
        (self._held if table in LONG else self._lists)[table, key] = thing

    def note(self, table: str, key: str, pk: int) -> None:
        """Say only which primary key a row's object has."""
        self.spool.put_made(table, key, pk)

    def has(self, table: str, key: str | None) -> bool:
        """Whether anything was made of a row, or came earlier."""
        return key is not None and self.spool.made(table, key) is not None

    def of(self, table: str, key: str | None) -> Any:
        """What was made of a row; None for no key. Raises :class:`Unreachable`."""
        if key is None:
            return None
        found = (self._held if table in LONG else self._lists).get((table, key))
        if found is None and table in LONG:
            self._fetch(table, [key])
            found = self._held.get((table, key))
        if found is None:
            raise Unreachable
        return found

    def all(self, table: str, keys: list[str] | None) -> list[Any]:
        return [self.of(table, key) for key in keys or ()]

    # -- batch by batch ------------------------------------------------------------------------

    def prepare(self, rows: Iterable[Row]) -> None:
        """Forget the batch before, and fetch what these rows name, and their parts."""
        self._held.clear()
        self._parts.clear()
        rows = list(rows)
        for table, name in PART_OF.items():
            whole = f"{name}s"
            keys = [row.key for row in rows if row.table == whole]
            for key in keys:
                self._parts[table, key] = []
            for part in self.spool.parts(table, keys) if keys else ():
                self._parts[table, part[name]].append(part)
                rows.append(part)
        own = {(row.table, row.key) for row in rows}
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for column in tables.table(row.table, ANY).columns:
                if column.references not in LONG:
                    continue
                value = row[column.name]
                for key in value if isinstance(value, list) else [value]:
                    if key is not None and (column.references, key) not in own:
                        wanted.setdefault(column.references, set()).add(key)
        for table, named in wanted.items():
            self._fetch(table, sorted(named))

    def _fetch(self, table: str, keys: list[str]) -> None:
        """Read from the database what was made of these rows."""
        found = {pk: key for key in keys if (pk := self.spool.made(table, key)) is not None}
        for pks in batched(found, BATCH):
            there = MODELS[table]._default_manager.filter(pk__in=pks)
            for thing in there.select_related(*WITH.get(table, ())):
                self._held[table, found[thing.pk]] = thing

    def parts(self, table: str, row: Row) -> list[Row]:
        """The rows of a table that are part of a fact: its targets, its sources."""
        if (table, row.key) not in self._parts:
            self._parts[table, row.key] = list(self.spool.parts(table, [row.key]))
        return self._parts[table, row.key]

    # -- steps and addresses -------------------------------------------------------------------

    def note_step(self, table: str, key: str, step: Any) -> None:
        """Keep the step that an act or a measure made, where a row corrects it."""
        if step is not None and (table, key) in self._corrected_steps:
            self.steps[table, key] = step

    def step_of(self, table: str, key: str | None) -> Any:
        """The vote that an act made, or the first lead of a measure; None for no key."""
        if key is None:
            return None
        thing = self.of(table, key)
        if (table, key) not in self.steps:
            steps = Action.objects.filter(live=True, corrects=None)
            made = (
                steps.filter(act=thing.pk)
                if table == "acts"
                else steps.filter(kind=Kind.LEAD, targets__measure=thing.pk)
            )
            step = made.order_by("number").first()
            if step is None:
                raise ValidationError(
                    {f"corrects_{table.removesuffix('s')}": _("It has made no step.")}
                )
            self.steps[table, key] = step
        return self.steps[table, key]

    def slugs(self, parent: Page) -> set[str]:
        """The addresses that are taken below a page."""
        if parent.pk not in self._slugs:
            below = Page.objects.child_of(parent).values_list("slug", flat=True)
            self._slugs[parent.pk] = set(below)
        return self._slugs[parent.pk]


def words(value: dict[str, str] | None) -> LazyI18nString:
    return LazyI18nString(value or {})


def facts_of(row: Row, names: str) -> dict[str, Any]:
    """Facts as they were read; what is empty is None."""
    return {name: row[name] for name in names.split()}


def texts_of(row: Row, names: str) -> dict[str, str]:
    """Codes and plain texts; what is empty is ""."""
    return {name: row[name] or "" for name in names.split()}


def words_of(row: Row, names: str) -> dict[str, LazyI18nString]:
    return {name: words(row[name]) for name in names.split()}
