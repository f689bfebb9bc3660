"""The translators' desk in a browser: in Dutch, from the list to the last text, and by a file."""

import polib
import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect
from wagtail.models import Page
from wagtail.users.models import UserProfile

from assemblies.models import Action, Role
from tests.factories import make_measure, make_recommendation, make_world, publish_action
from tests.functional.test_axe import AXE, violations

pytestmark = pytest.mark.functional


@pytest.fixture
def world(live_server, django_user_model):
    world = make_world()
    asked = make_recommendation(world.cycle, label="3.4", dutch=False, summary="Un résumé.")
    publish_action(asked, value="under_study", title={"fr": "Une étude"}, text={"fr": "Un texte."})
    make_measure(asked, label="3.4.1", title={"fr": "Une mesure"}, part={"fr": "Le guichet."})
    for name, role in (("vertaler", "translator"), ("redactie", "publisher")):
        user = django_user_model.objects.create_user(name, password="suites-demo")
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "nl"})
        group = Group.objects.create(name=name)
        user.groups.add(group)
        Role.objects.create(group=group, assembly=world.cycle.assembly, name=role)
    return world


def log_in(page, name):
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "suites-demo")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


def shut_to_axe(page) -> list[str]:
    """What axe finds in what is ours of the page."""
    page.evaluate(AXE)
    return [line for line in violations(page) if "desk" in line]


def test_from_the_list_to_the_last_text(page, world):
    log_in(page, "vertaler")
    panel = page.locator(".desk-panel")
    expect(panel).to_contain_text("Nederlands")
    panel.get_by_role("link", name="Vertalingen").click()
    expect(page.locator(".desk")).to_contain_text("Ontbreekt")
    assert shut_to_axe(page) == []

    # A fact: written beside its original, at once on the site; the next one follows.
    page.locator(".desk__entry", has_text="Une étude").get_by_role("link", name="Schrijven").click()
    assert shut_to_axe(page) == []
    page.get_by_label("Titel").fill("Een studie")
    page.get_by_label("Tekst").fill("Een tekst.")
    form = page.url
    page.get_by_role("button", name="Publiceren en naar het volgende").click()
    page.wait_for_url(lambda address: address != form)
    assert Action.objects.get(value="under_study").title.data["nl"] == "Een studie"
    page.goto("/nl/r/BXL-C1-3.4")
    assert page.locator("main").get_by_text("Een studie").count()

    # A page: a draft, which nobody publishes half translated.
    page.goto("/admin/translations/?assembly=BXL&language=nl&kind=pages")
    page.get_by_role("button", name="Vertalen", exact=True).click()
    page.wait_for_url("**/edit/")
    expect(page.get_by_text("Un résumé.").first).to_be_visible()
    editor = page.url
    assert not Page.objects.get(pk=editor.rstrip("/").split("/")[-2]).live
    log_in(page, "redactie")
    page.goto(editor)
    page.get_by_role("button", name="Publiceer").first.click()
    expect(page.get_by_text("Niet gepubliceerd: 0 van 3").first).to_be_visible()


def test_the_whole_list_goes_to_an_agency_and_comes_back(page, world, tmp_path):
    log_in(page, "vertaler")
    page.goto("/admin/translations/?assembly=BXL&language=nl")
    with page.expect_download() as download:
        page.get_by_role("link", name="De lijst exporteren").click()
    path = tmp_path / "BXL-nl.po"
    download.value.save_as(path)
    file = polib.pofile(str(path))
    for entry in file:
        entry.msgstr = f"{entry.msgid} (vertaald)"
    file[0].msgid = "Iets anders"
    file.save(str(path))
    page.get_by_role("link", name="Een PO-bestand versturen").click()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Versturen en vergelijken").click()
    expect(page.get_by_text("De originele tekst is veranderd")).to_be_visible()
    assert shut_to_axe(page) == []

    del file[0]
    file.save(str(path))
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Versturen en vergelijken").click()
    page.get_by_role("button", name="Alles overnemen").wait_for()
    assert shut_to_axe(page) == []
    page.get_by_role("button", name="Alles overnemen").click()
    page.get_by_text("Overgenomen op").wait_for()

    # The page is complete: whoever publishes publishes it, and readers have it.
    log_in(page, "redactie")
    page.goto("/admin/translations/?assembly=BXL&language=nl&kind=pages")
    page.get_by_role("button", name="Publiceren", exact=True).click()
    page.get_by_text("is gepubliceerd").first.wait_for()
    page.goto("/nl/r/BXL-C1-3.4")
    assert "Un résumé. (vertaald)" in page.locator("main").inner_text()
