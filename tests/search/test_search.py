"""The search page on each engine: what is found, what never is, and an engine that is down."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assemblies import directory
from assemblies.models import Change, Recommendation
from search import engines, indexing, matching, views
from search.engines import sql
from search.models import Concept, Document, Entry
from tests.factories import (
    draft_action,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)
from tests.services.elasticsearch import free_port

pytestmark = pytest.mark.django_db
FR, NL = "/fr/recherche/", "/nl/zoeken/"


@pytest.fixture
def world(engine):
    world = make_world()
    directory.forget()
    return world


@pytest.fixture
def asked(world):
    return make_recommendation(
        world.cycle,
        label="12",
        title="Isoler les toitures des logements sociaux",
        dutch="Dakisolatie voor sociale woningen",
        verbatim="<p>Nous demandons que l’habitat social soit rénové avant 2030.</p>",
    )


@pytest.fixture
def find(client, engine, world):
    def ask(query="", path=FR, **more):
        engine.catch_up()
        return client.get(path, {"q": query, **more})

    return ask


def titles(response) -> list[str]:
    return [re.sub(r"<[^>]+>", "", str(line.title)) for line in response.context.get("lines", ())]


@pytest.mark.parametrize(
    "query",
    ["toiture", "TOITURES", "isolation", "l'habitat", "l’habitat", "renove", "logement", "toitu"],
)
def test_french_words_are_found_in_any_form(find, asked, query):
    assert titles(find(query)) == ["Isoler les toitures des logements sociaux"]


@pytest.mark.parametrize("query", ["isolatie", "dak", "daken", "woning", "sociaal", "DAKISOLATIE"])
def test_dutch_compounds_are_found_by_their_parts(find, asked, query):
    assert titles(find(query, NL)) == ["Dakisolatie voor sociale woningen"]


def test_found_words_are_marked_and_everything_else_escaped(find, world):
    make_recommendation(world.cycle, label="1", title="Des <b>vélos</b> & plus", dutch=False)
    page = find("vélo").content.decode()
    assert "Des &lt;b&gt;<mark>vélos</mark>&lt;/b&gt; &amp; plus" in page


def test_measures_and_steps_stand_under_their_recommendation(find, asked):
    make_measure(asked, title={"fr": "Prime pour chaudières", "nl": "Premie voor ketels"})
    publish_action(
        asked, value="accepted", text={"fr": "Une prime aux chaudières.", "nl": "Ketels."}
    )
    response = find("chaudière")
    assert titles(response) == ["Isoler les toitures des logements sociaux"]
    [line] = response.context["lines"]
    assert len(line.extracts) == 2
    assert "Dans une mesure" in response.content.decode()


def test_a_text_in_the_other_language_only_comes_after_the_readers_own(find, world):
    Concept.objects.create(words={"fr": "vélo, bicyclette", "nl": "fiets"})
    make_recommendation(world.cycle, label="1", title="Des vélos partagés", dutch=False)
    make_recommendation(world.cycle, label="2", title="Autre", dutch="Meer fietsenstallingen")
    response = find("fiets", NL)
    assert titles(response) == ["Meer fietsenstallingen", "Des vélos partagés"]
    page = response.content.decode()
    assert 'lang="fr"' in page
    assert "Gevonden omdat" in page
    assert titles(find("bicyclette")) == ["Des vélos partagés"]


def test_phrases_minus_and_all_words(find, world):
    make_recommendation(world.cycle, label="1", title="Un guichet unique de quartier", dutch=False)
    make_recommendation(world.cycle, label="2", title="Un quartier unique, un guichet", dutch=False)
    assert len(titles(find("guichet unique"))) == 2
    assert titles(find('"guichet unique"')) == ["Un guichet unique de quartier"]
    assert titles(find("« guichet unique »")) == ["Un guichet unique de quartier"]
    make_recommendation(world.cycle, label="3", title="Un guichet mobile", dutch=False)
    assert titles(find("guichet -unique")) == ["Un guichet mobile"]
    assert len(titles(find("unique mobile"))) == 3
    assert len(titles(find("unique mobile", all="1"))) == 0
    assert len(titles(find("guichet unique", all="1"))) == 2


@pytest.mark.parametrize("typed", ["{}", "c1 12", "C1-12"])
def test_a_reference_leads_straight_there(find, asked, typed):
    response = find(typed.format(asked.reference.lower()))
    assert response.status_code == 302
    assert response["Location"].rstrip("/").endswith(f"/r/{asked.reference}")


def test_the_number_of_a_step_leads_straight_there(find, asked):
    action = publish_action(asked, value="accepted")
    assert str(action.number) in find(f"n° {action.number}")["Location"]


def test_facets_count_under_the_others_and_keep_what_was_chosen(find, world, asked):
    make_recommendation(world.cycle, label="2", title="Isoler les toitures des écoles", dutch=False)
    publish_action(asked, value="accepted")
    response = find("toiture")
    [facet] = [each for each in response.context["facets"] if each.name == "response"]
    assert {value["value"]: value["number"] for value in facet.values} == {
        "accepted": 1,
        "awaiting": 1,
    }
    narrowed = find("toiture", response="accepted")
    assert titles(narrowed) == ["Isoler les toitures des logements sociaux"]
    [facet] = [each for each in narrowed.context["facets"] if each.name == "response"]
    assert [value["number"] for value in facet.values] == [1, 1]
    none = find("toiture", response="rejected")
    assert none.context["total"] == 0
    assert [value["number"] for value in none.context["chosen"]] == [0]


def test_late_is_computed_on_the_day_it_is_asked(find, world, asked, settings):
    due = Recommendation.objects.get(pk=asked.pk).next_due
    settings.SUITES_TODAY = due
    assert find("toiture", late="1").context["total"] == 0
    settings.SUITES_TODAY = due + datetime.timedelta(days=1)
    assert find("toiture", late="1").context["total"] == 1


def test_a_typing_mistake_is_put_right(find, asked):
    response = find("toitutes")
    assert response.context["total"] == 0
    assert [each["text"] for each in response.context["suggestions"]] == ["toitures"]
    assert "Vouliez-vous dire" in response.content.decode()


def test_what_is_not_public_is_neither_found_nor_hinted_at(find, asked):
    draft_action(asked, value="accepted", title="Chauffage secret", text="Chauffage")
    draft = make_measure(asked, title={"fr": "Géothermie", "nl": "Geothermie"}, live=False)
    assert draft.live is False
    for query in ("chauffage", "géothermie", "chaufage"):
        response = find(query)
        assert response.context["total"] == 0
        assert not response.context["suggestions"]


def test_a_withdrawn_recommendation_is_found_no_more(find, asked):
    assert find("toiture").context["total"] == 1
    withdraw(asked)
    assert find("toiture").context["total"] == 0
    assert find("toitutes").context["suggestions"] == []


def test_results_by_their_latest_step(find, world):
    for label, day in (("1", 1), ("2", 20), ("3", 10)):
        row = make_recommendation(world.cycle, label=label, title=f"Rue {label}", dutch=False)
        publish_action(row, value="accepted", on=datetime.date(2025, 3, day))
    assert titles(find("rue", sort="date")) == ["Rue 2", "Rue 3", "Rue 1"]


def test_pages_are_numbered_and_bounded(find, world):
    for number in range(23):
        make_recommendation(world.cycle, label=f"5.{number}", title="Une place", dutch=False)
    assert len(titles(find("place"))) == 20
    assert len(titles(find("place", page="2"))) == 3
    for odd in ("0", "99", "-1", "x", "９", "1" * 50):
        assert find("place", page=odd).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_as_often_however_much_is_found(find, world, engine, number):
    for label in range(number):
        row = make_recommendation(world.cycle, label=f"7.{label}", topics=[make_topic("eau")])
        make_measure(row, title={"fr": "Capter la pluie", "nl": "Regen"})
    find("pluie")
    find("pluie")
    with CaptureQueriesContext(connection) as captured:
        assert find("pluie").context["total"] == number
    caught_up = ("search_mirror", '"changed" >')  # what ``find`` does before it asks
    own = [q for q in captured if not any(part in q["sql"] for part in caught_up)]
    assert len(own) == (5 if engine is engines.named("database") else 3)


def test_publishing_is_found_at_once_and_the_index_agrees(find, asked):
    publish_action(asked, value="accepted", title={"fr": "Ombrière", "nl": "Luifel"})
    assert find("ombrière").context["total"] == 1
    assert not indexing.differences()


def test_what_differs_is_found_and_repaired(find, asked, engine):
    engine.catch_up()
    Document.objects.filter(entry__subject=asked.pk).delete()
    Entry.objects.create(
        key="recommendation:999999",
        noun="recommendation",
        subject=999999,
        profile=1,
        facets="{}",
        changed=0,
    )
    assert dict(indexing.differences()) == {"outdated": 1, "not public": 1}
    with pytest.raises(Exception, match="repaired"):
        call_command("index", "--check", verbosity=0)
    call_command("index", "--check", verbosity=0)
    assert find("toiture").context["total"] == 1


def test_a_saved_search_says_which_entries_match(find, asked):
    find("toiture")
    key = f"recommendation:{asked.pk}"
    assert matching.matching("lang=fr&q=toiture", {key, "recommendation:0"}) == {key}
    assert matching.matching("lang=nl&q=dak", {key}) == {key}
    assert matching.matching("lang=fr&q=toiture&response=rejected", {key}) == set()
    assert matching.matching("lang=fr&q=baleine", {key}) == set()
    assert matching.matching("lang=fr&q=toiture", set()) == set()


def test_many_saved_searches_read_what_is_ranked_by_once(asked):
    """They are matched in a transaction, where nothing read is kept for the next question."""
    candidates = matching.Candidates({f"recommendation:{asked.pk}"})
    with CaptureQueriesContext(connection) as queries:
        for word in ("toiture", "logement", "isoler"):
            assert candidates.found_by(f"lang=fr&q={word}"), word
    assert sum("e.version >=" in query["sql"] for query in queries) == 1


def test_equal_searches_are_saved_as_equal_texts_and_say_what_they_are(world):
    one = matching.saved("response=accepted&q=%20toiture&sort=date&page=3&nonsense=1", "fr")
    assert one == matching.saved("q=toiture&response=accepted&response=accepted", "fr")
    assert one != matching.saved("q=toiture&response=accepted", "nl")
    assert matching.saved("q=de+la", "fr") == ""
    assert matching.saved(f"q=toiture&topic={'x' * 700}", "fr") == ""
    assert matching.address(one) == "/fr/recherche/?q=toiture&response=accepted"
    with override("nl"):
        assert matching.label(one) == "“toiture” (Aanvaard)"


def test_changes_say_which_entries_they_are_about(asked):
    measure = make_measure(asked, title={"fr": "Prime", "nl": "Premie"})
    action = publish_action(asked, value="accepted")
    numbers = {c.number: c for c in Change.objects.all()}
    about = matching.about(numbers)
    key = f"recommendation:{asked.pk}"
    [step] = [n for n, c in numbers.items() if c.action_id == action.pk]
    [own] = [n for n, c in numbers.items() if c.measure_id == measure.pk]
    assert about[step] == {key, f"action:{action.pk}"}
    assert about[own] == {key}


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    typed=st.one_of(
        st.text(max_size=80),
        st.text(alphabet="\"'«»-*():^~\\%_ ab", max_size=60),
        st.just("a" * 3_000),
        st.lists(st.text(alphabet="abcdefghij", min_size=2, max_size=7), max_size=500).map(
            " ".join
        ),
    )
)
def test_nothing_that_is_typed_breaks_it(find, typed):
    if "\x00" in typed:
        return
    assert find(typed[:1500]).status_code in (200, 302)


def test_invalid_facets_are_told(find, asked):
    for name in ("response", "assembly", "topic", "year", "late", "kind"):
        assert find("toiture", **{name: "%'\""}).status_code == 400


def test_stop_words_alone_get_a_hint(find, asked):
    assert "dans tous les textes" in find("de la et").content.decode()


def test_an_engine_that_is_down_stops_neither_publishing_nor_the_site(
    client, settings, django_capture_on_commit_callbacks
):
    settings.SUITES_SEARCH = "elasticsearch"
    settings.ELASTICSEARCH_URLS = ["http://127.0.0.1:9"]
    engines.named.cache_clear()
    world = make_world()
    directory.forget()
    with django_capture_on_commit_callbacks(execute=True):
        make_recommendation(world.cycle, label="1", title="Des arbres")
    assert Recommendation.objects.count() == 1
    response = client.get(FR, {"q": "arbre"})
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "pas disponible" in response.content.decode()
    assert client.get("/fr/").status_code == 200
    engines.current().client.close()
    engines.named.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_search_without_end_is_stopped_and_the_next_one_answered(client, settings, monkeypatch):
    world = make_world()
    directory.forget()
    make_recommendation(world.cycle, label="1", title="Des arbres")
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n)"
    endless = f"({numbers} SELECT sum(i) FROM n) > 0"
    with monkeypatch.context() as slow:
        slow.setattr(views, "LIMIT", 0.2)
        slow.setattr(sql, "conditions", lambda asked: ([endless], []))
        response = client.get(FR, {"q": "arbre"})
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "trop de temps" in response.content.decode()
    assert client.get(FR, {"q": "arbre"}).context["total"] == 1


def test_an_engine_that_was_down_catches_up_with_everything(
    find, world, engine, settings, django_capture_on_commit_callbacks
):
    gone = make_recommendation(world.cycle, label="1", title="Des marronniers", dutch=False)
    assert find("marronnier").context["total"] == 1
    client = getattr(engine, "client", None)
    if client is not None:
        engine.client = Elasticsearch(f"http://127.0.0.1:{free_port()}", max_retries=0)
    with django_capture_on_commit_callbacks(execute=True):
        make_recommendation(world.cycle, label="2", title="Des platanes", dutch=False)
        withdraw(gone)
    if client is not None:
        engine.client.close()
        engine.client = client
        assert engine.missing()
    assert find("platane").context["total"] == 1
    assert find("marronnier").context["total"] == 0
    assert engine.missing() == 0


def test_what_is_indexed_again_without_a_publication_reaches_every_engine(find, asked, engine):
    assert find("toiture").context["total"] == 1
    Document.objects.filter(entry__subject=asked.pk).update(tokens="autre", plain=" autre ")
    Document.objects.filter(entry__subject=asked.pk).update(fingerprint="")
    assert indexing.again({f"recommendation:{asked.pk}"}) == 1
    assert find("toiture").context["total"] == 1
    call_command("index", "--mend", verbosity=0)
    call_command("index", verbosity=0)
    assert find("toiture").context["total"] == 1


def test_postings_that_differ_from_the_documents_are_noticed_and_repaired(asked):
    """As when somebody wrote to the database by other means."""
    database = engines.named("database")
    assert database.missing() == 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM search_vector WHERE language = 'fr'")
        else:
            cursor.execute("INSERT INTO search_fts_fr(search_fts_fr) VALUES ('delete-all')")
    assert database.missing() > 0
    with pytest.raises(Exception, match="repaired"):
        call_command("index", "--check", verbosity=0)
    call_command("index", "--check", verbosity=0)
    assert database.missing() == 0
    assert matching.matching("lang=fr&q=toiture", {f"recommendation:{asked.pk}"})
