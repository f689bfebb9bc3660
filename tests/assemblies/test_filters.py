"""The filters of a cycle's list: what they leave, what they count, what they refuse."""

import datetime
import itertools

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from assemblies.models import Recommendation
from assemblies.pages.filters import FILTERS
from tests.assemblies.bulk import answered, make_recommendations
from tests.factories import (
    make_body,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date

FRENCH = "/fr/assemblee-bxl/cycle-1/"
DUTCH = "/nl/burgerraad-bxl/cyclus-1/"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def filled(world):
    """Six recommendations, no two of which are found by the same filters."""
    water, housing = make_topic("eau"), make_topic("logement")
    motion = make_kind(world.assembly, "motion", name={"fr": "Motion"}, plural={"fr": "Motions"})
    other = make_body("region", "other_level")
    first = make_recommendation(world.cycle, label="1", topics=[water])
    publish_action(first, value="accepted", stage="final", on=D(2024, 5, 1))
    publish_action(first, value="satisfactory", on=D(2024, 6, 1))
    done = make_measure(first, label="1.1", lead=world.administration)
    make_measure(first, label="1.2", lead=other)
    publish_action(done, value="delivered", on=D(2025, 1, 1))
    second = make_recommendation(world.cycle, label="2", topics=[water, housing])
    publish_action(second, value="accepted", stage="final", on=D(2024, 5, 1))
    stopped = make_measure(second, label="2.1", lead=world.administration)
    publish_action(stopped, value="stopped", on=D(2025, 1, 1))
    third = make_recommendation(world.cycle, label="3", topics=[housing], kind=motion)
    publish_action(third, value="rejected", stage="final", on=D(2024, 5, 1))
    fourth = make_recommendation(world.cycle, label="4")
    publish_action(fourth, value="accepted", stage="final", on=D(2024, 5, 1))
    publish_action(fourth, value="under_way", on=D(2025, 1, 1))
    make_recommendation(world.cycle, label="5", topics=[water])
    gone = make_recommendation(world.cycle, label="6", topics=[water])
    withdraw(gone)
    return world


def labels(response) -> list[str]:
    assert response.status_code == 200
    return [item.label for item in response.context["window"].items]


def found(response) -> dict[str, dict[str, int]]:
    """Filter → value → the number beside it."""
    return {
        facet.name: {value["value"]: value["number"] for value in facet.values}
        for facet in response.context["found"].facets
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["1", "2", "3", "4", "5", "6"]),
        ("response=accepted", ["1", "2", "4"]),
        ("response=accepted&response=rejected", ["1", "2", "3", "4"]),
        ("response=awaiting", ["5"]),
        ("implementation=delivered", ["1"]),
        ("implementation=not_started", ["1"]),
        ("implementation=under_way", ["4"]),
        ("implementation=none", ["3", "5"]),
        ("implementation=delivered&implementation=stopped", ["1", "2"]),
        ("opinion=satisfactory", ["1"]),
        ("opinion=not_examined", ["2", "3", "4", "5"]),
        ("body=region", ["1"]),
        ("body=housing", ["1", "2"]),
        ("body=government-bxl", ["1", "2", "4", "5"]),
        ("topic=eau", ["1", "2", "5"]),
        ("topic=eau&topic=logement", ["1", "2", "3", "5"]),
        ("kind=motion", ["3"]),
        ("late=1", ["5"]),
        ("topic=eau&response=accepted", ["1", "2"]),
        ("topic=eau&response=accepted&implementation=stopped", ["2"]),
        ("topic=eau&response=rejected", []),
        ("response=", ["1", "2", "3", "4", "5", "6"]),
        ("utm_source=x", ["1", "2", "3", "4", "5", "6"]),
    ],
)
def test_what_each_filter_leaves(client, filled, query, expected):
    response = client.get(f"{FRENCH}?{query}")
    assert labels(response) == expected
    assert labels(client.get(f"{DUTCH}?{query}")) == expected


