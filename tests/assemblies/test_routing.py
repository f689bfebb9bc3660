"""Addresses: what each leads to, in which language, and what it never does."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from assemblies import directory
from assemblies.models import PastAddress
from tests.assemblies.bulk import make_recommendations
from tests.factories import (
    make_act,
    make_assembly,
    make_cycle,
    make_home,
    make_kind,
    make_measure,
    make_recommendation,
    make_standard_page,
    make_world,
    publish_action,
    text_of,
    translate,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def goes_to(client, address, **headers) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code in (301, 302), response.status_code
    return response["Location"]


# -- languages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("nl-BE,nl;q=0.9", "nl"),
        ("fr", "fr"),
        ("de,nl;q=0.5", "nl"),
        ("ja", "fr"),
        ("*", "fr"),
        ("", "fr"),
    ],
)
def test_the_bare_address_follows_the_browser(client, asked, language):
    response = client.get("/", headers={"Accept-Language": asked})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert response["Vary"] == "Accept-Language"
    assert not response.cookies


def test_no_cookie_decides_the_language(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"
    assert goes_to(client, "/", **{"Accept-Language": "fr"}) == "/fr/"


@pytest.mark.parametrize(
    ("name", "argument", "french", "dutch"),
    [
        ("measure", "BXL-C1-1", "/fr/mesures/BXL-C1-1/", "/nl/maatregelen/BXL-C1-1/"),
        ("act", "PAR-1", "/fr/actes/PAR-1/", "/nl/besluiten/PAR-1/"),
        ("body", "ville", "/fr/organismes/ville/", "/nl/instanties/ville/"),
        ("topic", "loyers", "/fr/themes/loyers/", "/nl/themas/loyers/"),
        ("action", 411, "/fr/chronologie/411/", "/nl/tijdlijn/411/"),
        ("reference", "BXL-C1-1", "/fr/r/BXL-C1-1", "/nl/r/BXL-C1-1"),
    ],
)
def test_addresses_of_facts_and_lists_speak_both_languages(name, argument, french, dutch):
    found = []
    for language in ("fr", "nl"):
        with override(language):
            found.append(reverse(f"assemblies:{name}", args=[argument]))
    assert found == [french, dutch]


def test_a_page_is_found_in_its_own_language(client, world):
    make_recommendation(world.cycle, label="3.4")
    assert client.get("/fr/assemblee-bxl/cycle-1/3-4/").status_code == 200
    response = client.get("/nl/burgerraad-bxl/cyclus-1/3-4-nl/")
    assert response.status_code == 200
    assert response["Content-Language"] == "nl"
    assert "Nog niet vertaald" not in text_of(response)


def test_slugs_of_another_language_lead_to_the_reader_s_own_address(client, world):
    make_recommendation(world.cycle, label="3.4")
    own = "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"
    for path in ("assemblee-bxl/cycle-1/3-4", "burgerraad-bxl/cycle-1/3-4-nl"):
        assert goes_to(client, f"/nl/{path}/?as_of=2024-01-01") == f"{own}?as_of=2024-01-01"
    assert goes_to(client, "/fr/burgerraad-bxl/") == "/fr/assemblee-bxl/"


def test_a_page_without_dutch_is_served_in_the_dutch_frame(client, world):
    make_recommendation(world.cycle, label="3.4", title="Un guichet par quartier", dutch=False)
    response = client.get("/nl/burgerraad-bxl/cyclus-1/3-4/")
    assert response.status_code == 200
    content = response.content.decode()
    assert '<html lang="nl"' in content
    assert '<span lang="fr">Un guichet par quartier</span>' in content
    assert '<blockquote class="verbatim" lang="fr">' in content
    assert "Nog niet vertaald. Tekst in het Frans." in text_of(response)
    # The Dutch address is no translation of the French one, so it is not announced as one.
    assert 'hreflang="nl" href' not in content
    assert 'rel="alternate" hreflang="fr"' in content


def test_what_an_assembly_does_not_owe_is_not_called_missing(client):
    world = make_world(code="PAR", preset="paris", dutch=False)
    make_recommendation(world.cycle, label="D1", dutch=False)
    response = client.get("/nl/assemblee-par/cycle-1/d1/")
    assert response.status_code == 200
    text = text_of(response)
    assert "Tekst in het Frans." in text
    assert "Nog niet vertaald" not in text
    assert "nog niet vertaald" not in text
    # From French the switch leads there all the same, and says what will be found.
    french = BeautifulSoup(client.get("/fr/assemblee-par/cycle-1/d1/").content, "html.parser")
    switch = french.select_one('.languages a[lang="nl"]')
    assert (switch["href"], switch["hreflang"]) == ("/nl/assemblee-par/cycle-1/d1/", "fr")
    assert switch.select_one(".languages__note").text == "in het Frans"


def test_the_language_switch_leads_to_the_same_thing(client, world):
    asked = make_recommendation(world.cycle, label="3.4")
    measure = make_measure(asked, label="3.4.1")
    step = publish_action(asked, value="rejected")
    for here, there in (
        ("/fr/assemblee-bxl/cycle-1/3-4/", "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"),
        ("/fr/assemblee-bxl/", "/nl/burgerraad-bxl/"),
        (f"/fr/mesures/{measure.reference}/", f"/nl/maatregelen/{measure.reference}/"),
        (f"/fr/chronologie/{step.number}/", f"/nl/tijdlijn/{step.number}/"),
        ("/fr/", "/nl/"),
    ):
        content = client.get(here).content.decode()
        assert f'<a href="{there}" lang="nl" hreflang="nl">' in content, here


# -- permanent references ---------------------------------------------------------------------


def test_a_reference_leads_to_the_page_in_each_language(client, world):
    make_recommendation(world.cycle, label="3.4")
    for address in ("/fr/r/BXL-C1-3.4", "/fr/r/bxl-c1-3.4", "/fr/r/BXL-C1-3.4/"):
        assert goes_to(client, address) == "/fr/assemblee-bxl/cycle-1/3-4/"
    assert goes_to(client, "/nl/r/BXL-C1-3.4") == "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"


def test_a_reference_without_dutch_leads_to_the_dutch_frame(client, world):
    make_recommendation(world.cycle, label="3.5", dutch=False)
    assert goes_to(client, "/nl/r/BXL-C1-3.5") == "/nl/burgerraad-bxl/cyclus-1/3-5/"


def test_a_reference_on_paper_follows_the_browser(client, world):
    make_recommendation(world.cycle, label="3.4")
    for asked, there in (
        ("nl", "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"),
        ("fr", "/fr/assemblee-bxl/cycle-1/3-4/"),
    ):
        response = client.get("/r/bxl-c1-3.4", headers={"Accept-Language": asked})
        assert (response.status_code, response["Location"]) == (302, there)
        assert response["Vary"] == "Accept-Language"


def test_an_unknown_reference_is_not_found(client, world):
    make_recommendation(world.cycle, label="3.4", live=False)
    for address in ("/fr/r/BXL-C1-9", "/nl/r/%F0%9F%90%98", "/fr/r/BXL-C1-3.4"):
        assert client.get(address).status_code == 404
    # Without a language Django first tries the address with one.
    assert client.get("/r/BXL-C1-9", follow=True).status_code == 404


def test_what_was_withdrawn_says_so_at_all_its_addresses(client, world):
    asked = make_recommendation(world.cycle, label="9.9")
    step = publish_action(asked, value="rejected", title="Réponse finale")
    withdraw(asked, reason={"fr": "Saisie en double.", "nl": "Dubbel ingevoerd."})
    for address, reason in (
        ("/fr/assemblee-bxl/cycle-1/9-9/", "Saisie en double."),
        ("/nl/burgerraad-bxl/cyclus-1/9-9-nl/", "Dubbel ingevoerd."),
        ("/fr/r/BXL-C1-9.9", "Saisie en double."),
        ("/r/BXL-C1-9.9", "Saisie en double."),
    ):
        response = client.get(address)
        assert response.status_code == 410, address
        text = text_of(response)
        assert reason in text
        assert "12 mars 2026" in text or "12 maart 2026" in text
        content = response.content.decode()
        assert f"/{step.number}/" in content
        assert 'name="robots" content="noindex"' in content
        assert not response.cookies
    assert "Vary" not in client.get("/fr/r/BXL-C1-9.9").headers
    # What happened stays readable by itself.
    assert client.get(step.url).status_code == 200


# -- what is not there --------------------------------------------------------------------------


def test_drafts_are_not_served(client, world):
    make_recommendation(world.cycle, label="3.4", live=False, dutch=False)
    assert client.get("/fr/assemblee-bxl/cycle-1/3-4/").status_code == 404


def test_a_draft_translation_leaves_the_dutch_frame(client, world):
    asked = make_recommendation(world.cycle, label="3.4", dutch=False)
    translate(asked.page, live=False, title="Een loket", slug="een-loket")
    assert "Een loket" not in text_of(client.get("/nl/burgerraad-bxl/cyclus-1/3-4/"))
    assert goes_to(client, "/nl/burgerraad-bxl/cyclus-1/een-loket/") == (
        "/nl/burgerraad-bxl/cyclus-1/3-4/"
    )


def test_a_translation_is_not_served_without_its_original(client, world):
    world.cycle_page.live = False
    type(world.cycle_page).objects.filter(pk=world.cycle_page.pk).update(live=False)
    directory.forget()
    assert client.get("/fr/assemblee-bxl/cycle-1/").status_code == 404
    assert client.get("/nl/burgerraad-bxl/cyclus-1/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/fr/nothing/",
        "/fr/assemblee-bxl/nothing/",
        "/fr/" + "a/" * 30,
        "/fr/" + "a" * 3_000 + "/",
        "/fr/mesures/BXL-C1-9/",
        "/fr/actes/PAR-9/",
        "/fr/chronologie/9/",
        "/fr/chronologie/99999999999999999999999999/",
        "/fr/chronologie/x/",
        "/fr/maatregelen/BXL-C1-9/",
        "/fr/_util/authenticate_with_password/1/1/",
    ],
)
def test_what_does_not_exist_is_not_found(client, world, address):
    assert client.get(address).status_code == 404


def test_a_language_that_the_site_has_not_is_not_found(client, world):
    assert client.get("/de/", follow=True).status_code == 404


# -- past addresses -------------------------------------------------------------------------------


def rename(page, slug: str) -> None:
    page = type(page).objects.get(pk=page.pk)
    page.slug = slug
    page.save_revision().publish()


def test_a_renamed_page_keeps_its_old_address_in_both_languages(client, world):
    make_recommendation(world.cycle, label="3.4", dutch=False)
    rename(world.assembly_page, "assemblee-climat")
    for old, new in (
        ("/fr/assemblee-bxl/", "/fr/assemblee-climat/"),
        ("/fr/assemblee-bxl/cycle-1/3-4/", "/fr/assemblee-climat/cycle-1/3-4/"),
        ("/nl/assemblee-bxl/cyclus-1/3-4/", "/nl/burgerraad-bxl/cyclus-1/3-4/"),
    ):
        response = client.get(f"{old}?as_of=2024-01-01")
        assert (response.status_code, response["Location"]) == (301, f"{new}?as_of=2024-01-01")
        assert response["Cache-Control"] == "max-age=3600"
        assert client.get(new).status_code == 200
    rename(world.assembly_page_nl, "klimaatraad")
    response = client.get("/nl/burgerraad-bxl/cyclus-1/3-4/")
    assert (response.status_code, response["Location"]) == (301, "/nl/klimaatraad/cyclus-1/3-4/")
    assert not Redirect.objects.exists()


def test_a_renamed_recommendation_keeps_its_old_address(client, world):
    asked = make_recommendation(world.cycle, label="3.4")
    rename(asked.page, "un-guichet")
    assert (
        goes_to(client, "/fr/assemblee-bxl/cycle-1/3-4/") == "/fr/assemblee-bxl/cycle-1/un-guichet/"
    )
    # The Dutch page has a name of its own, which stays.
    assert client.get("/nl/burgerraad-bxl/cyclus-1/3-4-nl/").status_code == 200
    assert (
        goes_to(client, "/nl/burgerraad-bxl/cyclus-1/3-4/") == "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"
    )


def test_a_name_given_back_leads_in_no_circle(client, world):
    rename(world.assembly_page, "assemblee-climat")
    rename(world.assembly_page, "assemblee-bxl")
    assert client.get("/fr/assemblee-bxl/").status_code == 200
    assert goes_to(client, "/fr/assemblee-climat/") == "/fr/assemblee-bxl/"


def test_the_name_of_today_comes_before_one_of_the_past(client, world):
    make_recommendation(world.cycle, label="1")
    rename(world.cycle_page, "cycle-logement")
    page = make_cycle(world.assembly_page, code="C2", slug="cycle-1", dutch=False)
    assert page.slug == "cycle-1"
    assert client.get("/fr/assemblee-bxl/cycle-1/").status_code == 200
    # What is not below the page of today is looked for below the one of the past.
    assert goes_to(client, "/fr/assemblee-bxl/cycle-1/1/") == "/fr/assemblee-bxl/cycle-logement/1/"


def test_a_moved_page_is_found_where_it_was(client, world):
    parent = make_standard_page(world.home, "Le portail", dutch=False)
    page = make_standard_page(world.home, "Méthode", dutch=False)
    page.move(parent, pos="last-child")
    for language in ("fr", "nl"):
        assert goes_to(client, f"/{language}/methode/") == f"/{language}/le-portail/methode/"


def test_more_than_a_thousand_pages_below_leave_one_row(
    client, world, django_assert_max_num_queries
):
    """Wagtail's own redirects ask SQLite for a thousand conditions at once, and fail."""
    make_recommendations(world.cycle, 1_100)
    page = type(world.assembly_page).objects.get(pk=world.assembly_page.pk)
    page.slug = "assemblee-climat"
    revision = page.save_revision()
    with django_assert_max_num_queries(80):
        revision.publish()
    assert PastAddress.objects.count() == 1
    last = world.cycle.recommendations.order_by("-pk").first()
    slug = last.page.slug
    for language, cycle in (("fr", "cycle-1"), ("nl", "cyclus-1")):
        old = f"/{language}/assemblee-bxl/{cycle}/{slug}/"
        assert client.get(goes_to(client, old)).status_code == 200


