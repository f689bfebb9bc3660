"""Pages on a day of the past: what they show, leave out and refuse, and what that costs."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.assemblies.test_cycle_page import enrich
from tests.factories import (
    correct,
    make_count,
    make_cycle,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
    text_of,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date

ASSEMBLY = {"fr": "/fr/assemblee-bxl/", "nl": "/nl/burgerraad-bxl/"}
CYCLE = {"fr": "/fr/assemblee-bxl/cycle-1/", "nl": "/nl/burgerraad-bxl/cyclus-1/"}
RECOMMENDATION = {
    "fr": "/fr/assemblee-bxl/cycle-1/3-4/",
    "nl": "/nl/burgerraad-bxl/cyclus-1/3-4-nl/",
}


@pytest.fixture
def world(settings):
    settings.SUITES_TODAY = D(2026, 11, 12)
    return make_world()


@pytest.fixture
def told(world):
    """A recommendation answered in 2023 and 2024, its measure delivered in 2025, judged between."""
    asked = make_recommendation(world.cycle, label="3.4")
    publish_action(asked, value="under_study", stage="initial", on=D(2023, 9, 28), title="Étude")
    publish_action(asked, value="partial", stage="final", on=D(2024, 5, 15), title="Finale")
    measure = make_measure(asked, label="3.4.1", announced_on=D(2024, 5, 15))
    publish_action(asked, value="to_clarify", on=D(2024, 6, 6), title="Avis")
    publish_action(measure, value="delivered", on=D(2025, 1, 9), title="Fait")
    return asked


def read(client, address, day):
    response = client.get(address, {"as_of": day})
    assert response.status_code == 200
    return response, BeautifulSoup(response.content, "html5lib")


# -- a recommendation ---------------------------------------------------------------------------


def test_a_recommendation_shows_that_day_and_nothing_later(client, told):
    response, page = read(client, RECOMMENDATION["fr"], "2024-06-01")
    text = text_of(response)
    assert "Acceptée en partie le 15\xa0mai 2024." in page.select_one(".sentence").get_text()
    assert "ne l’a pas encore examinée" in page.select_one(".sentence").get_text()
    assert "Fait" not in [each.get_text() for each in page.select(".action__title")]
    assert "Avis" not in [each.get_text() for each in page.select(".action__title")]
    assert "0 sur 1" in text
    early, _page = read(client, RECOMMENDATION["fr"], "2024-01-01")
    assert "Aucune mesure n’est annoncée" in text_of(early)
    assert "Finale" not in text_of(early)


def test_the_bar_says_so_and_leads_to_the_changes_beside_and_to_today(client, told):
    _response, page = read(client, RECOMMENDATION["fr"], "2024-06-01")
    assert "is-past" in page.body["class"]
    bar = page.select_one(".past")
    assert bar.select_one("p time")["datetime"] == "2024-06-01"
    links = [link["href"] for link in bar.select("a")]
    assert links == [
        f"{RECOMMENDATION['fr']}?as_of=2024-05-15",
        f"{RECOMMENDATION['fr']}?as_of=2024-06-06",
        RECOMMENDATION["fr"],
    ]
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert not page.select("link[rel=canonical], meta[property='og:title']")


def test_a_day_is_chosen_without_script(client, told):
    page = BeautifulSoup(client.get(RECOMMENDATION["fr"]).content, "html5lib")
    form = page.select_one(".asof form")
    assert (form["method"], form.get("action")) == ("get", None)
    assert form.select_one("input[type=date][name=as_of]")["max"] == "2026-11-12"
    assert not page.select(".past")


def test_links_stay_on_the_day(client, told):
    make_recommendation(told.cycle, label="3.5")
    _response, page = read(client, RECOMMENDATION["fr"], "2024-06-01")
    assert page.select_one(".sequence a")["href"].endswith("?as_of=2024-06-01")
    assert page.select(".crumbs a")[-1]["href"] == f"{CYCLE['fr']}?as_of=2024-06-01"
    _response, page = read(client, CYCLE["fr"], "2024-06-01")
    assert page.select_one(".rec__title a")["href"].endswith("?as_of=2024-06-01")
    assert "as_of=2024-06-01" in page.select_one(".tally a")["href"]
    assert page.select_one(".facets input[name=as_of]")["value"] == "2024-06-01"


def test_before_the_handover_it_says_so(client, told):
    response, page = read(client, RECOMMENDATION["fr"], "2023-06-01")
    assert "n’avait pas encore été remise" in text_of(response)
    assert not page.select(".action")
    response, _page = read(client, CYCLE["fr"], "2023-06-01")
    assert response.context["counted"].recommendations == 0


def test_marks_and_contests_of_later_are_absent(client, told, world):
    claim = make_passage(told, words="guichet", on=D(2024, 5, 20))
    publish_action(
        told, kind="opinion", contests=claim, body=world.committee, on=D(2024, 7, 1), title="Non"
    )
    _response, before = read(client, RECOMMENDATION["fr"], "2024-05-19")
    assert not before.select(".segment, .segment-key")
    _response, marked = read(client, RECOMMENDATION["fr"], "2024-06-01")
    assert marked.select(".segment")
    assert not marked.select(".segment-key__contest")
    _response, later = read(client, RECOMMENDATION["fr"], "2024-07-01")
    assert later.select(".segment-key__contest")


def test_a_correction_counts_on_the_days_before_it_was_published(client, told):
    wrong = publish_action(told, value="rejected", stage="final", on=D(2024, 5, 20))
    correct(wrong, value="accepted", stage="final", on=D(2024, 5, 20), published=D(2025, 5, 1))
    _response, page = read(client, RECOMMENDATION["fr"], "2024-06-01")
    assert "Acceptée le 20\xa0mai 2024." in page.select_one(".sentence").get_text()


# -- lists --------------------------------------------------------------------------------------


def test_a_cycle_counts_as_on_that_day(client, told, world):
    later = make_recommendation(world.cycle, label="4", handed_over_on=D(2024, 9, 1))
    make_count(world.cycle, stated_on=D(2025, 1, 1))
    withdraw(make_recommendation(world.cycle, label="5"), on=D(2025, 3, 1))
    response, page = read(client, CYCLE["fr"], "2024-05-31")
    counted = response.context["counted"]
    assert dict(counted.responses) == {"partial": 1, "awaiting": 1}
    assert (counted.withdrawn, counted.measures, counted.done) == (0, 1, 0)
    assert later.reference not in page.get_text()
    assert not page.select("#announced")
    today = client.get(CYCLE["fr"]).context["counted"]
    assert (today.recommendations, today.withdrawn, today.done) == (2, 1, 1)


def test_filters_hold_on_that_day(client, told):
    address = f"{CYCLE['fr']}?response=under_study&as_of=2024-01-01"
    response = client.get(address)
    assert [row.label for row in response.context["window"].items] == ["3.4"]
    for query in ("implementation=delivered", "opinion=to_clarify", "late=1"):
        then = client.get(f"{CYCLE['fr']}?{query}&as_of=2024-06-01")
        assert not then.context["window"].items, query
    assert (
        client.get(f"{CYCLE['fr']}?implementation=not_started&as_of=2024-06-01")
        .context["window"]
        .items
    )


def test_late_is_reckoned_on_that_day(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted", stage="final", on=D(2024, 8, 1))
    for day, late in (("2024-06-09", 0), ("2024-06-10", 1), ("2024-07-31", 1), ("2024-08-01", 0)):
        response = client.get(CYCLE["fr"], {"late": "1", "as_of": day})
        assert len(response.context["window"].items) == late, day


def test_an_assembly_has_the_rounds_steps_and_acts_of_that_day(client, told, world):
    make_cycle(world.assembly_page, code="C2", handed_over_on=D(2024, 9, 1))
    response, page = read(client, ASSEMBLY["fr"], "2024-06-01")
    assert [each["cycle"].code for each in response.context["rounds"]] == ["C1"]
    titles = [each.get_text() for each in page.select(".action__title")]
    assert "Finale" in titles
    assert "Avis" not in titles
    assert page.select_one(".cycle h3 a")["href"].endswith("?as_of=2024-06-01")
    assert response.context["past"]["next"]["day"] == D(2024, 6, 6)


# -- what it costs ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("addresses", "cost"), [(RECOMMENDATION, 6), (CYCLE, 8), (ASSEMBLY, 7)])
def test_the_past_takes_the_queries_of_the_present(
    client, told, world, addresses, cost, number, language
):
    enrich(world, number)
    for query in ({}, {"as_of": "2024-06-01"}, {"as_of": "2023-07-01"}):
        client.get(addresses[language])
        with CaptureQueriesContext(connection) as queries:
            response = client.get(addresses[language], query)
        assert response.status_code == 200
        assert len(queries) == cost, [query["sql"] for query in queries]


# -- what it refuses ----------------------------------------------------------------------------

HOSTILE = [
    "hier",
    "2024-6-1",
    "20240601",
    "2024-W22-6",
    "2024-02-30",
    "0000-01-01",
    "2024-13-01",
    "2024-06-01T00:00",
    "２０２４-06-01",
    "-2024-06-01",
    "9999-12-31",
    "2026-11-13",
    "' OR 1=1 --",
    "<script>",
    "2024-06-01" * 20,
]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("addresses", [RECOMMENDATION, CYCLE, ASSEMBLY])
def test_a_hostile_day_is_refused_with_a_sentence(client, told, addresses, typed):
    for language, sentence in (("fr", "as_of"), ("nl", "as_of")):
        response = client.get(addresses[language], {"as_of": typed})
        assert response.status_code == 400
        assert response["Content-Language"] == language
        assert sentence in text_of(response)


@pytest.mark.parametrize("typed", ["", "2026-11-12"])
@pytest.mark.parametrize("addresses", [RECOMMENDATION, CYCLE, ASSEMBLY])
def test_no_day_and_today_are_the_present(client, told, addresses, typed):
    assert client.get(addresses["fr"], {"as_of": typed}).context["past"] is None


@pytest.mark.parametrize("day", ["0001-01-01", "1000-02-29"[:8] + "28"])
def test_long_ago_there_was_nothing(client, told, day):
    for addresses in (RECOMMENDATION, CYCLE, ASSEMBLY):
        _response, page = read(client, addresses["nl"], day)
        assert not page.select(".action")