def test_a_number_is_what_choosing_its_value_shows(client, filled):
    """Of every combination of two filters, each number beside a value of a third is kept."""
    values = {name: list(numbers) for name, numbers in found(client.get(FRENCH)).items()}
    assert set(values) == set(FILTERS)
    for one, two in itertools.combinations(FILTERS, 2):
        chosen = {one: values[one][0], two: values[two][0]}
        counted = found(client.get(f"{FRENCH}?{urlencode(chosen)}"))
        for name in set(counted) - set(chosen):
            for value, number in counted[name].items():
                answer = client.get(f"{FRENCH}?{urlencode({**chosen, name: value})}")
                assert len(labels(answer)) == number, (chosen, name, value)


def test_numbers_are_counted_under_the_other_filters(client, filled):
    counted = found(client.get(f"{FRENCH}?response=accepted&topic=eau"))
    assert counted["response"] == {"accepted": 2, "awaiting": 1}
    assert counted["topic"] == {"eau": 2, "logement": 1}
    assert counted["implementation"] == {"not_started": 1, "delivered": 1, "stopped": 1}
    assert "late" not in counted or counted["late"] == {}


def test_a_value_that_leaves_nothing_goes_unless_it_is_chosen(client, filled):
    response = client.get(f"{FRENCH}?response=rejected&topic=eau")
    assert found(response)["response"] == {"awaiting": 1, "accepted": 2, "rejected": 0}
    assert "partial" not in found(client.get(FRENCH))["response"]
    assert labels(response) == []
    content = response.content.decode()
    assert 'class="chosen"' in content
    assert "rec-head" not in content


def test_chosen_filters_are_listed_and_taken_back_one_by_one(client, filled):
    address = f"{FRENCH}?response=accepted&response=rejected&topic=eau"
    response = client.get(address)
    page = BeautifulSoup(response.content, "html5lib")
    links = [link["href"] for link in page.select(".chosen li a")]
    assert links == [
        f"{FRENCH}?response=rejected&topic=eau#list",
        f"{FRENCH}?response=accepted&topic=eau#list",
        f"{FRENCH}?response=accepted&response=rejected#list",
    ]
    assert page.select_one(".chosen__all")["href"] == f"{FRENCH}#list"
    checked = [(box["name"], box["value"]) for box in page.select("form.facets input[checked]")]
    assert checked == [("response", "accepted"), ("response", "rejected"), ("topic", "eau")]
    form = page.select_one("form.facets")
    assert (form["method"], form["action"]) == ("get", f"{FRENCH}#list")
    assert {box["name"] for box in form.select("input")} <= set(FILTERS)


def test_a_filter_that_divides_nothing_is_not_offered(client, world):
    for label in ("1", "2"):
        asked = make_recommendation(world.cycle, label=label)
        publish_action(asked, value="accepted", stage="final", on=D(2024, 5, 1))
    assert found(client.get(FRENCH)) == {}
    assert "facets" not in client.get(FRENCH).content.decode().partition("<main")[2]
    assert list(found(client.get(f"{FRENCH}?response=accepted"))) == ["response"]


def test_without_a_committee_there_is_no_filter_by_opinion(client):
    world = make_world(preset="paris", code="PAR", dutch=False)
    for label in ("V1", "V2"):
        make_recommendation(world.cycle, label=label, dutch=False)
    publish_action(Recommendation.objects.first(), value="accepted", on=D(2024, 5, 1))
    offered = found(client.get("/fr/assemblee-par/cycle-1/"))
    assert "response" in offered
    assert "opinion" not in offered


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("response", "acceptee"),
        ("response", "accepted'--"),
        ("implementation", "all"),
        ("opinion", "x" * 2000),
        ("topic", "nothing"),
        ("body", "💩"),
        ("kind", "voeu"),
        ("late", "yes"),
        ("late", "0"),
    ],
)
@pytest.mark.parametrize("address", [FRENCH, DUTCH])
def test_a_value_that_nobody_knows_is_refused_in_the_readers_language(
    client, filled, address, name, value
):
    response = client.get(f"{address}?{urlencode({name: value})}")
    assert response.status_code == 400
    assert response["Content-Language"] == address[1:3]
    page = BeautifulSoup(response.content, "html5lib")
    assert f"{name}" in page.select_one(".lead").text
    assert value not in page.select_one(".lead").text


