"""Reads the file of one table."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from exchange import days, dialects, tables, values
from exchange import header as headers
from exchange.description import Resource, TooLarge, content
from exchange.dialects import Dialect, Unreadable
from exchange.package import Row
from exchange.problems import Problem
from exchange.values import PADDING

LONGEST_CELL = 1_000_000


@dataclass(slots=True)
class Found:
    """What was found in a file where its folder does not say it."""

    encoding: str | None = None
    delimiter: str | None = None
    #: Further sentences about the file.
    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row as it stands in the file, its cells in the order of the columns."""

    number: int
    cells: list[str]
    facts: dict[str, Any] = field(default_factory=dict)


class TableFile:
    """Reads one file: ``rows`` are those without a mistake; ``problems`` says all mistakes."""

    def __init__(self, table: tables.Table, path: Path, said: Resource):
        self.table = table
        self.path = path
        self.said = said
        self.found = Found()
        #: Whether all rows of the file could be read. If not, nobody knows which keys it has.
        self.complete = False
        self.rows: dict[str, Row] = {}
        #: All rows that have a key, also those with a mistake.
        self.all_rows: list[Row] = []
        self._problems: list[tuple[int, int, Problem]] = []
        self._faulty: set[int] = set()
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
        self._faulty.add(row)

    # -- the file --------------------------------------------------------------------------------

    def _read(self) -> None:
        text, encoding = dialects.decoded(content(self.path), self.said.encoding)
        text = text.removeprefix("\ufeff")
        known = {column.header for column in self.table.columns}
        dialect = dialects.dialect(text, self.said.dialect, known)
        text = dialects.without_sep(text)
        if not text.strip(PADDING):
            raise Unreadable(_("This file is empty."))
        self.found.encoding = encoding
        self.found.delimiter = dialect.delimiter if dialect.found else None
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
        lines = list(self._lines(records, header, columns))
        self._parse([column for _place, column in columns], lines)
        self._gather(lines)
        self.complete = not self._lost

    def _records(self, text: str, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
        """Each row of the file with its number, as a spreadsheet shows it."""
        csv.field_size_limit(LONGEST_CELL)
        lines = io.StringIO(text, newline="")
        reader = csv.reader(lines, delimiter=dialect.delimiter, **dialect.options)
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
        columns: list[tuple[int, tables.Column]],
    ) -> Iterator[_Line]:
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
            yield _Line(number, [cells[place].strip(PADDING) for place, _column in columns])

    # -- its cells -------------------------------------------------------------------------------

    def _parse(self, columns: list[tables.Column], lines: list[_Line]) -> None:
        """Column by column, so that what one cell leaves open may be seen in the others."""
        hints = self._hints(columns, lines)
        marked_up: list[str] = []
        for place, column in enumerate(columns):
            said = self.said.fields.get(column.header, {})
            parse = values.parser(column, said, hints.get(column.header))
            plain_text = column.type == "string" and not column.html
            # Words differ from row to row; of all else a column has few different values.
            remembered: dict[str, Any] | None = None if column.language or column.html else {}
            for line in lines:
                text = line.cells[place]
                value: Any
                if not text or text in self.said.missing:
                    value = [] if column.type == "list" else None
                    if column.required:
                        reason = _("This must be given.")
                        self.problem(reason, row=line.number, column=column.header, place=place)
                elif remembered is not None and text in remembered:
                    value = remembered[text]
                else:
                    try:
                        value = parse(text)
                    except ValueError as error:
                        self.problem(
                            str(error),
                            row=line.number,
                            column=column.header,
                            value=text,
                            place=place,
                        )
                        continue
                    if plain_text and value != text and column.header not in marked_up:
                        marked_up.append(column.header)
                    if remembered is not None and column.type != "list":
                        remembered[text] = value
                if not column.language:
                    line.facts[column.name] = value
                elif value is not None:
                    line.facts.setdefault(column.name, {})[column.language] = value
        if marked_up:
            self.found.sentences.append(
                _("%(columns)s: HTML was reduced to its text.") % {"columns": ", ".join(marked_up)}
            )

    def _hints(self, columns: list[tables.Column], lines: list[_Line]) -> dict[str, Any]:
        """What the cells of a column show where the folder says nothing of it."""
        hints: dict[str, Any] = {}
        last: dict[str, set[days.First]] = {}
        for place, column in enumerate(columns):
            said = self.said.fields.get(column.header, {})
            if column.type not in ("date", "integer", "number"):
                continue
            texts = {line.cells[place] for line in lines}
            if column.type == "date" and said.get("format", "any") == "any":
                any_last, first = days.shown(texts)
                if any_last:
                    last[column.header] = first
            elif column.type != "date" and not said.get("decimalChar"):
                if (sign := values.decimal_sign(texts)) is not None:
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

    def _gather(self, lines: list[_Line]) -> None:
        unique = [
            column
            for column in self.table.columns
            if column.constraints.get("unique") and not column.language
        ]
        seen: dict[str, dict[Any, int]] = {column.name: {} for column in unique}
        wrong_columns = {(row, each.column) for row, _place, each in self._problems}
        for line in lines:
            for column in unique:
                value = line.facts.get(column.name)
                first = seen[column.name].setdefault(value, line.number)
                if value is not None and first != line.number:
                    reason = (
                        _("Row %(row)d has this key already.")
                        if column.name == "key"
                        else _("Row %(row)d has this already.")
                    )
                    self.problem(
                        reason % {"row": first},
                        row=line.number,
                        column=column.header,
                        value=str(value),
                    )
            for name in sorted(self.table.worded_and_required):
                if not line.facts.get(name) and not any(
                    (line.number, column.header) in wrong_columns
                    for column in self.table.columns
                    if column.name == name
                ):
                    reason = _("Give it in at least one language.")
                    self.problem(reason, row=line.number, column=name, place=len(line.cells))
            if key := line.facts.get("key"):
                row = Row(self.table.name, line.number, key, line.facts)
                self.all_rows.append(row)
                if line.number not in self._faulty:
                    self.rows[key] = row
            else:
                self._lost = True


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
