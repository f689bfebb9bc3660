"""What each change of the log was about, among the things that somebody follows. Found out once.

Who follows a topic follows what was said of it when it was said: a recommendation that gets the
topic a year later brings its old steps to nobody. So each change is matched soon after it was
written, in the order of the log, and what was found stays (``Mention``).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from assemblies import directory
from assemblies.directory import Directory
from assemblies.enums import (
    CLOSED_IMPLEMENTATIONS,
    Axis,
    Implementation,
    Kind,
)
from assemblies.models import (
    Action,
    ActionTarget,
    Change,
    Measure,
    MeasureServes,
    Recommendation,
)
from assemblies.models.change import ChangeKind
from subscriptions.enums import Followable
from subscriptions.models import Followed, Mark, Mention, Subscription

#: A thing: its kind and its key.
Thing = tuple[str, int]

#: Changes read at once.
BATCH = 500
MARK = "matching"
#: Kinds of step that are told to those who want decisions and deliveries only.
DECIDING = frozenset(
    {
        Kind.RESPONSE,
        Kind.VOTE,
        Kind.DECISION,
        Kind.OUTCOME,
        Kind.REFERRAL,
        Kind.OPINION,
        Kind.MERGE,
        Kind.END,
    }
)
DELIVERED = CLOSED_IMPLEMENTATIONS | {Implementation.PARTLY}


def decides(action: Action) -> bool:
    """Whether a step gives or changes an answer, delivers or ends something, or judges it.

    The committee's voice is as loud as the authority's. A correction is what it corrects.
    """
    if action.axis in (Axis.RESPONSE, Axis.OPINION):
        return True
    if action.axis == Axis.IMPLEMENTATION and action.value in DELIVERED:
        return True
    if action.original_kind in DECIDING or action.kind in DECIDING:
        return True
    return action.corrects is not None and decides(action.corrects)


class Concerned:
    """What facts are about, read for many at once: a fixed number of queries."""

    def __init__(self, lists: Directory) -> None:
        self.lists = lists
        self.recommendations: dict[int, Recommendation] = {}
        self.measures: dict[int, Measure] = {}
        self.served: dict[int, list[int]] = defaultdict(list)

    def read(self, *, recommendations: Iterable[int] = (), measures: Iterable[int] = ()) -> None:
        """Fetch what is not known yet of these."""
        measures = set(measures) - set(self.measures)
        if measures:
            self.measures |= Measure.objects.in_bulk(measures)
            for measure, asked in MeasureServes.objects.filter(measure__in=measures).values_list(
                "measure", "recommendation"
            ):
                self.served[measure].append(asked)
        wanted = {asked for each in measures for asked in self.served[each]}
        wanted = (wanted | set(recommendations)) - set(self.recommendations)
        if wanted:
            self.recommendations |= Recommendation.objects.in_bulk(wanted)

    # -- one thing ----------------------------------------------------------------------------

    def cycle(self, key: int | None) -> set[Thing]:
        if key not in self.lists.cycles:
            return set()
        assembly = self.lists.cycles[key].assembly_id
        return {(Followable.CYCLE, key), (Followable.ASSEMBLY, assembly)}

    def recommendation(self, key: int) -> set[Thing]:
        row = self.recommendations.get(key)
        if row is None:
            return set()
        topics = {(Followable.TOPIC, topic) for topic in row.topic_keys}
        return {(Followable.RECOMMENDATION, key), *topics, *self.cycle(row.cycle_id)}

    def measure(self, key: int) -> set[Thing]:
        row = self.measures.get(key)
        if row is None:
            return set()
        found = {(Followable.MEASURE, key), *self.cycle(row.cycle_id)}
        if row.lead_id:
            found.add((Followable.BODY, row.lead_id))
        for asked in self.served[key]:
            found |= self.recommendation(asked)
        return found

    def bodies(self, *keys: int | None) -> set[Thing]:
        return {(Followable.BODY, key) for key in keys if key}

    def step(self, action: Action, targets: Iterable[ActionTarget]) -> set[Thing]:
        """What a step is about, without what it corrects."""
        found = {
            (Followable.ASSEMBLY, action.assembly_id),
            *self.bodies(action.body_id, action.concerned_body_id),
            *self.cycle(action.cycle_id),
        }
        if action.group_id:
            found |= self.cycle(action.group.cycle_id)
        for target in targets:
            if target.recommendation_id:
                found |= self.recommendation(target.recommendation_id)
            if target.measure_id:
                found |= self.measure(target.measure_id)
        return found


def steps(lists: Directory, actions: Iterable[Action]) -> dict[int, set[Thing]]:
    """Action's key → what it is about, what it corrects included."""
    found: dict[int, set[Thing]] = {}
    rows: dict[int, Action] = {row.pk: row for row in actions}
    wanted = set(rows)
    while missing := {r.corrects_id for r in rows.values() if r.corrects_id} - set(rows):
        rows |= {
            row.pk: row for row in Action.objects.filter(pk__in=missing).select_related("group")
        }
    targets: dict[int, list[ActionTarget]] = defaultdict(list)
    for target in ActionTarget.objects.filter(action__in=list(rows)):
        targets[target.action_id].append(target)
    told = [each for some in targets.values() for each in some]
    concerned = Concerned(lists)
    concerned.read(
        recommendations={each.recommendation_id for each in told if each.recommendation_id},
        measures={each.measure_id for each in told if each.measure_id},
    )
    for key in wanted:
        action: Action | None = rows[key]
        about: set[Thing] = set()
        while action is not None:
            about |= concerned.step(action, targets[action.pk])
            action = rows.get(action.corrects_id) if action.corrects_id else None
        found[key] = about
    return found


