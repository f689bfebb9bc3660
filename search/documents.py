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
from assemblies.models import Action, Change, Recommendation
from search import analyzer

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


def about(numbers: Iterable[int]) -> dict[int, set[str]]:
    """Which entries each of these changes of the log is about."""
    changes = list(Change.objects.filter(number__in=list(numbers)).select_related("withdrawal"))
    actions = {c.action_id for c in changes if c.action_id}
    concerned: dict[int, list[tuple[int | None, ...]]] = defaultdict(list)
    if actions:
        related = Action.objects.filter(Q(pk__in=actions) | Q(corrects__in=actions))
        for pk, corrects, *rest in related.values_list(
            "pk", "corrects", "act", "targets__recommendation", "targets__measure"
        ):
            for own in {pk, corrects} & actions:
                concerned[own].append(tuple(rest))
        corrected = Action.objects.filter(corrected_by__in=actions)
        for own, *rest in corrected.values_list(
            "corrected_by", "act", "targets__recommendation", "targets__measure"
        ):
            concerned[own].append(tuple(rest))
    measures = {c.measure_id for c in changes} | {m for r in concerned.values() for *_x, m in r}
    acts = {c.act_id for c in changes} | {act for r in concerned.values() for act, *_x in r}
    served = _linked("measure_links__measure", measures)
    adopted = _linked("act_links__act", acts)
    found: dict[int, set[str]] = {}
    for change in changes:
        asked = {change.recommendation_id}
        asked |= served[change.measure_id] | adopted[change.act_id]
        if change.withdrawal is not None:
            asked.add(change.withdrawal.recommendation_id)
        for act, recommendation, measure in concerned.get(change.action_id or 0, ()):
            asked |= {recommendation} | served[measure] | adopted[act]
        keys = {f"recommendation:{pk}" for pk in asked - {None}}
        if change.action_id:
            keys.add(f"action:{change.action_id}")
        for listed in LISTED:
            keys |= listed(change)
        found[change.number] = keys
    return found


def _linked(link: str, keys: set[int | None]) -> dict[int | None, set[int]]:
    """The recommendations that these measures serve, or these acts adopt."""
    found: dict[int | None, set[int]] = defaultdict(set)
    if keys := keys - {None}:
        rows = Recommendation.objects.filter(**{f"{link}__in": keys}).values_list(link, "pk")
        for key, pk in rows:
            found[key].add(pk)
    return found


#: What a change of a list is about, asked of the rooms whose things have no column in the log.
LISTED: list[Callable[[Change], set[str]]] = []


def touched(numbers: Iterable[int]) -> set[str]:
    """The entries that these changes are about, all together."""
    return {key for keys in about(numbers).values() for key in keys}


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


# -- long texts ---------------------------------------------------------------------------------


def in_pieces(
    fact: tuple[str, str], noun: str, code: str, readers: tuple[str, ...], title: str, text: str
) -> Iterator[Draft]:
    """A long text as documents; ``fact``: what it is called in the index, and its handle."""
    name, handle = fact
    for place, piece in enumerate(pieces(text)):
        yield Draft(f"{name}:{place}", noun, code, readers, title, piece, handle)


def pieces(text: str) -> list[str]:
    """A long text cut at line ends or spaces, each piece short enough for one document."""
    found: list[str] = []
    while text and len(found) < MOST_PIECES:
        cut = len(text)
        if cut > PIECE:
            cut = max(text.rfind("\n", 0, PIECE), text.rfind(" ", 0, PIECE))
            cut = cut if cut > PIECE // 2 else PIECE
        found.append(text[:cut].strip())
        text = text[cut:]
    return [piece for piece in found if piece]
