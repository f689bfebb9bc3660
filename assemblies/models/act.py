"""Acts: what a council voted. Publishing an act is the vote."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey
from wagtail.search import index

from assemblies import clock, references
from assemblies.enums import RESPONSE_OF_RESULT, Axis, Kind, Link, Reason, Result
from assemblies.models.fact import Fact, FactPart
from assemblies.models.taxonomy import words_text


class Act(index.Indexed, Fact):
    """A vœu or délibération as voted by a council, with the article that obliges it to account.

    Publishing it makes the council vote, an action on the recommendations it adopts; the response
    follows from the result.
    """

    child_relations = ("adopts",)

    cycle = models.ForeignKey(
        "assemblies.Cycle", verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="acts"
    )
    number = models.CharField(
        _("number"), max_length=40, help_text=_("As in the council’s register: 2023 V. 76.")
    )
    slug = models.CharField(max_length=60, editable=False, default="")
    title = I18nCharField(_("title"))
    session_first = models.DateField(_("session, first day"))
    session_last = models.DateField(
        _("session, last day"),
        help_text=_("The same day, or the end of the month when only the month is known."),
    )
    council = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("council"),
        on_delete=models.PROTECT,
        related_name="acts_voted",
    )
    result = models.CharField(_("result"), max_length=20, choices=Result.choices)
    votes_for = models.PositiveIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveIntegerField(_("abstentions"), null=True, blank=True)
    article = I18nTextField(
        _("follow-up article"),
        blank=True,
        help_text=_("The article that obliges the authority to account for the act."),
    )
    url = models.URLField(_("address of the act"), blank=True)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lead_body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("lead body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Demanded when the act is adopted."),
    )
    link = models.CharField(
        _("link with what exists"), max_length=20, choices=Link.choices, blank=True
    )
    what_changed = I18nTextField(
        _("what was amended"), blank=True, help_text=_("Demanded when it is adopted as amended.")
    )
    reason = models.CharField(_("reason code"), max_length=20, choices=Reason.choices, blank=True)
    reason_text = I18nTextField(
        _("reason"), blank=True, help_text=_("Demanded when it is not adopted.")
    )

    search_fields = [
        index.SearchField("search_words"),
        index.AutocompleteField("search_words"),
        index.FilterField("cycle_id"),
    ]

    class Meta(Fact.Meta):
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["-session_last", "number"]
        constraints = [
            *Fact.append_only_constraints(),
            models.UniqueConstraint(
                fields=["slug"], condition=~models.Q(slug=""), name="act_slug_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(result__in=Result.values), name="act_result_known"
            ),
            models.CheckConstraint(
                condition=models.Q(session_first__lte=models.F("session_last")),
                name="act_session_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(result=Result.ADOPTED, lead_body__isnull=False) & ~models.Q(link="")
                | models.Q(result=Result.ADOPTED_AMENDED)
                & models.Q(models.lookups.GreaterThan(Length("what_changed"), 2))
                & ~models.Q(link="")
                | models.Q(result=Result.NOT_ADOPTED)
                & models.Q(models.lookups.GreaterThan(Length("reason_text"), 2))
                & ~models.Q(reason=""),
                name="act_result_gives_what_it_demands",
            ),
        ]

    def __str__(self):
        return f"{self.number} – {self.title}"

    def search_words(self):
        return f"{self.number} {words_text(self.title)}"

    @property
    def assembly_id(self):
        return self.cycle.assembly_id

    @property
    def response(self) -> str:
        """The value that the vote gives to the response axis."""
        return RESPONSE_OF_RESULT[Result(self.result)]

    @property
    def reference(self) -> str:
        return references.join(self.cycle.assembly.code, references.code(self.number))

    @property
    def public_url(self) -> str:
        return reverse("assemblies:act", args=[self.slug])

    def missing(self) -> dict:
        """What the result demands and is not given: field name → message."""
        errors = {}
        if self.result in (Result.ADOPTED, Result.ADOPTED_AMENDED) and not self.link:
            errors["link"] = _("Say whether this is new, strengthened, planned or done already.")
        if self.result == Result.ADOPTED and not self.lead_body_id:
            errors["lead_body"] = _("Name the lead body.")
        if self.result == Result.ADOPTED_AMENDED and not self.what_changed:
            errors["what_changed"] = _("Say what was amended.")
        if self.result == Result.NOT_ADOPTED:
            if not self.reason_text:
                errors["reason_text"] = _("Give the reason.")
            if not self.reason:
                errors["reason"] = _("Give the code of the reason.")
        return errors

    def clean(self):
        super().clean()
        if self.session_first and self.session_last and self.session_first > self.session_last:
            raise ValidationError({"session_last": _("The last day comes after the first.")})

    def check_publishable(self):
        errors = self.missing()
        if self.session_last > clock.today():
            errors["session_last"] = _("This day has not come yet.")
        if errors:
            raise ValidationError(errors)
        rows = list(self.adopts.all())
        if not rows:
            raise ValidationError(_("Name at least one recommendation that this act is about."))
        for row in rows:
            if row.recommendation.cycle.assembly_id != self.cycle.assembly_id:
                raise ValidationError(_("An act is about recommendations of one assembly."))

    def before_publication(self, number):
        self.slug = self.reference
        if Act.objects.exclude(pk=self.pk).filter(slug=self.slug).exists():
            raise ValidationError({"number": _("Another act of this assembly has this number.")})

    def vote(self):
        """The council vote that this act is: an action, to be saved."""
        from assemblies.models.action import Action, ActionTarget
        from assemblies.models.source import Source

        action = Action(
            assembly_id=self.assembly_id,
            kind=Kind.VOTE,
            happened_first=self.session_first,
            happened_last=self.session_last,
            body=self.council,
            title=self.title,
            axis=Axis.RESPONSE,
            value=self.response,
            concerned_body=self.lead_body,
            link=self.link,
            what_changed=self.what_changed,
            reason=self.reason,
            reason_text=self.reason_text,
            act=self,
            example=self.example,
            live=True,
        )
        action.targets = [
            ActionTarget(recommendation=row.recommendation) for row in self.adopts.all()
        ]
        action.sources = []
        if self.url or self.document_id:
            action.sources = [
                Source(position=1, title=self.number, url=self.url, document=self.document)
            ]
        return action

    def after_publication(self):
        self.vote().save()


class ActAdopts(FactPart):
    """That an act is about a recommendation."""

    fact_field = "act"

    act = ParentalKey(Act, on_delete=models.CASCADE, related_name="adopts")
    recommendation = models.ForeignKey(
        "assemblies.Recommendation",
        verbose_name=_("recommendation"),
        on_delete=models.PROTECT,
        related_name="act_links",
    )

    class Meta(FactPart.Meta):
        verbose_name = _("recommendation voted on")
        verbose_name_plural = _("recommendations voted on")
        constraints = [
            models.UniqueConstraint(fields=["act", "recommendation"], name="act_adopts_once")
        ]

    def __str__(self):
        return str(self.recommendation)
