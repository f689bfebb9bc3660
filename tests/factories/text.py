"""What a reader reads of an answer."""

import html
import re


def text_of(response) -> str:
    """The words of a page, without tags; white space, non-breaking or not, is one blank."""
    return text_in(response.content.decode())


def text_in(markup: object) -> str:
    """The words of a part of a page."""
    content = re.sub(r"<(svg|script|style)\b.*?</\1>", " ", str(markup), flags=re.S)
    content = re.sub(r"</?(?:a|b|sup|time|span)\b[^>]*>", "", content)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", content)))


def plain(text: object) -> str:
    """Words with ordinary blanks, where a page has others that keep a number with its noun."""
    return re.sub(r"\s+", " ", str(text))
