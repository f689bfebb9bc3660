"""How following goes, in numbers: never who follows what, and never an address."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from assemblies.directory import Directory
from subscriptions.clockwork import Job, overdue
from subscriptions.enums import Followable, Frequency, MailStanding, Running, Standing
from subscriptions.models import Address, Followed, Mail, Run, Subscription
from subscriptions.things import in_words

#: A number below this says too much about who it may be: "fewer than five" is said instead.
FEW = 5
MOST_FOLLOWED = 50


def delivery() -> dict[str, Any]:
    """The outbox: what waits and since when, what left, what failed and came back in a week."""
    now = timezone.now()
    week = now - datetime.timedelta(days=7)
    closed = Q(closed_at__gt=week)
    counts = Mail.objects.aggregate(
        waiting=Count("pk", filter=Q(standing=MailStanding.QUEUED)),
        put_off=Count("pk", filter=Q(standing=MailStanding.QUEUED, attempts__gt=0)),
        oldest=Min("created_at", filter=Q(standing=MailStanding.QUEUED)),
        **{
            standing.value: Count("pk", filter=closed & Q(standing=standing))
            for standing in MailStanding
            if standing != MailStanding.QUEUED
        },
    )
    return {**counts, "late": bool(counts["oldest"]) and now - counts["oldest"] > LATE}


#: Mail that has waited for so long should be looked at.
LATE = datetime.timedelta(hours=1)


def followers() -> dict[str, Any]:
    """How many addresses and subscriptions there are, by how they stand and by rhythm."""
    addresses = dict(
        Address.objects.order_by().values_list("standing").annotate(number=Count("pk"))
    )
    running = Subscription.objects.running()
    rhythms = dict(running.order_by().values_list("frequency").annotate(number=Count("pk")))
    return {
        "addresses": [(each.label, addresses.get(each, 0)) for each in Standing],
        "rhythms": [(each.label, rhythms.get(each, 0)) for each in Frequency],
        "paused": Subscription.objects.filter(standing=Running.PAUSED).count(),
    }


def most_followed(lists: Directory) -> list[dict[str, Any]]:
    """The things that most people follow; small numbers stay vague."""
    rows = list(
        Followed.objects.annotate(
            number=Count("subscriptions", filter=Q(subscriptions__standing=Running.ACTIVE))
        )
        # What few people look for may say who they are.
        .filter(Q(number__gte=FEW) | Q(number__gt=0) & ~Q(kind=Followable.SEARCH))
        .order_by("-number", "pk")[:MOST_FOLLOWED]
    )
    things = in_words(lists, rows)
    return [
        {"thing": things[row.pk], "number": row.number if row.number >= FEW else None}
        for row in rows
    ]


def periodic(jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Each kind of periodic work: when it was last done, and what came of it."""
    jobs = list(jobs)
    still = set(overdue(jobs))
    runs = Run.objects.in_bulk()
    return [
        {"name": job.name, "run": runs.get(job.name), "late": job.name in still} for job in jobs
    ]
