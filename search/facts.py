"""What is found of published facts: recommendations with all that became of them, and steps."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q

from assemblies.directory import Directory
from assemblies.enums import Implementation
from assemblies.models import (
    Act,
    Action,
    Measure,
    Recommendation,
    RecommendationPage,
)
from search import analyzer
from search.documents import (
    NO_MEASURE,
    Draft,
    Found,
    drafts,
    in_pieces,
    plain_text,
    source,
    worded,
)
from search.folding import fold
from search.models import Extract

#: An action on more recommendations than this is a line of its own: it is about none in particular.
MOST_TARGETS = 12

# -- recommendations ----------------------------------------------------------------------------


@source(
    "recommendation",
    lambda: Recommendation.objects.order_by("pk").values_list("pk", flat=True).iterator(),
)
def recommendations(pks: set[int], lists: Directory) -> Iterator[Found]:
    """Recommendations, each with its measures, its acts and the steps about either."""
    rows = {
        row.pk: row
        for row in Recommendation.objects.live().filter(pk__in=pks, withdrawn_on__isnull=True)
    }
    if not rows:
        return
    pages: dict[Any, dict[str, RecommendationPage]] = defaultdict(dict)
    keys = {row.translation_key: row.pk for row in rows.values()}
    for page in RecommendationPage.objects.filter(
        translation_key__in=keys, live=True, alias_of__isnull=True
    ).select_related("locale"):
        pages[keys[page.translation_key]][page.locale.language_code] = page
    measures = _by_recommendation(
        Measure.objects.filter(live=True, serves__recommendation__in=rows).distinct(),
        "serves",
    )
    acts = _by_recommendation(
        Act.objects.filter(live=True, adopts__recommendation__in=rows).distinct(), "adopts"
    )
    actions = _actions_of(rows, measures)
    files = _files([a for each in actions.values() for a in each], acts)
    for pk, row in rows.items():
        own_measures, own_actions = measures.get(pk, []), actions.get(pk, [])
        found = Found(
            f"recommendation:{pk}",
            "recommendation",
            pk,
            _facets(row, own_measures, lists),
            row.next_due,
            max(filter(None, (row.last_action_on, row.handed_over_on)), default=None),
        )
        words = {
            code: (
                page.full_title,
                "\n".join(filter(None, (plain_text(page.verbatim), page.summary))),
            )
            for code, page in pages[pk].items()
        }
        found.drafts += drafts(found.key, "recommendation", words, row.reference)
        for measure in own_measures:
            said = worded(measure, "title", "text")
            found.drafts += drafts(f"measure:{measure.pk}", "measure", said, measure.reference)
        for act in acts.get(pk, []):
            found.drafts += act_drafts(act, files)
        for action in own_actions:
            found.drafts += action_drafts(action, files)
        yield found


def _by_recommendation(rows: Any, link: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.prefetch_related(link):
        for each in getattr(row, link).all():
            found[each.recommendation_id].append(row)
    return found


def _actions_of(rows: Any, measures: dict[int, list[Any]]) -> dict[int, list[Any]]:
    """The published steps of each recommendation: about it, or about one of its measures."""
    served: dict[int, set[int]] = defaultdict(set)
    for pk, own in measures.items():
        for measure in own:
            served[measure.pk].add(pk)
    found: dict[int, list[Any]] = defaultdict(list)
    actions = (
        Action.objects.filter(
            Q(targets__recommendation__in=rows) | Q(targets__measure__in=served), live=True
        )
        .distinct()
        .prefetch_related("targets", "sources")
    )
    for action in actions:
        targets = list(action.targets.all())
        if len(targets) > MOST_TARGETS or _is_first_lead(action, targets, measures):
            continue
        about = {t.recommendation_id for t in targets if t.recommendation_id}
        about |= {pk for t in targets if t.measure_id for pk in served.get(t.measure_id, ())}
        for pk in about & set(rows):
            found[pk].append(action)
    return found


def _is_first_lead(action: Action, targets: list[Any], measures: dict[int, list[Any]]) -> bool:
    """The step that a measure's first lead and deadline are says its title again, and no more."""
    if action.kind != "lead" or len(targets) != 1 or action.text:
        return False
    titles = {str(m.title) for own in measures.values() for m in own}
    return str(action.title) in titles


