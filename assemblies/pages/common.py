"""What the pages have in common: the directory, languages, addresses, bodies, words, citations."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation.trans_real import (
    get_supported_language_variant,
    parse_accept_lang_header,
)
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from assemblies import clock, dates, directory, routing, titles
from assemblies.directory import Directory, Place
from assemblies.enums import VALUES, Axis
from assemblies.keyset import Window
from assemblies.models import Assembly, Body, Cycle, Ink, Recommendation, RecommendationPage
from assemblies.pages.day import kept
from assemblies.routing import Route
from assemblies.templatetags.suites import words as words_tag
from assemblies.words import Choice, choose, said_with


def reading(view: Callable) -> Callable:
    """A view that only shows: GET and HEAD, and 405 to the rest, before any question of CSRF."""
    return csrf_exempt(require_safe(view))


# -- the request ------------------------------------------------------------------------------


def directory_of(request: HttpRequest) -> Directory:
    """The lists and the page tree as of this request, read once for all of it."""
    found = getattr(request, "directory", None)
    if found is None:
        found = directory.current()
        request.directory = found
    return found


def reader_language() -> str:
    """The language of the address that was asked for."""
    return get_language() or settings.LANGUAGE_CODE


def preferred_language(request: HttpRequest) -> str:
    """The language for an address that has none: of its host, else the one that a browser asks for.

    No cookie is looked at.
    """
    offered = languages_here(request)
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code == "*":
            break
        try:
            found = get_supported_language_variant(code)
        except LookupError:
            continue
        if found in offered:
            return found
    return offered[0]


def languages_here(request: HttpRequest) -> list[str]:
    """The languages of the host that was asked: those it is the host of, or all of the site."""
    codes = [code for code, _name in settings.LANGUAGES]
    if not settings.SUITES_LANGUAGE_HOSTS:
        return codes
    asked = request.get_host()
    return [code for code in codes if settings.SUITES_LANGUAGE_HOSTS.get(code) == asked] or codes


def site_url(language: str | None = None) -> str:
    """Scheme and host of the public site for readers of a language, the active one if none given.

    A language may have a host name of its own; without one it is that of the whole site.
    """
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    host = settings.SUITES_LANGUAGE_HOSTS.get(language or get_language() or "")
    return f"{address.partition('://')[0]}://{host}" if host else address


def in_language(code: str, path: str) -> str:
    """The path of a page in a language, with scheme and host where they are not the reader's."""
    here, there = site_url(), site_url(code)
    return path if here == there else there + path


#: Pages above others that can be read on any day.
DATED = frozenset({"assemblies.assemblypage", "assemblies.cyclepage"})

# -- addresses --------------------------------------------------------------------------------


def paged_query(request: HttpRequest, shown: Window) -> str:
    """What the address of a further page of a list has beside its path: where the page begins."""
    begins = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    return f"?{urlencode(begins)}" if begins and not shown.first else ""


def place_label(lists: Directory, place: Place) -> Choice:
    """A page's title for readers of the active language."""
    version = lists.version(place, reader_language())
    return Choice(version.title, version.language, missing=version.language != reader_language())


def place_url(lists: Directory, place: Place) -> str:
    return directory.page_url(lists.slugs(place, reader_language()), reader_language())


def crumbs(
    lists: Directory,
    places: Iterable[Place],
    *more: dict[str, Any],
    past: datetime.date | None = None,
) -> list[dict]:
    """A breadcrumb through these pages; ``more``: what follows them, the last one being here.

    ``past``: the pages of assemblies and cycles are linked as of that day.
    """
    trail = []
    for place in places:
        label: Choice | str = place_label(lists, place)
        if place.type == "home.homepage":
            label = gettext("Home page")
        language = label.language if isinstance(label, Choice) and label.missing else ""
        dated = past if place.type in DATED else None
        url = kept(place_url(lists, place), dated)
        trail.append({"label": label, "url": url, "lang": language})
    return [*trail, *more]


def places_to(lists: Directory, row: Assembly | Cycle) -> list[Place]:
    """The pages from the home page down to that of an assembly or a cycle."""
    place = lists.originals.get(row.translation_key)
    return lists.trail(place) if place else []


def versions(lists: Directory, route: Route) -> dict[str, tuple[str, bool]]:
    """Where each language finds the page that is being served, and whether it exists there."""
    found = {}
    place = route.trail[-1]
    for code, _name in settings.LANGUAGES:
        if code in route.versions:
            found[code] = (route.versions[code], True)
        elif route.original.translation_key == place.key:
            address = directory.page_url([*lists.slugs(place, code), *route.rest], code)
            found[code] = (address, False)
        else:
            slugs = [*lists.slugs(place, code), route.original.slug]
            found[code] = (directory.page_url(slugs, code), False)
    return found


