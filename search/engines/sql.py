"""What the two databases share: postings by SQL, all else by :mod:`search.engines.ranking`."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from search.engines import docvalues, ranking
from search.engines.base import Answer, Asked, Engine, TooLong
from search.engines.ranking import Posting, Sought, Totals

#: So many tokens are looked up by one statement; SQLite joins five hundred SELECTs at most.
MOST_ARMS = 200


class Sql(Engine):
    """An index in the database itself, as fresh as the transaction that published."""

    def __init__(self) -> None:
        self._totals: tuple[tuple[Any, ...], Totals] = ((), {})

    def arm(self, place: int, sought: Sought) -> tuple[str, list[Any]]:
        """A SELECT of ``place``, how often documents hold the token, and their numbers."""
        raise NotImplementedError

    def numbers(self, said: Any) -> Sequence[int]:
        """The numbers of documents, as they come out of :meth:`arm`."""
        raise NotImplementedError

    def one_of(self, column: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
        """A condition: the column has one of the values, however many these are."""
        raise NotImplementedError

    def within(
        self, seconds: float | None, sql: str, values: Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement; :class:`TooLong` when it takes longer than that."""
        raise NotImplementedError

    def totals(self, asked: Asked) -> Totals:
        """Of each language: how many documents there are, and their mean length in tokens."""
        kept, found = self._totals
        if asked.generation and kept == asked.generation:
            return found
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT language, count(*), avg(length) FROM search_document GROUP BY language"
            )
            found = {name: (n, max(float(mean), 1.0)) for name, n, mean in cursor.fetchall()}
        self._totals = (asked.generation, found)
        return found

    def search(self, asked: Asked) -> Answer:
        clock = _Clock(asked.seconds)
        totals = self.totals(asked)
        tokens = ranking.sought(asked, totals)
        postings = self.postings(tokens, clock)
        # Read after the postings: what these name is known, or was published this very moment.
        values = asked.values or docvalues.current()
        for _place, _times, documents in postings:
            values.reach(documents)
        words = len(asked.groups)
        every = words if words > 1 and (asked.cut or asked.all_words) else 0
        found = ranking.add_up(postings, tokens, totals, values, asked.language, every=every)
        self.narrow(found, asked, clock)
        among = None if asked.among is None else self.entries("key", asked.among)
        return ranking.answer(found, asked, values, among)

    def postings(self, tokens: Sequence[Sought], clock: "_Clock") -> list[Posting]:
        found: list[Posting] = []
        for start in range(0, len(tokens), MOST_ARMS):
            parts, values = [], []
            for place, token in enumerate(tokens[start : start + MOST_ARMS], start):
                sql, own = self.arm(place, token)
                parts.append(sql)
                values += own
            rows = self.within(clock.left(), " UNION ALL ".join(parts), values)
            found += [(place, int(times), self.numbers(said)) for place, times, said in rows]
        return found

    def narrow(self, found: ranking.Found, asked: Asked, clock: "_Clock") -> None:
        """Leave out the entries that lack a word or a phrase, or have one that was excluded."""
        left = set(found.scores)
        if asked.all_words and len(asked.groups) > 1:
            left &= set(found.every)
        where, values = conditions(asked)
        if where and left:
            sql, own = self.one_of("ent.id", left)
            rows = self.within(
                clock.left(),
                f"SELECT ent.id FROM search_entry ent WHERE {' AND '.join([sql, *where])}",
                [*own, *values],
            )
            left = {entry for (entry,) in rows}
        if len(left) < len(found.scores):
            found.scores = {e: s for e, s in found.scores.items() if e in left}
            found.every = left.intersection(found.every)

    def entries(self, column: str, wanted: Iterable[Any]) -> set[int]:
        """The numbers of the entries whose column has one of these values."""
        sql, values = self.one_of(column, wanted)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM search_entry WHERE {sql}", values)
            return {entry for (entry,) in cursor.fetchall()}


class _Clock:
    """The time that one question has, over all its statements."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds, self.begin = seconds, time.monotonic()

    def left(self) -> float | None:
        """Raises :class:`TooLong` when there is none."""
        if self.seconds is None:
            return None
        left = self.seconds - (time.monotonic() - self.begin)
        if left <= 0:
            raise TooLong(f"more than {self.seconds} s")
        return left


def conditions(asked: Asked) -> tuple[list[str], list[Any]]:
    """What entries must hold beside words, of their documents that the reader sees."""
    where, values = [], []
    holds = (
        "EXISTS (SELECT 1 FROM search_document p WHERE p.entry_id = ent.id "
        "AND p.audience LIKE %s AND p.plain LIKE %s)"
    )
    reader = f"% {asked.language} %"
    for phrase in asked.phrases:
        where.append(holds)
        values += [reader, f"%{phrase}%"]
    for phrase in asked.excluded_phrases:
        where.append(f"NOT {holds}")
        values += [reader, f"%{phrase}%"]
    for group in asked.excluded:
        for language, tokens in group.tokens.items():
            for token in tokens:
                where.append(
                    "NOT EXISTS (SELECT 1 FROM search_document p WHERE p.entry_id = ent.id "
                    "AND p.audience LIKE %s AND p.language = %s "
                    "AND (' ' || p.tokens) LIKE %s)"
                )
                values += [reader, language, f"% {token}:%"]
    return where, values
