"""The readers' page on open data: what there is, how old, in which form, under which licence."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from assemblies import clock, dates
from assemblies.directory import Directory
from assemblies.models import Assembly, Cycle
from assemblies.pages.common import crumbs, directory_of, place_label, reading, site_url
from assemblies.words import Choice
from exchange import export, open_data, tables

#: The tables that most people look for, each with what it is called here.
MAIN = ("recommendations", "measures", "actions")


@reading
def open_data_page(request: HttpRequest) -> HttpResponse:
    """``/fr/donnees/``, ``/nl/gegevens/``."""
    lists = directory_of(request)
    home = next(iter(lists.homes.values()), None)
    here = site_url() + request.path
    title = gettext("Open data")
    context = {
        "file": open_data.published(),
        "changed": lists.generation[1],
        "assemblies": [_assembly(lists, row) for row in _live(lists)],
        "tables": [{"name": name, "schema": _schema(name)} for name in tables.NAMES],
        "licence": export.LICENCE,
        "cite": gettext("Suites, %(what)s, state on %(day)s, %(licence)s.")
        % {"what": title.lower(), "day": dates.day(clock.today()), "licence": "CC BY 4.0"},
        "cite_address": here.split("://", 1)[-1],
        "breadcrumbs": crumbs(lists, [home] if home else [], {"label": title, "url": None}),
        "canonical_url": here,
    }
    return TemplateResponse(request, "exchange/open_data.html", context)


def _live(lists: Directory) -> list[Assembly]:
    """Assemblies whose page can be read, in the order of their pages."""
    rows = {row.translation_key: row for row in lists.assemblies.values()}
    return [rows[key] for key, place in lists.originals.items() if key in rows and place.live]


def _assembly(lists: Directory, row: Assembly) -> dict[str, Any]:
    cycles: dict[int, list[Cycle]] = defaultdict(list)
    for cycle in lists.cycles.values():
        if lists.originals[cycle.translation_key].live:
            cycles[cycle.assembly_id].append(cycle)
    below = sorted(cycles[row.pk], key=lambda cycle: cycle.reference)
    files = [_files(cycle.reference, _label(lists, cycle), cycle.example) for cycle in below]
    whole = Choice(capfirst(gettext("everything of this assembly")), "")
    return {
        "title": _label(lists, row),
        "code": row.code,
        "example": row.example,
        "files": [_files(row.code, whole, False), *files],
    }


def _label(lists: Directory, row: Assembly | Cycle) -> Choice:
    return place_label(lists, lists.originals[row.translation_key])


def _files(reference: str, title: Choice, example: bool) -> dict[str, Any]:
    return {
        "reference": reference,
        "title": title,
        "example": example,
        "json": reverse("data:json", args=[reference]),
        "csv": {name: reverse("data:csv", args=[reference, name]) for name in MAIN},
    }


def _schema(table: str) -> str:
    return reverse("data:schema", args=[table])
