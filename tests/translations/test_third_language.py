"""A site with a third language: a whole assembly is translated into it, facts by file."""

import pytest
from django.conf import settings
from django.test import override_settings
from wagtail.models import Locale, Page
from wagtail.rich_text import RichText
from wagtail_localize.models import Translation

from assemblies.models import Action, Assembly
from tests.factories import make_recommendation, make_world, publish_action
from tests.translations.test_delivery import exported, take_over, translated
from tests.translations.work import begun, locale, own, superuser, tally, translate_all
from translations import desk
from translations.begin import begin

pytestmark = pytest.mark.django_db
THREE = [*settings.LANGUAGES, ("de", "Deutsch")]


@pytest.fixture
def world():
    with override_settings(LANGUAGES=THREE, WAGTAIL_CONTENT_LANGUAGES=THREE):
        world = make_world()
        locale("de")
        page = world.assembly_page
        page.languages = ["fr", "nl", "de"]
        page.lead = "En une phrase."
        page.presentation = "<p>Une <b>présentation</b>.</p>"
        page.body = [("text", RichText("<p>Un texte.</p>"))]
        page.save_revision().publish()
        asked = make_recommendation(world.cycle, label="1")
        publish_action(asked, value="under_study")
        yield world


def test_a_whole_assembly_is_translated_and_published(world, django_capture_on_commit_callbacks):
    german = tally(Assembly.objects.get(), "de")
    assert german.of_kind("pages") == 3
    begin(world.assembly_page, [locale("de")], superuser(), branch=True)
    pages = [own(world.home, "de"), own(world.assembly_page, "de"), own(world.cycle_page, "de")]
    assert not any(page.live for page in pages)
    for translation in Translation.objects.order_by("pk"):
        translate_all(translation)
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target(user=superuser(), publish=True)
    assert tally(Assembly.objects.get(), "de").of_kind("pages") == 0
    page = own(world.assembly_page, "de")
    assert page.live
    assert page.title == "Assemblée (nl)"  # what the test writes behind, in any language
    assert "<b>présentation</b>" in page.presentation
    assert "Un texte. (nl)" in str(page.body)
    assert Assembly.objects.get().title == "Assemblée"
    assert not Page.objects.filter(alias_of__isnull=False).exists()


def test_facts_get_their_third_language_from_a_file(world):
    content = translated(exported(Assembly.objects.get(), "de", kind="steps"))
    take_over(content, Assembly.objects.get(), language="de")
    assert Action.objects.get().title.data == {
        "fr": "Étape",
        "nl": "Étape (nl)",
        "de": "Étape (nl)",
    }
    assert tally(Assembly.objects.get(), "de").of_kind("steps") == 0


def test_a_language_without_a_home_page_breaks_nothing(world):
    Locale.objects.filter(language_code="de").delete()
    german = tally(Assembly.objects.get(), "de")
    assert len(desk.listed(german, superuser(), kind="pages")) == 3


def test_a_page_begins_with_all_above_it_as_drafts(world):
    asked = make_recommendation(world.cycle, label="2").page
    begun(asked, "de")
    assert {page.locale.language_code for page in Page.objects.filter(live=False)} == {"de"}