def action_drafts(action: Action, files: dict[int, str]) -> Iterator[Draft]:
    words = worded(
        action,
        "title",
        *("text", "reason_text", "what_changed", "what_is_missing", "old_words", "new_words"),
    )
    noun = {"response": "response", "opinion": "opinion"}.get(action.axis or action.kind, "action")
    yield from drafts(f"action:{action.pk}", noun, words, str(action.number))
    for each in action.sources.all():
        if each.document_id in files:
            yield from _file_drafts(
                (f"action:{action.pk}:file:{each.pk}", str(action.number)),
                each.title,
                each.language,
                files[each.document_id],
            )


def act_drafts(act: Act, files: dict[int, str]) -> Iterator[Draft]:
    words = worded(act, "title", "article", "what_changed", "reason_text")
    yield from drafts(f"act:{act.pk}", "act", words, act.slug)
    if act.document_id in files:
        yield from _file_drafts(
            (f"act:{act.pk}:file", act.slug),
            act.number,
            "",
            files[act.document_id],
            noun="act_file",
        )


def _files(actions: list[Any], acts: dict[int, list[Any]]) -> dict[int, str]:
    """The texts of the files that these facts rest on, where they have been read."""
    keys = {s.document_id for action in actions for s in action.sources.all()}
    keys |= {act.document_id for each in acts.values() for act in each}
    keys -= {None}
    if not keys:
        return {}
    return dict(
        Extract.objects.filter(document__in=keys, refusal="").values_list("document", "text")
    )


def _file_drafts(
    fact: tuple[str, str], title: str, language: str, text: str, noun: str = "file"
) -> Iterator[Draft]:
    """A file in pieces, read by everybody; where nobody said its language, its words do."""
    code = language or language_of(text)
    readers = (code, *(other for other, _name in settings.LANGUAGES if other != code))
    yield from in_pieces(fact, noun, code, readers, title, text)


def language_of(text: str) -> str:
    """Of the site's languages the one whose stop words stand most often in the beginning."""
    words = [fold(word) for word in text[:20_000].split()]
    codes = [code for code, _name in settings.LANGUAGES]
    return max(codes, key=lambda code: sum(word in analyzer.rules(code).stop for word in words))


def _facets(row: Recommendation, measures: list[Any], lists: Directory) -> dict[str, list[str]]:
    cycle = lists.cycles[row.cycle_id]
    assembly = lists.assemblies[cycle.assembly_id]
    bodies = {row.deciding_body_id, *(m.lead_id for m in measures)}
    done = {m.implementation or Implementation.NOT_STARTED.value for m in measures}
    return {
        "assembly": [assembly.code],
        "cycle": [cycle.reference],
        "kind": [f"{assembly.code}.{lists.kinds[row.kind_id].code}"],
        "response": [row.response],
        "implementation": sorted(done) or [row.implementation or NO_MEASURE],
        "opinion": [row.opinion] if lists.regime_of(assembly).has_citizens_body else [],
        "topic": sorted(lists.topics[key].slug for key in row.topic_keys if key in lists.topics),
        "body": sorted(lists.bodies[key].slug for key in bodies if key in lists.bodies),
        "year": [str(row.handed_over_on.year)] if row.handed_over_on else [],
    }


# -- steps that are about no recommendation in particular ----------------------------------------


@source(
    "action",
    lambda: Action.objects.filter(live=True).order_by("pk").values_list("pk", flat=True).iterator(),
)
def steps(pks: set[int], lists: Directory) -> Iterator[Found]:
    rows = Action.objects.filter(pk__in=pks, live=True).prefetch_related("targets", "sources")
    own = [row for row in rows if not 0 < len(row.targets.all()) <= MOST_TARGETS]
    files = _files(own, {})
    for row in own:
        assembly = lists.assemblies[row.assembly_id]
        cycle = lists.cycles.get(row.cycle_id)
        found = Found(
            f"action:{row.pk}",
            "action",
            row.pk,
            {
                "assembly": [assembly.code],
                "cycle": [cycle.reference] if cycle else [],
                "body": [lists.bodies[row.body_id].slug],
                "year": [str(row.happened_last.year)],
            },
            None,
            row.happened_last,
        )
        found.drafts += action_drafts(row, files)
        if found.drafts:
            yield found
