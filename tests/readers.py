"""Pages as readers get them: walked from link to link, and taken apart into what they say."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

from assemblies import directory, routing
from portal.env import BASE_DIR

#: Parameters by which a list goes on; those of filters lead to the same things in other orders.
PAGING = {"after", "before"}
#: What is not a page of the two languages: files, feeds, the search.
ELSEWHERE = re.compile(
    r"^/(static|media|documents|data|admin|r)/|/(recherche|zoeken|search)/|\.\w+$"
)


@cache
def signs() -> dict[str, str]:
    """Each icon of the site by its drawing: the way a state or a kind shows in every language."""
    found = {}
    for path in sorted((BASE_DIR / "portal/templates/icons").glob("*.svg")):
        found[_drawing(BeautifulSoup(path.read_text("utf-8"), "html.parser").svg)] = path.stem
    return found


def _drawing(svg: Tag) -> str:
    return "".join(str(child) for child in svg.children).strip()


@dataclass
class Reading:
    """One page as it was answered."""

    url: str
    status: int
    soup: BeautifulSoup
    headers: dict[str, str] = field(default_factory=dict)

    def switch(self, language: str) -> str:
        link = self.soup.select_one(f'.languages a[lang="{language}"]')
        return str(link["href"]) if link is not None else ""

    @property
    def alternates(self) -> dict[str, str]:
        links = self.soup.select('head link[rel="alternate"][hreflang]')
        return {str(link["hreflang"]): str(link["href"]) for link in links}

    @property
    def canonical(self) -> str:
        link = self.soup.select_one('head link[rel="canonical"]')
        return str(link["href"]) if link is not None else ""

    def property(self, name: str) -> list[str]:
        return [str(each["content"]) for each in self.soup.select(f'meta[property="{name}"]')]

    def links(self) -> list[str]:
        return [str(a["href"]) for a in self.soup.select("a[href]")]

    def facts(self) -> Counter[tuple]:
        """What the page says in no language: days, states, kinds, bodies, things, references."""
        said: Counter[tuple] = Counter()
        body = self.soup.select_one("main") or self.soup
        for time in body.select("time[datetime]"):
            said["day", str(time["datetime"])] += 1
        for chip in body.select(".state"):
            axis = next(c for c in chip["class"] if c.startswith("state--"))
            said["state", axis, _sign(chip)] += 1
        for step in body.select(".action__icon"):
            said["kind", _sign(step)] += 1
        for squares in body.select(".counts svg, .tally svg"):
            said["squares", _drawing(squares)] += 1
        for number in body.select(".rec__number, .ledger__figure"):
            said["number", re.sub(r"\D", "", number.text) or number.text] += 1
        for mark in body.select(".example"):
            said["example", bool(mark)] += 1
        for address in body.select("a[href]:not([href*='beside='])"):
            said["leads to", thing(str(address["href"]), urlsplit(self.url).path)] += 1
        return said


def _sign(element: Tag) -> str:
    svg = element.svg
    return signs().get(_drawing(svg), "?") if svg is not None else ""


@cache
def thing(address: str, here: str) -> str:
    """What an address on the page ``here`` leads to, whatever the language."""
    parts = urlsplit(address)
    if not address.startswith(("/", "?", "#")):
        return "elsewhere"  # a source is a document of its own in each language
    if not parts.path:
        parts = parts._replace(path=urlsplit(here).path)
    query = "&".join(sorted(key for key in parse_qs(parts.query) if key != "beside"))
    language = parts.path.split("/")[1]
    with override(language if len(language) == 2 else "fr"):
        try:
            match = resolve(parts.path)
        except Resolver404:
            return parts.path
        if match.view_name == "wagtail_serve":
            lists = directory.current()
            route = routing.resolve(lists, match.args[0], language)
            what = f"page {route.page.translation_key}" if route is not None else parts.path
        elif "path" in match.kwargs:
            # The address of a page, and below it a view of it.
            route = routing.resolve(directory.current(), match.kwargs["path"], language)
            what = f"{match.view_name} {route.page.translation_key if route else parts.path}"
        else:
            what = f"{match.view_name} {match.kwargs}"
    return f"{what}?{query}#{parts.fragment}"


def read(client: Client, url: str) -> Reading:
    """The page at an address, after at most three redirects."""
    for _hop in range(4):
        response = client.get(url)
        if response.status_code not in (301, 302):
            break
        url = response["Location"]
    is_page = "html" in response.headers.get("Content-Type", "")
    soup = BeautifulSoup(response.content if is_page else b"", "html.parser")
    return Reading(url, response.status_code, soup, dict(response.headers))


def walk(client: Client, start: str, *, most: int = 5_000) -> dict[str, Reading]:
    """Every page below a language's prefix, from link to link."""
    found: dict[str, Reading] = {}
    waiting, seen = [start], {start}
    while waiting and len(found) < most:
        page = read(client, waiting.pop())
        if "html" not in page.headers.get("Content-Type", ""):
            continue
        found[page.url] = page
        for link in page.links():
            address = _absolute(link, page.url)
            elsewhere = ELSEWHERE.search(urlsplit(address).path)
            if address.startswith(start) and address not in seen and not elsewhere:
                seen.add(address)
                waiting.append(address)
    return found


def _absolute(link: str, here: str) -> str:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    path = parts.path or urlsplit(here).path
    if parts.query and set(parse_qs(parts.query)) - PAGING:
        return ""
    return f"{path}?{parts.query}" if parts.query else path
