"""What readers change about what they follow: rhythm, level, language; pause, end, export, erase.

Each function is one transaction, and finds nothing to do when it is called again.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from subscriptions import matching
from subscriptions.enums import Ending, Level, MailKind, MailStanding, Running
from subscriptions.models import Address, Mail, Subscription


def change(row: Subscription, *, frequency: str, level: str) -> None:
    """Another rhythm or level. What was waiting for the next mail stays waiting for it.

    Whoever wants everything from now on gets everything from now on, and not what was passed over.
    """
    with transaction.atomic():
        held = _held(row)
        if held is None or (held.frequency, held.level) == (frequency, level):
            return
        if level == Level.ALL != held.level:
            held.everything_from = matching.last_number()
        held.frequency, held.level = frequency, level
        held.save(update_fields=["frequency", "level", "everything_from"])


def change_languages(address: Address, languages: str) -> None:
    Address.objects.filter(pk=address.pk).update(languages=languages)


def pause(rows: Iterable[Subscription]) -> None:
    """No mails until it goes on."""
    _move(rows, Running.ACTIVE, standing=Running.PAUSED)


def resume(rows: Iterable[Subscription]) -> None:
    """Go on from now: what happened during the pause is on the pages, and not mailed."""
    with transaction.atomic():
        upto = matching.last_number()
        _move(rows, Running.PAUSED, standing=Running.ACTIVE, watermark=upto, everything_from=upto)


def restart(row: Subscription) -> None:
    """Follow again what was ended, with the choices it had."""
    with transaction.atomic():
        upto = matching.last_number()
        Subscription.objects.filter(pk=row.pk, standing=Running.ENDED).update(
            standing=Running.ACTIVE,
            watermark=upto,
            everything_from=upto,
            ended_at=None,
            ending="",
        )
        Address.objects.filter(pk=row.address_id).update(ended_at=None)


def end(address: Address, *, why: Ending, only: dict[str, Any] | None = None) -> int:
    """End subscriptions of an address: all, or those that ``only`` selects; how many.

    Mails about them that have not left are dropped.
    """
    now = timezone.now()
    chosen = only or {}
    with transaction.atomic():
        running = address.subscriptions.exclude(standing__in=(Running.ENDED, Running.ASKED))
        ended = running.filter(**chosen).update(
            standing=Running.ENDED, ended_at=now, ending=why, asked_at=None
        )
        address.subscriptions.filter(standing=Running.ASKED, **chosen).delete()
        left = set(running.filter(standing=Running.ACTIVE).values_list("frequency", flat=True))
        Mail.objects.queued().filter(address=address, kind=MailKind.DIGEST).exclude(
            frequency__in=left
        ).update(standing=MailStanding.DROPPED, closed_at=now)
        if not running.exists():
            Address.objects.filter(pk=address.pk, ended_at=None).update(ended_at=now)
    return ended


def erase(address: Address) -> None:
    """Forget an address, and with it all that it follows and every mail to it."""
    Address.objects.filter(pk=address.pk).delete()


def export(address: Address) -> dict[str, Any]:
    """Everything that is known of an address, for whoever it belongs to."""

    def moment(value: Any) -> str | None:
        return value.isoformat(timespec="seconds") if value else None

    return {
        "email": address.email,
        "languages": address.language_codes,
        "standing": address.standing,
        "since": moment(address.created_at),
        "confirmed": moment(address.confirmed_at),
        "ended": moment(address.ended_at),
        "follows": [
            {
                "what": row.followed.code,
                "standing": row.standing,
                "frequency": row.frequency,
                "level": row.level,
                "asked": moment(row.asked_at),
                "confirmed": moment(row.confirmed_at),
                "ended": moment(row.ended_at),
                "why": row.ending,
                "told_up_to": row.watermark,
            }
            for row in address.subscriptions.select_related("followed").order_by("pk")
        ],
        "mails": [
            {
                "kind": mail.kind,
                "frequency": mail.frequency,
                "standing": mail.standing,
                "written": moment(mail.created_at),
                "closed": moment(mail.closed_at),
                "steps": [int(number) for number in mail.news],
            }
            for mail in address.mails.order_by("pk")
        ],
    }


def _held(row: Subscription) -> Subscription | None:
    rows = Subscription.objects.filter(pk=row.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.first()


def _move(rows: Iterable[Subscription], only: str, **columns: Any) -> None:
    Subscription.objects.filter(pk__in=[row.pk for row in rows], standing=only).update(**columns)