def test_pages_keep_the_filters_both_ways(client, world):
    make_recommendations(world.cycle, 120, **answered())
    make_recommendations(world.cycle, 10, first=121)
    first = client.get(f"{FRENCH}?response=accepted&utm_source=x")
    assert labels(first)[-1] == "50"
    assert first.context["window"].next == "?response=accepted&after=BXL-C1-50"
    second = client.get(FRENCH + first.context["window"].next)
    third = client.get(FRENCH + second.context["window"].next)
    assert labels(third)[-1] == "120"
    assert third.context["window"].next == ""
    back = client.get(FRENCH + third.context["window"].previous)
    assert labels(back) == labels(second)
    assert labels(client.get(FRENCH + back.context["window"].previous)) == labels(first)
    # Filtered, it is a part of the one list that search engines know.
    assert second.context["canonical_url"].endswith(FRENCH)
    # A place that the filters no longer let through still says where a page begins.
    beyond = client.get(f"{FRENCH}?response=awaiting&after=BXL-C1-60")
    assert labels(beyond)[0] == "121"
    assert labels(client.get(f"{FRENCH}?response=accepted&after=BXL-C1-999"))[0] == "1"


def test_the_other_language_keeps_what_was_chosen(client, filled):
    page = BeautifulSoup(client.get(f"{FRENCH}?topic=eau&response=accepted").content, "html5lib")
    link = page.select_one('.languages a[lang="nl"]')
    assert link["href"] == f"{DUTCH}?topic=eau&response=accepted"
    assert labels(client.get(link["href"])) == ["1", "2"]
    alternates = {each["hreflang"]: each["href"] for each in page.select("link[hreflang]")}
    assert alternates["nl"].endswith(DUTCH)


QUERY = "response=accepted&topic=topic-0&body=housing&implementation=delivered&kind=recommendation"


@pytest.mark.parametrize("number", [1, 3, 300])
def test_eight_queries_whatever_is_chosen(client, world, number):
    if number > 3:
        make_recommendations(world.cycle, number, topic=make_topic("topic-0"), **answered())
    for place in range(min(number, 3)):
        asked = make_recommendation(
            world.cycle,
            label=f"X{place}",
            topics=[make_topic(f"topic-{n}") for n in range(place + 1)],
        )
        publish_action(asked, value="accepted", stage="final", on=D(2024, 5, 1))
        measure = make_measure(asked, label=f"X{place}.1", lead=world.administration)
        publish_action(measure, value="delivered", on=D(2025, 1, 1))
    make_recommendation(world.cycle, label="Y")
    client.get(FRENCH)
    for query in ("", QUERY, f"{QUERY}&opinion=satisfactory", "response=accepted"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{FRENCH}?{query}")
        assert response.status_code == 200
        assert len(queries) == 8, [each["sql"] for each in queries]


def test_ten_thousand_are_filtered_page_by_page(client, world, monkeypatch):
    make_recommendations(world.cycle, 9_000, **answered())
    make_recommendations(world.cycle, 1_000, first=9_001)
    read_rows = []
    from_db = Recommendation.from_db.__func__
    monkeypatch.setattr(
        Recommendation,
        "from_db",
        classmethod(lambda cls, *given: read_rows.append(1) or from_db(cls, *given)),
    )
    client.get(FRENCH)
    for query, first in {
        "response=accepted": "1",
        "response=accepted&after=BXL-C1-8900": "8901",
        "response=awaiting": "9001",
    }.items():
        read_rows.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{FRENCH}?{query}")
        assert labels(response)[0] == first
        assert len(queries) == 8
        assert len(read_rows) <= 51
        assert found(response)["response"] == {"awaiting": 1_000, "accepted": 9_000}


def test_the_tally_leads_to_the_list_of_each_state(client, filled):
    page = BeautifulSoup(client.get(FRENCH).content, "html5lib")
    links = [link["href"] for link in page.select(".tally a")]
    assert links[0] == f"{FRENCH}?response=accepted#list"
    rows = {
        row["code"]: row["number"] for row in client.get(FRENCH).context["tally"] if row["code"]
    }
    for link in links:
        code = link.partition("=")[2].partition("#")[0]
        assert len(labels(client.get(link.partition("#")[0]))) == rows[code]
