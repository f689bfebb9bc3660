"""The home page: one case from asked to judged, each assembly's own figures, the latest steps."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_assembly,
    make_cycle,
    make_home,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    plain,
    publish_action,
    source,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def paris(world):
    """A second assembly with a round of its own."""
    page = make_assembly(
        world.home,
        code="PAR",
        preset="paris",
        title="Assemblée citoyenne de Paris",
        dutch=False,
        territory={"fr": "Paris"},
    )
    make_kind(page.register, deciding_body=world.government)
    return make_cycle(page, code="P1", dutch=False).register


def read(client, address="/fr/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


# -- what it costs ------------------------------------------------------------------------------


def enrich(cycle, number: int) -> None:
    for place in range(number):
        asked = make_recommendation(cycle, label=str(place), topics=[make_topic(f"t-{place}")])
        publish_action(asked, value="accepted", sources=[source(), source("Autre")])
        publish_action(asked, value="satisfactory", on=D(2024, 6, 1))
        measure = make_measure(asked)
        publish_action(measure, value="delivered")
        publish_action(cycle=cycle, kind="meeting")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_seven_queries_with_one_assembly(client, world, number):
    enrich(world.cycle, number)
    client.get("/fr/")
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/fr/")
    assert bool(response.context["story"]) == bool(number)
    # Change log; page; restrictions; the case; steps; figures; wholes.
    assert len(queries) == 7, [query["sql"] for query in queries]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_six_queries_with_several(client, world, paris, number):
    enrich(world.cycle, number)
    client.get("/fr/")
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/fr/")
    assert len(response.context["plates"]) == 2
    assert len(queries) == 6, [query["sql"] for query in queries]


# -- assemblies ---------------------------------------------------------------------------------


def test_each_assembly_with_its_own_figures_and_no_sum(client, world, paris):
    first, second = (make_recommendation(world.cycle, label=label) for label in ("1", "2"))
    publish_action(first, value="accepted")
    publish_action(second, value="rejected")
    for label in ("V1", "V2", "V3"):
        make_recommendation(paris, label=label, dutch=False)
    response = client.get("/fr/")
    assert [plain(each["sentence"]) for each in response.context["plates"]] == [
        "Les 2 recommandations ont reçu une réponse. Aucune mesure n’est annoncée. "
        "Le comité de suivi ne s’est pas encore prononcé.",
        "Aucune réponse aux 3 recommandations n’est publiée ici.",
    ]
    assert "5 recommandations" not in text_of(response)
    assert response.context["rounds"] == []


def test_several_cycles_of_one_assembly_make_one_sum(client, world, paris):
    later = make_cycle(world.assembly_page, code="C2").register
    make_recommendation(world.cycle, label="1")
    publish_action(make_recommendation(later, label="1"), value="accepted")
    sentence = plain(client.get("/fr/").context["plates"][0]["sentence"])
    assert sentence.startswith("Sur 2 recommandations, 1 a reçu une réponse.")


def test_with_one_assembly_its_rounds_stand_here(client, world):
    make_recommendation(world.cycle, label="1")
    response = client.get("/fr/")
    assert response.context["plates"] == []
    assert [each["cycle"].code for each in response.context["rounds"]] == ["C1"]
    text = text_of(response)
    assert "Cycle par cycle" in text
    assert "Aucune réponse à la recommandation n’est publiée ici." in text
    assert "Cyclus per cyclus" in read(client, "/nl/")


def test_a_site_without_assemblies(client):
    make_home()
    text = read(client)
    assert "Aucune assemblée n’est encore publiée ici." in text
    assert "Aucune étape n’est encore publiée." in text
    assert "Hier is nog geen burgerraad gepubliceerd." in read(client, "/nl/")


# -- one case -----------------------------------------------------------------------------------


def test_the_case_is_the_real_one_answered_last(client, world):
    for label, day, example in (
        ("1", D(2024, 1, 1), False),
        ("2", D(2024, 5, 15), False),
        ("3", D(2025, 1, 1), True),
    ):
        asked = make_recommendation(world.cycle, label=label, example=example)
        publish_action(asked, value="accepted", on=day, example=example)
    real = make_recommendation(world.cycle, label="4")
    publish_action(real, value="accepted", on=D(2026, 1, 1), example=True)
    make_recommendation(world.cycle, label="5")
    story = client.get("/fr/").context["story"]
    assert story["number"] == "2"
    assert not story["example"]
    assert "un cas réel" in read(client)


def test_an_example_where_there_is_nothing_real(client, world):
    asked = make_recommendation(world.cycle, label="1", example=True)
    publish_action(asked, value="accepted", example=True)
    response = client.get("/fr/")
    assert response.context["story"]["example"]
    assert "un cas réel" not in text_of(response)
    assert "Exemple" in text_of(response)


def test_the_case_tells_all_four(client, world):
    asked = make_recommendation(world.cycle, label="1", title="Un guichet", dutch="Een loket")
    publish_action(
        asked,
        value="partial",
        on=D(2024, 5, 15),
        title="Six guichets ouvriront",
        sources=[source("Page publique")],
    )
    measure = make_measure(asked, label="1.1")
    publish_action(measure, value="delivered", on=D(2025, 1, 1))
    wrong = publish_action(asked, value="insufficient", on=D(2025, 2, 1), title="Trop peu")
    assert wrong.number
    publish_action(asked, value="to_clarify", on=D(2025, 3, 1), title="Dans quelles langues ?")
    for place in range(12):
        publish_action(cycle=world.cycle, kind="meeting", on=D(2026, 1, 1 + place))
    response = client.get("/fr/")
    text = text_of(response)
    for said in ("Un guichet", "Six guichets ouvriront", "Page publique", "Dans quelles langues ?"):
        assert said in text
    assert "Trop peu" not in text
    assert len(response.context["steps"]) == 10
    dutch = read(client, "/nl/")
    assert "Een loket" in dutch
    assert "Vraagt verduidelijking" in dutch


# -- ways in ------------------------------------------------------------------------------------


def test_ways_in(client, world):
    make_topic("eau", name={"fr": "Eau", "nl": "Water"})
    content = client.get("/nl/").content.decode()
    assert 'href="/nl/themas/eau/"' in content
    assert 'href="/nl/tijdlijn/"' in content


def test_four_verbs_in_their_order(client, world):
    text = read(client)
    text = text[text.index("Quatre verbes") :]
    places = [text.index(verb) for verb in ("Demandé", "Répondu", "Fait", "Jugé")]
    assert places == sorted(places)


# -- one assembly, or several -------------------------------------------------------------------


def test_with_one_assembly_the_home_is_that_assembly(client, world):
    make_recommendation(world.cycle, label="1")
    content = client.get("/fr/").content.decode()
    name = content[content.index("masthead__name") :].partition("</a>")[0]
    assert "Assemblée" in name
    assert '<svg class="mark"' in name
    assert "Suites" not in name
    assert "<title>Assemblée" in content
    assert 'href="/fr/assemblee-bxl/">L’assemblée</a>' in content
    text = plain(read(client))
    for said in ("Ce qui est attendu", "Cycle par cycle", "n’est publiée ici"):
        assert said in text
    explanation = str(world.regime.explanation.data["fr"])
    assert plain(explanation)[:60] in text
    assert "Burgerraad" in client.get("/nl/").content.decode().partition("</title>")[0]


def test_what_is_expected_of_the_only_assembly_names_its_cycle(client, world):
    make_recommendation(world.cycle, label="1")
    expected = client.get("/fr/").context["expected"]
    assert expected
    assert all(each["url"] == "/fr/assemblee-bxl/cycle-1/" for each in expected)
    assert len(expected) <= 6


def test_with_several_it_is_the_portal(client, world, paris):
    content = client.get("/fr/").content.decode()
    name = content[content.index("masthead__name") :].partition("</a>")[0]
    assert "Suites" in name
    assert "Ce qui est attendu" not in read(client)
    assert "<title>Ce que deviennent" in content
    assert client.get("/fr/").context["rounds"] == []
