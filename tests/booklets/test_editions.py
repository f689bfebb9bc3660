"""An edition is written once: nothing behind it changes it, and no half edition is ever public."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client

from assemblies import directory
from assemblies.history import HistoryError
from assemblies.models import Body, Change, Recommendation, Topic
from booklets import audit, canonical, drafting, editions, pdf, render, tasks
from booklets.models import BookletPage, Edition, EditionPart, Layer, Standing
from tests.assemblies.desk import client_of, make_user
from tests.booklets.books import (
    draft_booklet,
    freeze,
    make_book_world,
    make_files,
    publish,
)
from tests.factories import (
    correct,
    make_measure,
    make_recommendation,
    make_topic,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db


def everything(edition):
    """All that readers get of an edition, byte for byte."""
    client = Client()
    directory.forget()
    parts = {
        (part.language, part.slug): part.html
        for part in EditionPart.objects.filter(edition=edition)
    }
    files = {
        address: client.get(address).content
        for address in (
            f"/fr/livrets/{edition.code}.pdf",
            f"/nl/brochures/{edition.code}.pdf",
            f"/fr/livrets/{edition.code}.json",
            f"/fr/livrets/{edition.code}.zip",
        )
    }
    pages = {}
    for language in ("fr", "nl"):
        address = directory.current().address(edition.translation_key, language).url
        for (code, slug), html in parts.items():
            if code == language:
                body = client.get(f"{address}{slug}/" if slug else address).content.decode()
                assert html in body
                start = body.index('<article class="booklet">')
                pages[language, slug] = body[start : body.rindex("</article>")]
    return parts, files, pages


def test_whatever_changes_behind_it_an_edition_stays_byte_for_byte_the_same(settings, tmp_path):
    world = make_book_world(2)
    topic = make_topic("velo", name={"fr": "Vélo", "nl": "Fiets"})
    asked = make_recommendation(world.cycle, label="4.1", topics=[topic])
    step = publish_action(asked, value="accepted", concerned_body=world.administration)
    edition = publish(draft_booklet(world))
    before = everything(edition)
    assert edition.content == before[1][f"/fr/livrets/{edition.code}.json"].decode()

    # New actions, corrections, names, lists, deletions, a withdrawal, and the templates.
    publish_action(asked, value="rejected", on=datetime.date(2024, 11, 2), title="Autre réponse")
    correct(step, value="partial")
    measure = make_measure(asked, label="4.1.1")
    publish_action(measure, value="stopped", on=datetime.date(2024, 12, 1))
    for body in Body.objects.all():
        body.name = {"fr": "Renommé", "nl": "Hernoemd"}
        body.save()
    page = asked.page
    page.title = "Un autre titre"
    page.save()
    for row in Recommendation.objects.all():
        row.topics.clear()
        row.page.topics.clear()
    Topic.objects.all().delete()
    withdraw(Recommendation.objects.get(label="3.2"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET title = 'Burgerraad, hernoemd' WHERE depth = 3")
    settings.SUITES_VERSION = "99"
    for name in ("booklets/parts/sheet.html", "booklets/parts/cover.html", "components/state.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>Un autre gabarit.</p>")
    whole = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**whole, "DIRS": [tmp_path]}]
    assert "Un autre gabarit." in render.parts(edition.snapshot, "", "fr")[0]["html"]
    assert everything(edition) == before
    call_command("check_booklets", verbosity=0)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("edition", "content", "replace(content, 'Guichet', 'Autre')"),
        ("editionpart", "html", "html || ' '"),
        ("editionfile", "content", "X'00'"),
        ("edition", "sha256", f"'{'0' * 64}'"),
        ("edition", "seal", f"'{'0' * 64}'"),
    ],
)
def test_a_tampered_edition_is_found(table, column, value):
    edition = publish(draft_booklet(make_book_world()))
    if connection.vendor == "postgresql":
        value = value.replace("X'00'", "'\\x00'::bytea")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE booklets_{table} SET {column} = {value}")
    assert list(audit.findings(Edition.objects.get(pk=edition.pk)))
    with pytest.raises(CommandError, match="1 edition"):
        call_command("check_booklets", verbosity=0)


def test_who_writes_the_fingerprints_anew_is_found_by_the_change_log():
    edition = publish(draft_booklet(make_book_world()))
    content = edition.content.replace("Guichet", "Autre")
    sha256 = canonical.sha256(content)
    parts = {f"{part.language}/{part.slug}": part.sha256 for part in edition.parts.all()}
    seal = canonical.seal({"content": sha256, **parts})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE booklets_edition SET content = %s, sha256 = %s, seal = %s",
            [content, sha256, seal],
        )
    found = list(audit.findings(Edition.objects.get(pk=edition.pk)))
    assert len(found) == 1
    assert "journal" in found[0]


def test_every_door_to_a_frozen_edition_is_shut():
    edition = publish(draft_booklet(make_book_world()))
    part, file = edition.parts.first(), edition.files.first()
    for row in (edition, part, file):
        with pytest.raises(HistoryError):
            row.delete()
        with pytest.raises(HistoryError):
            type(row).objects.all().delete()
    for row, name in ((edition, "content"), (part, "html"), (file, "name")):
        setattr(row, name, "autre")
        with pytest.raises(HistoryError):
            row.save()
        with pytest.raises(HistoryError):
            type(row).objects.update(**{name: "autre"})
    page = BookletPage.objects.get(pk=edition.page_id)
    page.title = "Autre"
    with pytest.raises(HistoryError):
        page.save()
    with pytest.raises(HistoryError):
        BookletPage.objects.get(pk=edition.page_id).unpublish()
    for each in BookletPage.objects.filter(translation_key=edition.translation_key):
        with pytest.raises((HistoryError, ProtectedError)), transaction.atomic():
            each.delete()
    assert not page.can_move_to(edition.assembly.page)
    assert page.get_lock().for_user(None)


def test_publishing_a_booklet_freezes_it_and_leaves_it_offline_until_its_files_are_made():
    world = make_book_world()
    page = draft_booklet(world)
    page.get_latest_revision().publish()
    edition = Edition.objects.get()
    assert edition.standing == Standing.PREPARING
    assert not BookletPage.objects.filter(live=True).exists()
    assert json.loads(edition.content)["edition"]["code"] == "BXL-C1-L1"
    assert edition.sha256 == canonical.sha256(edition.content)
    assert Client().get(f"/fr/livrets/{edition.code}.json").status_code == 404

    assert editions.publish(edition, {"fr": (b"a", 1), "nl": (b"b", 1)})
    edition.refresh_from_db()
    assert edition.standing == Standing.PUBLISHED
    assert BookletPage.objects.filter(live=True).count() == 2
    listed = Change.objects.get(number=edition.published).listed
    assert listed.startswith("booklet:BXL-C1-L1:")
    assert not editions.publish(edition, {"fr": (b"c", 1), "nl": (b"d", 1)})
    assert list(editions.published_since(edition.published - 1)) == [edition]
    assert not editions.published_since(edition.published)
    assert [part.slug for part in editions.sheets_of(edition, "nl")] == ["", "bxl-c1-3-1"]


def test_of_two_who_freeze_the_second_is_told_so():
    page = draft_booklet(make_book_world())
    freeze(page)
    with pytest.raises(ValidationError, match="figée"):
        freeze(page)
    assert Edition.objects.count() == 1


def test_a_number_is_given_once():
    world = make_book_world()
    publish(draft_booklet(world, 1))
    with pytest.raises(ValidationError, match="numéro"):
        freeze(draft_booklet(world, 1, slug="encore", dutch=False))


def test_a_booklet_without_any_recommendation_is_not_frozen():
    world = make_book_world()
    page = draft_booklet(world, closing_on=datetime.date(2020, 1, 1))
    with pytest.raises(ValidationError, match="aucune"):
        freeze(page)
    assert not Edition.objects.exists()


def test_a_worker_that_dies_or_a_full_disk_leaves_nothing_half_public(monkeypatch):
    world = make_book_world()
    publish(draft_booklet(world, 1))
    page = draft_booklet(world, 2)
    edition = freeze(page)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    # The second file does not go in: the first one is taken back, and so is all the rest.
    monkeypatch.setattr(tasks, "made_file", lambda row, language, **more: (b"%PDF", 1))
    whole = editions.add_file
    monkeypatch.setattr(
        editions,
        "add_file",
        lambda row, name, *args, **more: (
            full() if name == "nl.pdf" else whole(row, name, *args, **more)
        ),
    )
    tasks.make.func(edition.pk)
    edition.refresh_from_db()
    assert edition.standing == Standing.FAILED
    assert not edition.files.exists()
    assert not BookletPage.objects.filter(translation_key=page.translation_key, live=True).exists()
    directory.forget()
    assert Client().get("/fr/livrets/BXL-C1-L1.json").status_code == 200
    assert Client().get("/fr/livrets/BXL-C1-L2.json").status_code == 404

    # A worker that is killed has told nobody: the edition stands in preparation, and is made again.
    Edition.objects.filter(pk=edition.pk).update(standing=Standing.PREPARING)
    monkeypatch.setattr(editions, "add_file", whole)
    call_command("make_booklets", verbosity=0)
    edition.refresh_from_db()
    assert edition.standing == Standing.PUBLISHED


def test_a_file_that_does_not_hold_what_was_promised_is_not_published(monkeypatch):
    edition = freeze(draft_booklet(make_book_world()))
    monkeypatch.setattr(pdf, "make", lambda *args, **kwargs: b"no PDF at all")
    tasks.make.func(edition.pk)
    edition.refresh_from_db()
    assert (edition.standing, edition.attempts) == (Standing.FAILED, tasks.ATTEMPTS)
    assert edition.problem


def test_words_of_a_language_may_follow_and_change_nothing_else():
    world = make_book_world()
    asked = make_recommendation(world.cycle, label="5.1", dutch=False, title="Sans traduction")
    edition = publish(draft_booklet(world))
    sealed = (edition.content, edition.sha256, edition.seal)
    with pytest.raises(ValidationError):
        editions.add_words(edition, "fr")

    from tests.factories.pages import translate

    translate(asked.page, title="Met vertaling", slug="met-vertaling", verbatim="<p>Wij.</p>")
    layer = editions.add_words(edition, "nl")
    assert layer.words["recommendations"]["BXL-C1-5.1"]["title"] == "Met vertaling"
    shown = editions.sheets_of(edition, "nl")
    assert not any("Met vertaling" in part.html for part in shown)
    editions.publish_layer(layer, b"%PDF-nl", 2)
    edition = Edition.objects.get(pk=edition.pk)
    assert (edition.content, edition.sha256, edition.seal) == sealed
    assert any("Met vertaling" in part.html for part in editions.sheets_of(edition, "nl"))
    assert not any("Met vertaling" in part.html for part in editions.sheets_of(edition, "fr"))
    assert Client().get(f"/nl/brochures/{edition.code}.pdf").content == b"%PDF-nl"
    assert not list(audit.findings(edition))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE booklets_layer SET content = '{\"x\": 1}'")
    assert len(list(audit.findings(edition))) == 1
    with pytest.raises(HistoryError):
        Layer.objects.get().delete()


def test_an_erratum_stands_beside_and_a_withdrawal_answers_410():
    edition = publish(draft_booklet(make_book_world()))
    address = directory.current().address(edition.translation_key, "fr").url
    before = Client().get(address).content.decode()
    with pytest.raises(ValidationError):
        editions.publish_erratum(edition, {"fr": "x"}, reference="BXL-C1-9")
    editions.publish_erratum(edition, {"fr": "Lire six."}, reference="BXL-C1-3.1")
    assert "Lire six." not in before
    assert "Lire six." in Client().get(address).content.decode()
    assert "Lire six." in Client().get(f"{address}bxl-c1-3-1/").content.decode()

    editions.withdraw(edition, {"fr": "Une page manquait."})
    answer = Client().get(address)
    assert answer.status_code == 410
    assert "Une page manquait." in answer.content.decode()
    assert Client().get(f"/fr/livrets/{edition.code}.pdf").status_code == 404
    assert not editions.published_since(0)
    with pytest.raises(ValidationError):
        editions.withdraw(edition, {"fr": "Encore."})


def test_where_a_workflow_watches_a_second_person_approves():
    from wagtail.log_actions import LogContext
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

    world = make_book_world()
    page = draft_booklet(world)
    writer = make_user("writer", (world.assembly, "publisher"))
    reader = make_user("reader", (world.assembly, "publisher"))
    task = GroupApprovalTask.objects.create(name="Relecture")
    task.groups.set([*writer.groups.all(), *reader.groups.all()])
    workflow = Workflow.objects.create(name="Deuxième paire d’yeux")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=world.cycle_page)
    with pytest.raises(ValidationError, match="deuxième personne"):
        freeze(page)
    state = workflow.start(page, writer)
    with LogContext(user=writer), pytest.raises(ValidationError), transaction.atomic():
        state.current_task_state.approve(user=writer)
    assert not Edition.objects.exists()
    state = page.current_workflow_state
    with LogContext(user=reader):
        state.current_task_state.approve(user=reader)
    assert Edition.objects.get().standing == Standing.PREPARING


def test_the_next_edition_tells_what_changed_since_the_last():
    world = make_book_world()
    publish(draft_booklet(world, 1, closing_on=datetime.date(2024, 8, 1)))
    edition = publish(draft_booklet(world, 2))
    found = edition.snapshot["changes"]
    assert [(e["reference"], e["before"], e["after"]) for e in found["states"]] == [
        ("BXL-C1-3.1.1", "not_started", "delivered")
    ]
    assert edition.previous.code == "BXL-C1-L1"
    assert "livret 1" in edition.parts.get(language="fr", slug="").html


def test_the_committee_s_opinion_can_t_be_left_out_by_any_choice():
    world = make_book_world()
    page = draft_booklet(world)
    page.bodies.set([world.administration])
    page.kinds.set([world.kind])
    page.save_revision()
    found = drafting.draft(page)
    assert found["recommendations"][0]["opinion"]["code"] == "to_clarify"
    page.bodies.set([Body.objects.create(slug="x", name="X", kind="private")])
    page.save_revision()
    assert not drafting.draft(page)["recommendations"]


def test_one_user_s_desk_has_no_way_around(client):
    world = make_book_world()
    edition = publish(draft_booklet(world))
    user = make_user("chief", superuser=True, language="fr")
    desk = client_of(user)
    for view in ("delete", "unpublish"):
        answer = desk.post(f"/admin/pages/{edition.page_id}/{view}/", follow=True)
        assert answer.status_code == 200
    edition.page.refresh_from_db()
    assert edition.page.live


def test_making_real_files_once():
    edition = make_files(freeze(draft_booklet(make_book_world())))
    assert edition.standing == Standing.PUBLISHED, edition.problem
    assert set(edition.files.values_list("name", flat=True)) == {"fr.pdf", "nl.pdf"}
