"""What each change of the log was about, among the things that somebody follows. Found out once.

Who follows a topic follows what was said of it when it was said: a recommendation that gets the
topic a year later brings its old steps to nobody. So each change is matched soon after it was
written, in the order of the log, and what was found stays (``Mention``).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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
from subscriptions import editions, searches
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
    every = list(Followed.objects.all())
    followed = {(row.kind, row.key): row for row in every if row.kind != Followable.SEARCH}
    mentions: dict[tuple[int, int], Mention] = {}
    if every:
        matters = {each.number: each for each in _matters(lists, changes)}
        for each in matters.values():
            for thing in each.about & followed.keys():
                row = followed[thing]
                mentions[row.pk, each.number] = each.mention(row)
        for row, number in _searched(lists, every, matters):
            mentions[row.pk, number] = matters[number].mention(row)
    altered = [
        change.number
        for change in changes
        if change.kind in (ChangeKind.LISTED, ChangeKind.REVISED)
        and not editions.is_booklets(change)
    ]
    if altered and every:
        for row, note in _alterations(lists, every):
            mentions[row.pk, altered[-1]] = Mention(
                followed=row, number=altered[-1], decides=True, booklets=True, note=note
            )
    _keep(mentions.values())
    return changes[-1].number


def _searched(
    lists: Directory, every: Iterable[Followed], matters: dict[int, "Matter"]
) -> Iterable[tuple[Followed, int]]:
    """Each followed search with each change that it finds: as the texts are now, soon after it."""
    rows = {row.pk: row for row in every if row.kind == Followable.SEARCH}
    queries = {row.pk: row.query for row in rows.values() if searches.understood(lists, row.query)}
    if queries and matters:
        for key, number in searches.finding(queries, matters):
            yield rows[key], number


def _keep(mentions: Iterable[Mention]) -> None:
    mentions = list(mentions)
    Mention.objects.bulk_create(mentions, ignore_conflicts=True)
    touched: dict[int, Followed] = {}
    for each in mentions:
        row = touched.setdefault(each.followed_id, each.followed)
        row.touched = max(row.touched, each.number)
    Followed.objects.bulk_update(touched.values(), ["touched"], batch_size=200)


@dataclass(frozen=True, slots=True)
class Matter:
    """A change that may be news: what it is about, and to whom it is told."""

    number: int
    about: set[Thing]
    decides: bool = True
    booklets: bool = False

    def mention(self, row: Followed) -> Mention:
        return Mention(
            followed=row, number=self.number, decides=self.decides, booklets=self.booklets
        )


def _matters(lists: Directory, changes: list[Change]) -> Iterable[Matter]:
    """The changes that are publications or say something of a booklet."""
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
            yield Matter(each.number, about[each.action_id], decides(each.action))
        elif each.recommendation_id:
            row = concerned.recommendations[each.recommendation_id]
            bodies = concerned.bodies(row.deciding_body_id, *row.addressee_keys)
            yield Matter(each.number, concerned.recommendation(row.pk) | bodies)
        elif each.measure_id:
            bodies = concerned.bodies(each.measure.announced_by_id, each.measure.first_lead_id)
            yield Matter(each.number, concerned.measure(each.measure_id) | bodies)
        elif each.withdrawal_id:
            yield Matter(each.number, concerned.recommendation(each.withdrawal.recommendation_id))
        elif each.cycle_id:
            yield Matter(each.number, concerned.cycle(each.cycle_id))
    found = editions.told(changes)
    for number, things in in_booklets(lists, found).items():
        yield Matter(number, things, booklets=True)


def in_booklets(lists: Directory, found: dict[int, editions.Told]) -> dict[int, set[Thing]]:
    """What changes of booklets are about: where the edition belongs, and what it has sheets about.

    An erratum about one sheet is about that one.
    """
    held = editions.sheets(found.values())
    keys = dict(
        Recommendation.objects.filter(
            reference__in={reference for each in held.values() for reference in each}
        ).values_list("reference", "pk")
        if held
        else ()
    )
    concerned = Concerned(lists)
    concerned.read(recommendations=keys.values())
    about: dict[int, set[Thing]] = {}
    for number, each in found.items():
        edition = each.edition
        things = {(Followable.ASSEMBLY, edition.assembly_id), *concerned.cycle(edition.cycle_id)}
        own = each.erratum.reference if each.erratum is not None else ""
        for reference in [own] if own else held[edition.pk]:
            if reference in keys:
                things |= concerned.recommendation(keys[reference])
        about[number] = things
    return about


# -- what becomes of the things themselves --------------------------------------------------------


def snapshot(lists: Directory, kind: str, key: int | None, query: str = "") -> dict[str, Any]:
    """What a thing is called, by whom it was succeeded; ``{"gone": True}`` where it is no more.

    A search is gone with any of its filters: what it would find without it is not what was asked.
    """
    if kind == Followable.SEARCH:
        return {} if searches.understood(lists, query) else {"gone": True}
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
        if row.kind in (Followable.RECOMMENDATION, Followable.MEASURE):
            continue
        now = snapshot(lists, row.kind, row.key, row.query)
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
