"""Withdrawals: a recommendation that is no longer followed, its date and its reason."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from assemblies import clock
from assemblies.models.fact import Fact
from assemblies.models.recommendation import Recommendation


class Withdrawal(Fact):
    """A recommendation that was withdrawn: a fact of its own, with a date and a reason.

    Its address answers 410 with both; its actions stay. There is no plain unpublishing.
    """

    recommendation = models.ForeignKey(
        "assemblies.Recommendation",
        verbose_name=_("recommendation"),
        on_delete=models.PROTECT,
        related_name="withdrawals",
    )
    withdrawn_on = models.DateField(_("withdrawn on"))
    reason = I18nTextField(_("reason"))

    class Meta(Fact.Meta):
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-withdrawn_on"]
        constraints = [
            *Fact.append_only_constraints(),
            models.UniqueConstraint(
                fields=["recommendation"],
                condition=models.Q(live=True),
                name="withdrawal_once",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(models.lookups.GreaterThan(Length("reason"), 2)),
                name="withdrawal_says_why",
            ),
        ]

    def __str__(self):
        return str(_("Withdrawal of %(reference)s") % {"reference": self.recommendation.reference})

    @property
    def assembly_id(self):
        return self.recommendation.cycle.assembly_id

    def check_publishable(self):
        others = Withdrawal.objects.live().filter(recommendation=self.recommendation)
        if others.exclude(pk=self.pk).exists():
            raise ValidationError(_("This recommendation is withdrawn already."))
        self.check_said()

    def check_said(self):
        """What it must say, whatever else is published."""
        if not self.reason:
            raise ValidationError({"reason": _("Say why.")})
        if self.withdrawn_on > clock.today():
            raise ValidationError({"withdrawn_on": _("This day has not come yet.")})

    def after_publication(self):
        Recommendation.objects.filter(pk=self.recommendation_id).update(
            withdrawn_on=self.withdrawn_on
        )
