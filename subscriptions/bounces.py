"""Mails that came back, and complaints: they end what an address follows, with a reason.

A report is read as RFC 3464 (delivery status) and RFC 5965 (feedback) write it. It is believed when
it names a message that we sent, by its ``Message-ID``: anybody may write to that mailbox.
"""

import email
import logging
import mailbox
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from subscriptions import choices
from subscriptions.enums import Ending, MailStanding
from subscriptions.models import Mail

logger = logging.getLogger(__name__)

MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
LARGEST = 1_000_000


def take(raw: bytes) -> str:
    """One mail to the mailbox; what it was: ``bounce``, ``complaint``, ``delay`` or "" for none."""
    message = email.message_from_bytes(raw[:LARGEST], policy=default)
    what, reason = _report(message)
    if not what:
        return ""
    found = MESSAGE_ID.search(raw[:LARGEST])
    sent = (
        Mail.objects.filter(message_id=found.group(1).decode().lower())
        .select_related("address")
        .first()
        if found
        else None
    )
    if sent is None:
        return ""
    if what == "delay":
        return what
    with transaction.atomic():
        sent.address.suspend(reason)
        choices.end(sent.address, why=Ending.BOUNCE if what == "bounce" else Ending.COMPLAINT)
        Mail.objects.filter(pk=sent.pk).update(
            standing=MailStanding.BOUNCED, closed_at=timezone.now(), failure=what
        )
    logger.info("%s came back (%s).", sent, what)
    return what


def _report(message: EmailMessage) -> tuple[str, str]:
    """What a report says, and why; ("", "") for any other mail."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            return "complaint", "complaint"
        if kind == "message/delivery-status":
            status = part.as_string()
            action = re.search(r"^Action:\s*(\w+)", status, re.IGNORECASE | re.MULTILINE)
            code = re.search(r"^Status:\s*([245]\.\d+\.\d+)", status, re.IGNORECASE | re.MULTILINE)
            said = code.group(1) if code else ""
            failed = action is not None and action.group(1).lower() == "failed"
            return ("bounce" if failed else "delay"), said
    return "", ""


def empty(folder: Path) -> tuple[int, int]:
    """Take every report out of a mailbox; how many ended something, and how many mails are left.

    What is no report stays for people to read.
    """
    ended = other = 0
    box = mailbox.Maildir(str(folder), create=False)
    for key in list(box.keys()):
        what = take(box.get_bytes(key))
        if what:
            box.remove(key)
            ended += what != "delay"
        else:
            other += 1
    return ended, other
