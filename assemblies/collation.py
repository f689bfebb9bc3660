"""The order of names in lists, as readers look for them: é with e, œ with oe, 2 before 10."""

import re
import unicodedata

from assemblies.words import choose

#: Letters that do not come apart into a letter and an accent, as dictionaries sort them.
_APART = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ĳ": "ij"})
_DIGITS = re.compile(r"([0-9]+)")


def key(said: object) -> tuple:
    """What to sort a text by, or the words of a fact in the active language.

    Letters first, whatever their accents and case; numbers by their size; accents decide between
    equals, and marks such as hyphens and apostrophes count as spaces.
    """
    text = choose(said).text
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_APART))
    letters = "".join(
        each if each.isalnum() else " " for each in plain if not unicodedata.combining(each)
    )
    parts = _DIGITS.split(" ".join(letters.split()))
    return (
        tuple(
            (len(part.lstrip("0")), part.lstrip("0")) if part.isdigit() else (0, part)
            for part in parts
        ),
        text,
    )
