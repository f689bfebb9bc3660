"""From the outbox to the mail server: nothing lost, nothing repeated.

A worker leases some mails, sends them over one connection, and notes each one as sent right after
the server has taken it. Whoever dies holds a lease that ends by itself; another worker goes on.
The one window in which a mail can go out twice lies between the server's "250" and that note, one
small write later; the repeat then carries the same ``Message-ID``. SMTP itself knows this window: a
client that does not hear the "250" must send again.

The note is written while the server answers the first question about the next mail, and that one's
text leaves only afterwards: never is there more than one mail in the window.
"""

import datetime
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from smtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import OperationalError
from django.utils import timezone

from subscriptions import conversation
from subscriptions.enums import MailKind, MailStanding, Standing
from subscriptions.letters import Posted, Writer
from subscriptions.models import Mail

logger = logging.getLogger(__name__)

#: Mails that a worker takes at once, and for how long nobody else may take them.
LEASED = 100
LEASE = datetime.timedelta(minutes=5)
#: What a worker reads of a mail and of its address: most columns are about other times.
READ = (
    *("kind", "frequency", "window", "news", "message_id", "attempts", "created_at"),
    *("address__email", "address__key", "address__standing", "address__languages"),
)
#: After the n-th attempt that a server put off: 5, 10, 20 minutes, … at most 6 hours apart.
FIRST_PAUSE = datetime.timedelta(minutes=5)
LONGEST_PAUSE = datetime.timedelta(hours=6)
#: A mail that a server puts off for so long is given up.
PATIENCE = datetime.timedelta(days=5)
#: How long the note "sent" is tried, where the database is locked.
INSIST = 120.0


