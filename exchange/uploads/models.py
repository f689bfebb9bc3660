"""What was sent, what it would change, and what became of it."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Standing(models.TextChoices):
    """How far an upload has come."""

    COMPARING = "comparing", _("Being compared")
    READY = "ready", _("To be confirmed")
    REFUSED = "refused", _("Refused")
    LOADING = "loading", _("Being loaded")
    LOADED = "loaded", pgettext_lazy("upload", "Loaded")
    DROPPED = "dropped", _("Thrown away")
    FAILED = "failed", pgettext_lazy("upload", "Failed")


#: A worker is at it.
UNDER_WAY = (Standing.COMPARING, Standing.LOADING)


class UploadQuerySet(models.QuerySet):
    """Uploads; what was sent is large, so lists leave it where it is."""

    def light(self) -> "UploadQuerySet":
        return self.defer("content", "differences", "problems")

    def move(self, upload: int, standing: Standing, *, to: Standing, **values: Any) -> bool:
        """Take an upload from one standing to the next; False when somebody was faster.

        Of uploads that were narrowed down before, only of those.
        """
        values |= {"standing": to, "moved_at": timezone.now()}
        return bool(self.filter(pk=upload, standing=standing).update(**values))


class Upload(models.Model):
    """An exchange folder that somebody sent to the admin, as a zip file.

    It is compared with the site first, and nothing is written; once confirmed, a worker loads it
    whole or not at all. What was sent is forgotten when it was loaded or thrown away; what it
    changed stays to be read.
    """

    file_name = models.CharField(_("file"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    content = models.BinaryField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    language = models.CharField(max_length=12)
    standing = models.CharField(
        pgettext_lazy("upload", "standing"),
        max_length=12,
        choices=Standing.choices,
        default=Standing.COMPARING,
    )
    moved_at = models.DateTimeField(auto_now_add=True)
    package = models.CharField(_("package"), max_length=120, blank=True)
    #: Sentences: what the reader took for granted where the folder does not say.
    assumptions = models.JSONField(default=list)
    #: Table → step → how many rows.
    counts = models.JSONField(default=dict)
    #: One entry a row that is added, changed, refused or missing (``comparison.Difference``).
    differences = models.JSONField(default=list)
    differences_count = models.PositiveIntegerField(default=0)
    #: Sentences: everything that is wrong.
    problems = models.JSONField(default=list)
    problems_count = models.PositiveIntegerField(default=0)
    #: Of the plan that was shown: what is loaded is what was confirmed.
    plan_fingerprint = models.CharField(max_length=64, blank=True)
    #: The site changed between comparison and confirmation, so that it was compared again.
    compared_again = models.BooleanField(default=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("loaded by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    #: How long nobody else could write, in seconds.
    seconds = models.FloatField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("add",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="upload_standing_known"
            ),
            models.CheckConstraint(
                condition=models.Q(content__isnull=False)
                | models.Q(standing__in=[Standing.LOADED, Standing.DROPPED]),
                name="upload_kept_until_loaded",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def url(self) -> str:
        return reverse("uploads:detail", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.standing in UNDER_WAY

    @property
    def writes(self) -> bool:
        """Whether loading it would change anything."""
        return any(
            counts.get(step) for counts in self.counts.values() for step in ("add", "change")
        )


def fingerprint(content: bytes) -> str:
    """SHA-256 of what was sent, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
