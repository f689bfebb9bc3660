"""The words of a fact: in the reader's language, or in the first one that they exist in."""

import html
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString


@dataclass(frozen=True, slots=True)
class Choice:
    """One text, the language it is in, and whether the reader's language was missing."""

    text: str
    language: str
    missing: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


def said_with(sentence: str, **parts: Any) -> SafeString:
    """A translated sentence with parts that carry their own language: ``%(name)s`` for each.

    The sentence and plain parts are escaped, parts that are HTML already stay as they are.
    """
    escaped = {name: conditional_escape(part) for name, part in parts.items()}
    return mark_safe(escape(sentence) % escaped)  # noqa: S308


def plain(marked: str) -> str:
    """The text of a piece of HTML that holds words and their languages, and nothing else."""
    return html.unescape(strip_tags(marked))


def choose(value: object, language: str | None = None) -> Choice:
    """The text of ``value`` in ``language`` (the active one if none is given).

    Where it is missing, the first text in the order of ``settings.LANGUAGES``, then any other. A
    plain string is taken to be in the language asked for; a ``Choice`` is returned as it is.
    """
    if isinstance(value, Choice):
        return value
    wanted = language or get_language() or settings.LANGUAGE_CODE
    texts = _texts(value, wanted)
    order = dict.fromkeys([wanted, wanted.split("-")[0], *dict(settings.LANGUAGES), *texts])
    for code in order:
        if texts.get(code):
            return Choice(texts[code], code, missing=code.split("-")[0] != wanted.split("-")[0])
    return Choice("", wanted)


def _texts(value: object, wanted: str) -> dict[str, str]:
    data = value.data if isinstance(value, LazyI18nString) else value
    if not isinstance(data, dict):
        data = {wanted: "" if data is None else data}
    return {code: text for code, given in data.items() if (text := str(given or "").strip())}
