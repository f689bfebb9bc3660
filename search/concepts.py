"""Citizens' words and the administration's: what else a typed word may be called.

The list that editors keep is read once, and again when the change log has moved on.
"""

import re
import threading
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings

from assemblies.directory import generation
from search import analyzer
from search.models import Concept

#: What another word for the same is worth beside the word that was typed.
WEIGHT = 0.5
LONGEST_TERM = 4


@dataclass
class Terms:
    """By language, the stems of a term → the concepts it stands for; a concept → its terms."""

    concepts: dict[tuple[str, tuple[str, ...]], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    terms: dict[int, dict[str, list[tuple[str, ...]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    words: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def add(self, key: int, language: str, words: str) -> None:
        for term in re.split(r"[,;\n]", words):
            stems = tuple(word.stem for word in analyzer.words(term, language) if word.stem)
            if 0 < len(stems) <= LONGEST_TERM:
                self.concepts[language, stems].add(key)
                self.terms[key][language].append(stems)
                self.words.setdefault((language, stems), " ".join(term.split()))

    def said_otherwise(
        self, stems: tuple[str, ...], language: str
    ) -> tuple[dict[int, dict[str, dict[str, float]]], dict[tuple[str, str], tuple[str, str]]]:
        """For the typed stems: place of a stem → language → other tokens, each with its weight.

        And by language and token, the pair of words that led there, to be told to the reader.
        """
        found: dict[int, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        why: dict[tuple[str, str], tuple[str, str]] = {}
        for start in range(len(stems)):
            for length in range(1, min(LONGEST_TERM, len(stems) - start) + 1):
                typed = stems[start : start + length]
                for key in self.concepts.get((language, typed), ()):
                    for code, terms in self.terms[key].items():
                        for term in terms:
                            if code == language and term == typed:
                                continue
                            weight = WEIGHT if code == language else 1.0
                            for token in term:
                                each = weight / len(term)
                                held = found[start][code].get(token, 0)
                                found[start][code][token] = max(held, each)
                                if code != language:
                                    why[code, token] = (
                                        self.words[code, term],
                                        self.words[language, typed],
                                    )
        return found, why


_kept: tuple[tuple, Terms] | None = None
_lock = threading.Lock()


def current(now: tuple | None = None) -> Terms:
    """The list as of the change log's last number."""
    global _kept
    now = now or generation()
    if _kept is None or _kept[0] != now:
        with _lock:
            terms = Terms()
            for key, words in Concept.objects.values_list("pk", "words"):
                data = getattr(words, "data", words)
                texts = data if isinstance(data, dict) else {settings.LANGUAGE_CODE: data}
                for language, text in texts.items():
                    terms.add(key, language, str(text or ""))
            _kept = (now, terms)
    return _kept[1]
