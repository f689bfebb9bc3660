"""Whatever happens, in whatever order: each change reaches each reader once.

Random stories over publishing, corrections, following, rhythms, levels, pauses, endings, jumps in
time, two workers, and processes that die between any two statements. Beside the site stands what
every reader is owed, kept by hand.
"""

import datetime
import os
from collections import Counter, defaultdict

import pytest
from django.core import mail as sent_mails
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from assemblies import directory
from subscriptions import choices, delivery, rounds
from subscriptions.enums import Ending, Frequency, Level, Running
from subscriptions.models import Mail, Subscription
from tests.factories import correct, follow, make_recommendation, make_topic, publish_action

pytestmark = pytest.mark.django_db
D = datetime.date


class Crash(Exception):
    """The process is gone between two statements."""


def crashing(at: int, work) -> bool:
    """Do something until its n-th statement, and no further; whether it got so far."""
    seen = 0

    def stop(execute, sql, params, many, context):
        nonlocal seen
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen += 1
            if seen == at:
                raise Crash
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(stop):
            work()
    except Crash:
        # Outside our own transactions nothing is open in a real process; here the test's is.
        transaction.set_rollback(False)
        return True
    return False


PEOPLE = ("a@example.org", "b@example.org")
mostly = st.sampled_from([True, True, True, False])
publishing = st.tuples(st.just("publish"), st.sampled_from([0, 0, 1]), mostly)
commands = st.one_of(
    publishing,
    publishing,
    st.tuples(st.just("correct"), st.booleans()),
    st.tuples(st.just("follow"), st.integers(0, 1), st.integers(0, 3), st.sampled_from(Frequency)),
    st.tuples(
        st.just("change"),
        st.integers(0, 5),
        st.sampled_from(Frequency),
        st.sampled_from(Level),
    ),
    st.tuples(st.just("end"), st.integers(3, 5)),
    st.tuples(st.just("pause"), st.integers(0, 5)),
    st.tuples(st.just("resume"), st.integers(0, 5)),
    st.tuples(st.just("time"), st.sampled_from([20, 60 * 24, 60 * 24 * 8])),
    st.tuples(st.just("round"), st.integers(0, 40)),
    st.tuples(st.just("deliver"), st.integers(0, 25)),
    st.tuples(st.just("two workers")),
)


class Site:
    """What stands before every story: two recommendations with one topic."""

    def __init__(self, world) -> None:
        self.topic = make_topic("eau")
        self.asked = [
            make_recommendation(
                world.cycle, label=str(n), title="Tilleuls", topics=[self.topic], dutch=False
            )
            for n in (1, 2)
        ]
        #: What can be followed; the last one is a search that finds both recommendations.
        self.things = [*self.asked, self.topic, "q=tilleuls"]


class Waiting:
    """What a subscription has still to be told; ``owed`` when its level asks for it."""

    def __init__(self, decides: bool, owed: bool) -> None:
        self.decides, self.owed = decides, owed


