"""What changed in a cycle between two dates: the page beside the folds that it compares."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    correct,
    make_cycle,
    make_group,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
    text_in,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH = "/fr/assemblee-bxl/cycle-1/changements/"
DUTCH = "/nl/burgerraad-bxl/cyclus-1/veranderingen/"


@pytest.fixture
def world(settings):
    settings.SUITES_TODAY = D(2026, 11, 12)
    return make_world()


def parts(client, since, until, address=FRENCH):
    response = client.get(address, {"from": since, "to": until})
    page = BeautifulSoup(response.content, "html.parser")
    return {
        part["aria-labelledby"]: text_in(part) for part in page.select("section[aria-labelledby]")
    }


def test_states_before_and_after_what_became_late_and_what_was_met(client, world):
    asked = make_recommendation(world.cycle, label="1", title="Un guichet")
    other = make_recommendation(world.cycle, label="2", title="Des primes")
    publish_action(asked, value="under_study", stage="initial", on=D(2024, 1, 10), title="Étude")
    step = publish_action(asked, value="partial", stage="final", on=D(2024, 5, 15), title="Finale")
    measure = make_measure(asked, label="1.1", title="Ouvrir", announced_on=D(2024, 5, 15))
    publish_action(measure, value="delivered", on=D(2024, 6, 1), title="Ouvert")
    publish_action(asked, value="to_clarify", on=D(2024, 7, 1), title="Avis plus tard")
    found = parts(client, "2024-02-01", "2024-06-10")
    assert "Réponse : À l’étude puis→ Acceptée en partie" in found["states"]
    assert "Mise en œuvre : Pas commencée puis→ Réalisée" in found["states"]
    assert f"étape n° {step.number}" in found["states"]
    assert "À préciser" not in found["states"]
    assert "Des primes" not in found["states"]
    assert "BXL-C1-2 : Réponse finale" in found["late"]
    assert "BXL-C1-1 : Réponse finale" in found["met"]
    assert "15 mai 2024" in found["met"]
    assert "Ouvrir" in found["new"]
    assert "Un guichet" not in found["new"]
    for title, there in {"Finale": 1, "Ouvert": 1, "Étude": 0, "Avis plus tard": 0}.items():
        assert found["steps"].count(title) == there, title
    assert other.reference in found["late"]
    dutch = parts(client, "2024-02-01", "2024-06-10", DUTCH)
    assert "Antwoord: Wordt onderzocht daarna→ Gedeeltelijk aanvaard" in dutch["states"]


def test_the_figures_count_what_is_listed(client, world):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1", announced_on=D(2024, 1, 1))
    # Said to be not begun, where nothing was said before: it reads the same.
    publish_action(measure, value="not_started", on=D(2024, 5, 15))
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    context = client.get(FRENCH, {"from": "2024-02-01", "to": "2024-06-10"}).context
    assert [len(thing["changes"]) for thing in context["moved"]] == [1]
    assert [entry["figure"] for entry in context["ledger"]][:2] == [2, 1]


def test_the_order_of_the_dates_does_not_matter(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    forth = parts(client, "2024-01-01", "2024-06-01")
    assert parts(client, "2024-06-01", "2024-01-01") == forth


def test_without_a_choice_the_last_twelve_months(client, world):
    response = client.get(FRENCH)
    assert (response.context["since"], response.context["until"]) == (
        D(2025, 11, 12),
        D(2026, 11, 12),
    )
    content = response.content.decode()
    assert '<meta name="robots" content="noindex">' in content
    assert 'name="from" value="2025-11-12" max="2026-11-12"' in content


def test_one_day_and_no_day_of_its_own(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    found = parts(client, "2024-05-15", "2024-05-15")
    assert "Aucun état n’a changé." in found["states"]
    assert "Acceptée" in parts(client, "2024-05-14", "2024-05-15")["states"]


def test_a_mistake_that_was_put_right_never_was(client, world):
    asked = make_recommendation(world.cycle, label="1")
    wrong = publish_action(asked, value="rejected", on=D(2024, 5, 15), title="Erreur")
    correct(wrong, value="accepted", on=D(2024, 5, 20), published=D(2025, 1, 1), title="Juste")
    assert "Aucun état" in parts(client, "2024-05-01", "2024-05-16")["states"]
    found = parts(client, "2024-05-01", "2024-06-01")
    assert "Acceptée" in found["states"]
    assert "Erreur" not in found["steps"]
    assert "Juste" in found["steps"]


def test_only_of_this_cycle(client, world):
    other = make_cycle(world.assembly_page, code="C2").register
    elsewhere = make_recommendation(other, label="1", title="Ailleurs")
    publish_action(elsewhere, value="accepted", on=D(2024, 5, 15), title="D’un autre cycle")
    publish_action(cycle=other, kind="meeting", on=D(2024, 5, 16), title="Réunion ailleurs")
    group = make_group(world.cycle, "Priorité")
    publish_action(group=group, kind="report", on=D(2024, 5, 17), title="Rapport du groupe")
    found = parts(client, "2024-05-01", "2024-06-01")
    assert "Rapport du groupe" in found["steps"]
    assert "D’un autre cycle" not in found["steps"]
    assert "Réunion ailleurs" not in found["steps"]
    assert "Ailleurs" not in found["states"]


@pytest.mark.parametrize("number", [1, 3])
def test_six_queries_whatever_changed(client, world, number):
    for label in range(1, number + 1):
        asked = make_recommendation(world.cycle, label=f"{label}", dutch=False)
        step = publish_action(asked, value="accepted", on=D(2024, 5, 15))
        correct(step, value="partial")
        measure = make_measure(asked, label=f"{label}.1", deadline=D(2024, 9, 1), dutch=False)
        publish_action(measure, value="delivered", on=D(2024, 6, 1))
    query = {"from": "2024-01-01", "to": "2025-01-01"}
    client.get(FRENCH, query)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(FRENCH, query)
    assert len(response.context["moved"]) == 2 * number
    # Change log; steps; recommendations and measures of either day.
    assert len(queries) == 6, [each["sql"] for each in queries]


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("typed", ["hier", "2024-02-30", "9999-12-31", "2026-11-13", "0000-00-00"])
def test_what_is_no_day_is_refused_with_a_sentence(client, world, name, typed):
    response = client.get(FRENCH, {name: typed})
    assert response.status_code == 400
    assert name in text_of(response)


@pytest.mark.parametrize("typed", ["0001-01-01", "1000-02-28"])
def test_the_beginning_of_time(client, world, typed):
    assert client.get(FRENCH, {"to": typed}).status_code == 200
    assert client.get(FRENCH, {"from": typed}).status_code == 200


def test_where_it_is(client, world):
    assert client.get("/fr/assemblee-bxl/changements/").status_code == 404
    assert client.get("/fr/rien/changements/").status_code == 404
    assert client.get("/fr/burgerraad-bxl/cyclus-1/changements/", follow=True).redirect_chain == [
        (FRENCH, 302)
    ]
    response = client.get(FRENCH)
    assert f'href="{DUTCH}"' in response.content.decode()
    cycle = client.get("/fr/assemblee-bxl/cycle-1/").content.decode()
    assert f'href="{FRENCH}"' in cycle
    assert 'href="/fr/assemblee-bxl/cycle-1/chiffres/"' in cycle
    past = client.get("/fr/assemblee-bxl/cycle-1/?as_of=2024-06-01").content.decode()
    assert f'href="{FRENCH}?to=2024-06-01"' in past
    assert 'href="/fr/attendu/assemblee-bxl/?as_of=2024-06-01"' in past
