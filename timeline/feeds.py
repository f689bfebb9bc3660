"""Feeds: the steps of the site, of one subject, or of any filter of the timeline, as Atom.

One entry a step, the last published first, whatever the day on which it happened: what is told of
2023 today is news today. An entry keeps its id for ever; ``updated`` moves only when the step is
corrected. Older entries are a page further (RFC 5005).
"""

import datetime
import io
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext
from django.utils.xmlutils import SimplerXMLGenerator

from assemblies.directory import Directory
from assemblies.enums import VALUES
from assemblies.models import Action
from assemblies.pages.common import directory_of, reader_language, reading, site_url
from assemblies.pages.latest import Listing, with_parts
from assemblies.words import choose
from timeline.filters import StepFilters, facets_chosen
from timeline.views import number

#: Entries on one page of a feed.
SIZE = 40
#: The year since which ids are given (RFC 4151): part of every id, so never to be changed.
SINCE = 2026
#: Counted up when what an entry says of the same step changes, so that readers fetch it anew.
FORMAT = 1
ATOM = "http://www.w3.org/2005/Atom"
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
#: What no XML document may hold, and what stands for it: a space.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@reading
def feed(request: HttpRequest) -> HttpResponse:
    """``?before=411``: what was published before n° 411; the filters are those of the timeline."""
    lists = directory_of(request)
    last, moment = lists.generation
    language = reader_language()
    etag = f'"{FORMAT}-{last}-{language}"'
    changed = int(moment.timestamp()) if moment else None
    response = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        filters = StepFilters.of(request, lists)
        response = HttpResponse(
            _written(request, lists, filters), content_type="application/atom+xml; charset=utf-8"
        )
        response["Content-Language"] = language
    response["ETag"] = etag
    if changed:
        response["Last-Modified"] = http_date(changed)
    # Keep it, and ask whether it still holds.
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _written(request: HttpRequest, lists: Directory, filters: StepFilters) -> bytes:
    everything = Action.objects.filter(live=True)
    steps = filters.narrow(everything, lists)
    before = number(request.GET.get("before", "")) or 0
    rows: list[Any] = []
    if before:
        rows = list(with_parts(steps.filter(number__lt=before)).order_by("-number")[: SIZE + 1])
    begins = not rows
    if begins:  # an unknown place leads to page one
        rows = list(with_parts(steps).order_by("-number")[: SIZE + 1])
    listing = Listing(lists, rows[:SIZE])
    here = site_url() + reverse("timeline:feed")
    query = filters.query

    def page(cursor: str = "") -> str:
        asked = "&".join(filter(None, (query, cursor)))
        return f"{here}?{asked}" if asked else here

    chosen = ", ".join(facets_chosen(lists, filters))
    title = gettext("Timeline")
    out = io.StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("feed", AttributesImpl({"xmlns": ATOM, "xml:lang": reader_language()}))
    _element(xml, "id", tag(f"{reader_language()}/feed{f'?{query}' if query else ''}"))
    _element(xml, "title", f"Suites, {title}{f' ({chosen})' if chosen else ''}")
    _element(xml, "updated", _stamp(max((_updated(row) for row in rows), default=_epoch(lists))))
    _link(xml, "self", page("" if begins else f"before={before}"), "application/atom+xml")
    timeline = site_url() + reverse("timeline:timeline")
    _link(xml, "alternate", f"{timeline}?{query}" if query else timeline, "text/html")
    _link(xml, "first", page(), "application/atom+xml")
    if len(rows) > SIZE:
        _link(xml, "next", page(f"before={rows[SIZE - 1].number}"), "application/atom+xml")
    _element(xml, "rights", LICENCE)
    xml.startElement("author", AttributesImpl({}))
    _element(xml, "name", "Suites")
    _element(xml, "uri", site_url() + "/")
    xml.endElement("author")
    for row in rows[:SIZE]:
        _entry(xml, row, listing.shown(row))
    xml.endElement("feed")
    return out.getvalue().encode("utf-8")


def _entry(xml: SimplerXMLGenerator, row: Any, shown: dict[str, Any]) -> None:
    action = shown["action"]
    title = choose(row.title)
    marked = title.text
    if row.example:
        # Translators: the title of an invented step in a feed.
        marked = gettext("Example: %(title)s") % {"title": title.text}
    xml.startElement("entry", AttributesImpl({}))
    _element(xml, "id", tag(f"{reader_language()}/step/{row.number}"))
    _element(xml, "title", marked, {"xml:lang": title.language} if title.missing else {})
    _element(xml, "published", _stamp(row.first_published_at))
    _element(xml, "updated", _stamp(_updated(row)))
    _link(xml, "alternate", site_url() + row.url, "text/html")
    for step in (action.corrects, action.corrected_by):
        if step is not None:
            _link(xml, "related", site_url() + step.url, "text/html")
    for source in action.sources:
        if source.href:
            more = {"title": source.title, "hreflang": source.language}
            _link(xml, "via", _whole(source.href), "", more)
    xml.startElement("author", AttributesImpl({}))
    _element(xml, "name", choose(row.body.name).text)
    _element(xml, "uri", _whole(row.body.url))
    xml.endElement("author")
    label = str(row.get_kind_display())
    xml.addQuickElement("category", attrs={"term": row.kind, "label": label})
    if row.example:
        xml.addQuickElement("category", attrs={"term": "example", "label": gettext("Example")})
    state = VALUES[row.axis](row.value).label if row.value else ""
    html: str = render_to_string(
        "timeline/entry.html", shown | {"sources": action.sources, "state": state}
    )
    # Links of our own templates begin with a slash; in texts the quotation mark is escaped.
    html = html.replace('href="/', f'href="{site_url()}/')
    _element(xml, "content", " ".join(html.split()), {"type": "html"})
    xml.endElement("entry")


def tag(specific: str) -> str:
    """An id that is no address, and stays when addresses change (RFC 4151)."""
    return f"tag:{urlsplit(site_url()).hostname},{SINCE}:{specific}"


def _updated(row: Any) -> datetime.datetime:
    """When it was published or, if that came later, corrected; added words move nothing."""
    moments = [row.first_published_at]
    if hasattr(row, "corrected_by") and row.corrected_by.live:
        moments.append(row.corrected_by.first_published_at)
    return max(moments)


def _epoch(lists: Directory) -> datetime.datetime:
    """For a feed without an entry: when anything was published last."""
    return lists.generation[1] or datetime.datetime(SINCE, 1, 1, tzinfo=datetime.UTC)


def _stamp(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(address: str) -> str:
    return site_url() + address if address.startswith("/") else address


def _clean(text: str) -> str:
    return FORBIDDEN.sub(" ", text)


def _element(
    xml: SimplerXMLGenerator, name: str, text: str, attrs: dict[str, str] | None = None
) -> None:
    xml.addQuickElement(name, _clean(text), attrs or {})


def _link(
    xml: SimplerXMLGenerator,
    rel: str,
    href: str,
    kind: str = "",
    more: Iterable[tuple[str, str]] | dict[str, str] = (),
) -> None:
    given = {"rel": rel, "href": href, "type": kind, **dict(more)}
    xml.addQuickElement("link", attrs={k: _clean(v) for k, v in given.items() if v})
