"""Measures and acts in two languages, passage by passage."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from assemblies.enums import Axis
from assemblies.models import Act, Assembly, Measure
from assemblies.pages import pairs
from assemblies.pages.common import KindWords
from assemblies.pages.pairs import Cell, Parts
from assemblies.words import choose


def of_measure(
    request: HttpRequest,
    assembly: Assembly,
    measure: Measure,
    shown: dict[str, Any],
    words: KindWords,
    timeline: list[dict[str, Any]],
) -> dict[str, Any]:
    """A measure, where it is asked for so; ``shown``: as its page shows it. Else nothing."""
    if not pairs.asked_for(request):
        return {}

    def build(code: str) -> Parts:
        state = shown["implementation"]
        chip = (Axis.IMPLEMENTATION, state, words.word(Axis.IMPLEMENTATION, state))
        cells = [pairs.text_cell(shown["text"], chip=chip, example=bool(shown["example"]))]
        cells += pairs.explanation_cells(shown)
        if choose(shown.get("deadline_words")):
            cells.append(pairs.text_cell(shown["deadline_words"], who=gettext("Due date")))
        called = gettext("Measure %(number)s") % {"number": measure.number_in_cycle}
        return [
            ("measure", called, "", cells),
            ("timeline", gettext("Timeline"), "", pairs.step_cells(timeline)),
        ]

    return pairs.fact(request, assembly, measure.title, build)


def of_act(
    request: HttpRequest, assembly: Assembly, act: Act, voice: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """An act, where it is asked for so; ``voice``: the council's. Else nothing."""
    if not pairs.asked_for(request):
        return {}

    def build(code: str) -> Parts:
        article: list[Cell] = []
        if choose(act.article):
            article.append(pairs.text_cell(act.article, example=act.example))
        return [
            ("vote", gettext("The vote"), "", [*pairs.voice_cells(voice())]),
            ("article", gettext("Article of the act"), "", article),
        ]

    return pairs.fact(request, assembly, act.title, build)
