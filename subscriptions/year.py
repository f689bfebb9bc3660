"""How many mails a choice would have meant over the last twelve months."""

import datetime
from collections import defaultdict
from typing import Any

from django.utils import timezone

from assemblies.directory import Directory
from assemblies.duties import add_months
from assemblies.models import Action, Change
from subscriptions import digests, editions, matching, searches, windows
from subscriptions.digests import Found, Reader
from subscriptions.enums import Followable, Frequency
from subscriptions.models import Followed

#: Steps read at once.
BATCH = 500
#: A search is asked about so many changes at most: its year is counted while a page waits.
MOST_SEARCHED = 1_000


class Year:
    """What was published in the last year, by what it was about; kept until the log moves on."""

    _kept: "Year | None" = None

    def __init__(self, lists: Directory) -> None:
        self.lists = lists
        #: Number → when, and to whom it was told.
        self.matters: dict[int, tuple[datetime.datetime, Found]] = {}
        self.about: dict[matching.Thing, list[int]] = defaultdict(list)
        self.searched: dict[str, list[int] | None] = {}
        last = lists.generation[1]
        if last is None:
            return
        since = timezone.localtime(last)
        day = add_months(since.date(), -12)
        since = since.replace(year=day.year, month=day.month, day=day.day)
        self._read_steps(since)
        self._read_booklets(since)

    def _read_steps(self, since: datetime.datetime) -> None:
        rows = Action.objects.filter(live=True, first_published_at__gt=since)
        rows = rows.select_related("corrects__corrects", "group").order_by("pk")
        before = 0
        while some := list(rows.filter(pk__gt=before)[:BATCH]):
            before = some[-1].pk
            about = matching.steps(self.lists, some)
            for row in some:
                decides = matching.decides(row)
                self._add(row.number, row.first_published_at, about[row.pk], decides=decides)

    def _read_booklets(self, since: datetime.datetime) -> None:
        named = f"{editions.NOUN}:"
        changes = list(Change.objects.filter(moment__gt=since, listed__startswith=named))
        about = matching.in_booklets(self.lists, editions.told(changes))
        for change in changes:
            if change.number in about:
                self._add(change.number, change.moment, about[change.number], booklets=True)

    def _add(
        self,
        number: int,
        moment: datetime.datetime,
        about: set[matching.Thing],
        *,
        decides: bool = True,
        booklets: bool = False,
    ) -> None:
        self.matters[number] = timezone.localtime(moment), Found(0, number, decides, booklets)
        for thing in about:
            self.about[thing].append(number)

    @classmethod
    def current(cls, lists: Directory) -> "Year":
        if cls._kept is None or cls._kept.lists is not lists:
            cls._kept = cls(lists)
        return cls._kept

    def mails(self, followed: Followed, level: str) -> dict[str, int]:
        """Rhythm → mails; empty where a search would take too long."""
        numbers = self._numbers(followed)
        if numbers is None:
            return {}
        reader = Reader(0, level, 0)
        last = max(numbers, default=0)
        told = [
            moment
            for moment, found in (self.matters[number] for number in numbers)
            if digests.tells(reader, found, last)
        ]
        return {
            code: len({windows.name_of(code, moment) for moment in told})
            for code in Frequency.values
        }

    def _numbers(self, followed: Followed) -> list[int] | None:
        key: Any = followed.key
        if followed.kind != Followable.SEARCH:
            return self.about[(followed.kind, key)]
        if followed.query not in self.searched:
            few = len(self.matters) <= MOST_SEARCHED
            found = searches.finding({0: followed.query}, self.matters) if few else ()
            numbers = [number for _search, number in found]
            self.searched[followed.query] = numbers if few else None
        return self.searched[followed.query]
