"""Tables as text, made as it is read: a CSV file a table, or one JSON document of all."""

import json
from collections.abc import Iterator
from typing import Any

from exchange import tables
from exchange.export.cells import cell, datum, line
from exchange.export.content import rows_of
from exchange.export.keys import Keys
from exchange.export.scope import Scope

#: With it, spreadsheets read the accents right; readers of data packages pass over it.
BOM = "\ufeff"


def csv_lines(
    scope: Scope, table: str, languages: tuple[str, ...], keys: Keys | None = None
) -> Iterator[str]:
    """The lines of a table's file, the header first."""
    columns = tables.table(table, languages).columns
    yield BOM + line(column.header for column in columns)
    for row in rows_of(scope, table, keys or Keys()):
        yield line(cell(column, _at(row, column)) for column in columns)


def json_text(
    scope: Scope, about: dict[str, Any], languages: tuple[str, ...], schemas: dict[str, str]
) -> Iterator[str]:
    """A data package with its rows in it. ``schemas``: table → address of its schema."""
    keys = Keys()
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "resources": ['
    for place, (table, address) in enumerate(schemas.items()):
        head = {
            "name": table,
            "title": tables.template(table)["title"],
            "profile": "tabular-data-resource",
            "schema": address,
        }
        yield ("," if place else "") + "\n" + json.dumps(head, ensure_ascii=False)[:-1]
        yield ', "data": ['
        columns = tables.table(table, languages).columns
        for number, row in enumerate(rows_of(scope, table, keys)):
            said = {column.header: datum(column, _at(row, column)) for column in columns}
            yield (",\n" if number else "\n") + json.dumps(said, ensure_ascii=False)
        yield "]}"
    yield "\n]}\n"


def _at(row: dict[str, Any], column: tables.Column) -> Any:
    """What a row says in one column."""
    value = row.get(column.name)
    if not column.language:
        return value
    said = getattr(value, "data", value)
    if isinstance(said, dict):
        return said.get(column.language)
    return None
