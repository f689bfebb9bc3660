"""Addresses: the only table that knows an e-mail address, apart from what is followed."""

import datetime
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from subscriptions.enums import Standing

#: An address is erased so many days after its last subscription ended, and a request that nobody
#: confirmed after so many; the privacy page says so, and a test holds both equal.
KEPT_DAYS = 30
UNCONFIRMED_DAYS = 7


def fingerprint(email: str) -> str:
    """What an address is looked up by: a keyed hash, the same for ``A@B.org`` and ``a@b.org``."""
    return salted_hmac("subscriptions.address", email.strip().lower()).hexdigest()


def now() -> datetime.datetime:
    """This moment, asked for when a row is made: a test may turn the clock."""
    return timezone.now()


def new_key() -> str:
    return secrets.token_urlsafe(9)


def language_choices() -> list[tuple[str, str]]:
    """One language, or all of them in one mail: the codes, separated by spaces."""
    codes = [code for code, _name in settings.LANGUAGES]
    every = [(" ".join(codes), str(_("All languages in one mail")))] if len(codes) > 1 else []
    return [*settings.LANGUAGES, *every]


class Address(models.Model):
    """Where mails go. Nobody is known by more than this, and it is erased in the end.

    It is looked up by a keyed hash. ``key`` is drawn by lot and goes into every link, so that a
    link to an erased address opens nothing, even when the same person comes back.
    """

    email = models.EmailField(_("e-mail address"), max_length=254)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    key = models.CharField(max_length=16, default=new_key, editable=False)
    standing = models.CharField(
        _("standing"), max_length=12, choices=Standing.choices, default=Standing.UNCONFIRMED
    )
    #: The languages of its mails: one code, or all of them separated by spaces.
    languages = models.CharField(_("languages"), max_length=60)
    created_at = models.DateTimeField(_("since"), default=now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    #: When a link to what it follows was last asked for, and when it was last written to at
    #: somebody's request: at most once an hour.
    link_asked_at = models.DateTimeField(null=True, editable=False)
    link_told = models.BooleanField(default=False, editable=False)
    written_at = models.DateTimeField(null=True, editable=False)
    #: Since when nothing runs any more: it is erased ``KEPT_DAYS`` later.
    ended_at = models.DateTimeField(_("ended"), null=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True)
    #: Why it is suspended, in the words of a mail server, without the address.
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["standing", "created_at"], name="address_by_standing"),
            models.Index(fields=["ended_at"], name="address_by_ending"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="address_standing_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(standing=Standing.CONFIRMED)
                | models.Q(confirmed_at__isnull=False),
                name="address_confirmed_at_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(standing=Standing.SUSPENDED, suspended_at__isnull=False)
                | ~models.Q(standing=Standing.SUSPENDED) & models.Q(suspended_at__isnull=True),
                name="address_suspended_at_some_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(email="") & ~models.Q(languages=""), name="address_is_whole"
            ),
        ]

    def __str__(self):
        # Never the address: this is what logs and the admin's own messages print.
        return f"address {self.pk}"

    @property
    def language_codes(self) -> list[str]:
        """The languages of its mails that the site still has; its first one where none is left."""
        known = dict(settings.LANGUAGES)
        return [code for code in self.languages.split() if code in known] or [
            settings.LANGUAGE_CODE
        ]

    def suspend(self, reason: str) -> None:
        """Write to it no more, until somebody confirms it anew."""
        self.standing, self.reason = Standing.SUSPENDED, reason[:200]
        self.suspended_at = timezone.now()
        self.save(update_fields=["standing", "reason", "suspended_at"])
