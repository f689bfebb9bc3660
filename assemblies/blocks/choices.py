"""What a block may choose from: read when a form is shown, never when a page is read."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assemblies import enums
from assemblies.words import choose

#: How a block shows itself in the admin.
PREVIEW = "assemblies/blocks/preview.html"


def only_web(address: str) -> None:
    """An address that a browser can open safely: no script, no file, no mail."""
    if not address.startswith(("https://", "http://")):
        raise ValidationError(_("Give a web address that begins with https://."))


def subjects() -> list[tuple[str, Any]]:
    """Each assembly, and its cycles, by their permanent codes; pages of the original language."""
    from assemblies.models import Assembly

    found = []
    for assembly in Assembly.objects.select_related("page").order_by("page__path"):
        cycles = assembly.cycles.select_related("page").order_by("page__path")
        found.append(
            (
                assembly.page.title,
                [
                    (assembly.code, f"{assembly.code}: {assembly.page.title}"),
                    *((each.reference, f"{each.reference}: {each.page.title}") for each in cycles),
                ],
            )
        )
    return found


def topics() -> list[tuple[str, str]]:
    from assemblies.models import Topic

    return [(each.slug, choose(each.name).text) for each in Topic.objects.all()]


def bodies() -> list[tuple[str, str]]:
    from assemblies.models import Body

    return [(each.slug, choose(each.name).text) for each in Body.objects.all()]


def responses() -> list[tuple[str, Any]]:
    return list(enums.Response.choices)


def implementations() -> list[tuple[str, Any]]:
    return list(enums.Implementation.choices)


def opinions() -> list[tuple[str, Any]]:
    return list(enums.Opinion.choices)


def kinds() -> list[tuple[str, Any]]:
    return list(enums.Kind.choices)


def levels() -> list[tuple[str, Any]]:
    return [("2", _("Section")), ("3", _("Part of a section"))]


def key_figures() -> list[tuple[str, Any]]:
    return [
        ("asked", _("Recommendations")),
        ("answered", _("Answered")),
        ("done", _("Measures delivered, of those announced")),
        ("judged", _("Opinions of the citizens")),
    ]


def first_subject() -> str:
    return next((of_it[0][0] for _name, of_it in subjects()), "")


class CodeBlock(blocks.ChoiceBlock):
    """A permanent code out of a list of the database, which is read by forms only.

    Wagtail's own looks into the list each time a page is read.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"search_index": False, **kwargs})

    def normalize_choice(self, value: Any) -> Any:
        return value
