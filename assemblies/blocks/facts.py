"""Blocks that show what the register says, as it is when the page is read."""

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assemblies.blocks.choices import (
    PREVIEW,
    CodeBlock,
    bodies,
    first_subject,
    implementations,
    key_figures,
    kinds,
    opinions,
    responses,
    subjects,
    topics,
)


class ComputedBlock(blocks.StructBlock):
    """A block whose facts are read when the page is read; nothing of them is stored."""

    def computed(self, request: Any, value: Any) -> dict[str, Any]:
        raise NotImplementedError

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        return context | self.computed(context.get("request"), value)


class FiguresBlock(ComputedBlock):
    """Figures of one assembly or one cycle, counted anew at each reading."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    subject = CodeBlock(
        choices=subjects,
        label=_("Assembly or cycle"),
        help_text=_("One only: figures of two assemblies are never added up."),
    )
    figures = blocks.MultipleChoiceBlock(
        choices=key_figures,
        default=["asked", "answered", "done", "judged"],
        label=_("Figures"),
    )

    class Meta:
        label = _("Key figures")
        icon = "order"
        template = "assemblies/blocks/figures.html"
        preview_template = PREVIEW
        description = _("Counted from what is published, at each reading: they stay true.")

    def get_preview_value(self) -> Any:
        return self.to_python(
            {
                "title": gettext("Where things stand"),
                "subject": first_subject(),
                "figures": [code for code, _label in key_figures()],
            }
        )

    def computed(self, request: Any, value: Any) -> dict[str, Any]:
        from assemblies.pages import blocks as computed

        return computed.key_figures(request, value["subject"], value["figures"])


class RecommendationsBlock(ComputedBlock):
    """Recommendations that answer a filter, with their states of today."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    subject = CodeBlock(choices=subjects, label=_("Assembly or cycle"))
    response = blocks.MultipleChoiceBlock(
        choices=responses, required=False, label=pgettext_lazy("block", "Response")
    )
    implementation = blocks.MultipleChoiceBlock(
        choices=implementations,
        required=False,
        label=_("Implementation"),
        help_text=_("Of the recommendation, or of one of its measures."),
    )
    opinion = blocks.MultipleChoiceBlock(
        choices=opinions, required=False, label=_("Opinion of the citizens")
    )
    topic = CodeBlock(choices=topics, required=False, label=_("Topic"))
    body = CodeBlock(
        choices=bodies,
        required=False,
        label=pgettext_lazy("block", "Body"),
        help_text=_("That decides on it, or leads one of its measures."),
    )
    limit = blocks.IntegerBlock(
        min_value=1, max_value=20, default=5, label=_("At most"), help_text=_("Up to 20.")
    )

    class Meta:
        label = _("List of recommendations")
        icon = "list-ol"
        template = "assemblies/blocks/recommendations.html"
        preview_template = PREVIEW
        description = _("Those that match what you choose, with their states of today.")

    def get_preview_value(self) -> Any:
        return self.to_python(
            {"title": gettext("What was accepted"), "subject": first_subject(), "limit": 3}
        )

    def computed(self, request: Any, value: Any) -> dict[str, Any]:
        from assemblies.pages import blocks as computed

        return computed.recommendations(request, value)


class TimelineBlock(ComputedBlock):
    """The latest steps of one assembly or one cycle."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    subject = CodeBlock(choices=subjects, label=_("Assembly or cycle"))
    kinds = blocks.MultipleChoiceBlock(
        choices=kinds,
        required=False,
        label=_("Kinds of step"),
        help_text=_("None chosen: all of them."),
    )
    limit = blocks.IntegerBlock(
        min_value=1, max_value=10, default=3, label=_("At most"), help_text=_("Up to 10.")
    )

    class Meta:
        label = _("Excerpt of the timeline")
        icon = "history"
        template = "assemblies/blocks/timeline.html"
        preview_template = PREVIEW
        description = _("The latest published steps, of the kinds you choose.")

    def get_preview_value(self) -> Any:
        return self.to_python(
            {"title": gettext("Latest steps"), "subject": first_subject(), "limit": 2}
        )

    def computed(self, request: Any, value: Any) -> dict[str, Any]:
        from assemblies.pages import blocks as computed

        return computed.timeline(request, value)
