"""What stands around every page: menu, footer, logo, and where readers' messages go.

One row a site, with its words in every language. Each change is noted in the change log, by which
every process learns of it at its next request.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.panels import PageChooserPanel as ChoosePage
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

from assemblies.blocks import only_web
from assemblies.models.change import record_list
from assemblies.words import choose


@register_setting(icon="list-ul", order=100)
class SiteFrame(ClusterableModel, BaseSiteSetting):
    """Menu, footer, logo and contact of the site."""

    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In the place of the sign beside the name; about as wide as it is high."),
    )
    footer_text = I18nTextField(
        _("text of the footer"),
        blank=True,
        help_text=_("Who publishes this site, for instance. An empty line begins a paragraph."),
    )
    contact_address = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_(
            "Where messages from the contact form go. Without one they are kept here, unsent."
        ),
    )
    contact_intro = I18nTextField(
        _("above the contact form"),
        blank=True,
        help_text=_("Who answers, for instance, and how fast."),
    )

    panels = [
        MultiFieldPanel(
            [
                HelpPanel(_("These come after the site’s own: home page, timeline, topics …")),
                InlinePanel("menu_entries", heading=_("Entries"), label=_("Entry"), max_num=6),
            ],
            heading=pgettext_lazy("site settings", "Menu"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _("Standard pages that are shown in menus, and the contact form, come first.")
                ),
                InlinePanel("footer_links", heading=_("Links"), label=_("Link"), max_num=12),
                FieldPanel("footer_text"),
            ],
            heading=_("Footer"),
        ),
        FieldPanel("logo"),
        MultiFieldPanel(
            [
                FieldPanel("contact_address"),
                FieldPanel("contact_intro"),
                InlinePanel(
                    "assembly_contacts",
                    heading=_("Addresses of assemblies"),
                    label=_("Address"),
                    help_text=_("For messages about an assembly that has an address of its own."),
                ),
            ],
            heading=_("Contact"),
        ),
    ]

    class Meta:
        verbose_name = _("menu, footer and contact")

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            record_list(f"frame:{self.pk}")

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            pk = self.pk
            result = super().delete(*args, **kwargs)
            record_list(f"frame:{pk}")
        return result


class Link(Orderable):
    """A link of the menu or the footer: to a page of this site, or to an address elsewhere."""

    label = I18nCharField(_("words"))
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    address = models.URLField(_("or web address"), blank=True, validators=[only_web])

    panels = [
        FieldPanel("label"),
        ChoosePage(
            "page", ["home.StandardPage", "assemblies.AssemblyPage", "assemblies.CyclePage"]
        ),
        FieldPanel("address"),
    ]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self):
        return choose(self.label).text

    def clean(self):
        super().clean()
        if bool(self.page_id) == bool(self.address):
            raise ValidationError({"address": _("Give a page or an address: one of them.")})


def _leads_somewhere(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(page__isnull=False, address="")
        | models.Q(page__isnull=True) & ~models.Q(address=""),
        name=name,
    )


class MenuEntry(Link):
    """A further entry of the menu."""

    frame = ParentalKey(SiteFrame, on_delete=models.CASCADE, related_name="menu_entries")

    class Meta(Link.Meta):
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu entries")
        constraints = [_leads_somewhere("menu_entry_leads_somewhere")]


class FooterLink(Link):
    """A further link of the footer."""

    frame = ParentalKey(SiteFrame, on_delete=models.CASCADE, related_name="footer_links")

    class Meta(Link.Meta):
        verbose_name = _("footer link")
        verbose_name_plural = _("footer links")
        constraints = [_leads_somewhere("footer_link_leads_somewhere")]


class AssemblyContact(models.Model):
    """Where messages about one assembly go."""

    frame = ParentalKey(SiteFrame, on_delete=models.CASCADE, related_name="assembly_contacts")
    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    address = models.EmailField(_("contact address"))

    panels = [FieldPanel("assembly"), FieldPanel("address")]

    class Meta:
        verbose_name = _("address of an assembly")
        verbose_name_plural = _("addresses of assemblies")
        constraints = [
            models.UniqueConstraint(fields=["frame", "assembly"], name="one_contact_an_assembly")
        ]

    def __str__(self):
        return self.address
