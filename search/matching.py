"""Saved searches, for rooms above that let readers follow one.

A saved search is one line of text, made by :func:`saved` from what a search page's address asks
for: ``lang=fr&q=toiture&assembly=BXL``. Equal searches are equal texts, so it can be a key. What it
can no longer understand (a topic that was removed) narrows nothing.

It is matched on the database's own index, which is written with each publication: there is nothing
to wait for, and no engine that may be down.

    keys_by_number = matching.about(numbers)                    # change → entries
    candidates = matching.Candidates(chain.from_iterable(keys_by_number.values()))
    found = candidates.found_by(stored)                         # those that the search finds
    told = [n for n, keys in keys_by_number.items() if keys & found]
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, override

from assemblies import clock, directory
from assemblies.parameters import UnknownValue
from assemblies.words import choose
from search import asking, documents, engines, facets, query
from search.asking import LONG
from search.engines import Asked, docvalues
from search.facets import FACETS, Chosen
from search.models import Document, counts
from search.query import Query

#: No saved search is longer.
LONGEST = 600


def saved(asked: QueryDict | str, language: str) -> str:
    """The saved form of a search; "" when it looks for nothing, or says more than is kept."""
    given = QueryDict(asked) if isinstance(asked, str) else asked
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    understood = query.parse(given.get("q", ""), language)
    if not understood:
        return ""
    made = QueryDict(mutable=True)
    made["lang"], made["q"] = language, understood.typed
    if given.get("all") == "1":
        made["all"] = "1"
    for name in FACETS:
        made.setlist(name, sorted(set(given.getlist(name)))[:20])
    text = made.urlencode()
    return text if len(text) <= LONGEST else ""


class _Saved:
    """A saved search, understood as of now."""

    def __init__(self, stored: str) -> None:
        asked = QueryDict(stored)
        self.lists = directory.current()
        codes = dict(settings.LANGUAGES)
        given = asked.get("lang", "")
        self.language = given if given in codes else settings.LANGUAGE_CODE
        self.all_words = asked.get("all") == "1"
        with override(self.language):
            self.query: Query = query.parse(asked.get("q", ""), self.language)
            try:
                self.chosen = Chosen.read(asked, self.lists)
            except UnknownValue:
                self.chosen = Chosen({})

    @property
    def pairs(self) -> list[tuple[str, str]]:
        own = [("q", self.query.typed), *([("all", "1")] if self.all_words else [])]
        return [*own, *self.chosen.pairs]


def address(stored: str, language: str = "") -> str:
    """Where a saved search is looked at: the page of its own language."""
    search = _Saved(stored)
    made = QueryDict(mutable=True)
    for name, value in search.pairs:
        made.appendlist(name, value)
    with override(search.language):
        return f"{reverse('search:search')}?{made.urlencode()}"


def label(stored: str) -> str:
    """A saved search in words, in the active language: “toiture” (Bruxelles, Acceptée)."""
    search = _Saved(stored)
    chosen = [text for name, value in search.chosen.pairs if (text := _said(search, name, value))]
    words = gettext("“%(words)s”") % {"words": search.query.typed}
    return f"{words} ({', '.join(chosen)})" if chosen else words


def _said(search: _Saved, name: str, value: str) -> str:
    for each, shown in facets.values_of(name, search.lists, (value,)):
        if each == value:
            said: Any = choose(shown["label"])
            return str(said.text)
    return ""


def about(numbers: Iterable[int]) -> dict[int, set[str]]:
    """Which entries each change of the log is about: ``recommendation:12``, ``action:411``."""
    return documents.about(numbers)


class Candidates:
    """Some entries, asked by one saved search after the other which of them it finds.

    A search none of whose words stands in any of them is answered without asking the index.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = sorted(set(keys))
        self.values: docvalues.DocValues | None = None
        self.held: dict[str, set[str]] = defaultdict(set)
        for start in range(0, len(self.keys), 500):
            rows = Document.objects.filter(entry__key__in=self.keys[start : start + 500])
            for language, tokens in rows.values_list("language", "tokens").iterator():
                self.held[language].update(counts(tokens))

    def found_by(self, stored: str) -> set[str]:
        """Those of the entries that readers of this search's page find, its weak tail left out."""
        search = _Saved(stored)
        if not self.keys or not search.query:
            return set()
        now = search.lists.generation
        question = asking.question(search.query, search.language, now)
        if not any(
            self.held[language] & set(tokens)
            for group in question.groups
            for language, tokens in group.tokens.items()
        ):
            return set()
        # Once for all of them: within a transaction nothing is kept from one reading to the next.
        self.values = self.values or docvalues.current()
        answer = engines.named("database").search(
            Asked(
                language=search.language,
                groups=question.groups,
                phrases=search.query.phrases,
                excluded=question.excluded,
                excluded_phrases=search.query.excluded_phrases,
                all_words=search.all_words,
                cut=len(question.groups) >= LONG and not search.all_words,
                profiles=search.chosen.passing(facets.profiles(now)),
                late="late" in search.chosen.values,
                today=clock.today(),
                generation=now,
                size=len(self.keys),
                among=self.keys,
                values=self.values,
            )
        )
        return {hit.key for hit in answer.hits}


def matching(stored: str, among: Collection[str]) -> set[str]:
    """Those of the entries ``among`` that one saved search finds."""
    return Candidates(among).found_by(stored)
