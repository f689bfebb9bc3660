"""What has been made of the rows so far, and how a row's facts become those of a model."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale, Page

from assemblies.enums import Kind
from assemblies.models import Action
from exchange.reader import Package, Row


class Unreachable(Exception):
    """A row names another one that could not be written; that one has its own problem."""


@dataclass(slots=True)
class Draft:
    """A fact as its rows say it, not saved yet."""

    fact: Any
    #: Table and key of each child row that has a row of its own in the folder.
    parts: list[tuple[str, str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """Of a row that no other row names: its primary key is all that is kept."""

    pk: int


class Made:
    """The objects made of a package's rows, by table and key; also those made earlier."""

    def __init__(self, package: Package):
        self.package = package
        #: An object of a list, a register row, or a published fact.
        self.objects: dict[tuple[str, str], Any] = {}
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
            (table, row[f"corrects_{name}"])
            for row in package["actions"]
            for table, name in (("acts", "act"), ("measures", "measure"))
        }
        self._slugs: dict[int, set[str]] = {}
        self.locales = {each.language_code: each for each in Locale.objects.all()}
        self._parts = {
            table: _by(package[table], name)
            for table, name in [
                ("measure_serves", "measure"),
                ("targets", "action"),
                ("sources", "action"),
            ]
        }

    def of(self, table: str, key: str | None) -> Any:
        """What was made of a row; None for no key. Raises :class:`Unreachable`."""
        if key is None:
            return None
        try:
            return self.objects[table, key]
        except KeyError:
            raise Unreachable from None

    def all(self, table: str, keys: list[str] | None) -> list[Any]:
        return [self.of(table, key) for key in keys or ()]

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

    def parts(self, table: str, row: Row) -> list[Row]:
        """The rows of a table that are part of a fact: its targets, its sources."""
        return self._parts[table].get(row.key, [])


def _by(rows: list[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


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
