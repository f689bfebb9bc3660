"""What is as long as a folder, on disk while the folder is read and loaded (record 0024).

An SQLite file without a name, which the system takes away with its last user. It is private to one
run of one process, so what stands in it is read back as it was written.
"""

import json
import marshal
import pickle
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, ValuesView
from typing import Any

from exchange import tables
from exchange.row import Row

#: Kept in memory of the file, in kilobytes.
CACHE = 4_096
PLACES = {name: place for place, name in enumerate(tables.NAMES)}
#: Of a row's number here, the part that is its number in the file.
NUMBER = 32
#: What belongs to a fact names it in this column.
PART_OF = {"measure_serves": "measure", "targets": "action", "sources": "action"}

SCHEMA = """
CREATE TABLE lines (number INTEGER PRIMARY KEY, cells BLOB);
CREATE TABLE seen (
    tab INTEGER, col TEXT, value TEXT, number INTEGER, PRIMARY KEY (tab, col, value)
) WITHOUT ROWID;
CREATE TABLE rows (
    id INTEGER PRIMARY KEY, tab INTEGER, key TEXT, good INTEGER, part_of TEXT, facts BLOB
);
CREATE INDEX rows_key ON rows (tab, key);
CREATE INDEX rows_part ON rows (tab, part_of) WHERE part_of IS NOT NULL;
CREATE TABLE refs (id INTEGER PRIMARY KEY, row INTEGER, col TEXT, target INTEGER, value TEXT);
CREATE TABLE came (tab INTEGER, key TEXT, PRIMARY KEY (tab, key)) WITHOUT ROWID;
CREATE TABLE site (
    tab INTEGER, key TEXT, pk INTEGER, owns INTEGER, PRIMARY KEY (tab, key)
) WITHOUT ROWID;
CREATE INDEX site_pk ON site (tab, pk);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, plan INTEGER, tab INTEGER, key TEXT, step TEXT, number INTEGER,
    columns TEXT, reason TEXT, value TEXT, pk INTEGER
);
CREATE INDEX entries_key ON entries (plan, tab, key);
CREATE TABLE made (tab INTEGER, key TEXT, pk INTEGER, PRIMARY KEY (tab, key)) WITHOUT ROWID;
CREATE TABLE turns (
    day TEXT, rank INTEGER, row INTEGER, PRIMARY KEY (day, rank, row)
) WITHOUT ROWID;
CREATE INDEX turns_row ON turns (row);
"""


