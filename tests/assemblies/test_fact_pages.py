"""The permanent pages of measures, acts and steps, and how facts look in the admin's preview."""

import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from assemblies.models import (
    Act,
    ActAdopts,
    Action,
    ActionTarget,
    Measure,
    MeasureServes,
    Withdrawal,
)
from assemblies.pages import facts
from tests.factories import (
    correct,
    draft_action,
    make_act,
    make_body,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
    source,
    text_of,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="3.4", title="Un guichet par quartier")


def address(name: str, argument, language: str = "fr") -> str:
    with override(language):
        return reverse(f"assemblies:{name}", args=[argument])


def read(client, name: str, argument, language: str = "fr") -> str:
    response = client.get(address(name, argument, language))
    assert response.status_code == 200
    return text_of(response)


def count(client, url: str) -> int:
    client.get(url)  # the lists are read once, until the change log moves on
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# -- measures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_a_measure_costs_five_queries(client, world, number):
    served = [make_recommendation(world.cycle, label=f"3.{n}") for n in range(number)]
    bodies = [make_body(f"body-{n}") for n in range(number)]
    measure = make_measure(*served, label="M", contributors=bodies, lead=world.administration)
    for place in range(number):
        publish_action(measure, value="delivered", sources=[source(), source()])
        publish_action(measure, kind="postponed", deadline_words=f"mars {2027 + place}")
        publish_action(cycle=world.cycle, kind="suspension")
    # Change log, measure, contributors, recommendations, actions.
    assert count(client, measure.url) == 5


def test_a_measure_says_what_it_is_and_what_became_of_it(client, world, asked):
    measure = make_measure(
        asked,
        label="3.4.1",
        title={"fr": "Ouvrir six guichets", "nl": "Zes loketten openen"},
        text="Dans six communes.",
        lead=world.administration,
        contributors=[world.government],
        deadline=D(2025, 12, 31),
        deadline_words={"fr": "fin de 2025", "nl": "eind 2025"},
        part={"fr": "le guichet", "nl": "het loket"},
    )
    publish_action(measure, value="under_way", on=D(2025, 1, 1))
    publish_action(
        measure, value="partly", on=D(2026, 1, 1), what_is_missing="Manquent deux guichets."
    )
    text = read(client, "measure", measure.reference)
    for said in (
        "Ouvrir six guichets",
        "Réalisée en partie depuis le 1er janvier 2026",
        "Dans six communes.",
        "Manquent deux guichets.",
        "« fin de 2025 », 31 décembre 2025",
        "Recommandation 3.4, Un guichet par quartier",
        "le guichet",
        "La date annoncée, le 31 décembre 2025, est passée ; aucune réalisation n’est publiée.",
        "État avant cette étape : En cours.",
        "Mesure 3.4.1 (BXL-C1-3.4.1), état au 12 novembre 2026.",
    ):
        assert said in text, said
    dutch = read(client, "measure", measure.reference, "nl")
    for said in ("Zes loketten openen", "het loket", "Gedeeltelijk uitgevoerd", "Aanbeveling 3.4"):
        assert said in dutch, said


def test_a_measure_in_french_only_says_so_in_dutch(client, asked):
    measure = make_measure(asked, label="3.4.1", title={"fr": "Ouvrir six guichets"}, dutch=False)
    response = client.get(address("measure", measure.reference, "nl"))
    content = response.content.decode()
    assert '<span lang="fr">Ouvrir six guichets</span>' in content
    assert "nog niet vertaald" in content
    assert 'hreflang="nl" href' not in content


def test_a_measure_is_found_without_regard_to_case(client, asked):
    measure = make_measure(asked, label="3.4.a")
    response = client.get("/fr/mesures/bxl-c1-3.4.a/")
    assert (response.status_code, response["Location"]) == (
        301,
        address("measure", measure.reference),
    )


def test_drafts_have_no_page(client, asked):
    make_measure(asked, label="3.4.1", live=False)
    make_act(asked, number="1", live=False)
    draft_action(asked, value="rejected")
    assert client.get(address("measure", "BXL-C1-3.4.1")).status_code == 404
    assert client.get(address("act", "BXL-1")).status_code == 404
    for number in range(20):
        assert client.get(address("action", number)).status_code == 404


