"""One row of a table, as it was read."""

from dataclasses import dataclass
from typing import Any


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
