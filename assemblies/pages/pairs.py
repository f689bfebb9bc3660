"""A page in two languages, passage by passage: for committee members, translators, families.

``?beside=nl`` sets another language beside the reader's. What does not exist in one of the two is
said there, and never filled with the other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import linebreaks_filter
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext, override

from assemblies import dates
from assemblies.enums import Implementation
from assemblies.models import Assembly
from assemblies.pages.common import reader_language
from assemblies.parameters import chosen
from assemblies.passages import blocks
from assemblies.templatetags.suites import words as words_tag
from assemblies.words import choose

#: The parameter that names the other language.
PARAMETER = "beside"
TEMPLATE = "assemblies/pair.html"


def asked_for(request: HttpRequest) -> str:
    """The language to be set beside the reader's; "": the page as it is.

    Raises ``UnknownValue`` for what is no language of the site.
    """
    code = next(iter(chosen(request.GET, PARAMETER, dict(settings.LANGUAGES))), "")
    return code if code != reader_language() else ""


def name_of(code: str) -> str:
    """A language's name, in itself."""
    try:
        return get_language_info(code)["name_local"].capitalize()
    except KeyError:
        return code


def offered(assembly: Assembly, written: Iterable[str]) -> list[dict[str, str]]:
    """The languages that may be set beside the reader's: the assembly's, and those there are."""
    there = set(written)
    return [
        {
            "code": code,
            "name": name_of(code),
            "own": name_of(reader_language()),
            "url": f"?{PARAMETER}={code}",
        }
        for code, _name in settings.LANGUAGES
        if code != reader_language() and (assembly.owes(code) or code in there)
    ]


@dataclass(slots=True)
class Cell:
    """A piece of a page in one language."""

    #: Who and when, or what the piece is: one line above it.
    who: Any = ""
    head: Any = ""
    #: Axis, code and the kind's own word of a state.
    chip: tuple[str, str, Any] | None = None
    #: Paragraphs, safe HTML.
    blocks: list[str] = field(default_factory=list)
    #: There is a text, and not in this language.
    missing: bool = False
    example: bool = False


@dataclass(slots=True)
class Row:
    """A piece of a page in both languages, each rendered."""

    css: str
    first: bool
    sides: list[dict[str, Any]]


@dataclass(slots=True)
class Section:
    anchor: str
    titles: list[dict[str, str]]
    rows: list[Row]


#: What a page has in one language: anchor, heading, class of its rows, and its pieces in order.
Parts = list[tuple[str, str, str, list[Cell]]]


def in_pairs(
    build: Callable[[str], Parts], codes: tuple[str, str], owed: Callable[[str], bool]
) -> list[Section]:
    """What ``build`` makes of a page in each language, side by side.

    ``build`` is called with each language active, and makes the same pieces in both.
    """
    built = []
    for code in codes:
        with override(code):
            built.append(build(code))
    sections = []
    for parts in zip(*built, strict=True):
        rows: list[Row] = []
        css = parts[0][2]
        for cells in zip(*(part[3] for part in parts), strict=True):
            for aligned in _aligned(cells):
                sides = [
                    _side(cell, code, owed(code)) for cell, code in zip(aligned, codes, strict=True)
                ]
                rows.append(Row(css, not rows, sides))
        if rows:
            titles = [
                {"code": code, "text": part[1]} for part, code in zip(parts, codes, strict=True)
            ]
            sections.append(Section(parts[0][0], titles, rows))
    return sections


def _aligned(cells: tuple[Cell, ...]) -> Iterator[tuple[Cell, ...]]:
    """Paragraph by paragraph, where both have as many; else the whole beside the whole."""
    counts = {len(cell.blocks) for cell in cells}
    if len(counts) > 1 or counts <= {0, 1}:
        yield cells
        return
    for place, paragraphs in enumerate(zip(*(cell.blocks for cell in cells), strict=True)):
        if place == 0:
            yield tuple(
                Cell(cell.who, cell.head, cell.chip, [text], cell.missing, cell.example)
                for cell, text in zip(cells, paragraphs, strict=True)
            )
        else:
            yield tuple(Cell(blocks=[text]) for text in paragraphs)


def _side(cell: Cell, code: str, owed: bool) -> dict[str, Any]:
    with override(code):
        html = render_to_string("assemblies/parts/pair_cell.html", {"cell": cell, "owed": owed})
    return {"code": code, "html": html}


# -- pieces -----------------------------------------------------------------------------------


def text_cell(said: Any, **more: Any) -> Cell:
    """A text of a fact, in the active language: its paragraphs, or that it is missing."""
    choice = choose(said)
    if choice.missing:
        return Cell(missing=True, **more)
    return Cell(blocks=blocks(linebreaks_filter(choice.text)) if choice else [], **more)


