"""Honest numbers: each with what it is a part of, and each a link to the list of what it counts."""

import datetime
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies import directory
from tests.factories import (
    make_act,
    make_assembly,
    make_count,
    make_cycle,
    make_kind,
    make_measure,
    make_recommendation,
    make_world,
    plain,
    publish_action,
    source,
    text_of,
    withdraw,
)
from timeline.counting import verdict
from timeline.numbers_list import KNOWN

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH, DUTCH = "/fr/assemblee-bxl/cycle-1/chiffres/", "/nl/burgerraad-bxl/cyclus-1/cijfers/"
WHOLE = "/fr/assemblee-bxl/chiffres/"


@pytest.fixture
def world(settings):
    settings.SUITES_TODAY = D(2026, 11, 12)
    return make_world()


@pytest.fixture
def told(world):
    """One recommendation of every bucket, and a delivery of which everybody says something else."""
    asked = {label: make_recommendation(world.cycle, label=label) for label in "123456"}
    values = ("accepted", "partial", "accepted", "rejected", "accepted")
    for row, value in zip(asked.values(), values, strict=False):
        publish_action(row, value=value, stage="final", on=D(2024, 5, 15))
    for label, said in {
        "1.1": "delivered",
        "1.2": "continuous",
        "2.1": "delivered",
        "2.2": "under_way",
        "3.1": "preparation",
    }.items():
        measure = make_measure(asked[label[0]], label=label)
        documented = [source(url="https://example.org/r" if label == "1.1" else "")]
        publish_action(measure, value=said, on=D(2025, 1, 9), sources=documented)
    publish_action(asked["5"], value="delivered", on=D(2025, 1, 9))
    publish_action(asked["1"], value="satisfactory", on=D(2025, 2, 1), opinion_object="delivery")
    publish_action(asked["2"], value="insufficient", on=D(2025, 2, 1), opinion_object="whole")
    publish_action(asked["3"], value="to_clarify", on=D(2025, 2, 1), opinion_object="answer")
    withdraw(make_recommendation(world.cycle, label="7"))
    return asked


def numbers(content: bytes) -> Iterator[tuple[int, str]]:
    """Every number of the page that leads to a list, with its address."""
    page = BeautifulSoup(content, "html.parser").main
    for row in page.select(".bars > li"):
        if link := row.a:
            yield int(row.b.get_text()), link["href"]
    for row in page.select(".tally tr"):
        if link := row.a:
            yield int(row.select("td")[-1].get_text()), link["href"]
    for link in page.select("a[href*='chiffres/?'], a[href*='cijfers/?']"):
        if not link.find_parent(class_=("bars", "tally", "copy", "tools")):
            found = re.search(r"\d+", link.get_text())
            assert found, link
            yield int(found[0]), link["href"]


def check_every_number(client, address) -> int:
    """Each leads to a list of as many; how many there were."""
    found = set(numbers(client.get(address).content))
    for number, link in found:
        assert urlsplit(link).path == urlsplit(address).path
        response = client.get(link)
        assert response.status_code == 200, link
        assert response.context["number"] == number, link
        listed = BeautifulSoup(response.content, "html.parser").select("li.rec, li.act")
        assert len(listed) == min(number, 50), link
    return len(found)


def test_how_many_were_done_and_who_says_so(client, told):
    response = client.get(FRENCH)
    text = text_of(response)
    assert "Sur 6 recommandations, 5 ont reçu une réponse." in text
    shares = {row["label"]: row["number"] for row in response.context["shares"]}
    assert list(shares.values()) == [2, 1, 1, 2]  # 1 and 5; 2; 3; 4 and 6
    assert sum(shares.values()) == response.context["total"] == 6
    assert "3 mesures réalisées : qui le dit ?" in text
    said = {row["label"]: row["number"] for row in response.context["sayings"]}
    assert said == {
        "L’autorité le déclare": 3,
        "Un document ou un lien est joint": 1,
        "Le comité de suivi est d’accord": 2,
        "Le comité de suivi le conteste": 1,
        "Le comité de suivi ne s’est pas prononcé": 0,
    }
    assert "sur 5 mesures annoncées" in text
    assert "1 recommandation est réalisée sans mesure distincte" in text
    assert "1 recommandation a été retirée" in text
    assert "%" not in text


@pytest.mark.parametrize(
    "address", [FRENCH, DUTCH, f"{FRENCH}?as_of=2024-06-01", f"{WHOLE}?as_of=2025-01-20"]
)
def test_every_number_leads_to_what_it_counts(client, told, address):
    assert check_every_number(client, address) >= 10


def test_on_a_past_day(client, told):
    then = client.get(FRENCH, {"as_of": "2025-01-20"})
    said = [row["number"] for row in then.context["sayings"]]
    assert said == [3, 1, 0, 0, 3]  # nobody had judged the deliveries yet
    early = client.get(FRENCH, {"as_of": "2024-05-20"})
    assert early.context["done"] == 0
    assert [row["number"] for row in early.context["shares"]] == [
        0,
        0,
        3,
        4,
    ]  # one was withdrawn later
    assert client.get(FRENCH, {"as_of": "2023-01-01"}).context["total"] == 0
    assert "noindex" in then.content.decode()


def test_refused_and_referred_stay_counted(client, world):
    for label, value in {"1": "rejected", "2": "referred", "3": "accepted"}.items():
        publish_action(make_recommendation(world.cycle, label=label), value=value)
    table = client.get(FRENCH).context["table"]
    assert {row["code"]: row["number"] for row in table if row["number"]} == {
        "accepted": 1,
        "referred": 1,
        "rejected": 1,
    }
    assert client.get(FRENCH).context["total"] == 3


