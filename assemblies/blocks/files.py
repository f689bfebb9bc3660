"""Blocks of files: a picture with its credit, documents with their sizes."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from assemblies.blocks.choices import PREVIEW


class PictureBlock(blocks.StructBlock):
    """A picture, what it shows for those who can't see it, and who made it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        max_length=250,
        help_text=_("What the picture shows, for people who can’t see it."),
    )
    credit = blocks.CharBlock(
        label=_("Credit"), max_length=160, help_text=_("Who made it, and under which licence.")
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "assemblies/blocks/picture.html"
        preview_template = PREVIEW
        description = _("One picture, with credit and alternative text.")

    def get_preview_value(self) -> Any:
        return self.to_python(
            {
                "image": get_image_model().objects.values_list("pk", flat=True).first(),
                "alt": gettext("Members of the assembly around a table"),
                "credit": gettext("Picture: the assembly’s secretariat, CC BY 4.0"),
                "caption": gettext("The fourth weekend of deliberation."),
            }
        )


class DocumentsBlock(blocks.StructBlock):
    """Files to download, each with its type and size."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        label = _("Documents")
        icon = "doc-full"
        template = "assemblies/blocks/documents.html"
        preview_template = PREVIEW
        description = _("A list of files; type and size are said by themselves.")

    def get_preview_value(self) -> Any:
        keys = list(get_document_model().objects.values_list("pk", flat=True)[:2])
        return self.to_python({"title": gettext("Documents of the assembly"), "documents": keys})

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        sources = [{"title": each.title, "document": each} for each in value["documents"] if each]
        return context | {"sources": sources}
