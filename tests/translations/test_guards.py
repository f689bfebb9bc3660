"""The doors that wagtail-localize leaves open: each is tried, and nothing false is ever live."""

import contextlib

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page
from wagtail_localize.models import LocaleSynchronization, Translation
from wagtail_localize.operations import translate_object, translate_page_subtree

from assemblies.models import RecommendationPage
from tests.assemblies.desk import client_of, make_user, page_url, told
from tests.factories import (
    make_assembly,
    make_cycle,
    make_recommendation,
    make_standard_page,
    make_world,
)
from tests.translations.work import begun, locale, own, superuser, thing_of, translate_all
from translations.begin import begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def french(world):
    """A recommendation that exists in French only."""
    return make_recommendation(world.cycle, label="1", dutch=False, summary="Un résumé.").page


def columns(page: Page) -> dict:
    fresh = Page.objects.get(pk=page.pk).specific
    return {f.attname: getattr(fresh, f.attname) for f in fresh._meta.concrete_fields}


def published(translation, capture) -> None:
    with capture(execute=True):
        translation.save_target(user=superuser(), publish=True)


# -- what has its own version stays ---------------------------------------------------------------


@pytest.mark.parametrize("way", ["object", "subtree", "ours", "form"])
def test_a_page_of_its_own_is_never_written_over(world, way):
    asked = make_recommendation(world.cycle, label="2")
    dutch = own(asked.page)
    before = columns(dutch), columns(world.cycle_page_nl)
    user = superuser()
    if way == "object":
        translate_object(asked.page, [locale()], user=user)
    elif way == "subtree":
        translate_page_subtree(world.assembly_page.pk, [locale()], None, user)
    elif way == "ours":
        found = begin(world.cycle_page, [locale()], user, branch=True)
        assert {page.pk for page in found.passed_over} == {world.cycle_page.pk, asked.page.pk}
    else:
        client_of(user).post(
            f"/admin/localize/submit/page/{world.cycle_page.pk}/",
            {"locales": [locale().pk], "include_subtree": "on"},
        )
    assert (columns(dutch), columns(world.cycle_page_nl)) == before
    assert not Translation.objects.exists()


def test_a_branch_begins_what_lacks_a_version_and_passes_over_the_rest(world, french):
    make_recommendation(world.cycle, label="2")
    found = begin(world.cycle_page, [locale()], superuser(), branch=True)
    assert [t.source.object_id for t in found.translations] == [french.translation_key]
    assert len(found.passed_over) == 2
    assert not own(french).live


# -- nothing is live that nobody published --------------------------------------------------------


def test_the_pages_above_begin_as_drafts_and_are_no_copies():
    world = make_world(dutch=False)
    asked = make_recommendation(world.cycle, label="1", dutch=False)
    begun(asked.page)
    for page in (world.assembly_page, world.cycle_page, asked.page):
        version = own(page)
        assert version.alias_of_id is None
        assert not version.live


def test_a_copy_becomes_a_draft_when_its_translation_begins(world, french):
    copy = french.copy_for_translation(locale(), alias=True)
    assert copy.live
    begun(french)
    version = own(french)
    assert version.pk == copy.pk
    assert version.alias_of_id is None
    assert not version.live


def test_translating_a_copy_translates_what_it_repeats(world, french):
    copy = french.copy_for_translation(locale(), alias=True)
    translate_object(copy, [locale()], user=superuser())
    assert Translation.objects.get().source.locale == french.locale
    assert not own(french).live


def test_a_new_translation_is_a_draft_and_readers_see_the_original(client, french):
    begun(french)
    answer = client.get("/nl/r/BXL-C1-1", follow=True)
    assert 'lang="fr"' in answer.content.decode()


def test_language_trees_are_not_copied(world):
    with pytest.raises(ValidationError, match="not copied"):
        LocaleSynchronization.objects.create(locale=locale(), sync_from=world.home.locale)
    page = client_of(superuser()).get(f"/admin/locales/edit/{locale().pk}/")
    assert "sync_from" not in page.content.decode()


# -- below 100 % ---------------------------------------------------------------------------------


def test_what_is_missing_is_never_filled_in_silence(french, django_capture_on_commit_callbacks):
    translation = begun(french)
    translate_all(translation, but=("summary",))
    with pytest.raises(ValidationError, match="2 of 3"):
        published(translation, django_capture_on_commit_callbacks)
    assert not own(french).live
    translate_all(translation)
    published(translation, django_capture_on_commit_callbacks)
    version = own(french)
    assert version.live
    assert version.summary == "Un résumé. (nl)"
    assert version.slug.endswith("nl")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "néerlandais"),
        ("nl", "Nederlands"),
    ],
)
def test_the_editor_reads_why_in_their_language(french, language, said):
    translation = begun(french)
    user = make_user("chief", superuser=True, language=language)
    answer = client_of(user).post(page_url(own(french), "edit"), {"action": "publish"}, follow=True)
    assert said.casefold() in told(answer).casefold()
    assert not own(french).live
    assert translation.enabled


