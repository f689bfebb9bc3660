"""A site with one of every page, on a port, for the tests that walk through all of it."""

import pickle
import sqlite3
from typing import Any

import pytest
from django.db import connection

from assemblies import directory
from tests.functional.showcase import make_showcase


class Kept:
    """The showcase as it was when it was made: the rows of the database, and the objects."""

    def __init__(self) -> None:
        self.rows: sqlite3.Connection | None = None
        self.world = b""


@pytest.fixture(scope="session")
def kept() -> Kept:
    return Kept()


@pytest.fixture
def showcase(live_server: Any, kept: Kept) -> Any:
    """What ``tests.functional.showcase`` makes, served.

    Made once a process and put back for each test, since to make it takes ten seconds. PostgreSQL
    has no copy of its own that is as quick.
    """
    if connection.vendor != "sqlite":
        return make_showcase()
    connection.ensure_connection()
    if kept.rows is None:
        world = make_showcase()
        kept.rows, kept.world = sqlite3.connect(":memory:"), pickle.dumps(world)
        connection.connection.backup(kept.rows)
        return world
    kept.rows.backup(connection.connection)
    directory.forget()
    return pickle.loads(kept.world)