# -- acts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_an_act_costs_four_queries(client, world, number):
    adopted = [make_recommendation(world.cycle, label=f"V{n}") for n in range(number)]
    act = make_act(*adopted, url="https://example.org/act")
    # Change log, act, recommendations, vote.
    assert count(client, act.public_url) == 4


def test_an_act_says_its_vote_and_what_it_obliges_to(client, world, asked):
    act = make_act(
        asked,
        number="2024 DASES 10",
        title={"fr": "Plan contre le sans-abrisme", "nl": "Plan tegen dakloosheid"},
        result="adopted_amended",
        votes_for=120,
        votes_abstained=1,
        what_changed="Trois lieux au lieu de quatre.",
        article="La Ville rend compte chaque année.",
        url="https://example.org/act",
    )
    response = client.get(act.public_url)
    text = text_of(response)
    for said in (
        "Acte 2024 DASES 10",
        "Plan contre le sans-abrisme",
        "juillet 2024",
        "Acceptée avec modifications",
        "120 pour, 1 abstention",
        "Trois lieux au lieu de quatre.",
        "La Ville rend compte chaque année.",
        "Recommandation 3.4, Un guichet par quartier",
    ):
        assert said in text, said
    vote = Action.objects.get(act=act)
    assert f'href="{address("action", vote.number)}"' in response.content.decode()
    assert "Plan tegen dakloosheid" in read(client, "act", act.slug, "nl")
    assert "2024 DASES 10" in read(client, "action", vote.number)


# -- steps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_a_step_costs_five_queries(client, world, number):
    asked = [make_recommendation(world.cycle, label=f"3.{n}") for n in range(number)]
    measures = [make_measure(row, lead=world.administration) for row in asked]
    for row, measure in zip(asked, measures, strict=True):
        publish_action(row, value="rejected", on=D(2023, 9, 1))
        publish_action(measure, value="under_way", on=D(2025, 1, 1))
    step = publish_action(
        *measures, value="delivered", on=D(2026, 1, 1), sources=[source(), source()]
    )
    with override("fr"):
        assert count(client, step.url) == 4  # measures alone
    step = publish_action(*asked, *measures, kind="meeting", on=D(2026, 1, 1))
    # Change log, step, recommendations, measures, actions around.
    with override("fr"):
        assert count(client, step.url) == 5


def test_a_step_says_what_it_changed(client, world, asked):
    other = make_recommendation(world.cycle, label="3.5", title="Des primes")
    publish_action(asked, value="under_study", on=D(2023, 9, 28))
    step = publish_action(
        asked,
        other,
        value="rejected",
        stage="final",
        on=D(2024, 6, 28),
        published=D(2024, 7, 4),
        published_elsewhere_on=D(2024, 7, 1),
        title="Réponse finale",
        text="Le gouvernement ne suit pas.",
        reason_text="Hors budget.",
        sources=[source("La réponse")],
    )
    text = read(client, "action", step.number)
    for said in (
        f"Étape n° {step.number}",
        "Réponse finale, 28 juin 2024",
        "Le gouvernement ne suit pas.",
        "Hors budget.",
        "La réponse",
        "Publiée ici le 4 juillet 2024",
        "Publiée ailleurs le 1er juillet 2024",
        "Recommandation 3.4, Un guichet par quartier",
        "Réponse : À l’étude puis→ Non acceptée",
        "Recommandation 3.5, Des primes",
        "Réponse : Non acceptée",
        "Réponse publiée le 28 juin 2024, 19 jours après la date prévue.",
    ):
        assert said in text, said
    assert text.count("19 jours après") == 1  # once for both


def test_a_step_on_a_measure_says_lead_and_due_date_before_and_after(client, world, asked):
    measure = make_measure(
        asked, label="3.4.1", lead=world.administration, deadline_words={"fr": "fin 2025"}
    )
    step = publish_action(
        measure,
        kind="lead",
        on=D(2025, 1, 1),
        concerned_body=world.government,
        deadline_words={"fr": "mars 2027"},
    )
    text = read(client, "action", step.number)
    assert "Service responsable : Administration du logement puis→ Gouvernement" in text
    assert "« fin 2025 » puis→ « mars 2027 »" in text


