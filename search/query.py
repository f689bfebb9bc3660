"""What was typed, taken apart: words, exact phrases, words to leave out. Pure; refuses nothing."""

import re
from dataclasses import dataclass, field

from search import analyzer
from search.analyzer import Word

#: More is cut off: nobody types it, and every word costs.
LONGEST = 300
MOST_WORDS = 32

_QUOTED = re.compile(r'(?P<minus>(?<!\S)-)?["“”«»„]\s*(?P<words>[^"“”«»„]+?)\s*["“”«»„]')
_MINUS = re.compile(r"(?<!\S)[-–−](?=[^\W_])(?P<word>\S+)")
#: ``BXL-C2-12``, ``c2 12``, ``n° 411``: at least two pieces, one with a digit.
_REFERENCE = re.compile(r"[A-Za-z0-9.]{1,12}(?:[\s-]+[A-Za-z0-9.]{1,12}){1,4}")
_NUMBER = re.compile(r"(?:n°|nr\.?|no\.?|№)\s*([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is understood.

    ``words``: each typed word once, in order, stop words left out. ``phrases``: what stands between
    quotation marks, as folded words between spaces. ``typed``: what the reader typed, made short.
    """

    typed: str
    words: tuple[Word, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[Word, ...] = ()
    excluded_phrases: tuple[str, ...] = ()
    #: The folded words in their order, stop words included: what synonyms of several words look at.
    sequence: tuple[str, ...] = ()
    #: What it would be as the reference of something, in capitals; else "".
    reference: str = ""
    #: The number of a step, where one was typed.
    number: int | None = None
    cut: bool = field(default=False)

    def __bool__(self) -> bool:
        return bool(self.words)


def clean(typed: str) -> str:
    """One line without what no one can type, of a length that can be answered."""
    plain = "".join(sign if sign.isprintable() else " " for sign in typed[: LONGEST * 4])
    return " ".join(plain.split())[:LONGEST].strip()


def parse(typed: str, language: str) -> Query:
    """Understand a query in the language of the page it was typed on."""
    text = clean(typed)
    phrases: dict[str, None] = {}
    left_out: dict[str, None] = {}
    shunned: dict[str, Word] = {}

    def quoted(found: re.Match[str]) -> str:
        plain = analyzer.plain(found["words"], language)
        if plain.strip():
            (left_out if found["minus"] else phrases)[plain] = None
        return " " if found["minus"] else f" {found['words']} "

    def minus(found: re.Match[str]) -> str:
        for word in analyzer.words(found["word"], language):
            if word.stem:
                shunned[word.stem] = word
        return " "

    rest = _MINUS.sub(minus, _QUOTED.sub(quoted, text))
    words: dict[str, Word] = {}
    sequence = []
    for word in analyzer.words(rest, language):
        sequence.append(word.folded)
        if word.stem and len(words) < MOST_WORDS:
            words.setdefault(word.stem, word)
    numbered = _NUMBER.fullmatch(text)
    return Query(
        typed=text,
        words=tuple(words.values()),
        phrases=tuple(phrases)[:8],
        excluded=tuple(shunned.values())[:8],
        excluded_phrases=tuple(left_out)[:8],
        sequence=tuple(sequence[: MOST_WORDS * 2]),
        reference=_reference(text),
        number=int(numbered[1]) if numbered else None,
        cut=len(typed.strip()) > LONGEST,
    )


def _reference(text: str) -> str:
    if not _REFERENCE.fullmatch(text) or not re.search(r"[0-9]", text):
        return ""
    return "-".join(re.split(r"[\s-]+", text)).upper().strip("-.")
