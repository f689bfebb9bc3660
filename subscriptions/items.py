"""One change of the log as a digest tells it, in one language: what, by whom, before and after."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from assemblies import dates
from assemblies.directory import Directory
from assemblies.enums import VALUES
from assemblies.models import Action, Change, Measure, Recommendation
from assemblies.pages.action import Targets, changes_of, words_for
from assemblies.pages.common import (
    kicker,
    link,
    named,
    place_label,
    place_url,
    places_to,
    reader_language,
    site_url,
)
from assemblies.pages.entries import Story, actions_around, sources_of
from assemblies.pages.rows import listed, row_of
from assemblies.templatetags.suites import file_size, words
from assemblies.templatetags.suites import sign as speaker
from assemblies.words import Choice, choose, said_with
from booklets.pages import url_of
from subscriptions import editions


@dataclass
class Item:
    """One change in a digest. ``group``: the recommendation (or cycle) it is told under."""

    number: int
    kind: str
    group: tuple[str, int]
    assembly: int | None
    title: Choice
    url: str
    example: bool = False
    #: What it is and who did it: "Response", "Government".
    label: str | SafeString = ""
    body: Choice | None = None
    text: Choice | None = None
    #: "Date: before → after": lines of axis, before, after.
    changes: list[dict[str, Any]] = field(default_factory=list)
    note: str | SafeString = ""
    reason: Choice | None = None
    happened: str = ""
    published: str = ""
    sources: list[dict[str, Any]] = field(default_factory=list)
    #: All recommendations it is about, by key: it is told under one, the others are named.
    places: dict[int, str] = field(default_factory=dict)
    #: Whether citizens speak: their words are set in serif, as on the pages.
    citizens: bool = False
    #: Filled in for one mail.
    also: list[dict[str, Any]] = field(default_factory=list)
    #: The names of the things followed that it is told because of, with their languages.
    because: list[SafeString] = field(default_factory=list)


@dataclass
class Group:
    """A recommendation, or a cycle as a whole, with what is told of it."""

    title: Choice
    url: str
    kicker: Choice | None = None
    sentence: str = ""
    example: bool = False
    items: list[Item] = field(default_factory=list)


class Stories:
    """What the states before and after a step depend on, read once for all on the same.

    The last ones are kept, for all languages: a digest tells several steps on one recommendation.
    """

    KEPT = 64

    def __init__(self, lists: Directory) -> None:
        self.lists = lists
        self.kept: dict[Any, tuple[Targets, Story]] = {}

    def of(self, row: Action) -> tuple[Targets, Story]:
        aims = [
            tuple(key for key, _reference in row.aimed_at.get(name, ()))
            for name in ("recommendations", "measures")
        ]
        # A step that aims at nothing of its own is surrounded by itself alone.
        own = row.pk if not any(aims) else 0
        place = (*aims, row.cycle_id, row.group_id, own)
        known = self.kept.get(place)
        if known is None or row.number not in known[1].rows:
            targets = Targets(*aims)
            rows = actions_around(targets.around(row))
            known = targets, Story(self.lists, rows, sources_of(rows))
            while len(self.kept) >= self.KEPT:
                self.kept.pop(next(iter(self.kept)))
            self.kept[place] = known
        return known


class Items:
    """Makes items, and the groups they are told under, in one language."""

    def __init__(self, lists: Directory, language: str, stories: Stories) -> None:
        self.lists = lists
        self.language = language
        self.stories = stories
        self.groups: dict[tuple[str, int], Group] = {}

    def item(self, change: Change) -> Item | None:
        if change.kind != "published":
            return self._booklet(change)
        if change.action_id:
            return self._step(change)
        if change.recommendation_id:
            return self._recommendation(change)
        if change.measure_id:
            return self._measure(change)
        if change.withdrawal_id:
            return self._withdrawal(change)
        if change.cycle_id:
            return self._cycle(change)
        return None

    def _step(self, change: Change) -> Item:
        row = change.action
        targets, story = self.stories.of(row)
        action = story.rows[row.number]
        group, places = self._places_of(row, targets)
        changes = changes_of(self.lists, story, row.number, targets)
        corrects = story.by_key.get(row.corrects_id) if row.corrects_id else None
        words = words_for(self.lists, targets)
        note = ""
        if corrects is not None:
            note = gettext("Corrects step no. %(number)s") % {"number": corrects.number}
            if row.withdraws:
                note = f"{note}. {gettext('Nothing takes its place.')}"
        elif row.pk in story.corrected_by:
            number = story.corrected_by[row.pk].number
            note = gettext("Corrected by step no. %(number)s") % {"number": number}
        return Item(
            number=row.number,
            kind="step",
            group=group,
            assembly=row.assembly_id,
            title=choose(row.title),
            url=site_url() + row.url,
            example=row.example or any(each["example"] for each in changes),
            label=str(row.get_stage_display() or row.get_kind_display())
            if row.kind == "response"
            else str(row.get_kind_display()),
            body=choose(action.body.name),
            text=choose(row.text) or None,
            changes=list(_changes(changes, words)),
            note=note,
            reason=choose(row.reason_text) or None,
            happened=dates.span(row.happened_first, row.happened_last),
            published=self._published(change),
            sources=[_source(each) for each in story.sources_of(action)],
            places=places,
            citizens=speaker(action) == "citizens",
        )

    def _places_of(self, row: Any, targets: Targets) -> tuple[tuple[str, int], dict[int, str]]:
        """Where a step is told: under one of its recommendations, a cycle, or the assembly."""
        asked = list(targets.recommendations)
        if not asked and targets.measures:
            served = Recommendation.objects.filter(measure_links__measure__in=targets.measures)
            asked = list(served.distinct().order_by("cycle", "position"))
        if asked:
            return ("recommendation", asked[0].pk), {each.pk: each.reference for each in asked}
        cycle = row.cycle_id or (row.group.cycle_id if row.group_id else None)
        if cycle:
            return self.group_of_cycle(cycle), {}
        return self.group_of_assembly(row.assembly_id), {}

    def group_of_recommendation(self, key: int) -> tuple[str, int]:
        place = ("recommendation", key)
        if place not in self.groups:
            row = listed(Recommendation.objects.filter(pk=key)).first()
            if row is None:
                return place
            shown = row_of(self.lists, row)
            self.groups[place] = Group(
                title=choose(shown["title"]),
                url=reference_url(row.reference),
                kicker=Choice(f"{row.reference}", ""),
                sentence=shown["sentence"],
                example=shown["example"],
            )
        return place

    def group_of_cycle(self, key: int) -> tuple[str, int]:
        place = ("cycle", key)
        if place not in self.groups:
            row = self.lists.cycles[key]
            page = self.lists.originals[row.translation_key]
            self.groups[place] = Group(
                title=place_label(self.lists, page),
                url=site_url() + place_url(self.lists, page),
                kicker=Choice(gettext("As a whole"), ""),
                example=row.example,
            )
        return place

    def group_of_assembly(self, key: int) -> tuple[str, int]:
        place = ("assembly", key)
        if place not in self.groups:
            page = places_to(self.lists, self.lists.assemblies[key])[-1]
            # Its section has its name already.
            self.groups[place] = Group(
                title=Choice("", ""),
                url=site_url() + place_url(self.lists, page),
            )
        return place

    def _recommendation(self, change: Change) -> Item | None:
        row = named(Recommendation.objects.filter(pk=change.recommendation_id)).first()
        if row is None:
            return None
        shown = link(self.lists, row)
        return Item(
            number=change.number,
            kind="recommendation",
            group=self.group_of_cycle(row.cycle_id),
            assembly=self.lists.assembly_of(row.cycle_id).pk,
            title=choose(shown["title"]),
            url=reference_url(row.reference),
            example=row.example,
            label=said_with(
                gettext("New here: %(what)s"), what=words(kicker(self.lists, row), note=False)
            ),
            published=self._published(change),
        )

    def _measure(self, change: Change) -> Item | None:
        row: Measure = change.measure
        served = Recommendation.objects.filter(measure_links__measure=row).order_by("position")
        first = served.values_list("pk", flat=True).first()
        group = self.group_of_recommendation(first) if first else self.group_of_cycle(row.cycle_id)
        return Item(
            number=change.number,
            kind="measure",
            group=group,
            assembly=self.lists.assembly_of(row.cycle_id).pk,
            title=choose(row.title),
            url=site_url() + row.url,
            example=row.example,
            label=gettext("Measure announced"),
            body=choose(self.lists.bodies[row.announced_by_id].name),
            text=choose(row.text) or None,
            happened=dates.span(row.announced_on),
            published=self._published(change),
        )

    def _withdrawal(self, change: Change) -> Item | None:
        fact = change.withdrawal
        row = named(Recommendation.objects.filter(pk=fact.recommendation_id)).first()
        if row is None:
            return None
        return Item(
            number=change.number,
            kind="withdrawal",
            group=self.group_of_cycle(row.cycle_id),
            assembly=self.lists.assembly_of(row.cycle_id).pk,
            title=choose(link(self.lists, row)["title"]),
            url=reference_url(row.reference),
            example=row.example,
            label=gettext("Withdrawn: %(what)s") % {"what": row.reference},
            reason=choose(fact.reason) or None,
            happened=dates.span(fact.withdrawn_on),
            note=gettext("It is no longer followed up; no more mails will come about it."),
        )

    def _cycle(self, change: Change) -> Item | None:
        row = self.lists.cycles.get(change.cycle_id)
        page = self.lists.originals.get(row.translation_key) if row is not None else None
        if row is None or page is None:
            return None
        return Item(
            number=change.number,
            kind="cycle",
            group=self.group_of_assembly(row.assembly_id),
            assembly=row.assembly_id,
            title=place_label(self.lists, page),
            url=site_url() + place_url(self.lists, page),
            example=row.example,
            label=gettext("New round"),
            published=self._published(change),
        )

    def _booklet(self, change: Change) -> Item | None:
        """A new edition of a booklet, a mistake in one, or its withdrawal."""
        told = editions.told([change]).get(change.number)
        if told is None:
            return None
        edition, erratum, retraction = told.edition, told.erratum, told.retraction
        label, note = gettext("New follow-up booklet"), ""
        happened = timezone.localtime(change.moment).date()
        if erratum is not None:
            label, happened = gettext("Mistake in a follow-up booklet"), erratum.published_on
            note = gettext("Sheet %(reference)s") % {"reference": erratum.reference}
        elif retraction is not None:
            label, happened = gettext("Follow-up booklet withdrawn"), retraction.withdrawn_on
        else:
            closing = {"closing": dates.day(edition.closing_on)}
            note = gettext("State on %(closing)s") % closing
        return Item(
            number=change.number,
            kind="booklet",
            group=self.group_of_cycle(edition.cycle_id)
            if edition.cycle_id
            else self.group_of_assembly(edition.assembly_id),
            assembly=edition.assembly_id,
            title=choose(edition.title),
            url=site_url() + url_of(edition, self.lists),
            example=edition.example,
            label=label,
            text=choose(erratum.text) if erratum is not None else None,
            reason=choose(retraction.reason) if retraction is not None else None,
            note=note if erratum is None or erratum.reference else "",
            happened=dates.day(happened),
        )

    def _published(self, change: Change) -> str:
        return dates.day(timezone.localtime(change.moment).date())


def reference_url(reference: str) -> str:
    return site_url() + reverse("assemblies:reference", args=[reference])


def _changes(found: list[dict[str, Any]], words: Any) -> Iterable[dict[str, Any]]:
    """One line for each state that changed; the same one said once for several things."""
    seen = set()
    for subject in found:
        for alteration in subject["alterations"]:
            before = _said(alteration["before"], alteration["axis"])
            after = _said(alteration["after"], alteration["axis"])
            line = (alteration["axis"], before, after)
            if after and before != after and line not in seen:
                seen.add(line)
                yield {
                    "axis": alteration["axis"],
                    "label": str(alteration["label"]),
                    "before": before,
                    "after": after,
                    "code": alteration["after"].get("code", ""),
                }


def _said(value: dict[str, Any] | None, axis: str) -> str:
    if value is None:
        return ""
    if "body" in value:
        return words(value["body"].name, note=False) if value["body"] is not None else ""
    if "deadline" in value:
        said = words(value["deadline_words"], note=False)
        day = dates.day(value["deadline"]) if value["deadline"] else ""
        quoted = said_with(gettext("“%(said)s”"), said=said) if said else ""
        return format_html_join(", ", "{}", ([part] for part in (quoted, day) if part))
    return words(value["words"] or VALUES[axis](value["code"]).label, note=False)


def _source(source: Any) -> dict[str, Any]:
    document = source.document
    more = [document.file_extension.upper()] if document is not None else []
    if document is not None and document.file_size:
        more.append(file_size(document.file_size))
    url = source.href
    language = source.language or reader_language()
    return {
        "title": Choice(source.title, language, missing=language != reader_language()),
        "url": url if url.startswith("http") or not url else site_url() + url,
        "more": ", ".join(more),
    }
