"""Timelines: published actions read once, and each as an entry that a page shows."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from assemblies import facts, projection, state, steps
from assemblies.directory import Directory
from assemblies.enums import Axis
from assemblies.models import Action, ActionTarget, Cycle, Group, Source
from assemblies.pages.common import KindWords, place_label, place_url
from assemblies.pages.sources import gathered, gathered_sources
from assemblies.templatetags.suites import deadline as deadline_tag
from assemblies.templatetags.suites import words as words_tag
from assemblies.words import said_with

#: A named place of a message.
PLACE = re.compile(r"%\((\w+)\)s")


def html(message: str, **values: Any) -> SafeString:
    """A translated message with safe HTML, or text to escape, in its named places."""
    return format_html(PLACE.sub(r"{\1}", message), **values)


def published_on(row: Any) -> datetime.date | None:
    """The day a fact was published here, in the site's time zone."""
    moment = row.first_published_at
    return timezone.localtime(moment).date() if moment else None


def actions_around(direct: Q) -> list[Action]:
    """The published actions that ``direct`` selects, and what is linked to them by corrections.

    One query; a chain of more than three corrections that aim at different things costs another.
    """
    live = Action.objects.filter(live=True)
    keys = live.filter(direct).values("pk")
    found = _with_acts(
        live.filter(
            direct
            | Q(corrects__in=keys)
            | Q(corrects__corrects__in=keys)
            | Q(corrected_by__in=keys)
            | Q(corrected_by__corrected_by__in=keys)
        )
    )
    known = {row.pk for row in found}
    while further := {row.corrector for row in found if row.corrector} - known:
        more = _with_acts(live.filter(pk__in=further))
        known |= further
        found += more
    return found


def _with_acts(rows: QuerySet[Action]) -> list[Action]:
    return list(
        rows.select_related("act", "act__document").annotate(
            corrector=F("corrected_by"), gathered_sources=gathered_sources()
        )
    )


def aimed_at(*, recommendations: Iterable[int] = (), measures: Iterable[int] = ()) -> Q:
    """Actions on one of these recommendations or measures."""
    targets = ActionTarget.objects.filter(
        Q(recommendation__in=list(recommendations)) | Q(measure__in=list(measures))
    )
    return Q(pk__in=targets.values("action"))


def sources_of(rows: Iterable[Action]) -> dict[int, list[Source]]:
    """The sources of actions out of :func:`actions_around`."""
    return {row.pk: gathered(row) for row in rows}


class Entry:
    """One action as ``components/action.html`` shows it: its row, and what stands around it."""

    def __init__(self, row: Action, **around: Any) -> None:
        self.row = row
        self.__dict__.update(around)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["row"], name)