def test_announced_counts_stand_beside_and_are_never_added(client, world):
    make_recommendation(world.cycle, label="1")
    make_count(world.cycle, stated_on=D(2024, 1, 1), source_url="https://example.org/annonce")
    response = client.get(FRENCH)
    assert response.context["total"] == 1
    text = text_of(response)
    assert "« plus de 60 »" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "1er janvier 2024" in text
    assert 'href="https://example.org/annonce"' in response.content.decode()
    assert "plus de 60" not in text_of(client.get(FRENCH, {"as_of": "2023-12-31"}))


def test_the_sentence_to_copy_holds_place_day_and_numbers(client, told):
    response = client.get(FRENCH)
    copied = plain(response.context["copy"])
    assert copied.startswith("Assemblée, Cycle 1, état au 12 novembre 2026")
    assert "L’autorité déclare 3 mesures réalisées." in copied
    assert "d’accord pour 2, en conteste 1" in copied
    url = response.context["copy_url"]
    assert parse_qs(urlsplit(url).query) == {"as_of": ["2026-11-12"]}
    assert (
        client.get(urlsplit(url).path, {"as_of": "2026-11-12"}).context["copy"]
        == response.context["copy"]
    )


def test_an_assembly_counts_all_its_cycles(client, told, world):
    later = make_cycle(world.assembly_page, code="C2").register
    publish_action(make_recommendation(later, label="1"), value="accepted")
    assert client.get(WHOLE).context["total"] == 7
    assert client.get(FRENCH).context["total"] == 6
    listed = client.get(WHOLE, {"response": "any"})
    assert [len(each["rows"]) for each in listed.context["sections"]] == [6, 1]


def test_where_no_committee_judges_nothing_is_said_of_one(client, world):
    page = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    make_kind(page.register, deciding_body=world.government)
    cycle = make_cycle(page, code="P1", dutch=False).register
    asked = make_recommendation(cycle, label="V1", dutch=False)
    make_act(asked, council=world.government)
    measure = make_measure(asked, label="V1.1")
    publish_action(measure, value="delivered", on=D(2025, 1, 9))
    response = client.get("/fr/assemblee-par/chiffres/")
    assert len(response.context["sayings"]) == 2
    # The act is no recommendation more.
    assert response.context["total"] == 1
    assert "comité de suivi" not in " ".join(
        row["label"].lower() for row in response.context["sayings"]
    )


@pytest.mark.parametrize(
    ("judgements", "said"),
    [
        ({}, "unsaid"),
        ({D(2024, 12, 31): "satisfactory"}, "unsaid"),
        ({D(2025, 1, 1): "satisfactory"}, "agrees"),
        ({D(2025, 1, 1): "satisfactory", D(2025, 2, 1): "insufficient"}, "contests"),
        ({D(2025, 1, 1): "satisfactory", D(2025, 1, 2): "to_clarify"}, "clarify"),
        ({D(2024, 1, 1): "insufficient", D(2025, 1, 2): "satisfactory"}, "agrees"),
    ],
)
def test_the_most_critical_opinion_since_the_delivery(judgements, said):
    assert verdict(judgements.items(), D(2025, 1, 1)) == said
    assert verdict(judgements.items(), None) == "unsaid"  # nobody said that it is delivered


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", [{}, {"as_of": "2025-06-01"}])
@pytest.mark.parametrize(
    ("chosen", "cost"), [({}, 4), ({"response": "any"}, 3), ({"measures": "declared"}, 3)]
)
def test_as_many_queries_whatever_is_counted(client, world, number, query, chosen, cost):
    for label in range(1, number + 1):
        asked = make_recommendation(world.cycle, label=f"{label}", dutch=False)
        publish_action(asked, value="accepted")
        measure = make_measure(asked, label=f"{label}.1", dutch=False)
        publish_action(measure, value="delivered", on=D(2025, 1, 9))
        make_count(world.cycle)
    client.get(FRENCH)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(FRENCH, {**chosen, **query})
    assert response.status_code == 200
    assert len(queries) == cost, [each["sql"] for each in queries]


@pytest.mark.parametrize(
    "query",
    [
        "as_of=hier",
        "as_of=2024-02-30",
        "as_of=9999-12-31",
        *(f"{name}=nonsense" for name in KNOWN),
        "response=accepted&response=rejected",
        "measures=declared&late=1",
        "delivered=" + "x" * 3000,
    ],
)
@pytest.mark.parametrize("address", [FRENCH, DUTCH])
def test_what_no_number_counts_is_refused_with_a_sentence(client, told, address, query):
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in text_of(response)


def test_an_unknown_place_leads_to_page_one(client, told):
    for place in ("x", "BXL-C1-99", "9" * 60):
        response = client.get(f"{FRENCH}?response=any&after={place}")
        assert len(response.context["sections"][0]["rows"]) == 6
        assert client.get(f"{FRENCH}?measures=announced&after={place}").context["number"] == 5


def test_where_it_is(client, world):
    assert client.get("/fr/rien/chiffres/").status_code == 404
    assert client.get("/fr/chiffres/").status_code == 404
    other = client.get("/fr/burgerraad-bxl/cyclus-1/chiffres/?response=any")
    assert other["Location"] == f"{FRENCH}?response=any"
    assert client.post(FRENCH).status_code == 405
    assert f'href="{DUTCH}"' in client.get(FRENCH).content.decode()


def test_cycle_1_of_the_demo_answers_on_one_page(client):
    """Of the demo itself: every number of the page leads down to its items."""
    call_command("load_demo", verbosity=0)
    directory.forget()
    for address in ("/fr/bruxelles/cycle-1/chiffres/", "/nl/brussel/cyclus-1/cijfers/"):
        response = client.get(address)
        assert response.context["total"] > 10
        assert response.context["done"] > 0
        assert check_every_number(client, address) > 30
    directory.forget()
