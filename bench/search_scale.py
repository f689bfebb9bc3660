"""The search beside the raw engine on the same texts: answers, one more document, a rebuild.

    .venv/bin/python bench/search_scale.py                              SQLite, 10,000 texts
    .venv/bin/python bench/search_scale.py --documents 10000 100000
    DATABASE_URL=postgresql://… .venv/bin/python bench/search_scale.py
    ELASTICSEARCH_URL=http://… .venv/bin/python bench/search_scale.py --elasticsearch

Texts of 200 to 600 words with the frequencies of a language, in two made-up languages, and twenty
queries from the commonest word to a rare one. The raw engine finds all words typed, or any, with a
snippet of twenty results, their number, and how many there are by theme. Ours finds any word, in
entries of both languages, with ten facets and passages of twenty results. So the like of it is the
raw engine asked for any word. Nothing is left behind.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

VOCABULARY = 30_000
SYLLABLES = {
    "fr": "ba bé ca che co dé di é fa fi ga gra la lé li lo mé mi mo na né no pla po pra ré ro",
    "nl": "aa ba bij da de dij er ga ge ha huis in ka ko la lij ma na oe pa rij scha sta toe wij",
}
ENDINGS = {
    "fr": ["", "s", "e", "es", "ment", "tion", "tions", "ique"],
    "nl": ["", "en", "s", "e", "heid", "tje", "ing", "ingen"],
}
THEMES = [f"theme-{number}" for number in range(12)]
RESPONSES = ["awaiting", "accepted", "partial", "rejected", "under_study"]
WEIGHTS = list(accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(VOCABULARY)))
TIMES = 5


def vocabulary(language: str) -> list[str]:
    from search import analyzer

    chance = random.Random(language)
    words = dict.fromkeys(sorted(analyzer.rules(language).stop)[:26])
    while len(words) < VOCABULARY:
        stem = "".join(chance.choices(SYLLABLES[language].split(), k=chance.choice((2, 3, 3, 4))))
        for end in chance.sample(ENDINGS[language], k=chance.randint(1, 4)):
            words[stem + end] = None
    return list(words)[:VOCABULARY]


class Corpus:
    """Texts by their number, the same at every run."""

    def __init__(self) -> None:
        self.words = {language: vocabulary(language) for language in SYLLABLES}

    def text(self, number: int) -> dict[str, str]:
        chance = random.Random(number)
        language = "fr" if number % 2 == 0 else "nl"
        length = chance.randint(200, 600)
        words = chance.choices(self.words[language], cum_weights=WEIGHTS, k=length)
        title = " ".join(chance.choices(self.words[language][30:8000], k=6)).capitalize()
        text = " ".join(words)
        return {
            "language": language,
            "title": title,
            "text": f"{text[:1].upper()}{text[1:]}.",
            "theme": chance.choice(THEMES),
            "response": chance.choice(RESPONSES),
        }

    def queries(self) -> list[tuple[str, str]]:
        ranks = [[40], [60], [200], [260], [2000], [15000], [150, 230], [180, 1500]]
        ranks += [[120, 170, 210], [45, 9000]]
        return [
            (language, " ".join(words[rank] for rank in each))
            for language, words in self.words.items()
            for each in ranks
        ]


def texts(corpus: Corpus, first: int, last: int) -> Iterator[list[dict[str, str]]]:
    for start in range(first, last, 1000):
        yield [corpus.text(number) for number in range(start, min(start + 1000, last))]


# -- ours -----------------------------------------------------------------------------------------


def add(rows: list[dict[str, str]], first: int) -> None:
    """Index texts as publishing does: entries, documents, words."""
    from search import engines, indexing
    from search.documents import Draft
    from search.models import Document, Entry

    entries, drafts = [], []
    version = indexing._next_version()
    for number, row in enumerate(rows, first):
        facets = {"topic": [row["theme"]], "response": [row["response"]], "assembly": ["BXL"]}
        profile, said = indexing.profile_of(facets)
        key = f"recommendation:{number}"
        entries.append(
            Entry(
                key=key,
                noun="recommendation",
                subject=number,
                profile=profile,
                facets=said,
                day=date(2026, 1, 1 + number % 28),
                changed=1,
                version=version + len(entries),
            )
        )
        drafts.append(
            Draft(key, "recommendation", row["language"], ("fr", "nl"), row["title"], row["text"])
        )
    Entry.objects.bulk_create(entries, batch_size=500)
    made = [indexing._document(*each) for each in zip(entries, drafts, strict=True)]
    Document.objects.bulk_create(made, batch_size=200)
    engines.named("database").take(made)
    indexing._note_words(made)


def ours(language: str, typed: str) -> int:
    from assemblies import clock, directory
    from search import asking, engines, facets, highlight, query, results
    from search.engines import Asked

    lists = directory.current()
    understood = query.parse(typed, language)
    known = facets.profiles(lists.generation)
    question = asking.question(understood, language, lists.generation)
    answer = engines.current().search(
        Asked(
            language,
            question.groups,
            cut=len(question.groups) >= asking.LONG,
            today=clock.today(),
            generation=lists.generation,
        )
    )
    facets.facets(lists, answer.profiles, known, facets.Chosen({}), [])
    for row in results.words(answer.hits, language):
        tokens = question.tokens(row.language)
        highlight.marked(row.title, row.language, tokens)
        highlight.passage(row.text, row.language, tokens)
    return answer.total


# -- the raw engines ------------------------------------------------------------------------------


class RawSqlite:
    def __init__(self, folder: str) -> None:
        import sqlite3

        self.db = sqlite3.connect(Path(folder) / "raw.sqlite3")
        self.db.executescript(
            """PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;
            CREATE TABLE doc(id INTEGER PRIMARY KEY, title, text, language, theme);
            CREATE INDEX doc_theme ON doc(theme);
            CREATE VIRTUAL TABLE fts USING fts5(title, text, content='doc', content_rowid='id',
                tokenize='unicode61 remove_diacritics 2');"""
        )

    def add(self, rows: list[dict[str, str]]) -> None:
        before = self.db.execute("SELECT coalesce(max(id), 0) FROM doc").fetchone()[0]
        self.db.executemany(
            "INSERT INTO doc(title, text, language, theme) "
            "VALUES (:title, :text, :language, :theme)",
            rows,
        )
        self.db.execute(
            "INSERT INTO fts(rowid, title, text) SELECT id, title, text FROM doc WHERE id > ?",
            [before],
        )
        self.db.commit()

    def ready(self) -> None:
        self.db.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        self.db.commit()

    def ask(self, language: str, typed: str, *, every: bool = True) -> int:
        asked = [(" " if every else " OR ").join(f'"{word}"' for word in typed.split())]
        run = self.db.execute
        run(
            "SELECT d.id, d.title, d.theme, snippet(fts, 1, '<b>', '</b>', '…', 30) FROM fts "
            "JOIN doc d ON d.id = fts.rowid WHERE fts MATCH ? AND rank MATCH 'bm25(2.0, 1.0)' "
            "ORDER BY rank LIMIT 20",
            asked,
        ).fetchall()
        run(
            "SELECT d.theme, count(*) FROM fts JOIN doc d ON d.id = fts.rowid "
            "WHERE fts MATCH ? GROUP BY d.theme",
            asked,
        ).fetchall()
        return run("SELECT count(*) FROM fts WHERE fts MATCH ?", asked).fetchone()[0]


class RawPostgres:
    def __init__(self, folder: str) -> None:
        from django.db import connection

        self.cursor = connection.cursor()
        self.cursor.execute("DROP TABLE IF EXISTS bench_raw")
        self.cursor.execute(
            "CREATE TABLE bench_raw(id serial PRIMARY KEY, title text, text text, language text, "
            "theme text, vector tsvector)"
        )

    def add(self, rows: list[dict[str, str]]) -> None:
        names = {"fr": "french", "nl": "dutch"}
        self.cursor.executemany(
            "INSERT INTO bench_raw(title, text, language, theme, vector) VALUES (%s, %s, %s, %s, "
            "setweight(to_tsvector(%s::regconfig, %s), 'A') || to_tsvector(%s::regconfig, %s))",
            [
                (
                    *(row["title"], row["text"], row["language"], row["theme"]),
                    *(names[row["language"]], row["title"], names[row["language"]], row["text"]),
                )
                for row in rows
            ],
        )

    def ready(self) -> None:
        self.cursor.execute("CREATE INDEX IF NOT EXISTS bench_gin ON bench_raw USING gin(vector)")
        self.cursor.execute("VACUUM ANALYZE bench_raw")

    def ask(self, language: str, typed: str, *, every: bool = True) -> int:
        given = {"c": {"fr": "french", "nl": "dutch"}[language], "q": typed}
        query = "plainto_tsquery(%(c)s::regconfig, %(q)s)"
        query = query if every else f"replace({query}::text, '&', '|')::tsquery"
        base = f"FROM bench_raw, (SELECT {query} AS q) asked WHERE vector @@ q"
        self.cursor.execute(
            "SELECT id, title, theme, ts_headline(%(c)s::regconfig, text, q) FROM (SELECT id, "
            f"title, theme, text, q, ts_rank(vector, q) r {base} ORDER BY r DESC LIMIT 20) x",
            given,
        )
        self.cursor.fetchall()
        self.cursor.execute(f"SELECT theme, count(*) {base} GROUP BY theme", given)
        self.cursor.fetchall()
        self.cursor.execute(f"SELECT count(*) {base}", given)
        return self.cursor.fetchone()[0]


class RawElastic:
    def __init__(self, folder: str) -> None:
        from search import engines

        self.client = engines.current().client.options(request_timeout=120)
        self.index = f"{engines.current().alias}-raw"
        fields: dict[str, Any] = {"theme": {"type": "keyword"}}
        for language, name in (("fr", "french"), ("nl", "dutch")):
            fields[f"title_{language}"] = {"type": "text", "analyzer": name}
            fields[f"text_{language}"] = {"type": "text", "analyzer": name}
        self.client.indices.create(
            index=self.index,
            settings={"number_of_shards": 1, "number_of_replicas": 0},
            mappings={"properties": fields},
        )

    def add(self, rows: list[dict[str, str]]) -> None:
        from elasticsearch import helpers

        helpers.bulk(
            self.client,
            (
                {
                    "_index": self.index,
                    "theme": row["theme"],
                    f"title_{row['language']}": row["title"],
                    f"text_{row['language']}": row["text"],
                }
                for row in rows
            ),
        )

    def ready(self) -> None:
        self.client.indices.forcemerge(index=self.index, max_num_segments=1)
        self.client.indices.refresh(index=self.index)

    def ask(self, language: str, typed: str, *, every: bool = True) -> int:
        fields = [f"title_{language}^2", f"text_{language}"]
        operator = "and" if every else "or"
        found = self.client.search(
            index=self.index,
            query={"multi_match": {"query": typed, "fields": fields, "operator": operator}},
            size=20,
            track_total_hits=True,
            aggs={"theme": {"terms": {"field": "theme", "size": 20}}},
            highlight={"fields": {f"text_{language}": {}}},
        )
        return found["hits"]["total"]["value"]


# -- measuring ------------------------------------------------------------------------------------


def clock() -> float:
    """Processor time where engine and we are one process: what else runs then does not count."""
    from django.conf import settings
    from django.db import connection

    alone = connection.vendor == "sqlite" and settings.SUITES_SEARCH == "database"
    return time.process_time() if alone else time.perf_counter()


def timed(ask: Callable[[], object]) -> float:
    start = clock()
    ask()
    return (clock() - start) * 1000


def one_more(number: int, corpus: Corpus) -> float:
    """Milliseconds to index one text in a transaction of its own, the median of fifty."""
    from django.db import transaction

    took = []
    for each in range(50):
        row = corpus.text(10_000_000 + number + each)

        def index(row: dict[str, str] = row, each: int = each) -> None:
            with transaction.atomic():
                add([row], 10_000_000 + number + each)

        took.append(timed(index))
    return statistics.median(took)


def measure(corpus: Corpus, raw: Any, size: int, seconds: float) -> None:
    mine: list[float] = []
    every: list[float] = []
    some: list[float] = []
    for language, typed in corpus.queries():
        asks = (
            (mine, partial(ours, language, typed)),
            (every, partial(raw.ask, language, typed)),
            (some, partial(raw.ask, language, typed, every=False)),
        )
        took: list[list[float]] = [[] for _ask in asks]
        for turn in range(TIMES + 1):
            # By turns, so that what else the machine does meets all of them; the first warms up.
            for place, (_held, ask) in enumerate(asks):
                now = timed(ask)
                if turn:
                    took[place].append(now)
        for (held, _ask), times in zip(asks, took, strict=True):
            held.append(statistics.median(times))
        print(f"    {mine[-1]:8.1f} {every[-1]:8.1f} {some[-1]:8.1f}  {typed}", flush=True)
    single = one_more(size * 10, corpus)
    middle, all_words, any_word = map(statistics.median, (mine, every, some))
    print(
        f"| {size:,} | {middle:.1f} ms | {max(mine):.0f} ms | {all_words:.1f} ms "
        f"| {middle / all_words:.2f} | {any_word:.1f} ms | {middle / any_word:.2f} "
        f"| {sum(mine) / sum(some):.2f} | {single:.1f} ms | {seconds:.0f} s |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000])
    parser.add_argument("--elasticsearch", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ["SUITES_SEARCH"] = "elasticsearch" if asked.elasticsearch else "database"
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.dev"
        import django

        django.setup()
        import logging

        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        from search import engines, facets
        from search.models import Document, Entry

        logging.disable(logging.INFO)
        settings.DEBUG = False
        settings.SUITES_SEARCH_INDEX = f"bench-{os.getpid()}"
        call_command("migrate", verbosity=0)
        Document.objects.all().delete()
        Entry.objects.all().delete()
        corpus = Corpus()
        raw: Any = RawSqlite(folder) if connection.vendor == "sqlite" else RawPostgres(folder)
        if asked.elasticsearch:
            raw = RawElastic(folder)
        print(
            "| texts | ours | slowest | raw, all words | ratio | raw, any word | ratio "
            "| of sums | one more | rebuild |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|")
        there, seconds = 0, 0.0
        for size in asked.documents:
            for rows in texts(corpus, there, size):
                seconds += timed(partial(add, rows, there)) / 1000
                raw.add(rows)
                there += len(rows)
            seconds += timed(engines.current().rebuild) / 1000
            raw.ready()
            facets.forget()
            measure(corpus, raw, size, seconds)
        if asked.elasticsearch:
            client = engines.current().client
            for index in (*client.indices.get_alias(name=engines.current().alias), raw.index):
                client.indices.delete(index=index)


if __name__ == "__main__":
    main()
