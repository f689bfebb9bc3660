"""One process of several on one database: ``python -m tests.booklets.publisher ROLE [NUMBER]``.

``prepare`` migrates, publishes booklet 1 and drafts booklet 2, twice; ``freeze N`` says "ready",
waits for a line, then freezes the N-th of these drafts; ``make`` is the worker; ``press`` is one
whose press has begun and says so; ``wait`` is one that says "inside" in the middle of the last
transaction and stays there; ``full`` is one on a disk that has no room; ``report`` tells what
readers get. Each prints JSON, a line a saying. The database is that of ``DATABASE_URL``. Nothing is
made but by these: what is queued stays in the queue.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

#: Bytes of each PDF of this test: more than a full disk takes.
LARGE = 400_000


def prepare() -> dict[str, Any]:
    from tests.booklets.books import draft_booklet, make_book_world, publish

    call_command("migrate", verbosity=0)
    world = make_book_world(2)
    publish(draft_booklet(world, 1))
    for slug in ("livret-2", "livret-2-bis"):
        draft_booklet(world, 2, slug=slug, dutch=False)
    return report()


def drafts() -> list[Any]:
    from booklets.models import BookletPage

    return list(BookletPage.objects.filter(number=2).order_by("pk"))


def freeze(which: int) -> dict[str, Any]:
    from django.core.exceptions import ValidationError

    from booklets import editions

    page = drafts()[which].get_latest_revision_as_object()
    say("ready")
    sys.stdin.readline()
    try:
        return {"frozen": editions.freeze(page).code}
    except ValidationError as error:
        return {"refused": error.messages}


def make() -> dict[str, Any]:
    from booklets import tasks
    from booklets.models import Edition

    edition = Edition.objects.light().get(number=2)
    tasks.make.func(edition.pk)
    edition.refresh_from_db(fields=["standing", "problem"])
    return {"standing": edition.standing, "problem": edition.problem}


def press() -> dict[str, Any]:
    """The press is a process of its own; it has its job and waits for the end of it, for ever."""
    from booklets import press

    def begun(job: str, given: bytes) -> bytes:
        command = [sys.executable, "-m", "booklets.press", job]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(given)
        say("setting")
        process.wait()
        raise AssertionError("A press that has no end ended.")

    press._run = begun
    return make()


def wait() -> dict[str, Any]:
    """Files and pages are written, the number in the change log is not: then nothing, for long."""
    from booklets import editions

    def stay(listed: str) -> None:
        say("inside")
        time.sleep(600)

    _short_files()
    editions.record_list = stay  # type: ignore[assignment]
    return make()


def full() -> dict[str, Any]:
    """SQLite refuses to grow the file, as it does when a disk is full."""
    from django.db import connection

    _short_files(LARGE)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 20}")
    return make()


def _short_files(size: int = 10) -> None:
    """Files that take no time to set; that they are real is what ``make`` shows."""
    from booklets import tasks

    def made(*args: Any, **kwargs: Any) -> tuple[bytes, int]:
        return os.urandom(size), 3

    tasks.made_file = made


def report() -> dict[str, Any]:
    from django.test import Client

    from assemblies import directory
    from booklets.models import BookletPage, Edition, EditionFile

    call_command("check_booklets", verbosity=0, stdout=sys.stderr)
    call_command("check_history", verbosity=0, stdout=sys.stderr)
    directory.forget()
    client = Client()
    return {
        "editions": list(Edition.objects.order_by("number").values_list("code", "standing")),
        "files": EditionFile.objects.filter(edition__number=2).count(),
        "live": BookletPage.objects.filter(number=2, live=True).count(),
        "first": client.get("/fr/livrets/BXL-C1-L1.pdf").status_code,
        "second": [
            client.get(address).status_code
            for address in (
                "/fr/assemblee-bxl/cycle-1/livret-2/",
                "/fr/livrets/BXL-C1-L2.pdf",
                "/fr/livrets/BXL-C1-L2.json",
                "/fr/livrets/BXL-C1-L2.zip",
            )
        ],
    }


def say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main(role: str, *numbers: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    settings.TASKS["background"] = {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    django.setup()
    roles = {"prepare": prepare, "freeze": freeze, "make": make, "press": press}
    say((roles | {"wait": wait, "full": full, "report": report})[role](*map(int, numbers)))


if __name__ == "__main__":
    main(*sys.argv[1:])