@dataclass
class Outcome:
    """What a worker did."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    dropped: int = 0
    #: Why it stopped before the outbox was empty; "" when it is empty.
    stopped: str = ""
    #: Seconds until it is worth coming back.
    wait: float = field(default=0.0)


class Unreachable(Exception):
    """The mail server can't be reached or talked to: no mail's fault."""


def deliver(*, limit: int | None = None, seconds: float = 240.0) -> Outcome:
    """Send what is in the outbox until it is empty, or for some time; returns what came of it."""
    outcome = Outcome()
    worker = Worker(outcome)
    until = time.monotonic() + seconds
    try:
        while not outcome.stopped:
            if time.monotonic() > until:
                outcome.stopped = "time"
                break
            room = _room()
            if room == 0:
                outcome.stopped, outcome.wait = "rate", 20.0
                break
            left = LEASED if limit is None else min(LEASED, limit - outcome.sent)
            mails = worker.lease(min(left, room) if room is not None else left)
            if not mails:
                break
            worker.send_all(mails)
    finally:
        worker.close()
    return outcome


def _room() -> int | None:
    """How many mails may still leave in this minute, over all workers; None: as many as like."""
    most = settings.SUITES_MAILS_A_MINUTE
    if not most:
        return None
    minute = timezone.now() - datetime.timedelta(minutes=1)
    gone = Mail.objects.filter(standing=MailStanding.SENT, closed_at__gt=minute).count()
    return max(0, most - gone)


class Worker:
    """One connection to the mail server, and the mails it has in hand."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.name = uuid.uuid4().hex
        self.writer = Writer()
        self.connection: Any = None
        self.deadline = 0.0
        #: The mail that the server has taken, until that is noted.
        self.taken: Mail | None = None
        #: What the next mail says, by its number, made while the server had the one before.
        self.ahead: dict[int, Posted | None] = {}

    # -- the lease ----------------------------------------------------------------------------

    def lease(self, number: int) -> list[Mail]:
        """Take some mails that nobody has; what somebody waits for first."""
        if number <= 0:
            return []
        now = timezone.now()
        ready = Mail.objects.ready(now).order_by("kind", "next_try_at", "id")
        keys = list(ready.values_list("pk", flat=True)[:number])
        if not keys:
            return []
        self.writer.renew()
        self.deadline = time.monotonic() + LEASE.total_seconds() / 2
        # Of two workers that saw the same, one finds less left.
        Mail.objects.ready(now).filter(pk__in=keys).update(
            lease=self.name, leased_until=now + LEASE
        )
        return list(
            Mail.objects.queued()
            .filter(pk__in=keys, lease=self.name)
            .select_related("address")
            .only(*READ)
            .order_by("kind", "next_try_at", "id")
        )

    def release(self, mails: list[Mail]) -> None:
        """Give back what was not sent."""
        keys = [mail.pk for mail in mails]
        Mail.objects.queued().filter(pk__in=keys, lease=self.name).update(
            lease="", leased_until=None
        )

    # -- sending --------------------------------------------------------------------------------

    def send_all(self, mails: list[Mail]) -> None:
        try:
            for place, mail in enumerate(mails):
                if time.monotonic() > self.deadline:
                    self.release(mails[place:])  # a slow server: others may take the rest
                    return
                following = mails[place + 1] if place + 1 < len(mails) else None
                try:
                    self.send(mail, following)
                except Unreachable as problem:
                    self.release(mails[place:])
                    self.outcome.stopped, self.outcome.wait = str(problem), 60.0
                    logger.warning("The mail server can't be used: %s", problem)
                    return
        finally:
            self.note()
            self.ahead.clear()

    def send(self, mail: Mail, following: Mail | None = None) -> None:
        """One mail: sent, put off, refused, or no longer wanted.

        Where another one follows, it is prepared meanwhile, and that this one left is noted then.
        """
        try:
            posted = self.written(mail)
        except Exception:
            # One mail that can't be written must not stand in the way of the others.
            logger.exception("%s could not be written.", mail)
            self._put_off(mail, "could not be written")
            return
        if posted is None:
            self.outcome.dropped += 1
            self._close(mail, MailStanding.DROPPED)
            return
        self.open()
        try:
            self.hand_over(posted, following)
        except SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()), (550, b""))
            self._reset()
            self._refused(mail, code, said)
        except SMTPDataError as problem:
            self._reset()
            self._put_off(mail, f"{problem.smtp_code}", give_up=problem.smtp_code >= 500)
        except (SMTPException, OSError) as problem:
            self.close()
            raise Unreachable(_in_short(problem)) from problem
        else:
            self.taken = mail
            self.outcome.sent += 1
            if following is None:
                self.note()

    def hand_over(self, posted: Posted, following: Mail | None) -> None:
        """Give the server a finished mail; note the one before, and prepare the one that follows.

        To SMTP directly: Django's own way there reads each address anew, with a grammar, which
        takes longer than all that is written for one reader.
        """
        session = getattr(self.connection, "connection", None)
        if isinstance(session, SMTP):
            conversation.hand_over(session, posted, self.note, lambda: self.prepare(following))
        else:
            self.note()
            self.connection.send_messages([posted])

    def note(self) -> None:
        """Write down that a mail was sent, if that is not done yet."""
        mail, self.taken = self.taken, None
        if mail is not None:
            self._close(mail, MailStanding.SENT)

    def prepare(self, following: Mail | None) -> None:
        """Make what the next mail says; what can't be made is found out when its turn comes."""
        if following is None:
            return
        try:
            self.ahead[following.pk] = self.posted(following)
        except Exception:
            logger.info("%s could not be prepared.", following)

    def written(self, mail: Mail) -> Posted | None:
        """What was prepared, or what is made now: then nothing may wait for it to be noted."""
        if mail.pk in self.ahead:
            return self.ahead.pop(mail.pk)
        self.note()
        return self.posted(mail)

    def posted(self, mail: Mail) -> Posted | None:
        """The mail as it leaves; None where nobody wants it any more."""
        address = mail.address
        if mail.kind != MailKind.CONFIRMATION and address.standing != Standing.CONFIRMED:
            return None
        letter = self.writer.letter(mail, address)
        return letter.to(mail, address) if letter is not None else None

    def open(self) -> None:
        if self.connection is not None:
            return
        self.note()
        self.connection = get_connection()
        try:
            self.connection.open()
        except SMTPAuthenticationError as problem:
            self.connection = None
            raise Unreachable(f"log-in refused ({problem.smtp_code})") from problem
        except (SMTPException, OSError) as problem:
            self.connection = None
            raise Unreachable(_in_short(problem)) from problem

    def close(self) -> None:
        if self.connection is not None:
            try:
                self.connection.close()
            except (SMTPException, OSError):
                logger.info("The mail server closed the connection first.")
            self.connection = None

    def _reset(self) -> None:
        """After a refusal the connection serves on; where it does not, a new one is opened."""
        session = getattr(self.connection, "connection", None)
        try:
            if session is not None:
                session.rset()
        except (SMTPException, OSError):
            self.close()

    # -- what came of it --------------------------------------------------------------------------

    def _refused(self, mail: Mail, code: int, said: bytes) -> None:
        """The server will not take this address: for good (5xx), or for now (4xx)."""
        if code < 500:
            self._put_off(mail, f"{code}")
            return
        mail.address.suspend(_reason(code, said, mail.address.email))
        self.outcome.refused += 1
        self._close(mail, MailStanding.FAILED, failure=f"{code}")
        logger.warning("%s: address refused (%s); it is suspended.", mail, code)

    def _put_off(self, mail: Mail, failure: str, *, give_up: bool = False) -> None:
        now = timezone.now()
        if give_up or now - mail.created_at > PATIENCE:
            self.outcome.refused += 1
            self._close(mail, MailStanding.FAILED, failure=failure)
            logger.error(
                "%s was given up after %s attempts (%s).", mail, mail.attempts + 1, failure
            )
            return
        pause = min(FIRST_PAUSE * 2 ** min(mail.attempts, 12), LONGEST_PAUSE)
        self.outcome.put_off += 1
        insist(
            lambda: (
                Mail.objects.queued()
                .filter(pk=mail.pk)
                .update(
                    attempts=mail.attempts + 1,
                    next_try_at=now + pause,
                    failure=failure,
                    lease="",
                    leased_until=None,
                )
            )
        )

    def _close(self, mail: Mail, standing: MailStanding, *, failure: str = "") -> None:
        attempts = mail.attempts + (standing != MailStanding.DROPPED)
        insist(lambda: Mail.objects.close(mail.pk, standing, attempts=attempts, failure=failure))


def insist(write: Callable[[], object]) -> None:
    """Write what became of a mail, again and again while the database is locked."""
    until = time.monotonic() + INSIST
    while True:
        try:
            write()
            return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _in_short(problem: Exception) -> str:
    """What went wrong, without what a server repeats of an address."""
    if isinstance(problem, SMTPResponseException):
        return f"{type(problem).__name__} {problem.smtp_code}"
    return type(problem).__name__


def _reason(code: int, said: bytes, email: str) -> str:
    """A server's own words about an address, without the address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    for part in (email, email.lower(), email.partition("@")[0]):
        text = text.replace(part, "…")
    return f"{code} {' '.join(text.split())}"[:200]
