"""Labels, natural order and permanent references. Pure text."""

import re
import unicodedata

_DIGITS = re.compile(r"\d+")
_OUTSIDE = re.compile(r"[^A-Z0-9.]+")


def code(text: str) -> str:
    """A label as it stands in a reference: upper case, ``A-Z 0-9 . -`` only.

    >>> code("3.4 bis"), code("Œuvre n° 2"), code(" – ")
    ('3.4-BIS', 'OEUVRE-N-2', '')
    """
    text = text.upper().replace("Œ", "OE").replace("Æ", "AE").replace("°", "")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _OUTSIDE.sub("-", text).strip("-.")


def natural(label: str) -> str:
    """A key that sorts labels as people count: 2 before 10, 3.4 before 3.10.

    Numbers up to 8 digits are padded; the rest is compared without regard to case.
    """
    return _DIGITS.sub(lambda m: m.group().zfill(8), label.strip().casefold())


def join(*parts: str) -> str:
    """A permanent reference: ``join("BXL", "C2", "12") == "BXL-C2-12"``."""
    return "-".join(parts)


def group_position(above: str, sort_order: int, label: str) -> str:
    """The place of a group in its cycle, below the place ``above`` ("" at the top).

    Made so that plain text order is the wanted order under every collation of a database: only
    digits, letters, and the marks ``! . /``, which all sort in this order and before digits.
    """
    own = f"{sort_order:04d}{natural(label)[:40]}!"
    return f"{above}/{own}" if above else own


def position(group: str, label: str) -> str:
    """The place of a recommendation: after the groups within its own group; without one, last."""
    return f"{group}z{natural(label)}"
