"""The home page: what this is, one case from asked to judged, each assembly's own figures."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from assemblies import collation
from assemblies.directory import Directory
from assemblies.enums import DONE_IMPLEMENTATIONS, Axis, Response
from assemblies.models import Action, Assembly, Recommendation, StateSpan
from assemblies.pages.assembly import cycles_of, expected_next, rounds_heading
from assemblies.pages.common import (
    KindWords,
    crumbs,
    directory_of,
    mark_shape,
    owes,
    place_label,
    place_url,
    places_to,
    site_url,
)
from assemblies.pages.latest import SHOWN, Listing, with_parts
from assemblies.pages.rows import figures, invented, listed, noun, page_text, row_of, total
from booklets import pages as booklets
from home.models import HomePage, StandardPage
from home.setup import standard_key

#: What is expected next, on the home page of a site with one assembly; its own page has it all.
EXPECTED = 6
#: Editions of booklets on the home page, the newest first.
BOOKLETS = 4


def home_context(request: HttpRequest, page: HomePage) -> dict[str, Any]:
    """All that ``home/home.html`` shows."""
    lists = directory_of(request)
    assemblies = [
        each
        for each in lists.assemblies.values()
        if (place := lists.originals.get(each.translation_key)) is not None and place.live
    ]
    assemblies.sort(key=lambda each: lists.originals[each.translation_key].path)
    single = assemblies[0] if len(assemblies) == 1 else None
    chosen = worked_example()
    steps, setting = _steps(lists, chosen)
    method = lists.address(standard_key("method"))
    rounds = cycles_of(lists, single, with_acts=False) if single else []
    return {
        "title": page_text(lists, page, page.title),
        "lead": page_text(lists, page, page.lead),
        "single": single,
        "single_place": _place(lists, single) if single else None,
        "explanation": lists.regime_of(single).explanation if single else "",
        "owed": owes(single),
        "rounds": rounds,
        "expected": expected_next(rounds)[:EXPECTED],
        "heading": rounds_heading(single.cycle_word) if single else "",
        "plates": [] if single else plates(lists, assemblies),
        "story": story(lists, chosen, setting) if chosen is not None else None,
        "steps": steps,
        "verbs": verbs(),
        "topics": sorted(lists.topics.values(), key=lambda each: collation.key(each.name)),
        "booklets": booklets.listed(lists, limit=BOOKLETS),
        "timeline_url": reverse("timeline:timeline"),
        "method": method,
        "ink": single.ink if single else "",
        "as_of": None,
        "canonical_url": f"{site_url()}{request.path}",
    }


def standard_context(request: HttpRequest, page: StandardPage) -> dict[str, Any]:
    """All that ``home/standard.html`` shows besides the page itself."""
    lists = directory_of(request)
    place = lists.by_path.get(page.path)
    return {
        "title": page_text(lists, page, page.title),
        "lead": page_text(lists, page, page.lead),
        "breadcrumbs": crumbs(lists, lists.trail(place)) if place is not None else [],
        "canonical_url": f"{site_url()}{request.path}",
    }


def _place(lists: Directory, assembly: Assembly) -> dict[str, Any]:
    place = lists.originals[assembly.translation_key]
    return {"title": place_label(lists, place), "url": place_url(lists, place)}


# -- each assembly ----------------------------------------------------------------------------


def plates(lists: Directory, assemblies: list[Assembly]) -> list[dict[str, Any]]:
    """Each assembly with its own figures, in one query; never a sum over two of them."""
    of_each = {
        assembly.pk: [
            cycle.pk for cycle in lists.cycles.values() if cycle.assembly_id == assembly.pk
        ]
        for assembly in assemblies
    }
    counted = figures(key for keys in of_each.values() for key in keys)
    found = []
    for assembly in assemblies:
        whole = total(counted[key] for key in of_each[assembly.pk])
        regime = lists.regime_of(assembly)
        found.append(
            {
                "assembly": assembly,
                **_place(lists, assembly),
                "shape": mark_shape(assembly),
                "explanation": regime.explanation,
                "sentence": whole.sentence(regime.has_citizens_body),
                "example": assembly.example or whole.example,
                "count": noun(lists, whole, whole.recommendations),
                "owed": owes(assembly),
            }
        )
    return found


# -- one case, from asked to judged -----------------------------------------------------------


def worked_example() -> Any:
    """The case to begin with: wholly real before example, delivered before not, answered last."""
    answered = (
        Recommendation.objects.live()
        .filter(withdrawn_on__isnull=True, response_last__isnull=False)
        .exclude(response=Response.AWAITING)
        .annotate(marked=invented(), done=Q(implementation__in=DONE_IMPLEMENTATIONS))
        .order_by("marked", "-done", "-response_last", "-pk")
    )
    return listed(Recommendation.objects.filter(pk=Subquery(answered.values("pk")[:1]))).first()


def _steps(lists: Directory, chosen: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The latest steps, and those that set the present states of the chosen case: one query."""
    last = Action.objects.filter(live=True).latest_first().values("pk")[:SHOWN]
    spans = StateSpan.objects.filter(
        recommendation=chosen.pk if chosen is not None else None, end__isnull=True
    )
    rows = list(
        with_parts(Action.objects.filter(Q(pk__in=last) | Q(pk__in=spans.values("set_by"))))
        .annotate(sets_it=Exists(spans.filter(set_by=OuterRef("pk"))))
        .latest_first()
    )
    listing = Listing(lists, rows)
    setting = {row.axis: listing.shown(row)["action"] for row in rows if row.sets_it and row.axis}
    return [listing.shown(row) for row in rows[:SHOWN]], setting


