"""The honest numbers of an assembly or a cycle on any day: each with what it is a part of.

Every number leads to the list of its items: the same address, with what was chosen.
"""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.encoding import escape_uri_path
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from assemblies import clock, dates, delivery
from assemblies.directory import Directory
from assemblies.enums import Axis, Implementation, Opinion, Response
from assemblies.models import AnnouncedCount
from assemblies.pages import as_of, day
from assemblies.pages.common import crumbs, directory_of, reading, site_url
from assemblies.pages.cycle import announced_count
from assemblies.pages.rows import TALLIED, response_word
from assemblies.sentence import answered
from assemblies.words import Choice
from timeline import counting, numbers_list
from timeline.counting import AGREES, CLARIFY, CONTESTS, DECLARED, DOCUMENTED, UNSAID, Counts, Said
from timeline.subject import Subject, context_of, doors, subject_at, versions

#: The opinions in the order of the table's bubbles.
OPINIONS = (Opinion.SATISFACTORY, Opinion.TO_CLARIFY, Opinion.INSUFFICIENT, Opinion.NOT_EXAMINED)


@reading
def numbers(request: HttpRequest, path: str) -> HttpResponse:
    """``…/chiffres/``: all numbers; with a choice, the list of what one of them counts."""
    lists = directory_of(request)
    subject = subject_at(request, lists, path)
    own = subject.url(lists, "numbers")
    query = request.META.get("QUERY_STRING", "")
    if own != escape_uri_path(request.path):
        return HttpResponseRedirect(f"{own}?{query}" if query else own)
    request.versions = versions(lists, subject, "numbers")  # type: ignore[attr-defined]
    past = as_of.asked(request)
    choice = numbers_list.Choice.read(request.GET, past)
    context = context_of(lists, subject) | {
        "numbers_url": day.kept(own, past),
        "canonical_url": "" if choice else f"{site_url()}{own}",
        **as_of.dated(request, past),
        "breadcrumbs": crumbs(
            lists, lists.trail(subject.place), *_here(own, past, choice), past=past
        ),
    }
    if choice:
        context |= numbers_list.list_context(request, lists, subject, choice) | {"noindex": True}
        return TemplateResponse(request, "timeline/numbers_list.html", context)
    return TemplateResponse(
        request, "timeline/numbers.html", context | _context(lists, subject, past, own)
    )


def _here(own: str, past: day.Past, choice: Any) -> list[dict[str, Any]]:
    figures = {"label": gettext("Figures"), "url": day.kept(own, past)}
    return [figures, {"label": gettext("List"), "url": None}] if choice else [figures]


def _context(lists: Directory, subject: Subject, past: day.Past, own: str) -> dict[str, Any]:
    cycles = [cycle.pk for cycle in subject.cycles(lists, past)]
    counted = counting.count(cycles, past)
    measures = counting.measures(cycles, past)
    done = [each for each in measures if each.done]
    judges = subject.regime.has_citizens_body

    def url(**chosen: str) -> str:
        return day.kept(f"{own}?{urlencode(chosen)}", past)

    sentence = f"{answered(counted.recommendations, counted.answered)} {_delivered(counted)}"
    announced = AnnouncedCount.objects.filter(cycle__in=cycles, live=True)
    if past:
        announced = announced.filter(Q(stated_on__isnull=True) | Q(stated_on__lte=past))
    example = bool(counted.examples or any(each.example for each in measures))
    on = past or clock.today()
    return {
        "counted": counted,
        "example": example,
        "sentence": sentence.strip(),
        "total": counted.recommendations,
        "shares": [
            {
                "label": label,
                "number": counted.number(share=code),
                "url": url(delivered=code),
            }
            for code, label in _shares().items()
        ],
        "own_url": url(delivered="own"),
        "measures_total": len(measures),
        "measures_url": url(measures="announced"),
        "done": len(done),
        "sayings": _sayings(done, url, judges=judges),
        "table": _table(lists, counted, url, judges=judges),
        "heads": _heads(),
        "totals": [
            {
                "label": label,
                "number": counted.number(share=code),
                "url": url(delivered=code),
            }
            for code, label in _heads().items()
        ],
        "all_url": url(response="any"),
        "tallies": _tallies(lists, counted, measures, url, judges=judges),
        "late": counted.late,
        "late_url": url(late="1"),
        "late_unanswered": counted.late_unanswered,
        "late_unanswered_url": url(late="1", response=Response.AWAITING),
        "announced": [announced_count(lists, each) for each in announced],
        "copy": _copied(lists, subject, sentence, done, on, judges=judges),
        "doors": doors(lists, subject, past, but="numbers"),
        "copy_url": f"{site_url()}{own}?{day.PARAMETER}={on.isoformat()}",
    }


