"""Searches that are followed: what names one, and which changes of the log it finds."""

from collections.abc import Iterable, Mapping

from django.http import QueryDict
from django.utils.translation import get_language

from assemblies.directory import Directory
from assemblies.parameters import UnknownValue
from search import matching
from search.facets import Chosen


def canonical(code: str) -> str:
    """A search as it is kept, from what a form names; "" when it looks for nothing."""
    asked = QueryDict(code)
    return matching.saved(asked, asked.get("lang") or get_language() or "")


def understood(lists: Directory, query: str) -> bool:
    """Whether all its filters still exist: without one of them it would find what nobody asked."""
    try:
        Chosen.read(QueryDict(query), lists)
    except UnknownValue:
        return False
    return True


def finding(queries: Mapping[int, str], numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Which search finds what which change was about: pairs of a search's key and a number."""
    about = matching.about(numbers)
    candidates = matching.Candidates(key for keys in about.values() for key in keys)
    for key, query in queries.items():
        found = candidates.found_by(query)
        for number, entries in about.items():
            if entries & found:
                yield key, number
