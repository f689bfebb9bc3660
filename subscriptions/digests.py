"""What is new for subscriptions between two numbers of the change log: a pure read.

Nothing here writes. The answer for one subscription depends on what was found about the thing it
follows (``Mention``), on its watermark and on its level, and on nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from subscriptions.enums import Level
from subscriptions.models import Mention, Subscription


@dataclass(frozen=True, slots=True)
class Found:
    """A mention, as far as news depends on it."""

    followed: int
    number: int
    decides: bool
    booklets: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscription, as far as news depends on it."""

    followed: int
    level: str
    watermark: int
    everything_from: int = 0


def tells(reader: Reader, found: Found, upto: int) -> bool:
    """Whether something found is news to a subscription, in a mail that goes up to a number."""
    if reader.followed != found.followed or not reader.watermark < found.number <= upto:
        return False
    if reader.level == Level.BOOKLETS:
        return found.booklets
    everything = reader.level == Level.ALL and found.number > reader.everything_from
    return found.decides or everything


def news(readers: Iterable[Reader], found: Iterable[Found], upto: int) -> dict[int, list[int]]:
    """Number of each change → the followed things it is told because of, both in order.

    A change that several subscriptions match is there once.
    """
    by_thing: dict[int, list[Reader]] = defaultdict(list)
    for reader in readers:
        by_thing[reader.followed].append(reader)
    told: dict[int, set[int]] = defaultdict(set)
    for each in found:
        if any(tells(reader, each, upto) for reader in by_thing[each.followed]):
            told[each.number].add(each.followed)
    return {number: sorted(told[number]) for number in sorted(told)}


def reader_of(row: Subscription) -> Reader:
    return Reader(row.followed_id, row.level, row.watermark, row.everything_from)


def found_for(rows: Iterable[Subscription], upto: int) -> dict[int, list[Found]]:
    """What was found about the things that these subscriptions follow, by thing: one query."""
    rows = list(rows)
    if not rows:
        return {}
    least = min(row.watermark for row in rows)
    found: dict[int, list[Found]] = defaultdict(list)
    for followed, number, decided, booklets in Mention.objects.filter(
        followed__in={row.followed_id for row in rows}, number__gt=least, number__lte=upto
    ).values_list("followed", "number", "decides", "booklets"):
        found[followed].append(Found(followed, number, decided, booklets))
    return found
