"""Where the index is asked: one small interface, one file an engine, one setting to choose."""

from functools import cache

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from search.engines.base import Answer, Asked, Engine, Group, Hit, TooLong, Unavailable

__all__ = [
    "Answer",
    "Asked",
    "Engine",
    "Group",
    "Hit",
    "TooLong",
    "Unavailable",
    "current",
    "named",
]

#: One more engine is one more file, and a line here.
ENGINES = {
    "sqlite": "search.engines.sqlite.Sqlite",
    "postgresql": "search.engines.postgres.Postgres",
    "elasticsearch": "search.engines.elastic.Elastic",
}


@cache
def named(name: str) -> Engine:
    """An engine by its name; ``database`` is the one of the database in use."""
    if name == "database":
        name = connections["default"].vendor
    return import_string(ENGINES[name])()


def current() -> Engine:
    """The engine that the setting chooses."""
    return named(settings.SUITES_SEARCH)
