"""Editions: a booklet as it was frozen, its pages and its files. None of it ever changes."""

import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.fields import ChoicesField, site_languages
from booklets.guards import Frozen, FrozenQuerySet
from booklets.layers import laid_over

SHA256 = r"^[0-9a-f]{64}$"


class Standing(models.TextChoices):
    """How far an edition has come."""

    PREPARING = "preparing", pgettext_lazy("edition", "In preparation")
    FAILED = "failed", pgettext_lazy("edition", "Could not be made")
    PUBLISHED = "published", pgettext_lazy("edition", "Published")


class EditionQuerySet(FrozenQuerySet):
    """Editions. What was frozen is large: lists leave it where it is."""

    def light(self) -> "EditionQuerySet":
        return self.defer("content")

    def public(self) -> "EditionQuerySet":
        """Those that readers may see; a withdrawn one shows its notice."""
        return self.filter(standing=Standing.PUBLISHED)

    def readable(self) -> "EditionQuerySet":
        return self.public().filter(retraction__isnull=True)


class Edition(Frozen):
    """One edition of a follow-up booklet, frozen: all it says is in ``content``, in all languages.

    Its page, its PDF files and its data come from it alone. Readers see it once the worker has made
    and verified the PDF files: then its number in the change log is written.
    """

    moving = frozenset({"standing", "moved_at", "attempts", "problem", "published_at", "published"})

    page = models.OneToOneField(
        "booklets.BookletPage", on_delete=models.PROTECT, related_name="edition"
    )
    translation_key = models.UUIDField(unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    number = models.PositiveSmallIntegerField(pgettext_lazy("edition", "number"))
    assembly = models.ForeignKey(
        "assemblies.Assembly", on_delete=models.PROTECT, related_name="editions"
    )
    cycle = models.ForeignKey(
        "assemblies.Cycle", on_delete=models.PROTECT, null=True, related_name="editions"
    )
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="following"
    )
    #: Language → title, as frozen; for lists, without reading the content.
    title = models.JSONField()
    languages = ChoicesField(_("languages"), choices=site_languages)
    closing_on = models.DateField(_("closing date"))
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    example = models.BooleanField(_("example"), default=False)
    #: The snapshot: canonical JSON, as readers may download it.
    content = models.TextField()
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    #: Fingerprint over the content's and over those of all pages made when it was frozen.
    seal = models.CharField(max_length=64)
    #: The last number of the change log that it knows of, and the version that froze it.
    known_to = models.PositiveBigIntegerField()
    site_version = models.CharField(max_length=40)

    standing = models.CharField(
        pgettext_lazy("edition", "standing"),
        max_length=12,
        choices=Standing.choices,
        default=Standing.PREPARING,
    )
    moved_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    #: What the worker could not do, in words for the editor.
    problem = models.TextField(blank=True)
    published_at = models.DateTimeField(_("published"), null=True)
    #: The number of its publication in the change log.
    published = models.PositiveBigIntegerField(null=True)

    objects = EditionQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Frozen.Meta):
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["assembly", "cycle", "-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256) & models.Q(seal__regex=SHA256),
                name="edition_fingerprints",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="edition_standing_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    standing=Standing.PUBLISHED,
                    published_at__isnull=False,
                    published__isnull=False,
                )
                | ~models.Q(standing=Standing.PUBLISHED)
                & models.Q(published_at__isnull=True, published__isnull=True),
                name="edition_published_once_made",
            ),
            models.CheckConstraint(condition=~models.Q(content=""), name="edition_says_something"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="edition_number_positive"
            ),
            models.UniqueConstraint(
                fields=["assembly", "number"],
                condition=models.Q(cycle__isnull=True),
                name="edition_number_of_assembly",
            ),
            models.UniqueConstraint(fields=["cycle", "number"], name="edition_number_of_cycle"),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """What was frozen."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    def snapshot_in(self, language: str, *, shown: bool = False) -> dict[str, Any]:
        """What was frozen, with the words of this language that followed.

        ``shown``: only those that readers see already.
        """
        layers = self.layers.filter(language=language)
        if shown:
            layers = layers.filter(made_at__isnull=False)
        layer = layers.order_by("-pk").first()
        if layer is None:
            return self.snapshot
        return laid_over(self.snapshot, layer.words, language)

    @property
    def is_public(self) -> bool:
        return self.standing == Standing.PUBLISHED


class EditionPart(Frozen):
    """One page of an edition in one language, as HTML: its front (no name), or one sheet."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="parts")
    layer = models.ForeignKey(
        "booklets.Layer", on_delete=models.PROTECT, null=True, related_name="parts"
    )
    language = models.CharField(max_length=12)
    #: The last part of its address; empty: the front.
    slug = models.SlugField(max_length=80, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    html = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta(Frozen.Meta):
        verbose_name = _("page of an edition")
        verbose_name_plural = _("pages of editions")
        ordering = ["edition", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "slug"],
                condition=models.Q(layer__isnull=True),
                name="editionpart_once",
            ),
            models.UniqueConstraint(
                fields=["layer", "language", "slug"], name="editionpart_once_a_layer"
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256), name="editionpart_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language}/{self.slug}"


class EditionFile(Frozen):
    """A file of an edition: the PDF of a language, or a picture. Kept beside what it belongs to.

    In the database, so that an edition is public with all of its files or not at all.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    layer = models.ForeignKey(
        "booklets.Layer", on_delete=models.PROTECT, null=True, related_name="files"
    )
    #: ``fr.pdf``, or the fingerprint of a picture with its ending.
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=60)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    #: Pages of a PDF.
    pages = models.PositiveIntegerField(null=True)

    class Meta(Frozen.Meta):
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                condition=models.Q(layer__isnull=True),
                name="editionfile_once",
            ),
            models.UniqueConstraint(fields=["layer", "name"], name="editionfile_once_a_layer"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256), name="editionfile_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.name}"