# -- the log ------------------------------------------------------------------------------------


def last_number() -> int:
    """The last number of the change log."""
    return directory.generation()[0]


def catch_up() -> int:
    """Match all that the log has and nobody has matched yet; the number that it goes up to."""
    while True:
        with transaction.atomic():
            mark = _locked_mark()
            upto = last_number()
            if mark.number >= upto:
                return mark.number
            mark.number = _match(mark.number, upto)
            mark.save(update_fields=["number"])


def _locked_mark() -> Mark:
    """Held until the transaction ends, so that two matchers go one after the other."""
    marks = Mark.objects.filter(name=MARK)
    if connection.features.has_select_for_update:
        marks = marks.select_for_update()
    mark = marks.first()
    if mark is None:
        # What was published before anybody's watermark is news to nobody.
        first = Subscription.objects.exclude(watermark=0).aggregate(least=Min("watermark"))["least"]
        mark, _new = Mark.objects.get_or_create(
            name=MARK, defaults={"number": last_number() if first is None else first}
        )
    return mark


def _match(after: int, upto: int) -> int:
    """Match the next changes; the number of the last of them."""
    changes = list(
        Change.objects.filter(number__gt=after, number__lte=upto)
        .order_by("number")
        .select_related("action__corrects__corrects", "action__group", "measure", "cycle")
        .select_related("withdrawal")[:BATCH]
    )
    lists = directory.current()
    followed = {
        (row.kind, row.key): row for row in Followed.objects.exclude(kind=Followable.SEARCH)
    }
    mentions: dict[tuple[int, int], Mention] = {}
    if followed:
        for number, about, decided in _about(lists, changes):
            for thing in about & followed.keys():
                row = followed[thing]
                mentions[row.pk, number] = Mention(followed=row, number=number, decides=decided)
    altered = [c.number for c in changes if c.kind in (ChangeKind.LISTED, ChangeKind.REVISED)]
    if altered and followed:
        for row, note in _alterations(lists, followed.values()):
            mentions[row.pk, altered[-1]] = Mention(
                followed=row, number=altered[-1], decides=True, note=note
            )
    _keep(mentions.values())
    return changes[-1].number


