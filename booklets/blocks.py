"""What the free chapters of a booklet are built from: words and pictures, no live facts.

A chapter is frozen with its edition, so that nothing in it may be read from the register later.
"""

from wagtail import blocks

from assemblies.blocks.files import PictureBlock
from assemblies.blocks.words import HeadingBlock, NoteBlock, QuotationBlock, TextBlock


class ChaptersBlock(blocks.StreamBlock):
    """Free chapters, in any order."""

    text = TextBlock()
    heading = HeadingBlock()
    quotation = QuotationBlock()
    note = NoteBlock()
    picture = PictureBlock()
