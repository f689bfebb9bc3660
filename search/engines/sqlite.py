"""SQLite's FTS5 as an inverted index: a table a language, kept by triggers on the documents.

A document's tokens are indexed with how often it holds them, ``dak:2``. So the index need not know
places, and says of a token in one walk which documents hold it once, twice, and so on.
"""

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction

from search.engines.base import TooLong
from search.engines.ranking import Sought
from search.engines.sql import Sql

#: The clock is looked at each time that SQLite has made so many steps.
STEPS = 20_000


def _safe(language: str) -> str:
    """A language's code as part of a table's name."""
    return re.sub(r"[^a-z0-9]", "_", language.lower())


class Sqlite(Sql):
    def prepare(self) -> None:
        with connection.cursor() as cursor:
            for language, _name in settings.LANGUAGES:
                self._prepare(cursor, language)

    def _prepare(self, cursor: Any, language: str) -> None:
        name = _safe(language)
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [f"search_fts_{name}_added"])
        if cursor.fetchone():
            return
        there = f"'{language}'"
        add = f"INSERT INTO search_fts_{name}(rowid, tokens) VALUES (new.id, new.tokens);"
        drop = (
            f"INSERT INTO search_fts_{name}(search_fts_{name}, rowid, tokens) "
            "VALUES ('delete', old.id, old.tokens);"
        )
        for statement in (
            # Tokens are cut at spaces: the tokenizer takes all other signs that they may have.
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_fts_{name} USING fts5(tokens, content='', "
            "columnsize=0, detail=none, tokenize=\"ascii tokenchars '.,:-'\")",
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_vocabulary_{name} "
            f"USING fts5vocab(search_fts_{name}, row)",
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_postings_{name} "
            f"USING fts5vocab(search_fts_{name}, instance)",
            *_filled(name, there),
            f"CREATE TRIGGER search_fts_{name}_added AFTER INSERT ON search_document "
            f"WHEN new.language = {there} BEGIN {add} END",
            f"CREATE TRIGGER search_fts_{name}_removed AFTER DELETE ON search_document "
            f"WHEN old.language = {there} BEGIN {drop} END",
            f"CREATE TRIGGER search_fts_{name}_changed AFTER UPDATE OF tokens ON search_document "
            f"WHEN old.language = {there} BEGIN {drop} {add} END",
        ):
            cursor.execute(statement)

    def rebuild(self) -> None:
        self.prepare()
        for language, _name in settings.LANGUAGES:
            name = _safe(language)
            # Readers find what there was before until it is there.
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in _filled(name, f"'{language}'"):
                    cursor.execute(statement)
                cursor.execute(
                    f"INSERT INTO search_fts_{name}(search_fts_{name}) VALUES ('optimize')"
                )

    def missing(self) -> int:
        wrong = 0
        with connection.cursor() as cursor:
            for language, _name in settings.LANGUAGES:
                cursor.execute(
                    "SELECT sum(length(tokens) - length(replace(tokens, ':', ''))), "
                    f"(SELECT sum(doc) FROM search_vocabulary_{_safe(language)}) "
                    "FROM search_document WHERE language = %s",
                    [language],
                )
                owed, there = cursor.fetchone()
                wrong += abs((owed or 0) - (there or 0))
        return wrong

    def arm(self, place: int, sought: Sought) -> tuple[str, list[Any]]:
        first, last = _range(sought.token)
        return (
            f"SELECT {place}, substr(term, {len(sought.token) + 2}), json_group_array(doc) "
            f"FROM search_postings_{_safe(sought.language)} WHERE term >= %s AND term < %s "
            "GROUP BY term",
            [first, last],
        )

    def numbers(self, said: str) -> Sequence[int]:
        return json.loads(said)

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        parts, values = [], []
        for language, each in tokens.items():
            for token in each:
                parts.append(
                    f"SELECT %s, %s, sum(doc) FROM search_vocabulary_{_safe(language)} "
                    "WHERE term >= %s AND term < %s"
                )
                values += [language, token, *_range(token)]
        if not parts:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            return {(language, term): n for language, term, n in cursor.fetchall() if n}

    def within(
        self, seconds: float | None, sql: str, values: Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            if seconds is None:
                return cursor.execute(sql, values).fetchall()
            end = time.monotonic() + seconds
            connection.connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
            try:
                return cursor.execute(sql, values).fetchall()
            except OperationalError as error:
                if time.monotonic() > end:
                    raise TooLong(f"more than {seconds} s") from error
                raise
            finally:
                connection.connection.set_progress_handler(None, 0)

    def one_of(self, column: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(values))]


def _filled(name: str, language: str) -> tuple[str, str]:
    """The statements that fill a language's table from the documents."""
    return (
        f"INSERT INTO search_fts_{name}(search_fts_{name}) VALUES ('delete-all')",
        f"INSERT INTO search_fts_{name}(rowid, tokens) "
        f"SELECT id, tokens FROM search_document WHERE language = {language}",
    )


def _range(token: str) -> tuple[str, str]:
    """Where the terms of a token begin and end: ``dak:1`` to ``dak:9999``; ``;`` follows ``:``."""
    return f"{token}:", f"{token};"
