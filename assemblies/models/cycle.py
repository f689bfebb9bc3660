"""Cycles (or promotions): one round of drawn citizens, from question to end of follow-up."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from assemblies import history, references
from assemblies.blocks import BodyBlock
from assemblies.models.change import Listed
from assemblies.models.fact import Fact
from assemblies.models.register import Registered, RegisteredPage
from assemblies.models.taxonomy import words_text


class Cycle(Registered):
    """One round of an assembly, one row whatever the number of languages."""

    fixed = (*Registered.fixed, "assembly_id")
    fixed_once_used = ("code", "reference")
    used_by = "recommendations"

    page = models.OneToOneField(
        "assemblies.CyclePage", on_delete=models.PROTECT, related_name="register"
    )
    assembly = models.ForeignKey(
        "assemblies.Assembly", on_delete=models.PROTECT, related_name="cycles"
    )
    code = models.CharField(_("code"), max_length=12)
    reference = models.CharField(_("reference"), max_length=30, unique=True)
    started_on = models.DateField(_("began on"), null=True)
    handed_over_on = models.DateField(_("handed over on"), null=True)
    ends_on = models.DateField(_("follow-up ends on"), null=True)
    panel_size = models.PositiveIntegerField(_("members drawn"), null=True)
    #: The highest ``N…`` given to a recommendation without label; never used again.
    last_unlabelled = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["assembly", "code"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["assembly", "code"], name="cycle_code_unique"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9.]+$"), name="cycle_code_form"
            ),
            models.CheckConstraint(
                condition=models.Q(handed_over_on__gte=models.F("started_on"))
                | models.Q(started_on__isnull=True)
                | models.Q(handed_over_on__isnull=True),
                name="cycle_handed_over_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("handed_over_on"))
                | models.Q(ends_on__isnull=True)
                | models.Q(handed_over_on__isnull=True),
                name="cycle_ends_after_handover",
            ),
        ]

    def next_label(self, taken) -> str:
        """The next free ``N…`` for a recommendation without label, never given again.

        ``taken``: the references of the cycle's recommendations. The caller saves the cycle.
        """
        self.last_unlabelled += 1
        while references.join(self.reference, f"N{self.last_unlabelled}") in taken:
            self.last_unlabelled += 1
        return f"N{self.last_unlabelled}"

    def said(self) -> dict:
        return {"reference": self.reference, "handed_over_on": str(self.handed_over_on)}


class CyclePage(RegisteredPage, Page):
    """A thematic cycle's own page: its question, its dates, what became of its recommendations."""

    register_model = Cycle
    register_fields = (
        "code",
        "started_on",
        "handed_over_on",
        "ends_on",
        "panel_size",
        "example",
    )

    code = models.CharField(
        _("code"),
        max_length=12,
        help_text=_(
            "Short, in capitals, the second part of every reference (BXL-C1-3.4). "
            "Fixed once something below is published."
        ),
    )
    theme = models.CharField(_("theme"), max_length=120, blank=True)
    question = models.TextField(_("question put to the assembly"), blank=True)
    introduction = RichTextField(
        _("introduction"), blank=True, features=["bold", "link", "ol", "ul"]
    )
    drawing = models.TextField(_("how members were drawn"), blank=True)
    body = StreamField(
        BodyBlock(),
        verbose_name=_("body of the page"),
        blank=True,
        help_text=_("Shown below the texts above, block by block."),
    )
    started_on = models.DateField(_("began on"), null=True, blank=True)
    handed_over_on = models.DateField(
        _("handed over on"),
        null=True,
        blank=True,
        help_text=_("The day from which the authority’s time to answer is counted."),
    )
    ends_on = models.DateField(_("follow-up ends on"), null=True, blank=True)
    panel_size = models.PositiveIntegerField(_("members drawn"), null=True, blank=True)
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for a demonstration.")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("theme"),
        FieldPanel("question"),
        FieldPanel("introduction"),
        FieldPanel("drawing"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "The facts below hold in all languages. They are read from the page of "
                        "the original language."
                    )
                ),
                FieldPanel("code"),
                FieldRowPanel([FieldPanel("started_on"), FieldPanel("handed_over_on")]),
                FieldRowPanel([FieldPanel("ends_on"), FieldPanel("panel_size")]),
                FieldPanel("example"),
            ],
            heading=_("Facts, for all languages"),
        ),
    ]
    parent_page_types = ["assemblies.AssemblyPage"]
    subpage_types = ["assemblies.RecommendationPage"]
    template = "assemblies/cycle.html"
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("theme"),
        TranslatableField("question"),
        TranslatableField("introduction"),
        TranslatableField("drawing"),
        TranslatableField("body"),
        *(SynchronizedField(name, overridable=False) for name in register_fields),
    ]

    class Meta:
        verbose_name = _("cycle page")
        verbose_name_plural = _("cycle pages")

    def clean(self):
        super().clean()
        self.code = references.code(self.code)
        if not self.code or "-" in self.code:
            raise ValidationError({"code": _("Use letters, digits and points only.")})
        dates = [d for d in (self.started_on, self.handed_over_on, self.ends_on) if d]
        if dates != sorted(dates):
            raise ValidationError(
                {"handed_over_on": _("The cycle begins, is handed over, then ends: in this order.")}
            )
        row = self.register_row()
        if row is not None and row.page_id == self.pk:
            self._refuse_new_code(row)

    def _refuse_new_code(self, row):
        if self.code != row.code and row.recommendations.exists():
            raise ValidationError(
                {
                    "code": _(
                        "Recommendations are published under this code: it can’t change any more."
                    )
                }
            )

    def guard(self):
        row = self.register_row()
        if self.live and row is not None and row.page_id == self.pk:
            self._refuse_new_code(row)

    def assembly_above(self, parent):
        """The assembly of this cycle, found through the page above, in whichever language it is."""
        from assemblies.models.assembly import Assembly

        return Assembly.objects.filter(translation_key=parent.translation_key).first()

    def registration_errors(self, parent):
        assembly, row = self.assembly_above(parent), self.register_row()
        if assembly is None:
            return {NON_FIELD_ERRORS: _("Publish the assembly’s page first.")}
        if row is not None and row.assembly_id != assembly.pk:
            return {NON_FIELD_ERRORS: history.stays_in_place(self)}
        others = Cycle.objects.exclude(translation_key=self.translation_key)
        if others.filter(assembly=assembly, code=references.code(self.code)).exists():
            return {"code": _("Another cycle of this assembly has this code.")}
        return {}

    def before_register(self, row, new):
        assembly = self.assembly_above(self.get_parent())
        row.assembly = assembly
        row.reference = references.join(assembly.code, row.code)
        row.dates_changed = (
            not new
            and Cycle.objects.filter(pk=row.pk).exclude(handed_over_on=row.handed_over_on).exists()
        )

    def after_register(self, row, new):
        if row.dates_changed:
            from assemblies import projection

            # Recommendations without a day of their own were handed over with the cycle.
            row.recommendations.filter(page__handed_over_on__isnull=True).update(
                handed_over_on=row.handed_over_on
            )
            projection.rebuild(cycles=[row])

    def get_context(self, request, *args, **kwargs):
        from assemblies.pages import cycle_context

        return {**super().get_context(request, *args, **kwargs), **cycle_context(request, self)}


