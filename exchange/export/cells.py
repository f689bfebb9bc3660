"""One value of an export: as a cell of a CSV file, and as JSON."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from exchange.richtext import reduced
from exchange.tables import Column
from exchange.values import CONTROL, PADDING

#: A spreadsheet takes a text that begins so for a formula.
FORMULA = tuple("=+-@＝＋－＠")
#: Cells that hold one of these are put in quotes: who guesses the delimiter guesses well.
QUOTED = re.compile(r'[",;\t\n]|^ ')


def value_of(column: Column, value: Any) -> Any:
    """What is exported of a value: None, a text, a number, a day, a boolean or a list of texts.

    A text is written as the import reads it, so that a second export says the same.
    """
    if value is None or value == "":
        return None
    if column.type == "list":
        return [str(each) for each in value]
    if column.type == "boolean":
        return bool(value)
    if column.type != "string":
        return value
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if column.html:
        text = reduced(text, marks=column.descriptor["html"] != "lists")
    return CONTROL.sub("", text).strip(PADDING) or None


def cell(column: Column, value: Any) -> str:
    """A value as it stands in a CSV file; raises ``ValueError`` for one that no cell can hold."""
    value = value_of(column, value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return str(column.descriptor.get("delimiter", "|")).join(value)
    text = str(value)
    return f" {text}" if in_words(column) and text.startswith(FORMULA) else text


def in_words(column: Column) -> bool:
    """Whether people wrote the text: no code, no key, nothing that has a form of its own."""
    free = not (column.references or column.constraints.keys() & {"enum", "pattern"})
    return column.type == "string" and free and column.name != "key"


def datum(column: Column, value: Any) -> Any:
    """A value as JSON says it: typed, and without the space that keeps a spreadsheet away."""
    value = value_of(column, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def line(cells: Iterable[str]) -> str:
    """A row of a CSV file (RFC 4180, but for the line's end)."""
    return ",".join(f'"{_doubled(c)}"' if QUOTED.search(c) else c for c in cells) + "\n"


def _doubled(text: str) -> str:
    return text.replace('"', '""')
