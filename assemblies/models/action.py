"""Follow-up actions: dated, published facts with a reason. States change through them only."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey
from wagtail.search import index

from assemblies import clock
from assemblies.enums import (
    CITIZENS_BODIES,
    DEMANDS,
    POSITIVE_RESPONSES,
    VALUES,
    Axis,
    Kind,
    Link,
    OpinionObject,
    Reason,
    Stage,
)
from assemblies.history import FactQuerySet
from assemblies.models.demands import AXIS_OF_VALUE, CHILDREN, MESSAGES, demanded, value_of_axis
from assemblies.models.fact import Fact, FactPart
from assemblies.models.source import Source
from assemblies.models.taxonomy import words_text


class ActionQuerySet(FactQuerySet):
    """Actions; ``public()`` and its order are what a timeline shows."""

    def latest_first(self):
        return self.order_by("-happened_last", "-number")

    def with_parts(self):
        """Everything that one entry of a timeline shows, in a fixed number of queries."""
        return self.select_related(
            "body",
            "concerned_body",
            "assembly",
            "assembly__page",
            "cycle",
            "act",
            "corrects",
            "corrected_by",
        ).prefetch_related(
            models.Prefetch(
                "targets",
                queryset=ActionTarget.objects.select_related(
                    "recommendation__kind", "recommendation__cycle", "measure"
                ),
            ),
            models.Prefetch("sources", queryset=Source.objects.select_related("document")),
        )


class Action(index.Indexed, Fact):
    """One step (*une étape*, *een stap*) of what was done with recommendations.

    It has the days on which it happened and the day it was published here, the body that acts or
    speaks, its words, its targets, its sources and, if it sets one, the value of one axis with what
    that value demands (``enums.DEMANDS``). A published action is not rewritten: a correction names
    the action it replaces, says why, is made by the same body, and carries the whole fact as it
    should have been (or, with ``withdraws``, puts nothing in its place).
    """

    child_relations = ("targets", "sources")
    unsaid_when_empty = frozenset({"contests"})

    #: The public "n° 411": the number of its publication in the change log.
    number = models.PositiveBigIntegerField(_("number"), null=True, unique=True, editable=False)
    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.PROTECT,
        related_name="actions",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    stage = models.CharField(
        _("which response"),
        max_length=10,
        choices=Stage.choices,
        blank=True,
        help_text=_("For a response: first, interim or final. All are kept."),
    )
    happened_first = models.DateField(
        _("happened on, or from"),
        help_text=_("A month or a year: its first day here and its last day beside it."),
    )
    happened_last = models.DateField(_("until"), help_text=_("Leave empty when the day is known."))
    published_elsewhere_on = models.DateField(
        _("published elsewhere on"),
        null=True,
        blank=True,
        help_text=_("For a fact taken over from an older site."),
    )
    body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("body that acts or speaks"),
        on_delete=models.PROTECT,
        related_name="actions",
    )
    title = I18nCharField(_("title"))
    text = I18nTextField(_("text"), blank=True)
    cycle = models.ForeignKey(
        "assemblies.Cycle",
        verbose_name=_("whole cycle"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        help_text=_("An action on a cycle or a group tells, and sets no state."),
    )
    group = models.ForeignKey(
        "assemblies.Group",
        verbose_name=_("whole group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
    )
    axis = models.CharField(
        _("sets"),
        max_length=20,
        choices=[(axis.value, axis.label) for axis in VALUES],
        blank=True,
    )
    value = models.CharField(
        _("to"),
        max_length=20,
        choices=[(axis.label, values.choices) for axis, values in VALUES.items()],
        blank=True,
    )
    opinion_object = models.CharField(
        _("what is judged"), max_length=10, choices=OpinionObject.choices, blank=True
    )
    link = models.CharField(
        _("link with what exists"),
        max_length=20,
        choices=Link.choices,
        blank=True,
        help_text=_("Asked now, since nobody can reconstruct it later."),
    )
    reason = models.CharField(_("reason code"), max_length=20, choices=Reason.choices, blank=True)
    reason_text = I18nTextField(_("reason"), blank=True)
    what_changed = I18nTextField(_("what was changed"), blank=True)
    what_is_missing = I18nTextField(_("what is missing"), blank=True)
    decision_due = models.DateField(_("answer or decision due on"), null=True, blank=True)
    concerned_body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("body concerned"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concerned_in",
        help_text=_("The lead body that is named, or the authority it is referred to."),
    )
    new_deadline = models.DateField(_("new due date"), null=True, blank=True)
    deadline_words = I18nCharField(_("new due date, in the authority’s words"), blank=True)
    amount = models.DecimalField(
        _("amount in euro"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    answers = models.ForeignKey(
        "assemblies.DutyRule",
        verbose_name=_("duty that it answers"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Only where the kind of action does not say it already."),
    )
    corrects = models.OneToOneField(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
    )
    withdraws = models.BooleanField(
        _("only withdraws it"),
        default=False,
        help_text=_("The corrected action was wrong altogether: nothing takes its place."),
    )
    act = models.ForeignKey(
        "assemblies.Act",
        verbose_name=_("act"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        editable=False,
    )
    contests = models.ForeignKey(
        "assemblies.Passage",
        verbose_name=_("contests what is said of a passage"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contested_by",
        help_text=_("For an opinion: the passage of which the authority says what is not so."),
    )
    #: ``targets_in_short`` as published.
    aimed_at = models.JSONField(default=dict, editable=False)
    old_words = I18nTextField(
        _("text as published"), blank=True, help_text=_("For a correction of the citizens’ words.")
    )
    new_words = I18nTextField(_("text as it should read"), blank=True)

    objects = ActionQuerySet.as_manager()

    search_fields = [
        index.SearchField("search_words"),
        index.AutocompleteField("search_words"),
        index.FilterField("assembly_id"),
        index.FilterField("live"),
    ]

    class Meta(Fact.Meta):
        verbose_name = _("follow-up action")
        verbose_name_plural = _("follow-up actions")
        ordering = ["-happened_last", "-number"]
        indexes = [
            models.Index(fields=["-happened_last", "-number"], name="action_latest_first"),
            models.Index(fields=["cycle", "-happened_last"], name="action_of_cycle"),
        ]
        constraints = [
            *Fact.append_only_constraints(),
            models.CheckConstraint(
                condition=models.Q(live=True, number__isnull=False)
                | models.Q(live=False, number__isnull=True),
                name="action_numbered_when_published",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values)
                & models.Q(stage__in=["", *Stage.values])
                & models.Q(reason__in=["", *Reason.values])
                & models.Q(link__in=["", *Link.values])
                & models.Q(opinion_object__in=["", *OpinionObject.values]),
                name="action_codes_known",
            ),
            models.CheckConstraint(
                condition=models.Q(happened_first__lte=models.F("happened_last")),
                name="action_days_in_order",
            ),
            models.CheckConstraint(condition=value_of_axis(), name="action_value_of_axis"),
            models.CheckConstraint(condition=demanded(), name="action_gives_what_it_demands"),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True)
                | models.Q(kind=Kind.CORRECTION) & ~models.Q(corrects=models.F("id")),
                name="action_correction_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | ~models.Q(kind=Kind.CORRECTION)
                | models.Q(corrects__isnull=False)
                | models.Q(models.lookups.GreaterThan(Length("new_words"), 2)),
                name="action_correction_of_something",
            ),
            models.CheckConstraint(
                condition=models.Q(withdraws=False) | models.Q(corrects__isnull=False, axis=""),
                name="action_withdrawal_sets_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(corrects__isnull=True)
                | models.Q(models.lookups.GreaterThan(Length("reason_text"), 2)),
                name="action_correction_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(contests__isnull=True)
                | models.Q(kind__in=[Kind.OPINION, Kind.CORRECTION], withdraws=False),
                name="action_contest_is_an_opinion",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="action_amount_positive",
            ),
        ]

    def __str__(self):
        if not self.number:
            return str(self.title)
        number = gettext("no. %(number)s") % {"number": self.number}
        return f"{number} – {self.title}"

    def search_words(self):
        return f"{self.number or ''} {words_text(self.title)}"

    @property
    def url(self) -> str:
        return reverse("assemblies:action", args=[self.number])

    @property
    def sets_lead(self) -> bool:
        """Whether it names the lead body: by its kind, or because an acceptance does so."""
        if not self.concerned_body_id:
            return False
        return self.original_kind == Kind.LEAD or (
            self.axis == Axis.RESPONSE and self.value in POSITIVE_RESPONSES
        )

    @property
    def sets_deadline(self) -> bool:
        return bool(self.new_deadline or self.deadline_words)

    @property
    def original_kind(self) -> str:
        """For a correction that carries a fact, the kind of what it corrects; else its own kind."""
        action = self
        while action.corrects_id and not self.withdraws:
            action = action.corrects
        return action.kind

    @property
    def original_stage(self) -> str:
        action = self
        while action.corrects_id and not action.stage and not self.withdraws:
            action = action.corrects
        return action.stage

    # -- what must be true --------------------------------------------------------------------

    def missing(self) -> dict:
        """What the value demands and is not given: field name → message."""
        names = DEMANDS.get(self.axis, {}).get(self.value, ())
        errors = {}
        for name in names:
            if name in CHILDREN:
                if not list(getattr(self, name).all()):
                    errors[name] = MESSAGES[name]
            else:
                field = self._meta.get_field(name)
                if not getattr(self, field.attname):
                    errors[name] = MESSAGES[name]
        return errors

    def clean(self):
        super().clean()
        errors = {}
        if self.value:
            # The form asks for the value alone: every code belongs to one axis.
            self.axis = AXIS_OF_VALUE.get(self.value, "")
        elif self.axis in VALUES:
            self.axis = ""
        if self.happened_first and self.happened_last and self.happened_first > self.happened_last:
            errors["happened_last"] = _("The last day comes after the first.")
        if self.value and not self.axis:
            errors["value"] = _("There is no such state.")
        if self.corrects_id:
            if self.kind != Kind.CORRECTION:
                errors["kind"] = _("What corrects another action is a correction.")
            if not self.corrects.live:
                errors["corrects"] = _("A draft needs no correction: change it.")
            elif self.corrects.assembly_id != self.assembly_id:
                errors["corrects"] = _("An action is about one assembly.")
            elif self.body_id and self.corrects.body_id != self.body_id:
                errors["body"] = _("Only the body that acted or spoke corrects what it said.")
            elif Action.objects.filter(corrects=self.corrects_id).exclude(pk=self.pk).exists():
                errors["corrects"] = _("This action is corrected already: correct the correction.")
        if self.contests_id:
            errors |= self._contest_errors()
        if self.withdraws and (self.axis or self.contests_id or not self.corrects_id):
            errors["withdraws"] = _("A withdrawal corrects an action and sets nothing.")
        if errors:
            raise ValidationError(errors)

    def _contest_errors(self) -> dict:
        """What stands in the way of contesting a claim of the authority."""
        if self.original_kind != Kind.OPINION:
            return {"contests": _("Only an opinion contests what is said of a passage.")}
        if self.body_id and self.body.kind not in CITIZENS_BODIES:
            return {
                "contests": _("Only the citizens’ own body contests what is said of a passage.")
            }
        if self.contests.body_id == self.body_id:
            return {"contests": _("This is what the body says itself: publish a new passage.")}
        if not self.contests.live:
            return {"contests": _("This passage is not published.")}
        return {}

    def check_publishable(self):
        self.clean()
        errors = {
            (name if name not in CHILDREN else "__all__"): message
            for name, message in self.missing().items()
        }
        if self.happened_last > clock.today():
            errors["happened_last"] = _(
                "This has not happened yet, or not wholly: give the days that have passed."
            )
        if self.kind == Kind.CORRECTION:
            if not self.corrects_id and not self.new_words:
                errors["corrects"] = _("Say which action is corrected.")
            if self.corrects_id and not self.reason_text:
                errors["reason_text"] = _("Say why it is corrected.")
        targets = list(self.targets.all())
        if not (targets or self.cycle_id or self.group_id or self.withdraws):
            errors["__all__"] = _("Say what it is about: recommendations, measures, or a cycle.")
        if self.axis and not targets:
            errors["value"] = _(
                "A state is set on recommendations or measures that are named one by one."
            )
        on_measures = any(target.measure_id for target in targets)
        if on_measures and self.axis not in ("", Axis.IMPLEMENTATION):
            errors["value"] = _(
                "Measures have an implementation; responses and opinions belong to recommendations."
            )
        for target in targets:
            if target.assembly_id != self.assembly_id:
                errors["__all__"] = _("An action is about one assembly.")
        for place in (self.cycle, self.group and self.group.cycle):
            if place and place.assembly_id != self.assembly_id:
                errors["__all__"] = _("An action is about one assembly.")
        about = {target.recommendation_id for target in targets}
        if self.contests_id and self.contests.recommendation_id not in about:
            errors["contests"] = _("Name the recommendation of this passage as well.")
        if errors:
            raise ValidationError(errors)

    def before_publication(self, number):
        self.number = number
        self.aimed_at = self.targets_in_short()

    def targets_in_short(self) -> dict:
        """Keys and references of what it is about, which are fixed: for lists, without joins."""
        found = {"recommendations": [], "measures": []}
        for target in self.targets.all():
            thing = target.recommendation or target.measure
            place = "recommendations" if target.recommendation_id else "measures"
            found[place].append([thing.pk, thing.reference])
        return found

    def subjects(self) -> tuple[set[int], set[int]]:
        """Recommendations and measures whose state it may change, its corrected chain included."""
        recommendations, measures = set(), set()
        action = self
        while action is not None:
            for target in action.targets.all():
                if target.recommendation_id:
                    recommendations.add(target.recommendation_id)
                if target.measure_id:
                    measures.add(target.measure_id)
            action = action.corrects
        return recommendations, measures

    def after_publication(self):
        from assemblies import projection

        recommendations, measures = self.subjects()
        projection.project(recommendations=recommendations, measures=measures)


class ActionTarget(FactPart):
    """What an action is about: one recommendation or one measure."""

    fact_field = "action"

    action = ParentalKey(Action, on_delete=models.CASCADE, related_name="targets")
    recommendation = models.ForeignKey(
        "assemblies.Recommendation",
        verbose_name=_("recommendation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_links",
    )
    measure = models.ForeignKey(
        "assemblies.Measure",
        verbose_name=_("measure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_links",
    )

    class Meta(FactPart.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recommendation__isnull=True, measure__isnull=False)
                | models.Q(recommendation__isnull=False, measure__isnull=True),
                name="target_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["action", "recommendation"], name="target_recommendation_once"
            ),
            models.UniqueConstraint(fields=["action", "measure"], name="target_measure_once"),
        ]

    def __str__(self):
        return str(self.recommendation or self.measure)

    @property
    def assembly_id(self):
        return (self.recommendation or self.measure).cycle.assembly_id

    def clean(self):
        if bool(self.recommendation_id) == bool(self.measure_id):
            raise ValidationError(_("Choose a recommendation or a measure: one of the two."))
