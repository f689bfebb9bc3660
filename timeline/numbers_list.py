"""The items behind a number: the recommendations or measures that it counts, on the same day."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext, ngettext, pgettext

from assemblies import clock, delivery
from assemblies.directory import Directory
from assemblies.enums import Axis, Implementation, Opinion, Response
from assemblies.keyset import window
from assemblies.models import Measure
from assemblies.pages import day
from assemblies.pages.common import place_label
from assemblies.pages.rows import listed, reference, row_of
from assemblies.parameters import UnknownValue, chosen
from timeline import counting
from timeline.subject import Subject

#: Every recommendation, whatever its response.
ANY = "any"
#: Every measure announced.
ANNOUNCED = "announced"
LATE = "1"
SAYINGS = (
    counting.DECLARED,
    counting.DOCUMENTED,
    counting.AGREES,
    counting.CLARIFY,
    counting.CONTESTS,
    counting.UNSAID,
)
KNOWN: dict[str, tuple[str, ...]] = {
    "response": (ANY, *Response.values),
    "delivered": (*delivery.SHARES, "own"),
    "opinion": tuple(Opinion.values),
    "late": (LATE,),
    "measures": (ANNOUNCED, *SAYINGS, *Implementation.values),
}


@dataclass(frozen=True)
class Choice:
    """What an address asks the list of."""

    values: Mapping[str, str]
    past: datetime.date | None

    @classmethod
    def read(cls, asked: QueryDict, past: datetime.date | None) -> "Choice":
        """One value a name; :class:`UnknownValue` for what no number of the page counts."""
        values = {}
        for name, known in KNOWN.items():
            given = chosen(asked, name, known)
            if len(given) > 1:
                raise UnknownValue(name)
            if given:
                values[name] = given[0]
        if "measures" in values and len(values) > 1:
            raise UnknownValue("measures")
        return cls(values, past)

    def __bool__(self) -> bool:
        return bool(self.values)

    @property
    def query(self) -> str:
        dated = {day.PARAMETER: self.past.isoformat()} if self.past else {}
        return urlencode({**self.values, **dated})


def list_context(
    request: HttpRequest, lists: Directory, subject: Subject, choice: Choice
) -> dict[str, Any]:
    """What ``timeline/numbers_list.html`` shows: how many, what they have in common, and each."""
    cycles = [cycle.pk for cycle in subject.cycles(lists, choice.past)]
    context = {"words": words_of(choice)}
    if "measures" in choice.values:
        return context | _measures(request, lists, cycles, choice)
    return context | _recommendations(request, lists, cycles, choice)


def _recommendations(
    request: HttpRequest, lists: Directory, cycles: list[int], choice: Choice
) -> dict[str, Any]:
    everything = counting.recommendations(cycles, choice.past)
    rows = everything.filter(is_withdrawn=False)
    values = choice.values
    if values.get("response", ANY) != ANY:
        rows = rows.filter(on_response=values["response"])
    if "opinion" in values:
        rows = rows.filter(on_opinion=values["opinion"])
    if "late" in values:
        rows = rows.filter(on_due__lt=choice.past or clock.today())
    if "delivered" in values:
        rows = counting.with_share(rows, [values["delivered"]], choice.past)
    number = rows.count()
    shown = window(
        request,
        rows,
        order=("cycle__reference", "position", "pk"),
        cursor="reference",
        read=reference,
        dress=lambda found: listed(found, choice.past),
        keep=choice.query,
        places=everything,
    )
    sections: list[dict[str, Any]] = []
    for item in shown.items:
        if not sections or sections[-1]["cycle"] != item.cycle_id:
            place = lists.originals[lists.cycles[item.cycle_id].translation_key]
            sections.append(
                {"cycle": item.cycle_id, "title": place_label(lists, place), "rows": []}
            )
        sections[-1]["rows"].append(row_of(lists, item, choice.past))
    return {
        "number": number,
        "heading": ngettext("%(count)s recommendation", "%(count)s recommendations", number)
        % {"count": number},
        "sections": sections,
        "window": shown,
    }


def _measures(
    request: HttpRequest, lists: Directory, cycles: list[int], choice: Choice
) -> dict[str, Any]:
    who = choice.values["measures"]
    said = {
        each.key: each
        for each in counting.measures(cycles, choice.past)
        if who == ANNOUNCED or each.is_said(who)
    }
    rows: QuerySet[Measure] = Measure.objects.filter(live=True, cycle__in=cycles)
    narrowed = rows.filter(Q(pk__in=list(said)))
    shown = window(
        request,
        narrowed,
        order=("cycle__reference", "position", "pk"),
        cursor="reference",
        read=reference,
        keep=choice.query,
        places=rows,
    )
    return {
        "number": len(said),
        "heading": ngettext("%(count)s measure", "%(count)s measures", len(said))
        % {"count": len(said)},
        "measures": [_measure(lists, row, said[row.pk], choice) for row in shown.items],
        "window": shown,
    }


def _measure(lists: Directory, row: Measure, said: counting.Said, choice: Choice) -> dict[str, Any]:
    place = lists.originals[lists.cycles[row.cycle_id].translation_key]
    assembly = lists.assembly_of(row.cycle_id)
    return {
        "number": row.number_in_cycle,
        "title": row.title,
        "url": row.url,
        "place": assembly.territory,
        "cycle": place_label(lists, place),
        "implementation": said.code,
        "words": None,
        # A due date may have moved since; the measure's own page tells how.
        "deadline": None if choice.past else row.deadline,
        "deadline_words": "" if choice.past else row.deadline_words,
        "example": row.example,
    }


def words_of(choice: Choice) -> list[dict[str, Any]]:
    """What was chosen, in words."""
    from timeline.numbers import said_labels, share_labels

    found: list[dict[str, Any]] = []
    for name, value in choice.values.items():
        if name in ("response", "opinion") and value != ANY:
            found.append({"axis": name, "code": value})
        elif name == "measures" and value in Implementation.values:
            found.append({"axis": Axis.IMPLEMENTATION.value, "code": value})
        elif name == "measures" and value != ANNOUNCED:
            label = said_labels()[value]
            found.append({"label": gettext("Delivered: %(who)s") % {"who": _lower(label)}})
        elif name == "delivered":
            found.append({"label": share_labels()[value]})
        elif name == "late":
            found.append({"label": pgettext("duty", "Late")})
    return found


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
