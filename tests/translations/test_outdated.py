"""When a translation is outdated: its original's texts changed, and nothing else did it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assemblies.models import CyclePage, RecommendationPage, Rewording
from tests.assemblies.desk import client_of, make_user, told
from tests.factories import make_body, make_kind, make_recommendation, make_topic, make_world
from tests.translations.work import (
    begun,
    desk_address,
    names,
    own,
    superuser,
    tally,
    thing_of,
    translate_all,
)
from translations import delivery, desk
from translations.models import OutdatedWords
from translations.tables import BY_NAME
from translations.words import by_language

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def pair(world):
    """A recommendation whose Dutch page was imported or written by hand."""
    return make_recommendation(world.cycle, label="1", summary="Un résumé.").page


def again(page, **values):
    """Publish a page anew, with other values."""
    fresh = type(page).objects.get(pk=page.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save_revision().publish()


def outdated(world) -> list[str]:
    now = tally(world.assembly)
    return names(desk.listed(now, superuser(), state="outdated"))


def publish_dutch(page):
    fresh = own(page)
    fresh.summary = "Een samenvatting."
    fresh.save_revision().publish()


def test_a_version_is_outdated_once_its_original_says_something_else(world, pair):
    publish_dutch(pair)
    assert outdated(world) == []
    again(pair, summary="Un autre résumé.")
    assert outdated(world) == ["recommendation:BXL-C1-1"]
    entry = desk.listed(tally(world.assembly), superuser(), state="outdated")[0]
    assert entry.since == Rewording.objects.get(page=pair.pk).moment
    publish_dutch(pair)
    assert outdated(world) == []


def test_a_topic_a_date_or_nothing_at_all_makes_no_version_outdated(world, pair):
    publish_dutch(pair)
    again(pair, topics=[make_topic("eau")])
    again(pair)
    again(world.cycle_page, panel_size=80)
    assert outdated(world) == []


def test_a_version_that_was_outdated_stays_so_when_a_fact_changes(world, pair):
    publish_dutch(pair)
    again(pair, summary="Un autre résumé.")
    again(pair, topics=[make_topic("eau")])
    assert outdated(world) == ["recommendation:BXL-C1-1"]


def test_publishing_a_version_says_nothing_of_its_original(world, pair):
    publish_dutch(pair)
    again(pair, summary="Un autre résumé.")
    before = RecommendationPage.objects.get(pk=pair.pk).last_published_at
    publish_dutch(pair)
    assert RecommendationPage.objects.get(pk=pair.pk).last_published_at == before


def test_whoever_publishes_may_say_that_a_version_still_holds(world, pair):
    publish_dutch(pair)
    again(pair, summary="Un autre résumé.")
    table, row = thing_of(pair)
    address = desk_address("confirm", "recommendation", row.pk, "nl")
    translator = client_of(make_user("vertaler", (world.assembly, "translator")))
    assert translator.post(address).status_code != 200
    assert outdated(world) == ["recommendation:BXL-C1-1"]
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    answer = publisher.post(address, follow=True)
    assert "up to date" in told(answer)
    assert outdated(world) == []
    nobody, fresh = make_user("nobody"), thing_of(pair)[1]
    with pytest.raises(PermissionDenied):
        table.confirm(fresh, "fr", nobody)


def test_what_is_new_in_the_original_is_missing_at_once(world, django_capture_on_commit_callbacks):
    page = make_recommendation(world.cycle, label="2", dutch=False, summary="Un résumé.").page
    translation = begun(page)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(user=superuser(), publish=True)
    assert outdated(world) == []
    again(page, summary="Un autre résumé.")
    entry = desk.listed(tally(world.assembly), superuser(), state="outdated")[0]
    assert entry.missing == ["Summary"]
    assert (entry.done, entry.texts) == (2, 3)
    table, row = thing_of(page)
    with pytest.raises(Exception, match="not translated yet"):
        table.confirm(row, "nl", superuser())
    translate_all(translation)
    entry = desk.listed(tally(world.assembly), superuser(), state="outdated")[0]
    assert entry.complete
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    with django_capture_on_commit_callbacks(execute=True):
        publisher.post(desk_address("publish", "recommendation", row.pk, "nl"))
    assert outdated(world) == []
    assert own(page).summary == "Un autre résumé. (nl)"


def test_a_text_that_only_the_original_has_is_missing(world, pair):
    again(world.cycle_page, introduction="<p>Un cycle.</p>")
    again(own(world.cycle_page))
    again(own(pair), summary="")
    now = tally(world.assembly)
    entries = desk.listed(now, superuser(), kind="pages", state="missing")
    assert names(entries) == ["cycle:BXL-C1", "recommendation:BXL-C1-1"]
    assert [len(entry.missing) for entry in entries] == [1, 1]
    again(own(world.cycle_page), introduction="<p>Een cyclus.</p>")
    assert CyclePage.objects.get(pk=own(world.cycle_page).pk).introduction
    assert tally(world.assembly).of_kind("pages") == 1


# -- lists ----------------------------------------------------------------------------------------


@pytest.fixture
def body(world):
    return make_body("service", name={"fr": "Service", "nl": "Dienst"}, assembly=world.assembly)


def rename(body, **words):
    fresh = type(body).objects.get(pk=body.pk)
    fresh.name = {**by_language(fresh.name), **words}
    fresh.save()


def test_a_list_whose_original_changed_is_outdated_until_somebody_looks(world, body):
    assert outdated(world) == []
    rename(body, fr="Service du logement")
    assert outdated(world) == ["body:service"]
    entry = desk.listed(tally(world.assembly), superuser(), state="outdated")[0]
    assert (entry.state, len(entry.missing)) == ("outdated", 1)
    assert entry.since is not None
    assert tally(world.assembly, "fr").outdated_count == 0
    address = desk_address("write", "body", body.pk, "nl")
    client = client_of(make_user("vertaler", (world.assembly, "translator")))
    assert client.get(address).context["form"]["text-0"].value() == "Dienst"
    client.post(address, {"text-0": "Huisvestingsdienst"})
    assert outdated(world) == []
    body.refresh_from_db()
    assert by_language(body.name) == {"fr": "Service du logement", "nl": "Huisvestingsdienst"}


def test_left_as_it_was_it_holds(world, body):
    rename(body, fr="Le service")
    client = client_of(superuser())
    client.post(desk_address("write", "body", body.pk, "nl"), {"text-0": "Dienst"})
    assert outdated(world) == []
    body.refresh_from_db()
    assert by_language(body.name)["nl"] == "Dienst"


def test_changed_together_or_in_the_translation_alone_nothing_is_outdated(world, body):
    rename(body, fr="Service du logement", nl="Huisvestingsdienst")
    assert outdated(world) == []
    rename(body, nl="Dienst Huisvesting")
    assert outdated(world) == []
    assert tally(world.assembly, "fr").outdated_count == 0
    rename(body, fr="Le logement")
    rename(body, nl="Huisvesting")
    assert outdated(world) == []


def test_words_of_a_row_below_are_outdated_too(world):
    kind = make_kind(world.assembly, code="voeu", words={("response", "accepted"): "Adopté"})
    word = kind.own_words.get()
    word.word = {**by_language(word.word), "fr": "Approuvé"}
    word.save()
    assert outdated(world) == ["kind:BXL/voeu"]


def test_an_outdated_text_of_a_list_goes_out_and_comes_back(world, body):
    rename(body, fr="Service du logement")
    things = desk.everything(tally(world.assembly), most=10, state="outdated")
    text = delivery.export(things, assembly=world.assembly, language="nl")
    assert 'msgstr "Dienst"' in text
    content = text.replace("Dienst", "Huisvestingsdienst").encode()
    where = {"assembly": world.assembly, "language": "nl", "user": superuser()}
    seen = delivery.compare(content, **where)
    assert [(each.before, each.after) for each in seen.differences] == [
        ("Dienst", "Huisvestingsdienst")
    ]
    delivery.take_over(content, **where, seen=seen.fingerprint)
    assert outdated(world) == []


def test_words_of_a_list_that_hold_are_not_written_over(world, body):
    rename(body, fr="Service du logement", nl="Huisvestingsdienst")
    fresh = type(body).objects.get(pk=body.pk)
    with pytest.raises(ValueError, match="name"):
        BY_NAME["body"].write(fresh, {"name": "Iets anders"}, "nl", superuser())
    mark = {"table": "body", "row": body.pk, "path": "name", "language": "nl"}
    OutdatedWords.objects.create(since=timezone.now(), **mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutdatedWords.objects.create(since=timezone.now(), **mark)
