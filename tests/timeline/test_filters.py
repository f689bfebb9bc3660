"""The filters of the timeline: what each leaves, how many it says, and what it refuses."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies import clock
from assemblies.models import Action
from tests.factories import (
    correct,
    make_assembly,
    make_cycle,
    make_group,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    plain,
    publish_action,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH = "/fr/chronologie/"


@pytest.fixture
def world():
    """Two assemblies, three cycles, and a step of every sort that a filter must tell apart."""
    world = make_world()
    world.topic, world.other = make_topic("logement"), make_topic("eau")
    world.asked = make_recommendation(world.cycle, label="1", topics=[world.topic])
    world.second = make_recommendation(world.cycle, label="2", topics=[world.topic, world.other])
    world.measure = make_measure(world.asked, label="1.1")
    publish_action(world.asked, value="accepted", title="Réponse", on=D(2024, 1, 10))
    publish_action(world.asked, world.second, value="rejected", title="Refus", on=D(2024, 2, 10))
    publish_action(
        world.measure, value="under_way", title="Travaux", on=D(2024, 3, 10), kind="works"
    )
    publish_action(world.second, value="insufficient", title="Avis", on=D(2024, 4, 10))
    publish_action(cycle=world.cycle, kind="meeting", title="Réunion", on=D(2024, 5, 10))
    group = make_group(world.cycle, "Priorité")
    publish_action(group=group, kind="report", title="Rapport", on=(D(2024, 6, 1), D(2024, 6, 30)))
    later = make_cycle(world.cycle.assembly.page, code="C2").register
    third = make_recommendation(later, label="1")
    publish_action(third, value="accepted", title="Cycle 2", on=D(2024, 7, 10))
    page = make_assembly(world.home, code="PAR", preset="paris", territory={"fr": "Paris"})
    make_kind(page.register, deciding_body=world.government)
    paris = make_cycle(page, code="P1").register
    publish_action(cycle=paris, kind="meeting", title="Paris", on=D(2024, 8, 10))
    return world


def titles(response) -> list[str]:
    return [
        str(entry["action"].title)
        for month in response.context["months"]
        for entry in month["entries"]
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("assembly=PAR", ["Paris"]),
        ("cycle=BXL-C2", ["Cycle 2"]),
        ("cycle=BXL-C1", ["Rapport", "Réunion", "Avis", "Travaux", "Refus", "Réponse"]),
        ("cycle=BXL-C2&cycle=PAR-P1", ["Paris", "Cycle 2"]),
        ("kind=meeting", ["Paris", "Réunion"]),
        ("kind=meeting&assembly=BXL", ["Réunion"]),
        ("topic=logement", ["Avis", "Travaux", "Refus", "Réponse"]),
        ("topic=eau", ["Avis", "Refus"]),
        ("response=accepted", ["Cycle 2", "Réponse"]),
        ("response=accepted&opinion=insufficient", ["Cycle 2", "Avis", "Réponse"]),
        ("implementation=under_way&topic=logement", ["Travaux"]),
        ("recommendation=BXL-C1-1", ["Refus", "Réponse"]),
        ("measure=BXL-C1-1.1", ["Travaux"]),
        ("from=2024-06-30", ["Paris", "Cycle 2", "Rapport"]),
        ("to=2024-02-10", ["Refus", "Réponse"]),
        ("from=2024-02-10&to=2024-03-10&kind=works", ["Travaux"]),
        ("from=2024-03-01&to=2024-02-01", []),
        ("as_of=2024-02-15", ["Refus", "Réponse"]),
        ("as_of=2024-02-15&response=accepted", ["Réponse"]),
    ],
)
def test_what_each_filter_leaves(client, world, query, found):
    response = client.get(f"{FRENCH}?{query}")
    assert titles(response) == found
    assert response.context["found"].matching == len(found)


def test_the_number_beside_a_value_is_what_choosing_it_shows(client, world):
    wrong = publish_action(world.second, value="accepted", title="Erreur", on=D(2024, 7, 1))
    correct(wrong, withdraws=True, targets=[], title="Retirée", on=D(2024, 7, 2))
    for chosen in ("", "kind=works", "topic=logement", "cycle=BXL-C1", "from=2024-03-01"):
        response = client.get(f"{FRENCH}?{chosen}")
        for facet in response.context["found"].facets:
            if facet.chosen:
                continue
            for value in facet.values:
                name = value.get("name", facet.name)
                query = f"{chosen}&{name}={value['value']}"
                shown = titles(client.get(f"{FRENCH}?{query}"))
                assert len(shown) == value["number"], query


def test_choices_are_taken_back_one_by_one(client, world):
    response = client.get(f"{FRENCH}?kind=meeting&kind=works&from=2024-01-01&cycle=BXL-C1")
    chosen = {plain(value["label"]): value["without"] for value in response.context["found"].chosen}
    assert chosen["Réunion"] == "cycle=BXL-C1&kind=works&from=2024-01-01"
    assert chosen["1er janvier 2024"] == "cycle=BXL-C1&kind=meeting&kind=works"
    assert "Retirer le filtre" in text_of(response)
    one = client.get(f"{FRENCH}?recommendation=BXL-C1-1").content.decode()
    # The form keeps what it has no box for.
    assert '<input type="hidden" name="recommendation" value="BXL-C1-1">' in one


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "cycle=%27%20OR%201",
        "assembly=bxl",
        "body=nobody",
        "topic=nonsense",
        "response=delivered",
        "recommendation=BXL-C9-9",
        "measure=" + "9" * 3000,
        "from=2024-13-01",
        "from=2024-02-30",
        "to=20240101",
        "to=2024-W01-1",
        "to=%EF%BC%92024-01-01",
        "as_of=hier",
        "as_of=9999-12-31",
        "from=0000-00-00",
    ],
)
@pytest.mark.parametrize("address", [FRENCH, "/nl/tijdlijn/", "/fr/chronologie/flux/"])
def test_what_is_no_choice_is_refused_with_a_sentence(client, world, address, query):
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    name = query.partition("=")[0]
    assert name in text_of(response)


def test_pages_of_a_filtered_list_keep_it(client, world):
    for place in range(40):
        publish_action(world.asked, kind="budget", title=str(place), on=D(2025, 1, 1), dutch=False)
    first = client.get(f"{FRENCH}?kind=budget")
    assert len(titles(first)) == 30
    assert first.context["window"].next.startswith("?kind=budget&before=")
    second = client.get(FRENCH + first.context["window"].next)
    assert len(titles(second)) == 10
    # A step that the filter leaves out still says where a page begins.
    other = Action.objects.get(kind="works").number
    assert titles(client.get(f"{FRENCH}?kind=response&before={other}"))[0] == "Refus"


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 7),
        ("kind=meeting&body=gouvernement&from=2024-01-01", 7),
        ("cycle=BXL-C1&topic=logement&response=accepted", 7),
        ("recommendation=BXL-C1-1", 6),
        ("as_of=2024-06-01", 7),
    ],
)
def test_never_more_than_eight_queries(client, world, query, number):
    if "body=gouvernement" in query:
        query = query.replace("gouvernement", world.government.slug)
    client.get(FRENCH)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{FRENCH}?{query}")
    assert len(queries) == number, [query["sql"] for query in queries]


def test_a_past_day(client, world):
    response = client.get(f"{FRENCH}?as_of=2024-02-15")
    content = response.content.decode()
    assert '<meta name="robots" content="noindex">' in content
    assert response.context["past"]["previous"]["day"] == D(2024, 2, 10)
    assert response.context["past"]["next"]["day"] == D(2024, 3, 10)
    today = clock.today().isoformat()
    assert titles(client.get(f"{FRENCH}?as_of={today}")) == titles(client.get(FRENCH))
