"""The agenda of an assembly's formal or annual meeting: to print, on A4 and in large print."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from assemblies import duties, facts, state
from assemblies.directory import Directory
from assemblies.enums import Kind, Opinion
from assemblies.pages import as_of, day
from assemblies.pages.common import (
    crumbs,
    directory_of,
    link,
    owes,
    place_label,
    places_to,
    reading,
)
from assemblies.parameters import chosen
from timeline.expected import Gathered, assembly_of, gather

LARGE = "large"


@reading
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """Late, silent, contested, announced and new since the last meeting. ``?print=large``."""
    lists = directory_of(request)
    assembly = assembly_of(request, lists, slug)
    past = as_of.asked(request)
    large = bool(chosen(request.GET, "print", {LARGE}))
    found = gather(lists, assembly, past)
    since = last_meeting(found)
    months = lists.regime_of(assembly).silent_after_months
    page = reverse("timeline:agenda", args=[slug])
    context = {
        "assembly": assembly,
        "place_label": place_label(lists, lists.originals[assembly.translation_key]),
        "ink": assembly.ink,
        "owed": owes(assembly),
        "large": large,
        "since": since,
        "late": found.of(duties.LATE),
        "silent": _silent(lists, found, months, past),
        "silent_after": months,
        "contested": _contested(lists, found, past),
        "announced": [
            {
                "reference": row.reference,
                "title": row.title,
                "url": row.url,
                "day": row.announced_on,
                "example": row.example,
            }
            for row, _known in found.measures
            if since is None or row.announced_on > since
        ],
        "new": _new(found, since),
        "a4_url": day.kept(page, past),
        "large_url": day.kept(f"{page}?print={LARGE}", past),
        "noindex": True,
        **as_of.dated(request, past),
        "breadcrumbs": crumbs(
            lists,
            places_to(lists, assembly),
            {
                "label": gettext("What is expected"),
                "url": day.kept(reverse("timeline:expected", args=[slug]), past),
            },
            {"label": gettext("Agenda of the meeting"), "url": None},
            past=past,
        ),
    }
    return TemplateResponse(request, "timeline/agenda.html", context)


def last_meeting(found: Gathered) -> datetime.date | None:
    """The day of the last meeting held by the day of the page."""
    kinds = facts.acting_kinds(found.story.facts)
    held = [
        fact.last
        for fact in facts.effective(found.story.facts)
        if kinds[fact.number] == Kind.MEETING and not fact.withdraws and fact.last <= found.on
    ]
    return max(held, default=None)


def _item(lists: Directory, row: Any, past: day.Past, **more: Any) -> dict[str, Any]:
    linked = link(lists, row, past)
    return {key: linked[key] for key in ("reference", "title", "url", "example")} | more


def _silent(lists: Directory, found: Gathered, months: int, past: day.Past) -> list[dict[str, Any]]:
    items = []
    for row, known in found.recommendations:
        since = duties.silent(known.last_action, row.handed_over_on, months, found.on)
        if since is not None:
            items.append(_item(lists, row, past, day=since))
    return items


def _contested(lists: Directory, found: Gathered, past: day.Past) -> list[dict[str, Any]]:
    """Judged insufficient, or with a claim that the committee contests."""
    against = {
        key
        for fact in state.effective(found.story.facts)
        if fact.last <= found.on and found.story.rows[fact.number].contests_id
        for key in fact.recommendations
    }
    return [
        _item(lists, row, past, day=known.opinion.since if known.opinion else None)
        for row, known in found.recommendations
        if row.pk in against or known.opinion_code == Opinion.INSUFFICIENT
    ]


def _new(found: Gathered, since: datetime.date | None) -> list[dict[str, Any]]:
    """The steps after the last meeting, the earliest first."""
    rows = [
        row
        for row in found.story.rows.values()
        if row.happened_last <= found.on
        and row.pk not in found.story.corrected_by
        and (since is None or row.happened_last > since)
    ]
    rows.sort(key=lambda row: (row.happened_last, row.number))
    return [
        {
            "first": row.happened_first,
            "last": row.happened_last,
            "kind": as_of.called(row),
            "title": row.title,
            "url": row.url,
            "body": row.body,
            "example": row.example,
        }
        for row in rows
    ]
