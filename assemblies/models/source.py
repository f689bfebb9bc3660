"""Sources: what an action rests on."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from assemblies.fields import site_languages
from assemblies.models.fact import FactPart


class Source(FactPart, Orderable):
    """A document or link that an action rests on, in one language.

    Sources with the same position are versions of one another; where several are official, none of
    them is called a translation.
    """

    fact_field = "action"

    action = ParentalKey("assemblies.Action", on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(
        _("number"),
        default=1,
        help_text=_("Versions of one source in several languages share a number."),
    )
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("Empty: no language in particular.")
    )
    title = models.CharField(_("title"), max_length=255)
    url = models.URLField(_("address"), max_length=500, blank=True)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    official = models.BooleanField(_("official version"), default=False)

    class Meta(FactPart.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position", "sort_order", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="source_has_a_title"),
            models.UniqueConstraint(
                fields=["action", "position", "language"], name="source_once_a_language"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def href(self) -> str:
        return self.url or (self.document.url if self.document_id else "")

    def clean(self):
        if self.language and self.language not in dict(site_languages()):
            raise ValidationError({"language": _("The site has no such language.")})
