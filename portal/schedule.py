"""What runs by the clock, over all rooms: the list that ``manage.py scheduler`` works through."""

import datetime
from io import StringIO

from django.core.management import call_command
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

from subscriptions.clockwork import Job

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


def command(name: str, *arguments: str):
    """A command of ours as work to do; what it prints is its result."""

    def does() -> str:
        out = StringIO()
        call_command(name, *arguments, stdout=out, stderr=out)
        return out.getvalue()

    return does


def prune() -> str:
    """Forget the tasks that workers have done, where they stand in the database."""
    if not isinstance(task_backends["background"], DatabaseBackend):
        return ""
    return command("prune_db_task_results", "--backend", "background")()


JOBS = (
    Job("send_digests", command("send_digests"), MINUTE),
    Job("publish_scheduled", command("publish_scheduled"), 5 * MINUTE),
    Job("send_messages", command("send_messages"), 15 * MINUTE),
    Job("read_bounces", command("read_bounces"), 15 * MINUTE),
    # What an Elasticsearch that was down has missed; where there is none, nothing.
    Job("catch_up_search", command("index", "--catch-up"), 5 * MINUTE),
    Job("clean_subscriptions", command("clean_subscriptions"), 60 * MINUTE),
    # The clock: states and what is due next, as of the day that has begun.
    Job("rebuild_state", command("rebuild_state"), DAY, at=datetime.time(0, 10)),
    # After the states of the new day: what is due next stands in the index, too.
    Job("mend_search", command("index", "--mend"), DAY, at=datetime.time(0, 40)),
    Job("erase_messages", command("erase_messages"), DAY, at=datetime.time(3, 0)),
    Job("publish_open_data", command("publish_open_data"), DAY, at=datetime.time(3, 20)),
    Job("prune_tasks", prune, DAY, at=datetime.time(3, 40)),
)
