"""What is erased, and when: the other half of what the privacy page says."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from subscriptions.choices import end
from subscriptions.enums import Ending, MailStanding, Running, Standing
from subscriptions.models import (
    KEPT_DAYS,
    MAIL_KEPT_DAYS,
    UNCONFIRMED_DAYS,
    Address,
    Followed,
    Knock,
    Mail,
    Subscription,
)

DAY = datetime.timedelta(days=1)
#: After so many days an address that can't be reached is given up.
SUSPENDED_DAYS = 30


def clean_up() -> dict[str, int]:
    """Erase all that is kept for long enough; how many of each."""
    now = timezone.now()
    return {
        "requests": _forget_requests(now),
        "given up": _give_up(now),
        "addresses": _erase_addresses(now),
        "mails": Mail.objects.exclude(standing=MailStanding.QUEUED)
        .filter(closed_at__lt=now - MAIL_KEPT_DAYS * DAY)
        .delete()[0],
        "origins": Knock.objects.filter(moment__lt=now - DAY).delete()[0],
        "things": _forget_things(),
    }


def _forget_requests(now: datetime.datetime) -> int:
    """What nobody confirmed in time."""
    old = Subscription.objects.filter(asked_at__lt=now - UNCONFIRMED_DAYS * DAY)
    with transaction.atomic():
        gone, _of_each = old.filter(standing=Running.ASKED).delete()
        return gone + old.update(asked_at=None)


def _give_up(now: datetime.datetime) -> int:
    """Addresses that could not be reached for long: what they follow ends."""
    rows = Address.objects.filter(
        standing=Standing.SUSPENDED,
        suspended_at__lt=now - SUSPENDED_DAYS * DAY,
        ended_at=None,
    )
    for row in rows:
        end(row, why=Ending.UNDELIVERABLE)
    return len(rows)


def _erase_addresses(now: datetime.datetime) -> int:
    """Those whose last subscription ended long ago, and those that nobody confirmed."""
    Subscription.objects.filter(standing=Running.ENDED, ended_at__lt=now - KEPT_DAYS * DAY).delete()
    left = Exists(Subscription.objects.filter(address=OuterRef("pk")))
    ended = Address.objects.filter(ended_at__lt=now - KEPT_DAYS * DAY)
    # A form leaves a row for a minute before anything hangs on it.
    never = Address.objects.filter(
        ~left, standing=Standing.UNCONFIRMED, created_at__lt=now - datetime.timedelta(hours=1)
    )
    unheard = Address.objects.filter(
        standing=Standing.UNCONFIRMED, created_at__lt=now - UNCONFIRMED_DAYS * DAY
    ).filter(~left)
    count = 0
    for rows in (ended, never, unheard):
        count += rows.count()
        rows.delete()
    return count


def _forget_things() -> int:
    """Things that nobody follows any more, with what was found about them."""
    used = Exists(Subscription.objects.filter(followed=OuterRef("pk")))
    gone, _of_each = Followed.objects.filter(~used).delete()
    return gone
