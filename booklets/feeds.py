"""A feed of editions, as Atom: one entry an edition, the last published first, with its PDF.

An entry keeps its id for ever; ``updated`` moves when an erratum is put beside it, and then only.
What is withdrawn leaves the feed.
"""

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.http import http_date
from django.utils.translation import gettext

from assemblies import dates
from assemblies.pages.common import directory_of, reader_language, reading, site_url
from assemblies.words import choose
from booklets.models import Edition, EditionFile
from booklets.pages import shown_in, url_of

#: Editions in a feed; there is one a year of each assembly.
SIZE = 40
#: The year since which ids are given (RFC 4151): part of every id, so never to be changed.
SINCE = 2026
#: What no XML document may hold, and what stands for it: a space.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Counted up when what an entry says of the same edition changes.
FORMAT = 1


@reading
def feed(request: HttpRequest) -> HttpResponse:
    """``?assembly=BXL``: only its editions."""
    lists = directory_of(request)
    last, moment = lists.generation
    language = reader_language()
    etag = f'"booklets-{FORMAT}-{last}-{language}"'
    changed = int(moment.timestamp()) if moment else None
    response = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        content = _written(request, lists, language)
        response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
        response["Content-Language"] = language
    response["ETag"] = etag
    if changed:
        response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _written(request: HttpRequest, lists: Any, language: str) -> str:
    rows = Edition.objects.light().readable().select_related("assembly")
    assembly = request.GET.get("assembly", "").upper()
    if assembly and assembly not in {each.code for each in lists.assemblies.values()}:
        rows, assembly = rows.none(), ""
    elif assembly:
        rows = rows.filter(assembly__code=assembly)
    rows = rows.annotate(corrected_on=Max("errata__published_on")).order_by("-published")[:SIZE]
    here = site_url() + reverse("booklets:feed")
    written = Atom1Feed(
        title=f"Suites, {gettext('Follow-up booklets')}{f' ({assembly})' if assembly else ''}",
        link=site_url() + reverse("wagtail_serve", args=[""]),
        description="",
        language=language,
        feed_url=f"{here}?assembly={assembly}" if assembly else here,
        author_name="Suites",
        author_link=site_url() + "/",
        feed_guid=_tag(f"{language}/booklets{f'?{assembly}' if assembly else ''}"),
    )
    files = _files(list(rows))
    for row in rows:
        said = shown_in(row)
        title = FORBIDDEN.sub(" ", choose(row.title).text)
        if row.example:
            title = gettext("Example: %(title)s") % {"title": title}
        pdf = files.get((row.pk, f"{said}.pdf"))
        written.add_item(
            title=title,
            link=site_url() + url_of(row, lists),
            description=gettext("State on %(closing)s") % {"closing": dates.day(row.closing_on)},
            unique_id=_tag(f"{language}/booklet/{row.code}"),
            pubdate=row.published_at,
            updateddate=_updated(row),
            author_name=lists.assemblies[row.assembly_id].title,
            categories=["example"] if row.example else [],
            enclosures=[
                Enclosure(
                    site_url() + reverse("booklets:file", args=[f"{row.code}.pdf"]),
                    str(pdf),
                    "application/pdf",
                )
            ]
            if pdf
            else [],
        )
    return str(written.writeString("utf-8"))


def _files(rows: list[Edition]) -> dict[tuple[int, str], int]:
    """Edition and name → size of the PDF that readers get now; what followed comes last."""
    found = EditionFile.objects.filter(edition__in=rows, media_type="application/pdf")
    shown = found.filter(layer__isnull=True) | found.filter(layer__made_at__isnull=False)
    columns = shown.order_by("pk").values_list("edition", "name", "size")
    return {(edition, name): size for edition, name, size in columns}


def _updated(row: Any) -> datetime.datetime:
    moments = [row.published_at]
    if row.corrected_on is not None:
        at = datetime.datetime.combine(row.corrected_on, datetime.time(12), datetime.UTC)
        moments.append(at)
    return max(moments)


def _tag(specific: str) -> str:
    """An id that is no address, and stays when addresses change (RFC 4151)."""
    return f"tag:{urlsplit(site_url()).hostname},{SINCE}:{specific}"
