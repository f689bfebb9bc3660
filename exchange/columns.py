"""What the columns of a table mean, whatever the languages; and writing them into an object."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from i18nfield.strings import LazyI18nString

from exchange import tables
from exchange.made import Made
from exchange.row import Row


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one column of a table says."""

    name: str
    #: Texts by language.
    in_words: bool = False
    #: Several values in one cell.
    several: bool = False
    #: The table whose keys it holds.
    references: str = ""
    html: bool = False


@cache
def meanings(table: str) -> dict[str, Meaning]:
    """The columns of a table by name; its key is none of them."""
    return {
        column.name: Meaning(
            name=column.name,
            in_words=bool(column.language),
            several=column.type == "list",
            references=column.references,
            html=column.html,
        )
        for column in tables.table(table, tables.ANY).columns
        if column.name != "key"
    }


def texts(value: Any) -> dict[str, str]:
    """The texts of a field that holds words, by language."""
    data = getattr(value, "data", value)
    return {code: text for code, text in data.items() if text} if isinstance(data, dict) else {}


def rewrite(made: Made, row: Row, thing: Any, names: Iterable[str]) -> None:
    """Write some columns of a row into an object of the site; words beside those that are there."""
    for name in names:
        meaning = meanings(row.table)[name]
        field = thing._meta.get_field(name)
        value = row[name]
        if meaning.in_words:
            value = LazyI18nString({**texts(getattr(thing, name)), **(value or {})})
        elif meaning.references:
            whose = made.all if meaning.several else made.of
            value = whose(meaning.references, value)
        elif value is None and not field.null:
            value = field.get_default()
        setattr(thing, name, value)
