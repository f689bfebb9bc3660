"""What becomes of each row: the entries of a plan, kept in the spool."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from exchange import tables
from exchange.problems import Problem
from exchange.spool import PLACES, Spool


class Step(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REFUSE = "refuse"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of one row, and why."""

    table: str
    key: str
    step: Step
    #: As a spreadsheet numbers it; 0 for a row that the folder does not have.
    number: int = 0
    #: The columns that differ from what the site says.
    columns: tuple[str, ...] = ()
    reason: str = ""
    value: str = ""
    #: The primary key of the row of the site; None where it is yet to be made.
    pk: int | None = None

    def problem(self) -> Problem:
        column, *_others = self.columns or ("",)
        return Problem(
            file=f"{self.table}.csv",
            row=self.number,
            column=column,
            value=self.value,
            reason=self.reason,
        )


ENTRY = "tab, key, step, number, columns, reason, value, pk"


@dataclass(slots=True)
class Plan:
    """What an import would do: the entries of each table, in the order of its file."""

    package: str
    spool: Spool = field(default_factory=Spool, repr=False)
    #: Which of the plans in the spool it is: the same rows may be planned again.
    number: int = 0
    _counts: dict[str, Counter[Step]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.number = (self.spool.value("SELECT max(plan) FROM entries") or 0) + 1

    def add(self, entry: Entry) -> None:
        """Each table's entries come together, in the order of ``tables.NAMES``."""
        self._counts.setdefault(entry.table, Counter())[entry.step] += 1
        said = (PLACES[entry.table], entry.key, entry.step.value, entry.number)
        why = (json.dumps(entry.columns), entry.reason, entry.value, entry.pk)
        self.spool.write(
            f"INSERT INTO entries (plan, {ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(self.number, *said, *why)],
        )

    def __iter__(self) -> Iterator[Entry]:
        return self._entries("")

    def every(self, step: Step) -> Iterator[Entry]:
        """Those of one step, of all tables."""
        return self._entries(" AND step = ?", step.value)

    def of(self, table: str, *steps: Step) -> Iterator[Entry]:
        """Those of a table, and of these steps where any are named."""
        marks = ", ".join("?" for _step in steps)
        wanted = f" AND step IN ({marks})" if steps else ""
        return self._entries(f" AND tab = ?{wanted}", PLACES[table], *map(str, steps))

    def _entries(self, wanted: str, *values: int | str) -> Iterator[Entry]:
        said = f"SELECT {ENTRY} FROM entries WHERE plan = ?{wanted} ORDER BY id"  # noqa: S608
        for place, key, step, number, columns, *why in self.spool.ask(said, self.number, *values):
            name = tables.NAMES[place]
            yield Entry(name, key, Step(step), number, tuple(json.loads(columns)), *why)

    @property
    def tables(self) -> list[str]:
        """The tables of which any row is known."""
        return [name for name in tables.NAMES if name in self._counts]

    def counts(self, table: str) -> Counter[Step]:
        return self._counts.get(table, Counter())

    def step(self, table: str, key: str) -> Step | None:
        """What becomes of a row; None for a row that nobody knows."""
        found = self.spool.value(
            "SELECT step FROM entries WHERE plan = ? AND tab = ? AND key = ?",
            *(self.number, PLACES[table], key),
        )
        return None if found is None else Step(found)

    @property
    def problems(self) -> list[Problem]:
        return [each.problem() for each in self.every(Step.REFUSE)]

    @property
    def writes(self) -> bool:
        """Whether an import would write anything at all."""
        return any(each[Step.ADD] or each[Step.CHANGE] for each in self._counts.values())

    def added(self) -> Iterator[tuple[str, str, int]]:
        """Table, key and primary key of what was made of the rows to be added."""
        found = self.spool.ask(
            "SELECT e.tab, e.key, m.pk FROM entries e JOIN made m USING (tab, key)"
            " WHERE e.plan = ? AND e.step = 'add' ORDER BY e.id",
            self.number,
        )
        return ((tables.NAMES[place], key, pk) for place, key, pk in found)

    def never_made(self) -> Iterator[Entry]:
        """Rows to be added of which nothing was made."""
        return self._entries(
            " AND step = 'add' AND NOT EXISTS"
            " (SELECT 1 FROM made m WHERE m.tab = entries.tab AND m.key = entries.key)"
        )
