"""Bodies and topics: the lists that every assembly of the site shares."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail.search import index

from assemblies.enums import CITIZENS_BODIES, BodyKind
from assemblies.models.change import Listed


def words_text(value) -> str:
    """All languages of a text in one string, for the admin's own search."""
    data = getattr(value, "data", value)
    return " ".join(filter(None, data.values())) if isinstance(data, dict) else str(data or "")


class Body(index.Indexed, Listed):
    """Who acts, leads, owes, answers or speaks: a government, a directorate, a committee.

    Never a person. A body without assembly is shared by all of them.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = I18nCharField(_("name"))
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind.choices)
    description = I18nTextField(_("description"), blank=True)
    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        help_text=_("Leave empty for a body that several assemblies deal with."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("succeeded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text=_("The body that took over, when this one was dissolved or renamed."),
    )
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for a demonstration.")
    )

    search_fields = [
        index.SearchField("search_words"),
        index.SearchField("acronym"),
        index.AutocompleteField("search_words"),
        index.AutocompleteField("acronym"),
        index.FilterField("assembly_id"),
    ]

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=BodyKind.values), name="body_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="body_not_part_of_itself"
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("id")), name="body_not_its_successor"
            ),
        ]

    def __str__(self):
        return str(self.name)

    def search_words(self):
        return words_text(self.name)

    @property
    def url(self) -> str:
        return reverse("assemblies:body", args=[self.slug])

    def clean(self):
        super().clean()
        stored = Body.objects.filter(pk=self.pk).first()
        if (
            stored is not None
            and stored.speaks_for_citizens != self.speaks_for_citizens
            and stored.actions.exists()
        ):
            raise ValidationError(
                {
                    "kind": _(
                        "This body has acted or spoken: who speaks through it can’t change any "
                        "more. Enter another body."
                    )
                }
            )

    @property
    def speaks_for_citizens(self) -> bool:
        """Nobody of the authority may correct or withdraw what this body said."""
        return self.kind in CITIZENS_BODIES


class Topic(index.Indexed, Listed):
    """What recommendations are about: one list for search, statistics and subscriptions."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = I18nCharField(_("name"))
    description = I18nTextField(_("description"), blank=True)

    search_fields = [
        index.SearchField("search_words"),
        index.AutocompleteField("search_words"),
    ]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["slug"]

    def __str__(self):
        return str(self.name)

    def search_words(self):
        return words_text(self.name)

    @property
    def url(self) -> str:
        return reverse("assemblies:topic", args=[self.slug])
