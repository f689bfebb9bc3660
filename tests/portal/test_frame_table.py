"""The words around every page are on the translators’ desk like any other list."""

import pytest
from django.urls import reverse
from wagtail.models import Site

from assemblies.models import Assembly
from home.models import FooterLink, MenuEntry, SiteFrame
from tests.assemblies.desk import client_of, make_user
from tests.factories import make_world, text_of
from tests.translations.work import desk_address, names, superuser
from translations import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def frame():
    world = make_world()
    row = SiteFrame(site=Site.objects.get(), footer_text={"fr": "Publié par la Région.", "nl": ""})
    row.menu_entries = [MenuEntry(label={"fr": "La loterie"}, page=world.assembly_page)]
    row.footer_links = [
        FooterLink(label={"fr": "Nous", "nl": "Wij"}, address="https://example.org/")
    ]
    row.save()
    return row


def shared(world):
    found = desk.tallies([world], shared=True)
    return next(each for each in found if each.assembly is None and each.language == "nl")


def listed(state=""):
    return desk.listed(shared(Assembly.objects.get()), superuser(), kind="lists", state=state)


def test_words_around_every_page_come_first_and_are_written_there(client, frame):
    entry = listed()[0]
    assert names([entry]) == [f"frame:{frame.pk}"]
    assert len(entry.missing) == 2
    address = desk_address("write", "frame", frame.pk, "nl")
    editor = client_of(superuser())
    texts = editor.get(address).context["texts"]
    assert [each.original for each in texts if each.open] == ["Publié par la Région.", "La loterie"]
    said = {"text-0": "Uitgegeven door het Gewest.", "text-1": "De loting"}
    assert editor.post(address, said).status_code == 302
    assert names(listed()) == []
    dutch = text_of(client.get("/nl/"))
    assert "Uitgegeven door het Gewest." in dutch
    assert "De loting" in dutch


def test_a_reworded_menu_entry_leaves_its_dutch_outdated(frame):
    frame = SiteFrame.objects.get()
    frame.footer_text = ""
    frame.menu_entries = []
    frame.save()
    link = frame.footer_links.get()
    link.label = {"fr": "Qui nous sommes", "nl": "Wij"}
    link.save()
    assert names(listed("outdated")) == [f"frame:{frame.pk}"]


def test_only_who_may_change_the_frame_writes_its_words(frame):
    translator = client_of(make_user("vertaler", (Assembly.objects.get(), "translator")))
    answer = translator.get(desk_address("write", "frame", frame.pk, "nl"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("wagtailadmin_home")
