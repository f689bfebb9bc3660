"""What readers write: an error they report, a question they ask."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: How long a message is kept; the privacy page says so, and a test holds both equal.
KEPT_MONTHS = 12
#: For so long a message is in the hands of whoever took it to mail it; then it is taken to be lost.
LEASE = datetime.timedelta(minutes=10)


class MessageKind(models.TextChoices):
    """What somebody writes for."""

    ERROR = "error", _("Report an error")
    QUESTION = "question", _("Ask a question")


class ContactMessageQuerySet(models.QuerySet):
    def unsent(self):
        """Kept, and in nobody's mailbox yet."""
        return self.filter(sent_at__isnull=True)

    def take(self, pk, now):
        """Whether the caller is the one to mail a message: nobody has, and nobody is about to."""
        free = models.Q(taken_at__isnull=True) | models.Q(taken_at__lt=now - LEASE)
        return bool(self.unsent().filter(free, pk=pk).update(taken_at=now))


class ContactMessage(models.Model):
    """A message from the contact form, kept until it is a year old.

    It is written before any mail leaves, so that a mail server that is down loses nothing.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind.choices)
    about = models.CharField(_("about"), max_length=60, blank=True)
    text = models.TextField(pgettext_lazy("contact", "message"))
    reply_to = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    received_at = models.DateTimeField(_("received"))
    #: Whence, as a keyed hash that changes every day: to count, never to find somebody.
    network = models.CharField(max_length=64, blank=True)
    #: Since when somebody is mailing it; a worker that dies leaves it so.
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_to = models.EmailField(_("sent to"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failure = models.CharField(_("why it was not sent"), max_length=200, blank=True)
    done = models.BooleanField(_("dealt with"), default=False)

    objects = ContactMessageQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("contact", "message")
        verbose_name_plural = pgettext_lazy("contact", "messages")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["network", "received_at"], name="message_network")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=MessageKind.values), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | ~models.Q(sent_to=""),
                name="message_sent_to_somebody",
            ),
        ]

    def __str__(self):
        about = f" {self.about}" if self.about else ""
        return f"{self.get_kind_display()}{about} ({self.pk})"
