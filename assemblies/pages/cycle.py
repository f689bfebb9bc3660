"""The page of a cycle: its figures under the four verbs, what is owed, its recommendations."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from assemblies import clock, projection
from assemblies.directory import Directory
from assemblies.enums import Axis, Opinion, Response
from assemblies.keyset import Window, window
from assemblies.models import (
    AnnouncedCount,
    Assembly,
    Cycle,
    CyclePage,
    Group,
    Recommendation,
    Regime,
)
from assemblies.models.cycle import Counted
from assemblies.pages import as_of, day, expected, owed
from assemblies.pages.common import (
    KindWords,
    crumbs,
    directory_of,
    owes,
    paged_query,
    place_url,
    site_url,
)
from assemblies.pages.entries import Story
from assemblies.pages.filters import Filters, facets
from assemblies.pages.latest import Listing, around, beside_day, whole_or_part_of
from assemblies.pages.measures import breakdown
from assemblies.pages.rows import (
    Figures,
    figures,
    listed,
    noun,
    page_text,
    reference,
    row_of,
    tally,
    tally_caption,
)
from assemblies.words import choose

#: Steps on the whole cycle that its page shows; the timeline has them all.
STEPS = 5
#: Headings of groups go down to this level of the page.
DEEPEST = 6


@dataclass
class Section:
    """A run of recommendations of one group, under the headings that begin with it."""

    headings: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)


def cycle_context(request: HttpRequest, page: CyclePage) -> dict[str, Any]:
    """All that ``assemblies/cycle.html`` shows; a draft without register shows its words only."""
    lists = directory_of(request)
    cycle = next(
        (each for each in lists.cycles.values() if each.translation_key == page.translation_key),
        None,
    )
    past = as_of.asked(request)
    context = frame(lists, page, past)
    assembly: Assembly | None = context["assembly"]
    request.assembly = assembly
    if cycle is None or assembly is None:
        regime = lists.regime_of(assembly) if assembly else None
        return context | {
            "facts": page,
            "ledger": ledger(lists, Figures(), regime, context["assembly_url"]),
            "sentence": Figures().sentence(bool(regime and regime.has_citizens_body)),
        }
    regime = lists.regime_of(assembly)
    chosen = Filters.read(request.GET, lists, cycle, past)
    counted = figures([cycle.pk], past)[cycle.pk]
    there = day.there_on(Recommendation.objects.live().filter(cycle=cycle.pk), past)
    everything = day.dated(there, past)
    shown = window(
        request,
        chosen.narrow(everything, lists, cycle),
        order=("position", "pk"),
        cursor="reference",
        read=reference,
        dress=lambda rows: listed(rows, past).select_related("group__parent__parent__parent"),
        keep=chosen.query,
        places=everything,
    )
    story, steps, neighbours = _story(lists, cycle, past)
    announced = AnnouncedCount.objects.filter(cycle=cycle.pk, live=True)
    if past:
        announced = announced.filter(Q(stated_on__isnull=True) | Q(stated_on__lte=past))
    example = cycle.example or counted.example
    return context | {
        "steps_of": f"cycle={cycle.reference}",
        "cycle": cycle,
        "facts": page if getattr(request, "is_preview", False) else cycle,
        "counted": counted,
        "example": example,
        "noindex": cycle.example
        or (bool(counted.recommendations) and counted.examples == counted.recommendations),
        "sentence": counted.sentence(regime.has_citizens_body),
        "ledger": ledger(lists, counted, regime, context["assembly_url"]),
        "tally": tally(lists, counted, request.path, past),
        "tally_caption": tally_caption(lists, counted),
        "recommendations": noun(lists, counted, counted.recommendations),
        "duties": _duties(lists, cycle, counted, regime, story, past),
        "announced": [announced_count(lists, each) for each in announced],
        "breakdown": breakdown(list(counted.implementations.elements())),
        "filters": chosen,
        "found": facets(lists, cycle, chosen, citizens_body=regime.has_citizens_body),
        "sections": _sections(lists, shown, counted, every=not chosen, past=past),
        "jump": _jump(shown),
        "window": shown,
        "steps": steps,
        # Filtered, it is a part of the same list; further on, it is another part of it.
        "canonical_url": site_url()
        + request.path
        + ("" if chosen else paged_query(request, shown)),
        **as_of.dated(request, past, *neighbours),
        "not_yet": past and cycle.handed_over_on and cycle.handed_over_on > past,
    }


def frame(lists: Directory, page: CyclePage, past: day.Past) -> dict[str, Any]:
    """What the page says of itself and of where it stands."""
    place = lists.by_path.get(page.path)
    above = lists.by_path.get(page.path[: -page.steplen])
    assembly = next(
        (
            each
            for each in lists.assemblies.values()
            if above is not None and each.translation_key == above.key
        ),
        None,
    )
    trail = lists.trail(place or above) if place or above else []
    here = [] if place is not None else [{"label": page.title, "url": None}]
    return {
        **{
            name: page_text(lists, page, getattr(page, name))
            for name in ("title", "theme", "question", "drawing", "introduction")
        },
        "assembly": assembly,
        "assembly_url": day.kept(place_url(lists, above), past) if above is not None else "",
        "ink": assembly.ink if assembly else "",
        "owed": owes(assembly),
        "breadcrumbs": crumbs(lists, trail, *here, past=past),
        "as_of": clock.today(),
    }


# -- figures ----------------------------------------------------------------------------------


def ledger(
    lists: Directory, counted: Figures, regime: Regime | None, assembly_url: str
) -> list[dict[str, Any]]:
    """Asked, answered, done, judged: the main figures, each with its denominator."""
    refused = counted.responses[Response.REJECTED]
    insufficient = counted.opinions[Opinion.INSUFFICIENT]
    answered = npgettext("figure", "response", "responses", counted.answered)
    if refused:
        answered = gettext("%(responses)s, of which %(count)s “%(state)s”") % {
            "responses": answered,
            "count": refused,
            "state": _state_word(lists, counted, Response.REJECTED),
        }
    entries: list[dict[str, Any]] = [
        {
            "term": pgettext("verb", "Asked"),
            "figure": counted.recommendations,
            "label": noun(lists, counted, counted.recommendations, with_number=False),
        },
        {
            "term": pgettext("verb", "Answered"),
            "figure": counted.answered,
            "label": answered,
        },
    ]
    done: dict[str, Any] = {"term": pgettext("verb", "Done")}
    if counted.measures:
        done |= {
            "figure": counted.done,
            "label": ngettext(
                "of %(count)s announced measure delivered",
                "of %(count)s announced measures delivered",
                counted.measures,
            )
            % {"count": counted.measures},
        }
    else:
        done["text"] = gettext("No measure announced")
    judged: dict[str, Any] = {"term": pgettext("verb", "Judged")}
    if regime is None or not regime.has_citizens_body:
        judged |= {
            "text": gettext("What the members say"),
            "url": f"{assembly_url}#voice" if assembly_url else "",
        }
    else:
        label = npgettext("figure", "opinion", "opinions", counted.examined)
        if insufficient:
            label = gettext("%(opinions)s, of which %(count)s “%(state)s”") % {
                "opinions": label,
                "count": insufficient,
                "state": str(Opinion.INSUFFICIENT.label).lower(),
            }
        judged |= {"figure": counted.examined, "label": label}
    return [*entries, done, judged]


def _state_word(lists: Directory, counted: Figures, code: str) -> str:
    """The one word that all kinds of the cycle have for a response, else ours, in small letters."""
    words = {KindWords(lists, kind).said(Axis.RESPONSE, code) for kind in counted.kinds}
    word = words.pop() if len(words) == 1 else str(Response(code).label)
    return word[:1].lower() + word[1:]


def announced_count(lists: Directory, count: AnnouncedCount) -> dict[str, Any]:
    """A number that somebody announced: who, when, in which words, and where it is written."""
    return {
        "counts": {
            Counted.RECOMMENDATIONS: gettext("Recommendations announced:"),
            Counted.ANSWERED: gettext("Recommendations said to be answered:"),
            Counted.PANEL: gettext("Members said to be drawn:"),
        }[Counted(count.counts)],
        "row": count,
        "body": lists.bodies.get(count.body_id or 0),
    }


# -- what is owed -----------------------------------------------------------------------------


def _story(
    lists: Directory, cycle: Cycle, past: day.Past
) -> tuple[Story, list[dict[str, Any]], tuple[Any, ...]]:
    """The actions on the whole cycle or on one of its groups, and the latest of them as entries.

    On a day of the past, also the steps of the cycle before and after that day: in the same query.
    """
    whole = Q(cycle=cycle.pk) | Q(group__cycle=cycle.pk)
    beside = beside_day(whole_or_part_of([cycle.pk]), past) if past else None
    found = list(around(whole, beside).latest_first())
    rows = [row for row in found if not past or row.is_around]
    neighbours = as_of.neighbours(found, past) if past else ()
    listing = Listing(lists, rows)
    steps = []
    happened = [row for row in rows if past is None or row.happened_last <= past]
    for row in happened[:STEPS]:
        shown = listing.shown(row)
        if row.cycle_id:
            shown["action"].targets = []
        steps.append(shown | {"place": ""})
    return Story(lists, rows, {}), steps, neighbours


def _duties(
    lists: Directory,
    cycle: Cycle,
    counted: Figures,
    regime: Regime,
    story: Story,
    past: day.Past,
) -> list[dict[str, Any]]:
    """What is owed: for the cycle as a whole, on its recommendations, on its measures."""
    rules = lists.rules.get(regime.pk, [])
    whole = []
    for duty in projection.duties_of_cycle(cycle, story.facts, rules, past or clock.today()):
        numbers = [number for number in (duty.by, *duty.explained_by) if number is not None]
        invented = cycle.example or any(story.rows[number].example for number in numbers)
        whole += owed.rows(lists, [duty], story.row, example=invented)
    return owed.in_order(
        [
            *whole,
            *expected.of_recommendations(
                lists, cycle, counted, reasons=_reasons(story, past), past=past
            ),
            *expected.of_measures(counted, past),
        ]
    )


def _reasons(story: Story, past: day.Past) -> list[Any]:
    """Words of the postponements and suspensions of the whole cycle, as they hold on the day."""
    from assemblies import state
    from assemblies.duties import EXPLAINING_KINDS

    kinds = state.acting_kinds(story.facts)
    rows = [
        story.rows[fact.number]
        for fact in state.effective(story.facts)
        if kinds.get(fact.number) in EXPLAINING_KINDS
        and not fact.withdraws
        and (past is None or fact.last <= past)
    ]
    return [row.reason_text if choose(row.reason_text) else row.title for row in rows]


# -- the list ---------------------------------------------------------------------------------


def _groups_above(group: Group | None) -> list[Group]:
    """A group and those it is within, the widest first."""
    found: list[Group] = []
    while group is not None:
        found.insert(0, group)
        group = group.parent
    return found


def _sections(
    lists: Directory, shown: Window, counted: Figures, *, every: bool, past: day.Past
) -> list[Section]:
    """The page's recommendations in the natural order of the cycle, group by group.

    ``every``: nothing is filtered out, so that a group may say how many it has.
    """
    sections: list[Section] = []
    before: list[int] = []
    named: set[int] = set()
    for item in shown.items:
        above = _groups_above(item.group)
        keys = [group.pk for group in above]
        if keys != before or not sections:
            new = next(
                (place for place, key in enumerate(keys) if before[place : place + 1] != [key]),
                # Back from a group to what it is within: that one's heading once more.
                max(len(keys) - 1, 0),
            )
            headings = [
                {
                    "id": f"group-{group.pk}" if group.pk not in named else "",
                    "level": min(new + 3 + place, DEEPEST),
                    "label": group.label,
                    "title": group.title,
                    "example": group.example,
                    "count": noun(lists, counted, counted.groups[group.pk])
                    if every and counted.groups[group.pk]
                    else "",
                }
                for place, group in enumerate(above[new:])
            ]
            if not keys and before:
                headings = [{"level": 3, "title": gettext("Outside the groups")}]
            named.update(keys)
            sections.append(Section(headings=headings))
            before = keys
        sections[-1].rows.append(row_of(lists, item, past))
    return sections


def _jump(shown: Window) -> list[Group]:
    """The widest groups of this page, to jump to, where there are several."""
    found = {item.group_id and _groups_above(item.group)[0]: None for item in shown.items}
    groups = [group for group in found if group]
    return groups if len(groups) > 1 else []
