"""The computed sentence, as it is read: every case in French and in Dutch."""

import re
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pytest
from django.utils import translation

from assemblies import enums
from assemblies.facts import Action
from assemblies.sentence import Words, cycle_sentence, sentence
from assemblies.state import Measures, State, fold
from tests.assemblies.histories import COMMITTEE, act, day

END = day("2030-01-01")
HANDED_OVER = day("2023-06-09")


def state_of(*actions: Action) -> State:
    return fold(actions, as_of=END, recommendation=1)


def said(state: State, *, citizens_body: bool = False, **more: Any) -> tuple[str, str]:
    """The French and the Dutch sentence, with ordinary spaces."""
    french, dutch = (
        sentence(state, language=language, citizens_body=citizens_body, **more)
        for language in ("fr", "nl")
    )
    return french.replace("\u00a0", " "), dutch


def answered(value: str, happened: str = "2024-05-15", **fields: Any) -> Action:
    return act(1, happened, response=value, **fields)


def judged(value: str, judged: str = "answer") -> Action:
    return act(9, "2024-07-01", opinion=value, opinion_object=judged, body=COMMITTEE)


# -- the whole -----------------------------------------------------------------------------------


def test_the_sentence_of_the_domain() -> None:
    state = state_of(answered("partial"), judged("to_clarify"))
    measures = Measures.of(["delivered", "continuous", "stopped", "under_way", None])
    assert said(state, citizens_body=True, measures=measures, handed_over=HANDED_OVER) == (
        "Acceptée en partie le 15 mai 2024. Sur 5 mesures annoncées, 2 sont réalisées et 1 est "
        "abandonnée. Le comité de suivi demande des précisions.",
        "Gedeeltelijk aanvaard op 15 mei 2024. Van de 5 aangekondigde maatregelen zijn er 2 "
        "uitgevoerd en is er 1 stopgezet. Het opvolgingscomité vraagt verduidelijking.",
    )


def test_french_binds_numbers_to_what_they_count() -> None:
    measures = Measures.of(["delivered", "delivered", None])
    text = sentence(state_of(answered("partial")), measures=measures, language="fr")
    assert "15\u00a0mai 2024" in text
    assert "Sur 3\u00a0mesures annoncées, 2\u00a0sont réalisées." in text
    assert "'" not in text


# -- answered ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "french", "dutch"),
    [
        (answered("accepted"), "Acceptée le 15 mai 2024.", "Aanvaard op 15 mei 2024."),
        (
            answered("accepted_modified"),
            "Acceptée avec modifications le 15 mai 2024.",
            "Aanvaard met aanpassingen op 15 mei 2024.",
        ),
        (
            answered("partial", "2024-05-01"),
            "Acceptée en partie le 1er mai 2024.",
            "Gedeeltelijk aanvaard op 1 mei 2024.",
        ),
        (
            answered("rejected", "2024-05-01/2024-05-31"),
            "Non acceptée en mai 2024.",
            "Niet aanvaard in mei 2024.",
        ),
        (
            answered("referred", "2024-01-01/2024-12-31"),
            "Transmise à l’autorité compétente en 2024.",
            "Doorgestuurd naar de bevoegde overheid in 2024.",
        ),
        (
            answered("under_study"),
            "À l’étude depuis le 15 mai 2024.",
            "Wordt onderzocht sinds 15 mei 2024.",
        ),
        (
            answered("under_study", "2024-05-01/2024-05-31", decision_due="2024-09-30"),
            "À l’étude depuis mai 2024, décision attendue le 30 septembre 2024.",
            "Wordt onderzocht sinds mei 2024, beslissing verwacht op 30 september 2024.",
        ),
        (
            answered("awaiting", decision_due="2024-06-09"),
            "Réponse attendue le 9 juin 2024.",
            "Antwoord verwacht op 9 juni 2024.",
        ),
    ],
)
def test_each_response(action: Action, french: str, dutch: str) -> None:
    assert said(state_of(action)) == (french, dutch)


def test_awaiting() -> None:
    assert said(State()) == ("En attente de réponse.", "Wacht op antwoord.")
    assert said(State(), handed_over=HANDED_OVER) == (
        "Remise le 9 juin 2023, en attente de réponse.",
        "Overhandigd op 9 juni 2023, in afwachting van een antwoord.",
    )
    promised = state_of(answered("awaiting", decision_due="2024-06-09"))
    assert said(promised, handed_over=HANDED_OVER) == (
        "Remise le 9 juin 2023, réponse attendue le 9 juin 2024.",
        "Overhandigd op 9 juni 2023, antwoord verwacht op 9 juni 2024.",
    )


