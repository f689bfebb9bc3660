"""The form: what was missing is written beside what is there, and the next thing follows."""

import re

import pytest
from bs4 import BeautifulSoup
from django.utils.html import escape

from assemblies.audit import findings
from assemblies.models import Body, Change, Measure, RecommendationKind
from portal.env import BASE_DIR
from tests.assemblies.desk import client_of, make_user, told
from tests.factories import (
    make_body,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
)
from tests.translations.work import desk_address, superuser
from translations import glossary
from translations.tables import BY_NAME
from translations.words import by_language

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def translator(world):
    return client_of(make_user("vertaler", (world.assembly, "translator")))


@pytest.fixture
def action(world):
    asked = make_recommendation(world.cycle, label="1")
    return publish_action(
        asked, value="under_study", title={"fr": "Une mesure"}, text={"fr": "Un texte."}
    )


def address(thing, language="nl", **query) -> str:
    table = next(t for t in BY_NAME.values() if t.model is type(thing))
    return desk_address("write", table.name, thing.pk, language, **query)


def fields(answer) -> dict[str, str]:
    """Name of each field → the original beside it."""
    soup = BeautifulSoup(answer.content, "html.parser")
    return {
        field["name"]: soup.find(id=field["aria-describedby"]).get_text(strip=True)
        for field in soup.select(".desk__translation [name]")
    }


def test_each_text_that_is_missing_is_a_field_beside_its_original(translator, action):
    answer = translator.get(address(action))
    assert fields(answer) == {"text-0": "Une mesure", "text-1": "Un texte."}
    soup = BeautifulSoup(answer.content, "html.parser")
    assert {each["lang"] for each in soup.select(".desk__original div[lang]")} == {"fr"}
    assert {each["lang"] for each in soup.select(".desk__translation [name]")} == {"nl"}


def test_what_is_written_is_published_at_once_and_logged(translator, action):
    before = by_language(action.title)
    answer = translator.post(address(action), {"text-0": "Een maatregel"}, follow=True)
    assert "published beside the others" in told(answer)
    action.refresh_from_db()
    assert by_language(action.title) == {**before, "nl": "Een maatregel"}
    assert by_language(action.text) == {"fr": "Un texte."}
    assert Change.objects.last().kind == "words"
    assert list(findings()) == []


def test_a_text_that_is_there_is_read_and_never_a_field(translator, action):
    translator.post(address(action), {"text-0": "Een maatregel"})
    answer = translator.get(address(action))
    assert list(fields(answer)) == ["text-1"]
    assert "Een maatregel" in answer.content.decode()
    translator.post(address(action), {"text-0": "Iets anders"})
    action.refresh_from_db()
    assert by_language(action.title)["nl"] == "Een maatregel"


@pytest.mark.parametrize(
    ("said", "why"),
    [({}, "at least one"), ({"text-0": "  "}, "at least one"), ({"text-0": "<b>x</b>"}, "HTML")],
)
def test_a_mistake_loses_nothing_and_says_what_is_wrong(translator, action, said, why):
    answer = translator.post(address(action), {"text-1": "", **said})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert escape(said.get("text-0", "").strip()) in answer.content.decode()
    action.refresh_from_db()
    assert "nl" not in by_language(action.title)


def test_which_part_a_measure_serves_is_written_there_too(world, translator):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1", part={"fr": "Le guichet."})
    answer = translator.get(address(measure))
    assert fields(answer) == {"text-1": "Le guichet."}
    translator.post(address(measure), {"text-1": "Het loket."})
    row = Measure.objects.get().serves.get()
    assert by_language(row.part) == {"fr": "Le guichet.", "nl": "Het loket."}
    assert list(findings()) == []


def test_lists_are_written_there_too(world, translator):
    body = make_body("service", name={"fr": "Service"}, assembly=world.assembly)
    translator.post(address(body), {"text-0": "Dienst"})
    assert by_language(Body.objects.get(pk=body.pk).name) == {"fr": "Service", "nl": "Dienst"}
    kind = make_kind(
        world.assembly, code="voeu", words={("response", "accepted"): {"fr": "Adopté"}}
    )
    place = next(iter(fields(translator.get(address(kind)))))
    translator.post(address(kind), {place: "Aangenomen"})
    word = RecommendationKind.objects.get(pk=kind.pk).own_words.get().word
    assert by_language(word) == {"fr": "Adopté", "nl": "Aangenomen"}


def test_an_assemblys_own_words_are_written_on_its_page(world):
    page = world.assembly_page
    page.cycle_word = {"fr": "promotion"}
    page.save_revision().publish()
    world.assembly.refresh_from_db()
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    place = list(fields(publisher.get(address(world.assembly))))[-1]
    publisher.post(address(world.assembly), {place: "lichting"})
    world.assembly.refresh_from_db()
    assert by_language(world.assembly.cycle_word) == {"fr": "promotion", "nl": "lichting"}
    page.refresh_from_db()
    assert by_language(page.cycle_word) == {"fr": "promotion", "nl": "lichting"}


