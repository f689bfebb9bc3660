"""The words of the index itself: what a mistyped or half typed word may have been.

They are read once and kept until the change log moves on.
"""

import threading
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from assemblies.directory import generation
from search.models import Word

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
#: So many words may begin like the half of one.
MOST_ENDINGS = 12


@dataclass
class Vocabulary:
    """The words of one language, sorted; ``of_length`` by length and first letter."""

    words: list[str]
    known: frozenset[str] = frozenset()
    of_length: dict[tuple[int, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self):
        self.known = frozenset(self.words)
        for word in self.words:
            self.of_length[len(word), word[:1]].append(word)

    def begin_with(self, beginning: str) -> list[str]:
        place = bisect_left(self.words, beginning)
        found = []
        while place < len(self.words) and self.words[place].startswith(beginning):
            found.append(self.words[place])
            place += 1
            if len(found) >= MOST_ENDINGS:
                break
        return found

    def near(self, word: str) -> list[str]:
        """Known words one typing mistake away, or two for long words; the nearest first."""
        if not 3 < len(word) < 30:
            return []
        near = sorted(_edits(word) & self.known)
        if near or len(word) < 7:
            return near[:5]
        found = []
        for length in range(len(word) - 2, len(word) + 3):
            for other in self.of_length.get((length, word[0]), ()):
                distance = _distance(word, other, 2)
                if distance <= 2:
                    found.append((distance, other))
        return [other for _distance_, other in sorted(found)][:5]

    def akin(self, word: str) -> list[str]:
        """Known words that begin as this one does, five letters and more: the longest share first.

        What is offered where nothing is near: ``dirigeable`` → ``dirigeant``.
        """
        least = max(5, len(word) // 2)
        found = []
        place = bisect_left(self.words, word[:least])
        while place < len(self.words) and self.words[place].startswith(word[:least]):
            other = self.words[place]
            place += 1
            shared = next(
                (n for n, pair in enumerate(zip(word, other, strict=False)) if len(set(pair)) > 1),
                min(len(word), len(other)),
            )
            found.append((-shared, len(other), other))
        return [other for *_rank, other in sorted(found)[:3]]


def _edits(word: str) -> set[str]:
    """Everything one letter left out, added, changed or swapped makes of a word."""
    pairs = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in pairs if b),
        *(a + b[1] + b[0] + b[2:] for a, b in pairs if len(b) > 1),
        *(a + sign + b[1:] for a, b in pairs if b for sign in _ALPHABET),
        *(a + sign + b for a, b in pairs for sign in _ALPHABET),
    }


def _distance(one: str, other: str, most: int) -> int:
    """Letters to change from one word to the other; ``most`` + 1 as soon as it is more."""
    before = list(range(len(other) + 1))
    for row, sign in enumerate(one, start=1):
        now = [row]
        for column, theirs in enumerate(other, start=1):
            now.append(min(now[-1] + 1, before[column] + 1, before[column - 1] + (sign != theirs)))
        if min(now) > most:
            return most + 1
        before = now
    return before[-1]


@dataclass
class _Kept:
    generation: tuple
    #: The last row read, and how many there were: words are only added, but for a rebuild.
    last: int
    words: Vocabulary


_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


def of(language: str, now: tuple | None = None) -> Vocabulary:
    """The words of a language as of the change log's last number."""
    now = now or generation()
    kept = _kept.get(language)
    if kept is None or kept.generation != now:
        with _lock:
            rows = Word.objects.filter(language=language)
            there = kept.last if kept is not None else 0
            fresh = dict(rows.filter(pk__gt=there).values_list("word", "pk"))
            if kept is not None and not fresh:
                words = kept.words
            else:
                words = Vocabulary(sorted({*fresh, *(kept.words.words if kept else ())}))
            kept = _kept[language] = _Kept(now, max([there, *fresh.values()]), words)
    return kept.words
