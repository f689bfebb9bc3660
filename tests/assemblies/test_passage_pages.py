"""The highlighted text: what became of each passage, marked in the words and told in a key."""

import datetime
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    correct,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
    text_of,
)

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH = "/fr/assemblee-bxl/cycle-1/3-4/"
DUTCH = "/nl/burgerraad-bxl/cyclus-1/3-4-nl/"
TEXT = (
    "<p>Nous demandons <b>un guichet</b> dans chaque quartier &amp; des vélos.</p>"
    "<ul><li>Il est gratuit ;</li>\n<li>il est ouvert le soir.</li></ul><p>La fin.</p>"
)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="3.4", verbatim=TEXT)


def soup(client, address=FRENCH) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def verbatim(client, address=FRENCH) -> str:
    html = client.get(address).content.decode()
    return re.search(r'<blockquote class="verbatim"[^>]*>(.*?)</blockquote>', html, re.S).group(1)


def unmarked(html: str) -> str:
    return re.sub(r'<sup class="segment__letter">.*?</sup>|</?mark[^>]*>', "", html)


def mark_all(asked):
    """One passage of each sort; the first is the third that was published."""
    measure = make_measure(asked, label="3.4.1")
    return [
        make_passage(asked, words="Il est gratuit ; il est ouvert", on=D(2025, 1, 2)),
        make_passage(asked, words="La fin", reason="budget"),
        make_passage(asked, measure, words={"fr": "un guichet", "nl": "een loket"}),
        make_passage(asked, measure, words="chaque quartier", reason_text="Pas tous."),
    ]


def test_a_text_without_marks_is_whole_without_them(client, asked):
    page = soup(client)
    assert verbatim(client) == TEXT
    assert not page.select("mark, .segment-key, #passages")


def test_the_words_are_never_altered(client, asked):
    mark_all(asked)
    html = verbatim(client)
    assert html.count("<sup") == 4
    assert unmarked(html) == TEXT
    words = BeautifulSoup(html, "html.parser")
    for each in words.select("sup"):
        each.extract()
    assert words.get_text() == BeautifulSoup(TEXT, "html.parser").get_text()


def test_each_mark_says_its_state_and_leads_to_its_line(client, asked):
    silent, refused, covered, partly = mark_all(asked)
    page = soup(client)
    found = {}
    for link in page.select(".verbatim sup a"):
        line = page.select_one(link["href"])
        assert line.name == "li"
        assert line.select_one("a")["href"] == f"#{link['id']}"
        assert line.select_one("a").get_text() == link.get_text()
        found[link["href"]] = (link.get_text(), link["aria-label"], line.b.get_text())
    assert {key: each[0] for key, each in found.items()} == {
        f"#passage-{covered.pk}": "a",
        f"#passage-{partly.pk}": "b",
        f"#passage-{silent.pk}": "c",
        f"#passage-{refused.pk}": "d",
    }
    said = [each[1].lower() for each in found.values()]
    assert [said[0][-6:], said[1][-9:]] == ["repris", "en partie"]
    assert all(line.rstrip(".").lower() in label for (_l, label, line) in found.values())
    assert [mark["class"][1] for mark in page.select(".verbatim mark")] == [
        *("segment--covered", "segment--partly"),
        *("segment--unanswered", "segment--unanswered", "segment--refused"),
    ]


def test_the_key_says_who_said_so_and_when(client, world, asked):
    mark_all(asked)
    key = soup(client).select_one(".segment-key")
    assert not key.select(".segment-key__signed")  # not all of one day
    assert key.select_one("li time")["datetime"] == "2024-05-15"
    assert world.government.url in {each["href"] for each in key.select("li a")}
    assert "Budget" in key.get_text()
    assert "Pas tous." in key.get_text()
    assert {each["href"] for each in key.select("a")} >= {"#measure-3.4.1"}


def test_who_and_when_stand_once_where_they_are_the_same_for_all(client, asked):
    make_passage(asked, words="gratuit")
    make_passage(asked, words="La fin", reason="law")
    key = soup(client).select_one(".segment-key")
    assert len(key.select("time")) == 1
    assert key.select_one(".segment-key__signed time")["datetime"] == "2024-05-15"


def test_a_contested_claim_says_so_until_the_committee_takes_that_back(client, world, asked):
    claim = make_passage(asked, make_measure(asked), words="gratuit")
    opinion = publish_action(asked, kind="opinion", contests=claim, body=world.committee)
    page = soup(client)
    assert "contesté" in page.select_one(".verbatim sup a")["aria-label"]
    line = page.select_one(f"#passage-{claim.pk}")
    step = line.select_one(".segment-key__contest a")["href"]
    assert step == f"#step-{opinion.number}"
    assert page.select_one(step).select_one(f"a[href='#passage-{claim.pk}']")
    # The authority says it anew: what it said, and that it was contested, stay.
    make_passage(asked, words="gratuit", reason="law", replaces=claim)
    line = soup(client).select_one(".segment-key li")
    assert line.select_one(".segment-key__before .segment-key__contest a")["href"] == step
    correct(opinion)
    assert not soup(client).select(".segment-key__contest")


def test_what_is_no_longer_marked_is_still_told(client, asked):
    claim = make_passage(asked, words="gratuit")
    make_passage(asked, words="gratuit", replaces=claim, withdraws=True, why={"fr": "Par erreur."})
    page = soup(client)
    assert not page.select("mark")
    assert "Par erreur." in page.select_one(".segment-key__before").get_text()


def test_a_dutch_page_marks_its_own_words_and_lists_those_that_it_lacks(client, asked):
    mark_all(asked)
    page = soup(client, DUTCH)
    assert [each.get_text() for each in page.select("mark")] == ["een loket"]
    assert page.select_one("mark + sup a").get_text() == "a"
    assert len(page.select(".segment-key li")) == 4
    line = page.select(".segment-key li")[1]
    assert line.select_one("span[lang=fr]").get_text() == "chaque quartier"


def test_a_text_in_french_alone_is_marked_on_the_dutch_page(client, world):
    alone = make_recommendation(world.cycle, label="5", dutch=False, verbatim=TEXT)
    make_passage(alone, words="gratuit")
    page = soup(client, "/nl/burgerraad-bxl/cyclus-1/5/")
    assert page.select_one("blockquote[lang=fr] mark").get_text() == "gratuit"
    assert page.select_one("blockquote sup a")["lang"] == "nl"


def test_drafts_are_not_shown_and_examples_say_so(client, asked):
    make_passage(asked, words="gratuit", live=False)
    assert not soup(client).select("mark")
    make_passage(asked, words="La fin", example=True)
    page = soup(client)
    assert page.select_one(".segment-key .example")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"


def queries_of(client, address=FRENCH) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert "3.4" in text_of(client.get(address))
    return len(queries)


@pytest.mark.parametrize("number", [1, 3])
def test_marks_cost_one_query_and_no_marks_none(client, asked, number):
    measure, other = make_measure(asked, label="1"), make_measure(asked, label="2")
    without = queries_of(client)
    for words in ("gratuit", "un guichet", "La fin")[:number]:
        make_passage(asked, measure, other, words=words)
    assert (without, queries_of(client)) == (without, without + 1)
    assert queries_of(client) <= 8
