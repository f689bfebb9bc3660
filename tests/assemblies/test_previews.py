"""What an editor sees of a draft before it is published, in the frame readers will see."""

from datetime import date

import pytest
from django.urls import reverse

from assemblies.models import (
    Act,
    ActAdopts,
    Change,
    Measure,
    MeasureServes,
    Passage,
    Withdrawal,
)
from tests.factories import draft_action, make_recommendation, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = make_world()
    world.asked = make_recommendation(world.cycle, label="3.4")
    return world


@pytest.fixture
def desk(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("admin", password="suites-demo"))
    return client


def drafts(world) -> dict:
    measure = Measure(
        cycle=world.cycle,
        title={"fr": "Ouvrir six guichets"},
        announced_on=date(2024, 5, 15),
        announced_by=world.government,
    )
    measure.serves = [MeasureServes(recommendation=world.asked)]
    act = Act(
        cycle=world.cycle,
        number="2023 V. 76",
        title={"fr": "Un vœu sur les guichets"},
        session_first=date(2023, 3, 1),
        session_last=date(2023, 3, 31),
        council=world.government,
        result="adopted",
    )
    act.adopts = [ActAdopts(recommendation=world.asked)]
    withdrawal = Withdrawal(
        recommendation=world.asked,
        withdrawn_on=date(2024, 6, 1),
        reason={"fr": "Saisie deux fois"},
    )
    passage = Passage(
        recommendation=world.asked,
        words={"fr": "un guichet"},
        body=world.government,
        stated_on=date(2024, 6, 1),
    )
    found = {"measure": measure, "act": act, "withdrawal": withdrawal, "passage": passage}
    for fact in found.values():
        fact.save()
    return {**found, "action": draft_action(world.asked, title={"fr": "Un guichet par quartier"})}


WORDS = {
    "action": "Un guichet par quartier",
    "measure": "Ouvrir six guichets",
    "act": "Un vœu sur les guichets",
    "withdrawal": "Saisie deux fois",
    "passage": '<mark class="segment segment--unanswered">un guichet</mark>',
}


@pytest.mark.parametrize("noun", WORDS)
def test_a_revision_of_a_draft_is_previewed_in_the_public_frame(world, desk, noun):
    fact = drafts(world)[noun]
    revision = fact.save_revision()
    published = Change.objects.count()
    address = reverse(
        type(fact).snippet_viewset.get_url_name("revisions_view"), args=[fact.pk, revision.pk]
    )
    response = desk.get(address)
    assert response.status_code == 200
    text = response.content.decode()
    assert WORDS[noun] in text
    assert 'class="masthead"' in text
    assert Change.objects.count() == published


def test_an_announced_count_has_no_page_and_so_no_preview():
    from assemblies.models import AnnouncedCount

    assert not AnnouncedCount().is_previewable()
