"""What has been made of the rows so far, and how a row's facts become those of a model."""

from typing import Any

from i18nfield.strings import LazyI18nString
from wagtail.models import Locale, Page

from exchange.reader import Package, Row


class Unreachable(Exception):
    """A row names another one that could not be written; that one has its own problem."""


class Made:
    """The objects made of a package's rows, by table and key."""

    def __init__(self, package: Package):
        self.package = package
        #: An object of a list, a register row, or a published fact.
        self.objects: dict[tuple[str, str], Any] = {}
        #: The pages of an assembly or a cycle, by language.
        self.pages: dict[tuple[str, str], dict[str, Page]] = {}
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