def head_cell(said: Any, **more: Any) -> Cell:
    """A title; where it is missing, so is what stands under it."""
    choice = choose(said)
    return Cell(missing=True, **more) if choice.missing else Cell(head=choice.text, **more)


def titled_cell(title: Any, text: Any, **more: Any) -> Cell:
    """A title with its text, either of which may be missing."""
    cell = text_cell(text if choose(text) else "", **more)
    choice = choose(title)
    cell.head = "" if choice.missing else choice.text
    cell.missing = cell.missing or choice.missing
    return cell


def who(*parts: Any) -> SafeString:
    """One line of names, labels and days."""
    said = [words_tag(part, note=False) for part in parts if choose(part)]
    return format_html(", ".join(["{}"] * len(said)), *said) if said else SafeString()


def _when(first: Any, last: Any) -> str:
    return dates.span(first, last or first) if first else ""


def voice_cells(voice: dict[str, Any] | None) -> Iterator[Cell]:
    """What somebody says, and its reasons."""
    if voice is None:
        return
    named = who(voice["who"], voice.get("label", ""), _when(voice.get("first"), voice.get("last")))
    chip = (voice["axis"], voice["code"], voice.get("words")) if voice.get("code") else None
    more: dict[str, Any] = {
        "who": named,
        "chip": chip,
        "example": bool(voice.get("example")),
    }
    if voice.get("text"):
        yield text_cell(voice["text"], **more)
    else:
        absent = voice.get("absent", "")
        yield Cell(blocks=[format_html("<p>{}</p>", absent)] if absent else [], **more)
    for fact in voice.get("facts") or ():
        yield Cell(who=fact["term"], blocks=[format_html("<p>{}</p>", fact["value"])])
    yield from action_cells(voice.get("action"))


def _get(obj: Any, name: str) -> Any:
    return obj.get(name) if isinstance(obj, dict) else getattr(obj, name, None)


def action_cells(action: Any) -> Iterator[Cell]:
    """What an action gives in words besides its text."""
    if action is None:
        return
    reason = _get(action, "get_reason_display")
    reason = (reason() if callable(reason) else reason) or ""
    for name, label in (
        ("what_changed", gettext("What changes")),
        ("reason_text", who(gettext("Reason"), reason)),
        ("what_is_missing", gettext("What is missing")),
    ):
        if choose(_get(action, name)):
            yield text_cell(_get(action, name), who=label)


def step_cells(timeline: Iterable[dict[str, Any]]) -> list[Cell]:
    """The steps of a timeline."""
    return [
        titled_cell(
            step.title,
            step.text,
            who=who(
                _when(step.happened_first, step.happened_last),
                step.get_kind_display(),
                step.body.name if step.body else "",
            ),
            example=step.example,
        )
        for step in (item["action"] for item in timeline)
    ]


def measure_cells(shown: dict[str, Any]) -> Iterator[Cell]:
    """A measure, as :func:`assemblies.pages.measures.measure_view` makes it."""
    cell = titled_cell(
        shown["title"],
        shown["text"],
        chip=("implementation", shown["implementation"], shown["implementation_words"]),
        example=bool(shown["example"]),
    )
    if cell.head:
        cell.head = f"{shown['number_in_cycle']} {cell.head}"
    yield cell
    yield from explanation_cells(shown)


def explanation_cells(shown: dict[str, Any]) -> Iterator[Cell]:
    """What is missing of a measure, or why it was stopped."""
    if choose(shown["explanation"]):
        partly = shown["implementation"] == Implementation.PARTLY
        label = gettext("What is missing") if partly else gettext("Reason")
        yield text_cell(shown["explanation"], who=label)


# -- whole pages -----------------------------------------------------------------------------


def fact(
    request: HttpRequest,
    assembly: Assembly,
    title: Any,
    build: Callable[[str], Parts],
) -> dict[str, Any]:
    """What ``assemblies/pair.html`` shows of a measure or an act; ``build``: of one language."""
    return page(request, assembly, lambda code: head_cell(title), build)


def page(
    request: HttpRequest,
    assembly: Assembly,
    title: Callable[[str], Cell],
    build: Callable[[str], Parts],
) -> dict[str, Any]:
    """A page in two languages: its title, and what ``build`` makes of it in one language."""
    codes = (reader_language(), asked_for(request))
    titles = []
    for code in codes:
        with override(code):
            titles.append({"code": code, "cell": title(code), "owed": assembly.owes(code)})
    return {
        "noindex": True,
        "titles": titles,
        "sections": in_pairs(build, codes, assembly.owes),
        "beside": {
            "names": " · ".join(name_of(code) for code in codes),
            "own": name_of(codes[0]),
            "own_url": request.path,
        },
    }
