"""How the timeline and its feeds read 30,000 steps: queries, rows, and the times as ratios.

    .venv/bin/python bench/timeline_scale.py                    10,000 recommendations, 30,000 steps
    .venv/bin/python bench/timeline_scale.py --recommendations 1000

A SQLite database of its own in a temporary folder, filled as an import fills it. Each address is
read several times through Django's test client; the median counts.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

TIMES = 5
TIMELINE = "/fr/chronologie/"
FEED = "/fr/chronologie/flux/"


def fill(recommendations: int) -> None:
    """A site with three steps a recommendation."""
    from django.core.management import call_command
    from import_scale import LANGUAGES, rows, write

    from exchange import reader, writer

    call_command("migrate", verbosity=0)
    call_command("setup_site", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), rows(recommendations))
        writer.write(reader.read(Path(folder), LANGUAGES), "bench", in_bulk=True)


def read(client: Any, address: str, **headers: str) -> dict[str, Any]:
    """One address: status, queries, rows of steps read, seconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assemblies.models import Action

    made: list[int] = []
    as_usual = Action.from_db.__func__

    def counted(cls: type, *given: Any) -> Any:
        made.append(1)
        return as_usual(cls, *given)

    client.get(address, **headers)
    Action.from_db = classmethod(counted)
    try:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address, **headers)
            asked = len(queries)
    finally:
        Action.from_db = classmethod(as_usual)
    took = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        client.get(address, **headers)
        took.append(time.perf_counter() - begun)
    return {
        "status": response.status_code,
        "queries": asked,
        "rows": len(made),
        "seconds": statistics.median(took),
        "response": response,
    }


def place_of_page(number: int, size: int, **chosen: Any) -> str:
    """The cursor with which a page of the list begins."""
    from assemblies.models import Action

    steps = Action.objects.filter(live=True, **chosen).latest_first()
    rows = list(steps.values_list("number", flat=True)[(number - 1) * size - 1 :][:1])
    return f"before={rows[0]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recommendations", type=int, default=10_000)
    parser.add_argument("--database", help="a database that was filled before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.database or f"{folder}/bench.sqlite3"
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{path}",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "SUITES_LOG_LEVEL": "WARNING",
        }
        import django

        django.setup()
        if not given.database:
            fill(given.recommendations)
        tell()


def tell() -> None:
    from django.test import Client

    from assemblies.models import Action
    from timeline.views import SIZE

    client = Client()
    total = Action.objects.filter(live=True).count()
    last = total // SIZE
    some = "kind=response&topic=theme-1&cycle=BCH-C1&from=2024-01-01"
    responses = Action.objects.filter(live=True, kind="response").count() // SIZE
    addresses = {
        "first page": TIMELINE,
        f"page {last}": f"{TIMELINE}?{place_of_page(last, SIZE)}",
        "filtered, first page": f"{TIMELINE}?kind=response",
        f"filtered, page {responses}": f"{TIMELINE}?kind=response&"
        + place_of_page(responses, SIZE, kind="response"),
        "four filters": f"{TIMELINE}?{some}",
        "on a past day": f"{TIMELINE}?as_of=2024-06-01",
        "feed": FEED,
        "feed, last page": f"{FEED}?before=100000",
        "feed of a topic": f"{FEED}?topic=theme-1",
    }
    print(f"{total} steps, {SIZE} a page")
    found = {name: read(client, address) for name, address in addresses.items()}
    etag = found["feed"]["response"]["ETag"]
    found["feed, known"] = read(client, FEED, HTTP_IF_NONE_MATCH=etag)
    base = found["first page"]["seconds"]
    for name, each in found.items():
        ratio = each["seconds"] / base
        print(
            f"{name:<24} {each['status']}  {each['queries']} queries"
            f"  {each['rows']:>3} rows of steps  {each['seconds'] * 1000:7.1f} ms"
            f"  {ratio:5.2f} of the first page"
        )
    deep = found[f"page {last}"]
    assert deep["seconds"] <= 1.5 * base, "the last page takes more than 1.5 times the first"
    assert found["on a past day"]["seconds"] <= 2 * base, "the past takes more than twice"
    assert deep["rows"] <= found["first page"]["rows"]
    assert all(each["queries"] <= 8 for each in found.values())
    assert found["feed, known"]["status"] == 304


if __name__ == "__main__":
    main()
