"""Reads the file of one table."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from exchange import days, dialects, tables, values
from exchange import header as headers
from exchange.description import Resource, TooLarge, refuse_too_large
from exchange.dialects import Dialect, Unreadable
from exchange.problems import Problem
from exchange.row import Row
from exchange.spool import Spool
from exchange.tables import Column
from exchange.values import PADDING

LONGEST_CELL = 1_000_000
#: Different values of a column that are kept, so that none is read twice.
REMEMBERED = 500


@dataclass(slots=True)
class Found:
    """What was found in a file where its folder does not say it."""

    encoding: str | None = None
    delimiter: str | None = None
    #: Further sentences about the file.
    sentences: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """How the cells of one column are read."""

    place: int
    column: Column
    parse: values.Parser
    #: Words differ from row to row; of all else a column has few different values.
    remembered: dict[str, Any] | None
    #: Whether a text had markup in it that was taken away.
    marked_up: bool = False

    def value(self, text: str) -> Any:
        if self.remembered is None:
            return self.parse(text)
        if text not in self.remembered:
            value = self.parse(text)
            if self.column.type == "list":
                return value
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            self.remembered[text] = value
        return self.remembered[text]


class TableFile:
    """Reads one file into the spool; ``problems`` says all mistakes."""

    def __init__(self, table: tables.Table, path: Path, said: Resource, spool: Spool):
        self.table = table
        self.spool = spool
        self.path = path
        self.said = said
        self.found = Found()
        #: Whether all rows of the file could be read. If not, nobody knows which keys it has.
        self.complete = False
        self._problems: list[tuple[int, int, Problem]] = []
        #: Row and column of what is wrong.
        self._faulty: set[tuple[int, str]] = set()
        self._faulty_rows: set[int] = set()
        self._lost = False
        try:
            self._read()
        except Unreadable as wrong:
            self.problem(str(wrong), row=wrong.row, value=wrong.value)
        except TooLarge as wrong:
            self.problem(str(wrong))
        except OSError:
            self.problem(_("This file can’t be opened."))

    @property
    def problems(self) -> list[Problem]:
        """From the top to the bottom of the file, from its first column to its last."""
        return [each for _row, _place, each in sorted(self._problems, key=lambda each: each[:2])]

    def problem(
        self, reason: str, *, row: int = 0, column: str = "", value: str = "", place: int = 0
    ) -> None:
        given = Problem(file=self.path.name, row=row, column=column, value=value, reason=reason)
        self._problems.append((row, place, given))
        self._faulty.add((row, column))
        self._faulty_rows.add(row)

    # -- the file --------------------------------------------------------------------------------

    def _read(self) -> None:
        refuse_too_large(self.path)
        encoding, found = dialects.encoding_of(self.path, self.said.encoding)
        with self.path.open(encoding=encoding, newline="") as text:
            head = text.read(dialects.HEAD)
            above = dialects.before_the_table(head)
            known = {column.header for column in self.table.columns}
            dialect = dialects.dialect(head[above:], self.said.dialect, known, sep=head[:above])
            if not head[above:].strip(PADDING) and not any(
                chunk.strip(PADDING) for chunk in iter(lambda: text.read(dialects.HEAD), "")
            ):
                raise Unreadable(_("This file is empty."))
            self.found.encoding = encoding if found else None
            self.found.delimiter = dialect.delimiter if dialect.found else None
            text.seek(0)
            text.read(above)
            self._read_rows(text, dialect)

    def _read_rows(self, text: TextIO, dialect: Dialect) -> None:
        records = self._records(text, dialect)
        if dialect.header:
            _number, header = next(records, (1, []))
            if self._problems:
                return
        else:
            header = list(self.said.fields)
        if headers.is_none(header, self.table):
            reason = headers.why_none(header, dialect)
            raise Unreadable(reason, row=1, value=header[0] if header else "")
        for reason, name, place in headers.wrong(header, self.table):
            self.problem(reason, row=1, column=name, place=place)
        if self._problems:
            return
        columns = headers.columns(header, self.table)
        self.spool.put_lines(self._lines(records, header, columns))
        self._parse([column for _place, column in columns])
        self.complete = not self._lost

    def _records(self, text: TextIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
        """Each row of the file with its number, as a spreadsheet shows it."""
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(text, delimiter=dialect.delimiter, **dialect.options)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason, rest = _why_no_row(str(error), dialect)
                self.problem(reason, row=number)
                self._lost = True
                if not rest:
                    return
                continue
            if not dialect.exact:
                cells = [
                    cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
                    for cell in cells
                ]
            yield number, cells

    def _lines(
        self,
        records: Iterator[tuple[int, list[str]]],
        header: list[str],
        columns: list[tuple[int, Column]],
    ) -> Iterator[tuple[int, list[str]]]:
        """The rows that have anything in them, and as many cells as the header."""
        width = len(header)
        # A spreadsheet may save empty columns at the right of a table.
        nameless = [place for place, cell in enumerate(header) if not cell.strip(PADDING)]
        for number, cells in records:
            if not any(cell.strip(PADDING) for cell in cells):
                continue
            if len(cells) < width or any(cell.strip(PADDING) for cell in cells[width:]):
                self.problem(
                    _("This row has %(cells)d cells, and the header %(columns)d.")
                    % {"cells": len(cells), "columns": width},
                    row=number,
                )
                self._lost = True
                continue
            for place in nameless:
                if value := cells[place].strip(PADDING):
                    reason = _("Nothing stands above this cell in the header.")
                    self.problem(reason, row=number, value=value, place=place)
            yield number, [cells[place].strip(PADDING) for place, _column in columns]

    # -- its cells -------------------------------------------------------------------------------

    def _parse(self, columns: list[Column]) -> None:
        """Row by row, once what one cell leaves open was looked for in all others."""
        hints = self._hints(columns)
        readings = []
        for place, column in enumerate(columns):
            said = self.said.fields.get(column.header, {})
            parse = values.parser(column, said, hints.get(column.header))
            words = column.language or column.html
            readings.append(_Reading(place, column, parse, None if words else {}))
        for number, cells in self.spool.lines():
            facts: dict[str, Any] = {}
            for reading in readings:
                self._cell(reading, number, cells[reading.place], facts)
            self._keep(number, facts, len(cells))
        if marked_up := [each.column.header for each in readings if each.marked_up]:
            self.found.sentences.append(
                _("%(columns)s: HTML was reduced to its text.") % {"columns": ", ".join(marked_up)}
            )

    def _cell(self, reading: _Reading, number: int, text: str, facts: dict[str, Any]) -> None:
        column, place = reading.column, reading.place
        if not text or text in self.said.missing:
            value: Any = [] if column.type == "list" else None
            if column.required:
                reason = _("This must be given.")
                self.problem(reason, row=number, column=column.header, place=place)
        else:
            try:
                value = reading.value(text)
            except ValueError as error:
                self.problem(str(error), row=number, column=column.header, value=text, place=place)
                return
            if column.type == "string" and not column.html and value != text:
                reading.marked_up = True
        if not column.language:
            facts[column.name] = value
        elif value is not None:
            facts.setdefault(column.name, {})[column.language] = value

    def _hints(self, columns: list[Column]) -> dict[str, Any]:
        """What the cells of a column show where the folder says nothing of it."""
        texts: dict[int, set[str]] = {}
        for place, column in enumerate(columns):
            said = self.said.fields.get(column.header, {})
            a_day = column.type == "date" and said.get("format", "any") == "any"
            if a_day or (column.type in ("integer", "number") and not said.get("decimalChar")):
                texts[place] = set()
        if texts:
            for _number, cells in self.spool.lines():
                for place, found in texts.items():
                    found.add(cells[place])
        hints: dict[str, Any] = {}
        last: dict[str, set[days.First]] = {}
        for place, found in texts.items():
            column = columns[place]
            if column.type == "date":
                any_last, first = days.shown(found)
                if any_last:
                    last[column.header] = first
                continue
            if (sign := values.decimal_sign(found)) is not None:
                hints[column.header] = sign
            if sign == ",":
                self.found.sentences.append(
                    _("%(columns)s: the comma was read as the decimal sign.")
                    % {"columns": column.header}
                )
        orders, sentences = days.orders(last)
        self.found.sentences += sentences
        return hints | orders

    # -- its rows --------------------------------------------------------------------------------

    def _keep(self, number: int, facts: dict[str, Any], width: int) -> None:
        """Put a row into the spool; say what only its whole shows, or the rows above it."""
        for column in self.table.columns:
            if not column.constraints.get("unique") or column.language:
                continue
            value = facts.get(column.name)
            if value is None:
                continue
            first = self.spool.first_with(self.table.name, column.name, str(value), number)
            if first != number:
                reason = (
                    _("Row %(row)d has this key already.")
                    if column.name == "key"
                    else _("Row %(row)d has this already.")
                )
                reason = reason % {"row": first}
                self.problem(reason, row=number, column=column.header, value=str(value))
        for name in sorted(self.table.worded_and_required):
            if not facts.get(name) and not any(
                (number, column.header) in self._faulty
                for column in self.table.columns
                if column.name == name
            ):
                reason = _("Give it in at least one language.")
                self.problem(reason, row=number, column=name, place=width)
        if key := facts.get("key"):
            row = Row(self.table.name, number, key, facts)
            self.spool.put_row(row, self._names(row), good=number not in self._faulty_rows)
        else:
            self._lost = True

    def _names(self, row: Row) -> Iterator[tuple[str, str, str]]:
        """By which column a row names which key of which table."""
        for column in self.table.columns:
            if column.references:
                value = row[column.name]
                for key in value if isinstance(value, list) else [value]:
                    if key is not None:
                        yield column.header, column.references, key


def _why_no_row(error: str, dialect: Dialect) -> tuple[str, bool]:
    """Why csv's reader could make no row, and whether it can go on below."""
    if "end of data" in error:
        return _("A quotation mark is opened here, and never closed."), False
    if "field limit" in error:
        return _("A cell is too long here: a quotation mark may never have been closed."), False
    if "expected after" in error:
        return (
            _("Behind a closing quotation mark stands neither %(sign)s nor the end of the row.")
            % {"sign": dialects.named(dialect.delimiter)},
            True,
        )
    return _("This file can’t be read as a table: %(error)s") % {"error": error}, True
