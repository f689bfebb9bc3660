"""The pages of topics and their list, across assemblies, and what they share with bodies."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Q,
    QuerySet,
    When,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assemblies import clock, collation
from assemblies.directory import Directory
from assemblies.enums import Response
from assemblies.keyset import Window, window
from assemblies.models import Action, ActionTarget, Recommendation, Topic
from assemblies.pages.common import (
    crumbs,
    directory_of,
    owes,
    paged_query,
    place_label,
    place_url,
    reading,
    site_url,
)
from assemblies.pages.latest import latest
from assemblies.pages.rows import listed, reference, row_of
from assemblies.sentence import answered


def home_of(lists: Directory) -> list:
    return [next(iter(lists.homes.values()))] if lists.homes else []


def frame(
    request: HttpRequest, lists: Directory, *more: dict[str, Any], shown: Window | None = None
) -> dict[str, Any]:
    own = paged_query(request, shown) if shown is not None else ""
    return {
        "breadcrumbs": crumbs(lists, home_of(lists), *more),
        "as_of": clock.today(),
        "canonical_url": f"{site_url()}{request.path}{own}",
    }


def by_name(thing: Any) -> tuple:
    return collation.key(thing.name)


def place_of(lists: Directory, cycle_id: int) -> tuple:
    """Assemblies by their code, their rounds from the newest to the oldest."""
    cycle = lists.cycles[cycle_id]
    day = cycle.handed_over_on or cycle.started_on
    return (
        lists.assemblies[cycle.assembly_id].code,
        -day.toordinal() if day else 0,
        cycle.code,
        cycle_id,
    )


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
    order = sorted(counts, key=lambda key: place_of(lists, key))
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
    aimed = ActionTarget.objects.filter(
        Q(recommendation__topics=found.pk) | Q(measure__serves__recommendation__topics=found.pk)
    )
    actions = Action.objects.filter(pk__in=aimed.values("action"))
    context = {
        **frame(
            request,
            lists,
            {"label": gettext("Topics"), "url": reverse("assemblies:topics")},
            {"label": found.name, "url": None},
            shown=shown,
        ),
        "topic": found,
        "steps_of": f"topic={found.slug}",
        "window": shown,
        "sections": _sections(lists, shown, counts),
        "steps": latest(lists, actions, 5),
        "noindex": bool(shown.items) and all(item.invented for item in shown.items),
    }
    return TemplateResponse(request, "assemblies/topic.html", context)


def _by_cycle(asked: QuerySet[Recommendation]) -> dict[int, tuple[int, int]]:
    """How many of these recommendations each round has, and how many of them were answered.

    Withdrawn ones are listed, and not counted.
    """
    there = Q(withdrawn_on__isnull=True)
    rows = (
        asked.live()
        .order_by()
        .values("cycle")
        .annotate(
            number=Count("pk", filter=there),
            told=Count("pk", filter=there & ~Q(response=Response.AWAITING)),
        )
    )
    return {row["cycle"]: (row["number"], row["told"]) for row in rows}


def _sections(
    lists: Directory, shown: Window, counts: dict[int, tuple[int, int]]
) -> list[dict[str, Any]]:
    """The page's recommendations, one section a round."""
    sections: list[dict[str, Any]] = []
    for item in shown.items:
        if not sections or sections[-1]["cycle"] != item.cycle_id:
            cycle = lists.cycles[item.cycle_id]
            assembly = lists.assemblies[cycle.assembly_id]
            place = lists.originals[cycle.translation_key]
            number, told = counts.get(item.cycle_id, (0, 0))
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
                    "sentence": answered(number, told) if number else "",
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
        **frame(request, lists, {"label": gettext("Topics"), "url": None}),
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
    found: list[Topic] = sorted(lists.topics.values(), key=by_name)
    return [{"topic": each, "number": numbers.get(each.pk, 0)} for each in found]
