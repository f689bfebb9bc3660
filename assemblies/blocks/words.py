"""Blocks of words: text, heading, quotation, note, and a text that opens on demand."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from assemblies.blocks.choices import PREVIEW, levels, only_web

#: Rich text inside a block that has a heading of its own.
INLINE = ["bold", "link", "document-link", "ol", "ul"]
#: Rich text that may bring its own headings.
WHOLE = ["h2", "h3", *INLINE]


def _rich(text: str) -> RichText:
    return RichText(format_html("<p>{}</p>", text))


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists, and headings where a text brings its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": WHOLE, **kwargs})

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "assemblies/blocks/text.html"
        preview_template = PREVIEW
        description = _("Paragraphs and lists, with links; headings where the text needs them.")

    def get_preview_value(self) -> Any:
        return _rich(gettext("Sixty people who were drawn by lot met on six weekends."))


class HeadingBlock(blocks.StructBlock):
    """A heading between two blocks; never deeper than the third level."""

    text = blocks.CharBlock(label=_("Heading"), max_length=160)
    level = blocks.ChoiceBlock(
        choices=levels, default="2", label=_("Level"), help_text=_("A part follows a section.")
    )

    class Meta:
        label = pgettext_lazy("block", "Heading")
        icon = "title"
        template = "assemblies/blocks/heading.html"
        preview_template = PREVIEW
        description = _("Says what comes next, for the eye and for those who jump by heading.")

    def get_preview_value(self) -> Any:
        return self.to_python({"text": gettext("How the members were drawn"), "level": "2"})


class QuotationBlock(blocks.StructBlock):
    """Words of somebody, and who said them."""

    words = blocks.TextBlock(label=_("Words"), help_text=_("As they were said, without marks."))
    who = blocks.CharBlock(
        label=_("Who said it"),
        max_length=160,
        help_text=_("A body or a role; a person’s name only with their consent."),
    )
    source = blocks.URLBlock(label=_("Where it can be read"), required=False, validators=[only_web])

    class Meta:
        label = _("Quotation")
        icon = "openquote"
        template = "assemblies/blocks/quotation.html"
        preview_template = PREVIEW
        description = _("Words that were said, with who said them.")

    def get_preview_value(self) -> Any:
        return self.to_python(
            {
                "words": gettext("We do not ask to be agreed with, but to be answered."),
                "who": gettext("A member of the follow-up committee"),
            }
        )


class NoteBlock(blocks.StructBlock):
    """A call-out: what must not be missed."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE)

    class Meta:
        label = _("Note")
        icon = "info-circle"
        template = "assemblies/blocks/note.html"
        preview_template = PREVIEW
        description = _("Sets a short text apart: what must not be missed.")

    def get_preview_value(self) -> Any:
        text = gettext("It is open to everyone, without registration.")
        return self.normalize({"title": gettext("The next public meeting"), "text": _rich(text)})


class DetailsBlock(blocks.StructBlock):
    """A text that opens on demand."""

    summary = blocks.CharBlock(label=_("Summary"), max_length=160)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE)

    class Meta:
        label = pgettext_lazy("block", "Details")
        icon = "list-ul"
        template = "assemblies/blocks/details.html"
        preview_template = PREVIEW
        description = _("Folds away what few need: they open it with one click.")

    def get_preview_value(self) -> Any:
        text = gettext("By letters to ten thousand addresses, then by a second drawing.")
        summary = gettext("How the members were drawn")
        return self.normalize({"summary": summary, "text": _rich(text)})
