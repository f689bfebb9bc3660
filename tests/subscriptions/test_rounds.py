"""Rounds of digests: each change once, whatever crashes, and whoever else is at it."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection

from subscriptions import choices, rounds
from subscriptions.models import Mail, Mention, Subscription, Window
from tests.factories import (
    correct,
    follow,
    make_recommendation,
    make_topic,
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
