"""What stands beside an edition and changes nothing of it: words that followed, errata, its end."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from assemblies.words import choose
from booklets.guards import Frozen
from booklets.models.edition import SHA256, Edition


class Layer(Frozen):
    """The words of a language that was missing, added on a later day, with their own fingerprint.

    The facts, and the words in the other languages, stay as they were frozen.
    """

    moving = frozenset({"made_at"})

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="layers")
    language = models.CharField(max_length=12)
    #: Canonical JSON: table → name → field → text.
    content = models.TextField()
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    #: When its pages and its PDF were made; until then readers see what was there before.
    made_at = models.DateTimeField(null=True)

    class Meta(Frozen.Meta):
        verbose_name = _("words that followed")
        verbose_name_plural = _("words that followed")
        ordering = ["edition", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256), name="layer_fingerprint"
            ),
            models.CheckConstraint(
                condition=~models.Q(content__in=["", "{}"]), name="layer_adds_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.language}"

    @property
    def words(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found


class Erratum(Frozen):
    """A mistake in an edition, said beside it on a later day; the edition stays as it was."""

    worded = frozenset({"text"})

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="errata")
    #: The sheet that it is about, by its reference; empty: the whole.
    reference = models.CharField(_("sheet"), max_length=60, blank=True)
    text = I18nTextField(_("what is wrong, and what is right"))
    published_on = models.DateField(_("published on"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(Frozen.Meta):
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["edition", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(models.lookups.GreaterThan(Length("text"), 2)),
                name="erratum_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} – {choose(self.text)}"

    def clean(self) -> None:
        references = {each["reference"] for each in self.edition.snapshot["recommendations"]}
        if self.reference and self.reference not in references:
            raise ValidationError({"reference": _("This edition has no such sheet.")})


class Retraction(Frozen):
    """The withdrawal of an edition: its address answers 410 with the day and the reason."""

    worded = frozenset({"reason"})

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="retraction")
    reason = I18nTextField(_("reason"))
    withdrawn_on = models.DateField(_("withdrawn on"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(Frozen.Meta):
        verbose_name = _("withdrawal of an edition")
        verbose_name_plural = _("withdrawals of editions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(models.lookups.GreaterThan(Length("reason"), 2)),
                name="retraction_says_why",
            )
        ]

    def __str__(self) -> str:
        return str(self.edition)
