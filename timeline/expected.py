"""What is expected of an authority: late, due within sixty days, met late, met; on any day."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from assemblies import clock, dates, duties, projection, state
from assemblies.directory import Directory
from assemblies.enums import Response
from assemblies.models import Action, Assembly, Cycle, Measure, MeasureServes, Recommendation
from assemblies.pages import as_of, day, owed
from assemblies.pages.assembly import had_begun
from assemblies.pages.common import (
    crumbs,
    directory_of,
    link,
    named,
    owes,
    place_label,
    place_url,
    places_to,
    reading,
    site_url,
)
from assemblies.pages.entries import Story
from assemblies.pages.latest import with_parts
from assemblies.pages.reading import open_deadline
from assemblies.words import Choice, choose

#: How far ahead the page looks.
AHEAD = 60
#: The texts of a step that these pages never quote.
UNQUOTED = ("text", "what_changed", "what_is_missing", "old_words", "new_words")
#: More of the same kind that were met on one due date than this are told in one line.
ALIKE = 3


def assembly_of(request: HttpRequest, lists: Directory, slug: str) -> Assembly:
    """The assembly that an address names; its page must be public."""
    for assembly in lists.assemblies.values():
        place = lists.originals.get(assembly.translation_key)
        if assembly.slug == slug and place is not None and place.live:
            request.assembly = assembly  # type: ignore[attr-defined]
            return assembly
    raise Http404


@dataclass
class Gathered:
    """Everything that is owed in an assembly's cycles on a day, each as ``duty.html`` shows it."""

    on: datetime.date
    story: Story
    rows: list[dict[str, Any]] = field(default_factory=list)
    #: Recommendations with their folded states, and measures with theirs.
    recommendations: list[tuple[Any, state.State]] = field(default_factory=list)
    measures: list[tuple[Measure, state.State]] = field(default_factory=list)

    def of(self, *statuses: str) -> list[dict[str, Any]]:
        return owed.in_order(row for row in self.rows if row["status"] in statuses)

    @property
    def open(self) -> list[dict[str, Any]]:
        return self.of(duties.LATE, duties.DUE)


def told_of(lists: Directory, assembly: Assembly, *, entries: bool = False) -> Story:
    """Every published step of an assembly, in one query; ``entries``: with what these show.

    Else with titles and reasons only: of thousands of steps a handful is quoted, and to read the
    texts of all took longer than to fold them.
    """
    steps = Action.objects.filter(assembly=assembly.pk)
    rows: Any = with_parts(steps) if entries else steps.filter(live=True).defer(*UNQUOTED)
    return Story(lists, rows.latest_first(), {})


def gather(
    lists: Directory,
    assembly: Assembly,
    past: day.Past,
    *,
    cycle: Cycle | None = None,
    story: Story | None = None,
) -> Gathered:
    """Three queries, whatever there is: steps, recommendations, measures.

    ``cycle``: of this one alone. ``story``: the steps of the assembly, where they were read before.
    """
    on = past or clock.today()
    story = story or told_of(lists, assembly)
    found = Gathered(on, story)
    rules = lists.rules.get(assembly.regime_id, [])
    cycles = [
        each
        for each in ([cycle] if cycle is not None else lists.cycles.values())
        if each.assembly_id == assembly.pk
        and lists.originals.get(each.translation_key)
        and had_begun(each, past)
    ]
    for each in cycles:
        place = lists.originals[each.translation_key]
        title = place_label(lists, place)
        for duty in projection.duties_of_cycle(each, story.on_the_whole(), rules, on):
            found.rows += _told(
                lists,
                story,
                duty,
                of=title.text,
                url=day.kept(place_url(lists, place), past),
                subject=("cycle", each.pk, each.pk),
                example=each.example,
            )
    keys = [each.pk for each in cycles]
    there = Recommendation.objects.live().filter(cycle__in=keys).exclude(day.withdrawn(past))
    for row in named(day.there_on(there, past)).order_by("cycle", "position", "pk"):
        _recommendation(lists, found, row, rules, past)
    serving = MeasureServes.objects.filter(measure=OuterRef("pk")).order_by("pk")
    measures = day.announced_on(Measure.objects.filter(cycle__in=keys), past).annotate(
        kind_served=Subquery(serving.values("recommendation__kind")[:1])
    )
    for measure in measures.order_by("cycle", "position", "pk"):
        _measure(lists, found, measure, rules)
    return found


def _recommendation(
    lists: Directory, found: Gathered, row: Any, rules: list[duties.Rule], past: day.Past
) -> None:
    story, on = found.story, found.on
    own = story.of_recommendation(row.pk)
    known = state.fold(own, as_of=on, recommendation=row.pk, deciding_body=row.deciding_body_id)
    found.recommendations.append((row, known))
    url = link(lists, row, past)["url"]
    subject = ("recommendation", row.pk, row.cycle_id)
    around = story.around_recommendation(row.pk)
    for duty in projection.duties_of_recommendation(row, around, rules, on):
        found.rows += _told(
            lists, story, duty, of=row.reference, url=url, subject=subject, example=row.example
        )
    answer = known.response
    if (
        answer is not None
        and answer.decision_due is not None
        and answer.value in (Response.UNDER_STUDY, Response.AWAITING)
    ):
        said = gettext("%(subject)s: %(duty)s") % {
            "subject": row.reference,
            "duty": gettext("Decision announced"),
        }
        found.rows.append(
            owed.announced(answer.decision_due, on, said, decision=True)
            | {"url": url, "example": row.example, "subject": subject, "rule": None, "duty": None}
            | {"uid": f"decision-{row.pk}"}
        )


