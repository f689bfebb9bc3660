"""Published actions in lists of many subjects: the latest steps, and the timeline.

One query whatever the length: the actions, what they are about, their corrections, their sources.
"""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext

from assemblies.directory import Directory
from assemblies.enums import Axis
from assemblies.models import Action, ActionTarget, MeasureServes, StateSpan
from assemblies.pages.common import KindWords, owes
from assemblies.pages.entries import Entry, Story, html
from assemblies.pages.sources import gathered, gathered_sources
from assemblies.templatetags.suites import deadline

#: How many steps a page shows that is not the timeline itself.
SHOWN = 10


def with_parts(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Published actions with all that an entry shows, in the query that reads them."""
    targets = ActionTarget.objects.filter(action=OuterRef("pk")).order_by("pk")
    serving = MeasureServes.objects.filter(measure__action_links__action=OuterRef("pk"))
    return (
        actions.filter(live=True)
        .select_related("corrects", "corrected_by", "group", "act")
        .annotate(
            kind_of_target=Coalesce(
                Subquery(
                    targets.filter(recommendation__isnull=False).values("recommendation__kind")[:1]
                ),
                Subquery(serving.order_by("pk").values("recommendation__kind")[:1]),
            ),
            gathered_sources=gathered_sources(),
            deadline_before=_deadline_before(),
        )
    )


def _deadline_before() -> Subquery:
    """What a due date was until the day of an action that set another; see :func:`_put_off`."""
    ended = StateSpan.objects.filter(
        Q(measure__action_links__action=OuterRef("pk"))
        | Q(recommendation__action_links__action=OuterRef("pk")),
        axis=Axis.DEADLINE,
        end=OuterRef("happened_last"),
    )
    said = JSONObject(day="value", words="set_by__deadline_words")
    return Subquery(ended.order_by("pk").values_list(Cast(said, TextField()), flat=True)[:1])


def _put_off(row: Any) -> str:
    """The due date that an action replaced, so that the old one stays in sight."""
    if not row.deadline_before or not row.sets_deadline:
        return ""
    found = json.loads(row.deadline_before)
    words = Action._meta.get_field("deadline_words").to_python(found["words"] or "")
    day = datetime.date.fromisoformat(found["day"]) if found["day"] else None
    if (day, str(words or "")) == (row.new_deadline, str(row.deadline_words or "")):
        return ""
    return html(gettext("Due date before: %(date)s."), date=deadline(words, day))


def around(direct: Q, beside: Q | None = None) -> QuerySet[Action]:
    """Actions that ``direct`` selects, and what is linked to them by up to two corrections.

    ``beside``: further actions to read with them; then each says whether it ``is_around``.
    """
    keys = Action.objects.filter(direct, live=True).values("pk")
    selected = (
        direct
        | Q(corrects__in=keys)
        | Q(corrects__corrects__in=keys)
        | Q(corrected_by__in=keys)
        | Q(corrected_by__corrected_by__in=keys)
    )
    if beside is None:
        return with_parts(Action.objects.filter(selected))
    return with_parts(Action.objects.filter(selected | beside)).annotate(
        is_around=Case(When(selected, then=True), default=False, output_field=BooleanField())
    )


def whole_or_part_of(cycles: Iterable[int]) -> QuerySet[Action]:
    """Actions on these cycles as a whole, and on anything in them."""
    cycles = list(cycles)
    targets = ActionTarget.objects.filter(
        Q(recommendation__cycle__in=cycles) | Q(measure__cycle__in=cycles)
    )
    return Action.objects.filter(
        Q(cycle__in=cycles) | Q(group__cycle__in=cycles) | Q(pk__in=targets.values("action"))
    )


def beside_day(actions: QuerySet[Action], past: datetime.date) -> Q:
    """The last of these actions before a day, and the first after it."""
    actions = actions.filter(live=True)
    before = actions.filter(happened_last__lt=past).order_by("-happened_last", "-number")
    after = actions.filter(happened_last__gt=past).order_by("happened_last", "number")
    return Q(pk=Subquery(before.values("pk")[:1])) | Q(pk=Subquery(after.values("pk")[:1]))


class Listing(Story):
    """Actions of many subjects, each an entry; no state is computed from them."""

    def __init__(self, lists: Directory, rows: Iterable[Action]) -> None:
        rows = list(rows)
        for row in rows:
            row.body = lists.bodies[row.body_id]
            if row.concerned_body_id:
                row.concerned_body = lists.bodies[row.concerned_body_id]
        self.lists = lists
        self.sources = {row.pk: gathered(row) for row in rows}
        self.by_key = {row.corrects_id: row.corrects for row in rows if row.corrects_id}
        self.corrected_by = {
            row.pk: row.corrected_by
            for row in rows
            if hasattr(row, "corrected_by") and row.corrected_by.live
        }
        self.groups = {row.group_id: row.group for row in rows if row.group_id}

    def shown(self, row: Any) -> dict[str, Any]:
        """One entry, and what a page says around it."""
        assembly = self.lists.assemblies[row.assembly_id]
        entry: Entry = self.entry(
            row, words=KindWords(self.lists, row.kind_of_target), groups=self.groups
        )
        return {
            "action": entry,
            "place": assembly.territory if len(self.lists.assemblies) > 1 else "",
            "owed": owes(assembly),
            "note": _put_off(row),
        }


def latest(lists: Directory, actions: QuerySet[Action], limit: int = SHOWN) -> list[dict[str, Any]]:
    """The last of these actions that were published, as entries."""
    rows = list(with_parts(actions).latest_first()[:limit])
    listing = Listing(lists, rows)
    return [listing.shown(row) for row in rows]
