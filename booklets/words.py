"""The editors' own words of a booklet, and the present words of its facts, as plain data."""

from collections.abc import Callable, Iterable
from typing import Any

from wagtail.rich_text import RichText

from assemblies import directory
from assemblies.models import (
    Action,
    Cycle,
    CyclePage,
    Group,
    Measure,
    Recommendation,
    RecommendationPage,
)
from assemblies.pages.passages import html_of
from booklets import canonical
from booklets.gaps import WORDED, missing_words
from booklets.models import BookletPage, Cover, Edition

#: Takes a picture: its name, its type, its bytes.
Keep = Callable[[str, str, bytes], None]
#: Pictures are kept as wide as they are printed, in points of a screen.
WIDTH = 1200


def of_page(page: BookletPage, keep: Keep) -> dict[str, Any]:
    """What editors wrote on one page of a booklet."""
    return {
        "title": page.title,
        "subtitle": page.subtitle,
        "foreword": str(RichText(page.foreword)) if page.foreword.strip() else "",
        "chapters": [chapter for child in page.chapters for chapter in _chapters(child, keep)],
        "colophon": str(RichText(page.colophon)) if page.colophon.strip() else "",
    }


def _chapters(child: Any, keep: Keep) -> Iterable[dict[str, Any]]:
    value = child.value
    if child.block_type == "text":
        yield {"type": "text", "html": str(RichText(value.source))}
    elif child.block_type == "heading":
        yield {"type": "heading", "level": int(value["level"] or 2), "text": value["text"]}
    elif child.block_type == "quotation":
        yield {
            "type": "quotation",
            **{name: value[name] or "" for name in ("words", "who", "source")},
        }
    elif child.block_type == "note":
        html = str(RichText(value["text"].source))
        yield {"type": "note", "title": value["title"] or "", "html": html}
    elif child.block_type == "picture" and value["image"]:
        yield {
            "type": "picture",
            **_picture(value["image"], keep),
            **{name: value[name] or "" for name in ("alt", "credit", "caption")},
        }


def _picture(image: Any, keep: Keep) -> dict[str, Any]:
    """A picture that belongs to the edition from now on, whatever becomes of the library's."""
    rendition = image.get_rendition(f"width-{WIDTH}|format-jpeg")
    with rendition.file.open("rb") as file:
        content = file.read()
    name = f"{canonical.sha256(content)[:32]}.jpg"
    keep(name, "image/jpeg", content)
    return {"file": name, "width": rendition.width, "height": rendition.height}


def cover_of(page: BookletPage, versions: dict[str, BookletPage], keep: Keep) -> dict[str, Any]:
    if page.cover != Cover.PICTURE or page.picture is None:
        return {"shows": "mark"}
    return {
        "shows": "picture",
        **_picture(page.picture, keep),
        "alt": {code: each.picture_alt for code, each in versions.items() if each.picture_alt},
    }


# -- words that followed ----------------------------------------------------------------------


def present(edition: Edition, language: str) -> dict[str, Any]:
    """Of the words that an edition lacks in a language, those that exist by now."""
    lacking: dict[str, dict[str, list[str]]] = {}
    for table, name, field in missing_words(edition.snapshot_in(language), language):
        lacking.setdefault(table, {}).setdefault(name, []).append(field)
    found: dict[str, Any] = {}
    for table in WORDED:
        for name, row in _rows(edition, table, list(lacking.get(table, {})), language):
            fields = {
                field: text
                for field in lacking[table][name]
                if (text := _text(row, table, field, language))
            }
            if fields:
                found.setdefault(table, {})[name] = fields
    return found


def _rows(edition: Edition, table: str, names: list[str], language: str) -> Iterable[Any]:
    """Permanent name → what has the words now."""
    if not names:
        return
    lists = directory.current()
    if table == "actions":
        for action in Action.objects.filter(live=True, number__in=[int(name) for name in names]):
            yield str(action.number), action
    elif table == "measures":
        for measure in Measure.objects.filter(live=True, reference__in=names):
            yield measure.reference, measure
    elif table in ("recommendations", "cycles"):
        nouns: dict[str, tuple[Any, Any]] = {
            "recommendations": (Recommendation, RecommendationPage),
            "cycles": (Cycle, CyclePage),
        }
        register, pages = nouns[table]
        keys = dict(
            register.objects.filter(reference__in=names).values_list("translation_key", "reference")
        )
        for page in pages.objects.filter(
            translation_key__in=keys,
            locale__language_code=language,
            live=True,
            alias_of__isnull=True,
        ):
            yield keys[page.translation_key], page
    elif table == "groups":
        for group in Group.objects.filter(pk__in=[int(name) for name in names]):
            yield str(group.pk), group
    elif table == "topics":
        for key, topic in lists.topics.items():
            if str(key) in names:
                yield str(key), topic
    elif table == "bodies":
        for body in lists.bodies.values():
            if body.slug in names:
                yield body.slug, body
    elif table == "kinds":
        for kind in lists.kinds.values():
            if kind.assembly_id == edition.assembly_id and kind.code in names:
                yield kind.code, kind


def _text(row: Any, table: str, field: str, language: str) -> str:
    if table == "recommendations" and field == "verbatim":
        return html_of(row)
    value = getattr(row, field, "")
    data = getattr(value, "data", value)
    if isinstance(data, dict):
        return str(data.get(language) or "")
    return str(data or "")
