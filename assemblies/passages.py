"""Words quoted from a text: found in it, and marked in it, without altering the text.

Pure: no Django import. A text is HTML of paragraphs and lists. What is quoted is looked for in what
a reader sees of it: across inline tags and the edges of paragraphs, whatever the kind of space,
apostrophe or quotation mark, and whole words only. Marks are put between the characters of the
text; taking them out again gives the text back, byte for byte.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise

#: Elements whose edges part words, as a space does.
BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "div", "br", "hr", "dl", "dt", "dd"}) | {
    f"h{level}" for level in range(1, 7)
}
#: Elements that have no end.
VOID = frozenset({"br", "hr", "img", "embed", "wbr"})
_FOLDED = {
    **dict.fromkeys("’‘ʼ‛´`′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
}
#: Characters that nobody sees.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[0-9A-Za-z]+);?")


@dataclass(frozen=True, slots=True)
class Span:
    """Where quoted words stand: numbers of the first character seen, and of the one after."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(slots=True)
class _Run:
    """Text without a tag inside it: characters of the text, and where they stand in the HTML."""

    start: int
    end: int
    #: Where a link that it stands in ends; -1: it stands in none.
    link: int = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage to be marked: its place, and what is put around and behind it, safe HTML."""

    span: Span
    #: Attributes of the ``mark`` element: its classes.
    css: str
    #: What stands behind its last word.
    after: str = ""


class Text:
    """A text as a reader sees it, and where each character stands in its HTML."""

    def __init__(self, html: str) -> None:
        self.html = html
        reader = _Reader(html)
        #: The characters seen; the edges of blocks are spaces that stand nowhere.
        self.seen: list[str] = reader.seen
        #: Where each begins and ends in the HTML; an edge has the same place twice.
        self.places: list[tuple[int, int]] = reader.places
        self.runs: list[_Run] = reader.runs
        #: Folded characters, and which character seen each comes from.
        self.folded, self._from = _fold(self.seen)

    def spans(self, quoted: str) -> Iterator[Span]:
        """Every place where these words stand, from the first to the last, none within another."""
        wanted, _sources = _fold(quoted)
        if not wanted:
            return
        at = self.folded.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if self._whole(at, end):
                yield Span(self._from[at], self._from[end - 1] + 1)
                at = self.folded.find(wanted, end)
            else:
                at = self.folded.find(wanted, at + 1)

    def find(self, quoted: str, occurrence: int = 1) -> Span | None:
        """The place where these words stand, the first, the second …; None if they do not."""
        for number, span in enumerate(self.spans(quoted), start=1):
            if number == occurrence:
                return span
        return None

    def count(self, quoted: str) -> int:
        return sum(1 for _span in self.spans(quoted))

    def _whole(self, start: int, end: int) -> bool:
        """Whether no word is cut at either end, and no character."""
        first, last = self._from[start], self._from[end - 1]
        cut_before = start > 0 and self._from[start - 1] == first
        cut_after = end < len(self._from) and self._from[end] == last
        if cut_before or cut_after:
            return False
        before = self.seen[first - 1] if first else " "
        after = self.seen[last + 1] if last + 1 < len(self.seen) else " "
        return not (
            (_in_word(before) and _in_word(self.seen[first]))
            or (_in_word(after) and _in_word(self.seen[last]))
        )

    # -- marking ------------------------------------------------------------------------------

    def marked(self, marks: Iterable[Mark]) -> str:
        """The HTML with marks in it. Where two marks overlap, the one that begins first is set."""
        put: dict[int, _Put] = {}
        done = 0
        for mark in sorted(marks, key=lambda each: (each.span.start, -each.span.end)):
            if mark.span.start < done:
                continue
            done = mark.span.end
            self._put(mark, put)
        pieces, at = [], 0
        for place, there in sorted(put.items(), key=lambda item: item[0]):
            pieces += [self.html[at:place], *there.closing, *there.behind, *there.opening]
            at = place
        return "".join([*pieces, self.html[at:]])

    def _put(self, mark: Mark, put: dict[int, "_Put"]) -> None:
        start = self.places[mark.span.start][0]
        end = self.places[mark.span.end - 1][1]
        behind = end
        for run in self.runs:
            begins, ends = max(run.start, start), min(run.end, end)
            # A line break between two list items is no text.
            if begins >= ends or not self.html[begins:ends].strip():
                continue
            put.setdefault(begins, _Put()).opening.append(f'<mark class="{escape(mark.css)}">')
            put.setdefault(ends, _Put()).closing.append("</mark>")
            behind = max(ends, run.link)
        if mark.after:
            put.setdefault(behind, _Put()).behind.append(mark.after)


@dataclass(slots=True)
class _Put:
    """What is put between two characters, in this order."""

    closing: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)


class _Placed(HTMLParser):
    """A parser that knows where it is."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def read(self) -> None:
        self.feed(self.html)
        self.close()

    def here(self) -> int:
        """The place in the HTML of what is being handled."""
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def tag_end(self) -> int:
        """The place behind the end tag that is being handled."""
        return self.html.find(">", self.here()) + 1