def test_the_last_response_is_told_and_a_study_since_it_began() -> None:
    study = [
        act(1, "2023-09-28", response="under_study", decision_due="2024-01-31"),
        act(2, "2024-02-01", response="under_study", decision_due="2024-06-30"),
    ]
    assert said(state_of(*study))[0] == (
        "À l’étude depuis le 28 septembre 2023, décision attendue le 30 juin 2024."
    )
    accepted_twice = [
        act(1, "2023-09-28", response="accepted"),
        act(2, "2024-05-15", response="accepted"),
    ]
    assert said(state_of(*accepted_twice))[0] == "Acceptée le 15 mai 2024."


# -- an assembly's own words ---------------------------------------------------------------------

VOEU: dict[str, dict[tuple[str, str], str]] = {
    "fr": {
        ("response", "awaiting"): "En attente du vote",
        ("response", "accepted"): "Adopté",
        ("response", "accepted_modified"): "Adopté avec amendement",
        ("response", "under_study"): "Renvoyé en commission",
        ("implementation", "not_started"): "À faire",
        ("implementation", "under_way"): "En route",
        ("implementation", "delivered"): "Réalisé",
        ("implementation", "void"): "Devenu sans objet",
    },
    "nl": {
        ("response", "awaiting"): "Wacht op stemming",
        ("response", "accepted"): "Aangenomen",
        ("response", "accepted_modified"): "Aangenomen met amendement",
        ("response", "under_study"): "In de commissie",
        ("implementation", "not_started"): "Nog te doen",
        ("implementation", "under_way"): "Onderweg",
        ("implementation", "delivered"): "Klaar",
        ("implementation", "void"): "Zonder voorwerp",
    },
}


def own(state: State, **more: Any) -> tuple[str, str]:
    french, dutch = (
        sentence(state, language=language, words=VOEU[language], citizens_body=False, **more)
        for language in ("fr", "nl")
    )
    return french.replace("\u00a0", " "), dutch


@pytest.mark.parametrize(
    ("action", "french", "dutch"),
    [
        (
            answered("accepted", "2023-03-01/2023-03-31", kind="vote"),
            "Adopté en mars 2023.",
            "Aangenomen in maart 2023.",
        ),
        (
            answered("accepted_modified"),
            "Adopté avec amendement le 15 mai 2024.",
            "Aangenomen met amendement op 15 mei 2024.",
        ),
        (
            answered("under_study"),
            "Renvoyé en commission depuis le 15 mai 2024.",
            "In de commissie sinds 15 mei 2024.",
        ),
        (
            answered("under_study", decision_due="2024-09-30"),
            "Renvoyé en commission depuis le 15 mai 2024, décision attendue le 30 septembre 2024.",
            "In de commissie sinds 15 mei 2024, beslissing verwacht op 30 september 2024.",
        ),
        # No word of its own for this one: ours.
        (answered("rejected"), "Non acceptée le 15 mai 2024.", "Niet aanvaard op 15 mei 2024."),
    ],
)
def test_an_assemblys_own_words_for_responses(action: Action, french: str, dutch: str) -> None:
    assert own(state_of(action)) == (french, dutch)


def test_own_words_while_waiting() -> None:
    assert own(State()) == ("En attente du vote.", "Wacht op stemming.")
    assert own(State(), handed_over=HANDED_OVER) == (
        "En attente du vote depuis le 9 juin 2023.",
        "Wacht op stemming sinds 9 juni 2023.",
    )


@pytest.mark.parametrize(
    ("value", "french", "dutch"),
    [
        ("not_started", "À faire.", "Nog te doen."),
        ("under_way", "En route depuis le 3 mars 2025.", "Onderweg sinds 3 maart 2025."),
        ("delivered", "Réalisé le 3 mars 2025.", "Klaar op 3 maart 2025."),
        ("void", "Devenu sans objet (3 mars 2025).", "Zonder voorwerp (3 maart 2025)."),
        ("stopped", "Abandonnée le 3 mars 2025.", "Stopgezet op 3 maart 2025."),
    ],
)
def test_own_words_for_implementation(value: str, french: str, dutch: str) -> None:
    state = state_of(answered("accepted"), act(2, "2025-03-03", implementation=value))
    assert own(state) == (
        f"Adopté le 15 mai 2024. {french}",
        f"Aangenomen op 15 mei 2024. {dutch}",
    )


def labels(axis: str, value: str) -> str:
    return str(enums.VALUES[axis](value).label)


