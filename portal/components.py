"""For developers: every component in every state, on one page per language. In development only.

``/_components/fr/`` and ``/_components/nl/``, from ``portal.dev_urls``. What it shows is made up
here; nothing is read from the database.
"""

import datetime
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from assemblies.enums import VALUES, Axis, Kind, Stage
from assemblies.models import Ink
from portal.env import BASE_DIR

DAY = datetime.date(2024, 5, 15)
TITLE = {
    "fr": "Créer dans chaque quartier un guichet unique de la rénovation",
    "nl": "In elke wijk één renovatieloket openen",
}
WORDS = {
    "fr": "Quatre guichets sur six sont ouverts ; manquent Anderlecht et Forest.",
    "nl": "Vier van de zes loketten zijn open; Anderlecht en Vorst ontbreken.",
}
SENTENCE = {
    "fr": "Acceptée en partie le 15 mai 2024. Sur 5 mesures annoncées, 2 sont réalisées.",
    "nl": "Gedeeltelijk aanvaard op 15 mei 2024. Van de 5 maatregelen zijn er 2 uitgevoerd.",
}
FRENCH = {"fr": "Ce texte n’existe qu’en français."}
CODES = ["delivered", "partly", "under_way", "preparation", "not_started", "continuous"]
CODES += ["stopped", "void"]
GOVERNMENT = SimpleNamespace(
    name={"fr": "Gouvernement", "nl": "Regering"}, url="#body", kind="government"
)
COMMITTEE = SimpleNamespace(
    name={"fr": "Comité de suivi", "nl": "Opvolgingscomité"}, url="#body", kind="committee"
)
LINK = {"title": "Bilan des guichets", "url": "#source", "position": 1, "language": "fr"}
DOCUMENT = SimpleNamespace(url="#document", file_extension="pdf", file_size=640_000)
SOURCES = [
    LINK | {"official": True},
    {"title": "Balans van de loketten", "url": "#source", "language": "nl", "position": 1}
    | {"official": True},
    {"title": "Plan", "document": DOCUMENT, "position": 2},
]


def drawn(source: str, /, **context: Any) -> SafeString:
    """A piece of template, with the domain's tags."""
    template = engines["django"].from_string("{% load i18n suites %}" + source)
    return mark_safe(template.render(context))  # noqa: S308 - a template of this file


def included(name: str, /, **context: Any) -> SafeString:
    return mark_safe(render_to_string(f"components/{name}.html", context))  # noqa: S308 - ours


