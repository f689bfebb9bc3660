"""Periodic work: once a slot, by whoever comes first."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import OperationalError

from portal.management.commands import scheduler
from portal.schedule import JOBS
from subscriptions import clockwork
from subscriptions.clockwork import Job
from subscriptions.models import Run

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Brussels")
MINUTE = datetime.timedelta(minutes=1)


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, 12, *parts, tzinfo=ZONE)


def test_a_job_is_done_once_in_its_slot():
    done = []
    job = Job("often", lambda: done.append(1), 15 * MINUTE)
    for moment in (at(10, 1), at(10, 2), at(10, 14), at(10, 15), at(10, 16)):
        clockwork.run_due([job], now=moment)
    assert len(done) == 2


def test_a_nightly_job_waits_for_its_hour():
    done = []
    job = Job("night", lambda: done.append(1), datetime.timedelta(days=1), at=datetime.time(3))
    for moment in (at(2, 0), at(2, 59), at(3, 0), at(12, 0)):
        clockwork.run_due([job], now=moment)
    assert len(done) == 2


def test_of_two_schedulers_one_does_it():
    job = Job("once", lambda: None, MINUTE)
    assert clockwork.claim(job, at(10, 0)) is True
    assert clockwork.claim(job, at(10, 0)) is False


def test_a_job_that_fails_is_noted_and_stops_no_other():
    def fail():
        raise ValueError("broken")

    jobs = [Job("bad", fail, MINUTE), Job("good", lambda: "said", MINUTE)]
    assert clockwork.run_due(jobs, now=at(10, 0)) == ["good"]
    assert Run.objects.get(name="bad").failure == "ValueError: broken"
    assert Run.objects.get(name="good").said == "said"


def test_a_scheduler_that_stands_still_is_seen():
    job = Job("often", lambda: None, MINUTE)
    assert clockwork.overdue([job], now=at(10, 0)) == ["often"]
    clockwork.run_due([job], now=at(10, 0))
    assert clockwork.overdue([job], now=at(10, 5)) == []
    assert clockwork.overdue([job], now=at(10, 8)) == ["often"]


def test_all_that_there_is_to_do_can_be_done_twice(world, capsys, tmp_path, settings):
    settings.SUITES_OPEN_DATA_ROOT = tmp_path
    settings.SUITES_BOUNCES_ROOT = tmp_path / "bounces"
    for _twice in range(2):
        call_command("scheduler", once=True)
    failed = {run.name: run.failure for run in Run.objects.exclude(failure="")}
    assert failed == {}
    assert {run.name for run in Run.objects.all()} == {job.name for job in JOBS}


def test_a_database_that_is_locked_for_a_while_does_not_end_the_scheduler(monkeypatch):
    """An import holds SQLite's only lock for as long as it writes."""
    looks = []

    def locked(jobs):
        looks.append(jobs)
        if len(looks) == 1:
            raise OperationalError("database is locked")
        return []

    class Enough(Exception):
        pass

    def sleep(seconds):
        if len(looks) == 2:
            raise Enough

    monkeypatch.setattr(scheduler, "run_due", locked)
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)  # that of the test
    monkeypatch.setattr(scheduler.time, "sleep", sleep)
    with pytest.raises(Enough):
        call_command("scheduler", verbosity=0)
    looks.clear()
    with pytest.raises(OperationalError):
        call_command("scheduler", "--once", verbosity=0)
