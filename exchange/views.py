"""Open data as files: the nightly zip, and tables of one assembly or cycle, made as they are read.

Each has an ETag, so that whoever has it already is told so. What is asked for is looked up in what
is in memory: a wrong address costs nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext, override

from assemblies.directory import Directory
from assemblies.pages.common import directory_of, preferred_language, reading, site_url
from exchange import export, open_data, tables
from exchange.export.snapshot import snapshot

#: How long to wait for the first nightly file, in seconds.
LATER = 3600
#: Text is sent in pieces of about this many characters.
PIECE = 1 << 16


def data(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that answers with data: for programs of other sites too, and for no search engine."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["Access-Control-Allow-Origin"] = "*"
            response["Cache-Control"] = (
                "public, no-cache"  # keep it, and ask whether it still holds
            )
            response["X-Robots-Tag"] = "noindex"
            response["Content-Language"] = ", ".join(export.site_languages())
        return response

    return reading(answer)


def unless_known(
    request: HttpRequest,
    make: Callable[[], HttpResponseBase],
    *,
    etag: str,
    changed: datetime | None = None,
) -> HttpResponseBase:
    """What ``make`` makes; 304 for who has it in this version already."""
    moment = None if changed is None else int(changed.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=moment) or make()
    response["ETag"] = etag
    if moment:
        response["Last-Modified"] = http_date(moment)
    return response


# -- the nightly file ------------------------------------------------------------------------------


@data
def everything(request: HttpRequest) -> HttpResponseBase:
    """``/data/suites.zip``; 503 as long as no night has made it."""
    found = open_data.published()
    if found is None:
        return _not_yet(request)
    return unless_known(request, _file, etag=found.etag, changed=found.made)


def _file() -> HttpResponseBase:
    response = FileResponse(open_data.path().open("rb"), as_attachment=True)
    # It is compressed already: nothing on the way shall do it again and lose its length.
    response["Content-Encoding"] = "identity"
    return response


def _not_yet(request: HttpRequest) -> HttpResponse:
    language = preferred_language(request)
    with override(language):
        said = gettext("This file is made every night, and the first one is yet to come.")
    response = HttpResponse(f"{said}\n", status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(LATER)
    response["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language"])
    return response


# -- schemas ---------------------------------------------------------------------------------------


@data
def schema(request: HttpRequest, table: str) -> HttpResponseBase:
    """``/data/schemas/actions.json``: the Table Schema of a table's file."""
    if table not in tables.NAMES:
        raise Http404
    return unless_known(request, lambda: _schema(table), etag=f'"{open_data.form()}"')


def _schema(table: str) -> HttpResponse:
    return JsonResponse(
        tables.schema(table, export.site_languages()),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def schema_url(table: str) -> str:
    return site_url() + reverse("data:schema", args=[table])


# -- one assembly, one cycle -----------------------------------------------------------------------


def scope_of(lists: Directory, reference: str) -> export.Scope:
    """The assembly or cycle that a reference names: ``BXL``, ``BXL-C2``."""
    for assembly in lists.assemblies.values():
        if assembly.code == reference:
            return export.Scope(assembly=assembly, public=True)
    for cycle in lists.cycles.values():
        if cycle.reference == reference:
            return export.Scope(cycle=cycle, public=True)
    raise Http404


def content(
    request: HttpRequest, reference: str, make: Callable[[export.Scope], HttpResponseBase]
) -> HttpResponseBase:
    """What ``make`` makes of an assembly or a cycle, as of the last number of the change log."""
    lists = directory_of(request)
    scope = scope_of(lists, reference)
    number, moment = lists.generation
    etag = f'"{number}-{open_data.form()}"'
    return unless_known(request, lambda: make(scope), etag=etag, changed=moment)


@data
def as_csv(request: HttpRequest, reference: str, table: str) -> HttpResponseBase:
    """``/data/BXL-C2/actions.csv``: the file that the folder of this cycle would hold."""
    if table not in tables.NAMES:
        raise Http404
    if reference != reference.upper():
        return redirect("data:csv", reference.upper(), table, permanent=True)

    def make(scope: export.Scope) -> HttpResponseBase:
        lines = export.csv_lines(scope, table, export.site_languages())
        response = _stream(lines, "text/csv; charset=utf-8; header=present")
        response["Content-Disposition"] = f'attachment; filename="{reference}-{table}.csv"'
        response["Link"] = f'<{schema_url(table)}>; rel="describedby"; type="application/json"'
        return response

    return content(request, reference, make)


@data
def as_json(request: HttpRequest, reference: str) -> HttpResponseBase:
    """``/data/BXL-C2.json``: all tables of this cycle in one data package."""
    if reference != reference.upper():
        return redirect("data:json", reference.upper(), permanent=True)

    def make(scope: export.Scope) -> HttpResponseBase:
        about = export.about(f"suites-{reference.lower()}")
        schemas = {table: schema_url(table) for table in tables.NAMES}
        text = export.json_text(scope, about, export.site_languages(), schemas)
        return _stream(text, "application/json; charset=utf-8")

    return content(request, reference, make)


def _stream(text: Iterable[str], content_type: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(_as_of_now(text), content_type=content_type)


def _as_of_now(text: Iterable[str]) -> Iterator[bytes]:
    """The text in pieces of a useful size, all of it as of one moment."""
    waiting: list[str] = []
    length = 0
    with snapshot():
        for part in text:
            waiting.append(part)
            length += len(part)
            if length >= PIECE:
                yield "".join(waiting).encode()
                waiting, length = [], 0
        yield "".join(waiting).encode()
