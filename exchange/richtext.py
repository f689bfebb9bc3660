"""HTML in a cell, reduced to what the site keeps: paragraphs, lists, bold, links."""

import re
from html import escape
from html.parser import HTMLParser

KEPT = {"p": "p", "ul": "ul", "ol": "ol", "li": "li", "b": "b", "strong": "b", "br": "br", "a": "a"}
BLOCKS = {"p", "ul", "ol", "li"}
#: Of these not even the text is kept.
DROPPED = {"script", "style", "template", "title"}
SAFE_ADDRESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


class _Reducer(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.dropping = 0

    def handle_starttag(self, tag, attrs):
        if tag in DROPPED:
            self.dropping += 1
        kept = KEPT.get(tag)
        if not kept or self.dropping:
            return
        if kept == "br":
            self.parts.append("<br/>")
        elif kept == "a":
            address = next((value for name, value in attrs if name == "href" and value), "")
            if SAFE_ADDRESS.match(address):
                self.parts.append(f'<a href="{escape(address)}">')
                self.open.append(kept)
        else:
            self.parts.append(f"<{kept}>")
            self.open.append(kept)

    def handle_endtag(self, tag):
        if tag in DROPPED:
            self.dropping = max(0, self.dropping - 1)
        kept = KEPT.get(tag)
        if kept in self.open and not self.dropping:
            while (last := self.open.pop()) != kept:
                self.parts.append(f"</{last}>")
            self.parts.append(f"</{kept}>")

    def handle_data(self, data):
        if not self.dropping:
            self.parts.append(escape(data, quote=False))

    def result(self) -> str:
        self.close()
        return "".join(self.parts) + "".join(f"</{tag}>" for tag in reversed(self.open))


def reduced(text: str) -> str:
    """The text with the tags that are kept, closed and escaped; plain text becomes paragraphs.

    >>> reduced("Un < deux")
    '<p>Un &lt; deux</p>'
    >>> reduced('<p onclick="x()">Un <i>mot</i></p><script>y()</script>')
    '<p>Un mot</p>'
    """
    if not re.search(r"<(p|ul|ol)\b", text, re.IGNORECASE):
        text = "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text.strip()) if part)
    reducer = _Reducer()
    reducer.feed(text)
    return reducer.result()
