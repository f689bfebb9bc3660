"""The outbox: a mail is a row before it leaves, written together with the watermark it moves."""

import uuid

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscriptions.enums import Frequency, MailKind, MailStanding
from subscriptions.models.address import Address, now

#: How long a mail that left stays here: for its page in the browser, and for mails that come back.
MAIL_KEPT_DAYS = 30


def new_message_id() -> str:
    return uuid.uuid4().hex


class MailQuerySet(models.QuerySet):
    """Mails by how they stand."""

    def queued(self):
        return self.filter(standing=MailStanding.QUEUED)

    def ready(self, moment):
        """Those that a worker may take: due, and in no living worker's hands."""
        free = models.Q(leased_until__isnull=True) | models.Q(leased_until__lt=moment)
        return self.queued().filter(free, next_try_at__lte=moment)

    def close(self, key: int, standing: str, *, attempts: int, failure: str = "") -> None:
        """Note what became of a mail that was waiting: the one statement each mail ends with.

        Written out: what stands between a server's "250" and this note should be short.
        """
        adapt = connection.ops.adapt_datetimefield_value
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE subscriptions_mail SET standing = %s, closed_at = %s, attempts = %s, "
                "failure = %s, lease = '', leased_until = NULL WHERE id = %s AND standing = %s",
                [
                    str(standing),
                    adapt(timezone.now()),
                    attempts,
                    failure,
                    key,
                    str(MailStanding.QUEUED),
                ],
            )


class Mail(models.Model):
    """One mail to one address, on its way or gone.

    ``window`` says which one it is: a digest is the only one of its address, frequency and window,
    whatever crashes. What it says is made when it leaves, from ``news``.
    """

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(_("kind"), max_length=14, choices=MailKind.choices)
    frequency = models.CharField(max_length=8, choices=Frequency.choices, blank=True)
    window = models.CharField(max_length=40)
    #: Numbers of the change log → the things followed that they were about.
    news = models.JSONField(default=dict)
    #: Goes into ``Message-ID``, the same at every attempt.
    message_id = models.CharField(
        max_length=32, unique=True, default=new_message_id, editable=False
    )
    standing = models.CharField(
        _("standing"), max_length=8, choices=MailStanding.choices, default=MailStanding.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(default=now)
    #: Which worker has it, and until when nobody else may take it.
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("written"), default=now)
    closed_at = models.DateTimeField(_("closed"), null=True)
    failure = models.CharField(_("why it was not sent"), max_length=200, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["kind", "next_try_at", "id"],
                condition=models.Q(standing=MailStanding.QUEUED),
                name="mail_queued",
            ),
            models.Index(fields=["standing", "closed_at"], name="mail_by_standing"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address", "kind", "frequency", "window"], name="mail_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=MailKind.values)
                & models.Q(standing__in=MailStanding.values)
                & models.Q(frequency__in=["", *Frequency.values]),
                name="mail_codes_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=MailKind.DIGEST) & ~models.Q(frequency="")
                | ~models.Q(kind=MailKind.DIGEST) & models.Q(frequency=""),
                name="mail_digest_has_a_frequency",
            ),
            models.CheckConstraint(
                condition=models.Q(standing=MailStanding.QUEUED, closed_at__isnull=True)
                | ~models.Q(standing=MailStanding.QUEUED) & models.Q(closed_at__isnull=False),
                name="mail_closed_at_some_time",
            ),
        ]

    def __str__(self):
        return f"mail {self.pk}"


class Window(models.Model):
    """One round of digests: a day's, a week's, a month's. All of it goes up to one number."""

    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    key = models.CharField(max_length=40)
    upto = models.PositiveBigIntegerField()
    begun_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("round of digests")
        verbose_name_plural = _("rounds of digests")
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(fields=["frequency", "key"], name="window_once"),
            models.CheckConstraint(
                condition=models.Q(frequency__in=Frequency.values), name="window_frequency_known"
            ),
        ]

    def __str__(self):
        return f"{self.frequency} {self.key}"
