"""Kinds of recommendation, and an assembly's own words for their states."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from assemblies.enums import VALUES, Axis, Implementation, Response
from assemblies.models.change import Listed


class RecommendationKind(Listed, ClusterableModel):
    """What an assembly’s recommendations are called: recommendation, vœu, délibération.

    Codes of states are shared by every assembly; the words shown for them may be the kind's own.
    """

    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.PROTECT,
        related_name="kinds",
    )
    code = models.SlugField(_("code"), max_length=40)
    name = I18nCharField(_("name"))
    plural = I18nCharField(_("name, plural"))
    deciding_body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("deciding body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decides_on",
        help_text=_("Only its answers set the response; others are shown beside it."),
    )

    class Meta:
        verbose_name = _("recommendation kind")
        verbose_name_plural = _("recommendation kinds")
        ordering = ["assembly", "code"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "code"], name="kind_code_unique")
        ]

    def __str__(self):
        return str(self.name)

    def words(self) -> dict:
        """``{(axis, value): LazyI18nString}`` of the words that are this kind's own."""
        return {(word.axis, word.value): word.word for word in self.own_words.all()}


STATE_CHOICES = [
    (f"{axis}:{value}", label) for axis, values in VALUES.items() for value, label in values.choices
]


class KindWord(Orderable):
    """The word of one kind for one state: a vœu is *adopté*, not *accepté*."""

    kind = ParentalKey(RecommendationKind, on_delete=models.CASCADE, related_name="own_words")
    axis = models.CharField(
        _("axis"),
        max_length=20,
        choices=[(axis.value, axis.label) for axis in (Axis.RESPONSE, Axis.IMPLEMENTATION)],
    )
    value = models.CharField(
        _("state"),
        max_length=20,
        choices=[*Response.choices, *Implementation.choices],
    )
    word = I18nCharField(_("word"))

    class Meta(Orderable.Meta):
        verbose_name = _("word for a state")
        verbose_name_plural = _("words for states")
        constraints = [
            models.UniqueConstraint(fields=["kind", "axis", "value"], name="kindword_unique"),
            models.CheckConstraint(
                condition=models.Q(axis=Axis.RESPONSE, value__in=Response.values)
                | models.Q(axis=Axis.IMPLEMENTATION, value__in=Implementation.values),
                name="kindword_value_of_axis",
            ),
        ]

    def __str__(self):
        return str(self.word)

    def clean(self):
        if self.axis and self.value and self.value not in VALUES[self.axis].values:
            raise ValidationError({"value": _("This state belongs to another axis.")})
