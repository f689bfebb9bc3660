"""Reads an exchange folder: CSV files as their Table Schemas describe them.

Everything that is wrong in itself is found here, all at once: a file, a column, a value, a
reference. What only the domain can say (that a value demands a reason, that a label is taken) is
said by the domain when the rows are written.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from exchange import tables
from exchange.problems import Problem
from exchange.values import parse

LONGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: facts by name; words are a dict by language, what is empty is None."""

    table: str
    number: int
    key: str
    facts: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.facts.get(name)

    @property
    def file(self) -> str:
        return f"{self.table}.csv"


@dataclass(slots=True)
class Package:
    """The rows of a folder, by table and key, in the order of the files."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    #: Every key of a table, also of rows with a mistake: naming one of them is no second mistake.
    keys: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __getitem__(self, table: str) -> list[Row]:
        return list(self.rows.get(table, {}).values())


def read(folder: Path, languages: tuple[str, ...]) -> Package:
    """Read a folder. ``languages``: those of the site, whose columns are known.

    The caller looks at ``problems`` first: rows that have any are not in ``rows``.
    """
    package = Package()
    described = _description(folder, package.problems)
    if described is None:
        return package
    for name in tables.NAMES:
        given = described.get(name, {})
        path = folder / str(given.get("path") or f"{name}.csv")
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            reader = _TableReader(tables.table(name, languages), path, given, package.problems)
            package.rows[name] = reader.rows()
            package.keys[name] = reader.keys
        elif name in described:
            package.problems.append(Problem(file=path.name, reason=_("There is no such file.")))
    _check_references(package, languages)
    return package


def _description(folder: Path, problems: list[Problem]) -> dict[str, dict] | None:
    """``datapackage.json``: resource by name; empty without one; None when nothing can be read."""
    if not folder.is_dir():
        problems.append(Problem(file=str(folder), reason=_("There is no such folder.")))
        return None
    path = folder / "datapackage.json"
    if not path.is_file():
        if not any((folder / f"{name}.csv").is_file() for name in tables.NAMES):
            reason = _("There is no datapackage.json in this folder, and no table that is known.")
            problems.append(Problem(file=str(folder), reason=reason))
        return {}
    try:
        resources = {str(each["name"]): each for each in json.loads(path.read_bytes())["resources"]}
    except (ValueError, KeyError, TypeError):
        reason = _("This is not the description of a data package.")
        problems.append(Problem(file=path.name, reason=reason))
        return None
    problems += [
        Problem(file=path.name, value=name, reason=_("There is no such table."))
        for name in resources
        if name not in tables.NAMES
    ]
    return resources


class _TableReader:
    """Reads one file."""

    def __init__(self, table: tables.Table, path: Path, given: dict, problems: list[Problem]):
        self.table = table
        self.path = path
        self.problems = problems
        self.keys: set[str] = set()
        self.encoding = str(given.get("encoding") or "utf-8").lower()
        dialect = {**tables.DIALECT, **(given.get("dialect") or {})}
        self.dialect = {
            "delimiter": dialect["delimiter"],
            "quotechar": dialect["quoteChar"],
            "doublequote": dialect["doubleQuote"],
        }
        self.formats = {
            each.get("name"): each["format"]
            for each in (given.get("schema") or {}).get("fields", ())
            if each.get("type") == "date" and each.get("format")
        }

    def problem(self, reason: str, *, row: int = 0, column: str = "", value: str = "") -> None:
        self.problems.append(
            Problem(file=self.path.name, row=row, column=column, value=value, reason=reason)
        )

    def rows(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        lines = self._lines()
        if (header := next(lines, None)) is None:
            self.problem(_("This file is empty."))
            return found
        columns = self._columns(header)
        if columns is None:
            return found
        for number, cells in enumerate(lines, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                self.problem(
                    _("This row has %(cells)d cells, and the header %(columns)d.")
                    % {"cells": len(cells), "columns": len(header)},
                    row=number,
                )
                continue
            row = self._row(number, columns, cells)
            if row is None:
                continue
            if row.key in found:
                self.problem(
                    _("Row %(row)d has this key already.") % {"row": found[row.key].number},
                    row=number,
                    column="key",
                    value=row.key,
                )
            else:
                found[row.key] = row
        self._check_unique(found)
        return found

    def _lines(self) -> Iterator[list[str]]:
        encoding = "utf-8-sig" if self.encoding in ("utf-8", "utf8") else self.encoding
        csv.field_size_limit(LONGEST_CELL)
        try:
            with self.path.open(encoding=encoding, newline="") as file:
                yield from csv.reader(file, strict=True, **self.dialect)
        except (UnicodeError, LookupError):
            self.problem(
                _("This file can’t be read as %(encoding)s.") % {"encoding": self.encoding}
            )
        except (csv.Error, TypeError) as error:
            self.problem(_("This file can’t be read as a table: %(error)s") % {"error": error})

    def _columns(self, header: list[str]) -> list[tables.Column] | None:
        """The columns in the order of the file; None when the header is wrong."""
        known = {column.header: column for column in self.table.columns}
        names = [cell.strip().lower() for cell in header]
        wrong = False
        for name in names:
            if name not in known:
                self.problem(_("There is no such column."), row=1, column=name)
                wrong = True
            elif names.count(name) > 1:
                self.problem(_("This column stands here twice."), row=1, column=name)
                wrong = True
        for column in self.table.columns:
            if column.required and column.header not in names:
                self.problem(_("This column is missing."), row=1, column=column.header)
                wrong = True
        return None if wrong else [known[name] for name in names]

    def _row(self, number: int, columns: list[tables.Column], cells: list[str]) -> Row | None:
        facts: dict[str, Any] = {}
        before = len(self.problems)
        for column, cell in zip(columns, cells, strict=True):
            text = cell.strip()
            try:
                value = parse(column, text, self.formats.get(column.header))
            except ValueError as error:
                self.problem(str(error), row=number, column=column.header, value=text)
                continue
            if not column.language:
                facts[column.name] = value
            elif value is not None:
                facts.setdefault(column.name, {})[column.language] = value
        if facts.get("key"):
            self.keys.add(facts["key"])
        for name in sorted(self.table.worded_and_required):
            if not facts.get(name) and len(self.problems) == before:
                reason = _("Give it in at least one language.")
                self.problem(reason, row=number, column=name)
        if len(self.problems) > before:
            return None
        return Row(self.table.name, number, str(facts["key"]), facts)

    def _check_unique(self, found: dict[str, Row]) -> None:
        for column in self.table.columns:
            if not column.constraints.get("unique") or column.name == "key":
                continue
            seen: dict[Any, Row] = {}
            for row in found.values():
                value = row[column.name]
                if value is not None and seen.setdefault(value, row) is not row:
                    self.problem(
                        _("Row %(row)d has this already.") % {"row": seen[value].number},
                        row=row.number,
                        column=column.header,
                        value=str(value),
                    )


def _check_references(package: Package, languages: tuple[str, ...]) -> None:
    """Every key that a row names must stand in the table it names."""
    for name, rows in package.rows.items():
        for column in tables.table(name, languages).columns:
            if not column.references:
                continue
            known = package.keys.get(column.references, set())
            for row in rows.values():
                value = row[column.name]
                for key in value if isinstance(value, list) else [value]:
                    if key is not None and key not in known:
                        package.problems.append(
                            Problem(
                                file=row.file,
                                row=row.number,
                                column=column.header,
                                value=key,
                                reason=_("There is no such key in %(file)s.")
                                % {"file": f"{column.references}.csv"},
                            )
                        )
