"""Real processes: workers that are killed while they send, and a database that is locked."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from subscriptions import rounds
from subscriptions.models import Mail
from tests.factories import follow, make_recommendation, make_world, publish_action

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="the processes share a file; PostgreSQL has its own"
    ),
]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
READERS = 60


@pytest.fixture
def shared(tmp_path, settings):
    """A copy of the database in a file that other processes open too; and what they left in it."""

    class Shared:
        path = str(tmp_path / "shared.sqlite3")

        def save(self) -> None:
            """Start from what the test's own database holds."""
            Path(self.path).unlink(missing_ok=True)
            with sqlite3.connect(self.path) as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode=WAL")
            copy.close()

        def ask(self, statement: str) -> list:
            with sqlite3.connect(self.path, timeout=20) as there:
                found = there.execute(statement).fetchall()
            there.close()
            return found

        def worker(self, port: int) -> subprocess.Popen:
            command = [sys.executable, "-m", "tests.subscriptions.process", self.path, str(port)]
            env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
            return subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )

    return Shared()


def write() -> None:
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    for number in range(READERS):
        follow(asked, email=f"{number}@example.org")
    publish_action(asked, value="accepted")
    rounds.send_now()
    assert Mail.objects.queued().count() == READERS


def ids(mails: list[bytes]) -> Counter:
    return Counter(re.search(rb"Message-ID: <(\w+)@", raw)[1] for raw in mails)


def wait_for(what, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def end_leases(shared) -> None:
    """Five minutes go by."""
    shared.ask("UPDATE subscriptions_mail SET leased_until = '2020-01-01 00:00:00'")


def test_nothing_is_lost_and_next_to_nothing_repeated(shared, smtp):
    """One site, written once; each time other processes send all of it."""
    write()
    for scenario in (killed_while_sending, two_at_once, locked):
        for leftover in Path(shared.path).parent.glob("shared.sqlite3-*"):
            leftover.unlink()
        shared.save()
        smtp.mails.clear()
        scenario(shared, smtp)


def killed_while_sending(shared, smtp) -> None:
    """Nobody is left out, and each killed worker repeats one mail at most."""
    kills = 0
    for until in (7, 20, 41):
        worker = shared.worker(smtp.port)
        wait_for(lambda until=until: len(smtp.mails) >= until)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        kills += 1
        end_leases(shared)
    last = shared.worker(smtp.port)
    said, errors = last.communicate(timeout=60)
    assert last.returncode == 0, errors.decode()
    found = ids(smtp.mails)
    assert len(found) == READERS  # nobody is left out
    assert len(smtp.mails) - READERS <= kills  # at most the one that each had just handed over
    assert shared.ask("SELECT DISTINCT standing FROM subscriptions_mail") == [("sent",)]
    assert said


def two_at_once(shared, smtp) -> None:
    workers = [shared.worker(smtp.port) for _n in range(2)]
    sent = [int(worker.communicate(timeout=90)[0] or 0) for worker in workers]
    assert sum(sent) == READERS
    assert set(ids(smtp.mails).values()) == {1}


def locked(shared, smtp) -> None:
    """A worker waits for the database, with the mail that left in hand."""
    worker = shared.worker(smtp.port)
    wait_for(lambda: len(smtp.mails) >= 5)
    lock = sqlite3.connect(shared.path, timeout=20, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    release = threading.Timer(2.0, lock.rollback)
    time.sleep(1.5)
    held = len(smtp.mails)
    time.sleep(0.3)
    assert len(smtp.mails) == held  # the mail that left waits for its note
    lock.rollback()
    lock.close()
    release.cancel()
    worker.communicate(timeout=60)
    assert set(ids(smtp.mails).values()) == {1}
    assert len(smtp.mails) == READERS
