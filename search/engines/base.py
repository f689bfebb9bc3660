"""What an engine is asked, and what it answers."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search.engines.docvalues import DocValues
from search.models import Document

#: What a document in the reader's language is worth more than any in another.
OWN = 1000.0
#: What a sheet of a booklet is worth beside the facts that it repeats.
REPEATED = 0.5
#: Results under this share of the best score are the weak tail of a long query.
WEAK = 0.3
#: So many are shown however weak they are.
KEPT = 10


class Unavailable(Exception):
    """The engine can't be reached: search says so, and the rest of the site goes on."""


class TooLong(Unavailable):
    """The engine was still counting when its time was over."""


@dataclass(frozen=True, slots=True)
class Group:
    """One typed word: by language, the tokens that a text may hold for it, each with a weight."""

    word: str
    tokens: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the index, in the words of the index."""

    language: str
    groups: Sequence[Group]
    #: Folded words between spaces, by language: the text holds one of them, for each phrase.
    phrases: Sequence[str] = ()
    excluded: Sequence[Group] = ()
    excluded_phrases: Sequence[str] = ()
    all_words: bool = False
    cut: bool = False
    profiles: Sequence[int] | None = None
    late: bool = False
    today: datetime.date = datetime.date.min
    by_date: bool = False
    offset: int = 0
    size: int = 20
    #: The change log's last row: how many texts there are is counted once for each.
    generation: tuple[Any, ...] = ()
    #: After so many seconds a database gives up: a reader does not wait, and others want to ask.
    seconds: float | None = None
    #: Only among these entries; for saved searches.
    among: Sequence[str] | None = None
    #: What a database ranks by, where many questions are asked at one moment.
    values: DocValues | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    key: str
    noun: str
    subject: int
    score: float


@dataclass
class Answer:
    """``total``: entries that pass everything; ``whole``: before the weak tail was hidden.

    ``profiles``: profile and lateness → how many there are, whatever filters are chosen.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    whole: int = 0
    profiles: dict[tuple[int, bool], int] = field(default_factory=dict)


class Engine:
    """An index that can be asked."""

    def search(self, asked: Asked) -> Answer:
        """Raises :class:`Unavailable`."""
        raise NotImplementedError

    def frequencies(self, tokens: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], int]:
        """In how many documents of a language each token stands: (language, token) → number."""
        raise NotImplementedError

    def catch_up(self) -> int:
        """Write what was published since the last time; the databases have it already."""
        return 0

    def take(self, documents: Iterable[Document]) -> None:
        """Index new documents in the transaction that wrote them; not all need to be told."""

    def prepare(self) -> None:
        """Make what is needed before anything is written; harmless when it is there."""

    def rebuild(self) -> None:
        """Build anew from the entries and documents in the database, and put it in place whole."""

    def missing(self) -> int:
        """How much it lacks, has too much, or has as it was before: entries, documents, tokens."""
        return 0
