"""``setup_site``: the site as it begins, and what happens when it is called again."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter
from wagtail.models import Locale, Page, Site

from assemblies import directory
from assemblies.blocks import WHOLE
from assemblies.models import Change, DutyRule, Regime
from assemblies.presets import PRESETS
from home.models import HomePage, StandardPage
from home.setup import STANDARD, TEXTS, read_text, standard_key
from tests.factories import text_of

pytestmark = pytest.mark.django_db


def set_up() -> list[str]:
    out = StringIO()
    call_command("setup_site", stdout=out)
    directory.forget()
    return out.getvalue().splitlines()


def test_the_site_as_it_begins(client):
    set_up()
    assert {locale.language_code for locale in Locale.objects.all()} == {"fr", "nl"}
    assert Site.objects.get().root_page.specific == HomePage.objects.get(slug="fr")
    homes = HomePage.objects.order_by("pk")
    assert [home.slug for home in homes] == ["fr", "nl"]
    assert len({home.translation_key for home in homes}) == 1
    assert not Page.objects.filter(slug="home").exists()
    for code, _name in settings.LANGUAGES:
        assert client.get(f"/{code}/").status_code == 200


def test_again_changes_nothing():
    set_up()
    home = HomePage.objects.get(slug="fr")
    home.lead = "Autre chose."
    home.save_revision().publish()
    page = StandardPage.objects.get(slug="vie-privee")
    page.slug, page.title = "donnees", "Vos données"
    page.save_revision().publish()
    Regime.objects.get(code="paris").duty_rules.all()[0].delete()
    before = (Page.objects.count(), Change.objects.count(), DutyRule.objects.count())
    assert set_up() == ["0 made"]
    assert (Page.objects.count(), Change.objects.count(), DutyRule.objects.count()) == before
    assert HomePage.objects.get(slug="fr").lead == "Autre chose."


def test_what_is_missing_is_made():
    set_up()
    StandardPage.objects.get(slug="vie-privee").delete()
    assert set_up() == ["page fr/vie-privee", "1 made"]


def test_pages_of_both_languages_belong_together(client):
    set_up()
    for name in STANDARD:
        found = StandardPage.objects.filter(translation_key=standard_key(name))
        assert {page.locale.language_code for page in found} == {"fr", "nl"}
        for page in found:
            assert page.latest_revision is not None
            assert page.show_in_menus
    content = client.get("/fr/comment-les-etats-sont-etablis/").content.decode()
    assert 'hreflang="nl"' in content
    assert "/nl/hoe-de-standen-tot-stand-komen/" in content
    assert "Mentions légales" in text_of(client.get("/fr/"))
    assert "Comment les états sont établis" in text_of(client.get("/fr/"))


def test_presets_become_regimes():
    set_up()
    assert {regime.code for regime in Regime.objects.all()} == set(PRESETS)
    for code, preset in PRESETS.items():
        regime = Regime.objects.get(code=code)
        assert [rule.code for rule in regime.duty_rules.all()] == [
            rule["code"] for rule in preset["rules"]
        ]
        final = regime.duty_rules.filter(code="final_response").first()
        assert final is None or final.answered_by_stage == "final"


# -- the texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
@pytest.mark.parametrize("name", STANDARD)
def test_a_text_in_every_language(name, language):
    text = read_text(name, language)
    assert text is not None
    assert text.title
    assert text.lead
    assert text.body.startswith("<h2>")
    assert "'" not in text.title + text.lead + text.body
    assert "·" not in text.body
    if language == "fr":
        for sign in (" :", " ;", " ?", " !", "« ", " »"):
            assert sign not in text.lead + text.body


def test_texts_use_what_the_editor_has():
    converter = EditorHTMLConverter(features=WHOLE)
    for path in TEXTS.glob("*.html"):
        body = path.read_text("utf-8").split("\n\n", 1)[1].strip()
        assert converter.to_database_format(body) == body, path.name


# -- the page tree in memory --------------------------------------------------------------------


def test_pages_that_change_are_heard_of(client):
    set_up()
    page = StandardPage.objects.get(slug="vie-privee")
    assert client.get("/fr/vie-privee/").status_code == 200
    page.slug = "donnees"
    page.save_revision().publish()
    assert client.get("/fr/donnees/").status_code == 200
    page = StandardPage.objects.get(slug="donnees")
    method = StandardPage.objects.get(slug="comment-les-etats-sont-etablis")
    page.move(method, pos="last-child")
    assert client.get("/fr/comment-les-etats-sont-etablis/donnees/").status_code == 200
    StandardPage.objects.get(slug="donnees").unpublish()
    assert client.get("/fr/comment-les-etats-sont-etablis/donnees/").status_code == 404
    StandardPage.objects.get(slug="mentions-legales").delete()
    assert client.get("/fr/mentions-legales/").status_code == 404
    assert "Mentions légales" not in text_of(client.get("/fr/"))