class Group(index.Indexed, Listed):
    """A level above the recommendation: priority, ambition, objective; any depth, optional."""

    cycle = models.ForeignKey(
        Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="groups"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("within"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
    )
    label = models.CharField(_("number or letter"), max_length=30, blank=True)
    title = I18nCharField(_("title"))
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for a demonstration.")
    )
    #: Place in the natural order of the cycle, whatever the depth; computed.
    position = models.CharField(max_length=500, editable=False, db_index=True)

    search_fields = [
        index.SearchField("search_words"),
        index.AutocompleteField("search_words"),
    ]

    class Meta:
        verbose_name = _("group of recommendations")
        verbose_name_plural = _("groups of recommendations")
        ordering = ["cycle", "position"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="group_not_within_itself"
            )
        ]

    def __str__(self):
        return f"{self.label} {self.title}".strip()

    def search_words(self):
        return f"{self.label} {words_text(self.title)}"

    @property
    def assembly_id(self):
        return self.cycle.assembly_id

    def clean(self):
        super().clean()
        above, seen = self.parent, {self.pk}
        while above is not None:
            if above.pk in seen and above.pk is not None:
                raise ValidationError({"parent": _("A group can’t be within itself.")})
            if above.cycle_id != self.cycle_id:
                raise ValidationError({"parent": _("This group belongs to another cycle.")})
            seen.add(above.pk)
            above = above.parent

    def own_position(self) -> str:
        above = self.parent.position if self.parent_id else ""
        return references.group_position(above, self.sort_order, self.label)

    def save(self, *args, **kwargs):
        """Save the group, and give everything below it its new place in the cycle's order."""
        from django.db import transaction

        with transaction.atomic():
            self.position = self.own_position()
            super().save(*args, **kwargs)
            for recommendation in self.recommendations.all():
                recommendation.place()
            for part in self.parts.all():
                part.parent = self
                part.save()


class Counted(models.TextChoices):
    """What an announced count counts."""

    RECOMMENDATIONS = "recommendations", _("Recommendations")
    ANSWERED = "answered", _("Answered recommendations")
    PANEL = "panel", _("Members drawn")


class AnnouncedCount(Fact):
    """A number that somebody announced: a statement with a source and a date.

    Official counts conflict ("plus de 60", "meer dan 80"); they are kept apart from the number of
    recommendations entered, and never added up.
    """

    cycle = models.ForeignKey(
        Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="announced_counts"
    )
    counts = models.CharField(_("what is counted"), max_length=20, choices=Counted.choices)
    number = models.PositiveIntegerField(pgettext_lazy("count", "number"), null=True, blank=True)
    words = I18nCharField(_("in the source’s words"), help_text=_("For instance “more than 60”."))
    source_title = I18nCharField(_("source"))
    source_url = models.URLField(_("address of the source"), blank=True)
    stated_on = models.DateField(_("stated on"), null=True, blank=True)
    body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("stated by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="announced_counts",
    )

    #: It has no page of its own: it stands on its cycle's.
    preview_modes: list[tuple[str, str]] = []

    class Meta(Fact.Meta):
        verbose_name = _("announced count")
        verbose_name_plural = _("announced counts")
        ordering = ["cycle", "counts", "stated_on"]
        constraints = [
            *Fact.append_only_constraints(),
            models.CheckConstraint(
                condition=models.Q(counts__in=Counted.values), name="announcedcount_known"
            ),
        ]

    def __str__(self):
        return f"{self.cycle} – {self.get_counts_display()} : {self.words}"

    @property
    def assembly_id(self):
        return self.cycle.assembly_id
