"""Letters made plain: case, accents, ligatures and apostrophes, the same for text and query."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "‘": "'", "ø": "o", "ł": "l"})
_NOT_PLAIN = re.compile(r"[\W_]+")


def lower(text: str) -> str:
    """Composed, in lower case, with straight apostrophes and ligatures taken apart."""
    return unicodedata.normalize("NFC", text).casefold().translate(_LIGATURES)


def fold(text: str) -> str:
    """The letters and digits of a word without case and accents: ``Élève`` is ``eleve``."""
    parts = unicodedata.normalize("NFKD", lower(text))
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return _NOT_PLAIN.sub("", plain)
