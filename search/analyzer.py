"""From text to tokens, the same for what is indexed and for what is typed; pure.

One analyzer for every engine, so that all of them find the same. A word gives its stem and, where
it is a compound or holds several things (``BXL-C2-12``), its parts. Every language has its own
rules (:data:`RULES`); one without any is only folded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

from search import dutch
from search.folding import fold, lower

#: Stands for what the analyzer does: another number, and texts have to be analysed anew.
VERSION = 2
#: No token is longer; what is longer is nobody's word.
LONGEST = 64

LEXICON = Path(__file__).parent / "lexicon"

_LETTER = r"[^\W_][\u0300-\u036f]*"
_APOSTROPHES = "'’ʼ‘"
#: Kept whole, their pieces being parts: ``BXL-C2-12``, ``2024-2025``, ``3.4``, ``2 500,50``.
_WHOLE = (
    r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*[.-](?=[A-Za-z]*[0-9])[A-Za-z0-9]+|[0-9]+(?:[.,][0-9]+)+"
)
_WORD = rf"(?:{_LETTER})+(?:[{_APOSTROPHES}](?:{_LETTER})+)*"
_TOKEN = re.compile(rf"(?P<whole>(?<![\w-])(?:{_WHOLE})(?![\w-]))|(?P<word>{_WORD})")
_PIECE = re.compile(rf"(?:{_LETTER})+")

#: Endings that make a French word include everyone; they are no words of their own.
_INCLUSIVE = re.compile(
    r"(?:[·•‧∙⋅](?:[^\W\d_]{1,5}))+"
    r"|[-.](?:e|ne|le|te|se|ve|ive|ère|ière|rice|trice|euse)[-.](?:s|x)(?!\w)"
    r"|[-.](?:es|ne|nes|trice|trices|euse|euses)(?![\w'’-])|-e(?![\w'’-])"
    r"|\((?:e|ne|le|te|se|ve|ive|ère|ière|rice|trice|euse|s|es|nes|x)\)(?:s(?!\w))?",
    re.IGNORECASE,
)
_ELISIONS = frozenset(("l", "m", "t", "qu", "n", "s", "j", "d", "c"))
_ELISIONS |= {"jusqu", "quoiqu", "lorsqu", "puisqu"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, and its tokens.

    ``stem`` is "" for a stop word. ``folded`` is the word itself without accents, for phrases and
    for the vocabulary.
    """

    start: int
    end: int
    folded: str
    stem: str
    parts: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        return (self.stem, *self.parts) if self.stem else ()


def _same(word: str) -> str:
    return word


def _none(word: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Rules:
    """What a language does with its words."""

    stem: Callable[[str], str] = _same
    split: Callable[[str], tuple[str, ...]] = _none
    stop: frozenset[str] = frozenset()
    elisions: frozenset[str] = frozenset()
    inclusive: bool = False
    #: What is cut off at an apostrophe at the end of a word: ``foto's``.
    endings: frozenset[str] = field(default=frozenset())


#: French plurals that Snowball's rules leave apart.
_PLURALS = {"travaux": "travail", "baux": "bail", "yeux": "oeil"}


def _french(word: str, porter: Callable[[str], str]) -> str:
    """Snowball's stem; it keeps the s of *vélos*, *agendas*, *menus*, which is a plural here."""
    word = _PLURALS.get(word, word)
    return porter(word[:-1] if len(word) > 4 and word.endswith(("os", "as", "us")) else word)


def _stop_words(language: str) -> frozenset[str]:
    words = (LEXICON / f"stop_{language}.txt").read_text(encoding="utf-8").split()
    return frozenset(fold(word) for word in words) - {""}


@cache
def rules(language: str) -> Rules:
    """The rules of a language, by its code; another one's words are only folded."""
    match language.split("-")[0]:
        case "fr":
            porter = snowballstemmer.stemmer("french").stemWord
            return Rules(
                stem=lambda word: _french(word, porter),
                stop=_stop_words("fr"),
                elisions=_ELISIONS,
                inclusive=True,
            )
        case "nl":
            # Not "dutch": since version 3 that is another algorithm, which makes gezin and zin one.
            dutch_porter = snowballstemmer.stemmer("dutch_porter").stemWord
            return Rules(
                stem=lambda word: dutch.stem(word, dutch_porter),
                split=dutch.split,
                stop=_stop_words("nl"),
                endings=frozenset({"s", "n", "t"}),
            )
    return Rules()


@lru_cache(maxsize=50_000)
def _analysed(raw: str, language: str) -> tuple[str, str, tuple[str, ...]]:
    """Folded form, stem and stems of the parts of one word without apostrophes."""
    own = rules(language)
    folded = fold(raw)[:LONGEST]
    if not folded or folded in own.stop:
        return folded, "", ()
    stem = own.stem(folded) or folded
    parts = {own.stem(part) or part: None for part in own.split(folded)}
    parts.pop(stem, None)
    return folded, stem, tuple(parts)


def words(text: str, language: str) -> Iterator[Word]:
    """The words of a text, in order, stop words included."""
    for found in _CHUNK.finditer(text):
        start = found.start()
        for word in chunk(found[0], language):
            yield Word(start + word.start, start + word.end, word.folded, word.stem, word.parts)


#: What stands between spaces: no word and no sign of one reaches across.
_CHUNK = re.compile(r"\S+")
_LONGEST_CHUNK = 80


def chunk(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text without spaces. Most have been seen before, so they are remembered."""
    if len(text) > _LONGEST_CHUNK:
        return tuple(_words(text, language))
    return _remembered(text, language)


@lru_cache(maxsize=50_000)
def _remembered(text: str, language: str) -> tuple[Word, ...]:
    return tuple(_words(text, language))


def _words(text: str, language: str) -> Iterator[Word]:
    own = rules(language)
    position = 0
    while found := _TOKEN.search(text, position):
        start, end = found.span()
        position = end
        if found["whole"]:
            yield _whole(found["whole"], start, end, language)
            continue
        yield from _pieces(found["word"], start, language, own)
        if own.inclusive and (tail := _INCLUSIVE.match(text, end)):
            position = tail.end()


def _whole(raw: str, start: int, end: int, language: str) -> Word:
    text = lower(raw).replace(",", ".")[:LONGEST]
    parts = dict.fromkeys(
        token
        for piece in re.split(r"[.-]", raw.replace(",", "."))
        for token in _analysed(piece, language)[1:2]
        if token
    )
    return Word(start, end, text, text, tuple(parts))


def _pieces(raw: str, start: int, language: str, own: Rules) -> Iterator[Word]:
    found = list(_PIECE.finditer(raw))
    for place, piece in enumerate(found):
        text = piece[0]
        plain = lower(text)
        if place < len(found) - 1 and plain in own.elisions:
            continue
        if place and place == len(found) - 1 and plain in own.endings:
            continue
        folded, stem, parts = _analysed(text, language)
        if folded:
            yield Word(start + piece.start(), start + piece.end(), folded, stem, parts)


def tokens(text: str, language: str) -> list[str]:
    """What a text is indexed by: each word's stem, and its parts' after it."""
    return [
        token for part in text.split() for word in chunk(part, language) for token in word.tokens
    ]


def plain(text: str, language: str) -> str:
    """The words themselves, folded, each between two spaces: exact phrases are looked up here."""
    return f" {' '.join(word.folded for word in words(text, language))} "
