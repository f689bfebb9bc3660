"""The editor's desk: the new edition, the checklist and its links, freezing, who may do what."""

import datetime
from unittest.mock import Mock

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.urls import reverse

from assemblies import directory
from assemblies.history import HistoryError
from assemblies.models import Action, Change, DutyRule
from booklets import drafting, drafts, editions, pdf, tasks
from booklets.checklist import Checklist
from booklets.models import BookletPage, Edition, Erratum, Retraction, Standing
from subscriptions.editions import told
from tests.assemblies.desk import client_of, filled, make_user, page_url
from tests.booklets.books import draft_booklet, freeze, make_book_world, publish
from tests.factories import make_measure, make_recommendation, publish_action
from tests.factories.pages import translate

pytestmark = pytest.mark.django_db


def form_of(desk, address):
    """What a form is filled with when it opens."""
    answer = desk.get(address)
    assert answer.status_code == 200
    return {name: str(value) for name, value in filled(answer).items()}


def url(view, page, *args):
    return reverse(f"booklets_admin:{view}", args=[page.pk, *args])


def test_the_checklist_names_what_is_missing_with_links_and_freezes_all_the_same():
    world = make_book_world(started_on=None)
    asked = make_recommendation(world.cycle, label="4.1", dutch=False)
    measure = make_measure(asked, label="4.1.1")
    page = draft_booklet(world, foreword="")
    desk = client_of(make_user("editor", (world.assembly, "publisher"), language="fr"))
    html = desk.get(url("checklist", page)).content.decode()
    assert "BXL-C1-L1" in html
    assert "BXL-C1-4.1" in html  # late, and not translated
    assert measure.reference in html  # without lead body
    assert page_url(asked.page, "edit") in html
    assert page_url(page, "edit") in html  # the foreword
    listed = Checklist(page.get_latest_revision_as_object())
    sorts = {section.sort for section in listed.sections if section.entries}
    assert sorts >= {"late", "lead", "translation", "foreword"}
    assert all(entry["url"] for section in listed.sections for entry in section.entries)

    answer = desk.post(url("freeze", page))
    assert answer.status_code == 302
    edition = Edition.objects.get()
    gaps = {gap["sort"] for gap in edition.snapshot["gaps"]}
    assert gaps >= {"late", "lead", "translation"}
    # What is missing is said in the booklet.
    assert "Ce qui manque à ce livret" in edition.parts.get(language="fr", slug="").html
    assert desk.post(url("freeze", page), follow=True).status_code == 200
    assert Edition.objects.count() == 1


def test_each_link_of_the_checklist_opens_the_form_that_closes_the_gap():
    world = make_book_world(started_on=None)
    asked = make_recommendation(world.cycle, label="4.1", dutch=False)
    measure = make_measure(asked, label="4.1.1")
    refusal = publish_action(asked, value="rejected", on=datetime.date(2024, 9, 2))
    # What was imported from an older site may lack what the form asks for.
    QuerySet(Action).filter(pk=refusal.pk).update(
        kind="vote", axis="response", value="rejected", reason_text={"fr": " "}
    )
    late = make_recommendation(world.cycle, label="4.2")
    page = draft_booklet(world)
    listed = Checklist(page.get_latest_revision_as_object())
    urls = {
        (section.sort, entry["name"]): entry["url"]
        for section in listed.sections
        for entry in section.entries
    }
    user = make_user("editor", (world.assembly, "publisher"), language="fr")
    desk = client_of(user)

    form = form_of(desk, urls["late", late.reference])
    assert form["kind"] == "response"
    assert form["body"] == str(late.deciding_body_id)
    assert form["targets-0-recommendation"] == str(late.pk)
    rule = DutyRule.objects.get(pk=form["answers"])
    assert "response" in rule.answered_by
    form = form_of(desk, urls["lead", measure.reference])
    assert (form["kind"], form["targets-0-measure"]) == ("lead", str(measure.pk))
    assert page_url(asked.page, "edit") == urls["translation", asked.reference]
    for url_ in urls.values():
        assert desk.get(url_).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_checklist_asks_as_much_whatever_is_missing(number, django_assert_num_queries):
    world = make_book_world()
    for each in range(1, number + 1):
        asked = make_recommendation(world.cycle, label=f"4.{each}", dutch=False)
        make_measure(asked, label=f"4.{each}.1")
    page = draft_booklet(world).get_latest_revision_as_object()
    Checklist(page)
    with django_assert_num_queries(29):
        Checklist(page)


