"""A recommendation in two languages, passage by passage."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext

from assemblies.models import RecommendationPage
from assemblies.pages import pairs, passages, voices
from assemblies.pages.common import reader_language
from assemblies.pages.measures import measure_view
from assemblies.pages.pairs import Cell, Parts
from assemblies.pages.reading import Reading
from assemblies.passages import blocks
from assemblies.words import choose


def in_two_languages(
    request: HttpRequest,
    about: Reading,
    texts: dict[str, RecommendationPage],
    original: RecommendationPage,
    timeline: list[dict[str, Any]],
) -> dict[str, Any]:
    """What ``assemblies/pair.html`` shows of it. ``texts``: its pages by language."""
    own = reader_language()

    def build(code: str) -> Parts:
        judged = [*pairs.voice_cells(voices.citizens(about))]
        if not about.regime.has_citizens_body and choose(about.regime.citizens_voice):
            judged.append(pairs.text_cell(about.regime.citizens_voice))
        page = texts.get(code)
        return [
            (
                "asked",
                pgettext("verb", "Asked"),
                "words",
                [_asked(about, page, original, again="" if code == own else f"-{code}")],
            ),
            ("summary", gettext("In short, by the editors"), "", _summary(page, texts)),
            ("answered", pgettext("verb", "Answered"), "", _answered(about)),
            ("done", pgettext("verb", "Done"), "", _done(about)),
            ("judged", pgettext("verb", "Judged"), "citizens", judged),
            ("timeline", gettext("Timeline"), "", pairs.step_cells(timeline)),
        ]

    def title(code: str) -> Cell:
        page = texts.get(code)
        cell = Cell(head=page.full_title) if page is not None else Cell(missing=True)
        cell.blocks = [format_html('<p class="sentence">{}</p>', about.sentence())]
        return cell

    return pairs.page(request, about.assembly, title, build)


def _asked(
    about: Reading, page: RecommendationPage | None, original: RecommendationPage, again: str
) -> Cell:
    """The citizens' words, their passages marked. ``again``: ends the names of their places."""
    if page is None:
        return Cell(missing=True)
    if about.passages is None:
        return Cell(blocks=_safe(blocks(passages.html_of(page))))
    return Cell(blocks=_safe(blocks(about.passages.shown(page, original, again)["html"])))


def _summary(page: RecommendationPage | None, texts: dict[str, RecommendationPage]) -> list[Cell]:
    if not any(each.summary for each in texts.values()):
        return []
    if page is None or not page.summary:
        return [Cell(missing=True)]
    return [Cell(blocks=[format_html("<p>{}</p>", page.summary)])]


def _answered(about: Reading) -> list[Cell]:
    said = [*pairs.voice_cells(voices.authority(about))]
    for other in voices.others(about):
        said += pairs.voice_cells(other)
    article = voices.article(about)
    if article is not None:
        invented = bool(article["example"])
        said.append(pairs.text_cell(article["text"], who=article["who"], example=invented))
    return said


def _done(about: Reading) -> list[Cell]:
    found: list[Cell] = []
    for key, measure in about.measures.items():
        known, helping = about.measures_now[key], about.contributors[key]
        found += pairs.measure_cells(
            measure_view(measure, known, about.story, about.words, helping)
        )
    return found


def _safe(pieces: Iterable[str]) -> list[str]:
    """Pieces of HTML that was safe as a whole."""
    return [mark_safe(piece) for piece in pieces]  # noqa: S308
