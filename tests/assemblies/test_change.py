"""The change log: numbers without a gap, in the order of publication; all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assemblies import audit, clock, history, projection
from assemblies.models import (
    FACTS,
    Action,
    ActionTarget,
    Body,
    Change,
    Measure,
    Recommendation,
    RecommendationPage,
    Source,
    StateSpan,
    Topic,
)
from assemblies.models.change import SUBJECTS, next_number
from assemblies.signals import changes_recorded
from tests.factories import (
    correct,
    draft_action,
    make_act,
    make_body,
    make_count,
    make_cycle,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="1")


@contextmanager
def listening(receiver: Any) -> Iterator[None]:
    changes_recorded.connect(receiver, weak=False, dispatch_uid="test")
    try:
        yield
    finally:
        changes_recorded.disconnect(dispatch_uid="test")


def numbers() -> list[int]:
    return list(Change.objects.order_by("number").values_list("number", flat=True))


# -- numbers ------------------------------------------------------------------------------------


def test_numbers_have_no_gap_and_follow_the_order_of_publication(world, asked):
    before = next_number()
    facts = [
        publish_action(asked, value="partial"),
        make_measure(asked, label="1.1", lead=world.administration),
        make_act(asked),
        make_count(world.cycle),
        withdraw(asked),
    ]
    facts.append(correct(facts[0]))
    assert numbers() == list(range(1, next_number()))
    published = [
        Change.objects.get(**{fact.subject_name: fact}, kind="published").number for fact in facts
    ]
    assert published == sorted(published)
    # A measure with a lead body and an act bring an action with them, numbered after them.
    assert published == [before, before + 1, before + 3, before + 5, before + 6, before + 7]
    log = Change.objects.filter(number__gte=before)
    assert [change.subject.subject_name for change in log] == [
        "action",
        "measure",
        "action",
        "act",
        "action",
        "announcedcount",
        "withdrawal",
        "action",
    ]
    moments = [change.moment for change in Change.objects.order_by("number")]
    assert moments == sorted(moments)


def test_an_action_bears_the_number_of_its_publication(asked):
    for _time in range(3):
        action = publish_action(asked)
        assert action.number == Change.objects.get(action=action).number
    assert draft_action(asked).number is None


def test_a_row_of_the_log_holds_the_fingerprint_of_what_was_said(asked):
    action = Action.objects.get(pk=publish_action(asked, value="partial").pk)
    change = Change.objects.get(action=action)
    assert change.fingerprint == history.fingerprint(history.content(action))
    assert timezone.localtime(change.moment).date() == clock.today()
    assert str(change) == f"n°\N{NO-BREAK SPACE}{change.number}"
    assert list(audit.findings()) == []


def test_drafts_and_their_revisions_are_not_in_the_log(asked):
    before = next_number()
    draft = draft_action(asked, value="rejected")
    draft.save_revision()
    draft.title = {"fr": "Autre"}
    draft.save()
    page = make_recommendation(asked.cycle, label="2", live=False, dutch=False)
    page.save_revision()
    assert next_number() == before


def test_a_page_is_noted_each_time_it_is_published_in_either_language(asked):
    page = RecommendationPage.objects.get(pk=asked.page_id)
    before = next_number()
    page.save_revision().publish()
    dutch = page.get_translations().get()
    dutch.save_revision().publish()
    log = Change.objects.filter(number__gte=before)
    assert [(change.kind, change.recommendation_id) for change in log] == [
        ("revised", asked.pk),
        ("revised", asked.pk),
    ]


@pytest.mark.parametrize("change", ["save", "delete"])
@pytest.mark.parametrize("model", [Body, Topic])
def test_a_list_is_noted_when_it_changes(world, model, change):
    row = (make_body if model is Body else make_topic)("parks")
    key, before = row.pk, next_number()
    getattr(row, change)()
    noted = Change.objects.get(number=before)
    assert (noted.kind, noted.listed, noted.subject) == (
        "listed",
        f"{model._meta.model_name}:{key}",
        None,
    )


def test_every_fact_has_a_column_in_the_log():
    assert {model._meta.model_name for model in FACTS} < set(SUBJECTS)


# -- the signal ---------------------------------------------------------------------------------


def test_the_signal_comes_inside_the_transaction_with_the_numbers(asked):
    heard: list[tuple[Any, ...]] = []

    def receiver(sender, numbers, **kwargs):
        heard.append((sender, numbers, connection.in_atomic_block, connection.savepoint_ids[:]))
        assert Change.objects.filter(number__in=numbers).count() == len(numbers)

    with listening(receiver):
        outside = connection.savepoint_ids[:]
        action = publish_action(asked)
    assert [each[:3] for each in heard] == [(Change, [action.number], True)]
    # … of the publication itself: deeper than the test's own.
    assert len(heard[0][3]) > len(outside)


def test_no_signal_for_a_draft(asked):
    heard: list[Any] = []
    with listening(lambda **kwargs: heard.append(kwargs)):
        draft_action(asked)
        make_recommendation(asked.cycle, label="2", live=False, dutch=False)
    assert heard == []


# -- all or nothing -----------------------------------------------------------------------------


class Refused(Exception):
    pass


def refuse(*args: Any, **kwargs: Any) -> None:
    raise Refused


def nothing_left(world, asked) -> Any:
    """What would be left of a publication that failed half-way."""
    return (
        numbers(),
        {model: list(model._base_manager.filter(live=True).order_by("pk")) for model in FACTS},
        list(Recommendation.objects.order_by("pk").values()),
        list(StateSpan.objects.values()),
        list(RecommendationPage.objects.filter(live=True).values_list("pk", flat=True)),
        list(type(world.cycle).objects.values()),
    )


def publish_draft_action(asked):
    draft = draft_action(asked, value="rejected")
    draft.save_revision().publish()


def publish_draft_measure(asked):
    measure = make_measure(asked, label="1.1", lead=make_body("housing"), live=False)
    measure.save_revision().publish()


def publish_draft_page(asked):
    page = make_recommendation(asked.cycle, live=False, dutch=False, title="Sans numéro")
    page.save_revision().publish()


def publish_draft_cycle(asked):
    make_cycle(asked.cycle.assembly.page, code="C9", dutch=False)


PUBLICATIONS = {
    "action": publish_draft_action,
    "measure": publish_draft_measure,
    "act": lambda asked: make_act(asked),
    "announced count": lambda asked: make_count(asked.cycle),
    "withdrawal": lambda asked: withdraw(asked),
    "recommendation": publish_draft_page,
    "cycle": publish_draft_cycle,
    "revised page": lambda asked: RecommendationPage.objects.get(pk=asked.page_id).save(),
}


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_a_receiver_that_fails_undoes_the_whole_publication(world, asked, publication):
    before = nothing_left(world, asked)
    with listening(refuse), pytest.raises(Refused):
        PUBLICATIONS[publication](asked)
    assert nothing_left(world, asked) == before
    after = publish_action(asked)
    assert after.number == before[0][-1] + 1
    assert numbers() == list(range(1, after.number + 1))
    assert list(audit.findings()) == []


@pytest.mark.parametrize("publication", ["action", "measure", "act", "recommendation"])
def test_a_projection_that_fails_undoes_the_whole_publication(
    world, asked, publication, monkeypatch
):
    before = nothing_left(world, asked)
    with monkeypatch.context() as patch:
        patch.setattr(projection, "_write_spans", refuse)
        with pytest.raises(Refused):
            PUBLICATIONS[publication](asked)
    assert nothing_left(world, asked) == before
    assert publish_action(asked).number == before[0][-1] + 1


def test_an_action_that_fails_undoes_the_measure_or_act_it_belongs_to(world, asked, monkeypatch):
    before = nothing_left(world, asked)
    with monkeypatch.context() as patch:
        patch.setattr(Action, "after_publication", refuse)
        for publication in (publish_draft_measure, make_act):
            with pytest.raises(Refused):
                publication(asked)
            assert nothing_left(world, asked) == before


@pytest.mark.parametrize("step", ["before_register", "after_register"])
def test_a_page_that_fails_to_register_is_not_live(world, asked, monkeypatch, step):
    page = make_recommendation(world.cycle, live=False, dutch=False, title="Sans numéro")
    revision = page.save_revision()
    before = nothing_left(world, asked)
    with monkeypatch.context() as patch:
        patch.setattr(RecommendationPage, step, refuse)
        with pytest.raises(Refused):
            revision.publish()
    assert nothing_left(world, asked) == before
    assert not RecommendationPage.objects.get(pk=page.pk).live
    revision.publish()
    assert Recommendation.objects.get(page=page).reference == "BXL-C1-N1"


def test_a_page_that_can_not_be_written_leaves_no_register_row(world, asked, monkeypatch):
    page = make_recommendation(world.cycle, label="2", live=False, dutch=False)
    before = nothing_left(world, asked)
    with monkeypatch.context() as patch:
        patch.setattr("wagtail.models.Page.save", refuse)
        page.live = True
        with pytest.raises(Refused):
            page.save()
    assert nothing_left(world, asked) == before


def test_what_is_undone_from_outside_takes_its_number_along(asked):
    number = next_number()
    with transaction.atomic():
        assert publish_action(asked).number == number
        transaction.set_rollback(True)
    assert publish_action(asked).number == number


def test_children_are_undone_with_their_fact(asked, monkeypatch):
    """The rows of an action are written before its number: they must go too."""
    rows = ActionTarget.objects.count(), Source.objects.count()
    with listening(refuse), pytest.raises(Refused):
        publish_action(asked, value="delivered")
    assert (ActionTarget.objects.count(), Source.objects.count()) == rows
    assert not Measure.objects.exists()
