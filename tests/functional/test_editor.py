"""The main task, as an editor does it: log in, publish a step, see the state change everywhere."""

import pytest
from playwright.sync_api import expect

from assemblies.models import Action, Recommendation, Role
from tests.factories import make_recommendation, make_topic, make_world

pytestmark = pytest.mark.functional


@pytest.fixture
def world(live_server, django_user_model):
    from django.contrib.auth.models import Group

    world = make_world()
    topic = make_topic("logement", name={"fr": "Logement", "nl": "Wonen"})
    world.asked = make_recommendation(world.cycle, label="3.4", topics=[topic])
    user = django_user_model.objects.create_user("redaction", password="suites-demo")
    group = Group.objects.create(name="redaction")
    user.groups.add(group)
    Role.objects.create(group=group, assembly=world.cycle.assembly, name="publisher")
    return world


def log_in(page):
    page.goto("/admin/login/")
    page.fill("[name=username]", "redaction")
    page.fill("[name=password]", "suites-demo")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


def choose(page, field, name):
    page.locator(f'[data-contentpath="{field}"] button:visible').first.click()
    page.locator(".modal-body").get_by_role("link", name=name).first.click()
    page.wait_for_selector(".modal-body", state="detached")


def test_a_published_step_changes_the_state_wherever_it_is_shown(page, world):
    log_in(page)
    page.goto("/admin/snippets/assemblies/action/add/")
    page.select_option("[name=kind]", "response")
    page.select_option("[name=stage]", "final")
    choose(page, "body", "Gouvernement")
    page.fill("[name=happened_first]", "2026-11-02")
    page.keyboard.press("Escape")
    page.click("#id_targets-ADD")
    choose(page, "recommendation", world.asked.reference)
    page.fill("[name=title_0]", "Un guichet dans chaque quartier")
    # Only what the chosen state demands is asked for.
    expect(page.locator("[name=link]")).to_be_hidden()
    page.select_option("[name=value]", "accepted")
    expect(page.locator("[name=link]")).to_be_visible()
    page.select_option("[name=link]", "new")

    # Without the lead body it is refused, in the editor's language, and nothing typed is lost.
    publish(page)
    expect(page.get_by_text("Nommez l’organisme.").first).to_be_visible()
    expect(page.locator("[name=title_0]")).to_have_value("Un guichet dans chaque quartier")
    assert not Action.objects.filter(live=True).exists()
    choose(page, "concerned_body", "Administration")
    publish(page)
    page.wait_for_url("**/snippets/assemblies/action/")

    action = Action.objects.get(live=True)
    assert Recommendation.objects.get(pk=world.asked.pk).response == "accepted"
    places = [
        (f"/fr/r/{world.asked.reference}", "Acceptée", "fr"),
        (f"/nl/r/{world.asked.reference}", "Aanvaard", "nl"),
        ("/fr/themes/logement/", "Acceptée", "fr"),
        ("/nl/themas/logement/", "Aanvaard", "nl"),
        (f"/fr/chronologie/{action.number}/", "Acceptée", "fr"),
        (f"/nl/tijdlijn/{action.number}/", "Aanvaard", "nl"),
        ("/fr/chronologie/", "Acceptée", "fr"),
        (f"/fr/organismes/{world.government.slug}/", "Un guichet dans chaque quartier", "fr"),
        (f"/nl/instanties/{world.government.slug}/", "Un guichet dans chaque quartier", "nl"),
        ("/fr/", "Un guichet dans chaque quartier", "fr"),
        ("/nl/", "Un guichet dans chaque quartier", "nl"),
    ]
    for address, words, language in places:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        assert words in page.locator("main").inner_text(), address
    # The Dutch page marks the French words as such.
    assert page.locator('main [lang="fr"]', has_text="Un guichet dans chaque quartier").count()


def publish(page):
    page.locator('.w-dropdown-button button[aria-expanded="false"]').first.click()
    page.locator("button[name=action-publish]").click()
