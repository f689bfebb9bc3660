"""Somebody asks to follow something: the request, the one mail it brings, the button in it.

Whatever is asked, of whichever address, the same statements run in the same order: neither page nor
time says whether an address is known. What is written to whom is decided later, by a worker: at
most one mail an hour and address, and five a day.
"""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from subscriptions import matching, things
from subscriptions.enums import Level, MailKind, Running, Standing
from subscriptions.models import (
    UNCONFIRMED_DAYS,
    Address,
    Followed,
    Knock,
    Mail,
    Subscription,
    fingerprint,
)

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
#: Mails that anybody's asking brings to one address.
EVERY = HOUR
A_DAY = 5
#: Forms that one network may send in an hour, all of them together, and those about one address.
FROM_ONE = 20
FROM_ALL = 600
ABOUT_ONE = 10


def too_many(network: str) -> bool:
    """Whether this network, or the whole world, has asked enough for an hour."""
    last_hour = Knock.objects.filter(moment__gt=timezone.now() - HOUR)
    return last_hour.filter(network=network).count() >= FROM_ONE or last_hour.count() >= FROM_ALL


def ask(
    email: str,
    followed: Followed | None,
    *,
    language: str,
    network: str,
    level: str = Level.DECISIONS,
) -> None:
    """Note that somebody who gave this address wants to follow something.

    ``followed`` None: only a link to what the address follows already. ``level``: how much of it is
    told to who does not follow it yet. Nothing runs before the button of a mail is pressed. A
    request that is repeated within the hour changes nothing.
    """
    now = timezone.now()
    found = fingerprint(email)
    day = now.date().isoformat()
    about = salted_hmac("subscriptions.knock", f"{day} {found}").hexdigest()
    with transaction.atomic():
        many = Knock.objects.filter(address=about, moment__gt=now - HOUR).count() >= ABOUT_ONE
        Knock.objects.create(network=network, address=about, moment=now)
        Address.objects.bulk_create(
            [Address(email=email, fingerprint=found, languages=language)], ignore_conflicts=True
        )
        address = Address.objects.only("pk").get(fingerprint=found)
        # Whoever has not confirmed anything yet is written to in the language last asked in.
        Address.objects.filter(pk=address.pk, standing=Standing.UNCONFIRMED).update(
            languages=language
        )
        if many:
            return
        if followed is None:
            Address.objects.filter(pk=address.pk).filter(_old("link_asked_at", now)).update(
                link_asked_at=now, link_told=False
            )
            return
        followed = things.kept(followed)
        Subscription.objects.bulk_create(
            [Subscription(address=address, followed=followed, level=level, asked_at=now)],
            ignore_conflicts=True,
        )
        Subscription.objects.filter(address=address, followed=followed).filter(
            _old("asked_at", now)
        ).update(asked_at=now, asked_told=False)


def _old(name: str, now: datetime.datetime) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lt": now - EVERY})


def queue_confirmations() -> int:
    """Write the mails that requests bring, to those who may be written to again; how many."""
    now = timezone.now()
    free = Q(written_at__isnull=True) | Q(written_at__lte=now - EVERY)
    asked = Q(subscriptions__asked_at__isnull=False, subscriptions__asked_told=False)
    # Only who follows something has a link to it; to others nothing is said, and nothing kept.
    wants_link = Q(link_asked_at__isnull=False, link_told=False) & ~Q(standing=Standing.UNCONFIRMED)
    keys = list(
        Address.objects.filter(free & (asked | wants_link)).values_list("pk", flat=True).distinct()
    )
    written = 0
    for key in keys:
        with transaction.atomic():
            today = Mail.objects.filter(
                address=key, kind=MailKind.CONFIRMATION, created_at__gt=now - DAY
            ).count()
            if today >= A_DAY:
                continue
            # Whoever moves this on writes the mail: two workers write one.
            if Address.objects.filter(free, pk=key).update(written_at=now, link_told=True):
                Subscription.objects.asked_for().filter(address=key).update(asked_told=True)
                Mail.objects.create(
                    address_id=key, kind=MailKind.CONFIRMATION, window=now.isoformat()
                )
                written += 1
    return written


def pending(address: Address) -> list[Subscription]:
    """What was asked for and waits for the button, the oldest first."""
    since = timezone.now() - UNCONFIRMED_DAYS * DAY
    return list(
        address.subscriptions.asked_for()
        .filter(asked_at__gt=since)
        .select_related("followed")
        .order_by("asked_at", "pk")
    )


def confirm(address: Address, keys: list[int]) -> int:
    """The button was pressed: follow these, and forget what else was asked for; how many began.

    Pressed again, it finds nothing to do and says that it is done.
    """
    now = timezone.now()
    with transaction.atomic():
        Address.objects.filter(pk=address.pk).update(
            standing=Standing.CONFIRMED,
            confirmed_at=now,
            suspended_at=None,
            reason="",
            ended_at=None,
        )
        upto = matching.last_number()
        waiting = address.subscriptions.asked_for()
        begun = (
            waiting.filter(pk__in=keys)
            .exclude(standing=Running.ACTIVE)
            .update(
                standing=Running.ACTIVE,
                watermark=upto,
                everything_from=upto,
                asked_at=None,
                confirmed_at=now,
                ended_at=None,
                ending="",
            )
        )
        waiting.filter(standing=Running.ASKED).delete()
        waiting.update(asked_at=None)
        if not address.subscriptions.exclude(standing=Running.ENDED).exists():
            Address.objects.filter(pk=address.pk, ended_at=None).update(ended_at=now)
    address.refresh_from_db()
    return begun
