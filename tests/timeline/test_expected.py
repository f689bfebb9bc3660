"""What is expected: the page of an assembly, its calendar, and the agenda of its meeting."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from assemblies import clock
from assemblies.models import Action, AssemblyPage, Change, CyclePage
from tests.factories import (
    correct,
    make_assembly,
    make_cycle,
    make_group,
    make_kind,
    make_measure,
    make_passage,
    make_recommendation,
    make_regime,
    make_world,
    plain,
    publish_action,
    text_in,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH, DUTCH = "/fr/attendu/assemblee-bxl/", "/nl/verwacht/assemblee-bxl/"
AGENDA, CALENDAR = f"{FRENCH}ordre-du-jour/", f"{FRENCH}calendrier.ics"


@pytest.fixture
def world(settings):
    settings.SUITES_TODAY = D(2024, 8, 1)
    return make_world()


def shown(client, address=FRENCH, **query) -> dict[str, list[str]]:
    """The duties of each part of the page, as they are read."""
    page = BeautifulSoup(client.get(address, query).content, "html.parser")
    return {
        part["aria-labelledby"]: [text_in(duty) for duty in part.select(".duty")]
        for part in page.select("section[aria-labelledby]")
        if part.select(".duty")
    }


# -- the page -----------------------------------------------------------------------------------


def test_late_due_met_late_and_met_in_neutral_words(client, world):
    silent = make_recommendation(world.cycle, label="1")
    answered = make_recommendation(world.cycle, label="2")
    later = make_recommendation(world.cycle, label="3")
    publish_action(answered, value="accepted", stage="final", on=D(2024, 5, 15))
    publish_action(later, value="rejected", stage="final", on=D(2024, 6, 28))
    publish_action(cycle=world.cycle, kind="response", stage="initial", on=D(2023, 9, 28))
    measure = make_measure(answered, label="2.1", deadline=D(2024, 9, 15), dutch=False)
    found = shown(client)
    assert any(
        "BXL-C1-1 : Réponse finale du gouvernement" in each
        and "Aucune réponse publiée ; elle était attendue le 9 juin 2024." in each
        for each in found["late"]
    )
    assert [measure.reference in each for each in found["due"]] == [True]
    assert "Date prévue : le 15 septembre 2024." in found["due"][0]
    assert any("28 juin 2024, 19 jours après la date prévue." in each for each in found["met-late"])
    assert any(
        "28 septembre 2023, 19 jours après la date prévue." in each for each in found["met-late"]
    )
    assert any("15 mai 2024 ; elle était attendue" in each for each in found["met"])
    assert silent.reference not in " ".join(found["met"] + found["met-late"])
    dutch = text_of(client.get(DUTCH))
    assert "Er is geen antwoord gepubliceerd; het werd verwacht op 9 juni 2024." in dutch
    assert "28 juni 2024, 19 dagen na de streefdatum." in dutch


def test_any_day_has_its_own(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted", stage="final", on=D(2024, 6, 28))
    name = "BXL-C1-1 : Réponse finale"

    def parts(day: str) -> list[str]:
        found = shown(client, as_of=day)
        return [part for part, duties in found.items() if any(name in each for each in duties)]

    assert parts("2024-04-01") == []  # further ahead than sixty days
    assert parts("2024-04-10") == ["due"]
    assert parts("2024-06-09") == ["due"]
    assert parts("2024-06-10") == ["late"]
    assert parts("2024-06-28") == ["met-late"]
    page = client.get(FRENCH, {"as_of": "2024-06-10"})
    assert page.context["noindex"]
    assert page.context["past"]["next"]["day"] == D(2024, 6, 28)
    assert f"{AGENDA}?as_of=2024-06-10" in page.content.decode()


def test_what_explains_stands_beside_and_erases_nothing(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(
        cycle=world.cycle, kind="suspension", on=D(2024, 5, 1), reason_text="Affaires courantes."
    )
    measure = make_measure(asked, label="1.1", deadline=D(2024, 6, 30))
    publish_action(
        measure,
        kind="postponed",
        on=D(2024, 6, 20),
        new_deadline=D(2024, 7, 20),
        reason_text="Un marché relancé.",
    )
    late = shown(client)["late"]
    response = next(each for each in late if "Réponse finale" in each)
    assert "attendue le 9 juin 2024" in response
    assert "Affaires courantes." in response
    put_off = next(each for each in late if "BXL-C1-1.1" in each)
    assert "La date annoncée, le 20 juillet 2024, est passée" in put_off
    assert "30 juin 2024" in put_off  # the day that was announced first stays in sight
    assert "Un marché relancé." in put_off


@pytest.mark.parametrize(
    ("handed_over", "last_day", "first_late"),
    [
        (D(2023, 2, 28), "2024-02-28", "2024-02-29"),
        (D(2024, 2, 29), "2025-02-28", "2025-03-01"),
        (D(2022, 8, 31), "2023-08-31", "2023-09-01"),
        (D(2022, 12, 31), "2023-12-31", "2024-01-01"),
    ],
)
def test_calendar_months_to_the_day(client, world, settings, handed_over, last_day, first_late):
    settings.SUITES_TODAY = D(2026, 1, 1)
    make_recommendation(world.cycle, label="1", handed_over_on=handed_over)
    name = "BXL-C1-1 : Réponse finale"
    assert any(name in each for each in shown(client, as_of=last_day)["due"])
    assert any(name in each for each in shown(client, as_of=first_late)["late"])


def test_another_regime_or_handover_shows_at_once_and_touches_no_step(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted", stage="final", on=D(2024, 6, 28))
    before = list(Action.objects.order_by("pk").values())
    fingerprints = list(Change.objects.exclude(action=None).values_list("number", "fingerprint"))
    name = "BXL-C1-1 : Réponse finale"
    assert any(name in each for each in shown(client)["met-late"])
    page = CyclePage.objects.get(pk=world.cycle_page.pk)
    page.handed_over_on = D(2023, 7, 1)
    page.save()
    assert any(name in each for each in shown(client)["met"])
    assembly = AssemblyPage.objects.get(pk=world.assembly_page.pk)
    assembly.regime = make_regime("paris")
    assembly.save()
    assert not any(name in each for duties in shown(client).values() for each in duties)
    assert list(Action.objects.order_by("pk").values()) == before
    assert (
        list(Change.objects.exclude(action=None).values_list("number", "fingerprint"))
        == fingerprints
    )


def test_alike_and_met_are_told_in_one_line(client, world):
    for label in range(1, 5):
        asked = make_recommendation(world.cycle, label=f"{label}", dutch=False)
        publish_action(asked, value="accepted", stage="final", on=D(2024, 5, 15))
    met = shown(client)["met"]
    assert sum("4 fois" in each for each in met) == 1
    assert not any("BXL-C1-1" in each for each in met)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "cost"), [(FRENCH, 4), (AGENDA, 4), (CALENDAR, 4)])
@pytest.mark.parametrize("query", [{}, {"as_of": "2024-06-10"}])
def test_four_queries_whatever_is_owed(client, world, number, address, cost, query):
    for label in range(1, number + 1):
        asked = make_recommendation(world.cycle, label=f"{label}", dutch=False)
        step = publish_action(asked, value="under_study", decision_due=D(2024, 7, 1))
        correct(step, value="under_study", decision_due=D(2024, 7, 15))
        make_measure(asked, label=f"{label}.1", deadline=D(2024, 9, 1), dutch=False)
    client.get(address, query)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, query).status_code == 200
    assert len(queries) == cost, [each["sql"] for each in queries]


@pytest.mark.parametrize("address", [FRENCH, DUTCH, AGENDA])
@pytest.mark.parametrize("typed", ["hier", "2024-02-30", "9999-12-31", "' OR 1=1", "2024-08-02"])
def test_a_hostile_day_is_refused_with_a_sentence(client, world, address, typed):
    response = client.get(address, {"as_of": typed})
    assert response.status_code == 400
    assert "as_of" in text_of(response)


def test_nobody_and_nothing(client, world):
    assert client.get("/fr/attendu/personne/").status_code == 404
    assert client.get("/fr/attendu/personne/calendrier.ics").status_code == 404
    assert client.get(AGENDA, {"print": "huge"}).status_code == 400
    assert client.post(FRENCH).status_code == 405
    today = clock.today().isoformat()
    named = client.get(FRENCH, {"as_of": today}).content.decode()
    assert named.replace(f"?as_of={today}", "") == client.get(FRENCH).content.decode()


# -- the calendar -------------------------------------------------------------------------------


def events(client, address=CALENDAR):
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    # RFC 5545: lines end in CRLF and are no longer than 75 octets.
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    made = Calendar.from_ical(response.content)
    assert made["VERSION"] == "2.0"
    assert made["PRODID"]
    found = made.walk("VEVENT")
    for event in found:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
    return {str(event["UID"]): event for event in found}


def test_a_calendar_of_what_is_open(client, world):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1", deadline=D(2027, 3, 31), example=True)
    found = events(client)
    assert len(set(found)) == len(found)
    final = next(each for each in found.values() if "BXL-C1-1 :" in plain(each["SUMMARY"]))
    assert final["DTSTART"].dt == D(2024, 6, 9)
    assert final["DTEND"].dt == D(2024, 6, 10)
    assert final["SUMMARY"].params["LANGUAGE"] == "fr"
    assert str(final["URL"]).endswith("/fr/assemblee-bxl/cycle-1/1/")
    far = next(each for each in found.values() if measure.reference in each["SUMMARY"])
    assert far["DTSTART"].dt == D(2027, 3, 31)
    assert "[Exemple]" in far["SUMMARY"]
    publish_action(asked, value="accepted", stage="final", on=D(2024, 6, 28))
    assert final["UID"] not in events(client)
    dutch = events(client, f"{DUTCH}kalender.ics")
    assert any("Formele vergadering" in each["SUMMARY"] for each in dutch.values())


def test_an_event_that_moves_keeps_its_id(client, world):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1", deadline=D(2027, 3, 31))

    def of_measure():
        found = events(client).items()
        return next((uid, each) for uid, each in found if measure.reference in each["SUMMARY"])

    uid, before = of_measure()
    publish_action(
        measure, kind="postponed", on=D(2024, 7, 1), new_deadline=D(2027, 6, 30), reason_text="X."
    )
    again, after = of_measure()
    assert uid == again
    assert (before["DTSTART"].dt, after["DTSTART"].dt) == (D(2027, 3, 31), D(2027, 6, 30))
    assert "31 mars 2027" in plain(after["DESCRIPTION"])


# -- the agenda ---------------------------------------------------------------------------------


def test_the_agenda_since_the_last_meeting(client, world):
    late = make_recommendation(world.cycle, label="1", title="En retard")
    contested = make_recommendation(world.cycle, label="2", title="Contestée")
    passage = make_recommendation(world.cycle, label="3", title="Mal lue")
    publish_action(contested, value="accepted", stage="final", on=D(2024, 5, 15), title="Avant")
    publish_action(cycle=world.cycle, kind="meeting", on=D(2024, 6, 20), title="Réunion tenue")
    publish_action(contested, value="insufficient", on=D(2024, 7, 1), title="L’avis")
    claim = make_passage(passage, words="guichet", on=D(2024, 5, 20))
    publish_action(
        passage, kind="opinion", contests=claim, body=world.committee, on=D(2024, 7, 2), title="Non"
    )
    make_measure(contested, label="2.1", title="Annoncée avant", announced_on=D(2024, 6, 20))
    make_measure(contested, label="2.2", title="Annoncée après", announced_on=D(2024, 6, 21))
    response = client.get(AGENDA)
    page = BeautifulSoup(response.content, "html.parser")
    parts = {
        part["aria-labelledby"]: text_in(part) for part in page.select("section[aria-labelledby]")
    }
    assert "Dernière réunion : 20 juin 2024." in text_of(response)
    assert late.reference in parts["late"]
    assert "En retard" in parts["silent"]  # nothing for longer than twelve months
    assert "Contestée" not in parts["silent"]
    assert "Contestée" in parts["contested"]
    assert "Mal lue" in parts["contested"]
    assert "En retard" not in parts["contested"]
    assert "Annoncée après" in parts["announced"]
    assert "Annoncée avant" not in parts["announced"]
    assert "L’avis" in parts["new"]
    assert "Réunion tenue" not in parts["new"]
    assert "Avant" not in parts["new"]
    then = text_of(client.get(AGENDA, {"as_of": "2024-06-15"}))
    assert "Aucune réunion n’est encore publiée." in then
    assert "L’avis" not in then


def test_the_agenda_in_large_print_says_the_same(client, world):
    make_recommendation(world.cycle, label="1")
    normal, large = client.get(AGENDA), client.get(AGENDA, {"print": "large"})
    assert not normal.context["large"]
    assert large.context["large"]
    assert normal.context["late"] == large.context["late"]
    assert f"{AGENDA}?print=large" in normal.content.decode()


def test_paris_has_its_own_and_no_committee(client, world):
    page = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    make_kind(page.register, deciding_body=world.government)
    cycle = make_cycle(page, code="P1", dutch=False).register
    make_group(cycle, "Priorité")
    asked = make_recommendation(cycle, label="V1", dutch=False)
    make_measure(asked, label="V1.1", announced_on=D(2024, 3, 31))
    late = shown(client, "/fr/attendu/assemblee-par/")["late"]
    assert any("PAR-P1-V1.1" in each and "30 juin 2024" in each for each in late)
    assert client.get("/nl/verwacht/assemblee-par/ordre-du-jour/").status_code == 404
    assert client.get("/nl/verwacht/assemblee-par/").status_code == 200
