"""What mails say: both languages, what is cut, what became of things, what is not translated."""

import datetime

import pytest

from subscriptions import letters, rounds
from subscriptions.models import Mail
from tests.factories import (
    correct,
    follow,
    make_body,
    make_measure,
    make_recommendation,
    make_topic,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date


def letter(**fields) -> letters.Letter:
    rounds.send_now()
    mail = Mail.objects.filter(kind="digest", **fields).latest("pk")
    return letters.Writer().letter(mail, mail.address)


@pytest.fixture
def asked(world):
    return make_recommendation(
        world.cycle, label="3.4", title="Un guichet", dutch="Een loket", topics=[make_topic("eau")]
    )


def test_each_language_says_it_in_its_own_words(asked):
    row = follow(asked)
    publish_action(asked, value="partial", title={"fr": "Réponse", "nl": "Antwoord"})
    french = letter()
    assert french.subject == "1 nouveauté sur ce que vous suivez"
    assert "Acceptée en partie" in french.text
    assert "/fr/chronologie/" in french.text
    assert "/fr/r/BXL-C1-3.4" in french.html
    row.address.languages = "nl"
    row.address.save()
    dutch = letters.Writer().letter(Mail.objects.get(), row.address)
    assert '<html lang="nl">' in dutch.html
    assert "Gedeeltelijk aanvaard" in dutch.text
    assert "/nl/tijdlijn/" in dutch.text
    row.address.languages = "fr nl"
    row.address.save()
    both = letters.Writer().letter(Mail.objects.get(), row.address)
    assert 'lang="fr"' in both.html
    assert 'lang="nl"' in both.html
    assert "Acceptée en partie" in both.text
    assert "Gedeeltelijk aanvaard" in both.text
    assert both.subject.count(" / ") == 1


def test_a_text_that_is_not_translated_is_marked(asked):
    row = follow(asked)
    row.address.languages = "nl"
    row.address.save()
    publish_action(asked, value="accepted", title={"fr": "Réponse"}, text={"fr": "Oui."})
    said = letter()
    assert '<span lang="fr">Réponse</span> (in het Frans)' in said.html
    assert "Réponse (in het Frans)" in said.text


def test_before_and_after(asked):
    publish_action(asked, value="under_study", on=D(2024, 1, 1))
    follow(asked)
    publish_action(asked, value="accepted", on=D(2024, 6, 1))
    said = letter()
    assert "Réponse\xa0: À l’étude → Acceptée" in said.text


def test_a_correction_says_what_and_why(asked):
    follow(asked)
    wrong = publish_action(asked, value="accepted")
    correct(wrong, value="partial", reason_text={"fr": "Une erreur."})
    said = letter().text
    assert f"Corrige l’étape n°\xa0{wrong.number}" in said
    assert "Une erreur." in said


def test_a_step_on_many_is_told_under_the_one_that_is_followed(world, asked):
    other = make_recommendation(world.cycle, label="1.1", title="Autre")
    follow(asked)
    publish_action(other, asked, value="accepted")
    said = letter().html
    assert said.count("BXL-C1-3.4") >= 1
    assert "Concerne aussi" in said
    assert said.index("Un guichet") < said.index("BXL-C1-1.1")


def test_an_example_is_marked_and_what_is_real_is_not(world, asked):
    follow(asked)
    publish_action(asked, value="accepted", example=True)
    said = letter()
    assert "Exemple" in said.html
    assert "[Exemple]" in said.text
    real = make_recommendation(world.cycle, label="4")
    follow(real, email="b@example.org")
    publish_action(real, value="partial", on=D(2024, 6, 1))
    assert "Exemple" not in letter(address__email="b@example.org").html


def test_a_long_digest_is_cut_and_the_rest_is_behind_a_link(world, asked):
    follow(asked)
    text = {"fr": "Un paragraphe assez long. " * 40}
    for place in range(30):
        publish_action(asked, kind="decision", on=D(2024, 6, 1 + place), text=text)
    said = letter()
    assert len(said.raw) < 60_000
    assert "de plus" in said.text or "autres, dans le navigateur" in said.text
    assert said.subject.startswith("30 nouveautés")


def test_what_became_of_followed_things_is_told(world, asked):
    topic, body = make_topic("sol"), make_body("habitat")
    follow(topic)
    follow(body)
    follow(asked)
    topic.name = {"fr": "Terre", "nl": "Bodem"}
    topic.save()
    body.successor = make_body("logement")
    body.save()
    withdraw(asked, reason="Saisie en double.")
    said = letter().text
    assert "Le nom était «\u202fSol\u202f»" in said
    assert "«\u202fLogement\u202f» a pris la suite" in said
    assert "Retrait\xa0: BXL-C1-3.4" in said
    assert "Saisie en double." in said


def test_new_recommendations_and_measures_are_told(world, asked):
    follow(world.cycle)
    make_recommendation(world.cycle, label="9", title="Planter des arbres")
    make_measure(asked, label="3.4.1", title={"fr": "Ouvrir", "nl": "Openen"})
    said = letter().text
    assert "Planter des arbres" in said
    assert "Mesure annoncée" in said


def test_hostile_words_stay_words(asked):
    follow(asked)
    publish_action(asked, value="accepted", title={"fr": "<script>alert(1)</script> slot & co"})
    said = letter()
    assert "<script>" not in said.html
    assert "<script>alert(1)</script> slot & co" in said.text


@pytest.mark.parametrize("number", [1, 3])
def test_a_letter_is_written_once_for_all_to_whom_it_says_the_same(
    asked, number, django_assert_num_queries
):
    for place in range(number):
        follow(asked, email=f"{place}@example.org")
    publish_action(asked, value="accepted")
    rounds.send_now()
    mails = list(Mail.objects.select_related("address"))
    writer = letters.Writer()
    writer.letter(mails[0], mails[0].address)
    with django_assert_num_queries(0):
        raws = {writer.letter(mail, mail.address).to(mail, mail.address).raw for mail in mails}
    assert len(raws) == number
