"""A page of results: what was found, why, and what of it is shown."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language_info, gettext

from assemblies import dates
from assemblies.directory import Directory
from assemblies.models import Action, Recommendation
from assemblies.pages.common import owes, place_label
from assemblies.pages.rows import listed, row_of
from assemblies.words import Choice
from search import highlight
from search.asking import Question
from search.engines import Hit
from search.engines.docvalues import as_date

#: So many measures, steps and files are shown under one result.
UNDER = 3


@dataclass
class Line:
    """One result as ``parts/hit.html`` shows it."""

    title: Any
    url: str
    #: The entry's, ``recommendation:12``.
    key: str = ""
    language: str = ""
    origin: list[Any] = field(default_factory=list)
    #: Why a text of another language was found.
    why: dict[str, str] | None = None
    note: str = ""
    row: dict[str, Any] = field(default_factory=dict)
    day: Any = None
    extracts: list[dict[str, Any]] = field(default_factory=list)
    #: Whether its documents are pages below its own address.
    sheets: bool = False


class Words(NamedTuple):
    """A document as results show it: of which entry, about what, and its words.

    ``key`` is what the entry is about, ``day`` the last on which something happened about it.
    """

    entry: str
    key: int
    day: datetime.date | None
    noun: str
    handle: str
    language: str
    title: str
    text: str


def words(hits: Sequence[Hit], language: str) -> list[Words]:
    """The documents of these hits that readers of a language see."""
    if not hits:
        return []
    keys = [hit.key for hit in hits]
    # Written out: to have it put together took three times as long as its answer.
    places = ", ".join(["%s"] * len(keys))
    statement = (
        "SELECT e.noun, e.subject, e.day, d.noun, d.handle, d.language, d.title, d.text "  # noqa: S608
        "FROM search_entry e JOIN search_document d ON d.entry_id = e.id "
        f"WHERE e.key IN ({places}) AND d.audience LIKE %s ORDER BY d.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*keys, f"% {language} %"])
        return [Words(entry, key, as_date(day), *said) for entry, key, day, *said in cursor]


#: Noun → what says, of some keys, where each is found and how it is introduced. Rooms whose
#: documents are no recommendations and no steps add theirs.
Present = Callable[[Directory, Sequence[int], Mapping[int, list[Words]], str], dict[int, Line]]
PRESENTERS: dict[str, Present] = {}


def presented(noun: str) -> Callable[[Present], Present]:
    def register(present: Present) -> Present:
        PRESENTERS[noun] = present
        return present

    return register


def lines(
    lists: Directory, hits: Sequence[Hit], question: Question, language: str, phrases: Sequence[str]
) -> list[Line]:
    """The results of one page, in their order; one that was withdrawn meanwhile is left out."""
    held: dict[str, dict[int, list[Words]]] = defaultdict(lambda: defaultdict(list))
    for document in words(hits, language):
        held[document.entry][document.key].append(document)
    found: dict[tuple[str, int], Line] = {}
    for noun in {hit.noun for hit in hits}:
        keys = [hit.subject for hit in hits if hit.noun == noun]
        made = PRESENTERS[noun](lists, keys, held[noun], language)
        found |= {(noun, key): line for key, line in made.items()}
    shown = []
    for hit in hits:
        line = found.get((hit.noun, hit.subject))
        if line is not None:
            line.key = hit.key
            _explain(line, held[hit.noun][hit.subject], question, language)
            shown.append(line)
    return shown


def _explain(line: Line, documents: list[Words], question: Question, language: str) -> None:
    """Mark what was found in the title, and quote where else it was found."""
    written = getattr(line.title, "language", language)
    text = str(line.title)
    line.title = highlight.marked(text, written, question.tokens(written))
    line.language = "" if written == language else written
    ranked = []
    for place, document in enumerate(documents):
        tokens = question.tokens(document.language)
        own = document.title == text
        quote = highlight.passage(document.text, document.language, tokens)
        inside = (
            0
            if own
            else len({t for *_s, t in highlight.spans(document.title, document.language, tokens)})
        )
        if quote.found or inside:
            ranked.append(((-(quote.found + inside), place), document, quote, inside))
    ranked.sort(key=lambda each: each[0])
    heading = _bare(text)
    said = [each for each in ranked if each[3] or _bare(each[2].html) not in heading]
    for _rank, document, quote, _inside in said[:UNDER]:
        tokens = question.tokens(document.language)
        main = document.noun == "recommendation"
        line.extracts.append(
            {
                "where": _where(document.noun),
                "language": "" if document.language == language else document.language,
                "url": "" if main else _address(document, line),
                "title": ""
                if main
                else highlight.marked(document.title, document.language, tokens),
                "quote": quote.html,
            }
        )
    if line.language:
        line.note, line.why = _note(documents, question, line.language)


def _bare(text: str) -> str:
    """The words of a text or a passage without marks and signs: whether they were said already."""
    return re.sub(r"\W+", " ", unescape(strip_tags(text))).strip()


def _note(
    documents: list[Words], question: Question, written: str
) -> tuple[str, dict[str, str] | None]:
    """In which language it is, and by which pair of words it was found."""
    name = get_language_info(written)["name_local"] if written in dict(settings.LANGUAGES) else ""
    tokens = question.tokens(written)
    for document in documents:
        if document.language != written:
            continue
        text = f"{document.title}\n{document.text}"
        for *_span, token in highlight.spans(text, written, tokens):
            if (written, token) in question.why:
                theirs, typed = question.why[written, token]
                return name, {"theirs": theirs, "typed": typed, "language": written}
    return name, None


def _where(noun: str) -> str:
    return {
        "recommendation": gettext("In the assembly’s text:"),
        "measure": gettext("In a measure:"),
        "response": gettext("In the answer:"),
        "opinion": gettext("In the citizens’ opinion:"),
        "act": gettext("In the act:"),
        "file": gettext("In a document:"),
        "act_file": gettext("In a document:"),
        "sheet": gettext("In the booklet:"),
    }.get(noun, gettext("In a step:"))


def _address(document: Words, line: Line | None = None) -> str:
    if line is not None and line.sheets:
        return f"{line.url}{document.handle}/" if document.handle else line.url
    view = {"measure": "measure", "act": "act", "act_file": "act", "recommendation": "reference"}
    return reverse(f"assemblies:{view.get(document.noun, 'action')}", args=[document.handle])


@presented("recommendation")
def recommendations(
    lists: Directory, keys: Sequence[int], held: Mapping[int, list[Words]], language: str
) -> dict[int, Line]:
    rows = listed(Recommendation.objects.filter(pk__in=keys, withdrawn_on__isnull=True))
    found = {}
    for each in rows:
        row = row_of(lists, each)
        assembly = lists.assembly_of(each.cycle_id)
        cycle = lists.originals.get(lists.cycles[each.cycle_id].translation_key)
        found[each.pk] = Line(
            title=row["title"],
            url=row["url"],
            origin=[
                assembly.territory,
                place_label(lists, cycle) if cycle else each.reference,
                row["kicker"],
            ],
            row={**row, "owed": owes(assembly)},
            day=dates.day(each.last_action_on) if each.last_action_on else "",
        )
    return found


@presented("action")
def steps(
    lists: Directory, keys: Sequence[int], held: Mapping[int, list[Words]], language: str
) -> dict[int, Line]:
    found = {}
    rows = Action.objects.filter(pk__in=keys, live=True).only("assembly", "cycle").in_bulk()
    for key, row in rows.items():
        assembly = lists.assemblies[row.assembly_id]
        own = [each for each in held.get(key, ()) if each.noun != "file"]
        if not own:
            continue
        first = min(own, key=lambda each: each.language != language)
        found[key] = Line(
            title=Choice(first.title, first.language, missing=first.language != language),
            url=_address(first),
            origin=[
                assembly.territory,
                gettext("Step no. %(number)s") % {"number": first.handle},
            ],
            row={"example": (lists.cycles.get(row.cycle_id) or assembly).example},
            day=dates.day(first.day) if first.day else "",
        )
    return found
