"""A page in two languages, side by side: nothing that is missing is filled."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_act,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
)

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH = "/fr/assemblee-bxl/cycle-1/3-4/"
DUTCH = "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(
        world.cycle,
        label="3.4",
        verbatim="<p>Nous demandons un guichet.</p><ul><li>gratuit</li></ul>",
    )


def read(client, address) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def sides(page, anchor) -> list[tuple[str, str]]:
    """Language and text of each cell of a section."""
    section = page.select_one(f"section[aria-labelledby={anchor}]")
    return [
        (cell["lang"], " ".join(cell.get_text(" ", strip=True).split()))
        for cell in section.select(".pair > [lang]")
    ]


def test_the_switch_stands_beside_the_page_and_back(client, asked):
    for address, other, name in ((FRENCH, "nl", "Nederlands"), (DUTCH, "fr", "Français")):
        link = read(client, address).select_one(f".tools a[href='?beside={other}']")
        assert link.select_one(f"[lang={other}]").get_text() == name
        page = read(client, f"{address}?beside={other}")
        assert page.select_one(f"a[href='{address}']")
        assert page.select_one("meta[name=robots]")["content"] == "noindex"
        assert len(page.select("h1")) == 1


def test_a_recommendation_stands_in_both_languages(client, world, asked):
    make_passage(asked, words={"fr": "un guichet", "nl": "een loket"})
    make_measure(asked, label="3.4.1", title="Six guichets", text="Un.\n\nDeux.")
    publish_action(asked, value="rejected", text="Non.")
    publish_action(asked, value="insufficient", text="Si.", on=D(2024, 6, 1))
    page = read(client, f"{FRENCH}?beside=nl")
    titles = [each["lang"] for each in page.select(".pair--title > [lang]")]
    assert titles == ["fr", "nl"]
    assert [each.get_text() for each in page.select("h2 [lang=nl]")][:2]
    assert "Aanbeveling 3.4" in page.select_one(".pair--title [lang=nl]").get_text()
    assert [each.get_text() for each in page.select("mark")] == ["un guichet", "een loket"]
    names = [each["id"] for each in page.select("[id]")]
    assert len(names) == len(set(names))
    cells = sides(page, "done")
    assert [code for code, _text in cells] == ["fr", "nl"] * 2
    assert "Un." in cells[0][1]
    assert "Deux. (nl)" in cells[3][1]
    assert "Si. (nl)" in sides(page, "judged")[1][1]
    assert "Non." in sides(page, "answered")[0][1]


def test_as_many_paragraphs_stand_one_beside_the_other(client, asked):
    words = {"fr": "Un.\n\nDeux.\n\nTrois.", "nl": "Een.\n\nTwee.\n\nDrie."}
    make_measure(asked, label="1", title={"fr": "T", "nl": "T"}, text=words)
    assert len(sides(read(client, f"{FRENCH}?beside=nl"), "done")) == 6
    words = {"fr": "Un.\n\nDeux.\n\nTrois.", "nl": "Een en twee."}
    make_measure(asked, label="2", title={"fr": "T", "nl": "T"}, text=words)
    assert len(sides(read(client, f"{FRENCH}?beside=nl"), "done")) == 8


def test_what_is_missing_is_said_and_never_filled(client, world):
    alone = make_recommendation(world.cycle, label="5", dutch=False)
    make_measure(alone, label="5.1", title="Six guichets", text="Un texte.", dutch=False)
    page = read(client, "/fr/assemblee-bxl/cycle-1/5/?beside=nl")
    asked = sides(page, "asked")
    assert "guichet" in asked[0][1]
    assert asked[1] == ("nl", "Nog niet vertaald.")
    dutch = " ".join(text for code, text in sides(page, "done") if code == "nl")
    assert "Nog niet vertaald." in dutch
    assert "guichets" not in dutch
    assert "guichet" not in page.select_one(".pair--title [lang=nl]").get_text()


def test_measures_and_acts_too(client, asked):
    measure = make_measure(asked, label="3.4.1", title="Six guichets", text="Un texte.")
    act = make_act(asked)
    for fact, address in ((measure, measure.url), (act, act.public_url)):
        address = address.replace("/nl/", "/fr/")
        assert read(client, address).select_one("a[href='?beside=nl']"), fact
        page = read(client, f"{address}?beside=nl")
        titles = page.select(".pair--title > [lang]")
        assert [each["lang"] for each in titles] == ["fr", "nl"]
        assert titles[1].get_text(strip=True).endswith("(nl)")
        assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_the_same_language_changes_nothing_and_an_unknown_one_is_an_error(client, asked):
    for query in ("beside=fr", "beside="):
        page = read(client, f"{FRENCH}?{query}")
        assert not page.select(".pair"), query
    for query in ("beside=xx", "beside=nl%22"):
        assert client.get(f"{FRENCH}?{query}").status_code == 400, query


def test_a_third_language_may_stand_beside(client, world, asked, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "Deutsch")]
    make_measure(asked, label="1", title={"fr": "Un", "de": "Eins"})
    page = read(client, f"{FRENCH}?beside=de")
    assert [each["lang"] for each in page.select(".pair--title > [lang]")] == ["fr", "de"]
    assert ("de", "1 Eins") in [(c, t[:6]) for c, t in sides(page, "done")]


def test_an_assembly_of_one_language_offers_no_other(client):
    world = make_world(code="PAR", preset="paris", dutch=False)
    make_recommendation(world.cycle, label="1", dutch=False)
    page = read(client, "/fr/assemblee-par/cycle-1/1/")
    assert not page.select("a[href^='?beside']")


@pytest.mark.parametrize("number", [1, 3])
def test_two_languages_cost_no_more_queries_than_one(client, asked, number):
    for place in range(number):
        make_measure(asked, label=f"3.4.{place}")
        publish_action(asked, value="under_study", on=D(2023, 9, 1 + place))
    counts = []
    for address in (FRENCH, f"{FRENCH}?beside=nl"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7