def other_ways(page):
    """Ways to publish a page that know nothing of translations."""
    return {
        "revision": lambda: page.get_latest_revision().publish(),
        "save": lambda: RecommendationPage(**columns(page) | {"live": True}).save(),
        "bulk": lambda: client_of(superuser()).post(
            f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {"include_descendants": "on"}
        ),
        "editor": lambda: client_of(superuser()).post(
            page_url(page, "edit"), {"action": "publish"}
        ),
    }


@pytest.mark.parametrize("way", ["revision", "save", "bulk", "editor"])
def test_no_other_way_publishes_it(french, way):
    begun(french)
    with contextlib.suppress(ValidationError):
        other_ways(own(french))[way]()
    assert not own(french).live


def test_a_published_translation_stays_as_it_is_while_texts_are_missing(
    french, django_capture_on_commit_callbacks
):
    translation = begun(french)
    translate_all(translation)
    published(translation, django_capture_on_commit_callbacks)
    before = columns(own(french))
    page = RecommendationPage.objects.get(pk=french.pk)
    page.summary = "Un autre résumé."
    page.save_revision().publish()
    for publish in (True, False):
        with pytest.raises(ValidationError):
            translation.save_target(user=superuser(), publish=publish)
    client_of(superuser()).post(
        f"/admin/localize/update/{translation.source_id}/", {"publish_translations": "on"}
    )
    after = columns(own(french))
    assert after == before
    table, row = thing_of(page)
    assert [text.path for text in table.texts(row, "nl") if text.missing] == ["summary"]


def test_saving_a_complete_draft_never_changes_the_public_page(
    french, django_capture_on_commit_callbacks
):
    translation = begun(french)
    translate_all(translation)
    published(translation, django_capture_on_commit_callbacks)
    before = columns(own(french))
    with pytest.raises(ValidationError, match="published"):
        translation.save_target(user=superuser(), publish=False)
    assert columns(own(french)) == before


# -- copies, stopping, starting again -------------------------------------------------------------


def test_no_page_becomes_a_copy(world):
    page = make_standard_page(world.home, dutch=False)
    begun(page)
    client = client_of(superuser())
    answer = client.post(f"/admin/localize/page/{own(page).pk}/convert_to_alias/", follow=True)
    assert "not copied" in told(answer) or own(page).alias_of_id is None
    assert own(page).alias_of_id is None


def test_a_half_translated_draft_is_not_let_go_of(french):
    translation = begun(french)
    client = client_of(superuser())
    answer = client.post(f"/admin/localize/translate/{translation.pk}/disable/", follow=True)
    assert "not translated yet" in told(answer)
    translation.refresh_from_db()
    assert translation.enabled
    translate_all(translation)
    client.post(f"/admin/localize/translate/{translation.pk}/disable/")
    translation.refresh_from_db()
    assert not translation.enabled


def test_begun_again_a_translation_does_not_write_over_what_was_written_by_hand(
    world, django_capture_on_commit_callbacks
):
    page = make_standard_page(world.home, dutch=False)
    translation = begun(page)
    translate_all(translation)
    published(translation, django_capture_on_commit_callbacks)
    Translation.objects.update(enabled=False)
    dutch = own(page)
    dutch.title = "Met de hand"
    dutch.save_revision().publish()
    answer = client_of(superuser()).post(
        page_url(dutch, "edit"), {"localize-restart-translation": "1"}, follow=True
    )
    assert "by hand" in told(answer)
    assert not Translation.objects.get().enabled
    assert own(page).title == "Met de hand"


# -- whose pages ----------------------------------------------------------------------------------


def test_nobody_begins_or_sees_translations_of_an_assembly_they_have_no_role_for(world):
    paris = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    cycle = make_cycle(paris, code="P1", dutch=False)
    translator = client_of(make_user("vertaler", (world.assembly, "translator")))
    address = f"/admin/localize/submit/page/{cycle.pk}/"
    translator.post(address, {"locales": [locale().pk]})
    assert not Translation.objects.exists()
    answer = translator.get("/admin/localize/reports/translations/", follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/translations/"


def test_paris_owes_no_dutch_and_is_not_offered_it(world):
    paris = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    answer = client_of(superuser()).get(f"/admin/localize/submit/page/{paris.pk}/", follow=True)
    assert "every language that its assembly owes" in told(answer)
    answer = client_of(superuser()).post(
        f"/admin/localize/submit/page/{paris.pk}/", {"locales": [locale().pk]}
    )
    assert not Translation.objects.exists()
