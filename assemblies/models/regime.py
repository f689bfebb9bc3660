"""The right of follow-up as data: what an authority owes, to whom, and by when."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from assemblies import duties
from assemblies.enums import Kind, Stage, Subject, Trigger, Unit
from assemblies.fields import ChoicesField
from assemblies.models.change import Listed


class Regime(Listed, ClusterableModel):
    """How an assembly's recommendations are followed up: duties, and who speaks for the citizens.

    A third city describes its own here, without code. Source of the presets: ``domain.md``,
    DemocracyNext "After the assembly".
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = I18nCharField(_("name"))
    explanation = I18nTextField(
        _("in plain words"), blank=True, help_text=_("Shown to the public on the assembly's page.")
    )
    silent_after_months = models.PositiveSmallIntegerField(
        _("silent after (months)"),
        default=12,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Without any action for longer than this, a recommendation is shown as silent."
        ),
    )
    has_citizens_body = models.BooleanField(
        _("has a follow-up committee"),
        default=False,
        help_text=_("Without one, no opinion is shown; say below how members speak."),
    )
    citizens_voice = I18nTextField(_("how members speak"), blank=True)

    class Meta:
        verbose_name = _("regime")
        verbose_name_plural = _("regimes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(silent_after_months__gte=1), name="regime_silence_positive"
            )
        ]

    def __str__(self):
        return str(self.name)

    def save(self, *args, **kwargs):
        """Save the regime and its duties, and compute anew what they make due."""
        from assemblies import projection
        from assemblies.models.cycle import Cycle

        with transaction.atomic():
            known = self.pk is not None
            super().save(*args, **kwargs)
            if known:
                projection.rebuild(cycles=Cycle.objects.filter(assembly__regime=self))


class DutyRule(Orderable):
    """One thing that is owed: what starts its clock, how long it runs, and what answers it."""

    regime = ParentalKey(Regime, on_delete=models.CASCADE, related_name="duty_rules")
    code = models.SlugField(_("code"), max_length=40)
    label = I18nCharField(_("what is owed"))
    trigger = models.CharField(_("counted from"), max_length=20, choices=Trigger.choices)
    subject = models.CharField(_("owed for each"), max_length=20, choices=Subject.choices)
    delay = models.PositiveSmallIntegerField(_("delay"))
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.MONTHS)
    every = models.PositiveSmallIntegerField(
        _("then every"), default=0, help_text=_("In the same unit; 0 when it is owed once.")
    )
    count = models.PositiveSmallIntegerField(
        _("how many"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("For instance two meetings within the same twelve months."),
    )
    answered_by = ChoicesField(_("answered by"), choices=Kind.choices)
    answered_by_stage = models.CharField(
        _("of this stage"), max_length=10, choices=Stage.choices, blank=True
    )
    closed_by = ChoicesField(_("ended by"), choices=Kind.choices, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["regime", "code"], name="duty_code_unique"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="duty_count_positive"),
            models.CheckConstraint(
                condition=models.Q(trigger__in=Trigger.values)
                & models.Q(subject__in=Subject.values)
                & models.Q(unit__in=Unit.values),
                name="duty_codes_known",
            ),
            models.CheckConstraint(
                condition=models.Q(count=1) | models.Q(every=0), name="duty_recurs_or_counts"
            ),
        ]

    def __str__(self):
        return str(self.label)

    def clean(self):
        if self.every and self.count and self.count > 1:
            raise ValidationError({"count": _("A duty recurs or is owed several times, not both.")})

    def as_rule(self) -> "duties.Rule":
        """The rule as the pure clock reads it."""
        return duties.Rule(
            key=self.pk,
            code=self.code,
            trigger=self.trigger,
            subject=self.subject,
            delay=self.delay,
            unit=self.unit,
            every=self.every,
            count=self.count,
            answered_by=frozenset(self.answered_by),
            stage=self.answered_by_stage,
            closed_by=frozenset(self.closed_by),
        )
