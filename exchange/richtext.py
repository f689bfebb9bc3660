"""HTML in a cell, reduced to what the site keeps: paragraphs, lists, bold, links.

What comes out is always of the form that the admin's editor reads and writes: paragraphs and
lists one after the other, marks closed where their block ends. Reducing it again changes nothing.
"""

import re
from html import escape
from html.parser import HTMLParser

from exchange.paragraphs import LISTS, Block, Item, List, Mark, joined, plain_lines

MARKS = {"b": "b", "strong": "b", "a": "a"}
#: Each begins a paragraph of its own.
BREAKING = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "body", "main"),
    *("section", "article", "header", "footer", "aside", "nav", "figure", "figcaption", "address"),
    *("table", "caption", "tr", "dl", "dt", "dd", "form", "fieldset"),
}
#: Of these not even the text is kept.
DROPPED = {"script", "style", "template", "title", "textarea", "select", "iframe", "noscript"}
SAFE_ADDRESS = re.compile(r"(https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
_WORD = r"(?:[^<>& \t\n\r\f\v]|&(?:amp|lt|gt);)+"
_WORDS = rf"(?!\s){_WORD}(?: {_WORD})*(?<!\s)"
#: What is reduced already, as most texts are.
REDUCED = re.compile(rf"(?:<p>{_WORDS}</p>)+(?:<(ul|ol)>(?:<li>{_WORDS}</li>)+</\1>)?")
INSTRUCTION = re.compile(r"<[!?][^<>]*>")
NO_TAG = re.compile(
    r"""<(?!/?[a-zA-Z][^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>)""",
)
DEEPEST_LIST = 8
MARKUP = re.compile(
    r"</?(p|br|ul|ol|li|b|strong|i|em|u|a|div|span|font|h[1-6]|script|style|table|tbody|tr|t[dh]"
    r"|blockquote|sub|sup)(\s[^<>]*)?/?>|&(nbsp|amp|lt|gt|quot|[aeiou]acute|[ae]grave|#\d{2,5});",
    re.IGNORECASE,
)


class _Reducer(HTMLParser):
    def __init__(self, *, marks: bool):
        super().__init__(convert_charrefs=True)
        self.keeps_marks = marks
        self.blocks: list[Block | List] = []
        self.text: Block | None = None
        self.lists: list[List] = []
        self.marks: list[tuple[str, Mark | None]] = []
        self.dropping = ""

    def handle_starttag(self, tag, attrs):
        if self.dropping:
            return
        if tag in DROPPED:
            self.dropping = tag
        elif tag == "br":
            self._writing().runs.append((None, ()))
        elif tag in LISTS:
            self._open_list(tag)
        elif tag == "li":
            self._open_item()
        elif tag in BREAKING:
            self._break()
        elif tag in ("td", "th"):
            self.handle_data(" ")
        elif tag in MARKS:
            self._open_mark(tag, attrs)

    def handle_endtag(self, tag):
        if self.dropping:
            if tag == self.dropping:
                self.dropping = ""
        elif tag in LISTS and self.lists:
            self.lists.pop()
            self.text = None
        elif tag == "li" and self.lists:
            self.text = None
        elif tag in BREAKING:
            self._break()
        elif tag in MARKS:
            for place in range(len(self.marks) - 1, -1, -1):
                if self.marks[place][0] == tag:
                    del self.marks[place]
                    break

    def handle_data(self, data):
        if self.dropping or (self.text is None and not data.strip(" \t\n\r\f\v")):
            return
        # Links outside of bold, as the editor writes them.
        marks = tuple(sorted({mark for _tag, mark in self.marks if mark}))
        self._writing().runs.append((data, marks))

    def _writing(self) -> Block:
        """The block that text goes to; a new one where none is open."""
        if self.text is None:
            if self.lists:
                self.lists[-1].items.append(item := Item())
                self.text = item.text
            else:
                self.blocks.append(block := Block())
                self.text = block
        return self.text

    def _break(self) -> None:
        """A paragraph begins or ends: within an item that is a new line."""
        if self.lists and self.text is not None:
            if self.text.runs and self.text.runs[-1][0] is not None:
                self.text.runs.append((None, ()))
        elif not self.lists:
            self.text = None

    def _open_list(self, name: str) -> None:
        opened = List(name)
        if not self.lists:
            self.blocks.append(opened)
        elif len(self.lists) >= DEEPEST_LIST:
            opened = self.lists[-1]
        else:
            if not self.lists[-1].items:
                self.lists[-1].items.append(Item())
            self.lists[-1].items[-1].lists.append(opened)
        self.lists.append(opened)
        self.text = None

    def _open_item(self) -> None:
        if not self.lists:
            self._open_list("ul")
        self.lists[-1].items.append(item := Item())
        self.text = item.text

    def _open_mark(self, tag, attrs) -> None:
        mark: Mark | None = (MARKS[tag], "")
        if tag == "a":
            address = next((value for name, value in attrs if name == "href" and value), "").strip()
            mark = ("a", address) if SAFE_ADDRESS.fullmatch(address) else None
            # A link within a link ends it, as in a browser.
            self.marks = [each for each in self.marks if each[0] != "a"]
        self.marks.append((tag, mark if self.keeps_marks else None))

    def result(self) -> str:
        self.close()
        html = ((block, block.html()) for block in self.blocks)
        return joined(
            text if isinstance(block, List) else f"<p>{text}</p>" for block, text in html if text
        )


def _tags(text: str) -> str:
    """The text without comments and instructions; what is no whole tag is text.

    Python's parser takes a time that grows with the square of what is left open.
    """
    parts, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[place:start])
        place = end + 3
    text = INSTRUCTION.sub("", "".join(parts) + text[place:])
    return NO_TAG.sub("&lt;", text)


def reduced(text: str, *, marks: bool = True) -> str:
    """The text as paragraphs and lists, well formed; without ``marks`` neither bold nor links.

    >>> reduced("Un < deux")
    '<p>Un &lt; deux</p>'
    >>> reduced('<p onclick="x()">Un <i>mot</i></p><script>y()</script>')
    '<p>Un mot</p>'
    """
    if REDUCED.fullmatch(text):
        return text
    if not MARKUP.search(text):
        text = "".join(
            f"<p>{escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", text.strip())
        ).replace("\n", "<br>")
    reducer = _Reducer(marks=marks)
    reducer.feed(_tags(text))
    return reducer.result()


def plain(text: str) -> str:
    """The text without any markup; what is not marked up stays as it is.

    >>> plain("<p>Un&nbsp;mot</p><p>deux<br>trois</p>")
    'Un\\xa0mot\\n\\ndeux\\ntrois'
    >>> plain("1 < 2 & 3")
    '1 < 2 & 3'
    """
    if not MARKUP.search(text):
        return text
    reducer = _Reducer(marks=False)
    reducer.feed(_tags(text))
    reducer.close()
    lines = [plain_lines(block, "") for block in reducer.blocks]
    return "\n\n".join(line for line in lines if line)
