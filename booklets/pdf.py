"""The PDF of an edition: tagged (PDF/UA-1), A5, its fonts inside. WeasyPrint makes it.

Nothing is fetched: fonts and style are this site's own files, pictures are the edition's.
"""

import logging
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from booklets import press, signs
from booklets.render import SHAPES

logger = logging.getLogger(__name__)

FONTS = ("fonts/suites-serif.woff2", "fonts/suites-sans.woff2")
STYLE = "css/booklet-print.css"
TOKENS = "css/tokens.css"


class PdfError(Exception):
    """The file that was made is not what was promised. The message is for the editor."""


def static(path: str) -> Path:
    """A static file of ours, in development and in production."""
    found = finders.find(path) or str(Path(settings.STATIC_ROOT) / path)
    return Path(found)


def make(html: str, *, ink: str, seed: str, panel: int, pictures: Any = None) -> bytes:
    """The PDF of a document of ``render.printed``. ``pictures``: name → bytes, the edition's."""
    return press.set_pages(
        html=html,
        style=style_of(ink, seed, panel),
        fonts=[static(path).as_uri() for path in FONTS],
        pictures={name: b64encode(data).decode() for name, data in (pictures or {}).items()},
    )


def style_of(ink: str, seed: str, panel: int) -> str:
    """The style of one edition: our sheet, the inks of ``tokens.css``, the signs."""
    inks = tokens(ink)
    tones = {
        "full": inks["on-done"],
        "going": inks["going-ink"],
        "part": inks["part-ink"],
        "no": inks["ink"],
        "open": inks["ink-2"],
        "plain": inks["ink"],
    }
    names = "".join(f"--{name}: {value};" for name, value in inks.items())
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{static(path).as_uri()}"); }}'
        for family, path in zip(("Suites Serif", "Suites Sans"), FONTS, strict=True)
    )
    sheet = static(STYLE).read_text("utf-8")
    mark = signs.mark(seed, panel, 10, SHAPES.get(ink, "rings"), inks["on-spot"])
    return "\n".join(
        [
            f":root {{ {names} }}",
            faces,
            _with_inks(sheet, inks),
            signs.sheet(tones, inks["done"]),
            f'.mark {{ background-image: url("{mark}"); }}',
        ]
    )


def tokens(ink: str) -> dict[str, str]:
    """The colours of ``tokens.css`` in daylight, with the second ink of an assembly."""
    text = static(TOKENS).read_text("utf-8").split("@media (prefers-color-scheme: dark)")[0]
    head, *inks = text.split("[data-ink=")
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", head))
    found |= {"spot": found["ink"], "spot-tint": found["wash"], "on-spot": found["sheet"]}
    for each in inks:
        if each.startswith(f'"{ink}"'):
            found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", each.split("}")[0]))
    return found


def _with_inks(sheet: str, inks: dict[str, str]) -> str:
    """Named inks in page rules too, where names are not known."""
    return re.sub(r"var\(--([\w-]+)\)", lambda m: inks.get(m[1], m[0]), sheet)


def verify(content: bytes, *, language: str, title: str, sheets: int, marked: bool) -> int:
    """Read the file anew, and see that all is there. Returns its pages; raises ``PdfError``.

    ``marked``: whether the document has words in another language than its own.
    """
    try:
        found = press.look(content)
    except press.PressError as error:
        raise PdfError(_("The PDF file can’t be read.")) from error
    if not found["pages"] or found["bookmarks"] < sheets:
        raise PdfError(_("The PDF file lacks sheets."))
    if found["language"] != language or not found["tagged"]:
        raise PdfError(_("The PDF file lacks its language or its tags."))
    if found["title"] != title:
        raise PdfError(_("The PDF file lacks its title."))
    if marked and not found["languages"]:
        raise PdfError(_("The PDF file does not say which words are in another language."))
    pages: int = found["pages"]
    return pages
