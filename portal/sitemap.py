"""``/sitemap.xml``: every page worth finding, in every language that it exists in.

An index of files of at most ``SIZE`` pages each. The rooms above the domain add their pages here.
"""

import math
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from django.views.decorators.http import last_modified

from assemblies import directory
from assemblies.directory import Directory
from assemblies.pages.common import directory_of, languages_here, reading, site_url
from assemblies.sharing import sitemap
from assemblies.sharing.sitemap import Entry

#: Pages in one file; each stands there once a language. The standard allows 50,000 addresses.
SIZE = 5_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: Lists that have an address in every language, by the names of their views.
LISTS = ("timeline:timeline", "assemblies:topics", "assemblies:bodies", "exchange:open_data")


def changed(request: HttpRequest, *args: object, **kwargs: object):
    """When anything was published last; a list unchanged since then is not sent again."""
    return directory.generation()[1]


def _lists(lists: Directory) -> Iterator[Entry]:
    """The lists of everything, then the pages of each thing on them."""
    moment = lists.generation[1]
    for name in LISTS:
        urls = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                urls[code] = reverse(name)
        yield Entry(urls, moment)
    yield from sitemap.listed(lists)


@reading
@last_modified(changed)
def index(request: HttpRequest) -> HttpResponse:
    """The files of the sitemap; empty ones are left out."""
    files = [("pages", 1), ("lists", 1)]
    for name, (rows, _tell) in sitemap.ROWS.items():
        files += [(name, 1 + place) for place in range(math.ceil(rows().count() / SIZE))]
    return _xml(
        "sitemapindex",
        format_html_join(
            "",
            "<sitemap><loc>{}</loc></sitemap>\n",
            ((site_url() + reverse("sitemap_file", args=each),) for each in files),
        ),
    )


@reading
@last_modified(changed)
def file(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """One file: ``/sitemap-recommendations-1.xml``."""
    lists = directory_of(request)
    start = (int(number) - 1) * SIZE
    if start < 0:
        raise Http404
    if name in sitemap.ROWS:
        rows, tell = sitemap.ROWS[name]
        entries = tell(lists, rows()[start : start + SIZE])
    elif name in ("pages", "lists"):
        entries = islice(
            {"pages": sitemap.pages, "lists": _lists}[name](lists), start, start + SIZE
        )
    else:
        raise Http404
    here = languages_here(request)
    told = [url for entry in entries for url in _urls(entry, here)]
    if not told:
        raise Http404
    joined = mark_safe("".join(told))  # noqa: S308 -- each is escaped
    return _xml("urlset", joined, ' xmlns:xhtml="http://www.w3.org/1999/xhtml"')


def _urls(entry: Entry, here: list[str]) -> Iterator[SafeString]:
    """A page once in each language of this host, each time beside all of its languages."""
    addresses = {code: site_url(code) + url for code, url in entry.urls.items()}
    ordered = [code for code, _name in settings.LANGUAGES if code in addresses]
    if not ordered:
        return
    named = [*((code, addresses[code]) for code in ordered), ("x-default", addresses[ordered[0]])]
    alternates = format_html_join(
        "", '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>', named
    )
    day = (
        format_html("<lastmod>{}</lastmod>", entry.changed.isoformat(timespec="seconds"))
        if entry.changed
        else ""
    )
    for code in ordered:
        if code not in here:
            continue
        yield format_html("<url><loc>{}</loc>{}{}</url>\n", addresses[code], day, alternates)


def _xml(root: str, content: SafeString, more: str = "") -> HttpResponse:
    response = HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}"{more}>\n'
        f"{content}</{root}>\n",
        content_type="application/xml; charset=utf-8",
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response
