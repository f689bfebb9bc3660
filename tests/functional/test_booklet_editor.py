"""The editor's whole way, as a browser goes it: from the new edition to the published PDF."""

import pytest
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from assemblies import directory
from booklets.models import BookletPage, Edition
from tests.assemblies.desk import make_user
from tests.booklets.books import draft_booklet, make_book_world, publish

pytestmark = pytest.mark.functional

SAID = {
    "fr": {
        "new": "Nouvelle édition",
        "make": "Créer la nouvelle édition",
        "freeze": "Figer…",
        "list": "Liste de contrôle avant de figer",
        "froze": "Figer",
        "done": "Publiée. Ce qui est figé ne change plus.",
        "foreword": "Ce livret rend compte de neuf mois.",
        "public": "Ce livret est figé depuis le",
    },
    "nl": {
        "new": "Nieuwe editie",
        "make": "De nieuwe editie maken",
        "freeze": "Vastleggen…",
        "list": "Controlelijst voor het vastleggen",
        "froze": "Vastleggen",
        "done": "Gepubliceerd. Wat vastgelegd is, verandert nooit.",
        "foreword": "Deze brochure legt rekenschap af over negen maanden.",
        "public": "Deze brochure ligt vast sinds",
    },
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_from_the_new_edition_to_the_published_pdf(page, live_server, language):
    said = SAID[language]
    world = make_book_world()
    first = draft_booklet(world, 1)
    publish(first)
    user = make_user("redaction", (world.assembly, "publisher"), language=language)
    user.set_password("suites-demo")
    user.save()
    assert UserProfile.objects.get(user=user).preferred_language == language

    page.goto("/admin/login/")
    page.fill("[name=username]", "redaction")
    page.fill("[name=password]", "suites-demo")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")

    # A new edition takes over the last one's structure, in both languages.
    page.goto(f"/admin/booklets/{first.pk}/new/")
    page.get_by_role("button", name=said["make"]).click()
    page.wait_for_url("**/edit/")
    draft = BookletPage.objects.get(number=2, locale__language_code="fr")
    assert page.input_value("[name=number]") == "2"
    if language == "fr":
        page.fill("[name=closing_on]", "2026-10-31")
        page.keyboard.press("Escape")
    else:
        # The Dutch words are written on the Dutch page, from which it may be frozen as well.
        dutch = BookletPage.objects.get(number=2, locale__language_code="nl")
        page.goto(f"/admin/pages/{dutch.pk}/edit/")
    page.locator('[data-contentpath="foreword"] .public-DraftEditor-content').click()
    page.keyboard.press("Control+A")
    page.keyboard.type(said["foreword"])
    page.wait_for_function(
        "words => document.querySelector('[name=foreword]').value.includes(words)",
        arg=said["foreword"],
    )

    # Freezing begins with the checklist; the draft is saved.
    menu = page.locator('.w-dropdown-button button[aria-expanded="false"]').first
    menu.click()
    page.get_by_role("button", name=said["freeze"]).click()
    page.wait_for_url("**/checklist/")
    expect(page.get_by_role("heading", name=said["list"]).first).to_be_visible()
    expect(page.locator("main")).to_contain_text("BXL-C1-L2")
    assert not Edition.objects.filter(number=2).exists()

    # The worker makes the files at once here; then the edition is online.
    page.set_default_timeout(60_000)
    page.locator("form[action$='/freeze/'] button").click()
    page.wait_for_url("**/status/")
    expect(page.locator("main")).to_contain_text(said["done"])
    edition = Edition.objects.get(number=2)
    assert edition.page_id == draft.pk
    address = f"/{language}/{'livrets' if language == 'fr' else 'brochures'}/{edition.code}.pdf"
    answer = page.request.get(address)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")

    directory.forget()
    found = directory.current().address(edition.translation_key, language)
    assert found.exists
    page.goto(found.url)
    text = page.locator("main").inner_text()
    assert said["public"] in text
    assert said["foreword"] in text