def test_the_next_thing_on_the_list_follows(world, translator, action):
    later = publish_action(action.targets.get().recommendation, kind="meeting",
                           title={"fr": "Une réunion"})  # fmt: skip
    # A step that stands today is met before one that only tells.
    first, second = later, action
    answer = translator.get(desk_address("desk", assembly="BXL", language="nl", kind="steps"))
    urls = [i["write_url"] for _s, items in answer.context["sections"] for i in items]
    assert [url.split("?")[0] for url in urls] == [address(second), address(first)]
    answer = translator.post(
        urls[0],
        {"text-0": "Een", "text-1": "Twee", "kind": "steps", "at": "0"},
    )
    assert answer["Location"].split("?")[0] == address(first)
    answer = translator.post(urls[0], {"text-0": "x", "stop": "1", "kind": "steps", "at": "0"})
    assert answer.status_code in (302, 422)


def test_nobody_writes_for_an_assembly_they_have_no_role_for(world, action):
    other = client_of(make_user("other"))
    assert other.get(address(action)).status_code == 302
    opinion = publish_action(
        action.targets.get().recommendation, value="insufficient", title={"fr": "Avis"}
    )
    publisher = client_of(make_user("publisher", (world.assembly, "publisher")))
    publisher.post(address(opinion), {"text-0": "Oordeel"})
    opinion.refresh_from_db()
    assert "nl" not in by_language(opinion.title)
    topic = make_topic("eau", name={"fr": "Eau"})
    publisher.post(address(topic), {"text-0": "Water"})
    topic.refresh_from_db()
    assert "nl" not in by_language(topic.name)
    client_of(superuser()).post(address(topic), {"text-0": "Water"})
    topic.refresh_from_db()
    assert by_language(topic.name)["nl"] == "Water"


@pytest.mark.parametrize("where", ["/nothing/1/nl/", "/action/99999/nl/", "/action/{}/de/"])
def test_an_address_that_names_nothing_breaks_nothing(translator, action, where):
    url = f"/admin/translations/write{where.format(action.pk)}"
    assert translator.get(url).status_code in (302, 404)


def test_the_terms_of_a_text_are_at_hand(translator, action):
    answer = translator.get(address(action))
    assert "maatregel" in answer.content.decode()
    assert [term["nl"] for term in answer.context["terms"]] == ["maatregel"]


def test_the_same_words_translated_elsewhere_are_proposed(world, translator, action):
    asked = action.targets.get().recommendation
    make_measure(asked, label="1.1", title={"fr": "Une mesure", "nl": "Een maatregel"})
    publish_action(asked, kind="meeting", title={"fr": "Une mesure de plus", "nl": "Iets anders"})
    answer = translator.get(address(action))
    assert answer.context["form"]["text-0"].value() == "Een maatregel"
    assert answer.context["form"]["text-1"].value() == ""
    assert answer.content.decode().count("Translated so elsewhere") == 1
    action.refresh_from_db()
    assert "nl" not in by_language(action.title)


# -- the glossary ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le comité de suivi se réunit.", ["opvolgingscomité"]),
        ("Les mesures du livret de suivi", ["maatregel", "opvolgingsbrochure"]),
        ("Une demesure", []),
        ("Il l'affirme : l'état d'avancement", ["stand van zaken"]),
    ],
)
def test_terms_are_found_as_whole_words(text, expected):
    assert [term["nl"] for term in glossary.found_in([("fr", text)], "nl")] == expected


def test_a_language_without_settled_terms_has_none():
    assert glossary.found_in([("fr", "Une mesure")], "de") == []


def test_states_are_called_as_the_pages_call_them():
    words = [(term["fr"], term["nl"]) for term in glossary.states(["fr", "nl"])]
    assert ("Acceptée en partie", "Gedeeltelijk aanvaard") in words


def test_the_terms_are_those_of_the_documents():
    """Where docs/domain.md has a term in French, it has the same one in Dutch."""
    rows = [
        [cell.strip().casefold() for cell in line.strip("|").split("|")]
        for line in (BASE_DIR / "docs/domain.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == 4
    ]
    said = [(row[1].replace("’", "'"), row[2]) for row in rows]
    compared = 0
    for term in glossary.VOCABULARY:
        french = term["fr"].split(" (")[0].replace("’", "'")
        found = [nl for fr, nl in said if french in re.split(r", | \(.*?: |\)", fr)]
        compared += bool(found)
        assert not found or any(term["nl"] in nl for nl in found), term
    assert compared > 15
