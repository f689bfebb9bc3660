"""What the database holds of the frame and of messages, tried both ways."""

from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Site

from home.models import (
    AssemblyContact,
    ContactMessage,
    FooterLink,
    MenuEntry,
    SiteFrame,
)
from tests.factories import make_world
from tests.kept import is_kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return make_world()


@pytest.fixture
def frame(world: Any) -> SiteFrame:
    return SiteFrame.objects.create(site=Site.objects.get())


@pytest.mark.parametrize("model", [MenuEntry, FooterLink])
def test_a_link_leads_to_a_page_or_to_an_address(world, frame, model):
    page = world.home
    address = "https://example.org/"
    for given, kept in (
        ({"page": page}, True),
        ({"address": address}, True),
        ({"page": page, "address": address}, False),
        ({}, False),
    ):
        assert is_kept(model(frame=frame, label="Aide", **given)) is kept, given


def test_an_assembly_has_one_contact(world, frame):
    def contact(address: str) -> AssemblyContact:
        return AssemblyContact(frame=frame, assembly=world.assembly, address=address)

    assert is_kept(contact("a@example.org"))
    assert not is_kept(contact("b@example.org"))


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({}, True),
        ({"kind": "praise"}, False),
        ({"sent_at": timezone.now()}, False),
        ({"sent_at": timezone.now(), "sent_to": "a@example.org"}, True),
    ],
)
def test_a_message_is_of_a_known_kind_and_sent_to_somebody(values, kept):
    given = {"kind": "question", "text": "?", "language": "fr", "received_at": timezone.now()}
    assert is_kept(ContactMessage(**{**given, **values})) is kept