class Story:
    """Some published actions, read once: their rows, their pure facts, and their entries."""

    def __init__(
        self, lists: Directory, rows: Iterable[Action], sources: dict[int, list[Source]]
    ) -> None:
        self.lists = lists
        self.sources = sources
        self.rows: dict[int, Action] = {}
        self.by_key: dict[int, Action] = {}
        for row in rows:
            self.rows[row.number] = self.by_key[row.pk] = _with_targets(lists, row)
        self.facts = projection.read(self.rows.values())
        #: Number → what it counts as: a correction counts as what it replaces.
        self.roles = facts.roles(self.facts)
        self.corrected_by = {row.corrects_id: row for row in self.rows.values() if row.corrects_id}
        self._recommendations: dict[int, dict[int, state.Action]] = defaultdict(dict)
        self._measures: dict[int, dict[int, state.Action]] = defaultdict(dict)
        self._on_the_whole: dict[int, state.Action] = {}
        by_number = {fact.number: fact for fact in self.facts}
        for fact in self.facts:
            for each in _chain(fact, by_number):
                for key in each.recommendations:
                    self._recommendations[key][fact.number] = fact
                for key in each.measures:
                    self._measures[key][fact.number] = fact
                if each.cycle or each.group:
                    self._on_the_whole[fact.number] = fact

    def of_recommendation(self, key: int) -> list[state.Action]:
        """The facts on a recommendation, and those linked to them by corrections."""
        return list(self._recommendations[key].values())

    def of_measure(self, key: int) -> list[state.Action]:
        return list(self._measures[key].values())

    def around_recommendation(self, key: int) -> list[state.Action]:
        """With those on a whole cycle or group, which may explain a delay."""
        return list((self._recommendations[key] | self._on_the_whole).values())

    def around_measure(self, key: int) -> list[state.Action]:
        return list((self._measures[key] | self._on_the_whole).values())

    def on_the_whole(self) -> list[state.Action]:
        """The facts on a cycle or a group."""
        return list(self._on_the_whole.values())

    def row(self, number: int) -> Action | None:
        return self.rows.get(number)

    def sources_of(self, row: Action) -> list[Source]:
        return self.sources.get(row.pk, [])

    def entry(
        self,
        row: Action,
        *,
        words: KindWords,
        hide: frozenset[tuple[str, int]] = frozenset(),
        concerns: frozenset[tuple[str, int]] = frozenset(),
        cycle: Cycle | None = None,
        groups: dict[int, Group] | None = None,
    ) -> Entry:
        """One entry. ``hide``: what the page itself is about, not named again. ``concerns``: what
        the page tells of; a value that is set on other things is not shown there.
        """
        aimed = {
            ("recommendation", key) for key, _ref in row.aimed_at.get("recommendations", ())
        } | {("measure", key) for key, _ref in row.aimed_at.get("measures", ())}
        return Entry(
            row,
            value=row.value if not concerns or aimed & concerns else "",
            published_on=published_on(row),
            value_words=words.word(row.axis, row.value, by=row.body_id) if row.value else None,
            corrects=self.by_key.get(row.corrects_id) if row.corrects_id else None,
            corrected_by=self.corrected_by.get(row.pk),
            contests_url=_contested_at(row, hide) if row.contests_id else "",
            sources=self.sources_of(row),
            targets=list(self._targets(row, hide, cycle, groups or {})),
        )

    def _targets(
        self, row: Action, hide, cycle: Cycle | None, groups: dict[int, Group]
    ) -> Iterator[dict[str, Any]]:
        for key, reference in row.aimed_at.get("recommendations", ()):
            if ("recommendation", key) not in hide:
                url = reverse("assemblies:reference", args=[reference])
                yield {"recommendation": {"reference": reference, "url": url}}
        for key, reference in row.aimed_at.get("measures", ()):
            if ("measure", key) not in hide:
                number = reference.removeprefix(f"{cycle.reference}-") if cycle else reference
                url = reverse("assemblies:measure", args=[reference])
                yield {"measure": {"number_in_cycle": number, "url": url}}
        yield from self._whole(row, groups)

    def _whole(self, row: Action, groups: dict[int, Group]) -> Iterator[dict[str, Any]]:
        """The whole cycle or group that an action is about."""
        group = groups.get(row.group_id) if row.group_id else None
        cycle_id = row.cycle_id or (group and group.cycle_id)
        if not cycle_id:
            return
        place = self.lists.originals.get(self.lists.cycles[cycle_id].translation_key)
        if place is None:
            return
        label = group.title if group is not None else place_label(self.lists, place)
        yield {
            "recommendation": {
                "reference": said_with(
                    gettext("as a whole: %(name)s"), name=words_tag(label, note=False)
                ),
                "url": place_url(self.lists, place),
            }
        }

    # -- what an action changed -----------------------------------------------------------------

    def before(
        self, subjects: Iterable[tuple[str, list[steps.Step]]], words: KindWords
    ) -> dict[int, SafeString]:
        """Number of an action → what held before it, where it changed something.

        ``subjects``: what to call each subject in a list of several, with its history.
        """
        told: dict[int, list[tuple[str, SafeString]]] = defaultdict(list)
        for label, history in subjects:
            for step in history:
                for alteration in step.alterations:
                    said = self._before(alteration, words)
                    if said:
                        told[step.action.number].append((label, said))
        return {number: _joined(parts) for number, parts in told.items()}

    def _before(self, alteration: steps.Alteration, words: KindWords) -> SafeString | None:
        then, now = alteration.before, alteration.after
        if then is None or (then.value == now.value and alteration.axis != Axis.DEADLINE):
            return None
        if alteration.axis == Axis.LEAD:
            body = self.lists.bodies.get(then.key)
            name = words_tag(body.name if body else "", note=False)
            return html(gettext("Lead body before: %(body)s."), body=name)
        if alteration.axis == Axis.DEADLINE:
            row, new = self.rows[then.set_by], self.rows[now.set_by]
            if (row.new_deadline, row.deadline_words) == (new.new_deadline, new.deadline_words):
                return None
            said = deadline_tag(row.deadline_words, row.new_deadline)
            return html(gettext("Due date before: %(date)s."), date=said)
        state_before = words.said(alteration.axis, then.value)
        return html(gettext("State before: %(state)s."), state=state_before)


def _contested_at(row: Action, hide: frozenset[tuple[str, int]]) -> str:
    """Where the passage stands whose claim an opinion contests: with its recommendation."""
    aimed = row.aimed_at.get("recommendations", ())
    if len(aimed) != 1:
        return ""
    key, reference = aimed[0]
    here = ("recommendation", key) in hide
    page = "" if here else reverse("assemblies:reference", args=[reference])
    return f"{page}#passage-{row.contests_id}"


def _with_targets(lists: Directory, row: Action) -> Action:
    """Its bodies from the directory, and its targets from what publication fixed: no query."""
    row.body = lists.bodies[row.body_id]
    if row.concerned_body_id:
        row.concerned_body = lists.bodies[row.concerned_body_id]
    row.targets = [
        *(
            ActionTarget(recommendation_id=key)
            for key, _reference in row.aimed_at.get("recommendations", ())
        ),
        *(ActionTarget(measure_id=key) for key, _reference in row.aimed_at.get("measures", ())),
    ]
    return row


def _chain(fact: state.Action, by_number: dict[int, state.Action]) -> Iterator[state.Action]:
    """A fact and, for a correction, all that it replaces."""
    step: state.Action | None = fact
    while step is not None:
        yield step
        step = by_number.get(step.corrects) if step.corrects is not None else None


def _joined(parts: list[tuple[str, SafeString]]) -> SafeString:
    """One sentence where it is the same for all; else each with the name of what it is about."""
    distinct = dict.fromkeys(said for _label, said in parts)
    if len(distinct) == 1 or not any(label for label, _said in parts):
        return format_html("{}" + " {}" * (len(distinct) - 1), *distinct)
    labelled = [format_html("{}: {}", label, said) if label else said for label, said in parts]
    return format_html("{}" + " {}" * (len(labelled) - 1), *labelled)
