"""What changed in a cycle between two dates: its steps, states, what became late, what was met."""

import datetime
from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext

from assemblies import clock
from assemblies.comparison import Comparison, Moved, Owed, Standing, compare
from assemblies.comparison import Subject as Owing
from assemblies.directory import Directory
from assemblies.duties import add_months
from assemblies.enums import Axis, Implementation, Opinion, Response
from assemblies.models import Cycle, Measure
from assemblies.pages import as_of, day
from assemblies.pages.common import KindWords, crumbs, directory_of, link, place_url, reading
from assemblies.state import State
from timeline.expected import Gathered, gather, told_of
from timeline.subject import context_of, doors, subject_at, versions

#: The two dates, as addresses name them.
FROM, TO = "from", "to"
#: Without a choice: the last so many months.
MONTHS = 12
#: What is shown where nothing was ever said.
UNSAID = {
    Axis.RESPONSE.value: Response.AWAITING.value,
    Axis.IMPLEMENTATION.value: Implementation.NOT_STARTED.value,
    Axis.OPINION.value: Opinion.NOT_EXAMINED.value,
}


@reading
def changes(request: HttpRequest, path: str) -> HttpResponse:
    """``…/changements/?from=2024-01-01&to=2024-06-01``: the order of the two does not matter."""
    lists = directory_of(request)
    subject = subject_at(request, lists, path)
    if subject.cycle is None:
        raise Http404
    own = subject.url(lists, "changes")
    query = request.META.get("QUERY_STRING", "")
    if own != escape_uri_path(request.path):
        return HttpResponseRedirect(f"{own}?{query}" if query else own)
    request.versions = versions(lists, subject, "changes")  # type: ignore[attr-defined]
    since, until = chosen(request)
    cycle, assembly = subject.cycle, subject.assembly
    story = told_of(lists, assembly, entries=True)
    before = gather(lists, assembly, since, cycle=cycle, story=story)
    after = gather(lists, assembly, until, cycle=cycle, story=story)
    steps = [fact for fact in story.facts if _is_in(fact, before, after, cycle)]
    found = compare(standings(before), standings(after), steps, since=since, until=until)
    told = {row["uid"]: row for row in after.rows}
    page = place_url(lists, subject.place)
    moved = _moved(lists, after, found)
    context = context_of(lists, subject) | {
        "example": cycle.example or any(row.example for row, _known in after.recommendations),
        "since": since,
        "until": until,
        "today": clock.today(),
        "ledger": _ledger(found, sum(len(thing["changes"]) for thing in moved)),
        "moved": moved,
        "late": [told[_uid(each)] for each in found.newly_late],
        "met": [told[_uid(each)] for each in found.newly_met],
        "appeared": _appeared(lists, after, found),
        "steps": [
            {
                "first": row.happened_first,
                "last": row.happened_last,
                "kind": as_of.called(row),
                "title": row.title,
                "url": row.url,
                "body": row.body,
                "example": row.example,
            }
            for row in (story.rows[step.number] for step in found.steps)
        ],
        "since_url": day.kept(page, since),
        "until_url": day.kept(page, None if until == clock.today() else until),
        "steps_url": f"{reverse('timeline:timeline')}?cycle={cycle.reference}"
        f"&from={since + datetime.timedelta(days=1):%Y-%m-%d}&to={until:%Y-%m-%d}",
        "doors": doors(lists, subject, None, but="changes"),
        # Any two days have such a page: search engines find the cycle's own.
        "noindex": True,
        "breadcrumbs": crumbs(
            lists,
            lists.trail(subject.place),
            {"label": gettext("What changed"), "url": None},
        ),
    }
    return TemplateResponse(request, "timeline/changes.html", context)


def chosen(request: HttpRequest) -> tuple[datetime.date, datetime.date]:
    """The two days, the earlier one first; :class:`as_of.NotADay` for what is none."""
    typed = {name: request.GET.get(name, "") for name in (FROM, TO)}
    until = as_of.day_of(typed[TO], TO) if typed[TO] else clock.today()
    since = as_of.day_of(typed[FROM], FROM) if typed[FROM] else _before(until)
    return min(since, until), max(since, until)


def _before(until: datetime.date) -> datetime.date:
    return add_months(until, -MONTHS) if until.year > 1 else datetime.date.min


