"""The list: what is missing in a language, what is outdated, most visible first."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from translations import desk, glossary, reach
from translations.desk import KINDS, Entry, Tally
from translations.models import Delivery
from translations.tables.pages import BEGINNING
from translations.views.frame import (
    asked_for,
    at_the_desk,
    code_of,
    frame,
    language_in_itself,
    list_url,
    number_in,
)


@at_the_desk
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """How it stands with every language, and the list of one of them."""
    tallies = reach.tallies_of(request.user)
    chosen: Tally | None
    if "language" in request.GET:
        chosen = reach.tally_named(
            tallies, request.GET.get("assembly", ""), request.GET["language"]
        )
    else:
        chosen = reach.first_of(tallies, get_language())
    context: dict[str, Any] = {
        "board": [(tally, list_url(tally), tally is chosen) for tally in tallies],
        "chosen": chosen,
        "names": dict(settings.LANGUAGES),
        **frame(_("Translations")),
    }
    if chosen is not None:
        context |= _list(request, chosen)
    return render(request, "translations/admin/desk.html", context)


def _list(request: HttpRequest, tally: Tally) -> dict[str, Any]:
    narrowed = asked_for(request)
    whole = sum(number for _place, number in desk.places(tally, **narrowed))
    pages = max((whole + desk.ROWS - 1) // desk.ROWS, 1)
    page = min(max(number_in(request, "p"), 1), pages)
    begin = (page - 1) * desk.ROWS
    entries = desk.listed(
        tally, request.user, kind=narrowed["kind"], state=narrowed["state"], begin=begin
    )
    return {
        "language": language_in_itself(tally.language),
        "code": code_of(tally),
        "sections": _sections(entries, tally, begin, narrowed),
        "whole": whole,
        "narrowed": narrowed,
        "kinds": _kinds(tally, narrowed),
        "states": _states(tally, narrowed),
        "page": page,
        "pages": pages,
        "previous_url": list_url(tally, **narrowed, p=page - 1) if page > 1 else "",
        "next_url": list_url(tally, **narrowed, p=page + 1) if page < pages else "",
        "terms": glossary.VOCABULARY,
        "states_terms": glossary.states(code for code, _name in settings.LANGUAGES),
        "languages": settings.LANGUAGES,
        "deliveries": _deliveries(tally),
        "cycles": _cycles(request, tally),
        "complete": [
            (entry.table.name, entry.row.pk)
            for entry in entries
            if entry.complete and entry.may_publish
        ],
    }


def _sections(
    entries: list[Entry], tally: Tally, begin: int, narrowed: dict[str, str]
) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The list in the parts of its order."""
    found: list[tuple[Any, list[dict[str, Any]]]] = []
    for place, entry in enumerate(entries, start=begin):
        if not found or found[-1][0] != entry.section:
            found.append((entry.section, []))
        found[-1][1].append({"entry": entry, **_ways(entry, tally, place, narrowed)})
    return found


def _ways(entry: Entry, tally: Tally, place: int, narrowed: dict[str, str]) -> dict[str, Any]:
    """Where a click leads: the form, the page's editor, or the beginning of its translation."""
    where = [entry.table.name, entry.row.pk, tally.language]
    if not entry.is_page:
        url = reverse("translations:write", args=where)
        query = "&".join(f"{k}={v}" for k, v in {**narrowed, "at": place}.items() if v != "")
        return {"write_url": f"{url}?{query}"}
    edit = reverse("wagtailadmin_pages:edit", args=[entry.own.pk]) if entry.own is not None else ""
    return {
        "edit_url": edit,
        "begin_url": "" if edit else reverse("translations:begin", args=where),
        "branch_url": reverse("translations:begin", args=where) if entry.may_begin_branch else "",
        "publish_url": reverse("translations:publish", args=where)
        if entry.complete and entry.may_publish
        else "",
        "confirm_url": reverse("translations:confirm", args=where)
        if entry.state == "outdated" and not entry.missing and entry.may_publish
        else "",
        "file_url": "" if entry.by_hand else reverse("translations:export_page", args=where),
    }


def _kinds(tally: Tally, narrowed: dict[str, str]) -> list[tuple[str, str, int, bool]]:
    """What the list can be narrowed to, with the number that each choice leaves."""
    found = [(_("Everything"), "", _count(tally, "", narrowed["state"]))]
    for name, (label, _tables) in KINDS.items():
        found.append((str(label), name, _count(tally, name, narrowed["state"])))
    return [
        (label, list_url(tally, kind=name, state=narrowed["state"]), number, own)
        for label, name, number in found
        if (own := name == narrowed["kind"]) or number or not name
    ]


def _states(tally: Tally, narrowed: dict[str, str]) -> list[tuple[str, str, int, bool]]:
    labels = {"": _("Missing and outdated"), "missing": _("Missing"), "outdated": _("Outdated")}
    return [
        (
            label,
            list_url(tally, kind=narrowed["kind"], state=state),
            _count(tally, narrowed["kind"], state),
            state == narrowed["state"],
        )
        for state, label in labels.items()
    ]


def _count(tally: Tally, kind: str, state: str) -> int:
    return sum(number for _place, number in desk.places(tally, kind=kind, state=state))


def _deliveries(tally: Tally) -> list[Delivery]:
    """The files that were sent last for this list."""
    sent = Delivery.objects.light().filter(assembly=tally.assembly, language=tally.language)
    return list(sent.select_related("sent_by")[:5])


def _cycles(request: HttpRequest, tally: Tally) -> list[dict[str, Any]]:
    """Whole cycles whose translation may begin with one click."""
    if not request.user.has_perm(BEGINNING):
        return []
    return [
        {
            "reference": cycle.reference,
            "title": cycle.title,
            "language": cycle.page.locale.language_code,
            "number": number,
            "url": reverse("translations:begin", args=["cycle", cycle.pk, tally.language]),
        }
        for cycle, number in desk.cycles_to_begin(tally)
        if cycle.page.permissions_for_user(request.user).can_edit()
    ]
