"""SQLite's FTS5: an index a language beside the documents, kept by triggers."""

import json
import math
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection

from search.engines.base import Asked, Sql, TooLong

#: The clock is looked at each time that SQLite has made so many steps.
STEPS = 20_000


def _safe(language: str) -> str:
    """A language's code as part of a table's name."""
    return re.sub(r"[^a-z0-9]", "_", language.lower())


class Sqlite(Sql):
    # A row is as long as its text: thousands of them are looked up in an index that is not.
    narrow_documents = "INDEXED BY search_document_narrow"

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
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_fts_{name} USING fts5(tokens, "
            "content='search_document', content_rowid='id', "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '.-'\")",
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_vocabulary_{name} "
            f"USING fts5vocab(search_fts_{name}, row)",
            f"INSERT INTO search_fts_{name}(search_fts_{name}) VALUES ('delete-all')",
            f"INSERT INTO search_fts_{name}(rowid, tokens) "
            f"SELECT id, tokens FROM search_document WHERE language = {there}",
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
        with connection.cursor() as cursor:
            for language, _name in settings.LANGUAGES:
                name = _safe(language)
                cursor.execute(
                    f"INSERT INTO search_fts_{name}(search_fts_{name}) VALUES ('optimize')"
                )

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        parts, values = [], []
        for language, each in tokens.items():
            if each := list(each):
                parts.append(
                    f"SELECT %s, term, doc FROM search_vocabulary_{_safe(language)} "
                    "WHERE term IN (SELECT value FROM json_each(%s))"
                )
                values += [language, json.dumps(each)]
        if not parts:
            return found
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            return {(language, term): number for language, term, number in cursor.fetchall()}

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

    def weigh(self, asked: Asked) -> dict[tuple[str, str], float]:
        wanted: dict[str, set[str]] = {}
        for group in asked.groups:
            for language, tokens in group.tokens.items():
                wanted.setdefault(language, set()).update(tokens)
        languages = sorted(wanted)
        parts, values = [], []
        for language in languages:
            parts.append(
                f"SELECT %s, term, doc FROM search_vocabulary_{_safe(language)} "
                "WHERE term IN (SELECT value FROM json_each(%s))"
            )
            values += [language, json.dumps(sorted(wanted[language]))]
        if not parts:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            rows = cursor.fetchall()
        totals = self.totals(asked)
        return {
            (language, term): _factor(totals[language][0], number)
            for language, term, number in rows
            if number and language in totals
        }

    def arm(self, language: str, token: str, place: int, weight: float) -> tuple[str, list[Any]]:
        name = f"search_fts_{_safe(language)}"
        return (
            f"SELECT rowid AS d, {place} AS g, {weight:.12g} * -bm25({name}) AS s "
            f"FROM {name} WHERE {name} MATCH %s",
            [f'"{token}"'],
        )

    def one_of(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(values))]


def _factor(total: int, number: int) -> float:
    """From FTS5's measure of rarity, which is nothing for common words, to Lucene's."""
    theirs = math.log((total - number + 0.5) / (number + 0.5)) if total >= number else 0
    theirs = theirs if theirs > 0 else 1e-6
    return math.log(1 + (max(total - number, 0) + 0.5) / (number + 0.5)) / theirs
