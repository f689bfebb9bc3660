"""Rounds of digests: each change once, whatever crashes, and whoever else is at it."""

import datetime
from collections import Counter, defaultdict

import pytest
from django.core import mail as sent_mails
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from subscriptions import choices, delivery, rounds
from subscriptions.enums import Ending, Frequency, Running
from subscriptions.models import Mail, Mention, Subscription, Window
from tests.factories import (
    correct,
    follow,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
)

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="1", topics=[make_topic("eau")])


def numbers(email="lea@example.org", **fields) -> list[list[int]]:
    rows = Mail.objects.filter(kind="digest", address__email=email, **fields).order_by("pk")
    return [[int(number) for number in row.news] for row in rows]


def test_one_mail_however_many_subscriptions_match(asked):
    follow(asked)
    follow(asked.topics.get())
    action = publish_action(asked, value="accepted")
    rounds.send_now()
    assert numbers() == [[action.number]]
    assert [len(things) for things in Mail.objects.get().news.values()] == [2]


def test_nothing_new_no_mail(asked):
    follow(asked)
    rounds.send_now()
    publish_action(asked, kind="progress")  # tells, decides nothing
    rounds.send_now()
    assert numbers() == []
    assert Subscription.objects.get().watermark == rounds.matching.last_number()


def test_everything_begins_when_it_is_chosen(asked):
    row = follow(asked)
    publish_action(asked, kind="progress")
    choices.change(row, frequency="weekly", level="all")
    later = publish_action(asked, kind="report", on=D(2024, 6, 1))
    rounds.send_now()
    assert numbers() == [[later.number]]


def test_what_waits_goes_along_to_another_rhythm(asked):
    row = follow(asked)
    action = publish_action(asked, value="accepted")
    choices.change(row, frequency="daily", level="decisions")
    rounds.send_now()
    assert numbers(frequency="daily") == [[action.number]]
    assert numbers(frequency="weekly") == []


def test_a_pause_is_silent_and_what_happened_in_it_stays_on_the_pages(asked):
    row = follow(asked)
    choices.pause([row])
    publish_action(asked, value="accepted")
    rounds.send_now()
    choices.resume([row])
    rounds.send_now()
    assert numbers() == []
    publish_action(asked, value="partial", on=D(2024, 6, 1))
    rounds.send_now()
    assert len(numbers()) == 1


def test_a_correction_is_news(asked):
    follow(asked)
    wrong = publish_action(asked, value="accepted")
    rounds.send_now()
    right = correct(wrong, value="partial")
    rounds.send_now()
    assert numbers() == [[wrong.number], [right.number]]


def test_a_round_is_held_once(asked, clock):
    follow(asked, frequency="daily")
    publish_action(asked, value="accepted")
    rounds.send_due()
    rounds.send_due()
    assert len(numbers()) == 1
    publish_action(asked, value="partial", on=D(2024, 6, 1))
    rounds.send_due()
    assert len(numbers()) == 1
    clock.forward(days=1)
    rounds.send_due()
    assert len(numbers()) == 2
    assert Window.objects.filter(frequency="daily", done_at__isnull=False).count() == 2


def test_weeks_without_a_scheduler_are_one_mail(asked, clock):
    follow(asked)
    rounds.send_due()
    for month in (6, 7, 8):
        publish_action(asked, kind="decision", on=D(2024, month, 1))
        clock.forward(days=7)
    rounds.send_due()
    assert [len(each) for each in numbers()] == [3]


def test_at_once_is_at_most_one_mail_a_quarter_of_an_hour(asked, clock):
    follow(asked, frequency="at_once")
    publish_action(asked, kind="decision", on=D(2024, 6, 1))
    rounds.send_due()
    for month in (7, 8):
        publish_action(asked, kind="decision", on=D(2024, month, 1))
        rounds.send_due()
    assert [len(each) for each in numbers()] == [1]
    clock.forward(minutes=16)
    rounds.send_due()
    assert [len(each) for each in numbers()] == [1, 2]


def test_a_dry_run_says_what_would_go_out_and_writes_nothing(asked, capsys):
    follow(asked)
    publish_action(asked, value="accepted")
    before = Subscription.objects.values("watermark").get()
    call_command("send_digests", dry_run=True)
    said = capsys.readouterr().out
    assert "weekly: 1 mails, 1 things told" in said
    assert "@" not in said
    assert not Mail.objects.exists()
    assert not Mention.objects.exists()
    assert Subscription.objects.values("watermark").get() == before


@pytest.mark.parametrize("number", [1, 3])
def test_a_round_asks_as_much_for_one_reader_as_for_three(asked, django_assert_num_queries, number):
    for place in range(number):
        follow(asked, email=f"{place}@example.org")
    publish_action(asked, value="accepted")
    rounds.matching.catch_up()
    window = rounds.begin("weekly", "2026-W02", rounds.matching.last_number())
    with django_assert_num_queries(11):
        rounds.hold(window)
    assert Mail.objects.count() == number


# -- whatever happens ------------------------------------------------------------------------------


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
    st.tuples(st.just("follow"), st.integers(0, 1), st.integers(0, 2), st.sampled_from(Frequency)),
    st.tuples(
        st.just("change"),
        st.integers(0, 5),
        st.sampled_from(Frequency),
        st.sampled_from(["all", "decisions"]),
    ),
    st.tuples(st.just("end"), st.integers(3, 5)),
    st.tuples(st.just("time"), st.sampled_from([20, 60 * 24, 60 * 24 * 8])),
    st.tuples(st.just("round"), st.integers(0, 40)),
    st.tuples(st.just("deliver"), st.integers(0, 25)),
    st.tuples(st.just("two workers")),
)


