"""What was read of a folder: the rows of its tables, and what is wrong with them."""

from collections.abc import Mapping, ValuesView
from dataclasses import dataclass, field

from exchange.problems import Problem
from exchange.row import Row
from exchange.spool import Spool

__all__ = ["Package", "Row"]


@dataclass(slots=True)
class Package:
    """The rows of a folder, by table and key, in the order of the files: read when asked for."""

    #: As its description gives it; "": it gives none.
    name: str = ""
    rows: dict[str, Mapping[str, Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: What the folder does not say of its files, and how it was understood: a sentence each.
    assumptions: list[str] = field(default_factory=list)
    #: Where the rows stand, and all that is found out about them.
    spool: Spool = field(default_factory=Spool, compare=False, repr=False)

    def __getitem__(self, table: str) -> ValuesView[Row]:
        return self.rows.get(table, {}).values()