def test_a_draft_leaves_no_past(world):
    page = make_standard_page(world.home, "Brouillon", dutch=False)
    page = type(page).objects.get(pk=page.pk)
    page.live, page.first_published_at = False, None
    page.save()
    page.slug = "autre"
    page.save()
    assert not PastAddress.objects.exists()


# -- what every public page keeps to ----------------------------------------------------------


def every_address(world) -> list[str]:
    asked = make_recommendation(world.cycle, label="3.4", dutch=False)
    measure = make_measure(asked, label="3.4.1")
    act = make_act(asked)
    step = publish_action(asked, value="rejected")
    return [
        "/",
        "/fr/",
        "/nl/",
        "/fr/assemblee-bxl/",
        "/nl/burgerraad-bxl/cyclus-1/3-4/",
        "/fr/r/BXL-C1-3.4",
        "/r/BXL-C1-3.4",
        f"/fr/mesures/{measure.reference}/",
        f"/nl/besluiten/{act.slug}/",
        f"/fr/chronologie/{step.number}/",
    ]


def test_other_methods_are_refused(world):
    strict = Client(enforce_csrf_checks=True)
    for address in every_address(world):
        for method in ("post", "put", "patch", "delete", "options"):
            response = getattr(strict, method)(address)
            assert response.status_code == 405, (method, address)
            assert response["Allow"] == "GET, HEAD"
        assert strict.head(address).status_code in (200, 302)


