"""What is indexed: the published words of facts, and what each is filtered by.

A kind of document is one function: given entries it yields their documents. Rooms above add
theirs with :func:`source` in ``AppConfig.ready()``.
"""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.html import strip_tags

from assemblies import directory
from assemblies.directory import Directory
from assemblies.enums import Implementation
from assemblies.models import (
    Act,
    Action,
    Change,
    Measure,
    Recommendation,
    RecommendationPage,
)
from search import analyzer
from search.models import Extract

#: An action on more recommendations than this is a line of its own: it is about none in particular.
MOST_TARGETS = 12
NO_MEASURE = "none"
#: The longest text that is indexed as one document; files are cut into pieces of this length.
PIECE = 4_000
MOST_PIECES = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """One document before it is analysed."""

    fact: str
    noun: str
    language: str
    audience: tuple[str, ...]
    title: str
    text: str
    handle: str = ""

    @property
    def fingerprint(self) -> str:
        said = [analyzer.VERSION, self.noun, self.handle, self.language, *self.audience]
        said += [self.title, self.text]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()


@dataclass
class Found:
    """One entry before it is written: what it is filtered by, and its documents."""

    key: str
    noun: str
    subject: int
    facets: dict[str, list[str]]
    next_due: datetime.date | None = None
    day: datetime.date | None = None
    drafts: list[Draft] = field(default_factory=list)


def audiences(languages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For a fact with words in these languages, who reads which of them: its own readers first."""
    there = set(languages)
    order = [code for code, _name in settings.LANGUAGES]
    held = [code for code in order if code in there] + sorted(there - set(order))
    if not held:
        return {}
    lacking = [code for code in order if code not in there]
    return {code: (code, *(lacking if code == held[0] else ())) for code in held}


def drafts(
    fact: str, noun: str, words: dict[str, tuple[str, str]], handle: str = ""
) -> Iterator[Draft]:
    """The documents of one fact, of its title and text by language."""
    words = {code: pair for code, pair in words.items() if any(pair)}
    for code, readers in audiences(words).items():
        title, text = words[code]
        yield Draft(fact, noun, code, readers, title, text, handle)


def worded(row: Any, title: str, *texts: str) -> dict[str, tuple[str, str]]:
    """Title and texts of a fact, by the languages that have any of them."""

    def of(name: str) -> dict[str, str]:
        data = getattr(getattr(row, name), "data", getattr(row, name))
        if isinstance(data, str):
            data = {settings.LANGUAGE_CODE: data} if data else {}
        return {code: str(text or "").strip() for code, text in (data or {}).items()}

    head, rest = of(title), [of(name) for name in texts]
    codes = {code for each in (head, *rest) for code, text in each.items() if text}
    return {
        code: (head.get(code, ""), "\n".join(filter(None, (each.get(code) for each in rest))))
        for code in sorted(codes)
    }


def plain_text(html: str) -> str:
    """The words of a rich text, a line a paragraph."""
    spaced = html.replace("</p>", "\n").replace("</li>", "\n").replace("<br/>", "\n")
    text = strip_tags(spaced)
    for entity, sign in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):
        text = text.replace(entity, sign)
    return text.replace("&#x27;", "'").replace("&#39;", "'").replace("&nbsp;", " ").strip()


# -- what a change is about ---------------------------------------------------------------------


def touched(numbers: Iterable[int]) -> set[str]:
    """The entries that these changes are about."""
    keys: set[str] = set()
    recommendations, measures, actions, acts = set(), set(), set(), set()
    for change in Change.objects.filter(number__in=list(numbers)):
        if change.recommendation_id:
            recommendations.add(change.recommendation_id)
        elif change.measure_id:
            measures.add(change.measure_id)
        elif change.action_id:
            actions.add(change.action_id)
        elif change.act_id:
            acts.add(change.act_id)
        elif change.withdrawal_id:
            recommendations.add(change.withdrawal.recommendation_id)
    if actions:
        related = Action.objects.filter(
            Q(pk__in=actions) | Q(corrected_by__in=actions) | Q(corrects__in=actions)
        )
        for pk, act, recommendation, measure in related.values_list(
            "pk", "act", "targets__recommendation", "targets__measure"
        ):
            if pk in actions:
                keys.add(f"action:{pk}")
            recommendations |= {recommendation} - {None}
            measures |= {measure} - {None}
            acts |= {act} - {None}
    if measures:
        recommendations |= set(
            Recommendation.objects.filter(measure_links__measure__in=measures).values_list(
                "pk", flat=True
            )
        )
    if acts:
        recommendations |= set(
            Recommendation.objects.filter(act_links__act__in=acts).values_list("pk", flat=True)
        )
    return keys | {f"recommendation:{pk}" for pk in recommendations}


def every() -> Iterator[list[str]]:
    """The keys of all entries there are, in portions."""
    for name, keys in SOURCES_OF_KEYS.items():
        portion: list[str] = []
        for pk in keys():
            portion.append(f"{name}:{pk}")
            if len(portion) == 200:
                yield portion
                portion = []
        if portion:
            yield portion


SOURCES_OF_KEYS: dict[str, Callable[[], Iterable[int]]] = {}

Source = Callable[[set[int], Directory], Iterable[Found]]
SOURCES: dict[str, Source] = {}


def source(noun: str, keys: Callable[[], Iterable[int]]) -> Callable[[Source], Source]:
    """Register a kind of entry: ``keys`` are all there are; the function makes some of them.

    What it does not give back for a key it was asked for is not public, and leaves the index.
    """

    def registered(make: Source) -> Source:
        SOURCES[noun] = make
        SOURCES_OF_KEYS[noun] = keys
        return make

    return registered


def gather(keys: Iterable[str]) -> dict[str, Found]:
    """The public ones of these entries, with their documents."""
    asked: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        noun, _sign, pk = key.partition(":")
        asked[noun].add(int(pk))
    lists = directory.current()
    return {
        found.key: found
        for noun, pks in asked.items()
        if noun in SOURCES
        for found in SOURCES[noun](pks, lists)
    }


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
    """A file in pieces; one without a language is read by everybody, as the site's first."""
    code = language or settings.LANGUAGES[0][0]
    readers = (code, *(other for other, _name in settings.LANGUAGES if other != code))
    key, handle = fact
    for place, piece in enumerate(pieces(text)):
        yield Draft(f"{key}:{place}", noun, code, readers, title, piece, handle)


def pieces(text: str) -> list[str]:
    """A long text cut at line ends or spaces, each piece short enough for one document."""
    found = []
    while text and len(found) < MOST_PIECES:
        cut = len(text)
        if cut > PIECE:
            cut = max(text.rfind("\n", 0, PIECE), text.rfind(" ", 0, PIECE))
            cut = cut if cut > PIECE // 2 else PIECE
        found.append(text[:cut].strip())
        text = text[cut:]
    return [piece for piece in found if piece]


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