def test_words_that_follow_are_tried_again_and_can_be_made_once_more(
    monkeypatch, django_capture_on_commit_callbacks
):
    world = make_book_world()
    asked = make_recommendation(world.cycle, label="5.1", dutch=False, title="Sans traduction")
    page = draft_booklet(world)
    edition = publish(page)
    translate(asked.page, title="Met vertaling", slug="met-vertaling", verbatim="<p>Wij.</p>")
    desk = client_of(make_user("editor", (world.assembly, "publisher"), language="fr"))
    assert "Ajouter les mots qui existent" in desk.get(url("status", page)).content.decode()

    tries = []

    def fails(*args, **kwargs):
        tries.append(args)
        raise pdf.PdfError("Plus de papier.")

    making = tasks.made_file
    monkeypatch.setattr(tasks, "made_file", fails)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(url("words", page, "nl"))
    layer = edition.layers.get()
    assert len(tries) == tasks.ATTEMPTS
    html = desk.get(url("status", page)).content.decode()
    assert "Plus de papier." in html
    again = url("words_again", page, layer.pk)
    assert again in html
    assert layer.made_at is None

    monkeypatch.setattr(tasks, "made_file", making)
    assert desk.post(again).url == url("status", page)
    layer.refresh_from_db()
    assert layer.made_at
    html = desk.get(url("status", page)).content.decode()
    assert again not in html
    assert "Plus de papier." not in html


def test_with_complete_data_nothing_is_missing():
    world = make_book_world()
    world.cycle_page.title = "Cycle"
    page = draft_booklet(world)
    listed = Checklist(page.get_latest_revision_as_object())
    kinds = {section.sort for section in listed.sections if section.entries}
    assert kinds <= {"late", "translation"}


def test_the_new_edition_takes_over_the_structure_in_all_languages():
    world = make_book_world()
    page = draft_booklet(world, order="lead")
    page.bodies.set([world.administration])
    page.save_revision()
    publish(page)
    desk = client_of(make_user("editor", (world.assembly, "editor"), language="nl"))
    assert desk.get(url("new", page)).status_code == 200
    answer = desk.post(url("new", page))
    new = BookletPage.objects.get(number=2, locale__language_code="fr")
    assert answer.url == page_url(new, "edit")
    assert (new.order, new.title, new.live) == ("lead", "Livret 2", False)
    assert new.period_from == page.closing_on
    assert list(new.bodies.all()) == [world.administration]
    dutch = BookletPage.objects.get(number=2, locale__language_code="nl")
    assert dutch.translation_key == new.translation_key != page.translation_key
    assert dutch.title == "Brochure 2"
    assert drafting.draft(new)["edition"]["previous"]["code"] == "BXL-C1-L1"


def test_a_first_booklet_gets_a_draft_in_each_language_of_the_assembly():
    world = make_book_world()
    page = draft_booklet(world, dutch=False)
    made = drafts.add_languages(page)
    assert [each.locale.language_code for each in made] == ["nl"]
    assert made[0].title == "Opvolgingsbrochure 1"
    assert not drafts.add_languages(page)


def test_who_may_not_publish_does_not_freeze():
    world = make_book_world()
    page = draft_booklet(world)
    editor = client_of(make_user("editor", (world.assembly, "editor"), language="fr"))
    service = client_of(make_user("service", (world.assembly, "service", world.administration)))
    assert editor.get(url("checklist", page)).status_code == 200
    assert editor.post(url("freeze", page)).status_code in (302, 403)
    assert service.get(url("checklist", page)).status_code in (302, 403)
    assert not Edition.objects.exists()


def test_publishing_in_the_form_leads_to_the_checklist_and_keeps_what_was_typed():
    world = make_book_world()
    page = draft_booklet(world)
    desk = client_of(make_user("editor", (world.assembly, "publisher"), language="fr"))
    html = desk.get(page_url(page, "edit")).content.decode()
    assert "Figer…" in html
    data = filled(desk.get(page_url(page, "edit")))
    data |= {"subtitle": "Une phrase.", "action-publish": "1", "chapters-count": "0"}
    answer = desk.post(page_url(page, "edit"), data)
    assert answer.url == url("checklist", page)
    draft = BookletPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.subtitle == "Une phrase."
    assert not Edition.objects.exists()


def test_a_frozen_booklet_is_locked_and_its_desk_says_how_it_stands():
    world = make_book_world()
    page = draft_booklet(world)
    edition = freeze(page)
    desk = client_of(make_user("editor", (world.assembly, "publisher"), language="fr"))
    assert "Figer…" not in desk.get(page_url(page, "edit")).content.decode()
    html = desk.get(url("status", page)).content.decode()
    assert "En préparation" in html
    tasks.say(edition.pk, "PDF en FR")
    assert "PDF en FR" in desk.get(url("status", page)).content.decode()
    Edition.objects.filter(pk=edition.pk).update(standing=Standing.FAILED, problem="Trop plein.")
    assert "Trop plein." in desk.get(url("status", page)).content.decode()


