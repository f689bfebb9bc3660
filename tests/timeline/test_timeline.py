"""The timeline: every published step, the newest first, page by page."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies.models import Action
from tests.factories import (
    correct,
    draft_action,
    make_assembly,
    make_cycle,
    make_kind,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
    source,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date

FRENCH = "/fr/chronologie/"
DUTCH = "/nl/tijdlijn/"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="3.4")


def shown(response) -> list[str]:
    return [
        str(entry["action"].title)
        for month in response.context["months"]
        for entry in month["entries"]
    ]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_seven_queries_whatever_happened(client, world, asked, number):
    for place in range(number):
        step = publish_action(asked, value="accepted", sources=[source(), source("Autre")])
        correct(step, value="rejected")
        measure = make_measure(asked, label=f"3.4.{place}", lead=world.administration)
        publish_action(measure, value="delivered")
        publish_action(cycle=world.cycle, kind="meeting")
    client.get(FRENCH)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(FRENCH)
    assert len(shown(response)) == 5 * number
    # Change log; actions with everything about them; counts of the filters, by cycle, by topic;
    # months; what is to come.
    assert len(queries) == 7, [query["sql"] for query in queries]


def test_the_newest_first_by_month(client, world, asked):
    for title, on in {
        "Trois": D(2024, 3, 4),
        "Deux": D(2024, 2, 29),
        "Année": (D(2023, 1, 1), D(2023, 12, 31)),
        "Même jour": D(2024, 3, 4),
    }.items():
        publish_action(asked, kind="progress", title=title, on=on, published=D(2024, 4, 2))
    draft_action(asked, kind="progress", title="Brouillon", on=D(2024, 3, 5))
    response = client.get(FRENCH)
    assert shown(response) == ["Même jour", "Trois", "Deux", "Année"]
    assert [month["name"] for month in response.context["months"]] == [
        "Mars 2024",
        "Février 2024",
        "Décembre 2023",
    ]
    text = text_of(response)
    assert "4 mars 2024, publiée ici le 2 avril 2024" in text
    assert "Brouillon" not in text
    assert client.get(DUTCH).context["months"][0]["name"] == "Maart 2024"


def test_each_step_says_what_it_is_about(client, world, asked):
    measure = make_measure(asked, label="3.4.1")
    publish_action(measure, value="delivered", sources=[source("Bilan 2025")])
    publish_action(cycle=world.cycle, kind="meeting")
    wrong = publish_action(asked, value="rejected", title="Refus")
    right = correct(wrong, value="accepted", title="Accord")
    response = client.get(FRENCH)
    text = text_of(response)
    content = response.content.decode()
    assert "Bilan 2025" in text
    assert 'href="/fr/mesures/BXL-C1-3.4.1/"' in content
    assert 'href="/fr/r/BXL-C1-3.4"' in content
    assert 'href="/fr/assemblee-bxl/cycle-1/"' in content
    assert f"Corrigée par l’étape n° {right.number}" in text
    assert f"Corrige l’étape n° {wrong.number}" in text
    assert f'href="/fr/chronologie/{right.number}/"' in content


def test_states_in_the_words_of_their_kind(client, world, asked):
    page = make_assembly(world.home, code="PAR", preset="paris", territory={"fr": "Paris"})
    motion = make_kind(
        page.register,
        "voeu",
        deciding_body=world.government,
        words={
            ("response", "accepted"): {"fr": "Adopté", "nl": "Aangenomen"},
            ("implementation", "delivered"): {"fr": "Tenu"},
        },
    )
    paris = make_cycle(page, code="P1").register
    vow = make_recommendation(paris, label="V1", kind=motion)
    publish_action(vow, value="accepted")
    measure = make_measure(vow, label="V1.1")
    publish_action(measure, value="delivered", on=D(2025, 1, 1))
    publish_action(asked, value="accepted")
    text = text_of(client.get(FRENCH))
    assert "Adopté" in text
    assert "Tenu" in text
    assert "Acceptée" in text
    # With two assemblies, each step says where.
    assert "Paris, Gouvernement" in text
    assert "Bruxelles, Gouvernement" in text
    assert "Aangenomen" in text_of(client.get(DUTCH))


def test_pages_follow_each_other_both_ways(client, world, asked, monkeypatch):
    for place in range(70):
        publish_action(
            asked, kind="progress", title=str(place), on=D(2024, 1, 1 + place // 8), dutch=False
        )
    everything = [str(place) for place in reversed(range(70))]
    rows = []
    from_db = Action.from_db.__func__
    monkeypatch.setattr(
        Action,
        "from_db",
        classmethod(lambda cls, *given: rows.append(1) or from_db(cls, *given)),
    )
    first = client.get(FRENCH)
    assert shown(first) == everything[:30]
    assert first.context["window"].previous == ""
    assert first.context["window"].next.startswith("?before=")
    assert len(rows) == 31
    second = client.get(FRENCH + first.context["window"].next)
    assert shown(second) == everything[30:60]
    assert second.context["window"].previous.startswith("?after=")
    rows.clear()
    third = client.get(FRENCH + second.context["window"].next)
    assert shown(third) == everything[60:]
    assert third.context["window"].next == ""
    assert len(rows) == 10
    assert shown(client.get(FRENCH + third.context["window"].previous)) == everything[30:60]
    assert shown(client.get(FRENCH + second.context["window"].previous)) == everything[:30]


@pytest.mark.parametrize(
    "query",
    [
        "before=",
        "before=x",
        "before=0",
        "after=99999",
        "before=" + "9" * 30,
        "after=-1",
        "before=²",
    ],
)
def test_an_unknown_place_leads_to_page_one(client, world, asked, query):
    publish_action(asked, kind="progress", title="Seule")
    response = client.get(f"{FRENCH}?{query}")
    assert response.status_code == 200
    assert shown(response) == ["Seule"]


def test_an_empty_timeline(client, world):
    assert "Aucune étape n’est encore publiée." in text_of(client.get(FRENCH))


def test_only_reading(client, world):
    assert client.post(FRENCH).status_code == 405
    response = client.get(FRENCH)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_invented_steps_are_marked(client, world, asked):
    publish_action(asked, kind="progress", example=True)
    content = client.get(FRENCH).content.decode()
    assert '<meta name="robots" content="noindex">' in content
    publish_action(asked, kind="progress", title="Vraie")
    content = client.get(FRENCH).content.decode()
    assert "noindex" not in content
    assert 'class="example"' in content
