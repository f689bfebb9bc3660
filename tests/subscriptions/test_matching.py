"""What a change is about, and what is new for a subscription."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from assemblies import directory
from assemblies.models import Body, Topic
from subscriptions import digests, matching
from subscriptions.digests import Found, Reader
from subscriptions.models import Mention
from tests.factories import (
    correct,
    follow,
    make_act,
    make_body,
    make_followed,
    make_group,
    make_measure,
    make_recommendation,
    make_topic,
    publish_action,
    withdraw,
)

D = datetime.date


def mentioned() -> set[str]:
    """The codes of the things that the last change was about."""
    matching.catch_up()
    last = matching.last_number()
    return {each.followed.code for each in Mention.objects.filter(number=last)}


@pytest.fixture
def things(world):
    """A recommendation with a topic and a measure, and somebody who follows everything."""
    topic = make_topic("eau")
    asked = make_recommendation(world.cycle, label="1", topics=[topic])
    other = make_recommendation(world.cycle, label="2")
    measure = make_measure(asked, label="1.1", lead=world.administration)
    every = [topic, asked, other, measure, world.cycle, world.cycle.assembly, world.government]
    for thing in [*every, world.administration, world.committee]:
        follow(thing)
    return {
        "topic": topic,
        "asked": asked,
        "other": other,
        "measure": measure,
        "every": every,
    }


pytestmark = pytest.mark.django_db


def code(thing) -> str:
    return make_followed(thing).code


def test_a_step_is_about_what_it_aims_at_and_what_that_belongs_to(world, things):
    publish_action(things["asked"], value="accepted", body=world.government)
    assert mentioned() == {
        code(things["asked"]),
        code(things["topic"]),
        code(world.cycle),
        code(world.cycle.assembly),
        code(world.government),
    }


def test_a_step_on_a_measure_is_about_the_recommendations_it_serves(world, things):
    publish_action(
        things["measure"], value="under_way", on=D(2024, 6, 1), body=world.administration
    )
    assert mentioned() == {
        code(each)
        for each in (
            things["measure"],
            things["asked"],
            things["topic"],
            world.cycle,
            world.cycle.assembly,
            world.administration,
        )
    }


def test_a_step_on_the_whole_is_about_no_single_recommendation(world, things):
    publish_action(cycle=world.cycle, kind="meeting", body=world.committee)
    whole = {code(world.cycle), code(world.cycle.assembly), code(world.committee)}
    assert mentioned() == whole
    group = make_group(world.cycle, "Rénover", label="3")
    publish_action(group=group, kind="meeting", body=world.committee)
    assert mentioned() == whole


def test_a_correction_is_about_what_it_corrects_as_well(world, things):
    wrong = publish_action(things["asked"], value="accepted")
    correct(wrong, things["other"], value="accepted")
    assert {code(things["asked"]), code(things["topic"]), code(things["other"])} <= mentioned()


def test_a_vote_a_withdrawal_a_measure_and_a_recommendation_are_news(world, things):
    make_act(things["asked"], council=world.government)
    assert code(things["asked"]) in mentioned()
    withdraw(things["other"])
    assert mentioned() == {
        code(each) for each in (things["other"], world.cycle, world.cycle.assembly)
    }
    make_recommendation(world.cycle, label="3", topics=[things["topic"]], dutch=False)
    assert code(things["topic"]) in mentioned()


@pytest.mark.parametrize(
    ("fields", "decides"),
    [
        ({"value": "accepted"}, True),
        ({"value": "under_study"}, True),
        ({"value": "to_clarify"}, True),
        ({"kind": "decision"}, True),
        ({"kind": "end"}, True),
        ({"kind": "progress"}, False),
        ({"kind": "meeting"}, False),
        ({"kind": "report"}, False),
    ],
)
def test_what_decides(world, things, fields, decides):
    action = publish_action(things["asked"], **fields)
    assert matching.decides(action) is decides
    assert matching.decides(correct(action)) is decides


@pytest.mark.parametrize(("value", "decides"), [("delivered", True), ("under_way", False)])
def test_what_delivers(things, value, decides):
    assert matching.decides(publish_action(things["measure"], value=value)) is decides


def test_a_topic_that_comes_later_brings_no_old_steps(world, things):
    publish_action(things["asked"], value="accepted")
    matching.catch_up()
    late = make_topic("sol")
    followed = follow(late).followed
    page = things["asked"].page
    page.topics.add(late)
    page.save()
    matching.catch_up()
    assert not Mention.objects.filter(followed=followed).exists()
    publish_action(things["asked"], value="partial", on=D(2024, 6, 1))
    matching.catch_up()
    assert Mention.objects.filter(followed=followed).count() == 1


def test_each_change_is_matched_once(things):
    publish_action(things["asked"], value="accepted")
    first = matching.catch_up()
    number = Mention.objects.count()
    assert matching.catch_up() == first == matching.last_number()
    assert Mention.objects.count() == number


@pytest.mark.parametrize("number", [1, 3])
def test_matching_asks_as_much_for_one_step_as_for_three(things, number):
    matching.catch_up()
    for place in range(number):
        publish_action(things["measure"], on=D(2024, 6, 1 + place))
    directory.current()
    with CaptureQueriesContext(connection) as asked:
        matching.catch_up()
    assert len(asked) == 18, [query["sql"][:90] for query in asked]


# -- what becomes of the things themselves ------------------------------------------------------


def test_a_thing_that_is_renamed_or_succeeded_or_gone_says_so_once(world):
    topic, body, gone = make_topic("eau"), make_body("logement"), make_topic("sol")
    rows = {each.pk: follow(each).followed for each in (topic, body)}
    lost = follow(gone).followed
    Topic.objects.get(pk=topic.pk)
    topic.name = {"fr": "L’eau", "nl": "Water"}
    topic.save()
    matching.catch_up()
    assert Mention.objects.get(followed=rows[topic.pk]).note["what"] == "renamed"
    topic.save()
    body = Body.objects.get(pk=body.pk)
    body.successor = make_body("habitat")
    body.save()
    gone.delete()
    matching.catch_up()
    said = {
        each.followed.kind: each.note.get("what") for each in Mention.objects.order_by("number")
    }
    assert said["body"] == "succeeded"
    assert Mention.objects.get(followed=lost).note["what"] == "gone"
    before = Mention.objects.count()
    make_topic("air")
    matching.catch_up()
    assert Mention.objects.count() == before


def test_a_name_in_another_language_is_no_other_name(world):
    topic = make_topic("eau", name={"fr": "Eau"})
    follow(topic)
    topic.name = {"fr": "Eau", "nl": "Water"}
    topic.save()
    matching.catch_up()
    assert not Mention.objects.exists()


# -- the pure core ---------------------------------------------------------------------------------

readers = st.builds(
    Reader,
    followed=st.integers(1, 3),
    level=st.sampled_from(["all", "decisions"]),
    watermark=st.integers(0, 12),
    everything_from=st.integers(0, 12),
)
finds = st.builds(
    Found, followed=st.integers(1, 3), number=st.integers(1, 12), decides=st.booleans()
)


@given(st.lists(readers, max_size=5), st.lists(finds, max_size=12), st.integers(0, 13))
def test_news_is_what_some_subscription_has_not_been_told(rows, found, upto):
    told = digests.news(rows, found, upto)
    assert list(told) == sorted(told)
    for number, things in told.items():
        assert number <= upto
        assert things == sorted(set(things))
    wanted = {
        (each.number, each.followed)
        for each in found
        for row in rows
        if row.followed == each.followed
        and row.watermark < each.number <= upto
        and (each.decides or (row.level == "all" and each.number > row.everything_from))
    }
    assert {(number, thing) for number, some in told.items() for thing in some} == wanted
