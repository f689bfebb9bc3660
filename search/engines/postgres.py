"""PostgreSQL: a vector of tokens a document under GIN, ranked by BM25 in SQL without extension."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import OperationalError, connection

from search.engines.base import Asked, Sql, TooLong

#: How often a token stands in a text, from ``ts_rank``: of one token it is a sum of 1/n² over its
#: places, divided by π²/6, and what is lacking to 1 is close to 1/(n + ½).
TIMES = (
    "round((1.0 / greatest((1.0 - ts_rank('{1,1,1,1}', vector, q)) * 1.644934067, 1e-5) - 0.5)"
    "::numeric)::float8"
)

#: How PostgreSQL says that a statement's time was over.
QUERY_CANCELED = "57014"


class Postgres(Sql):
    def prepare(self) -> None:
        with connection.cursor() as cursor:
            # Looked up first: asking for it is refused while rows wait for their checks.
            cursor.execute("SELECT to_regclass('search_document_vector')")
            if cursor.fetchone()[0]:
                return
            cursor.execute(
                "CREATE INDEX IF NOT EXISTS search_document_vector ON search_document "
                "USING gin (vector) WITH (fastupdate = off)"
            )

    def rebuild(self) -> None:
        self.prepare()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_document")

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        pairs = [(language, token) for language, each in tokens.items() for token in each]
        if not pairs:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l, t, (SELECT count(*) FROM search_document "
                "WHERE language = l AND vector @@ (quote_literal(t))::tsquery) "
                "FROM unnest(%s::text[], %s::text[]) AS asked(l, t)",
                [[language for language, _t in pairs], [token for _l, token in pairs]],
            )
            rows = cursor.fetchall()
        return {(language, token): number for language, token, number in rows if number}

    def within(
        self, seconds: float | None, sql: str, values: Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        limit = "SET LOCAL statement_timeout"
        with connection.cursor() as cursor:
            if seconds is None:
                cursor.execute(sql, values)
                return cursor.fetchall()
            # One message, so one way there and back, and one transaction that the limit ends with.
            message = f"{limit} = {round(seconds * 1000)}; {sql}; {limit} TO DEFAULT"
            try:
                cursor.execute(message, values)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") == QUERY_CANCELED:
                    raise TooLong(f"more than {seconds} s") from error
                raise
            cursor.nextset()
            return cursor.fetchall()

    def weigh(self, asked: Asked) -> dict[tuple[str, str], float]:
        """All weigh the same here: how rare a token is, its own statement finds out."""
        self.there = self.totals(asked)
        return {
            (language, token): 1.0
            for group in asked.groups
            for language, tokens in group.tokens.items()
            if language in self.there
            for token in tokens
        }

    def arm(self, language: str, token: str, place: int, weight: float) -> tuple[str, list[Any]]:
        number, mean = self.there[language]
        return (
            f"SELECT d, {place} AS g, {weight:.12g} * ln(1 + ({number} - least(c, {number}) + 0.5) "
            f"/ (c + 0.5)) * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * length / {mean:.9g})) AS s "
            f"FROM (SELECT id AS d, length, {TIMES} AS n, count(*) OVER () AS c "
            "FROM search_document, (SELECT quote_literal(%s)::tsquery AS q) AS asked "
            "WHERE language = %s AND vector @@ q) AS held",
            [token, language],
        )

    def one_of(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        return f"{column} = ANY(%s)", [list(values)]
