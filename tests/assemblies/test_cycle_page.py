"""The page of a cycle: its figures, what is owed, its recommendations page by page."""

import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from assemblies.models import CyclePage, Recommendation
from tests.assemblies.bulk import answered, make_recommendations
from tests.factories import (
    correct,
    draft_action,
    make_count,
    make_cycle,
    make_group,
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

FRENCH = "/fr/assemblee-bxl/cycle-1/"
DUTCH = "/nl/burgerraad-bxl/cyclus-1/"


@pytest.fixture
def world():
    return make_world()


def read(client, address=FRENCH) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def labels(response) -> list[str]:
    """The numbers of the recommendations that a page of the list shows, in its order."""
    return [item.label for item in response.context["window"].items]


# -- what it costs ------------------------------------------------------------------------------


def enrich(world, number: int) -> None:
    """As many of everything that a cycle can have."""
    for place in range(number):
        group = make_group(world.cycle, f"Priorité {place}", label=str(place))
        part = make_group(world.cycle, f"Ambition {place}", label=f"{place}.a", parent=group)
        topic = make_topic(f"topic-{place}")
        asked = make_recommendation(
            world.cycle, label=f"{place}.1", group=group, topics=[topic], dutch=bool(place % 2)
        )
        make_recommendation(world.cycle, label=f"{place}.2", group=part)
        publish_action(asked, value="accepted", stage="final")
        publish_action(asked, value="to_clarify", on=D(2024, 6, 1))
        measure = make_measure(asked, label=f"{place}.1.1", lead=world.administration)
        publish_action(measure, value="delivered", on=D(2025, 1, 1))
        step = publish_action(
            cycle=world.cycle, kind="meeting", on=D(2024, 1, 1 + place), sources=[source()]
        )
        if place:
            correct(step, kind="correction", withdraws=False)
        publish_action(group=group, kind="suspension", on=D(2024, 2, 1 + place))
        make_count(world.cycle, stated_on=D(2023, 6, 1 + place), body=world.government)


@pytest.mark.parametrize("address", [FRENCH, DUTCH])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_eight_queries_whatever_there_is(client, world, number, address):
    enrich(world, number)
    client.get(address)  # the lists are read once, until the change log moves on
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert len(labels(response)) == 2 * number
    # Change log; page; restrictions; figures; rows; filters; actions on the whole; counts.
    assert len(queries) == 8, [query["sql"] for query in queries]


def test_ten_thousand_cost_what_three_hundred_do(client, world, monkeypatch):
    make_recommendations(world.cycle, 10_000, **answered())
    other = make_cycle(world.assembly_page, code="C2").register
    make_recommendations(other, 300)
    read_rows = []
    from_db = Recommendation.from_db.__func__
    monkeypatch.setattr(
        Recommendation,
        "from_db",
        classmethod(lambda cls, *given: read_rows.append(1) or from_db(cls, *given)),
    )
    costs = {}
    for address, first in {
        FRENCH: "1",
        f"{FRENCH}?after=BXL-C1-5000": "5001",
        f"{FRENCH}?after=BXL-C1-9949": "9950",
        "/fr/assemblee-bxl/cycle-2/": "1",
        "/fr/assemblee-bxl/cycle-2/?after=BXL-C2-249": "250",
    }.items():
        client.get(address)
        read_rows.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert labels(response)[0] == first
        assert len(labels(response)) == 50
        costs[address] = (len(queries), len(read_rows))
    assert {count for count, _rows in costs.values()} == {8}
    # One more than a page shows: it tells whether another page follows.
    assert max(rows for _count, rows in costs.values()) == 51


# -- the list -----------------------------------------------------------------------------------


def test_two_comes_before_ten(client, world):
    for label in ("10", "2", "1", "2 bis", "20"):
        make_recommendation(world.cycle, label=label, slug=f"r{label}".replace(" ", ""))
    assert labels(client.get(FRENCH)) == ["1", "2", "2 bis", "10", "20"]


def test_groups_head_their_recommendations(client, world):
    first = make_group(world.cycle, "Habiter", label="2")
    second = make_group(world.cycle, "Rénover", label="10")
    part = make_group(world.cycle, "Les guichets", label="10.a", parent=second)
    for label, group in {"2.1": first, "10.1": second, "10.2": part, "10.3": part}.items():
        make_recommendation(world.cycle, label=label, group=group)
    make_recommendation(world.cycle, label="X")
    response = client.get(FRENCH)
    shown = [
        (
            [heading["level"] for heading in section.headings],
            [str(heading["title"]) for heading in section.headings],
            [row["number"] for row in section.rows],
        )
        for section in response.context["sections"]
    ]
    assert shown == [
        ([3], ["Habiter"], ["2.1"]),
        ([3, 4], ["Rénover", "Les guichets"], ["10.2", "10.3"]),
        ([3], ["Rénover"], ["10.1"]),
        ([3], ["Hors des groupes"], ["X"]),
    ]
    content = response.content.decode()
    assert content.count(f'id="group-{second.pk}"') == 1
    assert f'href="#group-{first.pk}"' in content


def test_pages_follow_each_other_both_ways(client, world):
    make_recommendations(world.cycle, 120)
    everything = [str(number) for number in range(1, 121)]
    first = client.get(FRENCH)
    assert labels(first) == everything[:50]
    assert first.context["window"].previous == ""
    second = client.get(FRENCH + first.context["window"].next)
    assert labels(second) == everything[50:100]
    third = client.get(FRENCH + second.context["window"].next)
    assert labels(third) == everything[100:]
    assert third.context["window"].next == ""
    assert labels(client.get(FRENCH + third.context["window"].previous)) == everything[50:100]
    assert labels(client.get(FRENCH + second.context["window"].previous)) == everything[:50]
    assert (
        client.get(FRENCH + "?after=bxl-c1-50").context["window"].items
        == second.context["window"].items
    )
    assert "?after=BXL-C1-50" in second.context["canonical_url"]


@pytest.mark.parametrize(
    "query",
    [
        "after=",
        "after=BXL-C1-999",
        "after=BXL-C2-1",
        "before=PAR-P1-1",
        "after=' OR 1=1 --",
        "after=%F0%9F%92%A9",
        "before=" + "9" * 500,
        "after=BXL-C1-3&after=x",
        "after[]=BXL-C1-3",
        "before=BXL-C1-1",
    ],
)
def test_an_unknown_place_leads_to_page_one(client, world, query):
    make_recommendations(world.cycle, 60)
    other = make_cycle(world.assembly_page, code="C2").register
    make_recommendations(other, 1)
    response = client.get(f"{FRENCH}?{query}")
    assert response.status_code == 200
    assert labels(response)[0] == "1"
    assert len(labels(response)) == 50


def test_titles_in_the_language_of_the_reader(client, world):
    make_recommendation(world.cycle, label="1", title="Un guichet", dutch="Een loket")
    make_recommendation(world.cycle, label="2", title="Deux guichets", dutch=False)
    french, dutch = client.get(FRENCH), client.get(DUTCH)
    assert "Un guichet" in text_of(french)
    assert "nog niet vertaald" in text_of(dutch)
    content = dutch.content.decode()
    assert "Een loket" in content
    assert 'href="/nl/burgerraad-bxl/cyclus-1/1-nl/"' in content
    assert (
        '<a href="/nl/burgerraad-bxl/cyclus-1/2/"><span lang="fr">Deux guichets</span>' in content
    )


# -- figures ------------------------------------------------------------------------------------


def test_figures_count_every_response_and_keep_the_zeros(client, world):
    asked = [make_recommendation(world.cycle, label=str(number)) for number in range(1, 6)]
    publish_action(asked[0], value="accepted", on=D(2024, 5, 1))
    publish_action(asked[1], value="rejected", on=D(2024, 5, 1))
    publish_action(asked[0], value="satisfactory", on=D(2024, 6, 1))
    publish_action(asked[1], value="insufficient", on=D(2024, 6, 1))
    done = make_measure(asked[0], label="1.1")
    make_measure(asked[0], label="1.2")
    publish_action(done, value="delivered", on=D(2025, 1, 1))
    draft_action(asked[2], value="accepted")
    withdraw(asked[4])
    response = client.get(FRENCH)
    assert [(row["code"], row["number"]) for row in response.context["tally"]] == [
        ("accepted", 1),
        ("accepted_modified", 0),
        ("partial", 0),
        ("under_study", 0),
        ("referred", 0),
        ("rejected", 1),
        ("awaiting", 2),
        ("", 1),
    ]
    text = text_of(response)
    assert (
        "Sur 4 recommandations, 2 ont reçu une réponse. Sur 2 mesures annoncées, 1 est réalisée. "
        "Le comité de suivi juge 1 réponse satisfaisante."
    ) in text
    assert "2 réponses, dont 1 « non acceptée »" in text
    assert "2 avis, dont 1 « insuffisante »" in text
    assert "Retirée, comptée à part" in text
    assert "Retirée le 12 mars 2026." in text
    dutch = read(client, DUTCH)
    assert "2 antwoorden, waarvan 1 “niet aanvaard”" in dutch
    assert "Ingetrokken op 12 maart 2026." in dutch


def test_an_empty_cycle_says_what_it_waits_for(client, world):
    text = read(client)
    assert "Aucune recommandation n’est encore publiée." in text
    assert "0 recommandation" in text


def test_a_round_without_committee_shows_no_opinion(client):
    world = make_world(preset="paris", code="PAR", dutch=False)
    make_recommendation(world.cycle, label="V1", dutch=False)
    response = client.get("/fr/assemblee-par/cycle-1/")
    assert "Ce que disent les membres" in text_of(response)
    assert "state--opinion" not in response.content.decode()


def test_the_words_of_the_kind(client):
    world = make_world(preset="paris", code="PAR", dutch=False)
    motion = make_kind(
        world.assembly,
        "voeu",
        name={"fr": "Vœu"},
        plural={"fr": "Vœux"},
        deciding_body=world.government,
        words={("response", "accepted"): {"fr": "Adopté"}},
    )
    for label in ("V1", "V2"):
        asked = make_recommendation(world.cycle, label=label, kind=motion, dutch=False)
        publish_action(asked, value="accepted", on=(D(2023, 3, 1), D(2023, 3, 31)))
    text = read(client, "/fr/assemblee-par/cycle-1/")
    assert "2 vœux, un carré par texte" in text
    assert "Adopté en mars 2023." in text
    assert "Adopté 2" in text


def test_nobody_counts_a_thousand_squares(client, world, monkeypatch):
    monkeypatch.setattr("assemblies.pages.rows.SQUARES", 2)
    for label in ("1", "2"):
        make_recommendation(world.cycle, label=label)
    units = 'class="u-line u-line--thin"'
    assert units in client.get(FRENCH).content.decode()
    make_recommendation(world.cycle, label="3")
    response = client.get(FRENCH)
    assert units not in response.content.decode()
    assert plain(response.context["tally_caption"]) == "3 recommandations"


# -- what is owed -------------------------------------------------------------------------------


def duty(response, name: str) -> dict:
    return next(each for each in response.context["duties"] if name in str(each["name"]))


def test_duties_of_the_whole_and_of_each(client, world):
    asked = [make_recommendation(world.cycle, label=str(number)) for number in range(1, 4)]
    publish_action(cycle=world.cycle, kind="response", stage="initial", on=D(2023, 9, 28))
    publish_action(cycle=world.cycle, kind="meeting", on=D(2024, 3, 14))
    publish_action(
        cycle=world.cycle,
        kind="suspension",
        on=D(2024, 6, 20),
        title="Affaires courantes",
        reason_text="Gouvernement en affaires courantes.",
    )
    publish_action(asked[0], value="accepted", stage="final", on=D(2024, 5, 15))
    response = client.get(FRENCH)
    first = duty(response, "Première réponse")
    assert first["status"] == "met_late"
    assert "19 jours après la date prévue" in plain(first["sentence"])
    final = duty(response, "Réponse finale")
    assert final["status"] == "late"
    assert "Rien n’est publié pour 2 recommandations" in plain(final["sentence"])
    assert "9 juin 2024" in plain(final["sentence"])
    text = text_of(response)
    assert text.count("Gouvernement en affaires courantes.") >= 2
    assert "Formele vergadering" in read(client, DUTCH)

    for each in asked[1:]:
        publish_action(each, value="rejected", stage="final", on=D(2024, 6, 1))
    final = duty(client.get(FRENCH), "Réponse finale")
    assert final["status"] == "met"
    assert "3 recommandations ont reçu une réponse, la dernière le 1er juin 2024" in plain(
        final["sentence"]
    )


def test_dates_of_measures_that_have_passed(client, world):
    asked = make_recommendation(world.cycle, label="1")
    make_measure(asked, label="1.1", deadline=D(2025, 12, 31))
    make_measure(asked, label="1.2", deadline=D(2027, 3, 31))
    response = client.get(FRENCH)
    lines = [each for each in response.context["duties"] if "mesures" in str(each["name"])]
    assert [line["status"] for line in lines] == ["late", "due"]
    assert "31 décembre 2025" in plain(lines[0]["sentence"])


def test_what_was_announced_stands_apart(client, world):
    make_recommendation(world.cycle, label="1")
    make_count(world.cycle, number=60, stated_on=D(2023, 6, 9), source_url="https://example.org/")
    make_count(world.cycle, words={"nl": "ongeveer zestig"}, number=60)
    make_count(world.cycle, "panel", words={"fr": "80", "nl": "80"}, live=False)
    response = client.get(FRENCH)
    text = text_of(response)
    assert "Nombre annoncé de recommandations : « plus de 60 », 9 juin 2023" in text
    assert "« ongeveer zestig »" in text
    assert '<span lang="nl">ongeveer zestig</span>' in response.content.decode()
    assert "Ici, la saisie une à une donne 1 recommandation." in text
    assert "80" not in text


def test_steps_on_the_whole_and_their_corrections(client, world):
    make_recommendation(world.cycle, label="1")
    step = publish_action(
        cycle=world.cycle, kind="meeting", title="Réunion", sources=[source("Compte rendu")]
    )
    correct(step, kind="correction", withdraws=False, title="La réunion a eu lieu en ligne")
    text = read(client)
    assert "La réunion a eu lieu en ligne" in text
    assert "Corrigée par l’étape" in text
    assert "Compte rendu" in text


# -- examples, drafts ---------------------------------------------------------------------------


def test_examples_are_marked_and_not_indexed(client, world):
    make_recommendation(world.cycle, label="1", example=True)
    response = client.get(FRENCH)
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert response.content.decode().count('class="example"') >= 3
    assert "Voorbeeld" in read(client, DUTCH)
    make_recommendation(world.cycle, label="2")
    assert "noindex" not in client.get(FRENCH).content.decode()


def test_an_invented_answer_marks_a_real_recommendation(client, world):
    asked = make_recommendation(world.cycle, label="1")
    row = client.get(FRENCH).context["sections"][0].rows[0]
    assert not row["example"]
    publish_action(asked, value="rejected", example=True)
    response = client.get(FRENCH)
    assert response.context["sections"][0].rows[0]["example"]
    assert response.context["counted"].examples == 1
    correct(asked.action_links.get().action, value="accepted", example=False)
    assert not client.get(FRENCH).context["sections"][0].rows[0]["example"]


def test_a_draft_shows_its_words_in_a_preview(world):
    draft = CyclePage(title="Cycle 2", slug="cycle-2", code="C2", question="Comment manger ?")
    draft.locale = world.cycle_page.locale
    draft.live = False
    world.assembly_page.add_child(instance=draft)
    request = RequestFactory().get("/")
    request.is_preview = True
    response = draft.serve(request)
    response.render()
    assert "Comment manger ?" in text_of(response)
