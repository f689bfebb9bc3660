"""What was read of a folder: the rows of its tables, and what is wrong with them."""

from dataclasses import dataclass, field
from typing import Any

from exchange.problems import Problem


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

    #: As its description gives it; "": it gives none.
    name: str = ""
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    #: Every key of a table, also of rows with a mistake: naming one of them is no second mistake.
    keys: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: What the folder does not say of its files, and how it was understood: a sentence each.
    assumptions: list[str] = field(default_factory=list)

    def __getitem__(self, table: str) -> list[Row]:
        return list(self.rows.get(table, {}).values())
