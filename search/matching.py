"""Which of some things a saved search finds: for rooms above that follow searches.

``stored`` is the query of a search page's address, ``q=toiture&assembly=BXL``, as a reader saved
it. What it can no longer understand (a topic that was removed) narrows nothing.
"""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import override

from assemblies import clock, directory
from assemblies.parameters import UnknownValue
from search import asking, documents, engines, facets, query
from search.engines import Asked
from search.facets import Chosen


def touched(numbers: Iterable[int]) -> set[str]:
    """The entries that changes are about: ``recommendation:12``, ``action:411``."""
    return documents.touched(numbers)


def matching(stored: str, language: str, among: Collection[str]) -> set[str]:
    """Those of the entries ``among`` that a stored search finds in a language.

    Raises :class:`search.engines.Unavailable` when the engine is down.
    """
    if not among:
        return set()
    asked = QueryDict(stored)
    lists = directory.current()
    with override(language):
        understood = query.parse(asked.get("q", ""), language)
        try:
            chosen = Chosen.read(asked, lists)
        except UnknownValue:
            chosen = Chosen({})
        if not understood:
            return set()
        question = asking.question(understood, language, lists.generation)
        known = facets.profiles(lists.generation)
        answer = engines.current().search(
            Asked(
                language=language,
                groups=question.groups,
                phrases=understood.phrases,
                excluded=question.excluded,
                excluded_phrases=understood.excluded_phrases,
                all_words=asked.get("all") == "1",
                profiles=chosen.passing(known),
                late="late" in chosen.values,
                today=clock.today(),
                size=len(among),
                among=sorted(among),
            )
        )
    return {hit.key for hit in answer.hits}


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
