"""The pages of bodies and topics, and their lists."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies.models import Recommendation
from tests.assemblies.bulk import make_recommendations
from tests.factories import (
    make_assembly,
    make_body,
    make_cycle,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    plain,
    publish_action,
    source,
    text_of,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date

BODY = "/fr/organismes/housing/"
TOPIC = "/fr/themes/eau/"


@pytest.fixture
def world():
    return make_world()


def read(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


# -- bodies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 3])
def test_six_queries_for_a_body_whatever_it_does(client, world, number):
    for place in range(number):
        asked = make_recommendation(world.cycle, label=str(place))
        measure = make_measure(
            asked, label=f"{place}.1", lead=world.administration, deadline=D(2027, 1, 1)
        )
        publish_action(measure, value="under_way", body=world.administration, sources=[source()])
    client.get(BODY)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(BODY)
    assert len(response.context["measures"]) == number
    # Change log; counts; measures; answers owed; dates of measures; last steps.
    assert len(queries) == 6, [query["sql"] for query in queries]


def test_what_a_body_leads_owes_and_did(client, world):
    asked = make_recommendation(world.cycle, label="3.4", title="Un guichet", dutch="Een loket")
    done = make_measure(asked, label="3.4.1", title="Ouvrir", lead=world.administration)
    make_measure(
        asked, label="3.4.2", lead=world.administration, deadline=D(2026, 1, 31), title="Former"
    )
    publish_action(
        done, value="delivered", body=world.administration, title="Le guichet est ouvert"
    )
    text = read(client, BODY)
    assert "Mesures annoncées et réalisées : 1 sur 2" in text
    assert "Ouvrir" in text
    assert "Le guichet est ouvert" in text
    assert "Mesure BXL-C1-3.4.2, Former" in text
    assert "Rien n’est publié ; c’était attendu le 31 janvier 2026." in text
    government = read(client, "/nl/instanties/government-bxl/")
    assert "BXL-C1-3.4, Een loket" in government
    assert "Er is niets gepubliceerd; het werd verwacht op 9 juni 2024." in government
    publish_action(asked, value="accepted", stage="final", on=D(2024, 5, 15))
    assert "BXL-C1-3.4, Een loket" not in read(client, "/nl/instanties/government-bxl/")


def test_a_lead_that_changed_hands(client, world):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1", title="Ouvrir", lead=world.administration)
    other = make_body("transport")
    publish_action(measure, kind="lead", concerned_body=other, on=D(2025, 1, 1))
    assert client.get(BODY).context["measures"] == []
    assert len(client.get("/fr/organismes/transport/").context["measures"]) == 1


def test_bodies_that_succeed_each_other(client, world):
    new = make_body("climat", name={"fr": "Direction du climat"})
    old = make_body("energie", successor=new, name={"fr": "Direction de l’énergie"})
    make_body("guichet", parent=new)
    assert "Lui a succédé : Direction du climat." in read(client, old.url)
    text = read(client, new.url)
    assert "A succédé à : Direction de l’énergie" in text
    assert "Ses composantes : Guichet" in text


def test_measures_of_a_body_come_page_by_page(client, world):
    asked = make_recommendation(world.cycle, label="1")
    for place in range(1, 53):
        make_measure(asked, label=f"1.{place}", lead=world.administration)
    first = client.get(BODY)
    numbers = [each["number"] for each in first.context["measures"]]
    assert numbers == [f"1.{place}" for place in range(1, 51)]
    assert first.context["measures_total"] == 52
    second = client.get(BODY + first.context["window"].next)
    assert [each["number"] for each in second.context["measures"]] == ["1.51", "1.52"]
    assert len(second.context["duties"]) == len(first.context["duties"])


def test_bodies_in_a_list_by_assembly(client, world):
    make_assembly(world.home, code="PAR", preset="paris")
    make_body("conseil", "council", assembly=world.assembly, example=True)
    with CaptureQueriesContext(connection) as queries:
        client.get("/fr/organismes/")
        queries_before = len(queries)
        response = client.get("/fr/organismes/")
    assert len(queries) - queries_before == 1
    text = text_of(response)
    assert "Conseil" in text
    assert "Organismes communs à plusieurs assemblées" in text
    assert "Exemple" in text


@pytest.mark.parametrize(
    "address",
    ["/fr/organismes/nobody/", "/nl/instanties/1/", "/fr/themes/nothing/", "/fr/themes/x%00/"],
)
def test_nobody_and_nothing(client, world, address):
    assert client.get(address).status_code in (400, 404)


def test_an_invented_body_is_marked_and_not_indexed(client, world):
    body = make_body("guilde", example=True)
    content = client.get(body.url).content.decode()
    assert '<meta name="robots" content="noindex">' in content
    assert 'class="example"' in content


def test_a_body_says_what_it_has_answered_round_by_round(client, world):
    government = world.government
    first = make_recommendation(world.cycle, label="1")
    publish_action(first, value="accepted", stage="final", on=D(2024, 5, 15))
    make_recommendation(world.cycle, label="2")
    other = make_cycle(world.assembly_page, code="C2").register
    told = make_recommendation(other, label="1")
    publish_action(told, value="rejected", example=True, on=D(2024, 5, 15))
    response = client.get(f"/fr/organismes/{government.slug}/")
    answers = {each["url"]: each for each in response.context["answers"]}
    here = answers["/fr/assemblee-bxl/cycle-1/"]
    assert [(state["code"], state["number"]) for state in here["states"]] == [
        ("accepted", 1),
        ("awaiting", 1),
    ]
    assert plain(here["sentence"]) == "Sur 2 recommandations, 1 a reçu une réponse."
    assert not here["example"]
    assert answers["/fr/assemblee-bxl/cycle-2/"]["example"]
    for each in answers.values():
        for state in each["states"]:
            found = client.get(state["url"].partition("#")[0]).context["window"].items
            assert len(found) == state["number"]


# -- topics -------------------------------------------------------------------------------------


@pytest.fixture
def water():
    return make_topic("eau", name={"fr": "Eau", "nl": "Water"})


@pytest.mark.parametrize("number", [0, 1, 3])
def test_four_queries_for_a_topic_whatever_was_asked(client, world, water, number):
    for place in range(number):
        cycle = make_cycle(world.assembly_page, code=f"D{place + 5}").register
        asked = make_recommendation(cycle, label="1", topics=[water])
        publish_action(asked, value="accepted", sources=[source()])
        make_measure(asked, lead=world.administration)
    client.get(TOPIC)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(TOPIC)
    assert len(response.context["sections"]) == number
    # Change log; counts; rows; last steps.
    assert len(queries) == 4, [query["sql"] for query in queries]


def test_a_topic_across_assemblies(client, world, water):
    page = make_assembly(world.home, code="PAR", preset="paris", territory={"fr": "Paris"})
    make_kind(page.register, deciding_body=world.government)
    paris = make_cycle(page, code="P1").register
    later = make_cycle(world.assembly_page, code="C2", handed_over_on=D(2025, 1, 1)).register
    for cycle, label in ((world.cycle, "10"), (world.cycle, "2"), (later, "1"), (paris, "V1")):
        make_recommendation(cycle, label=label, topics=[water])
    make_recommendation(world.cycle, label="3")
    gone = make_recommendation(world.cycle, label="4", topics=[water])
    withdraw(gone)
    response = client.get(TOPIC)
    shown = [
        (each["id"], plain(each["count"]), [row["number"] for row in each["rows"]])
        for each in response.context["sections"]
    ]
    assert shown == [
        ("BXL-C2", "1 recommandation", ["1"]),
        ("BXL-C1", "2 recommandations", ["2", "4", "10"]),
        ("PAR-P1", "1 recommandation", ["V1"]),
    ]
    assert "Paris, Cycle 1" in text_of(response)
    assert "4" in read(client, "/fr/themes/")


def test_a_large_topic_comes_page_by_page(client, world, water, monkeypatch):
    make_recommendations(world.cycle, 2_000, topic=water)
    other = make_cycle(world.assembly_page, code="C2", handed_over_on=D(2025, 1, 1)).register
    make_recommendations(other, 60, topic=water)
    rows = []
    from_db = Recommendation.from_db.__func__
    monkeypatch.setattr(
        Recommendation,
        "from_db",
        classmethod(lambda cls, *given: rows.append(1) or from_db(cls, *given)),
    )
    first = client.get(TOPIC)
    assert len(rows) == 51
    second = client.get(TOPIC + first.context["window"].next)
    assert [each["id"] for each in second.context["sections"]] == ["BXL-C2", "BXL-C1"]
    assert [len(each["rows"]) for each in second.context["sections"]] == [10, 40]
    assert client.get(TOPIC + second.context["window"].previous).context["window"].items == (
        first.context["window"].items
    )
    rows.clear()
    last = client.get(f"{TOPIC}?after=BXL-C1-1950")
    assert [row["number"] for row in last.context["sections"][0]["rows"]][-1] == "2000"
    assert len(rows) == 50
    unknown = client.get(f"{TOPIC}?after=BXL-C9-1")
    assert unknown.context["window"].items == first.context["window"].items


def test_topics_in_a_list_with_their_numbers(client, world, water):
    make_topic("alimentation", name={"fr": "Alimentation", "nl": "Voeding"})
    make_recommendation(world.cycle, label="1", topics=[water])
    found = client.get("/fr/themes/").context["topics"]
    assert [(str(each["topic"].name), each["number"]) for each in found] == [
        ("Alimentation", 0),
        ("Eau", 1),
    ]
    assert "Voeding" in read(client, "/nl/themas/")


def test_a_topic_without_recommendations(client, water):
    make_world()
    assert "Aucune recommandation publiée n’a encore ce thème." in read(client, TOPIC)
