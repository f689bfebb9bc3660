"""What booklets add to pages of rooms beside and below: lists of editions, addresses, data."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from assemblies.directory import Directory
from assemblies.pages.common import directory_of
from assemblies.sharing.sitemap import Entry
from booklets import pages
from booklets.models import Edition, EditionPart


def on_assembly(request: HttpRequest, assembly: Any) -> str:
    found = pages.listed(directory_of(request), assembly=assembly)
    return _section(found, assembly)


def on_cycle(request: HttpRequest, cycle: Any) -> str:
    found = pages.listed(directory_of(request), cycle=cycle)
    return _section(found, cycle.assembly)


def _section(found: list[Any], assembly: Any) -> str:
    context = {"booklets": found, "feed_of": assembly.code}
    return render_to_string("components/booklets.html", context) if found else ""


def on_open_data(request: HttpRequest, subject: Any) -> str:
    """The data of every edition, to be downloaded."""
    rows = [
        {
            **item,
            "json_url": reverse("booklets:file", args=[f"{item['edition'].code}.json"]),
            "zip_url": reverse("booklets:file", args=[f"{item['edition'].code}.zip"]),
        }
        for item in pages.listed(directory_of(request), limit=200)
    ]
    return render_to_string("booklets/parts/data.html", {"rows": rows}) if rows else ""


# -- sitemap ----------------------------------------------------------------------------------


def hidden_keys() -> set[Any]:
    """Pages of editions that search engines are not told of: examples, and what is withdrawn."""
    rows = Edition.objects.light().select_related("retraction")
    return {row.translation_key for row in rows if row.example or hasattr(row, "retraction")}


def sheets() -> QuerySet[EditionPart]:
    """The sheets of the real editions, each once."""
    return (
        EditionPart.objects.filter(
            edition__in=Edition.objects.readable().filter(example=False), layer__isnull=True
        )
        .exclude(slug="")
        .defer("html")
        .select_related("edition")
        .order_by("pk")
    )


def of_sheets(lists: Directory, rows: QuerySet[EditionPart]) -> Iterator[Entry]:
    for row in rows:
        address = lists.address(row.edition.translation_key, row.language)
        if address is not None:
            yield Entry({row.language: f"{address.url}{row.slug}/"}, row.edition.published_at)