def standings(found: Gathered) -> dict[Owing, Standing]:
    """What holds on the day of each recommendation and measure, and of the cycle itself."""
    known = _known(found)
    owed: dict[Owing, list[Any]] = defaultdict(list)
    announced: dict[Owing, datetime.date] = {}
    for row in found.rows:
        noun, key, _cycle = row["subject"]
        if row["duty"] is None:
            announced[noun, key] = row["due"]
        else:
            owed[noun, key].append(row["duty"])
    return {
        each: Standing.of(known.get(each, State()), owed[each], announced.get(each))
        for each in dict.fromkeys([*known, *owed])
    }


def _known(found: Gathered) -> dict[Owing, State]:
    return {
        **{("recommendation", row.pk): known for row, known in found.recommendations},
        **{("measure", row.pk): known for row, known in found.measures},
    }


def _is_in(fact: Any, before: Gathered, after: Gathered, cycle: Cycle) -> bool:
    """Whether a step is about the cycle, one of its groups, or anything that is in it."""
    keys = {*_known(before), *_known(after)}
    group = after.story.rows[fact.number].group
    return (
        fact.cycle == cycle.pk
        or (group is not None and group.cycle_id == cycle.pk)
        or any(("recommendation", key) in keys for key in fact.recommendations)
        or any(("measure", key) in keys for key in fact.measures)
    )


def _uid(owed: Owed) -> str:
    """What the rows of :func:`gather` are told apart by."""
    noun, key = owed.subject
    if owed.duty is not None:
        return f"duty-{owed.duty.rule.key}-{noun}-{key}-{owed.duty.n}"
    return f"{'decision' if noun == 'recommendation' else noun}-{key}"


def _ledger(found: Comparison, moved: int) -> list[dict[str, Any]]:
    """The four figures. ``moved``: as many states as the page shows before and after."""
    return [
        {"term": gettext("Steps"), "figure": len(found.steps), "label": ""},
        {"term": gettext("States"), "figure": moved, "label": gettext("changed")},
        {"term": gettext("Newly late"), "figure": len(found.newly_late), "label": ""},
        {"term": gettext("Newly met"), "figure": len(found.newly_met), "label": ""},
    ]


def _named(lists: Directory, row: Any) -> dict[str, Any]:
    """A recommendation or a measure by its number, title and address."""
    if isinstance(row, Measure):
        return {"reference": row.reference, "title": row.title, "url": row.url}
    return {key: link(lists, row)[key] for key in ("reference", "title", "url")}


def _rows(found: Gathered) -> dict[Owing, Any]:
    return {
        **{("recommendation", row.pk): row for row, _known in found.recommendations},
        **{("measure", row.pk): row for row, _known in found.measures},
    }


def _moved(lists: Directory, after: Gathered, found: Comparison) -> list[dict[str, Any]]:
    """Each thing that stands differently, in the order of the cycle, and by which step."""
    rows, known = _rows(after), _known(after)
    by_subject: dict[Owing, list[Moved]] = defaultdict(list)
    for each in found.moved:
        if (each.before or UNSAID[each.axis]) != (each.after or UNSAID[each.axis]):
            by_subject[each.subject].append(each)
    return [
        _named(lists, rows[subject])
        | {
            "example": rows[subject].example,
            "changes": [_change(lists, after, rows[subject], known[subject], one) for one in many],
        }
        for subject, many in by_subject.items()
    ]


def _change(
    lists: Directory, after: Gathered, row: Any, known: State, moved: Moved
) -> dict[str, Any]:
    kind = getattr(row, "kind_id", None) or getattr(row, "kind_served", None)
    words = KindWords(lists, kind)

    def side(code: str) -> dict[str, Any]:
        code = code or UNSAID[moved.axis]
        return {"code": code, "words": words.word(moved.axis, code)}

    value = getattr(known, moved.axis)
    step = after.story.rows.get(value.set_by) if value is not None and moved.after else None
    return {
        "axis": moved.axis,
        "label": Axis(moved.axis).label,
        "before": side(moved.before),
        "after": side(moved.after),
        "step": step,
    }


def _appeared(lists: Directory, after: Gathered, found: Comparison) -> list[dict[str, Any]]:
    """Recommendations handed over, and measures announced, between the two days."""
    rows = _rows(after)
    return [
        _named(lists, rows[each])
        | {
            "day": rows[each].announced_on if each[0] == "measure" else rows[each].handed_over_on,
            "example": rows[each].example,
        }
        for each in found.appeared
        if each in rows
    ]
