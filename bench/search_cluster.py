"""Three nodes of Elasticsearch, one of which is killed while texts are indexed and searched.

    .venv/bin/python bench/search_cluster.py            (2 GB of memory, a few minutes)

Starts three nodes here, rebuilds the index with one copy, then publishes and searches without a
pause; after a while one node is killed. Printed: how many answers failed and for how long, what
was published meanwhile, and whether index and database agree afterwards. It fails where they don't.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

TEXTS = 2_000
AFTER, LONG = 5, 30


class Watch(threading.Thread):
    """Asks the engine again and again, and notes when it did not answer."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.asked, self.failed = 0, []
        self.ended = threading.Event()

    def run(self) -> None:
        from search import engines
        from search.engines import Asked, Group

        group = Group("w", {"fr": {"w": 1.0}})
        while not self.ended.is_set():
            begun = time.monotonic()
            try:
                engines.current().search(Asked("fr", [group]))
            except engines.Unavailable:
                self.failed.append((begun, time.monotonic()))
            self.asked += 1
            time.sleep(0.05)


def main() -> None:
    from tests.services import elasticsearch

    port = elasticsearch.free_port()
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"http://127.0.0.1:{port + node}" for node in range(3)]
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SUITES_SEARCH"] = "elasticsearch"
        os.environ["SUITES_SEARCH_REPLICAS"] = "1"
        os.environ["ELASTICSEARCH_URL"] = ",".join(urls)
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.dev"
        try:
            elasticsearch.start(port, nodes=3, heap="384m", wait=600)
            run(port)
        finally:
            elasticsearch.stop(port)


def run(port: int) -> None:
    import django

    django.setup()
    import logging

    from django.core.management import call_command
    from search_scale import Corpus, add, texts

    from search import engines
    from search.models import Entry
    from tests.services import elasticsearch

    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    corpus, engine = Corpus(), engines.current()
    there = 0
    for rows in texts(corpus, 0, TEXTS):
        add(rows, there)
        there += len(rows)
    engine.rebuild()
    while not elasticsearch.healthy(port, 3):
        time.sleep(0.5)
    watch = Watch()
    watch.start()
    begun, killed, waited = time.monotonic(), 0.0, 0
    while time.monotonic() - begun < LONG:
        add([corpus.text(there)], there)
        # As a publication does: written later by whoever comes next, where it can't be now.
        Entry.objects.filter(key=f"recommendation:{there}").update(changed=there)
        there += 1
        try:
            engine.catch_up()
        except engines.Unavailable:
            waited += 1
        if not killed and time.monotonic() - begun > AFTER:
            # The first of the addresses, which the client knows.
            elasticsearch.stop(port, (1,))
            killed = time.monotonic()
    watch.ended.set()
    watch.join(60)
    engine.catch_up()
    gaps = [end - start for start, end in watch.failed]
    print(f"{there - TEXTS} texts published, {waited} of them written to the engine later")
    print(f"{watch.asked} searches, {len(gaps)} failed; {sum(gaps):.1f} s without an answer")
    missing = engine.missing()
    print(f"entries that differ between database and engine: {missing}")
    assert missing == 0


if __name__ == "__main__":
    main()