def _measure(lists: Directory, found: Gathered, row: Measure, rules: list[duties.Rule]) -> None:
    story, on = found.story, found.on
    known = state.fold(story.of_measure(row.pk), as_of=on, measure=row.pk)
    found.measures.append((row, known))
    subject = ("measure", row.pk, row.cycle_id)
    for duty in projection.duties_of_measure(row, story.around_measure(row.pk), rules, on):
        found.rows += _told(
            lists, story, duty, of=row.reference, url=row.url, subject=subject, example=row.example
        )
    deadline = open_deadline(known)
    if deadline is not None:
        title = choose(row.title)
        name = Choice(
            gettext("%(subject)s: %(duty)s") % {"subject": row.reference, "duty": title.text},
            title.language,
            missing=title.missing,
        )
        reasons = []
        if known.postponed and known.deadline is not None:
            step = story.rows[known.deadline.set_by]
            reasons = [step.reason_text if choose(step.reason_text) else step.title]
        told = owed.announced(deadline, on, name)
        first = known.first_deadline
        if known.postponed and first is not None and first.date:
            told["sentence"] = gettext("%(sentence)s First announced: %(day)s.") % {
                "sentence": told["sentence"],
                "day": dates.day(first.date),
            }
        found.rows.append(
            told
            | {"url": row.url, "example": row.example, "reasons": reasons, "subject": subject}
            | {"rule": None, "duty": None, "uid": f"measure-{row.pk}"}
        )


def _told(
    lists: Directory, story: Story, duty: duties.Duty, *, subject: tuple, **more: Any
) -> list[dict[str, Any]]:
    noun, key, _cycle = subject
    return [
        row
        | {
            "uid": f"duty-{duty.rule.key}-{noun}-{key}-{duty.n}",
            "subject": subject,
            "rule": duty.rule.key,
            "days": duty.days,
            "duty": duty,
        }
        for row in owed.rows(lists, [duty], story.row, **more)
    ]


def together(lists: Directory, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was met, with many of one kind and date in one line."""
    alike: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[row["subject"][0], row["subject"][2], row["rule"], row["due"]].append(row)
    found: list[dict[str, Any]] = []
    for (_noun, cycle, rule, due), group in alike.items():
        if len(group) <= ALIKE or rule is None:
            found += group
            continue
        label = choose(lists.rule_labels[rule])
        place = lists.originals[lists.cycles[cycle].translation_key]
        name = gettext("%(subject)s: %(duty)s") % {
            "subject": place_label(lists, place).text,
            "duty": label.text,
        }
        found.append(
            group[0]
            | {
                "name": Choice(name, label.language, missing=label.missing),
                "url": place_url(lists, place),
                "sentence": ngettext(
                    "%(count)s time; it was expected by %(day)s.",
                    "%(count)s times; it was expected by %(day)s.",
                    len(group),
                )
                % {"count": len(group), "day": dates.day(due)},
                "example": any(row["example"] for row in group),
                "reasons": [],
            }
        )
    return owed.in_order(found)


@reading
def expected(request: HttpRequest, slug: str) -> HttpResponse:
    """``/fr/attendu/<assembly>/``."""
    lists = directory_of(request)
    assembly = assembly_of(request, lists, slug)
    past = as_of.asked(request)
    found = gather(lists, assembly, past)
    until = found.on + datetime.timedelta(days=AHEAD)
    late = found.of(duties.LATE)
    due = [row for row in found.of(duties.DUE) if row["due"] <= until]
    met_late, met = found.of(duties.MET_LATE), found.of(duties.MET)
    place = lists.originals[assembly.translation_key]
    context = {
        "assembly": assembly,
        "place_label": place_label(lists, place),
        "ink": assembly.ink,
        "owed": owes(assembly),
        "example": assembly.example,
        "late": late,
        "due": due,
        "until": until,
        "later": sum(row["due"] > until for row in found.of(duties.DUE)),
        "met_late": together(lists, met_late),
        "met": together(lists, met),
        "ledger": _ledger(late, due, met_late, met),
        "calendar_url": reverse("timeline:calendar", args=[slug]),
        "agenda_url": day.kept(reverse("timeline:agenda", args=[slug]), past),
        "canonical_url": f"{site_url()}{request.path}",
        "noindex": assembly.example,
        **as_of.dated(request, past, *_neighbours(found, past)),
        "breadcrumbs": crumbs(
            lists,
            places_to(lists, assembly),
            {"label": gettext("What is expected"), "url": None},
            past=past,
        ),
    }
    return TemplateResponse(request, "timeline/expected.html", context)


def _neighbours(found: Gathered, past: day.Past) -> tuple[Any, ...]:
    return as_of.neighbours(found.story.rows.values(), past) if past else ()


def _ledger(late: list, due: list, met_late: list, met: list) -> list[dict[str, Any]]:
    """The four figures."""
    oldest = min((row["due"] for row in late), default=None)
    return [
        {
            "term": pgettext("duty", "Late"),
            "figure": len(late),
            "label": gettext("the oldest since %(day)s") % {"day": dates.day(oldest)}
            if oldest
            else "",
        },
        {
            "term": pgettext("duty", "Expected"),
            "figure": len(due),
            "label": gettext("within %(days)s days") % {"days": AHEAD},
        },
        {"term": pgettext("duty", "After the date"), "figure": len(met_late), "label": ""},
        {"term": pgettext("duty", "In time"), "figure": len(met), "label": ""},
    ]