class Spool:
    """The file: what modules put into it and ask of it, table by table."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self.connection.close)
        for pragma in (f"cache_size = -{CACHE}", "journal_mode = OFF", "synchronous = OFF"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA)
        # Never committed: nobody else reads it, and nothing of it is to outlast the run.
        self.connection.execute("BEGIN")

    def ask(self, statement: str, *values: Any) -> Iterator[tuple]:
        return self._through(self.connection.execute(statement, values))

    def _through(self, found: sqlite3.Cursor) -> Iterator[tuple]:
        """The rows that were asked for; the file is there for as long as anybody reads them."""
        yield from found

    def value(self, statement: str, *values: Any) -> Any:
        """The first value of the first row; None without one."""
        found = self.connection.execute(statement, values).fetchone()
        return found[0] if found else None

    def write(self, statement: str, rows: Iterable[tuple]) -> None:
        self.connection.executemany(statement, rows)

    # -- a file as it is read --------------------------------------------------------------------

    def put_lines(self, lines: Iterable[tuple[int, list[str]]]) -> None:
        """Keep the rows of the file that is being read, instead of those of the last one."""
        self.connection.execute("DELETE FROM lines")
        self.write(
            "INSERT INTO lines VALUES (?, ?)",
            ((number, marshal.dumps(cells)) for number, cells in lines),
        )

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        for number, cells in self.ask("SELECT number, cells FROM lines ORDER BY number"):
            yield number, marshal.loads(cells)  # noqa: S302 (our own)

    def first_with(self, table: str, column: str, value: str, number: int) -> int:
        """The number of the first row that has this value in a column; its own, where it is it."""
        key = (PLACES[table], column, value)
        done = self.connection.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", (*key, number)
        )
        if done.rowcount:
            return number
        return self.value("SELECT number FROM seen WHERE tab = ? AND col = ? AND value = ?", *key)

    # -- rows, and what they name ----------------------------------------------------------------

    def put_row(self, row: Row, names: Iterable[tuple[str, str, str]], *, good: bool) -> None:
        """Keep a row. ``names``: by which column it names which key of which table."""
        place = PLACES[row.table]
        number = place << NUMBER | row.number
        part_of = row[PART_OF[row.table]] if row.table in PART_OF else None
        facts = pickle.dumps(row.facts, pickle.HIGHEST_PROTOCOL)
        self.connection.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)",
            (number, place, row.key, good, part_of, facts),
        )
        self.write(
            "INSERT INTO refs (row, col, target, value) VALUES (?, ?, ?, ?)",
            ((number, column, PLACES[table], key) for column, table, key in names),
        )

    def put_came(self, table: str, keys: Iterable[str]) -> None:
        """Keep the keys of a table that came with the same package before."""
        place = PLACES[table]
        self.write("INSERT OR IGNORE INTO came VALUES (?, ?)", ((place, key) for key in keys))

    def unknown(self) -> Iterator[tuple[str, int, str, str, str]]:
        """What rows name and no row is: table, number, column, the table named, the key."""
        found = self.ask(
            "SELECT row, col, target, value FROM refs r"
            " WHERE NOT EXISTS (SELECT 1 FROM rows k WHERE k.tab = r.target AND k.key = r.value)"
            " AND NOT EXISTS (SELECT 1 FROM came k WHERE k.tab = r.target AND k.key = r.value)"
            " ORDER BY id"
        )
        for row, column, target, value in found:
            table, number = _place(row)
            yield table, number, column, tables.NAMES[target], value

    def named_by(self, table: str, column: str) -> Iterator[str]:
        """The keys that rows of a table name in a column."""
        first, last = _range(table)
        found = self.ask(
            "SELECT DISTINCT value FROM refs WHERE row BETWEEN ? AND ? AND col = ?",
            *(first, last, column),
        )
        return (value for (value,) in found)

    def parts(self, table: str, keys: Iterable[str]) -> Iterator[Row]:
        """The rows of a table that are part of these facts, in the order of their file."""
        # In one JSON list: of values, SQLite takes so many only.
        found = self.ask(
            "SELECT id, key, facts FROM rows INDEXED BY rows_part WHERE tab = ?"
            " AND part_of IN (SELECT value FROM json_each(?)) AND good ORDER BY id",
            *(PLACES[table], json.dumps(list(keys))),
        )
        return _rows(found)

    def row(self, number: int) -> Row:
        return next(_rows(self.ask("SELECT id, key, facts FROM rows WHERE id = ?", number)))

    def to_add(self, plan: int, table: str) -> Iterator[Row]:
        """The rows that a plan adds, in the order of their file."""
        return _rows(
            self.ask(
                "SELECT r.id, r.key, r.facts FROM rows r CROSS JOIN entries e"
                " ON e.plan = ? AND e.tab = r.tab AND e.key = r.key"
                " WHERE r.id BETWEEN ? AND ? AND r.good AND e.step = 'add' ORDER BY r.id",
                *(plan, *_range(table)),
            )
        )

    # -- what the site has of the package ----------------------------------------------------------

    def put_site(self, rows: Iterable[tuple[str, str, int, bool]]) -> None:
        """Keep table, key, primary key and ownership of each row, instead of what was kept."""
        self.connection.execute("DELETE FROM site")
        self.write(
            "INSERT OR REPLACE INTO site VALUES (?, ?, ?, ?)",
            ((PLACES[table], key, pk, owns) for table, key, pk, owns in rows if table in PLACES),
        )

    # -- what was made of the rows ---------------------------------------------------------------

    def forget_made(self) -> None:
        self.connection.execute("DELETE FROM made")

    def put_made(self, table: str, key: str, pk: int) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO made VALUES (?, ?, ?)", (PLACES[table], key, pk)
        )

    def made(self, table: str, key: str) -> int | None:
        """The primary key of what was made of a row, or came with the package before."""
        return self.value("SELECT pk FROM made WHERE tab = ? AND key = ?", PLACES[table], key)


class Rows(Mapping[str, Row]):
    """The rows of one table without a mistake, by key, in the order of the file."""

    def __init__(self, spool: Spool, table: str):
        self.spool = spool
        self.table = table

    def __getitem__(self, key: str) -> Row:
        found = self.spool.ask(
            "SELECT id, key, facts FROM rows WHERE tab = ? AND key = ? AND good",
            *(PLACES[self.table], key),
        )
        for row in _rows(found):
            return row
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        place = PLACES[self.table]
        said = "SELECT 1 FROM rows WHERE tab = ? AND key = ? AND good"
        return self.spool.value(said, place, key) is not None

    def __iter__(self) -> Iterator[str]:
        said = "SELECT key FROM rows WHERE id BETWEEN ? AND ? AND good ORDER BY id"
        return (key for (key,) in self.spool.ask(said, *_range(self.table)))

    def __len__(self) -> int:
        said = "SELECT count(*) FROM rows WHERE id BETWEEN ? AND ? AND good"
        return self.spool.value(said, *_range(self.table))

    def values(self) -> "_InOrder":
        return _InOrder(self)

    def in_order(self) -> Iterator[Row]:
        said = "SELECT id, key, facts FROM rows WHERE id BETWEEN ? AND ? AND good ORDER BY id"
        return _rows(self.spool.ask(said, *_range(self.table)))


class _InOrder(ValuesView[Row]):
    """The rows one after the other, without looking each up."""

    def __init__(self, rows: Rows):
        super().__init__(rows)
        self.rows = rows

    def __iter__(self) -> Iterator[Row]:
        return self.rows.in_order()


class SiteKeys(Mapping[int, str]):
    """The sender's key of each row of the site, of one table: what an import compares with."""

    def __init__(self, spool: Spool, table: str):
        self.spool = spool
        self.place = PLACES[table]

    def __getitem__(self, pk: int) -> str:
        key = self.spool.value("SELECT key FROM site WHERE tab = ? AND pk = ?", self.place, pk)
        if key is None:
            raise KeyError(pk)
        return key

    def __iter__(self) -> Iterator[int]:
        return (pk for (pk,) in self.spool.ask("SELECT pk FROM site WHERE tab = ?", self.place))

    def __len__(self) -> int:
        return self.spool.value("SELECT count(*) FROM site WHERE tab = ?", self.place)


def _range(table: str) -> tuple[int, int]:
    """The numbers here of all rows that a table may have."""
    first = PLACES[table] << NUMBER
    return first, first + (1 << NUMBER) - 1


def _place(number: int) -> tuple[str, int]:
    """The table and the number in its file of a row's number here."""
    return tables.NAMES[number >> NUMBER], number & ((1 << NUMBER) - 1)


def _rows(found: Iterable[tuple[int, str, bytes]]) -> Iterator[Row]:
    for number, key, facts in found:
        yield Row(*_place(number), key, pickle.loads(facts))  # noqa: S301 (our own)
