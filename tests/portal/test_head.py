"""How pages are found and shared: what their heads say to search engines and to networks."""

import datetime
import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import translation

from tests.factories import (
    make_act,
    make_assembly,
    make_body,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    plain,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date

SITE = "http://127.0.0.1:8000"
ASKED = "/fr/assemblee-bxl/cycle-1/1/"


@pytest.fixture(autouse=True)
def _in_french():
    """Addresses of facts are asked for in French, whatever the last request left behind."""
    with translation.override("fr"):
        yield


@pytest.fixture
def world():
    return make_world()


def head(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.content, "html5lib").head


def meta(found: BeautifulSoup, name: str) -> str:
    tags = found.select(f'meta[property="{name}"], meta[name="{name}"]')
    assert len(tags) <= 1, name
    return tags[0]["content"] if tags else ""


def data(found: BeautifulSoup) -> dict[str, dict]:
    """What the page says of itself, by kind of thing."""
    said = json.loads(found.select_one('script[type="application/ld+json"]').string)
    assert said["@context"] == "https://schema.org"
    return {each["@type"]: each for each in said["@graph"]}


def languages(found: BeautifulSoup) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in found.select("link[hreflang]")}


# -- what a page is called ------------------------------------------------------------------------


def test_a_recommendation_is_told_by_its_sentence(client, world):
    asked = make_recommendation(world.cycle, label="1", title="Un guichet <par> quartier & plus")
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    found = head(client, ASKED)
    assert found.title.text == "Recommandation 1, Un guichet <par> quartier & plus | Suites"
    assert meta(found, "og:title") == "Recommandation 1, Un guichet <par> quartier & plus"
    assert plain(meta(found, "description")).startswith("Acceptée le 15 mai 2024.")
    assert meta(found, "og:description") == meta(found, "description")
    assert meta(found, "og:url") == SITE + ASKED
    assert meta(found, "og:type") == "article"
    assert meta(found, "og:locale") == "fr_FR"
    assert meta(found, "og:locale:alternate") == "nl_BE"
    assert meta(found, "twitter:card") == "summary_large_image"
    assert meta(found, "og:image").startswith(f"{SITE}/fr/cards/BXL-C1-1/")
    assert meta(found, "robots") == ""
    dutch = head(client, "/nl/burgerraad-bxl/cyclus-1/1-nl/")
    assert meta(dutch, "og:locale") == "nl_BE"
    assert meta(dutch, "og:image").startswith(f"{SITE}/nl/cards/BXL-C1-1/")


def test_every_page_says_what_it_is(client, world):
    topic = make_topic("eau")
    asked = make_recommendation(world.cycle, label="1", topics=[topic])
    measure = make_measure(asked, label="1.1", lead=world.administration)
    step = publish_action(measure, value="under_way", on=D(2025, 1, 1))
    act = make_act(asked)
    described = {}
    for address in (
        *("/fr/assemblee-bxl/cycle-1/", ASKED, measure.url, act.public_url, step.url),
        *("/fr/organismes/", "/fr/organismes/housing/", "/fr/themes/", "/fr/themes/eau/"),
        "/fr/chronologie/",
    ):
        found = head(client, address)
        described[address] = meta(found, "description")
        assert described[address], address
        assert "<" not in described[address], address
        assert meta(found, "og:title") == found.title.text.removesuffix(" | Suites"), address
        assert meta(found, "og:image").endswith(".png"), address
        assert languages(found)["x-default"], address
    assert "janvier 2025" in plain(described["/fr/mesures/BXL-C1-1.1/"])
    assert len(set(described.values())) == len(described)


def test_errors_and_what_was_withdrawn_are_not_shared(client, world):
    gone = make_recommendation(world.cycle, label="3")
    withdraw(gone)
    for address, status in {"/fr/rien/": 404, "/fr/assemblee-bxl/cycle-1/3/": 410}.items():
        found = head(client, address, status)
        assert meta(found, "robots") == "noindex"
        assert not found.select('meta[property^="og:"], link[rel="canonical"], script')
        assert not languages(found)


# -- addresses and languages ----------------------------------------------------------------------


def test_languages_name_each_other_and_only_what_exists(client, world):
    make_recommendation(world.cycle, label="1")
    make_recommendation(world.cycle, label="2", dutch=False)
    dutch = "/nl/burgerraad-bxl/cyclus-1/1-nl/"
    both = {"fr": SITE + ASKED, "nl": SITE + dutch, "x-default": SITE + ASKED}
    assert languages(head(client, ASKED)) == both
    assert languages(head(client, dutch)) == both
    french = f"{SITE}/fr/assemblee-bxl/cycle-1/2/"
    for address in ("/fr/assemblee-bxl/cycle-1/2/", "/nl/burgerraad-bxl/cyclus-1/2/"):
        found = head(client, address)
        assert languages(found) == {"fr": french, "x-default": french}
        # In Dutch only its frame exists: search engines are led to the page itself.
        assert found.select_one('link[rel="canonical"]')["href"] == french
        assert meta(found, "og:url") == french