class Story:
    """The site, and beside it what every reader is owed, kept by hand."""

    def __init__(self, clock, site: Site) -> None:
        self.clock, self.site = clock, site
        self.actions: list = []
        self.day = D(2024, 6, 1)
        #: Key of a subscription → number → what waits.
        self.waiting: dict[int, dict[int, Waiting]] = defaultdict(dict)
        #: (address, number) that somebody had a right to, and that must have been written.
        self.rights: set[tuple[int, int]] = set()
        self.must: set[tuple[int, int]] = set()
        self.crashes = 0
        for person, thing, frequency in ((0, 0, "daily"), (0, 2, "daily"), (1, 2, "at_once")):
            self.follow(person, thing, frequency)
        Subscription.objects.filter(frequency="at_once").update(level="all")

    def rows(self, standing: str = "") -> list[Subscription]:
        rows = Subscription.objects.select_related("followed", "address").order_by("pk")
        return [row for row in rows if standing in ("", row.standing)]

    def one(self, place: int, standing: str) -> Subscription | None:
        rows = self.rows(standing)
        return rows[place % len(rows)] if rows else None

    def owe(self, row: Subscription) -> None:
        """Those that wait and are owed are the reader's right from now on."""
        for number, each in self.waiting[row.pk].items():
            if each.owed:
                self.rights.add((row.address_id, number))

    def published(self, action, place: int, decides: bool) -> None:
        self.actions.append((action, place, decides))
        for row in self.rows(Running.ACTIVE):
            one = row.followed.kind == "recommendation"
            if not one or row.followed.key == self.site.asked[place].pk:
                owed = row.level == "all" or (decides and row.level == "decisions")
                self.waiting[row.pk][action.number] = Waiting(decides, owed)
                self.owe(row)

    def publish(self, place: int, decides: bool) -> None:
        self.day += datetime.timedelta(days=1)
        kind = "decision" if decides else "report"
        action = publish_action(self.site.asked[place], kind=kind, on=self.day)
        self.published(action, place, decides)

    def correct(self, again: bool) -> None:
        if not self.actions:
            return
        action, place, decides = self.actions.pop(-1 if again else 0)
        self.published(correct(action, on=self.day, withdraws=True), place, decides)

    def follow(self, person: int, thing: int, frequency: str) -> None:
        what, email = self.site.things[thing], PEOPLE[person]
        kind, key = ("search", None) if isinstance(what, str) else (_kind(what), what.pk)
        known = Subscription.objects.filter(followed__kind=kind, followed__key=key)
        if not known.filter(address__email=email).exists():
            follow(what, email=email, frequency=frequency)

    def change(self, place: int, frequency: str, level: str) -> None:
        row = self.one(place, Running.ACTIVE)
        if row is None:
            return
        choices.change(row, frequency=frequency, level=level)
        if row.level == level:
            return
        for each in self.waiting[row.pk].values():
            if level == "all":  # and what was owed stays owed
                each.owed = each.owed or each.decides
            else:
                each.owed = each.decides and level == "decisions"
        self.owe(row)

    def end(self, place: int) -> None:
        row = self.one(place, Running.ACTIVE)
        if row is not None:
            choices.end(row.address, why=Ending.READER, only={"pk": row.pk})
            self.waiting[row.pk] = {}
            # Of what was written and had not left, nothing is owed any more.
            self.must = {
                (address, number) for address, number in self.must if address != row.address_id
            }

    def pause(self, place: int) -> None:
        row = self.one(place, Running.ACTIVE)
        if row is not None:
            choices.pause([row])
            self.waiting[row.pk] = {}

    def resume(self, place: int) -> None:
        row = self.one(place, Running.PAUSED)
        if row is not None:
            choices.resume([row])

    def hold(self, at: int) -> None:
        """A round, broken off at a statement, and perhaps taken up by another scheduler."""
        if at and crashing(at, rounds.send_due):
            self.crashes += 1
        else:
            rounds.send_due()
        self.settle()

    def settle(self) -> None:
        """What a watermark has passed must have been written for its reader."""
        for row in self.rows(Running.ACTIVE):
            for number in [n for n in self.waiting[row.pk] if n <= row.watermark]:
                if self.waiting[row.pk].pop(number).owed:
                    self.must.add((row.address_id, number))

    def deliver(self, at: int) -> None:
        if at and crashing(at, delivery.deliver):
            self.crashes += 1
        elif not at:
            delivery.deliver()

    def two_workers(self) -> None:
        """One takes mails and is slow; the other does all it can meanwhile."""
        first = delivery.Worker(delivery.Outcome())
        mails = first.lease(2)
        delivery.deliver()
        first.send_all(mails)
        first.close()

    def run(self, command: tuple) -> None:
        name, *given = command
        if name == "time":
            self.clock.forward(minutes=given[0])
        else:
            does = {"round": self.hold, "two workers": self.two_workers}.get(name)
            (does or getattr(self, name))(*given)

    def finish(self) -> None:
        """Time goes on, nothing crashes any more."""
        for _again in range(3):
            self.clock.forward(days=32, minutes=20)
            rounds.send_due()
            self.settle()
            delivery.deliver()

    def check(self) -> None:
        assert not any(self.waiting[row.pk] for row in self.rows(Running.ACTIVE))
        written = list(Mail.objects.filter(kind="digest"))
        told = Counter(
            (mail.address_id, mail.frequency, int(number))
            for mail in written
            for number in mail.news
        )
        # Exactly once in each rhythm, and nothing that nobody has a right to.
        assert set(told.values()) <= {1}
        found = {(address, number) for address, _frequency, number in told}
        assert found <= self.rights
        assert self.must <= found
        # All of it left, but for what was no longer wanted; a repeat only where a process died.
        assert {mail.standing for mail in written} <= {"sent", "dropped"}
        gone = Counter(_message_id(mail) for mail in sent_mails.outbox)
        wanted = {mail.message_id for mail in written if mail.standing == "sent"}
        assert wanted <= set(gone)
        assert sum(gone.values()) - len(gone) <= self.crashes


def _kind(thing) -> str:
    return type(thing).__name__.lower()


def _message_id(mail) -> str:
    head = mail.message().as_bytes().split(b"\n\n", 1)[0]
    return head.split(b"Message-ID: <")[1].split(b"@")[0].decode()


@pytest.fixture
def site(world, clock) -> Site:
    return Site(world)


@settings(
    max_examples=300 if os.environ.get("CI") == "true" else 60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a story is seconds of a site's life
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example([("publish", 0, True), ("round", 7), ("publish", 0, True), ("time", 20), ("round", 0)])
@example(
    # What was told every day is not told again when another subscription comes over to that rhythm.
    [
        ("follow", 0, 3, "weekly"),
        ("round", 0),
        ("publish", 0, True),
        ("time", 60 * 24),
        ("round", 0),
        ("change", 3, "daily", "decisions"),
        ("time", 60 * 24),
        ("round", 0),
    ]
)
@given(st.lists(commands, min_size=8, max_size=20))
def test_every_change_reaches_every_reader_once(clock, settings, site, steps):
    start = clock.moment
    sent_mails.outbox.clear()
    with transaction.atomic():
        story = Story(clock, site)
        for command in steps:
            story.run(command)
        story.finish()
        story.check()
        event(f"mails: {min(Mail.objects.count(), 6)}, crashes: {min(story.crashes, 3)}")
        transaction.set_rollback(True)
    clock.moment = start
    directory.forget()
