"""Files in the admin: out, in, looked at, taken over or thrown away."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.assemblies.desk import client_of, make_user, told
from tests.factories import make_assembly, make_recommendation, make_world, publish_action
from tests.translations.work import (
    begun,
    desk_address,
    file_of,
    line,
    own,
    superuser,
    thing_of,
    translate_all,
)
from translations import po
from translations.models import SILENCE, Delivery
from translations.words import by_language

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def action(world):
    asked = make_recommendation(world.cycle, label="1")
    return publish_action(asked, value="under_study", title={"fr": "Une étape"})


@pytest.fixture
def translator(world):
    return client_of(make_user("vertaler", (world.assembly, "translator")))


SEND = {"assembly": "BXL", "language": "nl"}


def sent(client, content: bytes, name: str = "bxl.po", **where):
    file = SimpleUploadedFile(name, content)
    return client.post(desk_address("send", **{**SEND, **where}), {"file": file}, follow=True)


def good(action) -> bytes:
    return file_of(line(f"action:{action.number}:title", "Une étape", "Een stap"))


def test_the_list_goes_out_as_a_file(translator, action):
    answer = translator.get(desk_address("export", **SEND))
    assert answer["Content-Disposition"] == 'attachment; filename="BXL-nl.po"'
    found = po.read(answer.content, language="nl", assembly="BXL")
    assert (found.troubles, found.empty) == ([], 1)


def test_a_file_is_looked_at_then_taken_over(translator, action):
    answer = sent(translator, good(action))
    delivery = Delivery.objects.get()
    assert answer.redirect_chain[-1][0] == delivery.url
    assert "Een stap" in answer.content.decode()
    action.refresh_from_db()
    assert "nl" not in by_language(action.title)
    seen = answer.context["found"].fingerprint
    answer = translator.post(desk_address("take_over", delivery.pk), {"seen": seen}, follow=True)
    assert "1 text is taken over" in told(answer)
    action.refresh_from_db()
    assert by_language(action.title)["nl"] == "Een stap"
    delivery.refresh_from_db()
    assert (delivery.content, delivery.facts, delivery.pages) == (None, 1, 0)
    answer = translator.post(desk_address("take_over", delivery.pk), {"seen": seen}, follow=True)
    assert "already" in told(answer)


def test_what_was_not_looked_at_is_not_taken_over(translator, action):
    sent(translator, good(action))
    delivery = Delivery.objects.get()
    for seen in ("", "x" * 64):
        answer = translator.post(desk_address("take_over", delivery.pk), {"seen": seen})
        assert answer.status_code == 409
        assert "has changed since you looked" in answer.content.decode()
    action.refresh_from_db()
    assert "nl" not in by_language(action.title)


def test_what_went_stale_meanwhile_says_so(translator, action):
    answer = sent(translator, good(action))
    seen = answer.context["found"].fingerprint
    delivery = Delivery.objects.get()
    client_of(superuser()).post(
        desk_address("write", "action", action.pk, "nl"), {"text-0": "Een andere stap"}
    )
    answer = translator.post(desk_address("take_over", delivery.pk), {"seen": seen})
    assert answer.status_code == 409
    assert "Een andere stap" in answer.content.decode()
    assert translator.get(delivery.url).status_code == 409


def test_a_refused_file_is_not_kept_and_every_reason_is_told(translator, action):
    content = file_of(
        line(f"action:{action.number}:title", "Autre", "Een stap"),
        line("action:99:title", "x", "y"),
    )
    answer = sent(translator, content)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "has changed since" in page
    assert "no such text" in page
    assert f"action:{action.number}:title" in page
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"/etc/passwd", "PO file"),
     (b"<html></html>", "PO file")],
)  # fmt: skip
def test_any_other_file_is_refused_in_a_sentence(translator, content, said):
    answer = sent(translator, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_without_a_file_or_with_a_huge_one_the_form_says_so(translator, monkeypatch):
    answer = translator.post(desk_address("send", **SEND))
    assert answer.status_code == 422
    monkeypatch.setattr(po, "LARGEST", 10)
    answer = sent(translator, b"x" * 11)
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_a_file_that_says_nothing_new_is_not_kept(translator, action):
    answer = sent(translator, file_of(line(f"action:{action.number}:title", "Une étape")))
    assert "nothing to take over" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_file_is_thrown_away(translator, action):
    sent(translator, good(action))
    translator.post(desk_address("drop", Delivery.objects.get().pk))
    assert not Delivery.objects.exists()


def test_what_was_taken_over_is_not_thrown_away(translator, action):
    answer = sent(translator, good(action))
    pk = Delivery.objects.get().pk
    translator.post(desk_address("take_over", pk), {"seen": answer.context["found"].fingerprint})
    translator.post(desk_address("drop", pk))
    assert Delivery.objects.exists()


def test_files_of_another_assembly_are_not_there(world, action):
    make_assembly(world.home, code="PAR", preset="paris")
    sent(client_of(superuser()), good(action))
    paris = client_of(
        make_user("paris", (type(world.assembly).objects.get(code="PAR"), "translator"))
    )
    pk = Delivery.objects.get().pk
    for name, post in (("delivery", False), ("take_over", True), ("drop", True)):
        url = desk_address(name, pk)
        answer = paris.post(url) if post else paris.get(url)
        assert answer.status_code in (302, 404)
    assert Delivery.objects.filter(content__isnull=False).exists()
    assert paris.get(desk_address("export", **SEND)).status_code in (302, 404)


def test_a_file_taken_over_is_kept_no_longer(world):
    common = {
        "language": "nl",
        "file_name": "x.po",
        "size": 1,
        "sent_at": timezone.now(),
    }
    Delivery.objects.create(content=b"x", **common)
    Delivery.objects.create(content=None, taken_at=timezone.now(), **common)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(content=b"x", taken_at=timezone.now(), **common)


# -- one page -------------------------------------------------------------------------------------


@pytest.fixture
def french(world):
    return make_recommendation(world.cycle, label="2", dutch=False, summary="Un résumé.").page


def test_one_page_goes_out_from_the_desk_and_from_its_editor(translator, french):
    row = thing_of(french)[1]
    from_desk = translator.get(desk_address("export_page", "recommendation", row.pk, "nl"))
    translation = begun(french)
    from_editor = translator.get(f"/admin/localize/translate/{translation.pk}/pofile/download/")
    for answer in (from_desk, from_editor):
        found = po.read(answer.content, language="nl", assembly="BXL")
        assert (found.troubles, found.empty) == ([], 3)
        assert answer["Content-Disposition"] == 'attachment; filename="BXL-BXL-C1-2-nl.po"'


def test_one_page_comes_back_through_its_editor(translator, french):
    translation = begun(french)
    url = f"/admin/localize/translate/{translation.pk}/pofile/upload/"
    content = file_of(line("recommendation:BXL-C1-2:summary", "Un résumé.", "Een samenvatting."))
    answer = translator.post(url, {"file": SimpleUploadedFile("x.po", content)}, follow=True)
    delivery = Delivery.objects.get()
    assert answer.redirect_chain[-1][0] == delivery.url
    translator.post(
        desk_address("take_over", delivery.pk), {"seen": answer.context["found"].fingerprint}
    )
    table, row = thing_of(french)
    assert [t.there for t in table.texts(row, "nl") if t.path == "summary"] == ["Een samenvatting."]
    assert not own(french).live
    for bad in ({}, {"file": SimpleUploadedFile("x.po", b"nonsense")}):
        assert translator.post(url, bad).status_code == 422


# -- beginning ------------------------------------------------------------------------------------


def test_one_click_begins_a_page_and_leads_to_its_editor(translator, french):
    row = thing_of(french)[1]
    answer = translator.post(desk_address("begin", "recommendation", row.pk, "nl"))
    assert answer["Location"] == f"/admin/pages/{own(french).pk}/edit/"
    editor = translator.get(answer["Location"]).content.decode()
    assert "pofile/download" in editor


def test_a_whole_cycle_begins_at_once(world, french):
    make_recommendation(world.cycle, label="3", dutch=False)
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    row = thing_of(world.cycle_page)[1]
    answer = publisher.post(
        desk_address("begin", "cycle", row.pk, "nl"), {"branch": "1"}, follow=True
    )
    assert "2 pages are ready" in told(answer)
    assert "1 page has its own version" in told(answer)


def test_a_large_cycle_is_begun_by_the_worker(world, french, monkeypatch, settings):
    from translations.views import pages

    settings.TASKS = {
        **settings.TASKS,
        "background": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    }
    monkeypatch.setattr(pages, "AT_ONCE", 0)
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    row = thing_of(world.cycle_page)[1]
    answer = publisher.post(
        desk_address("begin", "cycle", row.pk, "nl"), {"branch": "1"}, follow=True
    )
    assert "one after the other" in told(answer)
    assert not own(french).live


@pytest.mark.parametrize("name", ["begin", "publish", "confirm"])
def test_a_look_changes_nothing(translator, french, name):
    row = thing_of(french)[1]
    assert translator.get(desk_address(name, "recommendation", row.pk, "nl")).status_code == 405


def test_a_page_in_a_further_language_is_open_to_the_roles_of_its_assembly():
    world = make_world(dutch=False)
    type(world.assembly).objects.update(languages=["fr", "nl"])
    translator = make_user("vertaler", (world.assembly, "translator"))
    begun(world.assembly_page)
    assert own(world.assembly_page).permissions_for_user(translator).can_edit()


def test_complete_pages_are_published_together_and_incomplete_ones_are_not(
    world, french, django_capture_on_commit_callbacks
):
    other = make_recommendation(world.cycle, label="4", dutch=False).page
    for page, but in ((french, ()), (other, ("title",))):
        translate_all(begun(page), but=but)
    keys = [f"recommendation/{thing_of(page)[1].pk}/nl" for page in (french, other)]
    translator = client_of(make_user("vertaler", (world.assembly, "translator")))
    translator.post(desk_address("publish_complete"), {"page": keys})
    assert not own(french).live
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    with django_capture_on_commit_callbacks(execute=True):
        answer = publisher.post(
            desk_address("publish_complete"), {"page": [*keys, "x", "page/x/nl"]}, follow=True
        )
    assert own(french).live
    assert not own(other).live
    assert "1 page is published" in told(answer)
    assert "Not published: 1 of 2" in told(answer)


def test_the_desk_offers_to_begin_a_cycle_whose_own_page_is_there_already(world, french):
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    assert publisher.get(desk_address("desk", **SEND)).context["cycles"] == []
    make_recommendation(world.cycle, label="5", dutch=False)
    offered = publisher.get(desk_address("desk", **SEND)).context["cycles"]
    assert [(each["reference"], each["number"]) for each in offered] == [("BXL-C1", 2)]
    publisher.post(offered[0]["url"], {"branch": "1"})
    assert publisher.get(desk_address("desk", **SEND)).context["cycles"] == []
    editor = client_of(make_user("editor", (world.assembly, "editor")))
    assert editor.get(desk_address("desk", **SEND)).context["cycles"] == []


def test_a_large_file_is_taken_over_by_the_worker(translator, action, monkeypatch, settings):
    from translations.views import files

    settings.TASKS = {
        **settings.TASKS,
        "background": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    }
    monkeypatch.setattr(files, "AT_ONCE", 0)
    answer = sent(translator, good(action))
    pk = Delivery.objects.get().pk
    translator.post(desk_address("take_over", pk), {"seen": "something else"})
    delivery = Delivery.objects.get()
    assert (delivery.refused, delivery.taken_at) == (True, None)
    assert "has changed since you looked" in translator.get(delivery.url).content.decode()
    translator.post(desk_address("take_over", pk), {"seen": answer.context["found"].fingerprint})
    delivery = Delivery.objects.get()
    assert (delivery.content, delivery.facts) == (None, 1)
    action.refresh_from_db()
    assert by_language(action.title)["nl"] == "Een stap"


def test_a_file_under_way_waits_and_is_neither_begun_twice_nor_thrown_away(translator, action):
    answer = sent(translator, good(action))
    delivery = Delivery.objects.get()
    assert Delivery.objects.claim(delivery.pk)
    assert not Delivery.objects.claim(delivery.pk)
    page = translator.get(delivery.url).content.decode()
    assert "renews itself" in page
    assert "Take all of it over" not in page
    seen = answer.context["found"].fingerprint
    translator.post(desk_address("take_over", delivery.pk), {"seen": seen})
    translator.post(desk_address("drop", delivery.pk))
    action.refresh_from_db()
    assert "nl" not in by_language(action.title)
    long_ago = timezone.now() - SILENCE - datetime.timedelta(seconds=1)
    Delivery.objects.update(started_at=long_ago)
    translator.post(desk_address("take_over", delivery.pk), {"seen": seen})
    action.refresh_from_db()
    assert by_language(action.title)["nl"] == "Een stap"
