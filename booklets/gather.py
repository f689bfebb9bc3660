"""Reads what a booklet is made of: the published facts of an assembly, as plain material."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from i18nfield.strings import LazyI18nString

from assemblies import directory
from assemblies.directory import Directory
from assemblies.enums import CITIZENS_BODIES
from assemblies.models import (
    Action,
    AnnouncedCount,
    Assembly,
    Cycle,
    CyclePage,
    Group,
    Measure,
    MeasureServes,
    Passage,
    Recommendation,
    RecommendationPage,
    Withdrawal,
)
from assemblies.pages.common import site_url
from assemblies.pages.entries import Story, actions_around, aimed_at, sources_of
from assemblies.pages.passages import html_of
from booklets.material import Asked, Claim, Material, Planned, Round, Step, Words

#: Words of an action that a snapshot keeps.
ACTION_WORDS = (
    *("title", "text", "reason_text", "what_changed", "what_is_missing", "deadline_words"),
    *("old_words", "new_words"),
)


def languages() -> tuple[str, ...]:
    return tuple(code for code, _name in settings.LANGUAGES)


def words(value: Any) -> Words:
    """The texts of a field that holds words, by language; empty ones are left out."""
    data = value.data if isinstance(value, LazyI18nString) else value
    if not isinstance(data, dict):
        data = {settings.LANGUAGE_CODE: data}
    return {code: str(text) for code, text in sorted(data.items()) if text}


def absolute(url: str) -> str:
    """An address that leads somewhere from paper too."""
    return f"{site_url()}{url}" if url.startswith("/") else url


def material(assembly: Assembly, cycles: list[Cycle]) -> Material:
    """Everything published of these cycles of one assembly, in a fixed number of queries."""
    return _Gathering(directory.current(), assembly, cycles).material()


class _Gathering:
    def __init__(self, lists: Directory, assembly: Assembly, cycles: list[Cycle]) -> None:
        self.lists = lists
        self.assembly = assembly
        self.cycles = cycles
        self.keys = [cycle.pk for cycle in cycles]

    def material(self) -> Material:
        rows = list(
            Recommendation.objects.live()
            .filter(cycle__in=self.keys)
            .select_related("page__locale")
            .order_by("cycle", "position", "pk")
        )
        measures = list(
            Measure.objects.filter(
                Q(cycle__in=self.keys) | Q(serves__recommendation__cycle__in=self.keys), live=True
            )
            .distinct()
            .prefetch_related("contributors")
            .order_by("position", "pk")
        )
        serves: dict[int, list[MeasureServes]] = {}
        for link in MeasureServes.objects.filter(
            recommendation__cycle__in=self.keys, measure__live=True
        ).order_by("measure__position", "measure_id"):
            serves.setdefault(link.recommendation_id, []).append(link)
        story = self._story(rows, measures)
        regime = self.lists.regime_of(self.assembly)
        return Material(
            steps=tuple(self._step(story, row) for row in self._numbered(story)),
            asked=tuple(self._asked(rows, serves)),
            measures={row.pk: self._planned(row, serves) for row in measures},
            claims=tuple(self._claims()),
            rounds=self._rounds(),
            bodies=self._bodies(),
            topics={key: {"name": words(row.name)} for key, row in self.lists.topics.items()},
            groups=self._groups(),
            kinds=self._kinds(),
            rules=tuple(self.lists.rules.get(regime.pk, ())),
            rule_labels={key: words(label) for key, label in self.lists.rule_labels.items()},
            citizens_body=regime.has_citizens_body,
            silent_after_months=regime.silent_after_months,
            assembly=self._of_assembly(regime),
        )

    # -- the assembly and its lists -----------------------------------------------------------

    def _of_assembly(self, regime: Any) -> dict[str, Any]:
        committee = self.lists.bodies.get(self.assembly.committee_id or 0)
        return {
            "code": self.assembly.code,
            "name": self._titles(self.assembly.translation_key),
            "territory": words(self.assembly.territory),
            "ink": self.assembly.ink,
            "seed": self.assembly.slug,
            "languages": list(self.assembly.languages),
            "regime": words(regime.name),
            "regime_explained": words(regime.explanation),
            "citizens_voice": words(regime.citizens_voice),
            "committee": committee.slug if committee is not None else None,
            "cycle_word": words(self.assembly.cycle_word),
            "lead_word": words(self.assembly.lead_word),
            "example": self.assembly.example,
        }

    def _titles(self, key: Any) -> Words:
        found = self.lists.by_key.get(key, {})
        return {code: place.title for code, place in sorted(found.items()) if place.live}

    def _rounds(self) -> dict[int, Round]:
        pages: dict[Any, dict[str, CyclePage]] = {}
        for page in CyclePage.objects.filter(
            translation_key__in=[cycle.translation_key for cycle in self.cycles],
            live=True,
            alias_of__isnull=True,
        ).select_related("locale"):
            pages.setdefault(page.translation_key, {})[page.locale.language_code] = page
        announced: dict[int, list[dict[str, Any]]] = {}
        for count in AnnouncedCount.objects.filter(cycle__in=self.keys, live=True):
            announced.setdefault(count.cycle_id, []).append(
                {
                    "counts": count.counts,
                    "words": words(count.words),
                    "source": words(count.source_title),
                    "url": count.source_url,
                    "stated_on": count.stated_on.isoformat() if count.stated_on else None,
                    "example": count.example,
                }
            )
        found = {}
        for cycle in self.cycles:
            own = pages.get(cycle.translation_key, {})
            found[cycle.pk] = Round(
                pk=cycle.pk,
                reference=cycle.reference,
                handed_over_on=cycle.handed_over_on,
                said={
                    "code": cycle.code,
                    "panel_size": cycle.panel_size,
                    "example": cycle.example,
                    "announced": announced.get(cycle.pk, []),
                    **{
                        name: {
                            code: text
                            for code, page in sorted(own.items())
                            if (text := getattr(page, name))
                        }
                        for name in ("title", "theme", "question")
                    },
                },
            )
        return found

    def _bodies(self) -> dict[int, dict[str, Any]]:
        return {
            key: {
                "key": row.slug,
                "name": words(row.name),
                "acronym": row.acronym,
                "kind": row.kind,
                "citizens": row.kind in CITIZENS_BODIES,
                "example": row.example,
            }
            for key, row in self.lists.bodies.items()
        }

    def _groups(self) -> dict[int, dict[str, Any]]:
        return {
            row.pk: {
                "label": row.label,
                "title": words(row.title),
                "parent": row.parent_id,
                "cycle": row.cycle_id,
                "example": row.example,
            }
            for row in Group.objects.filter(cycle__in=self.keys).order_by("position")
        }

    def _kinds(self) -> dict[str, dict[str, Any]]:
        return {
            row.code: {
                "name": words(row.name),
                "plural": words(row.plural),
                "words": {
                    f"{axis}/{value}": words(said)
                    for (axis, value), said in self.lists.words.get(row.pk, {}).items()
                },
            }
            for row in self.lists.kinds.values()
            if row.assembly_id == self.assembly.pk
        }

    # -- recommendations and measures ---------------------------------------------------------

    def _asked(self, rows: list[Recommendation], serves: Any) -> Any:
        pages: dict[Any, dict[str, RecommendationPage]] = {}
        for page in RecommendationPage.objects.filter(
            translation_key__in=[row.translation_key for row in rows],
            live=True,
            alias_of__isnull=True,
        ).select_related("locale"):
            pages.setdefault(page.translation_key, {})[page.locale.language_code] = page
        reasons = {
            fact.recommendation_id: words(fact.reason)
            for fact in Withdrawal.objects.filter(recommendation__in=rows, live=True)
        }
        for row in rows:
            texts = pages.get(row.translation_key, {})
            withdrawn = row.withdrawn_on is not None
            yield Asked(
                pk=row.pk,
                reference=row.reference,
                number=row.number,
                cycle_id=row.cycle_id,
                kind=self.lists.kinds[row.kind_id].code,
                group_id=row.group_id,
                deciding_body_id=row.deciding_body_id,
                handed_over_on=row.handed_over_on,
                withdrawn_on=row.withdrawn_on,
                topics=tuple(row.topic_keys),
                addressees=tuple(row.addressee_keys),
                measures=tuple(link.measure_id for link in serves.get(row.pk, ())),
                said={
                    "example": row.example,
                    "original": row.page.locale.language_code,
                    "votes": [row.votes_for, row.votes_against, row.votes_abstained]
                    if row.votes_for is not None
                    else None,
                    **(
                        {"withdrawn_because": reasons.get(row.pk, {})}
                        if withdrawn
                        else {
                            "title": _of_each(texts, lambda page: page.full_title),
                            "verbatim": _of_each(texts, html_of),
                            "summary": _of_each(texts, lambda page: page.summary),
                        }
                    ),
                },
            )

    def _planned(self, row: Measure, serves: Any) -> Planned:
        references = {
            link.recommendation_id: part
            for links in serves.values()
            for link in links
            if link.measure_id == row.pk and (part := words(link.part))
        }
        names = self.recommendations
        announced_by = self.lists.bodies.get(row.announced_by_id)
        return Planned(
            pk=row.pk,
            reference=row.reference,
            number=row.number_in_cycle,
            cycle_id=row.cycle_id if row.cycle_id in self.keys else self.keys[0],
            announced_on=row.announced_on,
            contributors=tuple(body.pk for body in row.contributors.all()),
            said={
                "title": words(row.title),
                "text": words(row.text),
                "announced_by": announced_by.slug if announced_by else None,
                "serves": {names[key]: part for key, part in references.items() if key in names},
                "example": row.example,
            },
        )

    def _claims(self) -> Any:
        rows = Passage.objects.filter(
            recommendation__cycle__in=self.keys, live=True
        ).prefetch_related("ties")
        for row in rows.order_by("pk"):
            taken_up = bool(row.ties.all())
            yield Claim(
                pk=row.pk,
                recommendation=row.recommendation_id,
                stated_on=row.stated_on,
                replaces=row.replaces_id,
                withdraws=row.withdraws,
                measures=tuple(tie.measure_id for tie in row.ties.all()),
                said={
                    "words": words(row.words),
                    "occurrence": words(row.occurrence),
                    "state": str(row.state_of(taken_up=taken_up).value),
                    "body": row.body_id,
                    "reason": row.reason,
                    "reason_text": words(row.reason_text),
                    "example": row.example,
                },
            )

    # -- actions ------------------------------------------------------------------------------

    def _story(self, rows: list[Recommendation], measures: list[Measure]) -> Story:
        self.recommendations = {row.pk: row.reference for row in rows}
        found = actions_around(
            aimed_at(
                recommendations=[row.pk for row in rows], measures=[row.pk for row in measures]
            )
            | Q(cycle__in=self.keys)
            | Q(group__cycle__in=self.keys)
        )
        story = Story(self.lists, found, sources_of(found))
        self.facts: dict[int | None, Any] = {fact.number: fact for fact in story.facts}
        return story

    def _numbered(self, story: Story) -> list[Action]:
        return [story.rows[number] for number in sorted(story.rows)]

    def _step(self, story: Story, row: Action) -> Step:
        said: dict[str, Any] = {
            name: texts for name in ACTION_WORDS if (texts := words(getattr(row, name)))
        }
        said |= {
            "example": row.example,
            "link": row.link,
            "reason": row.reason,
            "judged": row.opinion_object,
            "amount": format(row.amount.normalize(), "f") if row.amount is not None else None,
            "concerned_body": row.concerned_body_id,
            "contests": row.contests_id,
            "published_elsewhere_on": _iso(row.published_elsewhere_on),
            "sources": [self._source(source) for source in story.sources_of(row)],
            "act": self._act(row.act) if row.act_id else None,
        }
        return Step(fact=self.facts[row.number], said=said)

    def _source(self, source: Any) -> dict[str, Any]:
        found = {
            "position": source.position,
            "language": source.language,
            "title": source.title,
            "url": absolute(source.href),
            "official": source.official,
        }
        document = source.document if source.document_id else None
        if document is not None:
            # The file itself is no part of an edition; history keeps it as it was (``history``).
            found["file"] = {"name": document.filename, "size": document.file_size}
        return found

    def _act(self, act: Any) -> dict[str, Any]:
        return {
            "number": act.number,
            "title": words(act.title),
            "session_first": _iso(act.session_first),
            "session_last": _iso(act.session_last),
            "result": act.result,
            "votes": [act.votes_for, act.votes_against, act.votes_abstained],
            "article": words(act.article),
            "url": absolute(act.public_url),
            "example": act.example,
        }


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _of_each(pages: dict[str, Any], say: Any) -> Words:
    return {code: text for code, page in sorted(pages.items()) if (text := str(say(page)))}
