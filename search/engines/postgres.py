"""PostgreSQL: a vector of tokens a document under GIN, in rows short enough to be read at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

from assemblies.models.change import lock_numbers
from search.engines.base import TooLong
from search.engines.ranking import Sought
from search.engines.sql import Sql
from search.models import Document, Vector, counts

#: How often a token stands in a text, from ``ts_rank``: of one token it is a sum of 1/n² over its
#: places, divided by π²/6, and what is lacking to 1 is close to 1/(n + ½).
TIMES = "floor(1.0 / greatest((1.0 - ts_rank('{1,1,1,1}', vector, q)) * 1.644934067, 1e-5))"

#: How PostgreSQL says that a statement's time was over.
QUERY_CANCELED = "57014"
#: A vector keeps no more places of a token.
MOST_PLACES = 255
BATCH = 200


class Postgres(Sql):
    def prepare(self) -> None:
        with connection.cursor() as cursor:
            # Looked up first: asking for it is refused while rows wait for their checks.
            cursor.execute("SELECT to_regclass('search_vector_tokens')")
            if cursor.fetchone()[0]:
                return
            cursor.execute(
                "CREATE INDEX IF NOT EXISTS search_vector_tokens ON search_vector "
                "USING gin (vector) WITH (fastupdate = off)"
            )

    def rebuild(self) -> None:
        self.prepare()
        wrong = [pk for (pk,) in self._wrong()]
        for start in range(0, len(wrong), BATCH):
            part = wrong[start : start + BATCH]
            # With the lock of whoever writes entries: what is missing is missing only once.
            with transaction.atomic():
                lock_numbers()
                Vector.objects.filter(document__in=part).delete()
                self.take(Document.objects.filter(pk__in=part))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_document, search_entry, search_vector")

    def missing(self) -> int:
        return len(self._wrong())

    def _wrong(self) -> list[tuple[int]]:
        """The documents without a vector, or with one of another number of tokens."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT d.id FROM search_document d LEFT JOIN search_vector v "
                "ON v.document_id = d.id WHERE v.document_id IS NULL OR v.language <> d.language "
                "OR length(v.vector) <> length(d.tokens) - length(replace(d.tokens, ':', ''))"
            )
            return cursor.fetchall()

    def take(self, documents: Iterable[Document]) -> None:
        Vector.objects.bulk_create(
            [
                Vector(document=each, language=each.language, vector=vector(each.tokens))
                for each in documents
            ],
            batch_size=200,
        )

    def arm(self, place: int, sought: Sought) -> tuple[str, list[Any]]:
        return (
            f"SELECT {place}, n, array_agg(document_id) FROM (SELECT document_id, {TIMES} AS n "
            "FROM search_vector, (SELECT quote_literal(%s)::tsquery AS q) AS asked "
            "WHERE language = %s AND vector @@ q) AS held GROUP BY n",
            [sought.token, sought.language],
        )

    def numbers(self, said: list[int]) -> Sequence[int]:
        return said

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        pairs = [(language, token) for language, each in tokens.items() for token in each]
        if not pairs:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l, t, (SELECT count(*) FROM search_vector "
                "WHERE language = l AND vector @@ (quote_literal(t))::tsquery) "
                "FROM unnest(%s::text[], %s::text[]) AS asked(l, t)",
                [[language for language, _t in pairs], [token for _l, token in pairs]],
            )
            rows = cursor.fetchall()
        return {(language, token): number for language, token, number in rows if number}

    def within(
        self, seconds: float | None, sql: str, values: Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        limit, whole = "SET LOCAL statement_timeout", "SET LOCAL enable_seqscan"
        with connection.cursor() as cursor:
            if seconds is None:
                cursor.execute(sql, values)
                return cursor.fetchall()
            # One message, so one way there and back, and one transaction that the limit ends with.
            # The planner takes a look into a vector for as cheap as one at a number, and would
            # read all of them for a common word: half as long again.
            begin = f"{limit} = {max(round(seconds * 1000), 1)}; {whole} = off"
            message = f"{begin}; {sql}; {limit} TO DEFAULT; {whole} TO DEFAULT"
            try:
                cursor.execute(message, values)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") == QUERY_CANCELED:
                    raise TooLong(f"more than {seconds} s") from error
                raise
            cursor.nextset()
            cursor.nextset()
            return cursor.fetchall()

    def one_of(self, column: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
        return f"{column} = ANY(%s)", [list(values)]


def vector(tokens: str) -> str:
    """A tsvector as PostgreSQL reads it: each token with as many places as it stands at."""
    written = []
    for token, number in counts(tokens).items():
        quoted = token.replace("\\", "\\\\").replace("'", "''")
        places = ",".join(map(str, range(1, min(number, MOST_PLACES) + 1)))
        written.append(f"'{quoted}':{places}")
    return " ".join(written)
