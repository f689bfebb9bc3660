"""The page of one follow-up action: permanent, with what it changed and what it answered."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from assemblies import clock, duties, projection, state, steps
from assemblies.directory import Directory
from assemblies.enums import Axis, Kind
from assemblies.models import Action, Assembly, Measure, Recommendation
from assemblies.pages import owed
from assemblies.pages.common import (
    KindWords,
    cited,
    crumbs,
    directory_of,
    link,
    named,
    owes,
    place_label,
    place_url,
    places_to,
    site_url,
    written_in,
)
from assemblies.pages.entries import (
    Story,
    actions_around,
    aimed_at,
    published_on,
    sources_of,
)
from assemblies.pages.recommendation import LONG_TITLE
from assemblies.pages.voices import answer_label
from assemblies.templatetags.suites import sign
from assemblies.words import choose

#: The largest number that a database can look for.
LARGEST = 2**63 - 1


class Targets:
    """What an action is about: its recommendations and measures, by key, and their cycles."""

    def __init__(self, recommendations: Iterable[int], measures: Iterable[int]) -> None:
        keys, measure_keys = list(recommendations), list(measures)
        self.recommendations: list[Recommendation] = (
            list(named(Recommendation.objects.filter(pk__in=keys)).order_by("cycle", "position"))
            if keys
            else []
        )
        self.measures: list[Measure] = (
            list(Measure.objects.filter(pk__in=measure_keys).order_by("cycle", "position"))
            if measure_keys
            else []
        )

    @property
    def cycles(self) -> set[int]:
        return {row.cycle_id for row in (*self.recommendations, *self.measures)}

    def around(self, action: Action) -> Q:
        """The actions on which states and duties of the targets depend."""
        found = aimed_at(
            recommendations=[row.pk for row in self.recommendations],
            measures=[row.pk for row in self.measures],
        ) | Q(cycle__in=self.cycles)
        if action.cycle_id:
            found |= Q(cycle=action.cycle_id)
        if action.pk:
            found |= Q(pk=action.pk)
        return found


def action_context(request: HttpRequest, number: int) -> dict[str, Any]:
    """A published action, by its public number."""
    lists = directory_of(request)
    found = Action.objects.filter(live=True, number=number) if number <= LARGEST else None
    row = found.select_related("group").first() if found is not None else None
    if row is None:
        raise Http404
    targets = Targets(
        (key for key, _reference in row.aimed_at.get("recommendations", ())),
        (key for key, _reference in row.aimed_at.get("measures", ())),
    )
    rows = actions_around(targets.around(row))
    story = Story(lists, rows, sources_of(each for each in rows if each.pk == row.pk))
    shown = _shown(request, lists, story.rows[row.number], targets, story, row.group)
    changes = changes_of(lists, story, row.number, targets)
    return {
        **shown,
        "changes": changes,
        # What it is about may be invented where the step itself is not.
        "noindex": shown["noindex"] or any(change["example"] for change in changes),
        "duties": _answered(lists, story, story.rows[row.number], targets),
    }


def action_preview(request: HttpRequest, lists: Directory, row: Action) -> dict[str, Any]:
    """A draft, as its page would be; what it would change, from what holds now."""
    own = list(row.targets.all())
    targets = Targets(
        (target.recommendation_id for target in own if target.recommendation_id),
        (target.measure_id for target in own if target.measure_id),
    )
    rows = actions_around(targets.around(row))
    story = Story(lists, (each for each in rows if each.pk != row.pk), {})
    if row.pk:
        story.sources = {row.pk: list(row.sources.all())}
    return {
        **_shown(request, lists, row, targets, story, row.group),
        "changes": _would_change(lists, story, row, targets),
        "duties": [],
    }


def _shown(
    request: HttpRequest,
    lists: Directory,
    row: Action,
    targets: Targets,
    story: Story,
    group: Any,
) -> dict[str, Any]:
    assembly: Assembly = lists.assemblies[row.assembly_id]
    request.assembly = assembly
    request.written_in = written_in(row.title)
    cycles = targets.cycles | ({row.cycle_id} if row.cycle_id else set())
    cycle = lists.cycles[next(iter(cycles))] if len(cycles) == 1 else None
    places = places_to(lists, cycle or assembly)
    called = gettext("Step no. %(number)s") % {"number": row.number} if row.number else ""
    title = choose(row.title)
    body = lists.bodies[row.body_id]
    words = words_for(lists, targets)
    return {
        "action": row,
        "assembly": assembly,
        "ink": assembly.ink,
        "owed": owes(assembly),
        "title": title,
        "long_title": len(title.text) > LONG_TITLE,
        "kicker": called or gettext("Draft of a step"),
        "breadcrumbs": crumbs(lists, places, {"label": called or title, "url": None}),
        "noindex": not row.live or row.example or assembly.example,
        "draft": not row.live,
        "voice_name": (sign(row) == "citizens" and "citizens") or "authority",
        "voice": {
            "who": body.name,
            "url": body.url,
            "label": answer_label(story, row.number)
            if row.number in story.roles
            else Kind(row.kind).label,
            "first": row.happened_first,
            "last": row.happened_last,
            "axis": row.axis,
            "code": row.value,
            "words": words.word(row.axis, row.value, by=row.body_id) if row.value else None,
            "text": row.text,
            "action": row,
            "sources": story.sources_of(row) if row.pk else list(row.sources.all()),
            "example": row.example,
        },
        "published_on": published_on(row),
        "corrects": story.by_key.get(row.corrects_id) if row.corrects_id else None,
        "corrected_by": story.corrected_by.get(row.pk),
        "act": row.act,
        "group": group,
        "whole": {
            "label": place_label(lists, places[-1]),
            "url": place_url(lists, places[-1]),
        }
        if (row.cycle_id or group is not None) and cycle is not None and places
        else None,
        "canonical_url": site_url() + row.url if row.number else "",
        "cite": cited(lists, places, called, row.url) if row.number else None,
    }


def words_for(lists: Directory, targets: Targets) -> KindWords:
    """The words of the kind of the first recommendation it is about."""
    kinds = [row.kind_id for row in targets.recommendations]
    return KindWords(lists, kinds[0] if kinds else None)


def _subject(lists: Directory, row: Any) -> dict[str, Any]:
    """A recommendation or measure as the list of what an action is about names it."""
    if isinstance(row, Recommendation):
        return link(lists, row)
    return {
        "kicker": gettext("Measure %(number)s") % {"number": row.number_in_cycle},
        "title": row.title,
        "url": row.url,
        "example": row.example,
    }


def _histories(story: Story, targets: Targets):
    for row in targets.recommendations:
        yield (
            row,
            steps.history(
                story.of_recommendation(row.pk),
                recommendation=row.pk,
                deciding_body=row.deciding_body_id,
            ),
        )
    for measure in targets.measures:
        yield measure, steps.history(story.of_measure(measure.pk), measure=measure.pk)


def changes_of(
    lists: Directory, story: Story, number: int, targets: Targets
) -> list[dict[str, Any]]:
    """Each thing it is about, and what it changed there: before and after."""
    found = []
    for row, history in _histories(story, targets):
        words = KindWords(lists, getattr(row, "kind_id", None) or _kind_of(targets))
        step = next((step for step in history if step.action.number == number), None)
        alterations = step.alterations if step is not None else ()
        shown = [
            _alteration(lists, story, each.axis, each.before, each.after, words)
            for each in alterations
        ]
        found.append({**_subject(lists, row), "alterations": shown})
    return found


def _kind_of(targets: Targets) -> int | None:
    return targets.recommendations[0].kind_id if targets.recommendations else None


def _alteration(
    lists: Directory,
    story: Story,
    axis: str,
    before: state.Value | None,
    after: state.Value,
    words: KindWords,
) -> dict[str, Any]:
    def said(value: state.Value) -> dict[str, Any]:
        if axis == Axis.LEAD:
            return {"body": lists.bodies.get(value.key)}
        if axis == Axis.DEADLINE:
            row = story.rows[value.set_by]
            return {"deadline": row.new_deadline, "deadline_words": row.deadline_words}
        return {"code": value.value, "words": words.word(axis, value.value)}

    return {
        "axis": axis,
        "label": Axis(axis).label,
        "before": said(before) if before is not None else None,
        "after": said(after),
    }


def _would_change(
    lists: Directory, story: Story, row: Action, targets: Targets
) -> list[dict[str, Any]]:
    """What a draft would change today: what holds now, and what it says."""
    words = words_for(lists, targets)
    found = []
    for subject in (*targets.recommendations, *targets.measures):
        is_measure = isinstance(subject, Measure)
        facts = story.of_measure(subject.pk) if is_measure else story.of_recommendation(subject.pk)
        shown = []
        if row.axis and row.value:
            known = state.fold(
                facts,
                as_of=clock.today(),
                deciding_body=getattr(subject, "deciding_body_id", None),
                **{"measure" if is_measure else "recommendation": subject.pk},
            )
            now = getattr(known, row.axis)
            before = {"code": now.value, "words": words.word(row.axis, now.value)} if now else None
            after = {"code": row.value, "words": words.word(row.axis, row.value)}
            label = Axis(row.axis).label
            shown = [{"axis": row.axis, "label": label, "before": before, "after": after}]
        found.append({**_subject(lists, subject), "alterations": shown})
    return found


def _answered(
    lists: Directory, story: Story, row: Action, targets: Targets
) -> list[dict[str, Any]]:
    """The duties that it met, and how late; the same for several recommendations is told once."""
    today = clock.today()
    rules = lists.rules.get(lists.assemblies[row.assembly_id].regime_id, [])
    found: list[duties.Duty] = []
    for each in targets.recommendations:
        found += projection.duties_of_recommendation(
            each, story.around_recommendation(each.pk), rules, today
        )
    for measure in targets.measures:
        found += projection.duties_of_measure(
            measure, story.around_measure(measure.pk), rules, today
        )
    if row.cycle_id:
        cycle = lists.cycles[row.cycle_id]
        found += projection.duties_of_cycle(cycle, story.on_the_whole(), rules, today)
    met = {(duty.rule.key, duty.due, duty.n): duty for duty in found if duty.by == row.number}
    return owed.in_order(owed.rows(lists, met.values(), story.row, example=row.example))
