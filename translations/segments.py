"""The texts of a page, one by one, as wagtail-localize takes it apart: its segments.

They are read from the page as it is published, not from what was noted when its translation began:
so what is missing is always what is missing today. A text without marks is plain; one with marks
is HTML, of which the translation may have the same marks and no others.
"""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.fields import RichTextField
from wagtail.models import Locale, Page
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import StringTranslation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue

from translations.words import Text

#: The page's address follows its title; it is no text to translate.
ADDRESS = "slug"
MARK = re.compile(r"</?[a-zA-Z!][^>]*>")
LINE_END = re.compile(r"<br\s*/?>")

#: (path, text as wagtail-localize keeps it) → its translation, kept likewise.
Done = dict[tuple[str, str], str]


def is_html(data: str) -> bool:
    """Whether a segment has marks, beyond ends of line."""
    return bool(MARK.search(LINE_END.sub("", data)))


def shown(data: str) -> str:
    """A segment as translators see it: plain where it has no marks."""
    if is_html(data):
        return data.strip()
    return unescape(LINE_END.sub("\n", data)).strip()


def kept(text: str, original: str) -> str:
    """The same way back. Raises ``ValueError`` with a sentence for marks that may not be there."""
    if not is_html(original):
        if MARK.search(text):
            raise ValueError(_("This is plain text: it may have no HTML."))
        return StringValue.from_plaintext(text).data
    marks = BeautifulSoup(original, "html.parser").find_all()
    names = {tag.name for tag in marks} | {"br"}
    links = {tag.get("id") for tag in marks}
    for tag in BeautifulSoup(text, "html.parser").find_all():
        if tag.name not in names:
            raise ValueError(
                _("The original has no <%(tag)s>: keep to its marks.") % {"tag": tag.name}
            )
        if set(tag.attrs) - ({"id"} if tag.name == "a" else set()):
            raise ValueError(_("A mark says nothing more than its name, and a link its id."))
        if tag.name == "a" and tag.get("id") not in links:
            raise ValueError(_("The original has no such link: keep its id."))
    return StringValue.from_translated_html(text).data


def segments_of(page: Page) -> list[StringSegmentValue]:
    """The segments of a page as it stands, its address left out, each once."""
    found: dict[tuple[str, str], StringSegmentValue] = {}
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue) and segment.path != ADDRESS:
            found.setdefault((segment.path, segment.string.data), segment)
    return list(found.values())


def texts_of(page: Page, done: Done) -> list[Text]:
    """The texts of a page with what is translated of each."""
    language = page.locale.language_code
    texts = []
    counted: dict[str, int] = {}
    segments = segments_of(page)
    many = [segment.path for segment in segments]
    for segment in segments:
        data = segment.string.data
        place = counted[segment.path] = counted.get(segment.path, 0) + 1
        label = _label(page, segment.path)
        if many.count(segment.path) > 1:
            label = f"{label} ({place})"
        there = done.get((segment.path, data), "")
        texts.append(
            Text(
                path=segment.path,
                label=label,
                original=shown(data),
                original_language=language,
                there=shown(there) if there else "",
                long=_is_long(page, segment.path),
                html=is_html(data),
            )
        )
    return texts


def done_in(keys: Iterable[UUID], locale: Locale) -> dict[UUID, Done]:
    """What is translated of these pages: one query."""
    found: dict[UUID, Done] = {}
    rows = StringTranslation.objects.filter(
        context__object_id__in=list(keys), locale=locale, has_error=False
    ).exclude(data="")
    for key, path, original, data in rows.values_list(
        "context__object_id", "context__path", "translation_of__data", "data"
    ):
        found.setdefault(key, {})[path, original] = data
    return found


def _field(page: Page, path: str) -> Any:
    return page._meta.get_field(path.split(".", 1)[0])


def _label(page: Page, path: str) -> str:
    return capfirst(str(_field(page, path).verbose_name))


def _is_long(page: Page, path: str) -> bool:
    field = _field(page, path)
    return isinstance(field, RichTextField) or field.get_internal_type() != "CharField"


def text_fields(model: type[Page]) -> tuple[str, ...]:
    """The fields of a page type that each language has for itself, its address left out."""
    return tuple(
        each.field_name
        for each in get_translatable_fields(model)
        if each.is_translated(None) and each.field_name != ADDRESS
    )


def said_by(page: Page) -> dict[str, Any]:
    """What a page says in its own language, to compare with what it said before."""
    said = {}
    for name in text_fields(type(page)):
        field = page._meta.get_field(name)
        said[name] = field.get_prep_value(field.value_from_object(page))
    return said