class _Reader(_Placed):
    """Notes where each character of a text stands."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.seen: list[str] = []
        self.places: list[tuple[int, int]] = []
        self.runs: list[_Run] = []
        self._links: list[list[_Run]] = []
        self._new_run = True
        self.read()

    def _add(self, text: str, start: int, end: int) -> None:
        if self._new_run or not self.runs or self.runs[-1].end != start:
            self.runs.append(_Run(start, start))
            for link in self._links:
                link.append(self.runs[-1])
            self._new_run = False
        self.runs[-1].end = end
        whole = len(text) != end - start
        for place, character in enumerate(text):
            self.seen.append(character)
            self.places.append((start, end) if whole else (start + place, start + place + 1))

    def handle_data(self, data: str) -> None:
        start = self.here()
        self._add(data, start, start + len(data))

    def _reference(self, name: str) -> None:
        start = self.here()
        found = _ENTITY.match(self.html, start)
        raw = found.group() if found else name
        if not raw.endswith(";"):
            # An entity without its end is as long as its name.
            raw = self.html[start : start + len(name)]
        self._add(unescape(raw), start, start + len(raw))

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._edge(tag)
        if tag == "a":
            self._links.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._edge(tag)

    def handle_endtag(self, tag: str) -> None:
        self._edge(tag)
        if tag == "a" and self._links:
            for run in self._links.pop():
                run.link = self.tag_end()

    def handle_comment(self, data: str) -> None:
        self._new_run = True

    def _edge(self, tag: str) -> None:
        self._new_run = True
        if tag in BLOCKS and self.seen and self.seen[-1] != "\n":
            here = self.here()
            self.seen.append("\n")
            self.places.append((here, here))


def _fold(text: Iterable[str]) -> tuple[str, list[int]]:
    """Characters made alike, and the number of the one that each comes from.

    A space counts only between two letters or digits: before a semicolon, or inside quotation
    marks, French and Dutch differ, and so do keyboards.
    """
    folded: list[str] = []
    sources: list[int] = []
    space = -1
    for number, character in enumerate(text):
        if character in _UNSEEN:
            continue
        for part in unicodedata.normalize("NFKD", _FOLDED.get(character, character)):
            if part.isspace():
                space = number if space < 0 else space
                continue
            part = _FOLDED.get(part, part)
            if space >= 0:
                if folded and _in_word(folded[-1]) and _in_word(part):
                    folded.append(" ")
                    sources.append(space)
                space = -1
            folded.append(part)
            sources.append(number)
    return "".join(folded), sources


def _in_word(character: str) -> bool:
    return character.isalnum() or bool(unicodedata.combining(character))


# -- names, and the pieces of a text ----------------------------------------------------------


def letter(number: int) -> str:
    """The name of the first, the second … passage: a, b, … z, aa, ab …"""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


class _Cutter(_Placed):
    """Cuts a text behind each of its outermost elements."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.cuts = [0]
        self._depth = 0
        self.read()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """It has no inside."""

    def handle_endtag(self, tag: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.cuts.append(self.tag_end())


def blocks(html: str) -> list[str]:
    """The paragraphs and lists of a text, one by one."""
    cuts = [*_Cutter(html).cuts, len(html)]
    pieces = (html[start:end].strip() for start, end in pairwise(cuts))
    return [piece for piece in pieces if piece]
