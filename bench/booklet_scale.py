"""How long a booklet of many sheets takes, from snapshot to verified PDF, and in how much memory.

    .venv/bin/python bench/booklet_scale.py                 300 sheets
    .venv/bin/python bench/booklet_scale.py --sheets 60

In a process and a SQLite database of its own, in a temporary folder.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=300)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.worker:
        work()
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from tests.booklets.books import draft_booklet, freeze, make_book_world

        page = draft_booklet(make_book_world(parsed.sheets))
        start, busy = time.perf_counter(), cpu()
        freeze(page)
        print(
            f"frozen, {parsed.sheets} sheets, two languages: "
            f"{time.perf_counter() - start:.1f} s ({cpu() - busy:.1f} s of one core)"
        )
        worker = subprocess.Popen([sys.executable, __file__, "--worker"])
        most = 0
        while worker.poll() is None:
            most = max(most, memory(worker.pid))
            time.sleep(0.1)
        print(f"worker and its presses, together at the most: {most} MB")


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)


def work() -> None:
    """What the worker does, but for putting the files in their place."""
    set_up()
    from booklets import tasks
    from booklets.models import Edition

    edition = Edition.objects.get()
    for language in edition.languages:
        begun, busy = time.perf_counter(), cpu()
        content, pages = tasks.made_file(edition, language)
        took, busy = time.perf_counter() - begun, cpu() - busy
        print(
            f"{language}: {pages} pages, {len(content)} bytes, {took:.1f} s "
            f"({busy:.1f} s of one core)",
            flush=True,
        )
    own, press = (resource.getrusage(w).ru_maxrss // 1024 for w in WHOSE)
    print(f"at the most: worker {own} MB, press {press} MB", flush=True)


WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def cpu() -> float:
    used = [resource.getrusage(who) for who in WHOSE]
    return sum(each.ru_utime + each.ru_stime for each in used)


def memory(process: int) -> int:
    """What a process and those that it started hold at this moment, in MB (Linux).

    Pages that several processes share, such as the code of libraries, count in parts (PSS).
    """
    try:
        said = Path(f"/proc/{process}/smaps_rollup").read_text()
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", said, re.MULTILINE)
    own = int(found[1]) // 1024 if found else 0
    return own + sum(memory(int(each)) for each in below)


if __name__ == "__main__":
    main()