def _number(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _delivered(counted: Counts) -> str:
    """The shares in a sentence, none of them left out."""
    if not counted.recommendations:
        return ""
    return gettext(
        "The measures announced are all delivered for %(all)s, some of them for %(some)s, none "
        "for %(none)s; for %(unannounced)s, nothing was announced."
    ) % {code: _number(counted.number(share=code)) for code in delivery.SHARES}


def _shares() -> dict[str, str]:
    return {
        delivery.ALL: gettext("All measures announced are delivered"),
        delivery.SOME: gettext("Some are delivered"),
        delivery.NONE: gettext("None is delivered"),
        delivery.UNANNOUNCED: gettext("No measure was announced"),
    }


def share_labels() -> dict[str, str]:
    """How much is delivered, by itself; and what is done without a measure of its own."""
    return _shares() | {"own": gettext("Delivered without a measure of its own")}


def _heads() -> dict[str, str]:
    return {
        delivery.ALL: pgettext("measures", "All delivered"),
        delivery.SOME: pgettext("measures", "Some delivered"),
        delivery.NONE: pgettext("measures", "None delivered"),
        delivery.UNANNOUNCED: pgettext("measures", "None announced"),
    }


def said_labels() -> dict[str, str]:
    """Who says that a measure is delivered."""
    return {
        DECLARED: gettext("The authority declares it"),
        DOCUMENTED: gettext("A document or a link is attached"),
        AGREES: gettext("The follow-up committee agrees"),
        CLARIFY: gettext("The follow-up committee asks for clarification of it"),
        CONTESTS: gettext("The follow-up committee contests it"),
        UNSAID: gettext("The follow-up committee has not said"),
    }


def _sayings(done: list[Said], url: Any, *, judges: bool) -> list[dict[str, Any]]:
    found = []
    for who, label in said_labels().items():
        number = sum(each.is_said(who) for each in done)
        if who in (DECLARED, DOCUMENTED) or (judges and (number or who != CLARIFY)):
            found.append({"label": label, "number": number, "url": url(measures=who)})
    return found


def _table(lists: Directory, counted: Counts, url: Any, *, judges: bool) -> list[dict[str, Any]]:
    """Response × share delivered, each cell with the opinions in it."""
    rows = []
    for code in TALLIED:
        cells = []
        for share, head in _heads().items():
            number = counted.number(response=code, share=share)
            cells.append(
                {
                    "head": head,
                    "number": number,
                    "url": url(response=code, delivered=share),
                    "opinions": [
                        {
                            "code": opinion,
                            "label": opinion.label,
                            "number": counted.number(response=code, share=share, opinion=opinion),
                            "url": url(response=code, delivered=share, opinion=opinion),
                        }
                        for opinion in OPINIONS
                        if judges and counted.number(response=code, share=share, opinion=opinion)
                    ],
                }
            )
        rows.append(
            {
                "code": code,
                "words": response_word(lists, counted, code),
                "cells": cells,
                "number": counted.number(response=code),
                "url": url(response=code),
            }
        )
    return rows


def _tallies(
    lists: Directory, counted: Counts, measures: list[Said], url: Any, *, judges: bool
) -> list[dict[str, Any]]:
    """One question at a time, each number with its denominator."""
    total = counted.recommendations

    def line(axis: Axis, code: Any, number: int, words: Any, **chosen: str) -> dict[str, Any]:
        return {
            "axis": axis.value,
            "code": code.value,
            "words": words,
            "number": number,
            "url": url(**chosen) if number else "",
        }

    recommendations = ngettext(
        "of %(count)s recommendation", "of %(count)s recommendations", total
    ) % {"count": _number(total)}
    found = [
        {
            "id": "responses",
            "title": gettext("Responses"),
            "of": recommendations,
            "total": total,
            "rows": [
                line(
                    Axis.RESPONSE,
                    code,
                    counted.number(response=code),
                    response_word(lists, counted, code),
                    response=code,
                )
                for code in TALLIED
            ],
        },
        {
            "id": "implementation",
            "title": gettext("Implementation of the measures"),
            "of": ngettext(
                "of %(count)s measure announced", "of %(count)s measures announced", len(measures)
            )
            % {"count": _number(len(measures))},
            "total": len(measures),
            "rows": [
                line(
                    Axis.IMPLEMENTATION,
                    code,
                    sum(each.code == code for each in measures),
                    None,
                    measures=code,
                )
                for code in Implementation
            ],
        },
    ]
    if judges:
        found.append(
            {
                "id": "opinions",
                "title": gettext("Opinion of the follow-up committee"),
                "of": recommendations,
                "total": total,
                "rows": [
                    line(Axis.OPINION, code, counted.number(opinion=code), None, opinion=code)
                    for code in OPINIONS
                ],
            }
        )
    return found


def _in_its_language(name: Choice) -> SafeString:
    """A name, marked where it is in another language than the reader's."""
    if not name.missing:
        return conditional_escape(name.text)
    return format_html('<span lang="{}">{}</span>', name.language, name.text)


def _copied(
    lists: Directory, subject: Subject, sentence: str, done: list[Said], on: Any, *, judges: bool
) -> str:
    """A sentence that says whose numbers they are, of which day, and who says so."""
    label = _in_its_language(subject.label(lists))
    if subject.cycle is not None:
        above = _in_its_language(context_of(lists, subject)["assembly_label"])
        label = format_html("{}, {}", above, label)
    said = [
        # Translators: whose numbers, and of which day: "Brussels, cycle 1, state on 1 May 2024:"
        format_html(
            gettext("%(place)s, state on %(day)s:") % {"place": "{}", "day": dates.day(on)}, label
        ),
        sentence.strip(),
    ]
    if done:
        said.append(
            ngettext(
                "The authority declares %(count)s measure delivered.",
                "The authority declares %(count)s measures delivered.",
                len(done),
            )
            % {"count": _number(len(done))}
        )
        if judges:
            said.append(
                gettext(
                    "The follow-up committee agrees on %(agrees)s, contests %(contests)s, asks for "
                    "clarification on %(clarify)s and has not said on %(unsaid)s."
                )
                % {
                    who: _number(sum(each.is_said(who) for each in done))
                    for who in (AGREES, CONTESTS, CLARIFY, UNSAID)
                }
            )
    return format_html_join(" ", "{}", ((each,) for each in said))
