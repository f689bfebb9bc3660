"""Who follows what, how often, how much, and since which number of the change log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.enums import Ending, Frequency, Level, Running, Standing
from subscriptions.models.address import Address
from subscriptions.models.followed import Followed


class SubscriptionQuerySet(models.QuerySet):
    """Subscriptions by how they stand."""

    def running(self):
        """Active, and to an address that mails may go to."""
        return self.filter(standing=Running.ACTIVE, address__standing=Standing.CONFIRMED)

    def due(self, frequency: str, touched):
        """Those of a rhythm that have not been looked through for what is new of these things.

        ``touched``: keys of followed things with the last number that was about each. One term a
        thing, so that the index is asked for each and never gone through.
        """
        behind = models.Q(pk__in=())
        for key, number in touched:
            behind |= models.Q(followed=key, watermark__lt=number)
        return self.filter(behind, frequency=frequency, standing=Running.ACTIVE)

    def asked_for(self):
        """Waiting for a button in a mail."""
        return self.filter(asked_at__isnull=False)


class Subscription(models.Model):
    """One thing that one address follows.

    ``watermark`` is a number of the change log, never a time: what has a higher one is news. It
    moves in the transaction that writes the mail.
    """

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="subscriptions")
    followed = models.ForeignKey(Followed, on_delete=models.PROTECT, related_name="subscriptions")
    standing = models.CharField(
        _("standing"), max_length=8, choices=Running.choices, default=Running.ASKED
    )
    frequency = models.CharField(
        _("rhythm"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY
    )
    level = models.CharField(
        _("what"), max_length=12, choices=Level.choices, default=Level.DECISIONS
    )
    watermark = models.PositiveBigIntegerField(default=0)
    #: From which number on all is told: before it, decisions only.
    everything_from = models.PositiveBigIntegerField(default=0)
    #: When it was asked for, until it is confirmed.
    asked_at = models.DateTimeField(null=True)
    #: Whether the mail that asking brings is written.
    asked_told = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(_("why it ended"), max_length=16, choices=Ending.choices, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["followed", "frequency", "standing", "watermark", "address"],
                name="subscription_due",
            ),
            models.Index(fields=["asked_at"], name="subscription_asked"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["address", "followed"], name="subscription_once"),
            models.CheckConstraint(
                condition=models.Q(standing__in=Running.values)
                & models.Q(frequency__in=Frequency.values)
                & models.Q(level__in=Level.values)
                & models.Q(ending__in=["", *Ending.values]),
                name="subscription_codes_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(standing=Running.ASKED) | models.Q(asked_at__isnull=False),
                name="subscription_asked_at_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(standing=Running.ENDED, ended_at__isnull=False)
                & ~models.Q(ending="")
                | ~models.Q(standing=Running.ENDED) & models.Q(ended_at__isnull=True, ending=""),
                name="subscription_ends_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"subscription {self.pk}"
