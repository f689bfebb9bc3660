"""The judged set on one engine, beside that engine's stock analyzers.

    .venv/bin/python bench/search_quality.py
    DATABASE_URL=postgresql://… .venv/bin/python bench/search_quality.py
    ELASTICSEARCH_URL=http://… .venv/bin/python bench/search_quality.py --elasticsearch

Loads the demo into a database of its own (PostgreSQL: an empty one that you name), types every
query of ``tests/search/judged/``, and prints how often a right recommendation stands at the first
place and among the first ten, and how many queries find nothing; then the same for the titles and
texts of the recommendations under the analyzers that the engine brings, all words and any word.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def stock_sqlite(rows: list[tuple[str, str]], language: str) -> dict[str, Callable]:
    import sqlite3

    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(name UNINDEXED, text)")
    db.executemany("INSERT INTO f VALUES (?, ?)", rows)

    def ask(typed: str, joint: str) -> list[str]:
        words = [f'"{word}"' for word in re.findall(r"\w+", typed)]
        if not words:
            return []
        found = db.execute(
            "SELECT name FROM f WHERE f MATCH ? ORDER BY rank LIMIT 20", [joint.join(words)]
        )
        return [name for (name,) in found]

    return {
        "unicode61, all words": lambda typed: ask(typed, " "),
        "unicode61, any word": lambda typed: ask(typed, " OR "),
    }


def stock_postgresql(rows: list[tuple[str, str]], language: str) -> dict[str, Callable]:
    from django.db import connection

    name = {"fr": "french", "nl": "dutch"}[language]
    cursor = connection.cursor()
    cursor.execute("DROP TABLE IF EXISTS bench_stock")
    cursor.execute("CREATE TABLE bench_stock(name text, vector tsvector)")
    cursor.executemany(
        "INSERT INTO bench_stock VALUES (%s, to_tsvector(%s::regconfig, %s))",
        [(key, name, text) for key, text in rows],
    )

    def ask(typed: str, query: str) -> list[str]:
        cursor.execute(
            f"SELECT name FROM bench_stock, (SELECT {query} AS q) x WHERE vector @@ q "
            "ORDER BY ts_rank(vector, q) DESC LIMIT 20",
            [name, typed],
        )
        return [key for (key,) in cursor.fetchall()]

    every = "plainto_tsquery(%s::regconfig, %s)"
    return {
        f"{name}, all words": lambda typed: ask(typed, every),
        f"{name}, any word": lambda typed: ask(typed, f"replace({every}::text, '&', '|')::tsquery"),
    }


def stock_elasticsearch(rows: list[tuple[str, str]], language: str) -> dict[str, Callable]:
    from elasticsearch import helpers

    from search import engines

    client = engines.current().client
    name = {"fr": "french", "nl": "dutch"}[language]
    index = f"{engines.current().alias}-stock-{language}"
    client.indices.create(
        index=index,
        settings={"number_of_shards": 1, "number_of_replicas": 0},
        mappings={
            "properties": {
                "text": {
                    "type": "text",
                    "analyzer": name,
                    "fields": {"standard": {"type": "text", "analyzer": "standard"}},
                }
            }
        },
    )
    helpers.bulk(client, ({"_index": index, "_id": key, "text": text} for key, text in rows))
    client.indices.refresh(index=index)

    def ask(typed: str, field: str) -> list[str]:
        found = client.search(index=index, query={"match": {field: typed}}, size=20)
        return [hit["_id"] for hit in found["hits"]["hits"]]

    return {
        f"{name}, any word": lambda typed: ask(typed, "text"),
        "standard, any word": lambda typed: ask(typed, "text.standard"),
    }


STOCK = {
    "sqlite": stock_sqlite,
    "postgresql": stock_postgresql,
    "elasticsearch": stock_elasticsearch,
}


def line(name: str, language: str, outcome: Any) -> str:
    return (
        f"| {name} | {language} | {outcome.hit(1):.2f} | {outcome.hit(10):.2f} "
        f"| {outcome.nothing} of {len(outcome.places)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
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
        from django.test import Client
        from django.test.utils import setup_test_environment

        from assemblies.models import Recommendation, RecommendationPage
        from search import engines
        from search.documents import plain_text
        from tests.search import judge

        logging.disable(logging.INFO)
        settings.SUITES_SEARCH_INDEX = f"bench-{os.getpid()}"
        setup_test_environment()
        call_command("migrate", verbosity=0)
        call_command("load_demo", verbosity=0)
        engine = engines.current()
        engine.catch_up()
        name = "elasticsearch" if asked.elasticsearch else connection.vendor
        names = dict(Recommendation.objects.values_list("translation_key", "reference"))
        print("| engine | language | hit@1 | hit@10 | nothing found |")
        print("|---|---|---|---|---|")
        for language in judge.PATHS:
            outcome = judge.judged(Client(), language)
            print(line(f"**{name}, this search**", language, outcome), flush=True)
            pages = RecommendationPage.objects.filter(live=True, alias_of=None)
            rows = [
                (names[page.translation_key], f"{page.full_title}\n{plain_text(page.verbatim)}")
                for page in pages.filter(locale__language_code=language)
            ]
            for stock, ask in STOCK[name](rows, language).items():
                other = judge.Outcome()
                for case in judge.cases(language):
                    found = ask(case.query)
                    other.add(case, found, len(found), len(found))
                print(line(f"{name}, {stock}", language, other), flush=True)
        if asked.elasticsearch:
            client = engine.client
            client.indices.delete(index=list(client.indices.get_alias(name=engine.alias)))
            client.indices.delete(index=[f"{engine.alias}-stock-{code}" for code in judge.PATHS])


if __name__ == "__main__":
    main()
