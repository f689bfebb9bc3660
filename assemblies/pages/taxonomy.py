"""The pages of bodies and topics, and their lists: across assemblies, from the shared lists."""

from collections import Counter
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assemblies import clock, dates
from assemblies.directory import Directory
from assemblies.duties import DUE, LATE
from assemblies.enums import DONE_IMPLEMENTATIONS, Axis, Implementation
from assemblies.keyset import Window, window
from assemblies.models import Action, Body, Measure, MeasureServes, Recommendation, Topic
from assemblies.pages.common import (
    KindWords,
    crumbs,
    directory_of,
    link,
    named,
    owes,
    place_label,
    place_url,
    reading,
    site_url,
)
from assemblies.pages.latest import latest
from assemblies.pages.measures import breakdown
from assemblies.pages.rows import listed, reference, row_of
from assemblies.words import Choice, choose

#: Open duties that a body's page names one by one.
OWED = 12


def _home(lists: Directory) -> list:
    return [next(iter(lists.homes.values()))] if lists.homes else []


def _frame(
    request: HttpRequest, lists: Directory, *more: dict[str, Any], shown: Window | None = None
) -> dict[str, Any]:
    query = request.META.get("QUERY_STRING", "")
    own = f"?{query}" if query and shown is not None and not shown.first else ""
    return {
        "breadcrumbs": crumbs(lists, _home(lists), *more),
        "as_of": clock.today(),
        "canonical_url": f"{site_url()}{request.path}{own}",
    }


def _by_name(thing: Any) -> str:
    return choose(thing.name).text.casefold()


# -- bodies -----------------------------------------------------------------------------------


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
        **_frame(
            request,
            lists,
            {"label": gettext("Bodies"), "url": reverse("assemblies:bodies")},
            {"label": found.name, "url": None},
            shown=shown,
        ),
        "body": found,
        "owed": owes(assembly),
        "ink": assembly.ink if assembly else "",
        "noindex": found.example,
        "parent": lists.bodies.get(found.parent_id or 0),
        "parts": sorted((each for each in bodies if each.parent_id == found.pk), key=_by_name),
        "successor": lists.bodies.get(found.successor_id or 0),
        "predecessors": sorted(
            (each for each in bodies if each.successor_id == found.pk), key=_by_name
        ),
        "window": shown,
        "measures": [_measure(lists, each) for each in shown.items],
        "measures_total": sum(counted["implementations"].values()),
        "measures_done": sum(counted["implementations"][code] for code in DONE_IMPLEMENTATIONS),
        "breakdown": breakdown(list(counted["implementations"].elements())),
        "decides": counted["answers"],
        "duties": duties[:OWED],
        "duties_more": max(open_number - OWED, 0),
        "steps": latest(lists, Action.objects.filter(body=found.pk)),
    }
    return TemplateResponse(request, "assemblies/body.html", context)


def _counted(body: Body) -> dict[str, Any]:
    """The measures it leads by how far they are, and the answers it gives: one query."""
    measures = (
        Measure.objects.filter(live=True, lead=body.pk)
        .order_by()
        .annotate(noun=Value("measure"), code=F("implementation"))
        .values("noun", "code")
        .annotate(number=Count("pk"), still_open=Count("next_due"))
        .values_list("noun", "code", "number", "still_open")
    )
    answers = (
        Recommendation.objects.live()
        .filter(deciding_body=body.pk, withdrawn_on__isnull=True)
        .order_by()
        .annotate(noun=Value("answer"), code=F("response"))
        .values("noun", "code")
        .annotate(number=Count("pk"), still_open=Count("next_due"))
        .values_list("noun", "code", "number", "still_open")
    )
    found: dict[str, Any] = {
        "implementations": Counter(),
        "answers": 0,
        "answers_open": 0,
        "measures_open": 0,
    }
    for what, code, number, still_open in measures.union(answers, all=True):
        if what == "measure":
            found["implementations"][code or Implementation.NOT_STARTED] += number
            found["measures_open"] += still_open
        else:
            found["answers"] += number
            found["answers_open"] += still_open
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
            (each for each in lists.bodies.values() if each.assembly_id == key), key=_by_name
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
        **_frame(request, lists, {"label": gettext("Bodies"), "url": None}),
        "groups": groups,
    }
    return TemplateResponse(request, "assemblies/bodies.html", context)


