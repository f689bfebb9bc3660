"""Rounds of digests: who is told what, written into the outbox with the watermark it moves.

One transaction writes an address's mail and moves its watermarks: both or neither. A round knows up
to which number it goes, so one that was broken off goes on as it began; two that run at once find
each other's work done. Nothing new: no mail, and the watermark moves all the same.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from assemblies import clock
from subscriptions import digests, matching, windows
from subscriptions.enums import Frequency, MailKind, Running, Standing
from subscriptions.models import Address, Followed, Mail, Subscription, Window

#: Addresses in one transaction: short, since others wait for the database meanwhile.
BATCH = 100
#: Things asked about in one query.
THINGS = 100
#: Whoever wants to know at once is written to at most so often; what comes between is in the next.
AT_ONCE_EVERY = datetime.timedelta(minutes=15)


@dataclass
class Outcome:
    """What a round wrote, or would write."""

    frequency: str
    window: str
    upto: int
    mails: int = 0
    items: int = 0


def send_due(*, now: datetime.datetime | None = None) -> list[Outcome]:
    """Every round that is due: those at once, and the last of each other rhythm if not done yet."""
    upto = matching.catch_up()
    now = timezone.localtime(now or clock.now())
    done = [_at_once(upto)]
    for frequency in (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY):
        window = begin(frequency, windows.current(frequency, now), upto)
        if window.done_at is None:
            done.append(hold(window))
    return done


def send_now() -> list[Outcome]:
    """A round of every rhythm at once, whatever the day: for trying out."""
    upto = matching.catch_up()
    stamp = f"{timezone.now():%Y-%m-%dT%H:%M:%S.%f}"
    rounds = (f for f in Frequency if f != Frequency.AT_ONCE)
    return [_at_once(upto, every=None), *(hold(begin(f, stamp, upto)) for f in rounds)]


def begin(frequency: str, key: str, upto: int) -> Window:
    """The round of this name; the number that it goes up to is that of whoever began it."""
    window, _new = Window.objects.get_or_create(
        frequency=frequency, key=key, defaults={"upto": upto}
    )
    return window


def hold(window: Window) -> Outcome:
    """Write the mails of a round, and note that it is done."""
    outcome = Outcome(window.frequency, window.key, window.upto)
    _write(outcome)
    Window.objects.filter(pk=window.pk, done_at=None).update(done_at=timezone.now())
    return outcome


def _at_once(upto: int, *, every: datetime.timedelta | None = AT_ONCE_EVERY) -> Outcome:
    outcome = Outcome(Frequency.AT_ONCE, f"n{upto}", upto)
    lately: set[int] = set()
    if every is not None:
        written = Mail.objects.filter(
            kind=MailKind.DIGEST,
            frequency=Frequency.AT_ONCE,
            created_at__gt=timezone.now() - every,
        )
        lately = set(written.values_list("address", flat=True))
    _write(outcome, without=lately)
    return outcome


def preview(*, now: datetime.datetime | None = None) -> list[Outcome]:
    """What the rounds of all rhythms would write if they were held now; nothing stays written."""
    with transaction.atomic():
        upto = matching.catch_up()
        found = []
        for frequency in Frequency:
            outcome = Outcome(frequency, "", upto)
            _write(outcome, keep=False)
            found.append(outcome)
        transaction.set_rollback(True)
    return found


def due_addresses(frequency: str) -> set[int]:
    """The addresses that something may have to be told to, without going over all of them."""
    touched = list(Followed.objects.filter(touched__gt=0).values_list("pk", "touched"))
    found: set[int] = set()
    for start in range(0, len(touched), THINGS):
        due = Subscription.objects.due(frequency, touched[start : start + THINGS])
        found.update(due.order_by().values_list("address", flat=True))
    return found


def _write(outcome: Outcome, *, without: set[int] | None = None, keep: bool = True) -> None:
    """Read all addresses that something is due to, then write batch by batch."""
    # All are read first: what is written meanwhile must not move what is read.
    every = sorted(due_addresses(outcome.frequency) - (without or set()))
    for start in range(0, len(every), BATCH):
        with transaction.atomic():
            _write_some(outcome, every[start : start + BATCH], keep=keep)


def _write_some(outcome: Outcome, keys: list[int], *, keep: bool) -> None:
    """The mails of some addresses and the watermarks they move, in the open transaction."""
    rows = _locked(keys, outcome.frequency)
    found = digests.found_for([row for some in rows.values() for row in some], outcome.upto)
    mails: dict[int, Mail] = {}
    before = _told_before(rows, outcome.frequency)
    for address, own in rows.items():
        told = digests.news(
            [digests.reader_of(row) for row in own],
            [each for row in own for each in found.get(row.followed_id, ())],
            outcome.upto,
        )
        told = {number: told[number] for number in told if number not in before[address]}
        if told:
            mails[address] = Mail(
                address_id=address,
                kind=MailKind.DIGEST,
                frequency=outcome.frequency,
                window=_window(outcome, own),
                news={str(number): things for number, things in told.items()},
            )
            outcome.items += len(told)
    outcome.mails += len(mails)
    if not keep:
        return
    # Whoever got this round's mail already is told the rest in the next one.
    late = set(
        Mail.objects.filter(
            address__in=list(mails),
            kind=MailKind.DIGEST,
            frequency=outcome.frequency,
            window__in={mail.window for mail in mails.values()},
        ).values_list("address", flat=True)
    )
    outcome.mails -= len(late)
    Mail.objects.bulk_create(mail for address, mail in mails.items() if address not in late)
    seen = [row.pk for address, own in rows.items() if address not in late for row in own]
    Subscription.objects.filter(pk__in=seen, watermark__lt=outcome.upto).update(
        watermark=outcome.upto
    )


def _told_before(rows: dict[int, list[Subscription]], frequency: str) -> dict[int, set[int]]:
    """What addresses were told already in this rhythm, where their subscriptions differ in that.

    A subscription that comes over from another rhythm brings what was waiting there; another one
    may have told it here.
    """
    told: dict[int, set[int]] = defaultdict(set)
    mixed = [key for key, own in rows.items() if len({row.watermark for row in own}) > 1]
    sent = Mail.objects.filter(address__in=mixed, kind=MailKind.DIGEST, frequency=frequency)
    for address, news in sent.values_list("address", "news"):
        told[address] |= {int(number) for number in news}
    return told


def _window(outcome: Outcome, rows: list[Subscription]) -> str:
    """Mails at once are named by what they go from and up to: there may be two up to one number."""
    if outcome.frequency != Frequency.AT_ONCE:
        return outcome.window
    return f"{outcome.window}.{min(row.watermark for row in rows)}"


def _locked(keys: list[int], frequency: str) -> dict[int, list[Subscription]]:
    """The subscriptions of some addresses as they are now, held until the transaction ends."""
    addresses = Address.objects.filter(pk__in=keys, standing=Standing.CONFIRMED).order_by("pk")
    if connection.features.has_select_for_update:
        addresses = addresses.select_for_update()
    there = [row.pk for row in addresses.only("pk")]
    rows: dict[int, list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.filter(
        address__in=there, frequency=frequency, standing=Running.ACTIVE
    ).order_by("pk"):
        rows[row.address_id].append(row)
    return rows