def test_errata_and_withdrawals_are_entered_at_the_desk():
    world = make_book_world()
    page = draft_booklet(world)
    publish(page)
    desk = client_of(make_user("editor", (world.assembly, "publisher"), language="fr"))
    assert desk.post(url("erratum", page), {"text_0": ""}).status_code == 422
    desk.post(url("erratum", page), {"text_0": "Lire six.", "reference": "BXL-C1-3.1"})
    assert Erratum.objects.get().reference == "BXL-C1-3.1"
    assert desk.post(url("withdraw", page), {"reason_0": ""}).status_code == 422
    desk.post(url("withdraw", page), {"reason_0": "Une page manquait."})
    assert Retraction.objects.get().withdrawn_on
    assert desk.get(url("status", page)).status_code == 200


def test_an_erratum_and_a_notice_are_completed_in_the_language_they_lack(monkeypatch):
    world = make_book_world()
    page = draft_booklet(world)
    edition = publish(page)
    desk = client_of(make_user("editor", (world.assembly, "publisher"), language="fr"))
    desk.post(url("erratum", page), {"text_0": "Lire six."})
    row = Erratum.objects.get()
    address = reverse("booklets_admin:erratum_words", args=[page.pk, row.pk])
    assert address in desk.get(url("status", page)).content.decode()
    assert "Lire six." in desk.get(address).content.decode()
    assert desk.post(address, {"nl": ""}).status_code == 422
    last = Change.objects.latest("number").number
    desk.post(address, {"nl": "Lees zes.", "fr": "Lire sept."})
    row.refresh_from_db()
    assert row.text.data == {"fr": "Lire six.", "nl": "Lees zes."}
    assert (
        Change.objects.latest("number").listed == f"booklet:{edition.code}:erratum-words:{row.pk}"
    )
    assert told(Change.objects.filter(number__gt=last)) == {}  # no news
    directory.forget()
    dutch = directory.current().address(edition.translation_key, "nl").url
    answer = Client().get(dutch).content.decode()
    assert "Lees zes." in answer
    assert "Lire six." not in answer
    # Who was slower by a moment is told so, and nothing is written twice.
    with monkeypatch.context() as late:
        late.setattr(editions, "missing_languages", Mock(side_effect=[["nl"], []]))
        assert desk.post(address, {"nl": "Lees acht."}).status_code == 302
    row.refresh_from_db()
    assert row.text.data["nl"] == "Lees zes."
    # Nothing is missing any more, and what is said is not said otherwise.
    assert desk.get(address).status_code == 302
    assert address not in desk.get(url("status", page)).content.decode()
    with pytest.raises(ValidationError):
        editions.say_in(row, {"nl": "Lees zeven."})
    row.text = {"fr": "Lire sept.", "nl": "Lees zes."}
    with pytest.raises(HistoryError):
        row.save()

    desk.post(url("withdraw", page), {"reason_0": "Une page manquait."})
    address = url("withdrawal_words", page)
    assert address in desk.get(url("status", page)).content.decode()
    desk.post(address, {"nl": "Er ontbrak een bladzijde."})
    directory.forget()
    gone = Client().get(dutch)
    assert gone.status_code == 410
    assert "Er ontbrak een bladzijde." in gone.content.decode()
    call_command("check_booklets", verbosity=0)


def test_a_proof_is_made_for_a_whole_or_for_one_body():
    world = make_book_world(2)
    page = draft_booklet(world)
    desk = client_of(make_user("editor", (world.assembly, "editor"), language="fr"))
    caches["progress"].clear()
    for query in ("", f"?language=nl&body={world.administration.slug}"):
        address = f"{url('proof', page)}{query}"
        desk.get(address)
        answer = desk.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert not Edition.objects.exists()


def test_a_preview_is_computed_from_the_facts_of_the_moment():
    world = make_book_world()
    page = draft_booklet(world, closing_on=None)
    page.get_latest_revision_as_object()
    request = RequestFactory().get("/")
    request.user = make_user("x")
    first = page.get_latest_revision_as_object().serve_preview(request, "whole").content.decode()
    publish_action(
        world.cycle.recommendations.get(), value="rejected", on=datetime.date(2025, 2, 3)
    )
    second = page.get_latest_revision_as_object().serve_preview(request, "whole").content.decode()
    assert "Non acceptée le 3\xa0février 2025" in second
    assert "Non acceptée le 3\xa0février 2025" not in first