@pytest.mark.parametrize("words", [labels, {}, lambda axis, value: ""])
def test_a_word_that_is_only_the_label_is_said_in_our_words(
    words: Callable[[str, str], str] | Mapping[tuple[str, str], str],
) -> None:
    given: Words = words
    assert said(state_of(answered("under_study"), act(2, "2025-03-03", implementation="void"))) == (
        said(
            state_of(answered("under_study"), act(2, "2025-03-03", implementation="void")),
            words=given,
        )
    )


# -- done ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "french", "dutch"),
    [
        ("not_started", "La réalisation n’a pas commencé.", "De uitvoering is nog niet gestart."),
        (
            "preparation",
            "En préparation depuis le 3 mars 2025.",
            "In voorbereiding sinds 3 maart 2025.",
        ),
        ("under_way", "En cours depuis le 3 mars 2025.", "In uitvoering sinds 3 maart 2025."),
        (
            "partly",
            "Réalisée en partie le 3 mars 2025.",
            "Gedeeltelijk uitgevoerd op 3 maart 2025.",
        ),
        ("delivered", "Réalisée le 3 mars 2025.", "Uitgevoerd op 3 maart 2025."),
        (
            "continuous",
            "Appliquée en permanence depuis le 3 mars 2025.",
            "Doorlopend uitgevoerd sinds 3 maart 2025.",
        ),
        ("stopped", "Abandonnée le 3 mars 2025.", "Stopgezet op 3 maart 2025."),
        (
            "void",
            "Sans objet depuis le 3 mars 2025.",
            "Niet meer van toepassing sinds 3 maart 2025.",
        ),
    ],
)
@pytest.mark.parametrize("measures", [None, Measures.of([])])
def test_implementation_without_measures(
    value: str, french: str, dutch: str, measures: Measures | None
) -> None:
    state = state_of(
        answered("accepted"),
        act(2, "2025-03-03", implementation=value),
        act(3, "2025-09-01", implementation=value),  # confirmed: since March all the same
    )
    assert said(state, measures=measures) == (
        f"Acceptée le 15 mai 2024. {french}",
        f"Aanvaard op 15 mei 2024. {dutch}",
    )


@pytest.mark.parametrize(
    ("codes", "french", "dutch"),
    [
        # one
        (
            [None],
            "La mesure annoncée n’a pas commencé.",
            "De aangekondigde maatregel is nog niet gestart.",
        ),
        (
            ["preparation"],
            "La mesure annoncée est en préparation.",
            "De aangekondigde maatregel is in voorbereiding.",
        ),
        (
            ["under_way"],
            "La mesure annoncée est en cours.",
            "De aangekondigde maatregel is in uitvoering.",
        ),
        (
            ["partly"],
            "La mesure annoncée est réalisée en partie.",
            "De aangekondigde maatregel is gedeeltelijk uitgevoerd.",
        ),
        (
            ["delivered"],
            "La mesure annoncée est réalisée.",
            "De aangekondigde maatregel is uitgevoerd.",
        ),
        (
            ["continuous"],
            "La mesure annoncée est appliquée en permanence.",
            "De aangekondigde maatregel wordt doorlopend uitgevoerd.",
        ),
        (
            ["stopped"],
            "La mesure annoncée est abandonnée.",
            "De aangekondigde maatregel is stopgezet.",
        ),
        (
            ["void"],
            "La mesure annoncée est devenue sans objet.",
            "De aangekondigde maatregel is niet meer van toepassing.",
        ),
        # none, all
        (
            [None, "under_way", "partly"],
            "Aucune des 3 mesures annoncées n’est réalisée.",
            "Van de 3 aangekondigde maatregelen is er nog geen uitgevoerd.",
        ),
        (
            ["delivered", "continuous"],
            "Les 2 mesures annoncées sont réalisées.",
            "De 2 aangekondigde maatregelen zijn uitgevoerd.",
        ),
        (
            ["stopped"] * 3,
            "Les 3 mesures annoncées sont abandonnées.",
            "De 3 aangekondigde maatregelen zijn stopgezet.",
        ),
        (
            ["void"] * 2,
            "Les 2 mesures annoncées sont devenues sans objet.",
            "De 2 aangekondigde maatregelen zijn niet meer van toepassing.",
        ),
        # some
        (
            ["delivered", None],
            "Sur 2 mesures annoncées, 1 est réalisée.",
            "Van de 2 aangekondigde maatregelen is er 1 uitgevoerd.",
        ),
        (
            ["delivered", "continuous", None],
            "Sur 3 mesures annoncées, 2 sont réalisées.",
            "Van de 3 aangekondigde maatregelen zijn er 2 uitgevoerd.",
        ),
        (
            ["stopped", "stopped", None],
            "Sur 3 mesures annoncées, aucune n’est réalisée et 2 sont abandonnées.",
            "Van de 3 aangekondigde maatregelen is er nog geen uitgevoerd en zijn er 2 stopgezet.",
        ),
        (
            ["delivered", "void", "void"],
            "Sur 3 mesures annoncées, 1 est réalisée et 2 sont devenues sans objet.",
            "Van de 3 aangekondigde maatregelen is er 1 uitgevoerd en zijn er 2 niet meer van "
            "toepassing.",
        ),
        (
            ["stopped", "void"],
            "Sur 2 mesures annoncées, aucune n’est réalisée, 1 est abandonnée et 1 est devenue "
            "sans objet.",
            "Van de 2 aangekondigde maatregelen is er nog geen uitgevoerd, is er 1 stopgezet en is "
            "er 1 niet meer van toepassing.",
        ),
    ],
)
def test_measures(codes: list[str | None], french: str, dutch: str) -> None:
    state = state_of(answered("accepted"), act(2, "2025-03-03", implementation="stopped"))
    assert said(state, measures=Measures.of(codes)) == (
        f"Acceptée le 15 mai 2024. {french}",
        f"Aanvaard op 15 mei 2024. {dutch}",
    )