def test_anonymous_readers_get_no_cookie(client, world):
    for address in every_address(world):
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address


def test_a_restricted_page_is_kept_from_others(client, world):
    page = make_standard_page(world.home, "Méthode", body="<p>Nous comptons ainsi.</p>")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    response = client.get("/fr/methode/")
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    restriction.restriction_type, restriction.password = "password", "sesame"
    restriction.save()
    response = client.get("/fr/methode/")
    assert response.status_code == 200
    assert "Nous comptons" not in text_of(response)
    assert "no-store" in response["Cache-Control"]
    restriction.delete()
    assert "Nous comptons ainsi." in text_of(client.get("/fr/methode/"))


def test_two_assemblies_share_the_frame(client):
    home, _dutch = make_home()
    first = make_assembly(home)
    content = client.get("/fr/").content.decode()
    assert "masthead__name--own" in content  # one assembly: the site is its own
    page = make_assembly(home, code="PAR", preset="paris", dutch=False)
    make_kind(page.register)
    make_cycle(page, dutch=False, handed_over_on=datetime.date(2024, 7, 1))
    content = client.get(first.url).content.decode()
    assert '<details class="switch">' in content
    assert 'href="/fr/assemblee-bxl/" aria-current="true"' in content
    assert 'href="/fr/assemblee-par/">' in content
