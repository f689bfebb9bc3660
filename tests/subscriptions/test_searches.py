"""Searches that are followed: asked for on their page, matched, named, gone with a filter."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies import directory
from assemblies.models import Topic
from search import matching as matching_search
from subscriptions import letters, rounds, things, year
from subscriptions.models import Followed, Mail, Mention, Subscription
from tests.factories import (
    correct,
    follow,
    make_recommendation,
    make_topic,
    publish_action,
    text_of,
)
from tests.subscriptions.test_loop import ask

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="1", title="Planter des tilleuls")


def told(row: Subscription) -> list[int]:
    rounds.send_now()
    mails = Mail.objects.filter(address=row.address_id, kind="digest").order_by("pk")
    return [int(number) for mail in mails for number in mail.news]


def test_a_search_is_told_of_what_it_finds_and_of_nothing_else(world, asked):
    row = follow("q=tilleuls")
    other = make_recommendation(world.cycle, label="2", title="Réparer les trottoirs")
    found = publish_action(asked, value="accepted")
    publish_action(other, value="accepted")
    assert told(row) == [found.number]


def test_what_appears_later_is_found(world):
    row = follow("q=potager")
    new = make_recommendation(world.cycle, label="7", title="Ouvrir un potager")
    assert told(row) == [new.changes.get(kind="published").number]


def test_a_correction_of_what_it_found_is_news(world, asked):
    row = follow("q=tilleuls")
    wrong = publish_action(asked, value="accepted")
    right = correct(wrong, value="partial")
    assert told(row) == [wrong.number, right.number]


def test_filters_count_as_they_stand_after_the_step(world, asked):
    row = follow("q=tilleuls&response=rejected")
    publish_action(asked, value="accepted", on=D(2024, 1, 1))
    assert told(row) == []


def test_equal_searches_are_one_thing(client, world):
    for typed in ("q=eau&sort=date", "q=eau&page=2", " q=eau".strip()):
        assert (
            things.from_code(directory.current(), f"search:{typed}").code == "search:lang=fr&q=eau"
        )


@pytest.mark.parametrize("code", ["search:", "search:q=", "search:q=eau&topic=none", "search:x"])
def test_what_is_no_search_can_t_be_followed(world, code):
    assert things.from_code(directory.current(), code) is None


def test_a_search_is_followed_from_its_own_page(client, world, asked):
    for address in ("/fr/recherche/?q=tilleuls", "/fr/recherche/?q=introuvable"):
        page = client.get(address).content.decode()
        word = address.partition("q=")[2]
        assert f'name="what" value="search:lang=fr&amp;q={word}"' in page
        assert 'name="email"' in page
    answer = ask(client, "search:lang=fr&q=tilleuls")
    assert "tilleuls" in text_of(answer)
    assert Followed.objects.get().query == "lang=fr&q=tilleuls"
    assert 'name="email"' not in client.get("/fr/recherche/").content.decode().split("<main")[1]


def test_a_mail_names_the_search_and_leads_to_it(world, asked):
    row = follow("q=tilleuls&assembly=BXL")
    publish_action(asked, value="accepted")
    rounds.send_now()
    said = letters.Writer().letter(Mail.objects.get(), row.address)
    assert "Recherche\xa0: «\u202ftilleuls\u202f» (Bruxelles)" in said.text
    found = things.in_words(directory.current(), [row.followed])[row.followed_id]
    assert found.url == "/fr/recherche/?q=tilleuls&assembly=BXL"


def test_a_search_ends_with_one_of_its_filters_and_says_so_once(world, asked):
    topic = make_topic("eau")
    row = follow("q=tilleuls&topic=eau")
    Topic.objects.get(pk=topic.pk).delete()
    publish_action(asked, value="accepted")
    numbers = told(row)
    assert len(numbers) == 1
    assert Mention.objects.get().note["what"] == "gone"
    publish_action(asked, value="partial", on=D(2024, 6, 1))
    assert told(row) == numbers


def test_the_year_of_a_search_is_counted(world, asked):
    row = follow("q=tilleuls")
    for month in (3, 4):
        publish_action(asked, kind="decision", on=D(2024, month, 1))
    found = year.Year(directory.current()).mails(row.followed, "decisions")
    assert found["monthly"] == 1
    assert year.Year(directory.current()).mails(follow(asked).followed, "booklets")["weekly"] == 0


@pytest.mark.parametrize("number", [1, 3])
def test_changes_are_matched_with_as_many_queries_for_one_as_for_three(world, asked, number):
    """One search costs one question, whatever the number of those who follow it."""
    for place in range(number):
        follow("q=tilleuls", email=f"{place}@example.org")
        publish_action(asked, kind="decision", on=D(2024, place + 1, 1))
    directory.current()
    with CaptureQueriesContext(connection) as queries:
        rounds.matching.catch_up()
    # What an engine asks of its own index is its own business, and differs between databases.
    own = [query for query in queries if "search_" not in query["sql"]]
    assert len(own) == 25
    assert Mention.objects.count() == number


def test_a_search_that_is_too_long_is_not_offered(client, world):
    assert matching_search.saved("q=" + "a" * 299 + "&" + "&".join(["topic=" + "b" * 90] * 9), "fr")
    many = "&".join(f"topic={n}{'b' * 60}" for n in range(12))
    assert not matching_search.saved(f"q=eau&{many}", "fr")