# -- assemblies and their words ---------------------------------------------------------------

#: The signs of an assembly's mark go by its ink: iris has rings, bottle green lozenges, and so on.
_SHAPES = {ink: ("rings", "lozenges")[place % 2] for place, ink in enumerate(Ink.values)}


def mark_shape(assembly: Assembly) -> str:
    return _SHAPES[assembly.ink]


def owes(assembly: Assembly | None) -> bool:
    """Whether the assembly publishes in the reader's language, so that a text is missing there."""
    return assembly is None or assembly.owes(reader_language())


def term(said: Any) -> Any:
    """An assembly's own word, where it has one in the reader's language; else None, for ours."""
    choice = choose(said)
    if not choice or choice.missing:
        return None
    return Choice(capfirst(choice.text), choice.language)


class KindWords:
    """The words of one recommendation kind for the states; called as :mod:`sentence` wants it."""

    def __init__(self, lists: Directory, kind_id: int | None) -> None:
        self.own = lists.words.get(kind_id, {}) if kind_id else {}
        self.decider = lists.kinds[kind_id].deciding_body_id if kind_id in lists.kinds else None

    def word(self, axis: str, value: str, *, by: int | None = None) -> Choice | None:
        """The kind's own word, for a chip; None: ours is used.

        ``by``: the body that answers. "Adopted" is what the deciding body says; a directorate that
        gives its advice accepts, in everybody's words.
        """
        if axis == Axis.RESPONSE and None not in (by, self.decider) and by != self.decider:
            return None
        return term(self.own.get((axis, value)))

    def __call__(self, axis: str, value: str) -> str:
        return str(self.word(axis, value) or "")

    def said(self, axis: str, value: str) -> str:
        """The kind's own word or ours, as plain text."""
        return self(axis, value) or str(VALUES[axis](value).label)


# -- recommendations by name ------------------------------------------------------------------


def named(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Recommendations with what :func:`link` needs, in the query that reads them."""
    own = RecommendationPage.objects.filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=reader_language(),
        live=True,
        alias_of__isnull=True,
    )
    return rows.annotate(
        own_title=Subquery(own.values(said=titles.full())[:1]),
        own_slug=Subquery(own.values("slug")[:1]),
        original_slug=F("page__slug"),
        original_language=F("page__locale__language_code"),
    )


def link(lists: Directory, row: Any, past: datetime.date | None = None) -> dict[str, Any]:
    """A recommendation of :func:`named`, as the reader sees it in a list of links."""
    language = reader_language()
    cycle = lists.cycles[row.cycle_id]
    title = (
        Choice(row.own_title, language)
        if row.own_title
        else Choice(row.title, row.original_language, missing=row.original_language != language)
    )
    return {
        "key": row.pk,
        "reference": row.reference,
        "number": row.number,
        "title": title,
        "url": kept(
            routing.recommendation_url(
                lists, cycle.translation_key, row.own_slug or row.original_slug, language
            ),
            past,
        ),
        "kicker": kicker(lists, row),
        "example": row.example,
        "withdrawn_on": row.withdrawn_on,
    }


def kicker(lists: Directory, row: Recommendation) -> Choice:
    """What a recommendation is called before its title: "Recommendation 3.4"."""
    kind = choose(lists.kinds[row.kind_id].name)
    return Choice(
        f"{capfirst(kind.text)} {row.number}".strip(), kind.language, missing=kind.missing
    )


def written_in(said: Any) -> set[str]:
    """The languages in which a fact has its title: elsewhere only the frame is translated."""
    data = getattr(said, "data", said)
    if isinstance(data, dict):
        return {code for code, text in data.items() if text}
    return {settings.LANGUAGE_CODE} if data else set()


def body_name(body: Body | None, otherwise: str) -> Any:
    return body.name if body is not None else otherwise


# -- what every page says of itself -----------------------------------------------------------


def cited(
    lists: Directory,
    places: Iterable[Place],
    what: str | Choice,
    reference_url: str,
    past: datetime.date | None = None,
) -> dict[str, Any]:
    """How to quote a page: where it belongs, what it is, as of which day, and its short address.

    ``places``: the pages it belongs to, from the home page down.
    """
    titles = [place_label(lists, place) for place in list(places)[1:]]
    marked = format_html_join(", ", "{}", ((words_tag(title, note=False),) for title in titles))
    text = said_with(
        gettext("%(place)s, %(what)s, state on %(day)s."),
        place=marked,
        what=words_tag(what, note=False),
        day=dates.day(past or clock.today()),
    )
    url = kept(reference_url, past)
    address = site_url() + url
    return {
        "text": text,
        "address": address.split("://", 1)[-1],
        "url": url,
        # What readers name when they write about it: a reference, or the number of a step.
        "about": reference_url.rstrip("/").rsplit("/", 1)[-1],
    }
