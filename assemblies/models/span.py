"""Spans of states: what the published actions add up to, a row a change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Axis


class SpanQuerySet(models.QuerySet):
    """Spans of states; ``on(day)`` are those in force on a day."""

    def on(self, day):
        return self.filter(models.Q(end__isnull=True) | models.Q(end__gt=day), start__lte=day)


class StateSpan(models.Model):
    """From when to when a recommendation or measure was in a state, and by which action.

    Half-open: ``start <= day < end``; no ``end`` means still. One row per change, computed from the
    published actions (``projection``); ``rebuild_state`` computes all of them anew.
    """

    recommendation = models.ForeignKey(
        "assemblies.Recommendation", on_delete=models.CASCADE, null=True, related_name="spans"
    )
    measure = models.ForeignKey(
        "assemblies.Measure", on_delete=models.CASCADE, null=True, related_name="spans"
    )
    axis = models.CharField(max_length=20, choices=Axis.choices)
    value = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField(null=True)
    set_by = models.ForeignKey(
        "assemblies.Action", on_delete=models.PROTECT, related_name="set_spans"
    )

    objects = SpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("span of a state")
        verbose_name_plural = _("spans of states")
        ordering = ["axis", "start", "id"]
        indexes = [
            models.Index(fields=["axis", "value", "start", "end"], name="span_by_value"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recommendation__isnull=True, measure__isnull=False)
                | models.Q(recommendation__isnull=False, measure__isnull=True),
                name="span_has_one_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gt=models.F("start")),
                name="span_in_order",
            ),
            models.UniqueConstraint(
                fields=["recommendation", "axis", "start"], name="span_recommendation_start"
            ),
            models.UniqueConstraint(fields=["measure", "axis", "start"], name="span_measure_start"),
            models.UniqueConstraint(
                fields=["recommendation", "axis"],
                condition=models.Q(end__isnull=True),
                name="span_recommendation_open_once",
            ),
            models.UniqueConstraint(
                fields=["measure", "axis"],
                condition=models.Q(end__isnull=True),
                name="span_measure_open_once",
            ),
        ]

    def __str__(self):
        return f"{self.axis}={self.value} [{self.start}, {self.end or '…'})"


class DueSpan(models.Model):
    """From when to when a day stood by which something was expected, the earliest one.

    What ``next_due`` of the register said on each day of the past; a day with no open duty has no
    span. Half-open like ``StateSpan`` and computed with it, from the regime and the actions: before
    ``due`` it was due, after it late.
    """

    recommendation = models.ForeignKey(
        "assemblies.Recommendation", on_delete=models.CASCADE, null=True, related_name="due_spans"
    )
    measure = models.ForeignKey(
        "assemblies.Measure", on_delete=models.CASCADE, null=True, related_name="due_spans"
    )
    due = models.DateField()
    start = models.DateField()
    end = models.DateField(null=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("span of a due date")
        verbose_name_plural = _("spans of due dates")
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recommendation__isnull=True, measure__isnull=False)
                | models.Q(recommendation__isnull=False, measure__isnull=True),
                name="due_span_has_one_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gt=models.F("start")),
                name="due_span_in_order",
            ),
            models.UniqueConstraint(
                fields=["recommendation", "start"], name="due_span_recommendation_start"
            ),
            models.UniqueConstraint(fields=["measure", "start"], name="due_span_measure_start"),
        ]

    def __str__(self):
        return f"{self.due} [{self.start}, {self.end or '…'})"
