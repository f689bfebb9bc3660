"""One moment of the database, for as long as an export reads it; nobody waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one moment. Writers go on writing, and what they write is not seen.

    On SQLite a transaction of ours takes the write lock at once; this one only reads, and takes
    none. Within an open transaction (a test's) what that one sees is what there is.
    """
    connection: Any = connections["default"]
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # which sets the mode
        mode = connection.transaction_mode
        connection.transaction_mode = "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
