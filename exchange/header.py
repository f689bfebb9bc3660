"""The header of a table's file: which column stands where, and what is wrong with it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from exchange import dialects, tables
from exchange.dialects import Dialect
from exchange.problems import nearest
from exchange.values import PADDING

#: What is wrong: the reason, the column that it is about, and where it stands.
Wrong = tuple[str, str, int]


def names(header: list[str]) -> list[str]:
    """What stands above the columns; padding and capitals say nothing."""
    return [cell.strip(PADDING).lower() for cell in header]


def columns(header: list[str], table: tables.Table) -> list[tuple[int, tables.Column]]:
    """The columns with their place in the file."""
    known = {column.header: column for column in table.columns}
    return [(place, known[name]) for place, name in enumerate(names(header)) if name]


def is_none(header: list[str], table: tables.Table) -> bool:
    """Whether the first row is no header of this table at all."""
    return not {column.header for column in table.columns} & set(names(header))


def why_none(header: list[str], dialect: Dialect) -> str:
    reason = _("No column of this table stands in the first row.")
    if not dialect.found and len(header) == 1:
        reason += " " + _("datapackage.json says that %(sign)s stands between cells.") % {
            "sign": dialects.named(dialect.delimiter)
        }
    return reason


def wrong(header: list[str], table: tables.Table) -> Iterator[Wrong]:
    """All that is wrong with a header."""
    known = [column.header for column in table.columns]
    given = names(header)
    for place, name in enumerate(given):
        if name and name not in known:
            free = [each for each in known if each not in given]
            yield _why_unknown(name, table, free), name, place
        elif name and given.index(name) < place:
            yield _("This column stands here twice."), name, place
    for column in table.columns:
        if column.required and column.header not in given:
            yield _("This column is missing."), column.header, len(given)
    for word in sorted(table.worded_and_required):
        if not any(each.name == word and each.header in given for each in table.columns):
            reason = _("This column is missing: give it in at least one language.")
            yield reason, f"{word}_…", len(given)


def _why_unknown(name: str, table: tables.Table, free: list[str]) -> str:
    stem, _underscore, language = name.rpartition("_")
    if len(language) == 2 and any(each.language and each.name == stem for each in table.columns):
        return _("The site does not publish in this language: %(language)s.") % {
            "language": language
        }
    return _("There is no such column.") + nearest(name, free)
