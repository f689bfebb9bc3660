"""Paragraphs and lists, and the text in them: what a rich text is made of, and how it is written.

It is written as the admin's editor writes it, so that editing it there changes nothing else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import takewhile

#: A mark within a block: bold, or a link with its address.
Mark = tuple[str, str]

LISTS = {"ul", "ol"}
#: White space of HTML: a space that never breaks is a character.
BLANK = re.compile(r"[ \t\n\r\f\v]+")
SPACES = re.compile(r"(^ | $)")


@dataclass(slots=True)
class Block:
    """The text of a paragraph or of an item, each run with its marks; None breaks the line."""

    runs: list[tuple[str | None, tuple[Mark, ...]]] = field(default_factory=list)

    def html(self) -> str:
        parts: list[str] = []
        open_marks: list[Mark] = []
        for text, marks in self.tidied():
            pairs = zip(open_marks, marks, strict=False)
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            while len(open_marks) > shared:
                parts.append(f"</{open_marks.pop()[0]}>")
            for mark in marks[shared:]:
                name, address = mark
                parts.append(f'<a href="{escape(address)}">' if address else f"<{name}>")
                open_marks.append(mark)
            parts.append("<br/>" if text is None else escape(text, quote=False))
        parts += [f"</{name}>" for name, _address in reversed(open_marks)]
        return "".join(parts)

    def tidied(self) -> list[tuple[str | None, tuple[Mark, ...]]]:
        """White space as a browser shows it; no breaks at either end."""
        kept: list[tuple[str | None, tuple[Mark, ...]]] = []
        for text, marks in self.runs:
            if text is None:
                _strip_end(kept)
                if kept:
                    kept.append((None, ()))
                continue
            text = BLANK.sub(" ", text)
            for part in SPACES.split(text) if marks else [text]:
                # Spaces at the ends of what is marked stand outside of the mark.
                if not kept or kept[-1][0] is None or kept[-1][0].endswith(" "):
                    part = part.lstrip()
                if part.endswith(" "):
                    part = f"{part.rstrip()} "
                if part.startswith(" "):
                    _strip_end(kept)
                if part:
                    kept.append((part, marks if part != " " else ()))
        while kept and (kept[-1][0] is None or kept[-1][0][-1].isspace()):
            if kept[-1][0] is None:
                kept.pop()
            _strip_end(kept)
        return kept


def _strip_end(runs: list[tuple[str | None, tuple[Mark, ...]]]) -> None:
    """Take white space off the end, also spaces that never break, as the editor does."""
    while runs and runs[-1][0] is not None and runs[-1][0][-1].isspace():
        text, marks = runs.pop()
        if text := (text or "").rstrip():
            runs.append((text, marks))


@dataclass(slots=True)
class List:
    name: str
    items: list["Item"] = field(default_factory=list)

    def html(self) -> str:
        items = "".join(item.html() for item in self.items)
        return f"<{self.name}>{items}</{self.name}>" if items else ""


@dataclass(slots=True)
class Item:
    text: Block = field(default_factory=Block)
    lists: list[List] = field(default_factory=list)

    def html(self) -> str:
        text, lists = self.text.html(), joined(each.html() for each in self.lists)
        # An item that holds nothing but a list gives way to it: its items are all there is.
        if text or not lists:
            return f"<li>{text}{lists}</li>" if text else ""
        return "".join(item.html() for each in self.lists for item in each.items)


def joined(blocks: Iterable[str]) -> str:
    """Blocks one after the other; a list that follows one of its kind goes on with it."""
    joined = ""
    for block in blocks:
        name = block[1:3]
        if name in LISTS and joined.endswith(f"</{name}>"):
            joined = joined.removesuffix(f"</{name}>") + block.removeprefix(f"<{name}>")
        else:
            joined += block
    return joined


def plain_lines(block: Block | List, indent: str) -> str:
    if isinstance(block, Block):
        return "".join("\n" if text is None else text for text, _marks in block.tidied())
    lines: list[str] = []
    for item in block.items:
        if text := plain_lines(item.text, indent):
            lines.append(f"{indent}- {text}")
        lines += filter(None, (plain_lines(each, f"{indent}  ") for each in item.lists))
    return "\n".join(lines)
