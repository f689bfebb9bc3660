"""Real processes: editors who publish at once, workers that are killed, a disk that is full."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from portal.env import BASE_DIR
from tests.assemblies.test_concurrency import database_url

__all__ = ["database_url"]  # a fixture

PATIENCE = 300  # seconds
NOTHING = [404, 404, 404, 404]


@pytest.fixture
def start(database_url, settings):
    """Starts a process; those that are still there at the end are killed."""
    started = []

    def begin(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.booklets.publisher", *arguments],
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
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            kill(process)


def kill(process):
    """The process and the press that it started: nobody has time to say anything."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def outcome(process, said=""):
    """What a process tells at its end; ``said`` is what it waits for."""
    out, err = process.communicate(said, timeout=PATIENCE)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def heard(process, what):
    assert process.stdout.readline() == f'"{what}"\n', process.stderr.read()


def at_once(start, *drafts):
    """Two editors freeze at the same moment."""
    editors = [start("freeze", draft) for draft in drafts]
    for editor in editors:
        heard(editor, "ready")
    for editor in editors:
        editor.stdin.write("go\n")
        editor.stdin.flush()
    return [outcome(editor) for editor in editors]


def test_no_half_edition_is_ever_public(start):
    """One site; one thing after the other goes wrong; the edition before stays there all along."""
    before = outcome(start("prepare"))
    assert before["editions"] == [["BXL-C1-L1", "published"]]
    assert before["second"] == NOTHING

    # Both want to be number 2, and then both freeze the same draft: one edition comes of it.
    told = [*at_once(start, "0", "1"), *at_once(start, "0", "1")]
    assert len([each for each in told if "frozen" in each]) == 1
    assert all(each["refused"] for each in told if "frozen" not in each)
    frozen = outcome(start("report"))
    assert frozen["editions"] == [["BXL-C1-L1", "published"], ["BXL-C1-L2", "preparing"]]
    hidden = {**frozen, "files": 0, "live": 0, "first": 200, "second": NOTHING}
    assert frozen == hidden

    # A worker is killed while its press sets the pages.
    worker = start("press")
    heard(worker, "setting")
    kill(worker)
    assert outcome(start("report")) == hidden

    # Another one in its last transaction, when files and pages are written already.
    worker = start("wait")
    heard(worker, "inside")
    kill(worker)
    assert outcome(start("report")) == hidden

    if connection.vendor == "sqlite":
        found = outcome(start("full"))
        assert found["standing"] == "failed"
        failed = [["BXL-C1-L1", "published"], ["BXL-C1-L2", "failed"]]
        assert outcome(start("report")) == {**hidden, "editions": failed}

    # The next worker makes all of it.
    found = outcome(start("make"))
    assert found == {"standing": "published", "problem": ""}
    after = outcome(start("report"))
    assert after["editions"] == [["BXL-C1-L1", "published"], ["BXL-C1-L2", "published"]]
    assert (after["files"], after["live"], after["first"]) == (2, 1, 200)
    assert after["second"][1:] == [200, 200, 200]
