"""The page of a recommendation: what it says, in both languages, and what it costs."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies.models import RecommendationPage
from tests.factories import (
    correct,
    draft_action,
    make_act,
    make_body,
    make_group,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    source,
    text_of,
    translate,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date

FRENCH = "/fr/assemblee-bxl/cycle-1/3-4/"
DUTCH = "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="3.4", title="Un guichet par quartier")


def read(client, address=FRENCH) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


# -- what it costs ------------------------------------------------------------------------------


def enrich(world, asked, number: int) -> None:
    """As many of everything that a recommendation can have."""
    for place in range(number):
        body = make_body(f"body-{place}")
        topic = make_topic(f"topic-{place}")
        asked.topic_keys = [*asked.topic_keys, topic.pk]
        measure = make_measure(
            asked, label=f"3.4.{place}", lead=body, contributors=[body, world.government]
        )
        publish_action(measure, value="delivered", on=D(2025, 1, 1), sources=[source(), source()])
        early = publish_action(asked, value="under_study", on=D(2023, 9, 1 + place))
        correct(early, value="accepted")
        publish_action(asked, value="to_clarify", on=D(2024, 6, 1 + place))
        publish_action(asked, value="accepted", body=body)
        publish_action(cycle=world.cycle, kind="meeting")
        publish_action(group=asked.group, kind="suspension", cycle=None)
        make_recommendation(world.cycle, label=f"3.{place}", dutch=False)
        make_recommendation(world.cycle, label=f"4.{place}")
    asked.save()


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("address", [FRENCH, DUTCH])
def test_six_queries_whatever_there_is(client, world, number, address):
    group = make_group(world.cycle, "Habiter")
    asked = make_recommendation(world.cycle, label="3.4", group=group)
    enrich(world, asked, number)
    client.get(address)  # the lists are read once, until the change log moves on
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    assert text_of(response).count("3.4.") >= number
    # Change log; page and register; restrictions; neighbours and group; measures with their
    # contributors; actions with their sources.
    assert len(queries) == 6, [query["sql"] for query in queries]


def test_a_longer_chain_of_corrections_is_told_whole(client, world, asked):
    other = make_recommendation(world.cycle, label="3.5")
    step = publish_action(asked, value="rejected", title="Première version")
    for number in range(5):
        step = correct(step, other, value="rejected", title=f"Version {number}")
    text = read(client)
    for number in range(5):
        assert f"Version {number}" in text
    # What it was about is about something else now.
    assert "Aucune réponse n’est publiée ici." in text


# -- what it says -------------------------------------------------------------------------------


def test_nothing_happened_yet(client, asked):
    text = read(client)
    assert "Remise le 9 juin 2023, en attente de réponse." in text
    assert "Pas encore examinée." in text
    assert "Aucune mesure n’est annoncée." in text
    assert "Aucune étape n’est encore publiée." in text
    assert "Aucune réponse publiée ; elle était attendue le 9 juin 2024." in text


def test_both_languages_say_the_same_at_once(client, world, asked):
    measure = make_measure(asked, label="3.4.1", lead=world.administration)
    make_measure(asked, label="3.4.2")
    publish_action(asked, value="partial", stage="final", on=D(2024, 5, 15))
    publish_action(measure, value="delivered", on=D(2025, 1, 9))
    publish_action(asked, value="insufficient", on=D(2025, 2, 1))
    assert (
        "Acceptée en partie le 15 mai 2024. Sur 2 mesures annoncées, 1 est réalisée. "
        "Le comité de suivi juge la réponse insuffisante."
    ) in read(client)
    dutch = read(client, DUTCH)
    assert "Gedeeltelijk aanvaard op 15 mei 2024." in dutch
    assert "Definitief antwoord, 15 mei 2024" in dutch
    assert "Onvoldoende" in dutch
    assert "1 van 2 uitgevoerd" in dutch


def test_a_draft_changes_nothing(client, asked):
    before = read(client)
    draft_action(asked, value="accepted", title="Brouillon")
    assert read(client) == before


def test_the_answer_gives_what_it_must(client, asked):
    step = publish_action(
        asked,
        value="partial",
        stage="final",
        text="Six guichets ouvriront.",
        link="strengthened",
        reason="budget",
        reason_text="Le préfinancement coûte trop cher.",
        sources=[
            source("Réponse finale", language="fr", official=True),
            source("Definitief antwoord", language="nl", official=True),
        ],
    )
    response = client.get(FRENCH)
    text = text_of(response)
    for said in (
        "Six guichets ouvriront.",
        "Renforcé",
        "Budget. Le préfinancement coûte trop cher.",
        "Réponse finale",
        "Les deux versions linguistiques sont officielles.",
        f"n° {step.number}",
    ):
        assert said in text
    assert 'lang="nl">Definitief antwoord' in response.content.decode()


def test_earlier_answers_are_kept_and_other_bodies_stand_beside(client, world, asked):
    publish_action(asked, value="under_study", stage="initial", on=D(2023, 9, 28))
    publish_action(asked, value="accepted", stage="final", on=D(2024, 5, 15))
    publish_action(
        asked,
        value="rejected",
        on=D(2024, 6, 1),
        body=world.administration,
        kind="response",
        text="L’administration est contre.",
    )
    text = read(client)
    assert "Acceptée le 15 mai 2024." in text
    assert "Réponse précédente : première réponse, 28 septembre 2023" in text
    assert "L’administration est contre." in text


def test_an_opinion_says_what_it_judges_and_has_not_seen(client, asked):
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    publish_action(
        asked, value="to_clarify", on=D(2024, 6, 6), text="Nous demandons une phrase claire."
    )
    publish_action(asked, on=D(2024, 7, 1))
    publish_action(asked, on=D(2024, 8, 1))
    text = read(client)
    assert "Avis sur la réponse, 6 juin 2024, donné avant les 2 dernières étapes" in text
    assert "Nous demandons une phrase claire." in text


def test_measures_say_who_leads_by_when_and_what_is_missing(client, world, asked):
    measure = make_measure(
        asked,
        label="3.4.1",
        title="Ouvrir six guichets",
        lead=world.administration,
        contributors=[world.government],
        deadline_words={"fr": "fin de 2025", "nl": "eind 2025"},
    )
    publish_action(
        measure,
        value="partly",
        on=D(2026, 5, 21),
        what_is_missing="Manquent deux guichets.",
        sources=[source("Bilan des guichets")],
    )
    publish_action(
        measure,
        kind="postponed",
        on=D(2026, 10, 14),
        new_deadline=D(2027, 3, 31),
        deadline_words={"fr": "mars 2027", "nl": "maart 2027"},
    )
    stopped = make_measure(asked, label="3.4.2")
    publish_action(stopped, value="stopped", reason_text="L’étude est abandonnée.")
    text = read(client)
    for said in (
        "Réalisée en partie depuis le 21 mai 2026",
        "Manquent deux guichets.",
        "L’étude est abandonnée.",
        "Service responsable Administration du logement",
        "Services associés Gouvernement",
        "« mars 2027 », 31 mars 2027 (annoncée d’abord : « fin de 2025 »)",
        "Bilan des guichets",
        "1 réalisée en partie, 1 abandonnée",
        "Mesure 3.4.1 : date annoncée",
        "Date prévue avant cette étape : « fin de 2025 ».",
    ):
        assert said in text, said


def test_an_assembly_s_own_words_are_used(client):
    world = make_world(code="PAR", preset="paris", dutch=False)
    world.assembly_page.lead_word = {"fr": "Direction pilote"}
    world.assembly_page.save()
    kind = make_kind(
        world.assembly,
        "voeu",
        name={"fr": "Vœu"},
        words={("response", "accepted"): {"fr": "Adopté"}},
        deciding_body=world.government,
    )
    asked = make_recommendation(world.cycle, label="V1", kind=kind, dutch=False)
    publish_action(asked, value="accepted", on=(D(2023, 3, 1), D(2023, 3, 31)))
    make_measure(asked, label="1", lead=world.administration)
    text = read(client, "/fr/assemblee-par/cycle-1/v1/")
    assert "Vœu V1" in text
    assert "Adopté en mars 2023." in text
    assert "Direction pilote Administration du logement" in text
    # In Dutch the assembly has no word of its own, so ours is said.
    assert "Aanvaard in maart 2023." in read(client, "/nl/assemblee-par/cycle-1/v1/")


def test_where_no_committee_judges_the_act_and_the_members_speak(client):
    world = make_world(code="PAR", preset="paris", dutch=False)
    asked = make_recommendation(world.cycle, label="D1", dutch=False)
    act = make_act(
        asked,
        number="2024 DASES 10",
        article="La Ville rend compte chaque année.",
        votes_for=120,
        votes_against=3,
    )
    publish_action(asked, kind="report", on=D(2025, 7, 6))
    publish_action(asked, kind="meeting", on=D(2025, 8, 8), title="Réunion annuelle")
    response = client.get("/fr/assemblee-par/cycle-1/d1/")
    text = text_of(response)
    for said in (
        "Acceptée en juillet 2024.",
        "La Ville rend compte chaque année.",
        "120 pour, 3 contre",
        "les membres s’expriment une fois par an",
        "8 août 2025 : Réunion annuelle",
        "Livret de suivi, 2025",
        "Publication faite le 6 juillet 2025 ; elle était attendue le 31 juillet 2025.",
        "Réunion tenue le 8 août 2025, 8 jours après la date prévue.",
        "Rien n’est publié ; c’était attendu le 31 juillet 2026.",
    ):
        assert said in text, said
    assert "Pas encore examinée" not in text
    assert f'href="/fr/actes/{act.slug}/"' in response.content.decode()


# -- duties -------------------------------------------------------------------------------------


def test_lateness_is_neutral_and_a_reason_stands_beside(client, world, asked):
    publish_action(
        cycle=world.cycle,
        kind="suspension",
        on=D(2024, 6, 1),
        title="Gouvernement en affaires courantes",
    )
    text = read(client)
    assert "Réponse finale du gouvernement" in text
    assert "Aucune réponse publiée ; elle était attendue le 9 juin 2024." in text
    assert text.count("Gouvernement en affaires courantes") == 2  # beside the duty, and its step
    publish_action(asked, value="rejected", stage="final", on=D(2024, 6, 10))
    text = read(client)
    assert "Réponse publiée le 10 juin 2024, 1 jour après la date prévue." in text
    assert "date prévue le 9 juin 2024, publication 1 jour après cette date." in text


def test_a_decision_announced_and_not_taken_is_told(client, asked):
    publish_action(asked, value="under_study", on=D(2023, 9, 28), decision_due=D(2024, 5, 1))
    text = read(client)
    assert "Aucune décision publiée ; elle était annoncée pour le 1er mai 2024." in text


def test_silence_is_stated(client, asked):
    assert "Aucune étape n’est publiée depuis le 9 juin 2023, soit plus de 12 mois." in read(client)
    publish_action(asked, on=D(2026, 10, 1))
    assert "Aucune étape n’est publiée" not in read(client)


# -- the timeline -------------------------------------------------------------------------------


def test_a_correction_and_what_it_corrects_point_at_each_other(client, asked):
    wrong = publish_action(asked, value="accepted", stage="final", title="Sept guichets")
    right = correct(wrong, value="partial", title="Six guichets")
    text = read(client)
    assert "Acceptée en partie le 15 mai 2024." in text
    assert f"Corrigée par l’étape n° {right.number}" in text
    assert f"Corrige l’étape n° {wrong.number}" in text
    assert "Sept guichets" in text
    assert "Réponse finale, 15 mai 2024" in text  # in the role of what it replaces
    assert "Réponse précédente" not in text


def test_steps_tell_the_state_before(client, asked):
    publish_action(asked, value="under_study", on=D(2023, 9, 28))
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    assert "État avant cette étape : À l’étude." in read(client)


def test_days_of_publication_are_shown_where_they_differ(client, asked):
    publish_action(asked, on=D(2024, 5, 15), published=D(2024, 5, 15))
    publish_action(
        asked,
        on=(D(2024, 4, 1), D(2024, 4, 30)),
        published=D(2024, 5, 20),
        published_elsewhere_on=D(2024, 5, 2),
    )
    text = read(client)
    assert "avril 2024, publiée ailleurs le 2 mai 2024" in text
    assert "publiée ici le 20 mai 2024" not in text
    assert "15 mai 2024, publiée ici" not in text
    assert "Dernière étape : 15 mai 2024" in text


def test_steps_of_the_whole_cycle_are_told_apart(client, world):
    group = make_group(world.cycle, "Habiter autrement")
    asked = make_recommendation(world.cycle, label="3.4", group=group)
    other = make_recommendation(world.cycle, label="3.5")
    publish_action(cycle=world.cycle, kind="meeting", title="Réunion formelle")
    publish_action(group=group, kind="report", title="Rapport du groupe")
    publish_action(other, value="accepted", cycle=world.cycle, title="Réponse à d’autres")
    publish_action(other, value="accepted", title="Réponse à une autre seule")
    text = read(client)
    assert "dans son ensemble : Cycle 1" in text
    assert "dans son ensemble : Habiter autrement" in text
    # An answer to others is told, since it was given for the cycle, and sets nothing here.
    assert "Réponse à d’autres" in text
    assert "Nouvel état" not in text
    assert "Réponse à une autre seule" not in text
    assert "en attente de réponse" in text
    assert asked.reference in text


def test_steps_stand_the_newest_first(client, asked):
    publish_action(asked, on=D(2024, 1, 1), title="Ancienne")
    publish_action(asked, on=(D(2024, 1, 1), D(2024, 12, 31)), title="Récente")
    publish_action(asked, on=D(2024, 6, 1), title="Moyenne")
    text = read(client)
    assert text.index("Récente") < text.index("Moyenne") < text.index("Ancienne")


# -- around it ----------------------------------------------------------------------------------


def test_neighbours_stand_in_natural_order(client, world):
    for label in ("3.10", "3.2", "3.4", "3.3"):
        make_recommendation(world.cycle, label=label, title=f"Voisine {label}")
    text = read(client)
    assert text.index("Recommandation 3.3") < text.index("Voisine 3.3")
    assert text.index("Voisine 3.3") < text.index("Voisine 3.10")
    assert "Voisine 3.2" not in text
    dutch = client.get(DUTCH).content.decode()
    assert 'href="/nl/burgerraad-bxl/cyclus-1/3-3-nl/"' in dutch


def test_a_withdrawn_neighbour_is_passed_over(client, world, asked):
    make_recommendation(world.cycle, label="3.6", title="Voisine 3.6", dutch=False)
    withdraw(make_recommendation(world.cycle, label="3.5", title="Voisine 3.5"))
    make_recommendation(world.cycle, label="3.3", title="Brouillon", live=False, dutch=False)
    text = read(client)
    assert "Voisine 3.6" in text
    assert "Voisine 3.5" not in text
    assert "Brouillon" not in text


def test_it_can_be_quoted(client, asked):
    response = client.get(FRENCH)
    text = text_of(response)
    assert "Assemblée, Cycle 1, Recommandation 3.4, état au 12 novembre 2026." in text
    content = response.content.decode()
    assert 'href="/fr/r/BXL-C1-3.4"><code>127.0.0.1:8000/fr/r/BXL-C1-3.4</code>' in content
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{FRENCH}">' in content


def test_what_is_invented_wears_its_mark_and_is_not_indexed(client, asked):
    content = client.get(FRENCH).content.decode()
    assert 'content="noindex"' not in content
    main = content[content.index("<main") : content.index("</main")]
    assert "Exemple" not in main
    publish_action(asked, value="rejected", example=True)
    content = client.get(FRENCH).content.decode()
    main = content[content.index("<main") : content.index("</main")]
    assert main.count('<span class="example">Exemple</span>') == 2  # the voice, and the step
    assert 'name="robots" content="noindex"' in content


def test_the_description_is_the_sentence(client, asked):
    content = " ".join(client.get(FRENCH).content.decode().split())
    said = "Remise le 9 juin 2023, en attente de réponse."
    assert f'<meta name="description" content="{said}">' in content


# -- previews in the admin ----------------------------------------------------------------------


def preview(page) -> str:
    response = page.make_preview_request()
    assert response.status_code == 200
    return text_of(response)


def test_a_draft_can_be_previewed(world):
    page = make_recommendation(world.cycle, label="5.1", title="À venir", live=False, dutch=False)
    text = preview(page)
    assert "À venir" in text
    assert "Brouillon : rien de ceci n’est encore publié." in text
    assert "Nous demandons un guichet" in text


def test_an_edit_and_a_translation_can_be_previewed(world, asked):
    publish_action(asked, value="rejected")
    page = RecommendationPage.objects.get(pk=asked.page_id)
    page.title = "Un autre titre"
    assert "Un autre titre" in preview(page)
    assert "Non acceptée le 15 mai 2024." in preview(page)
    other = make_recommendation(world.cycle, label="3.5", dutch=False)
    dutch = translate(other.page, live=False, title="Een loket", slug="een-loket")
    text = preview(dutch)
    assert "Een loket" in text
    assert "Overhandigd op 9 juni 2023" in text


def test_documents_stand_together_once(client, world):
    asked = make_recommendation(world.cycle, label="7")
    answer = publish_action(
        asked,
        value="accepted",
        on=D(2024, 5, 15),
        sources=[source("Réponse", url="https://a.example/")],
    )
    publish_action(
        asked,
        kind="report",
        on=D(2025, 1, 1),
        sources=[
            source("La même", url="https://a.example/"),
            source("Bilan", url="https://b.example/"),
        ],
    )
    shown = client.get("/fr/assemblee-bxl/cycle-1/7/").context["documents"]
    assert [each["source"].url for each in shown] == ["https://a.example/", "https://b.example/"]
    assert answer.number not in {each["step"].number for each in shown}
