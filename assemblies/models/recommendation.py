"""Recommendations: the page that people read, and the register row that everything points at."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from assemblies import history, references, titles
from assemblies.enums import Implementation, Opinion, OpinionObject, Response
from assemblies.models.change import lock_numbers
from assemblies.models.register import Registered, RegisteredPage, is_original
from assemblies.verbatim import same_words


class RecommendationQuerySet(history.RegisterQuerySet):
    def late(self, on):
        """Something was due before this day and has not come."""
        return self.filter(next_due__lt=on)

    def in_order(self):
        """The natural order of a cycle: by group, then by label, 2 before 10."""
        return self.order_by("position", "id")


class Recommendation(index.Indexed, Registered):
    """What drawn citizens asked for: one row whatever the number of languages.

    Its identity (reference, label, kind, deciding body, cycle) is fixed at first publication. The
    codes of its state are a projection of the published actions, for lists; ``rebuild_state``
    computes them anew.
    """

    fixed = (
        *Registered.fixed,
        "cycle_id",
        "reference",
        "label",
        "kind_id",
        "deciding_body_id",
    )

    page = models.OneToOneField(
        "assemblies.RecommendationPage", on_delete=models.PROTECT, related_name="register"
    )
    cycle = models.ForeignKey(
        "assemblies.Cycle", on_delete=models.PROTECT, related_name="recommendations"
    )
    #: In full, however long: what lists, cards and feeds show.
    title = models.CharField(_("title"), max_length=titles.LONGEST)
    reference = models.CharField(_("reference"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=30, blank=True)
    position = models.CharField(max_length=600)
    kind = models.ForeignKey(
        "assemblies.RecommendationKind", on_delete=models.PROTECT, related_name="recommendations"
    )
    deciding_body = models.ForeignKey(
        "assemblies.Body", on_delete=models.PROTECT, null=True, related_name="decides"
    )
    group = models.ForeignKey(
        "assemblies.Group", on_delete=models.PROTECT, null=True, related_name="recommendations"
    )
    topics = models.ManyToManyField("assemblies.Topic", related_name="recommendations")
    addressees = models.ManyToManyField("assemblies.Body", related_name="addressed")
    handed_over_on = models.DateField(_("handed over on"), null=True)
    votes_for = models.PositiveIntegerField(null=True)
    votes_against = models.PositiveIntegerField(null=True)
    votes_abstained = models.PositiveIntegerField(null=True)

    #: Keys of ``topics`` and ``addressees`` in their order: lists show them without a query a row.
    topic_keys = models.JSONField(default=list, editable=False)
    addressee_keys = models.JSONField(default=list, editable=False)
    withdrawn_on = models.DateField(null=True, editable=False)

    # Projection of the published actions.
    response = models.CharField(
        _("response"), max_length=20, choices=Response.choices, default=Response.AWAITING
    )
    response_first = models.DateField(null=True)
    response_last = models.DateField(null=True)
    implementation = models.CharField(
        _("implementation"), max_length=20, choices=Implementation.choices, blank=True
    )
    implementation_first = models.DateField(null=True)
    implementation_last = models.DateField(null=True)
    opinion = models.CharField(
        _("opinion"), max_length=20, choices=Opinion.choices, default=Opinion.NOT_EXAMINED
    )
    opinion_object = models.CharField(max_length=10, choices=OpinionObject.choices, blank=True)
    opinion_on = models.DateField(null=True)
    next_due = models.DateField(null=True, db_index=True)
    last_action_on = models.DateField(null=True)

    objects = RecommendationQuerySet.as_manager()

    search_fields = [
        index.SearchField("title"),
        index.SearchField("reference"),
        index.AutocompleteField("title"),
        index.AutocompleteField("reference"),
        index.FilterField("cycle_id"),
    ]

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["cycle", "position"]
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["cycle", "position", "id"], name="recommendation_in_cycle"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^[A-Z0-9.]+(-[A-Z0-9.]+)+$"),
                name="recommendation_reference_form",
            ),
            models.CheckConstraint(
                condition=models.Q(response__in=Response.values)
                & (models.Q(implementation="") | models.Q(implementation__in=Implementation.values))
                & models.Q(opinion__in=Opinion.values),
                name="recommendation_codes_known",
            ),
            models.UniqueConstraint(
                fields=["cycle", "label"],
                condition=~models.Q(label=""),
                name="recommendation_label_unique",
            ),
        ]

    def __str__(self):
        return f"{self.reference} – {titles.beginning(self.title)}"

    @property
    def assembly_id(self):
        return self.cycle.assembly_id

    @property
    def number(self) -> str:
        """What people call it by: its label, or the last part of its reference."""
        return self.label or self.reference.rsplit("-", 1)[-1]

    def said(self) -> dict:
        """What is fixed of it, and its words as handed over: fingerprinted in the change log."""
        page = self.page
        return {
            "reference": self.reference,
            "label": self.label,
            "kind": self.kind_id,
            "cycle": self.cycle_id,
            "deciding_body": self.deciding_body_id,
            "language": page.locale.language_code,
            "verbatim": page.verbatim,
        }

    def place(self) -> None:
        """Compute its place in the natural order of the cycle, and write it."""
        self.position = self.own_position()
        type(self).objects.filter(pk=self.pk).update(position=self.position)

    def own_position(self) -> str:
        group = self.group.position if self.group_id else ""
        return references.position(group, self.number)


class RecommendationPage(RegisteredPage, Page):
    """A recommendation in one language: the citizens' own words, and the editors' summary."""

    register_model = Recommendation
    register_fields = (
        "label",
        "kind",
        "group",
        "votes_for",
        "votes_against",
        "votes_abstained",
        "example",
    )

    label = models.CharField(
        _("label"),
        max_length=30,
        blank=True,
        help_text=_(
            "The number that the assembly gave it: 12, 3.1, D1. Empty: the site numbers it N1, N2… "
            "Fixed at first publication, like the kind and the cycle."
        ),
    )
    kind = models.ForeignKey(
        "assemblies.RecommendationKind",
        verbose_name=_("kind"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    group = models.ForeignKey(
        "assemblies.Group",
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    deciding_body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("deciding body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: the deciding body of the kind."),
    )
    topics = ParentalManyToManyField(
        "assemblies.Topic", verbose_name=_("topics"), blank=True, related_name="+"
    )
    addressees = ParentalManyToManyField(
        "assemblies.Body", verbose_name=_("addressed to"), blank=True, related_name="+"
    )
    handed_over_on = models.DateField(
        _("handed over on"),
        null=True,
        blank=True,
        help_text=_("Empty: the day on which the cycle was handed over."),
    )
    verbatim = RichTextField(
        _("the citizens’ own words"),
        features=["ol", "ul"],
        help_text=_(
            "Word for word as adopted. Once published it is never changed: a mistake in it is put "
            "right by a correction that quotes the old and the new text."
        ),
    )
    title_in_full = models.TextField(
        _("title in full"),
        blank=True,
        validators=[MaxLengthValidator(titles.LONGEST)],
        help_text=_(
            "Only for a title of more than 255 characters: all of it, as adopted. Readers see it "
            "everywhere; the title above is then made of its first words, for the admin’s lists."
        ),
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("By the editors; apart from the citizens’ words.")
    )
    votes_for = models.PositiveIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveIntegerField(_("abstentions"), null=True, blank=True)
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for a demonstration.")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("title_in_full"),
        FieldPanel("verbatim"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "The facts below hold in all languages. They are read from the page of "
                        "the original language."
                    )
                ),
                FieldRowPanel([FieldPanel("label"), FieldPanel("kind")]),
                FieldPanel("group"),
                FieldPanel("topics"),
                FieldPanel("deciding_body"),
                FieldPanel("addressees"),
                FieldPanel("handed_over_on"),
                FieldRowPanel(
                    [
                        FieldPanel("votes_for"),
                        FieldPanel("votes_against"),
                        FieldPanel("votes_abstained"),
                    ],
                    heading=_("The assembly’s own vote"),
                ),
                FieldPanel("example"),
            ],
            heading=_("Facts, for all languages"),
        ),
    ]
    parent_page_types = ["assemblies.CyclePage"]
    subpage_types: list[str] = []
    template = "assemblies/recommendation.html"
    #: A copy is another recommendation: it gets a label of its own.
    exclude_fields_in_copy = ["label"]
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("title_in_full"),
        TranslatableField("slug"),
        TranslatableField("verbatim"),
        TranslatableField("summary"),
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                *register_fields,
                "deciding_body",
                "handed_over_on",
                "topics",
                "addressees",
            )
        ),
    ]

    class Meta:
        verbose_name = _("recommendation page")
        verbose_name_plural = _("recommendation pages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(title_in_full="")
                | models.Q(title_in_full__length__gt=titles.LONGEST_OF_PAGE),
                name="recommendationpage_title_in_full_only_if_long",
            ),
        ]

    # -- what is fixed ------------------------------------------------------------------------

    def fixed_errors(self) -> dict:
        """What this page would change of what is fixed: field name → message."""
        row = self.register_row()
        if row is None:
            return {}
        errors = {}
        if row.page_id == self.pk:
            for name in ("label", "kind_id"):
                if getattr(self, name) != getattr(row, name):
                    errors[name.removesuffix("_id")] = _("Fixed at first publication.")
            stays = self.deciding_body_id or self.kind.deciding_body_id
            if stays != row.deciding_body_id:
                errors["deciding_body"] = _("Fixed at first publication.")
        stored = type(self).objects.filter(pk=self.pk, first_published_at__isnull=False).first()
        if stored is not None and same_words(stored.verbatim, self.verbatim):
            # The form gives the same words back under marks of its own: what was handed over stays.
            self.verbatim = stored.verbatim
        elif stored is not None:
            errors["verbatim"] = _(
                "The citizens’ words are published and stay as they are. Publish a correction that "
                "quotes the old and the new text."
            )
        return errors

    def clean(self):
        super().clean()
        self.full_title = self.title_in_full or self.title
        errors = self.fixed_errors() if self.pk and self.kind_id else {}
        if self.group_id and self.kind_id and self.group.cycle.assembly_id != self.kind.assembly_id:
            errors["group"] = _("This group belongs to another assembly.")
        if errors:
            raise ValidationError(errors)

    def guard(self):
        history.guard_page(self)
        errors = self.fixed_errors() if self.pk else {}
        if errors:
            raise ValidationError(errors)

    def can_move_to(self, parent):
        return (self.register_row() is None) and super().can_move_to(parent)

    def unpublish(self, *args, **kwargs):
        if self.register_row() is not None:
            raise history.refuse_unpublication(self)
        return super().unpublish(*args, **kwargs)

    # -- register -----------------------------------------------------------------------------

    def cycle_above(self, parent):
        """The cycle of this recommendation, found through the page above, whatever its language."""
        from assemblies.models.cycle import Cycle

        return Cycle.objects.filter(translation_key=parent.translation_key).first()

    def registration_errors(self, parent):
        cycle, row = self.cycle_above(parent), self.register_row()
        if cycle is None:
            return {NON_FIELD_ERRORS: _("Publish the cycle’s page first.")}
        if row is not None and row.cycle_id != cycle.pk:
            return {NON_FIELD_ERRORS: history.stays_in_place(self)}
        label = references.code(self.label)
        reference = references.join(cycle.reference, label)
        taken = (
            row is None and label and Recommendation.objects.filter(reference=reference).exists()
        )
        return self.errors_in(cycle, taken={reference} if taken else ())

    def errors_in(self, cycle, *, taken) -> dict[str, Any]:
        """What stands in the way of registering it in a cycle, where these references are taken."""
        errors: dict[str, Any] = {}
        if self.group_id and self.group.cycle_id != cycle.pk:
            errors["group"] = _("This group belongs to another cycle.")
        if self.kind.assembly_id != cycle.assembly_id:
            errors["kind"] = _("This kind belongs to another assembly.")
        label = references.code(self.label)
        reference = references.join(cycle.reference, label)
        if label and reference in taken:
            errors["label"] = _("This label is taken in this cycle: %(reference)s") % {
                "reference": reference
            }
        return errors

    def before_register(self, row, new):
        row.cycle = cycle = self.cycle_above(self.get_parent())
        if new:
            row.deciding_body_id = self.deciding_body_id or self.kind.deciding_body_id
            row.reference = self._new_reference(cycle)
        row.handed_over_on = self.handed_over_on or cycle.handed_over_on
        row.position = row.own_position()
        row.topic_keys = [topic.pk for topic in self.topics.all()]
        row.addressee_keys = [body.pk for body in self.addressees.all()]

    def _new_reference(self, cycle) -> str:
        label = references.code(self.label)
        if not label:
            lock_numbers()
            cycle.refresh_from_db(fields=["last_unlabelled"])
            label = cycle.next_label(set(cycle.recommendations.values_list("reference", flat=True)))
            cycle.save(update_fields=["last_unlabelled"])
        return references.join(cycle.reference, label)

    def after_register(self, row, new):
        from assemblies import projection

        row.topics.set(row.topic_keys)
        row.addressees.set(row.addressee_keys)
        projection.project(recommendations=[row.pk])

    # -- reading ------------------------------------------------------------------------------

    @property
    def full_title(self) -> str:
        """The title as the citizens adopted it, whole; setting it fills both columns."""
        return self.title_in_full or self.title

    @full_title.setter
    def full_title(self, said: str) -> None:
        said = titles.tidy(said)
        self.title = titles.beginning(said)
        self.title_in_full = said if said != self.title else ""

    def register_values(self) -> dict:
        return {**super().register_values(), "title": self.full_title}

    @property
    def is_original(self) -> bool:
        return is_original(self)

    def said(self) -> dict:
        """What a translation says, for the change log: its words are fixed as well."""
        return {**super().said(), "verbatim": self.verbatim}

    def get_template(self, request, *args, **kwargs):
        from assemblies.pages import pairs

        if pairs.asked_for(request) and hasattr(request, "route"):
            return pairs.TEMPLATE
        return super().get_template(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        from assemblies.pages import recommendation_context

        return {
            **super().get_context(request, *args, **kwargs),
            **recommendation_context(request, self),
        }
