"""The page of an assembly: its regime in plain words, its rounds, what is expected next."""

import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from assemblies.models import AssemblyPage
from tests.factories import (
    make_act,
    make_assembly,
    make_cycle,
    make_kind,
    make_measure,
    make_recommendation,
    make_regime,
    make_world,
    plain,
    publish_action,
    source,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date

FRENCH = "/fr/assemblee-bxl/"
DUTCH = "/nl/burgerraad-bxl/"


@pytest.fixture
def world():
    return make_world()


def read(client, address=FRENCH) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_seven_queries_whatever_there_is(client, world, number):
    for place in range(number):
        cycle = make_cycle(world.assembly_page, code=f"D{place + 5}").register
        for label in range(2):
            asked = make_recommendation(cycle, label=str(label))
            make_act(asked, number=f"2024 V. {place}{label}")
            measure = make_measure(asked, lead=world.administration)
            publish_action(measure, value="delivered", sources=[source(), source("Autre")])
        publish_action(cycle=cycle, kind="meeting")
    client.get(FRENCH)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(FRENCH)
    assert len(response.context["rounds"]) == number + 1
    # Change log; page; restrictions; figures; actions on wholes; acts; last steps.
    assert len(queries) == 7, [query["sql"] for query in queries]


def test_the_regime_in_plain_words_and_as_dated_steps(client, world):
    text = read(client)
    assert "Les recommandations ne sont pas contraignantes" in text
    assert "3 mois après Première réponse du gouvernement" in text
    assert "12 mois après Réponse finale du gouvernement, pour chaque recommandation" in text
    assert "Réunion formelle avec le comité de suivi, 2 fois" in text
    assert "Comité de suivi" in text
    dutch = read(client, DUTCH)
    assert "De aanbevelingen zijn niet bindend" in dutch
    assert "3 maanden later Eerste antwoord van de regering" in dutch


def test_another_regime_is_data(client):
    world = make_world(preset="paris", code="PAR", dutch=False)
    text = read(client, "/fr/assemblee-par/")
    assert "Livret de suivi, pour chaque recommandation. Ensuite tous les 12 mois." in text
    assert "Direction pilote nommée, pour chaque mesure" in text
    assert "Il n’y a pas de comité de suivi" in text
    make_assembly(
        world.home,
        code="X",
        slug="x",
        regime=make_regime("democracynext", code="x", explanation={"fr": "Autrement."}),
    )
    assert "Rapport d’avancement public" in read(client, "/fr/x/")


def test_rounds_with_their_own_figures_the_newest_first(client, world):
    later = make_cycle(world.assembly_page, code="C2", handed_over_on=D(2024, 2, 6)).register
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted")
    for label in ("1", "2"):
        make_recommendation(later, label=label)
    response = client.get(FRENCH)
    rounds = response.context["rounds"]
    assert [each["cycle"].code for each in rounds] == ["C2", "C1"]
    assert [each["counted"].recommendations for each in rounds] == [2, 1]
    text = text_of(response)
    assert "Cycle par cycle" in text
    assert "Aucune réponse aux 2 recommandations n’est publiée ici." in text
    assert "La recommandation a reçu une réponse." in text
    assert "Cyclus per cyclus" in read(client, DUTCH)


def test_acts_in_the_words_of_their_kind(client):
    world = make_world(preset="paris", code="PAR", dutch=False)
    motion = make_kind(
        world.assembly,
        "voeu",
        deciding_body=world.government,
        words={("response", "accepted"): {"fr": "Adopté"}},
    )
    asked = make_recommendation(world.cycle, label="V1", kind=motion, dutch=False)
    make_act(asked, number="2023 V. 1", title="Vœu sur le code de la rue")
    response = client.get("/fr/assemblee-par/")
    assert "Vœu sur le code de la rue" in text_of(response)
    assert str(response.context["rounds"][0]["acts"][0]["words"]) == "Adopté"


def test_what_is_expected_next(client, world):
    asked = make_recommendation(world.cycle, label="1")
    later = make_cycle(world.assembly_page, code="C2", handed_over_on=D(2026, 9, 1)).register
    make_recommendation(later, label="1")
    publish_action(cycle=world.cycle, kind="response", stage="initial", on=D(2023, 9, 1))
    found = [
        (each["status"], plain(each["name"])) for each in client.get(FRENCH).context["expected"]
    ]
    assert ("late", "Cycle 1 : Réponse finale du gouvernement") in found
    assert ("due", "Cycle 2 : Réponse finale du gouvernement") in found
    assert ("due", "Cycle 2 : Première réponse du gouvernement") in found
    assert all("Cycle 1 : Première réponse" not in name for _status, name in found)
    assert [status for status, _name in found] == sorted(
        (status for status, _name in found), key=["late", "due"].index
    )
    publish_action(asked, value="accepted", stage="final", on=D(2024, 5, 15))
    names = [plain(each["name"]) for each in client.get(FRENCH).context["expected"]]
    assert "Cycle 1 : Réponse finale du gouvernement" not in names


def test_without_cycles_it_says_what_it_waits_for(client, world):
    make_assembly(world.home, code="NEW", slug="nouvelle")
    text = read(client, "/fr/nouvelle/")
    assert "Rien n’est encore publié ici" in text


def test_a_french_assembly_owes_no_dutch(client):
    make_world(preset="paris", code="PAR", dutch=False)
    text = read(client, "/nl/assemblee-par/")
    assert "in het Frans" in text
    assert "nog niet vertaald" not in text


def test_an_example_is_marked_and_not_indexed(client):
    make_world(example=True)
    content = client.get(FRENCH).content.decode()
    assert '<meta name="robots" content="noindex">' in content
    assert 'class="example"' in content


def test_a_draft_shows_its_words_in_a_preview(world):
    draft = AssemblyPage(
        title="Assemblée de demain",
        slug="demain",
        code="NEW",
        regime=world.regime,
        languages=["fr"],
        locale=world.home.locale,
        live=False,
    )
    world.home.add_child(instance=draft)
    request = RequestFactory().get("/")
    request.is_preview = True
    response = draft.serve(request)
    response.render()
    assert "Assemblée de demain" in text_of(response)
    assert "Première réponse du gouvernement" in text_of(response)
