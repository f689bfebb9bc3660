"""What readers see of an edition: its pages, its files, its notice once it is withdrawn."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from assemblies.directory import page_url
from assemblies.pages.common import (
    crumbs,
    directory_of,
    owes,
    place_label,
    reader_language,
    reading,
    site_url,
)
from assemblies.words import choose
from booklets import drafting, render, tables
from booklets.models import BookletPage, Edition, EditionFile, EditionPart, Layer, Standing
from booklets.reading import Reading

A_YEAR = 365 * 24 * 3600
#: The type of a booklet's page in the directory.
PAGE = "booklets.bookletpage"


def serve(request: HttpRequest, page: BookletPage) -> HttpResponseBase:
    """An edition at its address: its front, or the sheet that the address names."""
    edition = page.frozen()
    if edition is None or not edition.is_public:
        raise Http404
    frame = frame_of(request, page, edition)
    if hasattr(edition, "retraction"):
        context = frame | {"retraction": edition.retraction, "noindex": True}
        return TemplateResponse(request, "booklets/withdrawn.html", context, status=410)
    rest = getattr(getattr(request, "route", None), "rest", ())
    if len(rest) > 1:
        raise Http404
    if not rest and (body := request.GET.get("body")):
        return cut(request, edition, body, frame)
    part = part_of(edition, shown_in(edition), rest[0] if rest else "")
    if part is None:
        raise Http404
    context = frame | {"part": part, "element": trusted(part.html), "sheet": part.reference}
    if part.slug:
        *above, here = frame["breadcrumbs"]
        front = page_address(request)
        context |= {
            "title": part.title,
            "breadcrumbs": [
                *above,
                {**here, "url": front},
                {"label": part.reference, "url": None},
            ],
            "front_url": front,
            "errata": [each for each in frame["errata"] if each.reference == part.reference],
        }
    return TemplateResponse(request, "booklets/booklet.html", context)


def shown_in(edition: Edition) -> str:
    """The language of the edition that a reader gets: theirs if it has it."""
    wanted = reader_language()
    if wanted in edition.languages:
        return wanted
    followed = edition.layers.filter(language=wanted, made_at__isnull=False)
    return wanted if followed.exists() else edition.languages[0]


def part_of(edition: Edition, language: str, slug: str) -> EditionPart | None:
    """One page of an edition, with the words that followed where there are any."""
    last = Layer.objects.filter(
        edition=edition.pk, language=language, made_at__isnull=False
    ).order_by("-pk")
    found: EditionPart | None = (
        EditionPart.objects.filter(edition=edition.pk, language=language, slug=slug)
        .annotate(last=Subquery(last.values("pk")[:1]))
        .filter(Q(layer=Subquery(last.values("pk")[:1])) | Q(layer__isnull=True))
        .select_related("layer")
        .order_by(F("layer").desc(nulls_last=True))
        .first()
        if last.exists()
        else EditionPart.objects.filter(
            edition=edition.pk, language=language, slug=slug, layer__isnull=True
        ).first()
    )
    return found


def page_address(request: HttpRequest) -> str:
    route = request.route  # type: ignore[attr-defined]
    if not route.rest:
        return str(route.url)
    return str(route.url).removesuffix("/".join(route.rest) + "/")


def frame_of(request: HttpRequest, page: BookletPage, edition: Edition) -> dict[str, Any]:
    """The site's frame around an edition: where it stands, its files, what was said of it since."""
    lists = directory_of(request)
    request.assembly = edition.assembly  # type: ignore[attr-defined]
    route = getattr(request, "route", None)
    place = lists.by_path.get(page.path)
    above = lists.parent(place) if place is not None else None
    language = shown_in(edition)
    title = choose(edition.title)
    newer = (
        Edition.objects.light()
        .readable()
        .filter(assembly=edition.assembly_id, cycle=edition.cycle_id, number__gt=edition.number)
        .order_by("-number")
        .first()
    )
    return {
        "page": page,
        "title": title,
        "edition": edition,
        "assembly": edition.assembly,
        "assembly_name": _name_of(lists, edition.assembly),
        "ink": edition.assembly.ink,
        "owed": owes(edition.assembly),
        "breadcrumbs": crumbs(lists, lists.trail(place)) if place is not None else [],
        "noindex": edition.example,
        "as_of": edition.closing_on,
        "files": files_of(edition, language),
        "errata": list(edition.errata.all()),
        #: Of what was frozen, where it is not the reader's.
        "frozen_in": language if language != reader_language() else "",
        "newer": newer and {"number": newer.number, "url": url_of(newer, lists)},
        "living_url": page_url(lists.slugs(above, reader_language()), reader_language())
        if above is not None
        else "",
        "canonical_url": site_url() + (route.url if route is not None else ""),
    }


def files_of(edition: Edition, language: str) -> dict[str, Any]:
    """The PDF of a language, as it is now, and the data."""
    rows = (
        EditionFile.objects.filter(edition=edition.pk, name=f"{language}.pdf")
        .filter(Q(layer__isnull=True) | Q(layer__made_at__isnull=False))
        .defer("content")
        .order_by(F("layer").desc(nulls_last=True))
    )
    return {
        "pdf": rows.first(),
        "pdf_url": reverse("booklets:file", args=[f"{edition.code}.pdf"]),
        "json_url": reverse("booklets:file", args=[f"{edition.code}.json"]),
        "zip_url": reverse("booklets:file", args=[f"{edition.code}.zip"]),
    }


def url_of(edition: Edition, lists: Any) -> str:
    address = lists.address(edition.translation_key)
    return address.url if address is not None else ""


