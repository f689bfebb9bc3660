"""From an address to a page, in one query, in the reader's language or in the language there is.

A Dutch address leads to the Dutch page; where there is none it leads to the original, served in the
Dutch frame with its own words marked ``lang="fr"``. Any level of the path may be translated or not:
``/nl/burgerraad-voor-het-klimaat/cyclus-1/3-4-creer-dans-chaque-quartier/``.

The tree down to the cycles is in memory (``directory``), so Wagtail's walk from page to page is not
taken: a recommendation, its register row and its translation come in one query.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from wagtail.models import Page

from assemblies.directory import Directory, Place, page_url
from assemblies.models.recommendation import RecommendationPage

#: Longer paths than this are nobody's.
MAX_SEGMENTS = 8
#: Page types that serve addresses below their own, as ``app.model``: rooms above add theirs in
#: ``AppConfig.ready()``. What follows the page's own address is its route's ``rest``.
SERVING_BELOW: set[str] = set()


@dataclass(frozen=True, slots=True)
class Route:
    """Where an address leads.

    ``page`` is the specific page to serve, ``original`` the page that its register follows, ``url``
    its own address for readers of this language (elsewhere they are sent there), and ``missing``
    whether it is in another language than theirs, because there is none in theirs.
    """

    page: Page
    original: Page
    url: str
    missing: bool
    trail: tuple[Place, ...]
    #: The languages in which the page exists, with its address in each.
    versions: dict[str, str]
    #: Whether the address is one of the past, from before a page was moved or renamed.
    past: bool = False
    #: A recommendation's pages, by language: read with it, whichever is shown.
    texts: dict[str, RecommendationPage] = field(default_factory=dict)
    #: What the address has below that of the page, where its type serves such addresses.
    rest: tuple[str, ...] = ()


def walks(directory: Directory, segments: list[str], language: str) -> Iterator[tuple[Place, bool]]:
    """Follow slugs from the home page down, through pages of any language, to live pages.

    Yields where they lead, and whether by a past name of some page; the names of today first.
    """
    homes = list(directory.homes.values())
    if homes:
        yield from _walks_from(directory, directory.version(homes[0], language), segments, language)


def _walks_from(
    directory: Directory, here: Place, segments: list[str], language: str
) -> Iterator[tuple[Place, bool]]:
    if not segments:
        yield here, False
        return
    slug, *rest = segments
    candidates = [
        below
        for version in directory.by_key[here.key].values()
        for below in directory.below[version.path]
        if below.slug == slug
    ]
    if candidates:
        there = min(candidates, key=lambda place: (place.language != language, place.pk))
        yield from _walks_from(directory, there, rest, language)
    past = directory.originals.get(directory.past.get((here.key, slug), here.key))
    if past is not None and past.key != here.key:
        there = directory.version(past, language)
        yield from ((place, True) for place, _past in _walks_from(directory, there, rest, language))


def resolve(directory: Directory, path: str, language: str) -> Route | None:
    """The page at ``path`` below ``/<language>/``, or None.

    Only live pages; a translation whose original is not live counts as not live. Where nothing is
    there today, the page that was there before it was moved or renamed.
    """
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS:
        return None
    for place, past in walks(directory, segments, language):
        route = _serve(directory, place, language)
        if route is not None:
            return replace(route, past=past)
    if not segments:
        return None
    for above, past in walks(directory, segments[:-1], language):
        if above.type in SERVING_BELOW:
            below = _below(_serve(directory, above, language), segments[-1])
            if below is not None:
                return replace(below, past=past)
        if above.type != "assemblies.cyclepage":
            continue
        route = _recommendation(directory, above, segments[-1], language)
        if route is not None:
            return replace(route, past=past or route.past)
    return None


def _serve(directory: Directory, place: Place, language: str) -> Route | None:
    original = directory.original(place)
    if not original.live:
        return None
    version = directory.version(place, language)
    # Its class is known, so one query reads all of it.
    page = apps.get_model(version.type).objects.select_related("locale").get(pk=version.pk)
    return Route(
        page=page,
        original=page,
        url=page_url(directory.slugs(place, language), language),
        missing=version.language != language,
        trail=tuple(directory.trail(place)),
        versions={
            code: page_url(directory.slugs(place, code), code)
            for code, each in directory.by_key[place.key].items()
            if each.live
        },
    )


def _below(route: Route | None, slug: str) -> Route | None:
    """The route to an address that the page itself serves; it is the same slug in all languages."""
    if route is None:
        return None
    return replace(
        route,
        url=f"{route.url}{slug}/",
        versions={code: f"{url}{slug}/" for code, url in route.versions.items()},
        rest=(slug,),
    )


def _recommendation(directory: Directory, cycle: Place, slug: str, language: str) -> Route | None:
    steplen = Page.steplen
    below = Q()
    for version in directory.by_key[cycle.key].values():
        below |= Q(path__startswith=version.path, depth=version.depth + 1)
    named = RecommendationPage.objects.filter(below, slug=slug)
    once = directory.past.get((cycle.key, slug))
    pages = list(
        RecommendationPage.objects.filter(
            Q(translation_key__in=named.values("translation_key"))
            | (Q(translation_key=once) if once else Q()),
            alias_of__isnull=True,
        )
        .select_related("locale", "register")
        .order_by("pk")
    )
    pages = [
        p
        for p in pages
        if any(p.path[:-steplen] == v.path for v in directory.by_key[cycle.key].values())
    ]
    here = [page for page in pages if page.slug == slug]
    if here:
        # One slug, perhaps two recommendations in two languages: the reader's language decides.
        key = min(
            here, key=lambda page: (page.locale.language_code != language, page.pk)
        ).translation_key
    else:
        key = once
    route = route_to(directory, [page for page in pages if page.translation_key == key], language)
    return replace(route, past=not here) if route is not None else None


def route_to(directory: Directory, pages, language: str) -> Route | None:
    """The route to a recommendation, given its pages in all languages, in the order of creation."""
    original = next((page for page in pages if hasattr(page, "register")), None)
    if original is None or not original.live:
        return None
    own = {page.locale.language_code: page for page in pages if page.live}
    page = own.get(language, original)
    place = directory.by_path[original.path[: -Page.steplen]]
    return Route(
        page=page,
        original=original,
        url=page_url([*directory.slugs(place, language), page.slug], language),
        missing=page.locale.language_code != language,
        trail=tuple(directory.trail(place)),
        versions={
            code: page_url([*directory.slugs(place, code), each.slug], code)
            for code, each in own.items()
        },
        texts=own,
    )


def recommendation_url(directory: Directory, cycle_key: UUID, slug: str, language: str) -> str:
    """The address of a recommendation for readers of a language.

    ``slug``: that of its page in the language if there is one, else that of the original.
    """
    place = directory.originals[cycle_key]
    return page_url([*directory.slugs(place, language), slug], language)
