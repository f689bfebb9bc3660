"""Primary keys, known before the rows are written: a revision holds those of its whole fact."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router

#: Keys that are fetched at once where it is not known how many will be needed.
SOME = 500


class Keys:
    """Free primary keys of a table, for rows that the open transaction writes.

    SQLite: the transaction holds the only write lock, and a key is never given twice, so they are
    counted from the last one. PostgreSQL: its sequence gives them, and others may come between.
    """

    def __init__(self, model: type[models.Model], number: int):
        self.model = model
        self.number = number
        self.fetched: list[int] = []
        self.next: int | None = None

    def take(self) -> int:
        connection = connections[router.db_for_write(self.model)]
        if connection.vendor == "postgresql":
            if not self.fetched:
                self.fetched = self._of_sequence(connection)
            return self.fetched.pop()
        if self.next is None:
            self.next = self._after_last(connection)
        self.next += 1
        return self.next - 1

    def _of_sequence(self, connection: Any) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [
                    connection.ops.quote_name(self.model._meta.db_table),
                    self.model._meta.pk.column,
                    max(self.number, 1),
                ],
            )
            return sorted((row[0] for row in cursor.fetchall()), reverse=True)

    def _after_last(self, connection: Any) -> int:
        with connection.cursor() as cursor:
            table = self.model._meta.db_table
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()
        return (last[0] if last else 0) + 1


def reserve(model: type[models.Model], number: int = SOME) -> Keys:
    """Keys for about so many rows, which are written before others are reserved."""
    return Keys(model, number)


def insert(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Write rows whose keys are set; of a page, the part that stands in this table.

    One prepared statement for all of them: Django's own compiler takes as long to write the
    statement as the database to obey it. For tables that are not guarded (``assemblies.history``).
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not (field.primary_key and getattr(rows[0], field.attname) is None)
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join("%s" for _field in fields)
    ways = [(field.attname, field.get_db_prep_save) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})",  # noqa: S608
            [[prepare(getattr(row, name), connection) for name, prepare in ways] for row in rows],
        )
