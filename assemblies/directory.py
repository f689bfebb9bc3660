"""The small lists and the page tree, held in memory, as of the last number of the change log.

Bodies, topics, kinds, regimes, assemblies, cycles and all pages but the recommendations' are a few
hundred rows that every public page needs. They are read once and kept until the change log moves
on: one look at its last row a request tells. Nothing here is stored; a restart loses nothing.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from wagtail.models import Page

from assemblies import duties
from assemblies.models.assembly import Assembly
from assemblies.models.change import Change
from assemblies.models.cycle import Cycle
from assemblies.models.kind import KindWord, RecommendationKind
from assemblies.models.past_address import PastAddress
from assemblies.models.recommendation import RecommendationPage
from assemblies.models.regime import DutyRule, Regime
from assemblies.models.rewording import Rewording
from assemblies.models.taxonomy import Body, Topic


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the tree, in one language. ``path`` is its place in Wagtail's tree."""

    pk: int
    key: UUID
    language: str
    title: str
    slug: str
    path: str
    depth: int
    live: bool
    type: str
    show_in_menus: bool


@dataclass(frozen=True, slots=True)
class Address:
    """Where readers of one language find a page, and the language of what they find there."""

    url: str
    title: str
    language: str
    exists: bool


@dataclass
class Directory:
    """What is in memory. Made by :func:`current`; never changed afterwards."""

    generation: tuple
    bodies: dict[int, Body]
    topics: dict[int, Topic]
    kinds: dict[int, RecommendationKind]
    words: dict[int, dict]
    regimes: dict[int, Regime]
    rules: dict[int, list[duties.Rule]]
    rule_labels: dict[int, object]
    assemblies: dict[int, Assembly]
    cycles: dict[int, Cycle]
    places: list[Place]
    #: Past names of pages: the key of the page above and a slug → the key of the page.
    past: dict[tuple[UUID, str], UUID]
    #: When the words of a page last changed after their publication, by the page's key in the tree.
    reworded: dict[int, datetime]
    by_path: dict[str, Place] = field(default_factory=dict)
    by_key: dict[UUID, dict[str, Place]] = field(default_factory=lambda: defaultdict(dict))
    originals: dict[UUID, Place] = field(default_factory=dict)
    homes: dict[str, Place] = field(default_factory=dict)
    below: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self):
        for place in self.places:
            self.by_path[place.path] = place
            self.by_key[place.key][place.language] = place
            self.originals.setdefault(place.key, place)
            self.below[place.path[: -Page.steplen]].append(place)
            if place.type == "home.homepage":
                self.homes.setdefault(place.language, place)

    # -- pages --------------------------------------------------------------------------------

    def parent(self, place: Place) -> Place | None:
        return self.by_path.get(place.path[: -Page.steplen])

    def original(self, place: Place) -> Place:
        """The version that the others follow: the one created first."""
        return self.originals[place.key]

    def version(self, place: Place, language: str) -> Place:
        """The live page in this language; the original where there is none."""
        own = self.by_key[place.key].get(language)
        return own if own is not None and own.live else self.original(place)

    def slugs(self, place: Place, language: str) -> list[str]:
        """The path below the home page by which readers of a language reach a page."""
        slugs: list[str] = []
        step: Place | None = self.original(place)
        while step is not None and step.type != "home.homepage":
            slugs.insert(0, self.version(step, language).slug)
            step = self.parent(step)
        return slugs

    def address(self, key: UUID, language: str | None = None) -> Address | None:
        """Where readers of a language find the page with this translation key."""
        language = language or get_language() or settings.LANGUAGE_CODE
        place = self.originals.get(key)
        if place is None or not place.live:
            return None
        version = self.version(place, language)
        return Address(
            url=page_url(self.slugs(place, language), language),
            title=version.title,
            language=version.language,
            exists=version.language == language,
        )

    def trail(self, place: Place) -> list[Place]:
        """The pages above a page, the home page first, itself last; originals."""
        found: list[Place] = []
        step: Place | None = self.original(place)
        while step is not None:
            found.insert(0, step)
            step = self.parent(step)
        return found

    # -- what hangs together ------------------------------------------------------------------

    def assembly_of(self, cycle_id: int) -> Assembly:
        return self.assemblies[self.cycles[cycle_id].assembly_id]

    def regime_of(self, assembly: Assembly) -> Regime:
        return self.regimes[assembly.regime_id]


def page_url(slugs: list[str], language: str) -> str:
    """The address of a page by its path below the home page, for readers of one language."""
    with override(language):
        return reverse("wagtail_serve", args=["/".join(slugs) + "/" if slugs else ""])


def generation() -> tuple:
    """The last row of the change log: its number, and its moment."""
    return Change.objects.order_by("-number").values_list("number", "moment").first() or (0, None)


_current: Directory | None = None
_lock = threading.Lock()


def current() -> Directory:
    """The directory as of now: one query when nothing has changed since it was read."""
    global _current
    now = generation()
    found = _current
    if found is None or found.generation != now:
        with _lock:
            if _current is None or _current.generation != now:
                _current = _read(now)
            found = _current
    return found


def forget() -> None:
    """Read everything anew at the next request: for changes that no log knows (raw SQL, tests)."""
    global _current
    _current = None


def _read(now: tuple) -> Directory:
    words: dict[int, dict] = defaultdict(dict)
    for word in KindWord.objects.all():
        words[word.kind_id][word.axis, word.value] = word.word
    rules: dict[int, list[duties.Rule]] = defaultdict(list)
    labels = {}
    for rule in DutyRule.objects.order_by("regime", "sort_order", "pk"):
        rules[rule.regime_id].append(rule.as_rule())
        labels[rule.pk] = rule.label
    pages = (
        Page.objects.filter(depth__gt=1, alias_of__isnull=True)
        .not_exact_type(RecommendationPage)
        .order_by("pk")
        .values_list(
            "pk",
            "translation_key",
            "locale__language_code",
            "title",
            "slug",
            "path",
            "depth",
            "live",
            "content_type__app_label",
            "content_type__model",
            "show_in_menus",
        )
    )
    return Directory(
        generation=now,
        bodies=Body.objects.in_bulk(),
        topics=Topic.objects.in_bulk(),
        kinds=RecommendationKind.objects.in_bulk(),
        words=dict(words),
        regimes=Regime.objects.in_bulk(),
        rules=dict(rules),
        rule_labels=labels,
        assemblies=Assembly.objects.in_bulk(),
        cycles=Cycle.objects.in_bulk(),
        places=[Place(*row[:8], type=f"{row[8]}.{row[9]}", show_in_menus=row[10]) for row in pages],
        past={
            (above, slug): page
            for above, slug, page in PastAddress.objects.values_list("above", "slug", "page")
        },
        reworded=dict(Rewording.objects.values_list("page", "moment")),
    )
