"""What an engine is asked, and what it answers; and the SQL that the two databases share."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

#: What a document in the reader's language is worth more than any in another.
OWN = 1000.0
#: What a sheet of a booklet is worth beside the facts that it repeats.
REPEATED = 0.5
#: Results under this share of the best score are the weak tail of a long query.
WEAK = 0.3
#: So many are shown however weak they are.
KEPT = 10


class Unavailable(Exception):
    """The engine can't be reached: search says so, and the rest of the site goes on."""


class TooLong(Unavailable):
    """The engine was still counting when its time was over."""


@dataclass(frozen=True, slots=True)
class Group:
    """One typed word: by language, the tokens that a text may hold for it, each with a weight."""

    word: str
    tokens: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the index, in the words of the index."""

    language: str
    groups: Sequence[Group]
    #: Folded words between spaces, by language: the text holds one of them, for each phrase.
    phrases: Sequence[str] = ()
    excluded: Sequence[Group] = ()
    excluded_phrases: Sequence[str] = ()
    all_words: bool = False
    cut: bool = False
    profiles: Sequence[int] | None = None
    late: bool = False
    today: datetime.date = datetime.date.min
    by_date: bool = False
    offset: int = 0
    size: int = 20
    #: The change log's last row: how many texts there are is counted once for each.
    generation: tuple[Any, ...] = ()
    #: After so many seconds a database gives up: a reader does not wait, and others want to ask.
    seconds: float | None = None
    #: Only among these entries; for saved searches.
    among: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    key: str
    noun: str
    subject: int
    score: float


@dataclass
class Answer:
    """``total``: entries that pass everything; ``whole``: before the weak tail was hidden.

    ``profiles``: profile and lateness → how many there are, whatever filters are chosen.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    whole: int = 0
    profiles: dict[tuple[int, bool], int] = field(default_factory=dict)


class Engine:
    """An index that can be asked."""

    def search(self, asked: Asked) -> Answer:
        """Raises :class:`Unavailable`."""
        raise NotImplementedError

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        """In how many documents of a language each token stands: (language, token) → number."""
        raise NotImplementedError

    def catch_up(self) -> int:
        """Write what was published since the last time; the databases have it already."""
        return 0

    def prepare(self) -> None:
        """Make what is needed before anything is written; harmless when it is there."""

    def rebuild(self) -> None:
        """Build anew from the entries and documents in the database, and put it in place whole."""

    def missing(self) -> int:
        """How many entries it lacks, has too many, or has as they were before."""
        return 0


