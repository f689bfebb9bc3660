"""Assemblies: who they are, and by which regime their recommendations are followed up."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from assemblies import references
from assemblies.blocks import BodyBlock
from assemblies.fields import ChoicesField, site_languages
from assemblies.models.register import Registered, RegisteredPage


class Ink(models.TextChoices):
    """The six measured second inks of the visual language."""

    IRIS = "iris", _("Iris (violet)")
    BOUTEILLE = "bouteille", _("Bottle green")
    BRIQUE = "brique", _("Brick")
    PETROLE = "petrole", _("Petrol")
    PRUNE = "prune", _("Plum")
    ARDOISE = "ardoise", _("Slate")


class Assembly(Registered):
    """A permanent citizens' assembly, one row whatever the number of languages."""

    fixed_once_used = ("code",)
    used_by = "cycles"

    page = models.OneToOneField(
        "assemblies.AssemblyPage", on_delete=models.PROTECT, related_name="register"
    )
    code = models.CharField(_("code"), max_length=12, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    territory = I18nCharField(_("territory"), blank=True)
    regime = models.ForeignKey(
        "assemblies.Regime", on_delete=models.PROTECT, related_name="assemblies"
    )
    languages = ChoicesField(_("languages"), choices=site_languages)
    cycle_word = I18nCharField(_("word for one round"), blank=True)
    lead_word = I18nCharField(_("word for the lead body"), blank=True)
    committee = models.ForeignKey(
        "assemblies.Body", on_delete=models.PROTECT, null=True, related_name="committee_of"
    )
    ink = models.CharField(_("second ink"), max_length=12, choices=Ink.choices)

    class Meta:
        verbose_name = _("assembly")
        verbose_name_plural = _("assemblies")
        ordering = ["code"]
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9.]+$"), name="assembly_code_form"
            ),
            models.CheckConstraint(
                condition=models.Q(ink__in=Ink.values), name="assembly_ink_known"
            ),
        ]

    def said(self) -> dict:
        return {"code": self.code}

    def owes(self, language: str) -> bool:
        """Whether this assembly publishes in the language: Paris owes no Dutch."""
        return language in self.languages


class AssemblyPage(RegisteredPage, Page):
    """An assembly's own page: who it is, what it is owed, its cycles."""

    register_model = Assembly
    register_fields = (
        "code",
        "territory",
        "regime",
        "languages",
        "cycle_word",
        "lead_word",
        "committee",
        "ink",
        "example",
    )

    code = models.CharField(
        _("code"),
        max_length=12,
        help_text=_(
            "Short, in capitals, the first part of every reference (BXL-C1-3.4). "
            "Fixed once something below is published."
        ),
    )
    territory = I18nCharField(_("territory"), blank=True)
    regime = models.ForeignKey(
        "assemblies.Regime", verbose_name=_("regime"), on_delete=models.PROTECT, related_name="+"
    )
    languages = ChoicesField(
        _("languages"),
        choices=site_languages,
        help_text=_("The languages in which this assembly publishes."),
    )
    cycle_word = I18nCharField(
        _("word for one round"), blank=True, help_text=_("Empty: “cycle”. Paris: “promotion”.")
    )
    lead_word = I18nCharField(
        _("word for the lead body"),
        blank=True,
        help_text=_("Empty: “lead body”. Paris: “direction pilote”."),
    )
    committee = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("follow-up committee"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ink = models.CharField(_("second ink"), max_length=12, choices=Ink.choices, default=Ink.ARDOISE)
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for a demonstration.")
    )
    lead = models.TextField(_("in one sentence"), blank=True)
    presentation = RichTextField(
        _("presentation"), blank=True, features=["bold", "link", "ol", "ul"]
    )
    legal_basis = RichTextField(_("legal basis"), blank=True, features=["bold", "link", "ol", "ul"])
    body = StreamField(
        BodyBlock(),
        verbose_name=_("body of the page"),
        blank=True,
        help_text=_("Shown below the texts above, block by block."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("presentation"),
        FieldPanel("legal_basis"),
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
                FieldPanel("territory"),
                FieldPanel("regime"),
                FieldPanel("languages"),
                FieldPanel("committee"),
                FieldPanel("cycle_word"),
                FieldPanel("lead_word"),
                FieldPanel("ink"),
                FieldPanel("example"),
            ],
            heading=_("Facts, for all languages"),
        ),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["assemblies.CyclePage"]
    template = "assemblies/assembly.html"
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("lead"),
        TranslatableField("presentation"),
        TranslatableField("legal_basis"),
        TranslatableField("body"),
        *(SynchronizedField(name, overridable=False) for name in register_fields),
    ]

    class Meta:
        verbose_name = _("assembly page")
        verbose_name_plural = _("assembly pages")

    def clean(self):
        super().clean()
        self.code = references.code(self.code)
        if not self.code or "-" in self.code:
            raise ValidationError({"code": _("Use letters, digits and points only.")})
        row = self.register_row()
        if row is not None and row.page_id == self.pk:
            if self.code != row.code and row.cycles.exists():
                raise ValidationError(
                    {"code": _("Cycles are published under this code: it can’t change any more.")}
                )
        elif row is None and Assembly.objects.filter(code=self.code).exists():
            raise ValidationError({"code": _("Another assembly has this code.")})

    def save(self, *args, **kwargs):
        """Save the page; a page in a further language is open to the roles of its assembly."""
        from assemblies import permissions

        new = self._state.adding
        with transaction.atomic():
            result = super().save(*args, **kwargs)
            if new and not self.alias_of_id:
                for group in permissions.groups_of(self.translation_key):
                    permissions.grant(group)
        return result

    def guard(self):
        row = self.register_row()
        if (
            row is not None
            and row.page_id == self.pk
            and self.live
            and self.code != row.code
            and row.cycles.exists()
        ):
            raise ValidationError(
                {"code": _("Cycles are published under this code: it can’t change any more.")}
            )

    def before_register(self, row, new):
        row.slug = row.slug or self.slug
        row.regime_changed = (
            not new and Assembly.objects.filter(pk=row.pk).exclude(regime=row.regime).exists()
        )

    def after_register(self, row, new):
        if row.regime_changed:
            from assemblies import projection

            projection.rebuild(cycles=row.cycles.all())

    def get_context(self, request, *args, **kwargs):
        from assemblies.pages import assembly_context

        return {**super().get_context(request, *args, **kwargs), **assembly_context(request, self)}