def _keep(mentions: Iterable[Mention]) -> None:
    mentions = list(mentions)
    Mention.objects.bulk_create(mentions, ignore_conflicts=True)
    touched: dict[int, Followed] = {}
    for each in mentions:
        row = touched.setdefault(each.followed_id, each.followed)
        row.touched = max(row.touched, each.number)
    Followed.objects.bulk_update(touched.values(), ["touched"], batch_size=200)


def _about(lists: Directory, changes: Iterable[Change]):
    """For each publication: its number, what it is about, and whether it decides something."""
    published = [each for each in changes if each.kind == ChangeKind.PUBLISHED]
    about = steps(lists, [each.action for each in published if each.action_id])
    concerned = Concerned(lists)
    concerned.read(
        recommendations={
            each.recommendation_id or each.withdrawal.recommendation_id
            for each in published
            if each.recommendation_id or each.withdrawal_id
        },
        measures={each.measure_id for each in published if each.measure_id},
    )
    for each in published:
        if each.action_id:
            yield each.number, about[each.action_id], decides(each.action)
        elif each.recommendation_id:
            row = concerned.recommendations[each.recommendation_id]
            bodies = concerned.bodies(row.deciding_body_id, *row.addressee_keys)
            yield each.number, concerned.recommendation(row.pk) | bodies, True
        elif each.measure_id:
            bodies = concerned.bodies(each.measure.announced_by_id, each.measure.first_lead_id)
            yield each.number, concerned.measure(each.measure_id) | bodies, True
        elif each.withdrawal_id:
            yield each.number, concerned.recommendation(each.withdrawal.recommendation_id), True
        elif each.cycle_id:
            yield each.number, concerned.cycle(each.cycle_id), True


# -- what becomes of the things themselves --------------------------------------------------------


def snapshot(lists: Directory, kind: str, key: int) -> dict[str, Any]:
    """What a thing is called, by whom it was succeeded; ``{"gone": True}`` where it is no more."""
    if kind in (Followable.TOPIC, Followable.BODY):
        row = (lists.topics if kind == Followable.TOPIC else lists.bodies).get(key)
        if row is None:
            return {"gone": True}
        name = dict(getattr(row.name, "data", None) or {})
        successor = getattr(row, "successor_id", None)
        return {"name": name, **({"successor": successor} if successor else {})}
    if kind in (Followable.ASSEMBLY, Followable.CYCLE):
        place = (lists.assemblies if kind == Followable.ASSEMBLY else lists.cycles).get(key)
        pages = lists.by_key.get(place.translation_key, {}) if place is not None else {}
        live = {code: page.title for code, page in pages.items() if page.live}
        return {"name": live} if live else {"gone": True}
    return {}  # a recommendation or measure is withdrawn or ended by a fact, which says so itself


def _alterations(lists: Directory, followed: Iterable[Followed]):
    """Each followed thing that is called otherwise, succeeded or gone, and what to say of it."""
    for row in followed:
        if row.kind in (Followable.RECOMMENDATION, Followable.MEASURE) or row.key is None:
            continue
        now = snapshot(lists, row.kind, row.key)
        then, row.known = row.known, now
        if now == then:
            continue
        row.save(update_fields=["known"])
        if now.get("gone"):
            yield row, {"what": "gone", "was": then.get("name", {})}
        elif now.get("successor") and now.get("successor") != then.get("successor"):
            yield row, {"what": "succeeded", "was": then.get("name", {}), "by": now["successor"]}
        elif _renamed(then.get("name", {}), now.get("name", {})):
            yield row, {"what": "renamed", "was": then.get("name", {})}


def _renamed(then: dict[str, str], now: dict[str, str]) -> bool:
    """A name that is another; one that came in a further language is not."""
    return any(now.get(code, name) != name for code, name in then.items() if name)
