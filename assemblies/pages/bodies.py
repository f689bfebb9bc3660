"""The pages of bodies: what each leads, owes, has answered; and the list of all of them."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import (
    Count,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from assemblies import clock, dates
from assemblies.directory import Directory
from assemblies.duties import DUE, LATE
from assemblies.enums import DONE_IMPLEMENTATIONS, Axis, Implementation, Response
from assemblies.keyset import window
from assemblies.models import Action, Body, Measure, MeasureServes, Recommendation
from assemblies.pages.common import (
    KindWords,
    directory_of,
    link,
    named,
    owes,
    place_label,
    place_url,
    reading,
)
from assemblies.pages.latest import latest
from assemblies.pages.measures import breakdown
from assemblies.pages.rows import TALLIED, invented, reference
from assemblies.pages.taxonomy import by_name, frame, place_of
from assemblies.sentence import answered
from assemblies.words import Choice, choose

#: Open duties that a body's page names one by one.
OWED = 12


@reading
def body(request: HttpRequest, slug: str) -> HttpResponse:
    """What a body is, what it leads, what it owes, what it did last."""
    lists = directory_of(request)
    found = next((each for each in lists.bodies.values() if each.slug == slug), None)
    if found is None:
        raise Http404
    assembly = lists.assemblies.get(found.assembly_id or 0)
    request.assembly = assembly
    counted = _counted(found)
    shown = window(
        request,
        Measure.objects.filter(live=True, lead=found.pk),
        order=("cycle", "position", "pk"),
        cursor="reference",
        read=reference,
        dress=_led,
    )
    duties = [*_owed_answers(lists, found), *_owed_measures(lists, found)]
    duties.sort(key=lambda duty: duty["due"])
    open_number = counted["answers_open"] + counted["measures_open"]
    bodies = lists.bodies.values()
    context = {
        **frame(
            request,
            lists,
            {"label": gettext("Bodies"), "url": reverse("assemblies:bodies")},
            {"label": found.name, "url": None},
            shown=shown,
        ),
        "body": found,
        "steps_of": f"body={found.slug}",
        "owed": owes(assembly),
        "ink": assembly.ink if assembly else "",
        "noindex": found.example,
        "parent": lists.bodies.get(found.parent_id or 0),
        "parts": sorted((each for each in bodies if each.parent_id == found.pk), key=by_name),
        "successor": lists.bodies.get(found.successor_id or 0),
        "predecessors": sorted(
            (each for each in bodies if each.successor_id == found.pk), key=by_name
        ),
        "window": shown,
        "measures": [_measure(lists, each) for each in shown.items],
        "measures_total": sum(counted["implementations"].values()),
        "measures_done": sum(counted["implementations"][code] for code in DONE_IMPLEMENTATIONS),
        "breakdown": breakdown(list(counted["implementations"].elements())),
        "example_measures": counted["example_measures"],
        "decides": counted["answers"],
        "answers": _answers(lists, found, counted),
        "duties": duties[:OWED],
        "duties_more": max(open_number - OWED, 0),
        "steps": latest(lists, Action.objects.filter(body=found.pk)),
    }
    return TemplateResponse(request, "assemblies/body.html", context)


def _counted(body: Body) -> dict[str, Any]:
    """The measures it leads by how far they are, and the answers it gives: one query."""
    columns = ("noun", "of_cycle", "code", "marked", "number", "still_open")
    measures = (
        Measure.objects.filter(live=True, lead=body.pk)
        .order_by()
        .annotate(
            noun=Value("measure"),
            of_cycle=F("cycle"),
            code=F("implementation"),
            marked=F("example"),
        )
        .values("noun", "of_cycle", "code", "marked")
        .annotate(number=Count("pk"), still_open=Count("next_due"))
        .values_list(*columns)
        .order_by()
    )
    answers = (
        Recommendation.objects.live()
        .filter(deciding_body=body.pk, withdrawn_on__isnull=True)
        .order_by()
        .annotate(noun=Value("answer"), of_cycle=F("cycle"), code=F("response"), marked=invented())
        .values("noun", "of_cycle", "code", "marked")
        .annotate(number=Count("pk"), still_open=Count("next_due"))
        .values_list(*columns)
        .order_by()
    )
    found: dict[str, Any] = {
        "implementations": Counter(),
        "example_measures": False,
        #: Cycle → response → number of recommendations on which the body decides.
        "responses": defaultdict(Counter),
        "examples": set(),
        "answers": 0,
        "answers_open": 0,
        "measures_open": 0,
    }
    for what, cycle, code, marked, number, still_open in measures.union(answers, all=True):
        if what == "measure":
            found["implementations"][code or Implementation.NOT_STARTED] += number
            found["example_measures"] |= bool(marked)
            found["measures_open"] += still_open
        else:
            found["responses"][cycle][code] += number
            found["examples"] |= {cycle} if marked else set()
            found["answers"] += number
            found["answers_open"] += still_open
    return found


def _answers(lists: Directory, body: Body, counted: dict[str, Any]) -> list[dict[str, Any]]:
    """What the body has answered, round by round; never a sum over two of them."""
    found = []
    for key in sorted(counted["responses"], key=lambda key: place_of(lists, key)):
        cycle = lists.cycles[key]
        assembly = lists.assemblies[cycle.assembly_id]
        place = lists.originals[cycle.translation_key]
        numbers = counted["responses"][key]
        url = place_url(lists, place)
        kinds = [kind.pk for kind in lists.kinds.values() if kind.assembly_id == assembly.pk]
        found.append(
            {
                "title": place_label(lists, place),
                "place": assembly.territory,
                "url": url,
                "ink": assembly.ink,
                "example": key in counted["examples"],
                "sentence": answered(numbers.total(), numbers.total() - numbers[Response.AWAITING]),
                "states": [
                    {
                        "code": code.value,
                        "words": KindWords(lists, kinds[0]).word(Axis.RESPONSE, code)
                        if len(kinds) == 1
                        else None,
                        "number": numbers[code],
                        "url": f"{url}?response={code.value}&body={body.slug}#list",
                    }
                    for code in TALLIED
                    if numbers[code]
                ],
            }
        )
    return found


def _led(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """Measures with the kind of what they serve, whose words name their states."""
    serving = MeasureServes.objects.filter(measure=OuterRef("pk")).order_by("pk")
    return measures.annotate(kind_served=Subquery(serving.values("recommendation__kind")[:1]))


def _measure(lists: Directory, measure: Any) -> dict[str, Any]:
    """One measure of a list, as ``parts/measure_row.html`` shows it."""
    cycle = lists.cycles[measure.cycle_id]
    assembly = lists.assemblies[cycle.assembly_id]
    place = lists.originals.get(cycle.translation_key)
    code = measure.implementation or Implementation.NOT_STARTED
    return {
        "number": measure.number_in_cycle,
        "title": measure.title,
        "url": measure.url,
        "cycle": place_label(lists, place) if place is not None else "",
        "place": assembly.territory,
        "implementation": code.value if isinstance(code, Implementation) else code,
        "words": KindWords(lists, measure.kind_served).word(Axis.IMPLEMENTATION, code),
        "deadline": measure.deadline,
        "deadline_words": measure.deadline_words,
        "example": measure.example,
        "owed": owes(assembly),
    }


def _open(due: Any) -> dict[str, Any]:
    """The state of something expected by a day."""
    day = {"day": dates.day(due)}
    if due < clock.today():
        return {
            "status": LATE,
            "due": due,
            "sentence": gettext("Nothing published; it was expected by %(day)s.") % day,
        }
    return {"status": DUE, "due": due, "sentence": gettext("Expected by %(day)s.") % day}


def _owed_answers(lists: Directory, body: Body) -> list[dict[str, Any]]:
    """The recommendations on which this body owes the next answer or report."""
    rows = named(
        Recommendation.objects.live().filter(
            deciding_body=body.pk, withdrawn_on__isnull=True, next_due__isnull=False
        )
    ).order_by("next_due", "pk")[:OWED]
    found = []
    for row in rows:
        linked = link(lists, row)
        title = linked["title"]
        found.append(
            _open(row.next_due)
            | {
                "name": Choice(
                    f"{row.reference}, {title.text}", title.language, missing=title.missing
                ),
                "url": linked["url"],
                "example": row.example,
            }
        )
    return found


def _owed_measures(lists: Directory, body: Body) -> list[dict[str, Any]]:
    """The measures that this body leads and of which a date is still open."""
    rows = Measure.objects.filter(live=True, lead=body.pk, next_due__isnull=False)
    found = []
    for row in rows.order_by("next_due", "pk")[:OWED]:
        title = choose(row.title)
        found.append(
            _open(row.next_due)
            | {
                "name": Choice(
                    gettext("Measure %(reference)s, %(title)s")
                    % {"reference": row.reference, "title": title.text},
                    title.language,
                    missing=title.missing,
                ),
                "url": row.url,
                "example": row.example,
            }
        )
    return found


@reading
def bodies(request: HttpRequest) -> HttpResponse:
    """All bodies, by assembly; those that several deal with come last."""
    lists = directory_of(request)
    groups = []
    for key in [*sorted(lists.assemblies, key=lambda key: lists.assemblies[key].code), None]:
        of_it = sorted(
            (each for each in lists.bodies.values() if each.assembly_id == key), key=by_name
        )
        if not of_it:
            continue
        assembly = lists.assemblies.get(key or 0)
        place = lists.originals.get(assembly.translation_key) if assembly else None
        groups.append(
            {
                "title": place_label(lists, place)
                if place is not None
                else gettext("Bodies that any assembly may deal with"),
                "url": place_url(lists, place) if place is not None else "",
                "bodies": of_it,
                "owed": owes(assembly),
            }
        )
    context = {
        **frame(request, lists, {"label": gettext("Bodies"), "url": None}),
        "groups": groups,
    }
    return TemplateResponse(request, "assemblies/bodies.html", context)