@pytest.mark.parametrize("value", ["accepted", "accepted_modified", "partial"])
def test_a_positive_response_and_no_measure(value: str) -> None:
    french, dutch = said(state_of(answered(value)), measures=Measures.of([]))
    assert french.endswith(" le 15 mai 2024. Aucune mesure n’est annoncée.")
    assert dutch.endswith(" op 15 mei 2024. Er is geen maatregel aangekondigd.")


@pytest.mark.parametrize("value", ["awaiting", "under_study", "referred", "rejected"])
def test_no_measure_is_missed_elsewhere(value: str) -> None:
    state = state_of(answered(value))
    assert said(state, measures=Measures.of([])) == said(state)


# -- judged --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "about", "french", "dutch"),
    [
        ("satisfactory", "answer", "juge la réponse satisfaisante", "vindt het antwoord voldoende"),
        (
            "satisfactory",
            "delivery",
            "juge la réalisation satisfaisante",
            "vindt de uitvoering voldoende",
        ),
        ("satisfactory", "whole", "juge l’ensemble satisfaisant", "vindt het geheel voldoende"),
        ("to_clarify", "answer", "demande des précisions", "vraagt verduidelijking"),
        (
            "to_clarify",
            "delivery",
            "demande des précisions sur la réalisation",
            "vraagt verduidelijking over de uitvoering",
        ),
        (
            "to_clarify",
            "whole",
            "demande des précisions sur l’ensemble",
            "vraagt verduidelijking over het geheel",
        ),
        (
            "insufficient",
            "answer",
            "juge la réponse insuffisante",
            "vindt het antwoord onvoldoende",
        ),
        (
            "insufficient",
            "delivery",
            "juge la réalisation insuffisante",
            "vindt de uitvoering onvoldoende",
        ),
        ("insufficient", "whole", "juge l’ensemble insuffisant", "vindt het geheel onvoldoende"),
        ("insufficient", "", "juge la réponse insuffisante", "vindt het antwoord onvoldoende"),
        ("not_examined", "", "ne l’a pas encore examinée", "heeft ze nog niet beoordeeld"),
    ],
)
def test_each_opinion(value: str, about: str, french: str, dutch: str) -> None:
    state = state_of(answered("rejected"), judged(value, about))
    assert said(state, citizens_body=True) == (
        f"Non acceptée le 15 mai 2024. Le comité de suivi {french}.",
        f"Niet aanvaard op 15 mei 2024. Het opvolgingscomité {dutch}.",
    )
    assert said(state) == ("Non acceptée le 15 mai 2024.", "Niet aanvaard op 15 mei 2024.")


def test_what_is_not_examined_is_told_once_there_is_an_answer() -> None:
    assert said(State(), citizens_body=True) == said(State())
    assert said(state_of(answered("under_study")), citizens_body=True)[0].endswith(
        " Le comité de suivi ne l’a pas encore examinée."
    )
    assert said(state_of(judged("insufficient", "whole")), citizens_body=True)[0] == (
        "En attente de réponse. Le comité de suivi juge l’ensemble insuffisant."
    )


# -- a cycle -------------------------------------------------------------------------------------


