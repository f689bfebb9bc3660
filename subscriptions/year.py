"""How many mails a choice would have meant over the last twelve months."""

import datetime
from collections import defaultdict

from django.utils import timezone

from assemblies.directory import Directory
from assemblies.duties import add_months
from assemblies.models import Action
from subscriptions import matching, windows
from subscriptions.enums import Followable, Frequency, Level
from subscriptions.models import Followed

#: Steps read at once.
BATCH = 500


class Year:
    """The steps of the last year, by what they were about; kept until the log moves on."""

    _kept: "Year | None" = None

    def __init__(self, lists: Directory) -> None:
        self.lists = lists
        #: Thing → moments, and whether something was decided.
        self.moments: dict[matching.Thing, list[tuple[datetime.datetime, bool]]] = defaultdict(list)
        last = lists.generation[1]
        if last is None:
            return
        since = timezone.localtime(last)
        day = add_months(since.date(), -12)
        since = since.replace(year=day.year, month=day.month, day=day.day)
        rows = Action.objects.filter(live=True, first_published_at__gt=since)
        rows = rows.select_related("corrects__corrects", "group").order_by("pk")
        before = 0
        while some := list(rows.filter(pk__gt=before)[:BATCH]):
            before = some[-1].pk
            about = matching.steps(lists, some)
            for row in some:
                moment = timezone.localtime(row.first_published_at)
                decided = matching.decides(row)
                for thing in about[row.pk]:
                    self.moments[thing].append((moment, decided))

    @classmethod
    def current(cls, lists: Directory) -> "Year":
        if cls._kept is None or cls._kept.lists is not lists:
            cls._kept = cls(lists)
        return cls._kept

    def mails(self, followed: Followed, level: str) -> dict[str, int]:
        """Rhythm → mails; empty where it can't be said (a search)."""
        if followed.kind == Followable.SEARCH or followed.key is None:
            return {}
        told = [
            moment
            for moment, decided in self.moments[(followed.kind, followed.key)]
            if decided or level == Level.ALL
        ]
        return {
            code: len({windows.name_of(code, moment) for moment in told})
            for code in Frequency.values
        }