class Story:
    """The site, and beside it what every reader is owed, kept by hand."""

    def __init__(self, clock) -> None:
        self.clock = clock
        world = make_world()
        self.topic = make_topic("eau")
        self.asked = [
            make_recommendation(world.cycle, label=str(n), topics=[self.topic], dutch=False)
            for n in (1, 2)
        ]
        self.actions: list = []
        self.day = D(2024, 6, 1)
        #: Key of a subscription → numbers it has still to be told.
        self.owed: dict[int, dict[int, bool]] = defaultdict(dict)
        for person, thing, frequency in ((0, 0, "daily"), (0, 2, "daily"), (1, 2, "at_once")):
            self.follow(person, thing, frequency)
        Subscription.objects.filter(frequency="at_once").update(level="all")
        #: (address, number) that somebody had a right to.
        self.rights: set[tuple[int, int]] = set()
        self.must: set[tuple[int, int]] = set()
        self.crashes = 0

    def rows(self) -> list[Subscription]:
        return list(Subscription.objects.select_related("followed").order_by("pk"))

    def published(self, action, place: int, decides: bool) -> None:
        self.actions.append((action, place, decides))
        for row in self.rows():
            about = row.followed.kind == "topic" or row.followed.key == self.asked[place].pk
            if about and row.standing == Running.ACTIVE and (decides or row.level == "all"):
                self.owed[row.pk][action.number] = decides
                self.rights.add((row.address_id, action.number))

    def publish(self, place: int, decides: bool) -> None:
        self.day += datetime.timedelta(days=1)
        kind = "decision" if decides else "report"
        action = publish_action(self.asked[place], kind=kind, on=self.day)
        self.published(action, place, decides)

    def correct(self, again: bool) -> None:
        if not self.actions:
            return
        action, place, decides = self.actions.pop(-1 if again else 0)
        self.published(correct(action, on=self.day, withdraws=True), place, decides)

    def follow(self, person: int, thing: int, frequency: str) -> None:
        what = self.topic if thing == 2 else self.asked[thing]
        email = PEOPLE[person]
        if not Subscription.objects.filter(
            address__email=email, followed__key=what.pk, followed__kind=_kind(what)
        ).exists():
            follow(what, email=email, frequency=frequency)

    def change(self, place: int, frequency: str, level: str) -> None:
        rows = [row for row in self.rows() if row.standing == Running.ACTIVE]
        if rows:
            row = rows[place % len(rows)]
            choices.change(row, frequency=frequency, level=level)
            if level == "decisions":
                owed = self.owed[row.pk]
                self.owed[row.pk] = {n: decides for n, decides in owed.items() if decides}

    def end(self, place: int) -> None:
        rows = [row for row in self.rows() if row.standing == Running.ACTIVE]
        if rows:
            row = rows[place % len(rows)]
            choices.end(row.address, why=Ending.READER, only={"pk": row.pk})
            self.owed[row.pk] = {}
            # Of what was written and had not left, nothing is owed any more.
            self.must = {
                (address, number) for address, number in self.must if address != row.address_id
            }

    def hold(self, at: int) -> None:
        """A round, broken off at a statement, and perhaps taken up by another scheduler."""
        if at and crashing(at, rounds.send_due):
            self.crashes += 1
        else:
            rounds.send_due()
        self.settle()

    def settle(self) -> None:
        """What a watermark has passed must have been written for its reader."""
        for row in self.rows():
            passed = {n for n in self.owed[row.pk] if n <= row.watermark}
            if row.standing == Running.ACTIVE:
                self.must |= {(row.address_id, n) for n in passed}
            for number in passed:
                del self.owed[row.pk][number]

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
        assert not any(self.owed[row.pk] for row in self.rows() if row.standing == Running.ACTIVE)
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


@settings(
    max_examples=30,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example is a whole site
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example([("publish", 0, True), ("round", 7), ("publish", 0, True), ("time", 20), ("round", 0)])
@given(st.lists(commands, min_size=8, max_size=20))
def test_every_change_reaches_every_reader_once(clock, settings, steps):
    start = clock.moment
    sent_mails.outbox.clear()
    with transaction.atomic():
        story = Story(clock)
        for command in steps:
            story.run(command)
        story.finish()
        story.check()
        event(f"mails: {min(Mail.objects.count(), 6)}, crashes: {min(story.crashes, 3)}")
        transaction.set_rollback(True)
    clock.moment = start
    from assemblies import directory

    directory.forget()


def test_those_due_are_found_through_the_index(asked):
    follow(asked)
    publish_action(asked, value="accepted")
    rounds.matching.catch_up()
    row = Subscription.objects.select_related("followed").get()
    due = Subscription.objects.due("weekly", [(row.followed_id, row.followed.touched)] * 3)
    assert list(due.values_list("pk", flat=True)) == [row.pk]
    if connection.vendor == "sqlite":
        sql, values = due.order_by().values_list("address").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            plan = " ".join(row[-1] for row in cursor.fetchall())
        assert "subscription_due" in plan
        assert "SCAN" not in plan
