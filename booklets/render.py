"""A snapshot as HTML: the pages of the web edition, and the one document that the PDF is made of.

What comes out is the edition's own element: the site's frame around it may change, it may not.
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext, override

from assemblies.models import Ink
from assemblies.words import choose
from booklets import canonical
from booklets.reading import Reading

#: The signs of an assembly's mark go by its ink, as on the site.
SHAPES = {str(ink.value): ("rings", "lozenges")[place % 2] for place, ink in enumerate(Ink)}


def context_of(book: Reading, **more: Any) -> dict[str, Any]:
    publishes = book.assembly.get("languages") or [book.language]
    return {
        "book": book,
        "printed": book.printed,
        "owed": book.language in publishes,
        "since": book.snapshot.get("changes"),
        "lead_word": book.lead_word,
        "shape": SHAPES.get(book.assembly.get("ink", ""), "rings"),
        "contents": contents_of(book),
        **more,
    }


def contents_of(book: Reading) -> list[tuple[str, str]]:
    """The sections of an edition: (anchor, heading)."""
    found = []
    if book.foreword["html"]:
        found.append(("foreword", gettext("Foreword")))
    found.append(("read", gettext("How to read this booklet")))
    found.append(("figures", gettext("Where things stand")))
    if book.changes:
        number = book.changes["since"]["number"]
        heading = gettext("What changed since booklet %(number)s") % {"number": number}
        found.append(("changes", heading))
    found += [
        ("sheets", gettext("The sheets, one a recommendation")),
        ("bodies", gettext("Who answers for what")),
        ("glossary", gettext("The words of follow-up")),
        ("method", gettext("Method and fingerprint")),
    ]
    return found


def parts(
    snapshot: dict[str, Any], sha256: str, language: str, *, layer: Any = None
) -> list[dict[str, Any]]:
    """The pages of an edition in one language: its front, then one for each sheet."""
    with override(language):
        book = Reading(snapshot, sha256)
        context = context_of(book, layer=layer)
        found = [_part(language, "", "", book.title.text, front(context))]
        sheets = book.sheets
        for place, sheet in enumerate(sheets):
            html = render_to_string(
                "booklets/parts/one.html",
                context
                | {
                    "sheet": sheet,
                    "before": sheets[place - 1] if place else None,
                    "after": sheets[place + 1] if place + 1 < len(sheets) else None,
                },
            )
            title = f"{sheet['kicker'].text}, {choose(sheet['title']).text}"
            found.append(_part(language, sheet["slug"], sheet["reference"], title, html))
    return found


def _part(language: str, slug: str, reference: str, title: str, html: str) -> dict[str, Any]:
    html = "\n".join(line.strip() for line in html.splitlines() if line.strip())
    return {
        "language": language,
        "slug": slug,
        "reference": reference,
        "title": title,
        "html": html,
        "sha256": canonical.sha256(html),
    }


def front(context: dict[str, Any]) -> str:
    return render_to_string("booklets/parts/front.html", context)


def whole(snapshot: dict[str, Any], language: str) -> str:
    """All of it on one page: for a preview."""
    with override(language):
        book = Reading(snapshot)
        return front(context_of(book, whole=True))


def cut(snapshot: dict[str, Any], language: str, body: str) -> list[dict[str, Any]]:
    """The sheets that concern one body: who decides, is addressed, leads or helps."""
    with override(language):
        book = Reading(snapshot)
        return [sheet for sheet in book.sheets if body in concerned(snapshot, sheet)]


def concerned(snapshot: dict[str, Any], sheet: dict[str, Any]) -> set[str]:
    """The permanent names of the bodies that a sheet is about."""
    found = {sheet["deciding_body"], sheet["lead"], *sheet["addressees"], *sheet["leads"]}
    found |= {answer["body"] for answer in sheet["other_responses"]}
    for reference in sheet["measures"]:
        found |= set(snapshot["measures"][reference]["contributors"])
    return {body for body in found if body}


def printed(
    snapshot: dict[str, Any],
    sha256: str,
    language: str,
    *,
    layer: Any = None,
    only: str = "",
    proof: bool = False,
) -> str:
    """The document that the PDF is made of. ``only``: the cut of one body."""
    with override(language):
        book = Reading(snapshot, sha256, printed=True)
        context = context_of(book, layer=layer, proof=proof)
        if only:
            book.__dict__["sheets"] = [s for s in book.sheets if only in concerned(snapshot, s)]
            context |= {"cut_for": book.name(only)}
        return render_to_string("booklets/print.html", context | {"language": language})


def plain(text: str) -> str:
    """Text of a page, for search."""
    return " ".join(strip_tags(text).split())
