"""What the picture of a shared page shows, and the address that follows from it."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils.translation import override

#: Counted up when the same contents are drawn otherwise, so that pictures get new addresses.
DRAWING = 1
#: Pixels, as every network asks for them.
WIDTH, HEIGHT = 1200, 630
#: The name of the card of the whole site; those of assemblies and recommendations are in capitals.
SITE = "site"


@dataclass(frozen=True, slots=True)
class State:
    """One state in words, with the ink that says how far (``enums.TONES``)."""

    axis: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that one picture shows, in one language: equal cards are the same picture."""

    name: str
    language: str
    #: Whose page it is: the assembly's name, or the site's.
    place: str
    title: str
    kicker: str = ""
    sentence: str = ""
    ink: str = ""
    #: What the drawn-lots mark is drawn from, and its signs; no seed: the site's own sign.
    seed: str = ""
    shape: str = ""
    #: The word for what is invented, where anything on it is.
    example: str = ""
    states: tuple[State, ...] = ()
    #: How far each measure is, in their order, and the same in words.
    measures: tuple[str, ...] = ()
    counts: str = ""
    #: The four verbs, on a card that shows no states.
    verbs: str = ""

    @property
    def fingerprint(self) -> str:
        said = json.dumps([DRAWING, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def url(self) -> str:
        with override(self.language):
            return reverse("assemblies:card", args=[self.name, self.fingerprint])

    @property
    def alternative(self) -> str:
        """The picture in words, for whoever does not see it."""
        parts = (self.example, self.kicker, self.title, self.sentence)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."
