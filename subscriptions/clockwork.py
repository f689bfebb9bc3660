"""Periodic work: each kind once a slot of time, whoever runs the scheduler and however often."""

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from subscriptions.models import Run

logger = logging.getLogger(__name__)

#: What a job may be late by, besides, before somebody should look.
GRACE = datetime.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of periodic work. ``at``: an hour of the night, for what is done once a day."""

    name: str
    does: Callable[[], object]
    every: datetime.timedelta
    at: datetime.time | None = None

    def slot(self, now: datetime.datetime) -> datetime.datetime:
        """The beginning of the slot of time that a moment (in the site's zone) lies in."""
        if self.at is not None:
            begins = now.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
            return begins if begins <= now else begins - datetime.timedelta(days=1)
        seconds = self.every.total_seconds()
        since = now.timestamp() // seconds * seconds
        return datetime.datetime.fromtimestamp(since, tz=now.tzinfo)


_known: list[Job] = []


def register(jobs: Iterable[Job]) -> None:
    """Say what there is to do, over all rooms; the operators' page shows it."""
    _known[:] = jobs


def known_jobs() -> list[Job]:
    return list(_known)


def run_due(jobs: Iterable[Job], *, now: datetime.datetime | None = None) -> list[str]:
    """Do what is due; the names of what was done. A job that fails is noted and stops no other."""
    now = timezone.localtime(now)
    return [job.name for job in jobs if claim(job, now) and do(job)]


def claim(job: Job, now: datetime.datetime) -> bool:
    """Whether this caller is the one to do a job in this slot."""
    slot = job.slot(now)
    rows = Run.objects.filter(name=job.name)
    if rows.filter(begun_at__lt=slot).update(begun_at=now):
        return True
    if rows.exists():
        return False
    try:
        with transaction.atomic():
            Run.objects.create(name=job.name, begun_at=now)
    except IntegrityError:
        return False
    return True


def do(job: Job) -> bool:
    """Do a job now, and write down how it ended."""
    try:
        said = job.does()
    except Exception as problem:
        logger.exception("%s failed.", job.name)
        _note(job, failure=f"{type(problem).__name__}: {problem}"[:200], said="")
        return False
    _note(job, failure="", said=" ".join(str(said or "").split())[:200])
    return True


def _note(job: Job, **columns: str) -> None:
    Run.objects.filter(name=job.name).update(done_at=timezone.now(), **columns)


def overdue(jobs: Iterable[Job], *, now: datetime.datetime | None = None) -> list[str]:
    """Jobs that nobody has done for two slots: the scheduler stands still."""
    now = now or timezone.now()
    known = dict(Run.objects.values_list("name", "begun_at"))
    return [
        job.name
        for job in jobs
        if job.name not in known
        or now - known[job.name] > 2 * job.every + datetime.timedelta(minutes=5)
    ]