# -- topics -----------------------------------------------------------------------------------


@reading
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything asked on one topic, by assembly and round, with what became of it."""
    lists = directory_of(request)
    found = next((each for each in lists.topics.values() if each.slug == slug), None)
    if found is None:
        raise Http404
    asked = Recommendation.objects.filter(topics=found.pk)
    counts = _by_cycle(asked)
    order = sorted(counts, key=lambda key: _place_of(lists, key))
    # Nobody's key stands first: a list of nothing is still an expression to sort by.
    rank = Case(
        *(When(cycle=key, then=place) for place, key in enumerate([0, *order])),
        default=len(order) + 1,
        output_field=IntegerField(),
    )
    shown = window(
        request,
        asked.live().annotate(rank=rank),
        order=("rank", "position", "pk"),
        cursor="reference",
        read=reference,
        dress=listed,
    )
    on_it = Recommendation.objects.filter(topics=found.pk).values("pk")
    actions = Action.objects.filter(
        pk__in=Action.objects.filter(targets__recommendation__in=on_it).values("pk")
    )
    context = {
        **_frame(
            request,
            lists,
            {"label": gettext("Topics"), "url": reverse("assemblies:topics")},
            {"label": found.name, "url": None},
            shown=shown,
        ),
        "topic": found,
        "window": shown,
        "sections": _sections(lists, shown, counts),
        "steps": latest(lists, actions, 5),
        "noindex": bool(shown.items) and all(item.example for item in shown.items),
    }
    return TemplateResponse(request, "assemblies/topic.html", context)


def _by_cycle(asked: QuerySet[Recommendation]) -> dict[int, int]:
    """How many of these recommendations each round has; withdrawn ones are listed, not counted."""
    rows = (
        asked.live()
        .order_by()
        .values("cycle")
        .annotate(number=Count("pk", filter=Q(withdrawn_on__isnull=True)))
    )
    return {row["cycle"]: row["number"] for row in rows}


def _place_of(lists: Directory, cycle_id: int) -> tuple:
    """Assemblies by their code, their rounds from the newest to the oldest."""
    cycle = lists.cycles[cycle_id]
    day = cycle.handed_over_on or cycle.started_on
    return (
        lists.assemblies[cycle.assembly_id].code,
        -day.toordinal() if day else 0,
        cycle.code,
        cycle_id,
    )


def _sections(lists: Directory, shown: Window, counts: dict[int, int]) -> list[dict[str, Any]]:
    """The page's recommendations, one section a round."""
    sections: list[dict[str, Any]] = []
    for item in shown.items:
        if not sections or sections[-1]["cycle"] != item.cycle_id:
            cycle = lists.cycles[item.cycle_id]
            assembly = lists.assemblies[cycle.assembly_id]
            place = lists.originals[cycle.translation_key]
            number = counts.get(item.cycle_id, 0)
            sections.append(
                {
                    "cycle": item.cycle_id,
                    "id": cycle.reference,
                    "place": assembly.territory,
                    "title": place_label(lists, place),
                    "url": place_url(lists, place),
                    "ink": assembly.ink,
                    "owed": owes(assembly),
                    "count": ngettext(
                        "%(number)s recommendation", "%(number)s recommendations", number
                    )
                    % {"number": number},
                    "rows": [],
                }
            )
        sections[-1]["rows"].append(row_of(lists, item))
    return sections


@reading
def topics(request: HttpRequest) -> HttpResponse:
    """All topics, with how many recommendations each has: one list for all assemblies."""
    lists = directory_of(request)
    context = {
        **_frame(request, lists, {"label": gettext("Topics"), "url": None}),
        "topics": topics_with_counts(lists),
    }
    return TemplateResponse(request, "assemblies/topics.html", context)


def topics_with_counts(lists: Directory) -> list[dict[str, Any]]:
    """The topics by name, each with its number of recommendations; one query."""
    rows = (
        Recommendation.objects.live()
        .filter(withdrawn_on__isnull=True, topics__isnull=False)
        .order_by()
        .values("topics")
        .annotate(number=Count("pk"))
        .values_list("topics", "number")
    )
    numbers = dict(rows)
    found: list[Topic] = sorted(lists.topics.values(), key=_by_name)
    return [{"topic": each, "number": numbers.get(each.pk, 0)} for each in found]