class Sql(Engine):
    """The two databases: BM25 token by token, summed a document, the best document an entry.

    The score of a document in another language than the reader's stays below all others.
    """

    #: How to look up what is short of a document, where the database does not find out by itself.
    narrow_documents = ""

    def __init__(self) -> None:
        self._totals: tuple[tuple[Any, ...], dict[str, tuple[int, float]]] = ((), {})

    def totals(self, asked: Asked) -> dict[str, tuple[int, float]]:
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

    def arm(self, language: str, token: str, place: int, weight: float) -> tuple[str, list[Any]]:
        """A SELECT of document, group and score of one token."""
        raise NotImplementedError

    def weigh(self, asked: Asked) -> dict[tuple[str, str], float]:
        """What each token is worth in each language, from its rarity."""
        raise NotImplementedError

    def one_of(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        raise NotImplementedError

    def search(self, asked: Asked) -> Answer:
        sql, values = self.statement(asked)
        if not sql:
            return Answer()
        return self.read(self.within(asked.seconds, sql, values), asked)

    def within(
        self, seconds: float | None, sql: str, values: Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement; :class:`TooLong` when it takes longer than that."""
        raise NotImplementedError

    def statement(self, asked: Asked) -> tuple[str, list[Any]]:
        worth = self.weigh(asked)
        arms, values, told = [], [], Counter[str]()
        for place, group in enumerate(asked.groups):
            for language, tokens in group.tokens.items():
                for token, weight in tokens.items():
                    if (language, token) in worth:
                        sql, own = self.arm(language, token, place, weight * worth[language, token])
                        arms.append(sql)
                        values += own
                        told[language] += 1
        if not arms:
            return "", []
        where, more = self.conditions(asked)
        passing, chosen = self.filters(asked)
        needed = len(asked.groups)
        several = needed > 1 and (asked.cut or asked.all_words)
        # Which of the words a document holds: a column each, for that costs one pass less than
        # to count different ones.
        words = [f"g{place}" for place in range(needed)] if several else []
        order = "day IS NULL, day DESC, s DESC, e" if asked.by_date else "s DESC, e"
        sql = f"""
        WITH h AS MATERIALIZED ({" UNION ALL ".join(arms)}),
        {self._sums(words, once=max(told.values()) == 1)}
        ent AS MATERIALIZED (
            SELECT x.entry_id AS e,
                   max(doc.s * CASE WHEN x.noun = 'sheet' THEN {REPEATED} ELSE 1 END
                       + CASE WHEN x.language = %s THEN {OWN} ELSE 0 END) AS s,
                   {" + ".join(f"max({word})" for word in words) or "1"} AS n
            FROM doc JOIN search_document x {self.narrow_documents} ON x.id = doc.d
            WHERE x.audience LIKE %s GROUP BY x.entry_id),
        base AS MATERIALIZED (
            SELECT ent.e, ent.s, ent.n, y.profile, y.day, coalesce(y.next_due < %s, false) AS late
            FROM ent JOIN search_entry y ON y.id = ent.e AND NOT y.gone
            WHERE {" AND ".join(where)}),
        lim AS MATERIALIZED (SELECT {self._least(needed) if asked.cut else "0"} AS least)
        SELECT 'p', base.profile, base.late, count(*), '', 0,
               {"sum(CASE WHEN s >= least THEN 1 ELSE 0 END)" if asked.cut else "count(*)"}, null, 0
        FROM base{", lim" if asked.cut else ""} GROUP BY base.profile, base.late
        UNION ALL
        SELECT 'h', z.subject, false, 0, z.key || ' ' || z.noun, top.s, 0, top.day, top.e FROM (
            SELECT base.e, base.s, base.day FROM base, lim
            WHERE base.s >= least AND {passing} ORDER BY {order} LIMIT %s OFFSET %s) AS top
        JOIN search_entry z ON z.id = top.e
        """
        values += [asked.language, f"% {asked.language} %", asked.today, *more, *chosen]
        values += [asked.size, asked.offset]
        return sql, values

    def _sums(self, words: Sequence[str], *, once: bool) -> str:
        """Of each document its score, and the words that it holds, from its tokens'.

        ``once``: no document has two of the tokens, so that there is nothing to add up.
        """
        held = [f"CASE WHEN g = {place} THEN 1 ELSE 0 END" for place in range(len(words))]
        if once:
            columns = "".join(f", {case} AS {word}" for case, word in zip(held, words, strict=True))
            return f"doc AS NOT MATERIALIZED (SELECT d, s{columns} FROM h),"
        columns = "".join(
            f", max({case}) AS {word}" for case, word in zip(held, words, strict=True)
        )
        return f"doc AS MATERIALIZED (SELECT d, sum(s) AS s{columns} FROM h GROUP BY d),"

    def _least(self, needed: int) -> str:
        """The lowest score that is shown of a long query."""
        return f"""(SELECT min(least) FROM (
            SELECT CASE WHEN max(s) >= {OWN} THEN {OWN} + {WEAK} * (max(s) - {OWN})
                   ELSE {WEAK} * max(s) END AS least FROM base
            UNION ALL SELECT coalesce((SELECT s FROM base ORDER BY s DESC, e
                   LIMIT 1 OFFSET {KEPT - 1}), 0)
            UNION ALL SELECT min(s) FROM base WHERE n >= {needed}) AS limits)"""

    def conditions(self, asked: Asked) -> tuple[list[str], list[Any]]:
        """What entries must hold, whatever filters are chosen."""
        where, values = ["true"], []
        if asked.all_words and len(asked.groups) > 1:
            where.append(f"ent.n >= {len(asked.groups)}")
        holds = (
            "EXISTS (SELECT 1 FROM search_document p WHERE p.entry_id = ent.e "
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
                        "NOT EXISTS (SELECT 1 FROM search_document p WHERE p.entry_id = ent.e "
                        "AND p.audience LIKE %s AND p.language = %s "
                        "AND (' ' || p.tokens || ' ') LIKE %s)"
                    )
                    values += [reader, language, f"% {token} %"]
        return where, values

    def filters(self, asked: Asked) -> tuple[str, list[Any]]:
        """What hits must pass, and counts need not."""
        passing, values = ["true"], []
        if asked.profiles is not None:
            sql, own = self.one_of("base.profile", list(asked.profiles))
            passing.append(sql)
            values += own
        if asked.late:
            passing.append("base.late")
        if asked.among is not None:
            sql, own = self.one_of("key", list(asked.among))
            passing.append(f"base.e IN (SELECT id FROM search_entry WHERE {sql})")
            values += own
        return " AND ".join(passing), values

    def read(self, rows: Iterable[tuple[Any, ...]], asked: Asked) -> Answer:
        answer = Answer()
        places: list[tuple[tuple[Any, ...], Hit]] = []
        profiles = None if asked.profiles is None else set(asked.profiles)
        for kind, number, late, count, key, score, strong, day, entry in rows:
            if kind == "h":
                name, _space, noun = key.partition(" ")
                date = (day is None, -_ordinal(day)) if asked.by_date else ()
                places.append(((*date, -score, entry), Hit(name, noun, number, float(score))))
                continue
            passes = (profiles is None or number in profiles) and (bool(late) or not asked.late)
            if strong:
                answer.profiles[number, bool(late)] = int(strong)
            if passes:
                answer.total += int(strong)
                answer.whole += int(count)
        # No database promises an order over what was joined.
        answer.hits = [hit for _place, hit in sorted(places, key=lambda each: each[0])]
        return answer


def _ordinal(day: datetime.date | str | None) -> int:
    """A day as a number; SQLite says it as text."""
    if not day:
        return 0
    return (datetime.date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
