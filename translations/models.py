"""Files of translations that were sent, and words of lists whose original changed since."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies import clock

#: A file that was to be taken over and is not after so long may be tried again.
SILENCE = timedelta(minutes=15)


class DeliveryQuerySet(models.QuerySet):
    """Deliveries; lists read them without their files."""

    def light(self):
        return self.defer("content")

    def claim(self, pk) -> bool:
        """Mark one as under way; False where somebody was faster, or it is done."""
        now = timezone.now()
        free = models.Q(started_at__isnull=True) | models.Q(started_at__lt=now - SILENCE)
        waiting = self.filter(free, pk=pk, content__isnull=False)
        return bool(waiting.update(started_at=now, refused=False))

    def within_reach(self, assemblies, *, shared: bool):
        """Those of these assemblies, and for administrators those of what all share."""
        own = models.Q(assembly__in=assemblies)
        return self.filter(own | models.Q(assembly__isnull=True) if shared else own)


class Delivery(models.Model):
    """A PO file that came back from a translator or an agency.

    Its content is kept until it is taken over or thrown away; who sent it, and when, stays.
    """

    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.PROTECT,
        null=True,
        related_name="deliveries",
        help_text=_("Empty: what all assemblies share."),
    )
    language = models.CharField(_("language"), max_length=12)
    file_name = models.CharField(_("file"), max_length=255)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)
    sent_at = models.DateTimeField(_("sent on"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    #: When somebody confirmed; empty again when it was refused.
    started_at = models.DateTimeField(null=True)
    refused = models.BooleanField(default=False)
    taken_at = models.DateTimeField(_("taken over on"), null=True)
    #: How many texts of facts and of pages were taken over.
    facts = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of translations")
        verbose_name_plural = _("files of translations")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(content__isnull=True),
                name="delivery_taken_over_once",
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def is_under_way(self) -> bool:
        """Whether it is being taken over; a worker that is silent for long has died."""
        if self.content is None or self.started_at is None:
            return False
        return self.started_at > timezone.now() - SILENCE

    def refuse(self) -> None:
        """Nothing of it was written."""
        self.started_at, self.refused = None, True
        self.save(update_fields=["started_at", "refused"])

    def take(self, *, facts: int, pages: int) -> None:
        """It is taken over: what it held is kept no longer."""
        self.content, self.started_at, self.taken_at = None, None, clock.now()
        self.facts, self.pages = facts, pages
        self.save()

    @property
    def url(self) -> str:
        return reverse("translations:delivery", args=[self.pk])


class OutdatedWords(models.Model):
    """That the words of a list in one language were written before their original changed.

    Facts have none: what they say does not change. Of pages, ``Rewording`` tells it.
    """

    table = models.CharField(max_length=20)
    row = models.PositiveBigIntegerField()
    path = models.CharField(max_length=255)
    language = models.CharField(max_length=12)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("outdated words")
        verbose_name_plural = _("outdated words")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "row", "path", "language"], name="outdatedwords_once"
            )
        ]

    def __str__(self):
        return f"{self.table}:{self.row}:{self.path} ({self.language})"