def test_a_further_page_of_a_list_is_an_address_of_its_own(client, world):
    for number in range(1, 53):
        make_recommendation(world.cycle, label=str(number), dutch=False)
    found = head(client, "/fr/assemblee-bxl/cycle-1/?after=BXL-C1-50&utm_source=x")
    here = f"{SITE}/fr/assemblee-bxl/cycle-1/?after=BXL-C1-50"
    assert found.select_one('link[rel="canonical"]')["href"] == here
    assert languages(found) == {
        "fr": here,
        "nl": f"{SITE}/nl/burgerraad-bxl/cyclus-1/?after=BXL-C1-50",
        "x-default": here,
    }


# -- for machines ---------------------------------------------------------------------------------


def test_a_recommendation_is_a_work_in_its_place(client, world):
    asked = make_recommendation(world.cycle, label="1", title="Un guichet")
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    said = data(head(client, ASKED))
    work = said["CreativeWork"]
    assert work["@id"] == f"{SITE}/fr/r/BXL-C1-1"
    assert work["identifier"] == "BXL-C1-1"
    assert work["name"] == "Recommandation 1: Un guichet"
    assert work["inLanguage"] == "fr"
    assert plain(work["abstract"]).startswith("Acceptée le 15 mai 2024.")
    assert work["author"]["name"] == "Assemblée"
    assert work["isPartOf"]["url"] == f"{SITE}/fr/assemblee-bxl/cycle-1/"
    assert work["dateCreated"] == "2023-06-09"
    assert "creativeWorkStatus" not in work
    steps = said["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3, 4]
    assert steps[1]["item"] == f"{SITE}/fr/assemblee-bxl/"
    assert "item" not in steps[-1]
    french = make_recommendation(world.cycle, label="2", title="Deux guichets", dutch=False)
    there = data(head(client, f"/nl/burgerraad-bxl/cyclus-1/{french.page.slug}/"))
    assert there["CreativeWork"]["inLanguage"] == "fr"


def test_no_title_can_end_the_data(client, world):
    hostile = "</script><script>alert(1)</script><!-- & \u2028 \" ' {{ x }}"
    make_recommendation(world.cycle, label="1", title=hostile)
    response = client.get(ASKED)
    content = response.content.decode()
    assert "<script>alert" not in content
    page = BeautifulSoup(content, "html5lib")
    assert len(page.select("script")) == 1
    assert data(page.head)["CreativeWork"]["name"].endswith(hostile)
    assert "alert(1)" in meta(page.head, "og:title")


# -- examples -------------------------------------------------------------------------------------


def test_what_is_invented_is_marked_and_kept_out_of_search_engines(client, world):
    """Every type of page that can show an example: not indexed, marked, and on its picture too."""
    topic = make_topic("eau")
    asked = make_recommendation(world.cycle, label="1", topics=[topic], example=True)
    measure = make_measure(asked, label="1.1", lead=world.administration, example=True)
    act = make_act(asked, example=True)
    step = publish_action(asked, value="partial", example=True, on=D(2024, 6, 1))
    real = publish_action(asked, kind="meeting", on=D(2024, 7, 1))
    body = make_body("invente", assembly=world.assembly, example=True)
    # A real recommendation whose state an example sets, and one with an invented measure.
    told = make_recommendation(world.cycle, label="2", title="Vraie")
    publish_action(told, value="accepted", example=True, on=D(2024, 5, 15))
    planned = make_recommendation(world.cycle, label="3", title="Vraie aussi")
    make_measure(planned, label="3.1", example=True)
    make_assembly(world.home, code="EX", example=True)
    pages = {
        "recommendation": (ASKED, "/nl/burgerraad-bxl/cyclus-1/1-nl/"),
        "answered by an example": (
            "/fr/assemblee-bxl/cycle-1/2/",
            "/nl/burgerraad-bxl/cyclus-1/2-nl/",
        ),
        "with an invented measure": (
            "/fr/assemblee-bxl/cycle-1/3/",
            "/nl/burgerraad-bxl/cyclus-1/3-nl/",
        ),
        "assembly": ("/fr/assemblee-ex/", "/nl/burgerraad-ex/"),
        "measure": (measure.url, f"/nl/maatregelen/{measure.reference}/"),
        "act": (act.public_url, f"/nl/besluiten/{act.slug}/"),
        "action": (step.url, f"/nl/tijdlijn/{step.number}/"),
        "real action on an example": (real.url, f"/nl/tijdlijn/{real.number}/"),
        "body": (body.url, "/nl/instanties/invente/"),
        "topic": ("/fr/themes/eau/", "/nl/themas/eau/"),
    }
    for name, (french, dutch) in pages.items():
        for address, word in ((french, "Exemple"), (dutch, "Voorbeeld")):
            response = client.get(address)
            assert response.status_code == 200, name
            page = BeautifulSoup(response.content, "html5lib")
            assert meta(page.head, "robots") == "noindex", (name, address)
            assert [mark for mark in page.select(".example") if mark.text == word], (name, address)
            assert meta(page.head, "og:image:alt").startswith(word), (name, address)
    assert data(head(client, ASKED))["CreativeWork"]["creativeWorkStatus"] == "Example"


def test_a_cycle_that_counts_examples_says_so_where_it_is_shared(client, world):
    make_recommendation(world.cycle, label="1", example=True)
    make_recommendation(world.cycle, label="2")
    found = head(client, "/fr/assemblee-bxl/cycle-1/")
    assert meta(found, "robots") == ""
    assert meta(found, "og:image:alt").startswith("Exemple")
