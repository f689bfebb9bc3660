"""Titles of any length: whole wherever readers see them, short in the admin's lists."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from assemblies import titles
from assemblies.models import Recommendation, RecommendationPage
from booklets import drafting
from search import documents
from tests.booklets.books import draft_booklet, make_book_world
from tests.factories import make_recommendation, make_topic, make_world

pytestmark = pytest.mark.django_db

LONGEST = ("Garantir à chaque ménage un accompagnement gratuit et indépendant " * 8)[:499] + "x"


def test_a_short_title_stands_in_one_place():
    page = RecommendationPage(full_title="Un guichet\r\npar quartier ")
    assert (page.title, page.title_in_full) == ("Un guichet par quartier", "")


def test_a_long_title_is_whole_and_its_beginning_ends_with_a_word():
    page = RecommendationPage(full_title=LONGEST)
    assert (page.full_title, page.title_in_full) == (LONGEST, LONGEST)
    assert len(page.title) <= titles.LONGEST_OF_PAGE
    assert LONGEST.startswith(page.title.removesuffix("…") + " ")
    page.full_title = "Court"
    assert (page.title, page.title_in_full) == ("Court", "")


def test_a_word_without_end_is_cut_where_it_must():
    assert titles.beginning("a" * 300) == "a" * 254 + "…"


def test_a_title_may_be_a_thousand_characters():
    cycle = make_world().cycle
    assert make_recommendation(cycle, title="x" * 1_000, slug="long", dutch=False).pk
    with pytest.raises(ValidationError, match="1000"):
        make_recommendation(cycle, title="x" * 1_001, slug="longer", dutch=False)


def test_it_is_whole_on_every_page_that_lists_it(client):
    world = make_world()
    topic = make_topic("logement")
    row = make_recommendation(world.cycle, label="1", title=LONGEST, slug="long", topics=[topic])
    assert Recommendation.objects.get().title == LONGEST
    for address in (
        f"/fr/r/{row.reference}",
        "/fr/assemblee-bxl/cycle-1/",
        "/fr/themes/logement/",
    ):
        page = BeautifulSoup(client.get(address, follow=True).content, "html5lib")
        assert LONGEST in " ".join(page.main.get_text(" ").split()), address


def test_it_is_whole_in_a_booklet_and_in_the_search():
    world = make_book_world()
    row = make_recommendation(world.cycle, label="9", title=LONGEST, slug="long", dutch=False)
    snapshot = drafting.draft(draft_booklet(world))
    assert LONGEST in json.dumps(snapshot, ensure_ascii=False)
    found = documents.gather([f"recommendation:{row.pk}"])
    assert LONGEST in [draft.title for each in found.values() for draft in each.drafts]
