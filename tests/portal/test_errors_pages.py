"""Pages for what goes wrong: ways out, right status, the reader's language, few queries."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from portal import errors
from tests.factories import make_recommendation, make_world, text_of, withdraw

LANGUAGES = ["fr", "nl"]


@pytest.fixture
def world(db):
    return make_world()


def html_of(response) -> str:
    return response.content.decode()


# -- 404 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_ways_out_of_a_page_that_does_not_exist(client, world, language):
    response = client.get(f"/{language}/rien/")
    html = html_of(response)
    assert response.status_code == 404
    assert f'<html lang="{language}"' in html
    assert '<meta name="robots" content="noindex">' in html
    assembly = {"fr": "/fr/assemblee-bxl/", "nl": "/nl/burgerraad-bxl/"}[language]
    timeline = {"fr": "/fr/chronologie/", "nl": "/nl/tijdlijn/"}[language]
    for way in (f"/{language}/", assembly, timeline, f"/{language}/contact/?kind=error"):
        assert f'href="{way}"' in html


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/fr/assemblee-bxl/cycle-1/BXL-C1-3.4/", True),
        ("/fr/bxl-c1-3.4.", True),
        ("/BXL-C1-3.4", True),
        ("/fr/recherche/bxl-c1-3.4/pdf/", True),
        ("/fr/r/BXL-C1-3.4/", False),
        ("/r/BXL-C1-3.4", False),
        ("/fr/mesures/BXL-C1-3.4/", False),
        ("/fr/XYZ-C1-3.4/", False),
        ("/fr/comment-les-etats/", False),
    ],
)
def test_a_reference_in_the_address_is_offered(client, world, address, meant):
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="fr", follow=True)
    assert response.status_code == 404
    assert ('href="/fr/r/BXL-C1-3.4">BXL-C1-3.4</a>' in html_of(response)) is meant


def test_an_unknown_page_asks_little(client, world):
    client.get("/fr/rien/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/fr/rien/")
    # The change log; Wagtail's redirects: the site, and the address.
    assert len(queries) <= 3, [query["sql"] for query in queries]


# -- the others -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_open_leads_on(world, language):
    response = errors.permission_denied(RequestFactory().get(f"/{language}/x/"))
    assert response.status_code == 403
    assert f'href="/{language}/contact/?kind=question"' in html_of(response)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_withdrawn_says_so_in_the_readers_language(client, world, language):
    asked = make_recommendation(world.cycle, label="3.4")
    withdraw(asked, reason={"fr": "Saisie deux fois.", "nl": "Twee keer ingevoerd."})
    response = client.get(f"/{language}/r/BXL-C1-3.4")
    assert response.status_code == 410
    assert f'<html lang="{language}"' in html_of(response)
    said = {"fr": "Saisie deux fois.", "nl": "Twee keer ingevoerd."}[language]
    assert said in text_of(response)


@pytest.mark.parametrize("view", [errors.bad_request, errors.server_error])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_without_a_database(view, language):
    # Without the django_db mark every query fails the test.
    html = html_of(view(RequestFactory().get(f"/{language}/x/")))
    assert f'<html lang="{language}"' in html
    assert f'href="/{language}/"' in html


# -- closed for work --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "language"), [("/fr/", "fr"), ("/nl/x/?a=b", "nl"), ("/", "nl"), ("/r/X", "nl")]
)
def test_closed_for_work(client, settings, address, language):
    # No database either: it may be what is being worked on.
    settings.SUITES_MAINTENANCE = 20
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="nl")
    assert response.status_code == 503
    assert response["Retry-After"] == "1200"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Language"] == language
    assert "20" in text_of(response)
    assert not response.cookies
    posted = client.post("/fr/contact/", {"text": "x"})
    assert posted.status_code == 503


@pytest.mark.django_db
def test_the_admin_stays_open(client, settings):
    settings.SUITES_MAINTENANCE = 20
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/fr/", follow=True).status_code == 503


@pytest.mark.django_db
def test_open_again(client, world):
    assert client.get("/fr/").status_code == 200
