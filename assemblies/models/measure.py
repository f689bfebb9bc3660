"""Measures: what the administration does about one or several recommendations."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.search import index

from assemblies import clock, references
from assemblies.enums import Implementation, Kind
from assemblies.models.fact import Fact, FactPart
from assemblies.models.taxonomy import words_text


class Measure(index.Indexed, Fact):
    """What the authority announced that it would do; its implementation is a fold of the actions.

    Its lead body and its deadline are set by actions too: the first ones are typed here, and become
    an action when the measure is published.
    """

    projected = frozenset(
        {
            "implementation",
            "implementation_on",
            "lead",
            "lead_id",
            "deadline",
            "deadline_words",
            "next_due",
            "last_action_on",
        }
    )
    child_relations = ("serves",)
    many_relations = ("contributors",)

    cycle = models.ForeignKey(
        "assemblies.Cycle",
        verbose_name=_("cycle"),
        on_delete=models.PROTECT,
        related_name="measures",
    )
    label = models.CharField(
        _("label"), max_length=30, blank=True, help_text=_("The number it is known by: 3.4.1.")
    )
    reference = models.CharField(_("reference"), max_length=60, editable=False, default="")
    position = models.CharField(max_length=60, editable=False, default="")
    title = I18nCharField(_("title"))
    text = I18nTextField(_("text"), blank=True)
    announced_on = models.DateField(_("announced on"))
    announced_by = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("announced by"),
        on_delete=models.PROTECT,
        related_name="announced_measures",
    )
    contributors = ParentalManyToManyField(
        "assemblies.Body",
        verbose_name=_("contributing bodies"),
        blank=True,
        related_name="contributes_to",
    )
    first_lead = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("lead body, as announced"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("A body, never a person. Later changes are actions."),
    )
    first_deadline = models.DateField(_("due date, as announced"), null=True, blank=True)
    first_deadline_words = I18nCharField(
        _("due date, in the authority’s words"),
        blank=True,
        help_text=_("For instance “by autumn 2025”."),
    )

    # Projection of the published actions.
    implementation = models.CharField(
        _("implementation"),
        max_length=20,
        choices=Implementation.choices,
        blank=True,
        editable=False,
    )
    implementation_on = models.DateField(null=True, editable=False)
    lead = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("lead body"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="leads",
    )
    deadline = models.DateField(_("due date"), null=True, editable=False)
    deadline_words = I18nCharField(default="", blank=True, editable=False)
    next_due = models.DateField(null=True, editable=False, db_index=True)
    last_action_on = models.DateField(null=True, editable=False)

    search_fields = [
        index.SearchField("search_words"),
        index.SearchField("reference"),
        index.AutocompleteField("search_words"),
        index.AutocompleteField("reference"),
        index.FilterField("cycle_id"),
    ]

    class Meta(Fact.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["cycle", "position", "id"]
        constraints = [
            *Fact.append_only_constraints(),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~models.Q(reference=""),
                name="measure_reference_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(reference__regex=r"^[A-Z0-9.]+(-[A-Z0-9.]+)+$"),
                name="measure_reference_form",
            ),
            models.CheckConstraint(
                condition=models.Q(implementation="")
                | models.Q(implementation__in=Implementation.values),
                name="measure_implementation_known",
            ),
        ]

    def __str__(self):
        return f"{self.label} {self.title}".strip()

    def search_words(self):
        return f"{self.label} {words_text(self.title)}"

    @property
    def assembly_id(self):
        return self.cycle.assembly_id

    @property
    def url(self) -> str:
        return reverse("assemblies:measure", args=[self.reference])

    @property
    def number_in_cycle(self) -> str:
        """What people call it by: its label, or the last part of its reference."""
        return self.label or self.reference.rsplit("-", 1)[-1]

    def check_publishable(self):
        rows = list(self.serves.all())
        if not rows:
            raise ValidationError(_("Name at least one recommendation that this measure serves."))
        for row in rows:
            if row.recommendation.cycle.assembly_id != self.cycle.assembly_id:
                raise ValidationError(_("A measure serves recommendations of one assembly."))
        if self.announced_on > clock.today():
            raise ValidationError({"announced_on": _("This day has not come yet.")})

    def before_publication(self, number):
        taken = Measure.objects.exclude(pk=self.pk).filter(cycle=self.cycle).exclude(reference="")
        self.place(
            taken=set(taken.values_list("reference", flat=True)),
            unlabelled=taken.filter(label="").count(),
        )

    def place(self, *, taken, unlabelled: int) -> None:
        """Give it its reference and its place in the cycle.

        ``taken``: the references of the cycle's other published measures, ``unlabelled`` of which
        came without label.
        """
        label = references.code(self.label)
        if not label:
            n = unlabelled + 1
            while references.join(self.cycle.reference, f"M{n}") in taken:
                n += 1
            label = f"M{n}"
        self.reference = references.join(self.cycle.reference, label)
        if self.reference in taken:
            raise ValidationError({"label": _("Another measure of this cycle has this label.")})
        self.position = references.natural(self.number_in_cycle)[:60]

    def first_step(self):
        """The action that its first lead and deadline are; None where neither was announced."""
        from assemblies.models.action import Action, ActionTarget

        if not (self.first_lead_id or self.first_deadline or self.first_deadline_words):
            return None
        action = Action(
            assembly_id=self.assembly_id,
            kind=Kind.LEAD,
            happened_first=self.announced_on,
            happened_last=self.announced_on,
            body=self.announced_by,
            title=self.title,
            concerned_body=self.first_lead,
            new_deadline=self.first_deadline,
            deadline_words=self.first_deadline_words,
            example=self.example,
            live=True,
        )
        action.targets = [ActionTarget(measure=self)]
        action.sources = []
        return action

    def after_publication(self):
        """Write the first lead and deadline as an action, and compute the states."""
        from assemblies import projection

        action = self.first_step()
        if action is not None:
            action.save()
        projection.project(
            measures=[self.pk], recommendations=[row.recommendation_id for row in self.serves.all()]
        )


class MeasureServes(FactPart):
    """That a measure serves a recommendation and, in words, which part of it."""

    fact_field = "measure"

    measure = ParentalKey(Measure, on_delete=models.CASCADE, related_name="serves")
    recommendation = models.ForeignKey(
        "assemblies.Recommendation",
        verbose_name=_("recommendation"),
        on_delete=models.PROTECT,
        related_name="measure_links",
    )
    part = I18nCharField(_("which part"), blank=True)

    class Meta(FactPart.Meta):
        verbose_name = _("recommendation served")
        verbose_name_plural = _("recommendations served")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "recommendation"], name="measure_serves_once"
            )
        ]

    def __str__(self):
        return str(self.recommendation)
