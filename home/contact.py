"""What readers write: what it is about, how it is kept, mailed, and erased in the end.

A message is a row before it is a mail, and a worker mails it (``home.tasks``), so neither a mail
server that is down nor a worker that is missing loses anything: ``manage.py send_messages`` tries
again, ``manage.py erase_messages`` ends what is kept too long.
"""

import datetime
import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from assemblies import directory, public_forms
from assemblies.directory import Directory
from assemblies.duties import add_months
from assemblies.models import Act, Action, Measure, Recommendation
from assemblies.pages.common import link, named, place_label, place_url, site_url
from home import frame
from home.models import ContactMessage
from home.models.message import KEPT_MONTHS

logger = logging.getLogger(__name__)

HOUR = datetime.timedelta(hours=1)
#: Messages that one network may send in an hour, and all of them together.
FROM_ONE = 5
FROM_ALL = 100


# -- what it is about -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a reader writes about: its reference, its name, its page, whose it is."""

    reference: str
    label: Any
    url: str
    assembly: int | None


def subject(lists: Directory, typed: str) -> Subject | None:
    """What a reference names, of any kind; None where nothing published has it."""
    said = typed.strip().upper().removeprefix("N°").strip()
    if not said or len(said) > 60:
        return None
    if said.isascii() and said.isdigit():
        return _step(said) if len(said) <= 15 else None
    return _place(lists, said) or _fact(lists, said)


def _step(said: str) -> Subject | None:
    row = Action.objects.filter(live=True, number=int(said)).first()
    if row is None:
        return None
    url = reverse("assemblies:action", args=[row.number])
    return Subject(str(row.number), row.title, url, row.assembly_id)


def _place(lists: Directory, said: str) -> Subject | None:
    """An assembly or a cycle: both are in memory."""
    for row in lists.assemblies.values():
        found = lists.originals.get(row.translation_key)
        if row.code == said and found is not None and found.live:
            return Subject(said, place_label(lists, found), place_url(lists, found), row.pk)
    for cycle in lists.cycles.values():
        found = lists.originals.get(cycle.translation_key)
        if cycle.reference == said and found is not None and found.live:
            whose = cycle.assembly_id
            return Subject(said, place_label(lists, found), place_url(lists, found), whose)
    return None


def _fact(lists: Directory, said: str) -> Subject | None:
    asked = named(Recommendation.objects.live().filter(reference=said)).first()
    if asked is not None:
        shown = link(lists, asked)
        return Subject(said, shown["title"], shown["url"], lists.assembly_of(asked.cycle_id).pk)
    measure = Measure.objects.filter(live=True, reference=said).first()
    if measure is not None:
        whose = lists.assembly_of(measure.cycle_id).pk
        return Subject(said, measure.title, reverse("assemblies:measure", args=[said]), whose)
    act = Act.objects.filter(live=True, slug=said).first()
    if act is not None:
        return Subject(said, act.title, act.public_url, lists.assembly_of(act.cycle_id).pk)
    return None


# -- how many -------------------------------------------------------------------------------------


def network_of(request: HttpRequest) -> str:
    """Whence, as a keyed hash of the network and the day: to count by, and of no other use."""
    return public_forms.network_of(request, "home.contact")


def too_many(network: str) -> bool:
    """Whether this network, or the whole world, has written enough for an hour."""
    last_hour = ContactMessage.objects.filter(received_at__gt=timezone.now() - HOUR)
    return last_hour.filter(network=network).count() >= FROM_ONE or last_hour.count() >= FROM_ALL


# -- kept, mailed, erased -------------------------------------------------------------------------


def keep(
    *,
    kind: str,
    about: Subject | None,
    text: str,
    reply_to: str,
    language: str,
    network: str,
) -> ContactMessage:
    """Write a message down. The same one sent twice within an hour is one: people click twice."""
    now = timezone.now()
    reference = about.reference if about is not None else ""
    with transaction.atomic():
        same = ContactMessage.objects.filter(
            network=network, text=text, about=reference, kind=kind, received_at__gt=now - HOUR
        ).first()
        return same or ContactMessage.objects.create(
            kind=kind,
            about=reference,
            text=text,
            reply_to=reply_to,
            language=language,
            assembly_id=about.assembly if about is not None else None,
            received_at=now,
            network=network,
        )


def send(pk: int) -> bool:
    """Mail a message to whom it concerns, once; whether this call did.

    Whoever takes the row sends it: two workers, or a worker and the command, do not send it twice.
    Whatever goes wrong is written down with it, and the row is free again.
    """
    if not ContactMessage.objects.take(pk, timezone.now()):
        return False
    message = ContactMessage.objects.get(pk=pk)
    try:
        message.sent_to = _mail(message)
        message.sent_at, message.failure = timezone.now(), ""
    except (OSError, SMTPException, ValueError) as problem:
        logger.error("Message %s was not sent: %s", message.pk, problem)
        message.failure = f"{type(problem).__name__}: {problem}"[:200]
    except NoAddress:
        message.failure = "no contact address"
    message.taken_at = None
    message.save(update_fields=["sent_to", "sent_at", "failure", "taken_at"])
    return message.sent_at is not None


class NoAddress(Exception):
    """Nobody has said yet where messages go."""


def _mail(message: ContactMessage) -> str:
    """Write the mail and hand it to the mail server; returns the address it went to."""
    lists = directory.current()
    address = frame.current(lists).address_for(message.assembly_id)
    if not address:
        raise NoAddress
    with override(message.language):
        about = subject(lists, message.about)
        url = f"{site_url()}{about.url}" if about is not None else ""
        context = {"message": message, "url": url}
        head = render_to_string("home/mail/contact.subject.txt", context)
        mail = EmailMessage(
            subject=" ".join(head.split()),
            body=render_to_string("home/mail/contact.txt", context),
            to=[address],
            reply_to=[message.reply_to] if message.reply_to else None,
        )
    mail.send()
    return address


def send_again() -> tuple[int, int]:
    """Mail all that was kept and not sent: how many left, and how many are still here."""
    unsent = list(ContactMessage.objects.unsent().order_by("pk").values_list("pk", flat=True))
    sent = sum(send(pk) for pk in unsent)
    return sent, ContactMessage.objects.unsent().filter(pk__in=unsent).count()


def erase() -> tuple[int, int]:
    """Erase what is older than we say, and whence it came after a day: how many of each."""
    now = timezone.now()
    since = add_months(timezone.localtime(now).date(), -KEPT_MONTHS)
    old = ContactMessage.objects.filter(received_at__date__lt=since)
    erased, _of_each = old.delete()
    yesterday = now - datetime.timedelta(days=1)
    known = ContactMessage.objects.filter(received_at__lt=yesterday).exclude(network="")
    return erased, known.update(network="")