def of_cycle(counts: dict[str, int], *, citizens_body: bool = True) -> tuple[str, str]:
    french, dutch = (
        cycle_sentence(counts, citizens_body=citizens_body, language=language)
        for language in ("fr", "nl")
    )
    return french.replace("\u00a0", " "), dutch


@pytest.mark.parametrize(
    ("counts", "french", "dutch"),
    [
        (
            {
                "recommendations": 60,
                "answered": 57,
                "measures": 78,
                "done": 25,
                "examined": 40,
                "satisfactory": 18,
            },
            "Sur 60 recommandations, 57 ont reçu une réponse. Sur 78 mesures annoncées, 25 sont "
            "réalisées. Le comité de suivi juge 18 réponses satisfaisantes.",
            "Van de 60 aanbevelingen hebben er 57 een antwoord gekregen. Van de 78 aangekondigde "
            "maatregelen zijn er 25 uitgevoerd. Het opvolgingscomité vindt 18 antwoorden "
            "voldoende.",
        ),
        (
            {},
            "Aucune recommandation n’est encore publiée.",
            "Er is nog geen aanbeveling gepubliceerd.",
        ),
        (
            {"recommendations": 60},
            "Aucune réponse aux 60 recommandations n’est publiée ici.",
            "Hier is geen antwoord op de 60 aanbevelingen gepubliceerd.",
        ),
        (
            {"recommendations": 1},
            "Aucune réponse à la recommandation n’est publiée ici.",
            "Hier is geen antwoord op de aanbeveling gepubliceerd.",
        ),
        (
            {"recommendations": 1, "answered": 1, "measures": 1, "examined": 1, "satisfactory": 1},
            "La recommandation a reçu une réponse. La mesure annoncée n’est pas réalisée. Le "
            "comité de suivi juge 1 réponse satisfaisante.",
            "De aanbeveling heeft een antwoord gekregen. De aangekondigde maatregel is nog niet "
            "uitgevoerd. Het opvolgingscomité vindt 1 antwoord voldoende.",
        ),
        (
            {"recommendations": 3, "answered": 3, "measures": 2, "done": 2, "examined": 2},
            "Les 3 recommandations ont reçu une réponse. Les 2 mesures annoncées sont réalisées. "
            "Le comité de suivi ne juge aucune réponse satisfaisante.",
            "De 3 aanbevelingen hebben een antwoord gekregen. De 2 aangekondigde maatregelen zijn "
            "uitgevoerd. Het opvolgingscomité vindt geen enkel antwoord voldoende.",
        ),
        (
            {"recommendations": 1500, "answered": 1},
            "Sur 1 500 recommandations, 1 a reçu une réponse. Aucune mesure n’est annoncée. Le "
            "comité de suivi ne s’est pas encore prononcé.",
            "Van de 1.500 aanbevelingen heeft er 1 een antwoord gekregen. Er is geen maatregel "
            "aangekondigd. Het opvolgingscomité heeft zich nog niet uitgesproken.",
        ),
    ],
)
def test_cycle(counts: dict[str, int], french: str, dutch: str) -> None:
    assert of_cycle(counts) == (french, dutch)


def test_a_cycle_without_committee_and_with_measures_given_up() -> None:
    counts = {
        "recommendations": 5,
        "answered": 4,
        "measures": 8,
        "done": 4,
        "stopped": 1,
        "void": 2,
    }
    french, _dutch = of_cycle(counts | {"examined": 3, "satisfactory": 3}, citizens_body=False)
    assert french == (
        "Sur 5 recommandations, 4 ont reçu une réponse. Sur 8 mesures annoncées, 4 sont réalisées, "
        "1 est abandonnée et 2 sont devenues sans objet."
    )


# -- the house -----------------------------------------------------------------------------------


def test_the_active_language_is_the_default_and_is_left_as_it_was() -> None:
    state = state_of(answered("accepted"))
    with translation.override("nl"):
        assert sentence(state, citizens_body=False) == "Aanvaard op 15 mei 2024."
        assert sentence(state, citizens_body=False, language="en") == "Accepted on 15 May 2024."
        assert translation.get_language() == "nl"


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
@pytest.mark.parametrize("response", enums.Response.values)
def test_every_state_has_a_sentence(language: str, response: str) -> None:
    first = answered(response, decision_due="2024-09-01")
    for implementation, opinion in product(enums.Implementation.values, enums.Opinion.values):
        done = act(2, "2025-03-03", implementation=implementation)
        text = sentence(
            state_of(first, done, judged(opinion)), handed_over=HANDED_OVER, language=language
        )
        assert text.endswith(".")
        assert not re.search(r"%|  |\.\.", text)
