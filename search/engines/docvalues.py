"""What ranking needs to know of every document and entry, in the memory of the process.

An answer adds up thousands of documents and shows twenty: to look each of them up in a table costs
more than to find and to rank them. A document takes 14 bytes here, an entry 25.

What is known of a document never changes: one that says something else has another number. Entries
carry a version that grows in the order of commits, so that each search reads what is new since the
last one, and nothing else. Within a transaction, which may be taken back, a copy is used.
"""

import datetime
import threading
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

#: The kind of a document of which nothing is known: it is not seen.
UNKNOWN = 0


class DocValues:
    """By a document's number: its entry, its length in tokens, and its kind.

    By an entry's number: its profile, its day, what it is about. A day is its ordinal, 0 is none.
    """

    def __init__(self) -> None:
        self.version = 0
        self.entry, self.length, self.kind = array("q"), array("I"), array("H")
        self.profile, self.subject = array("q"), array("q")
        self.day, self.due = array("I"), array("I")
        self.nouns = array("B")
        self._kinds: list[tuple[str, str, bool]] = [("", "", False)]
        self._names: list[str] = [""]
        self._late: tuple[int, datetime.date, frozenset[int]] | None = None

    def copy(self) -> "DocValues":
        made = DocValues()
        for name, value in vars(self).items():
            setattr(made, name, value[:] if isinstance(value, array | list) else value)
        return made

    # -- reading --------------------------------------------------------------------------------

    def read(self) -> bool:
        """Take in what was written since the last time; one query.

        The entry that was the last one is read once more. False: it is not there, nor anything
        newer, so this is another database than it was.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.id, e.version, e.noun, e.subject, e.profile, e.day, e.next_due, "
                "d.id, d.language, d.audience, d.noun, d.length FROM search_entry e "
                "LEFT JOIN search_document d ON d.entry_id = e.id WHERE e.version >= %s",
                [self.version],
            )
            rows = cursor.fetchall()
        self.take(rows)
        return bool(rows or not self.version)

    def take(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows of an entry and a document each; an entry without documents has nothing there."""
        kinds = {each: place for place, each in enumerate(self._kinds)}
        names = {each: place for place, each in enumerate(self._names)}
        for row in rows:
            entry, version, noun, subject, profile, day, due, document, *said, length = row
            _reach(entry, self.profile, self.subject, self.day, self.due, self.nouns)
            self.profile[entry], self.subject[entry] = profile, subject
            self.day[entry], self.due[entry] = _ordinal(day), _ordinal(due)
            self.nouns[entry] = _place(names, self._names, noun)
            self.version = max(self.version, version)
            if document is not None:
                language, audience, what = said
                _reach(document, self.entry, self.length, self.kind)
                self.entry[document], self.length[document] = entry, length
                kind = (language, audience, what == "sheet")
                self.kind[document] = _place(kinds, self._kinds, kind)

    def reach(self, documents: Sequence[int]) -> None:
        """Make room for documents that came after the last reading; nothing is known of them."""
        if documents:
            _reach(max(documents), self.entry, self.length, self.kind)

    # -- asking ---------------------------------------------------------------------------------

    def shares(self, language: str, repeated: float) -> list[float]:
        """By kind of document: what its score counts for readers of a language; 0: unseen."""
        reader = f" {language} "
        return [
            (repeated if again else 1.0) if reader in audience else 0.0
            for _language, audience, again in self._kinds
        ]

    def noun(self, entry: int) -> str:
        return self._names[self.nouns[entry]]

    def late(self, today: datetime.date) -> frozenset[int]:
        """The entries of which something was due before this day."""
        kept = self._late
        if kept is None or kept[:2] != (self.version, today):
            number = today.toordinal()
            behind = frozenset(e for e, due in enumerate(self.due) if due and due < number)
            kept = self._late = (self.version, today, behind)
        return kept[2]


def as_date(day: datetime.date | str | None) -> datetime.date | None:
    """A day as a statement of ours gets it: SQLite says it as text."""
    return datetime.date.fromisoformat(day) if isinstance(day, str) else day


def _ordinal(day: datetime.date | str | None) -> int:
    found = as_date(day)
    return found.toordinal() if found else 0


def _reach(number: int, *arrays: array) -> None:
    """Make these arrays long enough to have this place."""
    missing = number + 1 - len(arrays[0])
    if missing > 0:
        # Some more than is asked for: they grow a document at a time.
        room = missing + len(arrays[0]) // 8
        for each in arrays:
            each.frombytes(bytes(room * each.itemsize))


def _place(places: dict[Any, int], values: list[Any], value: Any) -> int:
    place = places.get(value)
    if place is None:
        place = places[value] = len(values)
        values.append(value)
    return place


_shared: dict[str, DocValues] = {}
_lock = threading.Lock()


def current() -> DocValues:
    """What is known as of now."""
    with _lock:
        name = str(connection.settings_dict["NAME"])
        found = _shared.get(name) or DocValues()
        if connection.in_atomic_block:
            # What is read here may never be committed, and nobody else may see it.
            found = found.copy()
        if not found.read():
            found = DocValues()
            found.read()
        if not connection.in_atomic_block:
            _shared[name] = found
        return found