def story(lists: Directory, chosen: Any, setting: dict[str, Any]) -> dict[str, Any]:
    """The case in four steps: what was asked, answered, done and thought, with its sources."""
    row = row_of(lists, chosen)
    cycle = lists.cycles[chosen.cycle_id]
    assembly = lists.assemblies[cycle.assembly_id]
    regime = lists.regime_of(assembly)
    words = KindWords(lists, chosen.kind_id)
    places = places_to(lists, cycle)
    answer = setting.get(Axis.RESPONSE)
    return {
        **row,
        "ink": assembly.ink,
        "origin": [place_label(lists, place) for place in places[1:]],
        "asked_on": chosen.handed_over_on,
        "answered": (chosen.response_first, chosen.response_last),
        "response_words": words.word(Axis.RESPONSE, chosen.response),
        "answer": answer,
        "delivery": setting.get(Axis.IMPLEMENTATION),
        "judgement": setting.get(Axis.OPINION),
        "citizens_body": regime.has_citizens_body,
        "citizens_voice": regime.citizens_voice,
        "sources": answer.sources if answer is not None else [],
    }


def verbs() -> list[dict[str, Any]]:
    """The four verbs, each with what it tells."""
    return [
        {
            "verb": pgettext("verb", "Asked"),
            "text": gettext(
                "The words of the people who were drawn, as they handed them over. They no longer "
                "change."
            ),
        },
        {
            "verb": pgettext("verb", "Answered"),
            "text": gettext(
                "The authority accepts, changes, refuses or passes on. It gives its reasons."
            ),
            "axis": "response",
            "code": "partial",
        },
        {
            "verb": pgettext("verb", "Done"),
            "text": gettext("Announced measures are counted one by one. There is no percentage."),
            "counts": ["delivered", "delivered", "under_way", "preparation", "not_started"],
        },
        {
            "verb": pgettext("verb", "Judged"),
            "text": gettext(
                "What the citizens think of it stands beside, in their own words: an opinion of "
                "the follow-up committee, or what members say at their meeting."
            ),
            "axis": "opinion",
            "code": "to_clarify",
        },
    ]
