"""The change log: numbers without a gap, one signal, and both undone with what they tell of."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import Page

from assemblies import history
from assemblies.models import (
    Action,
    Change,
    Measure,
    Recommendation,
    RecommendationPage,
    StateSpan,
)
from assemblies.signals import changes_recorded
from tests.factories import (
    correct,
    draft_action,
    make_act,
    make_body,
    make_count,
    make_group,
    make_kind,
    make_measure,
    make_recommendation,
    make_regime,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db


class Heard(list):
    """What the signal said, and whether it was said within a transaction."""

    def __call__(self, sender: Any, numbers: list[int], **kwargs: Any) -> None:
        assert connection.in_atomic_block
        assert connection.savepoint_ids, "not within the transaction of the publication"
        rows = Change.objects.filter(pk__in=numbers)
        assert [row.pk for row in rows] == list(numbers)
        self.append((sender, list(numbers)))


@pytest.fixture
def heard() -> Iterator[Heard]:
    receiver = Heard()
    changes_recorded.connect(receiver)
    yield receiver
    changes_recorded.disconnect(receiver)


class Broken(Exception):
    """An upper room failed."""


def breaks(sender: Any, numbers: list[int], **kwargs: Any) -> None:
    raise Broken


def numbers() -> list[int]:
    return list(Change.objects.order_by("number").values_list("number", flat=True))


def last() -> int:
    return numbers()[-1]


def test_numbers_follow_each_other_from_the_first():
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    make_measure(asked, lead=world.administration)
    make_act(asked)
    make_count(world.cycle)
    correct(publish_action(asked, value="partial"))
    draft_action(asked)
    withdraw(asked)
    assert numbers() == list(range(1, len(numbers()) + 1))
    moments = list(Change.objects.order_by("number").values_list("moment", flat=True))
    assert moments == sorted(moments)


def test_each_publication_has_the_next_number_and_a_draft_none():
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    before = last()
    draft = draft_action(asked)
    draft.title = {"fr": "Autrement dit"}
    draft.save()
    assert last() == before
    assert draft.number is None
    assert [publish_action(asked).number for _ in range(3)] == [before + n for n in (1, 2, 3)]
    draft.live = True
    draft.save()
    assert draft.number == before + 4 == last()
    change = Change.objects.get(pk=draft.number)
    assert (change.subject, change.kind) == (draft, "published")
    assert change.fingerprint == history.fingerprint(history.content(draft))


def test_a_deleted_draft_leaves_no_gap():
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    before = last()
    draft_action(asked).delete()
    assert publish_action(asked).number == before + 1


def test_a_measure_with_a_lead_takes_two_numbers_in_order():
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    before = last()
    measure = make_measure(asked, lead=world.administration)
    first, second = Change.objects.filter(number__gt=before)
    assert (first.subject, first.number) == (measure, before + 1)
    assert (second.action.kind, second.action.number) == ("lead", before + 2)


def test_an_act_and_the_vote_that_it_is():
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    before = last()
    act = make_act(asked)
    first, second = Change.objects.filter(number__gt=before)
    assert (first.subject, second.action.act, second.action.number) == (act, act, before + 2)


# -- a receiver that breaks ---------------------------------------------------------------------


@pytest.fixture
def broken_room() -> Iterator[None]:
    changes_recorded.connect(breaks)
    yield
    changes_recorded.disconnect(breaks)


def failing(attempt: Any) -> None:
    """The attempt founders on an upper room."""
    changes_recorded.connect(breaks)
    try:
        with pytest.raises(Broken):
            attempt()
    finally:
        changes_recorded.disconnect(breaks)


def state_of(asked: Recommendation) -> tuple[Any, ...]:
    return (
        Recommendation.objects.filter(pk=asked.pk).values().get(),
        list(StateSpan.objects.order_by("pk").values()),
        numbers(),
    )


def test_a_failing_room_undoes_an_action():
    asked = make_recommendation(make_world().cycle, label="1")
    before = state_of(asked)
    failing(lambda: publish_action(asked, value="partial"))
    assert state_of(asked) == before
    assert not Action.objects.exists()
    action = publish_action(asked, value="partial")
    assert action.number == before[2][-1] + 1
    assert Recommendation.objects.get(pk=asked.pk).response == "partial"


def test_a_failing_room_leaves_a_draft_a_draft():
    asked = make_recommendation(make_world().cycle, label="1")
    draft = draft_action(asked, value="partial")
    revision = draft.save_revision()
    before = state_of(asked)
    failing(revision.publish)
    stored = Action.objects.get(pk=draft.pk)
    assert (stored.live, stored.number, stored.first_published_at) == (False, None, None)
    assert state_of(asked) == before
    Action.objects.get(pk=draft.pk).latest_revision.publish()
    assert Action.objects.get(pk=draft.pk).number == before[2][-1] + 1


def test_a_failing_room_undoes_a_measure_and_its_lead():
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    before = numbers()

    def breaks_at_the_second(sender: Any, numbers: list[int], **kwargs: Any) -> None:
        if numbers[-1] == before[-1] + 2:
            raise Broken

    changes_recorded.connect(breaks_at_the_second)
    try:
        with pytest.raises(Broken):
            make_measure(asked, lead=world.administration)
    finally:
        changes_recorded.disconnect(breaks_at_the_second)
    assert not Measure.objects.exists()
    assert not Action.objects.exists()
    assert numbers() == before
    measure = make_measure(asked, lead=world.administration)
    assert (measure.lead, last()) == (world.administration, before[-1] + 2)


def test_a_failing_room_undoes_a_page_and_its_register_row():
    world = make_world()
    before = numbers()
    failing(lambda: make_recommendation(world.cycle, label="3.4"))
    assert not Recommendation.objects.exists()
    assert not RecommendationPage.objects.exists()
    assert not Page.objects.filter(slug="3-4").exists()
    assert numbers() == before
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    assert (row.reference, last()) == ("BXL-C1-3.4", before[-1] + 1)


def test_a_failing_room_leaves_a_draft_page_a_draft():
    world = make_world()
    page = make_recommendation(world.cycle, dutch=False, live=False)
    revision = page.save_revision()
    before = numbers()
    failing(revision.publish)
    stored = RecommendationPage.objects.get(pk=page.pk)
    assert (stored.live, stored.first_published_at) == (False, None)
    assert not Recommendation.objects.exists()
    world.cycle.refresh_from_db()
    assert (world.cycle.last_unlabelled, numbers()) == (0, before)
    RecommendationPage.objects.get(pk=page.pk).latest_revision.publish()
    row = Recommendation.objects.get()
    assert (row.reference, last()) == ("BXL-C1-N1", before[-1] + 1)


def test_a_failing_room_undoes_added_words():
    asked = make_recommendation(make_world().cycle, label="1")
    action = publish_action(asked, dutch=False)
    before = numbers()

    def add() -> None:
        again = Action.objects.get(pk=action.pk)
        again.title = {"fr": "Étape", "nl": "Stap"}
        again.save()

    failing(add)
    assert Action.objects.get(pk=action.pk).title.data == {"fr": "Étape"}
    assert numbers() == before
    add()
    assert (last(), Change.objects.get(pk=last()).kind) == (before[-1] + 1, "words")


def test_a_failing_room_undoes_a_withdrawal():
    asked = make_recommendation(make_world().cycle, label="1")
    failing(lambda: withdraw(asked))
    assert Recommendation.objects.get(pk=asked.pk).withdrawn_on is None
    assert not asked.withdrawals.exists()


def test_a_failing_room_undoes_a_list(broken_room):
    with pytest.raises(Broken):
        make_topic("housing")
    assert not Change.objects.exists()
    from assemblies.models import Topic

    assert not Topic.objects.exists()


# -- the signal ---------------------------------------------------------------------------------


def test_the_signal_is_sent_within_the_transaction_with_the_numbers(heard):
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    heard.clear()
    action = publish_action(asked, value="partial")
    assert heard == [(Change, [action.number])]
    heard.clear()
    draft_action(asked, value="rejected")
    assert heard == []
    before = last()
    make_measure(asked, lead=world.administration)
    assert heard == [(Change, [before + 1]), (Change, [before + 2])]


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_later_takes_its_number_back(django_db_serialized_rollback):
    """The signal comes before the commit: whoever undoes the whole gives the number back."""
    before = numbers()[-1:] or [0]

    def undone() -> None:
        with transaction.atomic():
            make_topic("housing")
            assert last() == before[0] + 1
            raise Broken

    with pytest.raises(Broken):
        undone()
    assert (numbers()[-1:] or [0]) == before
    make_topic("housing")
    assert last() == before[0] + 1


# -- lists --------------------------------------------------------------------------------------


def listed_since(number: int) -> list[str]:
    rows = Change.objects.filter(number__gt=number, kind="listed").order_by("number")
    return list(rows.values_list("listed", flat=True))


def test_changes_of_lists_are_logged():
    world = make_world()
    body, topic = make_body("roads"), make_topic("housing")
    kind, group = make_kind(world.assembly, "voeu"), make_group(world.cycle)
    things = {
        "body": body,
        "topic": topic,
        "recommendationkind": kind,
        "group": group,
        "regime": make_regime(),
    }
    for name, thing in things.items():
        before = last()
        thing.save()
        assert listed_since(before) == [f"{name}:{thing.pk}"]
        change = Change.objects.get(number=before + 1)
        assert change.subject is None


@pytest.mark.parametrize("make", [lambda: make_body("roads"), lambda: make_topic("housing")])
def test_a_new_and_a_deleted_entry_of_a_list_are_logged(heard, make):
    thing = make()
    name, pk = thing._meta.model_name, thing.pk
    assert listed_since(0) == [f"{name}:{pk}"]
    thing.delete()
    assert listed_since(0) == [f"{name}:{pk}"] * 2
    assert heard == [(Change, [1]), (Change, [2])]


def test_a_group_is_logged_with_the_groups_below_it():
    world = make_world()
    above = make_group(world.cycle, label="1")
    below = make_group(world.cycle, label="1.1", parent=above)
    before = last()
    above.label = "2"
    above.save()
    assert sorted(listed_since(before)) == sorted([f"group:{above.pk}", f"group:{below.pk}"])


def test_the_log_is_never_rewritten():
    make_topic("housing")
    change = Change.objects.get()
    for attempt in (
        change.delete,
        change.save,
        Change.objects.all().delete,
        lambda: Change.objects.update(kind="words"),
    ):
        with pytest.raises(history.HistoryError), transaction.atomic():
            attempt()
    assert Change.objects.get().kind == "listed"
