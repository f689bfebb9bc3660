"""The home page of each language, and the standard pages (method, accessibility, privacy …)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail_localize.fields import TranslatableField

from assemblies import history
from assemblies.blocks import BodyBlock


class HomePage(Page):
    """The first page of a language: what this is, which assemblies, what happened last."""

    lead = models.TextField(
        _("in one sentence"), blank=True, help_text=_("What this site is, for a first visitor.")
    )

    objects = PageManager.from_queryset(history.PublishedPageQuerySet)()

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["assemblies.AssemblyPage", "home.StandardPage"]
    template = "home/home.html"
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("lead"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        from home.pages import home_context

        return {**super().get_context(request, *args, **kwargs), **home_context(request, self)}


class StandardPage(Page):
    """A page of text: how states are made, accessibility, privacy, legal notice, open licence."""

    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body of the page"))

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    template = "home/standard.html"
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("lead"),
        TranslatableField("body"),
    ]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request, *args, **kwargs):
        from home.pages import standard_context

        return {**super().get_context(request, *args, **kwargs), **standard_context(request, self)}