def cut(
    request: HttpRequest, edition: Edition, body: str, frame: dict[str, Any]
) -> HttpResponseBase:
    """Only what concerns one body: for its staff. From the edition, like all of it."""
    snapshot = Edition.objects.get(pk=edition.pk).snapshot_in(shown_in(edition), shown=True)
    if body not in snapshot["bodies"]:
        raise Http404
    with override(shown_in(edition)):
        book = Reading(snapshot, edition.sha256)
        context = render.context_of(book)
        sheets = [s for s in book.sheets if body in render.concerned(snapshot, s)]
    context |= frame | {
        "sheets": sheets,
        "body": snapshot["bodies"][body],
        "noindex": True,
        "owed": frame["owed"],
    }
    return TemplateResponse(request, "booklets/cut.html", context)


def trusted(html: str) -> SafeString:
    """The edition's own element: escaped when it was made, and fingerprinted since."""
    return mark_safe(html)  # noqa: S308


# -- drafts -----------------------------------------------------------------------------------


def preview(request: HttpRequest, page: BookletPage, mode: str) -> HttpResponseBase:
    """A draft as readers would see it, from the facts of this moment."""
    language = page.locale.language_code
    parent = page.get_parent() if page.path else None
    with override(language):
        try:
            edition = page.frozen() if page.pk else None
            snapshot = (
                Edition.objects.get(pk=edition.pk).snapshot
                if edition is not None
                else drafting.draft(page, parent=parent)
            )
        except ValidationError as error:
            context: dict[str, Any] = {"refused": error.messages, "noindex": True}
            return TemplateResponse(request, "booklets/preview.html", context)
        book = Reading(snapshot)
        element = (
            render.whole(snapshot, language)
            if mode == "whole"
            else render.front(render.context_of(book))
        )
        context = {
            "title": book.title,
            "element": trusted(element),
            "ink": snapshot["assembly"]["ink"],
            "as_of": book.closing_on,
            "noindex": True,
        }
        response = TemplateResponse(request, "booklets/preview.html", context)
        response.render()
    return response


# -- files ------------------------------------------------------------------------------------


@reading
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """``BXL-C1-L3.pdf`` in the reader's language, ``.json``, ``.zip``: the edition's own files."""
    code, _dot, ending = name.rpartition(".")
    edition = _readable(code)
    if ending == "pdf":
        row = files_of(edition, shown_in(edition))["pdf"]
        if row is None:
            raise Http404
        named = f"{edition.code}-{shown_in(edition)}.pdf"
        return _file(
            request,
            row.sha256,
            "application/pdf",
            named,
            edition,
            lambda: bytes(EditionFile.objects.values_list("content", flat=True).get(pk=row.pk)),
        )
    if ending == "json":
        return _file(
            request,
            edition.sha256,
            "application/json",
            f"{edition.code}.json",
            edition,
            lambda: _content(edition).encode(),
        )
    if ending == "zip":
        return _file(
            request,
            f"{edition.sha256}-{tables.VERSION}",
            "application/zip",
            f"{edition.code}.zip",
            edition,
            lambda: tables.archive(Edition.objects.get(pk=edition.pk).snapshot),
        )
    raise Http404


def _content(edition: Edition) -> str:
    found: str = Edition.objects.values_list("content", flat=True).get(pk=edition.pk)
    return found


def _readable(code: str) -> Edition:
    edition: Edition | None = Edition.objects.light().public().filter(code=code.upper()).first()
    if edition is None:
        raise Http404
    if hasattr(edition, "retraction"):
        raise Http404
    return edition


def _file(
    request: HttpRequest, etag: str, media_type: str, name: str, edition: Edition, read: Any
) -> HttpResponse:
    tag = quote_etag(etag)
    if request.headers.get("If-None-Match", "") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(read(), content_type=media_type)
        response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = tag
    moment = edition.published_at or datetime.datetime.now(tz=datetime.UTC)
    response["Last-Modified"] = http_date(moment.timestamp())
    patch_cache_control(response, public=True, max_age=3600)
    if edition.example:
        response["X-Robots-Tag"] = "noindex"
    return response


@reading
def picture(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """A picture of an edition; its name is its fingerprint, so that it may be kept."""
    row = EditionFile.objects.filter(
        edition__code=code.upper(),
        edition__standing=Standing.PUBLISHED,
        edition__retraction__isnull=True,
        name=name,
        media_type="image/jpeg",
    ).first()
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.content), content_type=row.media_type)
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


# -- lists ------------------------------------------------------------------------------------


def _name_of(lists: Any, assembly: Any) -> Any:
    """What an assembly is called in the reader's language, else in the one it has."""
    place = lists.originals.get(assembly.translation_key)
    return place_label(lists, place) if place is not None else assembly.title


def listed(lists: Any, *, assembly: Any = None, cycle: Any = None, limit: int = 6) -> list[Any]:
    """Editions as other pages list them: title, closing date, address; the newest first."""
    if not any(place.live and place.type == PAGE for place in lists.places):
        return []
    rows = Edition.objects.light().readable().order_by("-closing_on", "-number", "-pk")
    if cycle is not None:
        rows = rows.filter(Q(cycle=cycle.pk) | Q(cycle__isnull=True, assembly=cycle.assembly_id))
    elif assembly is not None:
        rows = rows.filter(assembly=assembly.pk)
    return [
        {
            "edition": row,
            "title": choose(row.title),
            "assembly": _name_of(lists, lists.assemblies[row.assembly_id]),
            "url": url_of(row, lists),
            "pdf_url": reverse("booklets:file", args=[f"{row.code}.pdf"]),
            "example": row.example,
        }
        for row in rows[:limit]
    ]