def step(number: int, kind: str = Kind.PROGRESS, **more: Any) -> SimpleNamespace:
    """One step of a timeline, as a page gives it to its template."""
    day = datetime.date(2026 - number // 5, 1 + number % 12, 9)
    return SimpleNamespace(
        number=number,
        url="#step",
        kind=kind,
        get_kind_display=Kind(kind).label,
        body=COMMITTEE if kind == Kind.OPINION else GOVERNMENT,
        title=TITLE,
        happened_first=day,
        happened_last=day,
        **more,
    )


def measure(code: str, **more: Any) -> dict[str, Any]:
    return {
        "number_in_cycle": "3.4.1",
        "title": TITLE,
        "url": "#measure",
        "text": WORDS,
        "implementation": code,
        "implementation_on": (DAY, DAY),
        "lead": GOVERNMENT,
        "contributors": [GOVERNMENT, COMMITTEE],
        "deadline": datetime.date(2027, 3, 31),
        "deadline_words": {"fr": "mars 2027", "nl": "maart 2027"},
        "sources": SOURCES,
        **more,
    }


def row(number: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": TITLE,
        "url": "#row",
        "sentence": drawn("{% words s %}", s=SENTENCE),
        "response": "partial",
        "measures": CODES[:5],
        "opinion": "to_clarify",
        **more,
    }


def voice(axis: str, code: str, **more: Any) -> dict[str, Any]:
    citizens = axis == Axis.OPINION
    return {
        "who": (COMMITTEE if citizens else GOVERNMENT).name,
        "url": "#body",
        "label": Stage.FINAL.label,
        "first": DAY,
        "last": DAY,
        "axis": axis,
        "code": code,
        "text": WORDS,
        "number": 26,
        "permalink": "#step",
        **more,
    }


def duty(status: str, **more: Any) -> dict[str, Any]:
    return {
        "status": status,
        "name": TITLE,
        "url": "#duty",
        "sentence": str(SENTENCE["fr"]),
        **more,
    }


# -- the sheet ----------------------------------------------------------------------------------


def sheet() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    """Each component, by the name of its template or style sheet, with its states."""
    icons = sorted(path.stem for path in (BASE_DIR / "portal/templates/icons").glob("*.svg"))
    yield "icon", [(name, drawn("{% icon name %}", name=name)) for name in icons]
    yield "example", [("", drawn("{% example True %}"))]
    yield (
        "state",
        [
            (
                f"{axis}: {code}",
                drawn("{% state axis code since=day %}", axis=axis, code=code, day=DAY),
            )
            for axis, values in VALUES.items()
            for code in values.values
        ],
    )
    yield (
        "counts",
        [
            ("none", included("counts")),
            ("one", drawn("{% counts codes %}", codes=CODES[:1])),
            ("every state", drawn("{% counts codes large=True %}", codes=CODES)),
            ("forty", drawn("{% counts codes %}", codes=CODES * 5)),
            ("numbers only", drawn("{% counts None done=2 total=5 %}")),
        ],
    )
    yield from _of_lists()
    yield from _of_pages()
    yield from _of_steps()
    yield from _small()


def _of_lists() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    answers = VALUES[Axis.RESPONSE].values
    yield (
        "tally",
        [
            (
                "",
                included(
                    "tally",
                    caption="…",
                    rows=[
                        {"axis": Axis.RESPONSE, "code": code, "number": place * 7, "url": "#tally"}
                        for place, code in enumerate(answers)
                    ],
                ),
            )
        ],
    )
    rows = [
        row("3.4"),
        row("3.5", response="awaiting", measures=[], opinion="", late=SENTENCE["fr"]),
        row("3.6", title=FRENCH, response="rejected", measures=[], opinion="insufficient"),
        row("3.7", measures=CODES * 5, example=True, spoken=WORDS["fr"], opinion=""),
    ]
    body = included("row_head") + drawn("<ul class='recs'>")
    body += mark_safe("".join(included("row", row=each) for each in rows) + "</ul>")  # noqa: S308
    yield "row", [("", body)]
    origin = [GOVERNMENT.name, "BXL-C1-3.4"]
    card = row("3.4") | {"origin": origin, "extract": WORDS}
    yield "card", [("", included("card", card=card))]


def _of_pages() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    asked = {"term": "1", "more": "…", "first": DAY, "last": DAY}
    yield (
        "ledger",
        [
            (
                "recommendation",
                included(
                    "ledger",
                    entries=[
                        asked,
                        {
                            "term": "2",
                            "axis": "response",
                            "code": "partial",
                            "first": DAY,
                            "last": DAY,
                        },
                        {"term": "3", "measures": CODES},
                        {"term": "4", "axis": "opinion", "code": "to_clarify"},
                    ],
                ),
            ),
            (
                "cycle",
                included(
                    "ledger",
                    entries=[
                        {"term": str(place), "figure": place * 12, "label": "…"}
                        for place in range(4)
                    ],
                ),
            ),
        ],
    )
    text = drawn("<p>{% words w %}</p><ul><li>…</li></ul>", w=WORDS)
    yield (
        "verbatim",
        [
            ("", included("verbatim", html=text, handed_over_on=DAY)),
            ("missing", included("verbatim", html=text, language="fr", missing=True, owed=True)),
        ],
    )
    original = {"code": "fr", "name": "Français", "url": "#original"}
    yield "outdated", [("", included("outdated", outdated={"on": DAY, "language": original}))]
    authority = voice("response", "partial", sources=SOURCES, facts=[{"term": "…", "value": WORDS}])
    opinion = voice(
        "opinion",
        "to_clarify",
        unseen=9,
        replies=[{"who": GOVERNMENT.name, "first": DAY, "last": DAY, "text": WORDS}],
    )
    silent = {"who": COMMITTEE.name, "axis": "opinion", "code": "not_examined", "absent": "…"}
    article = {"who": TITLE, "text": WORDS, "duties": [duty("due"), duty("met")]}
    yield (
        "voices",
        [
            ("two", included("voices", authority=authority, citizens=opinion)),
            ("one is silent", included("voices", authority=authority, citizens=silent)),
            ("an article", included("voices", authority=authority, article=article)),
            (
                "others, and earlier ones",
                included(
                    "voices",
                    authority=authority,
                    others=[authority],
                    earlier=[{"summary": "…", "voice": authority}],
                ),
            ),
        ],
    )
    yield (
        "measure",
        [
            *((code, included("measure", measure=measure(code))) for code in ("delivered", "void")),
            ("bare", included("measure", measure={"number_in_cycle": "1", "title": FRENCH})),
            ("one of many", included("measure", measure=measure("stopped"), folded=True)),
        ],
    )


def _of_steps() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    corrected = step(90, corrected_by={"live": True, "url": "#", "number": 91, "title": TITLE})
    correction = step(91, Kind.CORRECTION, corrects={"url": "#", "number": 90}, withdraws=True)
    opinion = step(92, Kind.OPINION, axis="opinion", value="insufficient", text=WORDS)
    full: dict[str, Any] = {
        "sources": SOURCES,
        "text": WORDS,
        "axis": "implementation",
        "value": "partly",
    }
    yield (
        "action",
        [
            *((kind.value, included("action", action=step(70, kind.value))) for kind in Kind),
            ("with all", included("action", action=step(93, **full, example=True), note="…")),
            ("an opinion", included("action", action=opinion)),
            ("corrected", included("action", action=corrected)),
            ("a correction", included("action", action=correction)),
            ("in short", included("action", action=step(94, **full), brief=True)),
        ],
    )
    yield "steps", [("", included("steps", steps=[{"action": step(n)} for n in range(1, 15)]))]
    statuses = ("late", "due", "met_late", "met")
    reasons = [WORDS, FRENCH]
    duties = [included("duty", duty=duty(status, reasons=reasons)) for status in statuses]
    yield "duty", [("", mark_safe('<ul class="duties">' + "".join(duties) + "</ul>"))]  # noqa: S308


def _small() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    yield (
        "evidence",
        [(str(source["title"]), included("evidence", source=source)) for source in SOURCES],
    )
    yield "sources", [("", included("sources", sources=SOURCES))]
    yield "facts", [("", included("facts", facts=[{"term": TITLE, "value": WORDS, "when": DAY}]))]
    yield "language_note", [("", drawn("{% words_block w %}", w=FRENCH))]
    inks = [
        (ink, drawn('<div data-ink="{{ ink }}">{% mark ink %}</div>', ink=ink))
        for ink in Ink.values
    ]
    yield "mark", inks
    yield "chapter_head", [("", included("chapter_head", name="quote", id="head", title="…"))]
    yield "contents", [("", included("contents", items=[{"label": "…", "url": "#contents"}]))]
    yield "cite", [("", included("cite", text="…", address="suites.example.org/r/X", url="#cite"))]
    change = {"day": DAY, "label": "…", "url": "#past"}
    past = {"day": DAY, "ago": "…", "today_url": "#past", "previous": change, "next": change}
    yield "past", [("", included("past", past=past))]
    yield "as_of", [("", included("as_of", as_of=DAY, dating={"today": DAY, "others": []}))]
    yield from _of_ways()
    yield "pager", [("", included("pager", newer_url="#pager", older_url="#pager"))]
    near = {"kicker": "3.3", "title": TITLE, "url": "#sequence"}
    yield "sequence", [("", included("sequence", previous=near, next=near))]
    yield "message", [("", included("message", kicker="…", title="…", lead="…", links=[]))]
    buttons = (
        '<p class="row"><a class="button" href="#b">…</a><a class="button button--line" href="#b">'
    )
    buttons += '…</a><a class="go" href="#b"><span>…</span>{% icon "right" %}</a></p>'
    yield "button", [("", drawn(buttons))]
    yield "note", [("", drawn('<div class="note"><p>{% words w %}</p></div>', w=WORDS))]


def _of_ways() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    """What leads on: search, filters, following, feeds, booklets."""
    yield "search_box", [("", included("search_box", search_address="#search", typed="2050"))]
    values = [
        {"value": code, "axis": "response", "code": code, "label": label, "number": place * 7}
        for place, (code, label) in enumerate(VALUES[Axis.RESPONSE].choices, start=1)
    ]
    values[0]["chosen"] = True
    facet = {"name": "response", "label": TITLE, "values": values, "chosen": values[:1]}
    found = {
        "facets": [facet],
        "chosen": [{**values[0], "facet": "…", "without": ""}],
        "days": [{"name": "from", "label": "…", "value": ""}],
    }
    yield "filters", [("", included("filters", found=found, list_url="#list"))]
    box = {"action": "#follow", "heading": "…", "what": "topic:1", "stamp": ""}
    yield (
        "follow",
        [
            ("a thing", included("follow", box=box)),
            ("a search", included("follow", box=box | {"search": True})),
        ],
    )
    with_feed = drawn('{% include "components/stream.html" with steps_of="assembly=BXL" %}')
    yield "stream", [("", with_feed)]
    edition = SimpleNamespace(closing_on=DAY, example=True)
    booklet = {"title": TITLE, "url": "#booklet", "edition": edition}
    booklets = [booklet | {"assembly": {"title": COMMITTEE.name["fr"]}}]
    yield "booklets", [("", included("booklets", booklets=booklets))]


def show(request: HttpRequest, language: str) -> HttpResponse:
    """The sheet in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        context = {"sheet": list(sheet()), "title": "Components", "noindex": True}
        return render(request, "developers/components.html", context)
