"""What every public page says around its content: menu, languages, assemblies, footer.

Nothing here asks the database beyond the directory, and nothing at all where a template (of an
error, of a mail) does not ask for it: each variable is computed when it is first used.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext, override, pgettext

from assemblies import clock
from assemblies.directory import Directory, Place, page_url
from assemblies.models import Assembly
from assemblies.pages.common import (
    directory_of,
    in_language,
    mark_shape,
    place_label,
    place_url,
    reader_language,
    site_url,
    versions,
)
from assemblies.pages.pairs import PARAMETER
from assemblies.templatetags.suites import in_language as in_words
from assemblies.words import choose
from home import frame as site_frame
from home.models import MessageKind
from portal.middleware import ADMIN

#: The view of all pages of the tree: an address below it is a path, the same in no two languages.
PAGE = "wagtail_serve"


def site(request: HttpRequest) -> dict[str, Any]:
    """The variables that ``base.html`` names."""
    if request.path_info.startswith(ADMIN):
        return {}
    frame = Frame(request)
    names = (
        "site_menu",
        "assemblies_switch",
        "home_url",
        "languages",
        "outdated",
        "footer_menu",
        "footer_links",
        "footer_text",
        "contact_links",
        "logo",
        "demonstration",
        "today",
        "search_url",
    )
    return {"site_url": site_url(), **{name: frame.later(name) for name in names}}


class Frame:
    """The frame of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def later(self, name: str) -> Callable[[], Any]:
        """A variable that is computed once, when a template first uses it."""
        return lambda: getattr(self, name)

    @cached_property
    def lists(self) -> Directory:
        return directory_of(self.request)

    @cached_property
    def today(self) -> Any:
        return clock.today()

    @cached_property
    def search_url(self) -> str:
        return reverse("search:search")

    @cached_property
    def home_url(self) -> str:
        return page_url([], reader_language())

    @cached_property
    def home(self) -> Place | None:
        return next(iter(self.lists.homes.values()), None)

    @cached_property
    def assembly(self) -> Assembly | None:
        """The assembly that the page belongs to: its view says so, or its place in the tree."""
        said = getattr(self.request, "assembly", None)
        if said is not None:
            return said
        route = getattr(self.request, "route", None)
        keys = {place.key for place in route.trail} if route is not None else set()
        return next((a for a in self._assemblies if a.translation_key in keys), None)

    @cached_property
    def _assemblies(self) -> list[Assembly]:
        """Those whose page is live, in the order of their pages."""
        rows = {row.translation_key: row for row in self.lists.assemblies.values()}
        return [
            rows[place.key]
            for place in self.lists.originals.values()
            if place.key in rows and place.live
        ]

    def _item(self, place: Place, **more: Any) -> dict[str, Any]:
        label = place_label(self.lists, place)
        return {
            "label": label,
            "url": place_url(self.lists, place),
            "lang": label.language if label.missing else "",
            **more,
        }

    @cached_property
    def assemblies_switch(self) -> list[dict[str, Any]]:
        found = []
        for row in self._assemblies:
            item = self._item(
                self.lists.originals[row.translation_key],
                current=row == self.assembly,
                seed=row.slug,
                shape=mark_shape(row),
            )
            found.append({**item, "name": item["label"]})
        if len(found) > 1:
            everything = {"name": gettext("All assemblies"), "url": self.home_url}
            found.insert(0, {**everything, "current": self.assembly is None})
        return found

    @cached_property
    def site_menu(self) -> list[dict[str, Any]]:
        here = self.request.path
        items: list[dict[str, Any]] = [{"label": gettext("Home page"), "url": self.home_url}]
        # With one assembly on the site, every page is about that one.
        own = self.assembly or (self._assemblies[0] if len(self._assemblies) == 1 else None)
        if own is not None:
            place = self.lists.originals[own.translation_key]
            items.append({**self._item(place), "label": gettext("The assembly")})
        items += [
            {"label": gettext("Timeline"), "url": reverse("timeline:timeline")},
            *(
                [
                    {
                        "label": gettext("What is expected"),
                        "url": reverse("timeline:expected", args=[own.slug]),
                    }
                ]
                if own is not None
                else []
            ),
            {"label": gettext("Topics"), "url": reverse("assemblies:topics")},
            {"label": gettext("Bodies"), "url": reverse("assemblies:bodies")},
            {"label": pgettext("page", "Follow"), "url": reverse("subscriptions:follow")},
        ]
        items += self._links(self.settings.menu)
        return [{**item, "current": item["url"] == here} for item in items]

    # -- what editors set around every page ---------------------------------------------------

    @cached_property
    def settings(self) -> site_frame.Settings:
        return site_frame.current(self.lists)

    @property
    def logo(self) -> site_frame.Picture | None:
        return self.settings.logo

    @property
    def footer_text(self) -> Any:
        return self.settings.footer_text

    @cached_property
    def footer_links(self) -> list[dict[str, Any]]:
        return self._links(self.settings.footer)

    def _links(self, links: tuple[site_frame.Link, ...]) -> list[dict[str, Any]]:
        """Links of the settings, in the reader's language; none to a page that is not public."""
        found = []
        for link in links:
            page = self.lists.address(link.key) if link.key else None
            if page is not None or link.address:
                words = choose(link.label)
                found.append(
                    {
                        "label": words,
                        "url": page.url if page is not None else link.address,
                        "lang": words.language if words.missing else "",
                    }
                )
        return found

    @cached_property
    def contact_links(self) -> list[dict[str, Any]]:
        """Report an error, ask a question: the contact form, with its first answer given."""
        url = reverse("home:contact")
        return [{"label": kind.label, "url": f"{url}?kind={kind.value}"} for kind in MessageKind]

    @cached_property
    def footer_menu(self) -> list[dict[str, Any]]:
        """The standard pages below the home page that editors put into menus."""
        if self.home is None:
            return []
        return [
            self._item(place)
            for place in self.lists.below[self.home.path]
            if place.type == "home.standardpage" and place.live and place.show_in_menus
        ]

    @cached_property
    def demonstration(self) -> bool:
        """A site on a fixed day, or one that holds invented assemblies or cycles."""
        lists = (self.lists.assemblies, self.lists.cycles)
        return bool(settings.SUITES_TODAY) or any(
            row.example for rows in lists for row in rows.values()
        )

    # -- languages ----------------------------------------------------------------------------

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        """The same thing in each language, and whether it exists there or only the frame does.

        Where only the frame does, the switch says so and names the language of the text. What was
        asked for (filters, a place in a list) is asked for in the other language too; on a page in
        two languages the two change places.
        """
        found = self._versions()
        asked = self._asked()
        here = reader_language()
        there = [code for code, (_url, exists) in found.items() if exists]
        return [
            {
                "code": code,
                "name": name,
                "path": found[code][0],
                "url": in_language(code, found[code][0] + _turned(asked, code, here)),
                "exists": found[code][1],
                "written": code if found[code][1] else "".join(there[:1]),
                "note": self._note(code, there) if code != here and there else "",
                "current": code == here,
            }
            for code, name in settings.LANGUAGES
        ]

    @cached_property
    def outdated(self) -> dict[str, Any] | None:
        """Since when the translation that is read lags behind its original, if it does.

        With the original's language and its address.
        """
        route = getattr(self.request, "route", None)
        if route is None or route.missing:
            return None
        place = self.lists.originals.get(route.page.translation_key)
        original = place.pk if place is not None else route.original.pk
        changed = self.lists.reworded.get(original)
        own = route.page.last_published_at
        if original == route.page.pk or changed is None or own is None or changed <= own:
            return None
        code = place.language if place is not None else route.original.locale.language_code
        language = next((each for each in self.languages if each["code"] == code), None)
        # The machine's day may lie after the demo's fixed one.
        return {"on": min(timezone.localtime(changed).date(), self.today), "language": language}

    def _note(self, code: str, there: list[str]) -> str:
        """What a switch to a language says of the page, in that language, where it has no text."""
        if code in there:
            return ""
        with override(code):
            if self.assembly is None or self.assembly.owes(code):
                return gettext("not yet translated")
            return str(in_words(there[0]))

    def _asked(self) -> str:
        """The query of the address; none where no view answered, since nobody will."""
        if self.request.resolver_match is None:
            return ""
        return iri_to_uri(self.request.META.get("QUERY_STRING", ""))

    def _versions(self) -> dict[str, tuple[str, bool]]:
        said = getattr(self.request, "versions", None)
        if said is not None:
            return said
        route = getattr(self.request, "route", None)
        if route is not None:
            return versions(self.lists, route)
        match = self.request.resolver_match
        written = getattr(self.request, "written_in", None)
        found = {}
        for code, _name in settings.LANGUAGES:
            # What has no view in the language is missing there as well as here: said in either.
            found[code] = (self._prefixed(code), False)
            if match is not None and match.view_name and match.view_name != PAGE:
                try:
                    with override(code):
                        url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
                except NoReverseMatch:
                    continue
                if translation.get_language_from_path(url) == code:
                    found[code] = (url, written is None or code in written)
        return found

    def _prefixed(self, code: str) -> str:
        """The address that was asked for, as if it stood below the prefix of a language."""
        path = self.request.path_info
        if translation.get_language_from_path(path):
            path = "/" + path.lstrip("/").partition("/")[2]
        return iri_to_uri(quote(f"/{code}{path}"))


def _turned(query: str, code: str, here: str) -> str:
    """The query for a switch to a language: set beside another, the two change places."""
    if query == f"{PARAMETER}={code}":
        query = f"{PARAMETER}={here}"
    return f"?{query}" if query else ""
