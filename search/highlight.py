"""Found words marked in the stored text, and the best passage of a long one. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search import analyzer

LENGTH = 220
_QUOTES = '«»“”„" \u00a0\u202f'
#: Of a longer text only the beginning is looked at.
LONGEST = 30_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text with its found words marked; ``found``: how many different ones."""

    html: SafeString
    found: int


class Finder:
    """Finds the words of one language that hold one of some tokens.

    Chunks between spaces are judged once, however often they stand and in however many texts.
    """

    def __init__(self, language: str, wanted: frozenset[str]) -> None:
        self.language, self.wanted = language, wanted
        self.judged: set[str] = set()
        self.holding: dict[str, list[tuple[int, int, str]]] = {}

    def judge(self, chunks: set[str]) -> None:
        for part in chunks - self.judged:
            held = [
                (word.start, word.end, token)
                for word in analyzer.chunk(part, self.language)
                if (token := self._held(word))
            ]
            if held:
                self.holding[part] = held
        self.judged |= chunks

    def _held(self, word: analyzer.Word) -> str:
        if word.stem in self.wanted:
            return word.stem
        return next((part for part in word.parts if part in self.wanted), "") if word.parts else ""

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where found words stand, and which token each holds, in order."""
        text = text[:LONGEST]
        chunks = set(text.split())
        self.judge(chunks)
        found = []
        for part in chunks & self.holding.keys():
            place = text.find(part)
            while place >= 0:
                end = place + len(part)
                before = text[place - 1] if place else " "
                if before.isspace() and not text[end : end + 1].strip():
                    found += [(place + s, place + e, token) for s, e, token in self.holding[part]]
                place = text.find(part, end)
        return sorted(found)


@lru_cache(maxsize=64)
def finder(language: str, wanted: frozenset[str]) -> Finder:
    return Finder(language, wanted)


def spans(text: str, language: str, tokens: Collection[str]) -> list[tuple[int, int, str]]:
    """Where found words stand, and which token each holds."""
    return finder(language, frozenset(tokens)).spans(text)


def _marked(text: str, held: list[tuple[int, int, str]], start: int, end: int) -> SafeString:
    parts, place = [], start
    for first, last, _token in held:
        if first < start or last > end:
            continue
        parts += [escape(text[place:first]), "<mark>", escape(text[first:last]), "</mark>"]
        place = last
    parts.append(escape(text[place:end]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece is escaped


def marked(text: str, language: str, tokens: Collection[str]) -> SafeString:
    """The whole text with its found words marked."""
    return _marked(text, spans(text, language, tokens), 0, len(text))


def passage(text: str, language: str, tokens: Collection[str], length: int = LENGTH) -> Passage:
    """The piece of a text that holds most of the different words, cut between words."""
    text = text.strip()
    held = spans(text, language, tokens)
    if not held:
        return Passage(SafeString(""), 0)
    best, most = 0, (-1, 0)
    for place, (first, _last, _token) in enumerate(held):
        inside = [token for begin, end, token in held[place : place + 40] if end <= first + length]
        rank = (len(set(inside)), len(inside))
        if rank > most:
            best, most = place, rank
    first = held[best][0]
    start = _sentence(text, first, length)
    end = min(len(text), max(start + length, held[best][1]))
    if end < len(text):
        space = text.rfind(" ", start, end + 1)
        end = space if space > held[best][1] else end
    line = text.find("\n", held[best][1], end)
    end = line if line > 0 else end
    # It is shown between quotation marks: a text that has its own there loses them.
    while start < end and text[start] in _QUOTES:
        start += 1
    while end > start and text[end - 1] in _QUOTES:
        end -= 1
    shown = _marked(text, held, start, end).strip()
    begun = not text[:start].strip(_QUOTES) or text[start - 1] == "\n" or _ended(text, start)
    done = not text[end:].strip(_QUOTES) or text[end] == "\n"
    before, after = "" if begun else "… ", "" if done else "…"
    return Passage(mark_safe(f"{before}{shown}{after}"), len({t for *_s, t in held}))  # noqa: S308


def _sentence(text: str, place: int, length: int) -> int:
    """Where the sentence begins that holds this place, if it is near; else a word before it."""
    begin = max(0, place - length // 2)
    ends = [found.end() for found in re.finditer(r"[.!?;:]\s+|\n+", text[begin:place])]
    if ends:
        return begin + ends[-1]
    if begin == 0:
        return 0
    space = text.find(" ", begin, place)
    return space + 1 if space >= 0 else place


def _ended(text: str, place: int) -> bool:
    return bool(re.search(r"[.!?;:]\s+$", text[max(0, place - 4) : place]))
