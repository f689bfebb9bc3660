"""Several processes publish at once: nobody is turned away, and the change log has no gap."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection

from portal.env import BASE_DIR

PROCESSES = 3
PUBLICATIONS = 60
PATIENCE = 120  # seconds


@pytest.fixture
def database_url(tmp_path) -> Iterator[str]:
    """A database of this test's own, of the sort that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/suites.sqlite3"
        return
    import psycopg
    from psycopg import sql

    server = os.environ["DATABASE_URL"]
    name = f"suites_concurrency_{uuid4().hex[:12]}"
    with closing(psycopg.connect(server, autocommit=True)) as desk:
        desk.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            desk.execute(drop.format(sql.Identifier(name)))


def start(database_url: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.assemblies.publisher", *arguments],
        cwd=BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(process: "subprocess.Popen[str]", said: str = "") -> dict:
    """What a process tells at its end; ``said`` is what it waits for."""
    out, err = process.communicate(said, timeout=PATIENCE)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def test_three_processes_publish_at_once(database_url):
    before = outcome(start(database_url, "prepare"))
    processes = [start(database_url, "publish", str(PUBLICATIONS)) for _ in range(PROCESSES)]
    try:
        for process in processes:
            assert process.stdout.readline() == '"ready"\n', process.stderr.read()
        for process in processes:  # all of them, before any is listened to
            process.stdin.write("go\n")
            process.stdin.flush()
        published = [pk for process in processes for pk in outcome(process)["published"]]
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()

    after = outcome(start(database_url, "report"))
    expected = PROCESSES * PUBLICATIONS
    assert len(set(published)) == expected
    assert after["drafts"] == []
    numbers = dict(after["actions"])
    assert len(set(numbers.values())) == len(numbers) == len(before["actions"]) + expected
    first = len(before["changes"]) + 1
    assert after["changes"] == list(range(1, first + expected))
    assert sorted(numbers[pk] for pk in published) == list(range(first, first + expected))
    # Whoever publishes one after the other gets rising numbers.
    for own in (published[i : i + PUBLICATIONS] for i in range(0, expected, PUBLICATIONS)):
        assert [numbers[pk] for pk in own] == sorted(numbers[pk] for pk in own)