def test_a_correction_and_what_it_corrects(client, asked):
    wrong = publish_action(asked, value="accepted", title="Sept guichets")
    right = correct(wrong, value="partial", title="Six guichets")
    gone = correct(right)
    text = read(client, "action", wrong.number)
    assert f"C’est l’étape n° {right.number} qui vaut : Six guichets" in text
    assert f"Cette étape corrige l’étape n° {wrong.number} et la remplace : Sept guichets" in read(
        client, "action", right.number
    )
    assert f"Cette étape retire l’étape n° {right.number}" in read(client, "action", gone.number)


def test_a_draft_correction_is_not_shown(client, asked):
    step = publish_action(asked, value="accepted")
    draft_action(
        asked,
        kind="correction",
        corrects=step,
        value="rejected",
        reason_text="Erreur.",
        title="Non",
    )
    assert "corrigée" not in read(client, "action", step.number)
    assert "Corrigée par" not in text_of(client.get("/fr/assemblee-bxl/cycle-1/3-4/"))


def test_a_step_on_a_whole_cycle(client, world):
    step = publish_action(
        cycle=world.cycle, kind="response", stage="initial", on=D(2023, 9, 28), title="Réponse"
    )
    text = read(client, "action", step.number)
    assert "Dans son ensemble : Cycle 1" in text
    assert "Première réponse du gouvernement" in text
    assert "Réponse publiée le 28 septembre 2023, 19 jours après la date prévue." in text


def test_a_step_on_what_was_withdrawn_stays(client, asked):
    step = publish_action(asked, value="rejected")
    withdraw(asked)
    response = client.get(address("action", step.number))
    assert response.status_code == 200
    assert "Un guichet par quartier" in text_of(response)


def test_invented_facts_wear_their_mark(client, asked):
    measure = make_measure(asked, label="3.4.1", example=True)
    act = make_act(asked, example=True)
    step = publish_action(asked, value="rejected", example=True)
    for url in (measure.url, act.public_url, step.url):
        content = client.get(url).content.decode()
        main = content[content.index("<main") : content.index("</main")]
        assert '<span class="example">Exemple</span>' in main
        assert 'name="robots" content="noindex"' in content


# -- previews -----------------------------------------------------------------------------------


def preview(fact, client) -> str:
    from django.template.loader import render_to_string

    request = RequestFactory().get("/fr/")
    request.resolver_match = None
    context = facts.preview_context(fact, request)
    return render_to_string(facts.preview_template(fact), context, request)


def test_drafts_of_facts_can_be_previewed(client, world, asked):
    day = D(2025, 1, 1)
    publish_action(asked, value="under_study", on=D(2024, 1, 1))
    action = Action(
        assembly=world.assembly,
        kind="response",
        happened_first=day,
        happened_last=day,
        body=world.government,
        title={"fr": "Réponse à relire"},
        axis="response",
        value="rejected",
    )
    action.targets = [ActionTarget(recommendation=asked)]
    measure = Measure(
        cycle=world.cycle,
        label="3.4.9",
        title={"fr": "Mesure à relire"},
        announced_on=day,
        announced_by=world.government,
        first_lead=world.administration,
    )
    measure.serves = [MeasureServes(recommendation=asked)]
    measure.contributors = [world.government]
    act = Act(
        cycle=world.cycle,
        number="2025 V. 1",
        title={"fr": "Acte à relire"},
        session_first=day,
        session_last=day,
        council=world.government,
        result="adopted",
    )
    act.adopts = [ActAdopts(recommendation=asked)]
    withdrawal = Withdrawal(
        recommendation=asked, withdrawn_on=day, reason={"fr": "Retrait à relire"}
    )
    with override("fr"):
        for fact in (action, measure, act, withdrawal):
            content = preview(fact, client)
            assert "à relire" in content
        assert "À l’étude" in preview(action, client)
        assert "Administration du logement" in preview(measure, client)


def test_saved_drafts_can_be_previewed_too(client, asked):
    draft = draft_action(asked, value="rejected", title="À relire", sources=[source("La note")])
    with override("fr"):
        content = preview(draft, client)
    assert "À relire" in content
    assert "La note" in content
    assert "rien de ceci n’est encore publié" in content
