"""Found words marked in the stored text, and the best passage of a long one. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from search import analyzer

LENGTH = 220
_QUOTES = '«»“”„" \u00a0\u202f'
#: Of a longer text only the beginning is looked at.
LONGEST = 30_000
#: So many different chunks of a language are remembered.
MOST_KNOWN = 60_000
#: So many are each looked for in a text; of more, those that the text has are found first.
FEW = 30


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text with its found words marked; ``found``: how many different ones."""

    html: SafeString
    found: int


class Known:
    """The chunks between spaces of one language that were seen in texts, by the tokens they hold.

    A portal's texts share their words: each is analysed once, whatever is looked for afterwards.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts: set[int] = set()
        self.chunks: set[str] = set()
        self.holding: defaultdict[str, set[str]] = defaultdict(set)

    def learn(self, text: str) -> None:
        """Know the chunks of a text; at once where the same text was seen before."""
        if hash(text) in self.texts:
            return
        self.texts.add(hash(text))
        chunks = set(text.split())
        for part in chunks - self.chunks:
            for word in analyzer.chunk(part, self.language):
                for token in word.tokens:
                    self.holding[token].add(part)
        self.chunks |= chunks

    def with_any(self, wanted: frozenset[str]) -> set[str]:
        return set().union(*(self.holding[token] for token in wanted if token in self.holding))


def known(language: str) -> Known:
    """What is known of a language; begun anew before it grows large."""
    found = _known.get(language)
    if found is None or len(found.chunks) > MOST_KNOWN:
        found = _known[language] = Known(language)
    return found


_known: dict[str, Known] = {}


def _held(word: analyzer.Word, wanted: frozenset[str]) -> str:
    """The token by which a word was found; "" when it was not."""
    if word.stem in wanted:
        return word.stem
    return next((part for part in word.parts if part in wanted), "") if word.parts else ""


def spans(text: str, language: str, tokens: Collection[str]) -> list[tuple[int, int, str]]:
    """Where found words stand, and which token each holds, in order."""
    text, wanted = text[:LONGEST], frozenset(tokens)
    words = known(language)
    words.learn(text)
    parts = words.with_any(wanted)
    if len(parts) > FEW:
        parts = parts.intersection(text.split())
    found = []
    for part in parts:
        place = text.find(part)
        if place < 0:
            continue
        held = [
            (word.start, word.end, token)
            for word in analyzer.chunk(part, language)
            if (token := _held(word, wanted))
        ]
        while place >= 0:
            end = place + len(part)
            before = text[place - 1] if place else " "
            if before.isspace() and not text[end : end + 1].strip():
                found += [(place + start, place + last, token) for start, last, token in held]
            place = text.find(part, end)
    return sorted(found)


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
