"""The booklet as editors prepare it: what goes in, until when, and their own words around it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail_localize.fields import SynchronizedField, TranslatableField

from assemblies import clock, history
from assemblies.fields import ChoicesField, site_languages
from booklets import guards
from booklets.blocks import ChaptersBlock
from booklets.forms import BookletPageForm

#: What an edition is made of, the same in all languages; read from the original language's page.
CHOICES = (
    *("number", "period_from", "closing_on", "cycles", "groups", "topics", "bodies", "kinds"),
    *("order", "languages", "cover", "picture", "example"),
)
#: The editors' own words, in the page's language.
WORDS = ("title", "subtitle", "foreword", "chapters", "picture_alt", "colophon")


class Order(models.TextChoices):
    """In which order the sheets stand."""

    CYCLE = "cycle", _("As in the cycle, group by group")
    RESPONSE = "response", _("By response, what was accepted first")
    LEAD = "lead", _("By lead body")


class Cover(models.TextChoices):
    """What the cover shows."""

    MARK = "mark", _("The assembly’s mark")
    PICTURE = "picture", pgettext_lazy("cover", "A picture")


class BookletPage(Page):
    """One edition of a follow-up booklet, under an assembly or a cycle.

    A draft is computed from the facts each time it is looked at. Publishing it freezes it: from
    then on the page shows its edition (``Edition``) and nothing else.
    """

    number = models.PositiveSmallIntegerField(
        pgettext_lazy("edition", "number"), validators=[MinValueValidator(1)], default=1
    )
    period_from = models.DateField(
        _("period, from"),
        null=True,
        blank=True,
        help_text=_("Empty: from the closing date of the edition before, or from the handover."),
    )
    closing_on = models.DateField(
        _("closing date"),
        null=True,
        blank=True,
        help_text=_("What had happened by the end of this day goes in. Empty in a draft: today."),
    )
    cycles = ParentalManyToManyField(
        "assemblies.Cycle",
        verbose_name=_("cycles"),
        blank=True,
        related_name="+",
        help_text=_("For a booklet of an assembly. None chosen: all of them."),
    )
    groups = ParentalManyToManyField(
        "assemblies.Group", verbose_name=_("groups"), blank=True, related_name="+"
    )
    topics = ParentalManyToManyField(
        "assemblies.Topic", verbose_name=_("topics"), blank=True, related_name="+"
    )
    bodies = ParentalManyToManyField(
        "assemblies.Body",
        verbose_name=_("bodies"),
        blank=True,
        related_name="+",
        help_text=_("Recommendations that one of them decides, leads, helps with or is asked for."),
    )
    kinds = ParentalManyToManyField(
        "assemblies.RecommendationKind",
        verbose_name=_("kinds of recommendation"),
        blank=True,
        related_name="+",
    )
    order = models.CharField(
        _("order of the sheets"), max_length=12, choices=Order.choices, default=Order.CYCLE
    )
    languages = ChoicesField(
        _("languages"),
        choices=site_languages,
        blank=True,
        help_text=_("None chosen: those of the assembly."),
    )
    cover = models.CharField(_("cover"), max_length=12, choices=Cover.choices, default=Cover.MARK)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture of the cover"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    picture_alt = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for people who can’t see it."),
    )
    subtitle = models.CharField(
        _("line under the title"),
        max_length=250,
        blank=True,
        help_text=_("What this booklet tells, in one sentence."),
    )
    foreword = RichTextField(_("foreword"), blank=True, features=["bold", "link", "ol", "ul"])
    chapters = StreamField(
        ChaptersBlock(),
        verbose_name=_("chapters"),
        blank=True,
        help_text=_("Shown after the foreword, block by block."),
    )
    colophon = RichTextField(
        _("colophon"),
        blank=True,
        features=["bold", "link"],
        help_text=_("Who made it, and how to reach them."),
    )
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for a demonstration.")
    )

    objects = PageManager()
    base_form_class = BookletPageForm

    content_panels = [
        *Page.content_panels,
        FieldPanel("subtitle"),
        FieldPanel("foreword"),
        FieldPanel("chapters"),
        FieldPanel("colophon"),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "The choices below hold in all languages. They are read from the page of "
                        "the original language."
                    )
                ),
                FieldRowPanel([FieldPanel("number"), FieldPanel("order")]),
                FieldRowPanel([FieldPanel("period_from"), FieldPanel("closing_on")]),
                FieldPanel("languages"),
                FieldRowPanel([FieldPanel("cover"), FieldPanel("example")]),
                FieldPanel("picture"),
                FieldPanel("picture_alt"),
            ],
            heading=_("Edition, for all languages"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "Where nothing is chosen, everything goes in. The committee’s opinions on "
                        "what goes in always go in as well: nobody can leave one out."
                    )
                ),
                FieldPanel("cycles"),
                FieldPanel("groups"),
                FieldPanel("topics"),
                FieldPanel("bodies"),
                FieldPanel("kinds"),
            ],
            heading=_("What goes in, for all languages"),
        ),
    ]
    parent_page_types = ["assemblies.AssemblyPage", "assemblies.CyclePage"]
    subpage_types: list[str] = []
    template = "booklets/booklet.html"
    #: A copy is another edition; it gets a day of its own.
    exclude_fields_in_copy = ["closing_on"]
    preview_modes = [
        ("", pgettext_lazy("preview", "On the screen")),
        ("whole", _("All sheets")),
    ]
    translatable_fields = [
        *(TranslatableField(name) for name in ("slug", *WORDS)),
        *(SynchronizedField(name) for name in CHOICES),
    ]

    class Meta:
        verbose_name = _("follow-up booklet")
        verbose_name_plural = _("follow-up booklets")

    # -- the edition of it --------------------------------------------------------------------

    def frozen(self) -> Any:
        """Its edition, whatever the page's language; None for a draft. Without the content."""
        from booklets.models.edition import Edition

        found = Edition.objects.light().filter(translation_key=self.translation_key)
        return found.select_related("assembly", "cycle", "retraction").first()

    def get_lock(self) -> Any:
        if self.pk and self.is_fixed():
            return guards.FrozenLock(self)
        return super().get_lock()

    def is_fixed(self) -> bool:
        """Whether it is part of an edition; a language that is to follow is not, yet."""
        edition = self.frozen()
        if edition is None:
            return False
        return self.live or not edition.is_public or self.locale.language_code in edition.title

    # -- what must be true --------------------------------------------------------------------

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.expire_at:
            errors["expire_at"] = _("A frozen edition stays: it can be withdrawn, with a reason.")
        if self.go_live_at:
            errors["go_live_at"] = _("A booklet goes online as soon as its files are made.")
        if self.closing_on and self.closing_on > clock.today():
            errors["closing_on"] = _("This day has not come yet.")
        if self.period_from and self.closing_on and self.period_from > self.closing_on:
            errors["period_from"] = _("The period begins before the closing date.")
        if self.cover == Cover.PICTURE and not self.picture_id:
            errors["picture"] = _("Choose a picture, or the assembly’s mark.")
        if self.cover == Cover.PICTURE and not self.picture_alt:
            errors["picture_alt"] = _("Say what the picture shows.")
        if errors:
            raise ValidationError(errors)

    # -- writing ------------------------------------------------------------------------------

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft; publishing freezes it instead, all in one transaction.

        It goes live when its edition does (``editions.publish``).
        """
        from booklets import editions

        with transaction.atomic():
            if history.PAGE_BOOKKEEPING.issuperset(kwargs.get("update_fields") or ("all",)):
                return super().save(*args, **kwargs)
            if editions.is_publishing(self):
                return super().save(*args, **kwargs)
            edition = self.frozen() if self.pk else None
            if edition is not None:
                return self._save_beside(edition, *args, **kwargs)
            if not self.live:
                return super().save(*args, **kwargs)
            self._stay_draft()
            super().save(*args, **kwargs)
            editions.freeze(self)
        return None

    def _save_beside(self, edition: Any, *args: Any, **kwargs: Any) -> None:
        """A page of an edition that is frozen already: it stays, but for a missing language."""
        from booklets import editions

        if self.is_fixed():
            stored = type(self)._base_manager.filter(pk=self.pk).first()
            if stored is None or stored.live != self.live or self.expire_at:
                raise guards.refuse(edition)
            for name in ("title", "slug", *CHOICES, *WORDS):
                field = self._meta.get_field(name)
                if field.many_to_many:
                    continue
                if field.value_to_string(self) != field.value_to_string(stored):
                    raise guards.refuse(edition)
            super().save(*args, **kwargs)
            return
        if not self.live:
            super().save(*args, **kwargs)
            return
        self._stay_draft()
        super().save(*args, **kwargs)
        editions.add_words(edition, self.locale.language_code, page=self)

    def _stay_draft(self) -> None:
        """Publication was asked for: it comes once the files are made."""
        self.live = False
        self.live_revision = None
        self.first_published_at = self.last_published_at = None
        self.has_unpublished_changes = True

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        edition = self.frozen()
        if edition is not None:
            raise guards.refuse(edition)
        return super().unpublish(*args, **kwargs)

    def can_move_to(self, parent: Page) -> bool:
        return self.frozen() is None and super().can_move_to(parent)

    # -- reading ------------------------------------------------------------------------------

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        from booklets.pages import serve

        return serve(request, self)

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from booklets.pages import preview

        return preview(request, self, mode_name)
