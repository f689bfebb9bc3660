"""The registers: one row a thing in all languages, written by its page, identified for good."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Page

from assemblies.history import HistoryError
from assemblies.models import AssemblyPage, Cycle, CyclePage, Recommendation, RecommendationPage
from tests.factories import (
    World,
    make_body,
    make_cycle,
    make_kind,
    make_recommendation,
    make_world,
    translate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def page_of(row: Recommendation) -> RecommendationPage:
    return RecommendationPage.objects.get(pk=row.page_id)


def test_a_translation_has_no_row_of_its_own(world):
    row = make_recommendation(world.cycle, label="3.4", title="Un guichet", dutch="Een loket")
    dutch = page_of(row).get_translations().get().specific
    dutch.title, dutch.label = "Een ander loket", "9"
    dutch.save()
    stored = Recommendation.objects.get()
    assert (stored.page_id, stored.title, stored.label) == (row.page_id, "Un guichet", "3.4")
    assert dutch.register_row() == stored
    page = page_of(row)
    page.title = "Un guichet partout"
    page.save()
    assert Recommendation.objects.get().title == "Un guichet partout"


def test_a_translation_published_before_its_original_registers_nothing(world):
    page = make_recommendation(world.cycle, label="3.4", dutch=False, live=False)
    translate(page)
    assert not Recommendation.objects.exists()
    page.save_revision().publish()
    assert Recommendation.objects.get().page_id == page.pk


def test_numbers_of_the_unlabelled_are_never_used_again(world):
    assert make_recommendation(world.cycle, title="a").reference == "BXL-C1-N1"
    assert make_recommendation(world.cycle, label="N2").reference == "BXL-C1-N2"
    assert make_recommendation(world.cycle, title="b").reference == "BXL-C1-N3"
    assert make_recommendation(world.cycle, title="c").reference == "BXL-C1-N4"
    assert Cycle.objects.get().last_unlabelled == 4


@pytest.mark.parametrize("label", ["3.4 bis", "3.4 BIS", "3.4-Bis"])
def test_a_reference_is_unique_whatever_its_case(world, label):
    make_recommendation(world.cycle, label="3.4 bis", dutch=False)
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        make_recommendation(world.cycle, label=label, slug="other", dutch=False)
    assert Recommendation.objects.get().reference == "BXL-C1-3.4-BIS"
    assert not Page.objects.filter(slug="other").exists()


CHANGES: dict[str, Any] = {
    "label": lambda world: "9",
    "kind": lambda world: make_kind(world.assembly, "voeu", deciding_body=world.government),
    "deciding_body": lambda world: make_body("other"),
    "verbatim": lambda world: "<p>Autre chose.</p>",
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_identifies_a_recommendation_is_frozen(world, name):
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    before = Recommendation.objects.values().get()
    page = page_of(row)
    setattr(page, name, CHANGES[name](world))
    with pytest.raises(ValidationError) as error:
        page.full_clean()
    assert name in error.value.message_dict
    with pytest.raises(ValidationError), transaction.atomic():
        page.save()
    assert Recommendation.objects.values().get() == before
    assert page_of(row).verbatim == row.page.verbatim


def test_a_copy_has_no_label(world):
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    copy = page_of(row).copy(update_attrs={"slug": "copie"}, keep_live=False)
    assert (copy.label, copy.live) == ("", False)
    assert Recommendation.objects.count() == 1
    copy.save_revision().publish()
    copied = Recommendation.objects.get(page_id=copy.pk)
    assert (copied.reference, copied.label) == ("BXL-C1-N1", "")


def test_what_is_published_does_not_move(world):
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    other = make_cycle(world.assembly_page, code="C2")
    page = page_of(row)
    assert not page.can_move_to(other)
    with pytest.raises(HistoryError), transaction.atomic():
        page.move(other, pos="last-child")
    assert page_of(row).get_parent().pk == world.cycle_page.pk
    assert Recommendation.objects.get().cycle_id == world.cycle.pk


def test_a_draft_moves(world):
    page = make_recommendation(world.cycle, label="3.4", dutch=False, live=False)
    other = make_cycle(world.assembly_page, code="C2")
    assert page.can_move_to(other)
    page.move(other, pos="last-child")
    RecommendationPage.objects.get(pk=page.pk).save_revision().publish()
    assert Recommendation.objects.get().reference == "BXL-C2-3.4"


def test_a_scheduled_publication_registers_when_it_goes_live(world):
    from django.core.management import call_command

    page = make_recommendation(world.cycle, label="3.4", dutch=False, live=False)
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    revision = page.save_revision()
    revision.publish()
    assert not RecommendationPage.objects.get(pk=page.pk).live
    assert not Recommendation.objects.exists()
    past = timezone.now() - datetime.timedelta(minutes=1)  # the day comes
    revision.refresh_from_db()
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled")
    assert RecommendationPage.objects.get(pk=page.pk).live
    assert Recommendation.objects.get().reference == "BXL-C1-3.4"


def test_an_alias_does_not_register(world):
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    other = make_cycle(world.assembly_page, code="C2")
    alias = page_of(row).create_alias(parent=other, update_slug="alias")
    assert alias.live
    assert [each.page_id for each in Recommendation.objects.all()] == [row.page_id]
    page = page_of(row)
    page.title = "Un guichet partout"
    page.save_revision().publish()
    assert Recommendation.objects.get().title == "Un guichet partout"


@pytest.mark.parametrize("model", [AssemblyPage, CyclePage])
def test_a_code_is_frozen_once_something_is_published_below(world, model):
    page = model.objects.filter(locale__language_code="fr").get()
    if model is CyclePage:
        page.code = "C7"
        page.save()
        assert Cycle.objects.get().reference == "BXL-C7"
        make_recommendation(Cycle.objects.get(), label="3.4", dutch=False)
    page = model.objects.get(pk=page.pk)
    before = model.register_model.objects.values().get()
    page.code = "NEW"
    with pytest.raises(ValidationError) as error:
        page.full_clean()
    assert "code" in error.value.message_dict
    with pytest.raises(ValidationError), transaction.atomic():
        page.save()
    assert model.register_model.objects.values().get() == before


def test_a_draft_of_another_handover_changes_nothing_until_it_is_published(world):
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    first, other = row.handed_over_on, datetime.date(2023, 9, 1)
    due = row.next_due
    page = CyclePage.objects.get(pk=world.cycle_page.pk)
    page.handed_over_on = other
    page.save_revision()
    assert Cycle.objects.get().handed_over_on == first
    assert CyclePage.objects.get(pk=page.pk).handed_over_on == first
    stored = Recommendation.objects.get()
    assert (stored.handed_over_on, stored.next_due) == (first, due)
    CyclePage.objects.get(pk=page.pk).get_latest_revision().publish()
    assert Cycle.objects.get().handed_over_on == other
    stored = Recommendation.objects.get()
    assert stored.handed_over_on == other
    assert stored.next_due != due
