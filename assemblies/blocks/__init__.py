"""What editors build the body of a page from: words, pictures, and what the register says itself.

A block that shows facts names them by their permanent code and holds no number of its own: what it
shows is read at each request (``assemblies.pages.blocks``), so it can't grow old.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError

from assemblies.blocks.choices import only_web
from assemblies.blocks.facts import FiguresBlock, RecommendationsBlock, TimelineBlock
from assemblies.blocks.files import DocumentsBlock, PictureBlock
from assemblies.blocks.words import (
    WHOLE,
    DetailsBlock,
    HeadingBlock,
    NoteBlock,
    QuotationBlock,
    TextBlock,
)

__all__ = ["WHOLE", "BodyBlock", "only_web"]


class BodyBlock(blocks.StreamBlock):
    """The body of a page: these blocks, in any order."""

    text = TextBlock()
    heading = HeadingBlock()
    quotation = QuotationBlock()
    picture = PictureBlock()
    documents = DocumentsBlock()
    figures = FiguresBlock()
    note = NoteBlock()
    details = DetailsBlock()
    recommendations = RecommendationsBlock()
    timeline = TimelineBlock()

    class Meta:
        template = "assemblies/blocks/body.html"
        # Each of these asks the register once.
        block_counts = {
            "recommendations": {"max_num": 3},
            "timeline": {"max_num": 3},
            "figures": {"max_num": 6},
        }

    def clean(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Headings go down one level at a time: a part stands within a section."""
        cleaned = super().clean(value, *args, **kwargs)
        within = False
        errors = {}
        for place, child in enumerate(cleaned):
            opens = _opens(child)
            if opens and opens[0] == 3 and not within:
                errors[place] = ValidationError(
                    _("A part needs a section above it: begin with a heading of the first level.")
                )
            within = within or 2 in opens
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def _opens(child: Any) -> list[int]:
    """The levels of the headings that a block brings, in their order."""
    if child.block_type == "heading":
        return [int(child.value["level"] or 2)]
    if child.block_type == "text":
        source = str(child.value.source)
        places = sorted((source.find(f"<h{level}"), level) for level in (2, 3))
        return [level for place, level in places if place >= 0]
    return (
        [2] if child.block_type in {"documents", "figures", "recommendations", "timeline"} else []
    )
