"""How long a booklet of many sheets takes, from snapshot to verified PDF, and in how much memory.

    .venv/bin/python bench/booklet_scale.py                 300 sheets
    .venv/bin/python bench/booklet_scale.py --sheets 60

In a process and a SQLite database of its own, in a temporary folder.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=300)
    sheets = parser.parse_args().sheets
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
        import logging

        import django

        django.setup()
        logging.disable(logging.WARNING)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from booklets import tasks
        from tests.booklets.books import draft_booklet, freeze, make_book_world

        page = draft_booklet(make_book_world(sheets))
        start = time.perf_counter()
        edition = freeze(page)
        frozen = time.perf_counter()
        print(f"frozen, {sheets} sheets, two languages: {frozen - start:.1f} s")
        for language in edition.languages:
            begun, busy = time.perf_counter(), cpu()
            content, pages = tasks.made_file(edition, language)
            took, busy = time.perf_counter() - begun, cpu() - busy
            print(
                f"{language}: {pages} pages, {len(content)} bytes, {took:.1f} s "
                f"({busy:.1f} s of one core)"
            )
        own, press = (peak(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        # The worker waits while one press works at a time: the sum is what the machine needs.
        print(f"peak: worker {own:.0f} MB, press {press:.0f} MB, together {own + press:.0f} MB")


def peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def cpu() -> float:
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
