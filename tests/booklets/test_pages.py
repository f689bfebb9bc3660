"""What readers find at the addresses of booklets, and in the lists of other pages."""

import io
import zipfile

import feedparser
import pytest
from django.test import Client

from assemblies import directory
from assemblies.models import AssemblyPage, CyclePage
from booklets import editions, render
from booklets.models import BookletPage
from exchange import tables as exchange_tables
from tests.booklets.books import draft_booklet, make_book_world, publish

pytestmark = pytest.mark.django_db


def address_of(edition, language="fr"):
    directory.forget()
    return directory.current().address(edition.translation_key, language).url


@pytest.mark.parametrize("number", [1, 3])
def test_a_booklet_and_a_sheet_cost_the_same_whatever_their_number(
    number, django_assert_num_queries
):
    edition = publish(draft_booklet(make_book_world(number)))
    address = address_of(edition)
    Client().get(address)
    with django_assert_num_queries(9):
        assert Client().get(address).status_code == 200
    with django_assert_num_queries(9):
        assert Client().get(f"{address}bxl-c1-3-1/").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_editions_are_one_query(number, django_assert_num_queries):
    from booklets.pages import listed

    world = make_book_world()
    for each in range(1, number + 1):
        publish(draft_booklet(world, each))
    lists = directory.current()
    with django_assert_num_queries(1):
        assert len(listed(lists, cycle=world.cycle)) == number


def test_each_language_has_its_own_words_and_addresses():
    edition = publish(draft_booklet(make_book_world()))
    french = Client().get(address_of(edition, "fr")).content.decode()
    dutch = Client().get(address_of(edition, "nl")).content.decode()
    assert "Avant-propos." in french
    assert "Voorwoord." in dutch
    assert "Opvolgingsbrochure nr. 1" in dutch
    assert address_of(edition, "nl").endswith("/brochure-1/")
    assert Client().get(f"{address_of(edition)}rien/").status_code == 404
    assert Client().get(f"{address_of(edition)}bxl-c1-3-1/encore/").status_code == 404


def test_a_booklet_in_french_only_is_served_to_dutch_readers_with_its_words_marked():
    edition = publish(draft_booklet(make_book_world(), dutch=False))
    answer = Client().get(address_of(edition, "nl"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<h1 lang="fr">Livret 1</h1>' in html
    assert "Gevraagd" in html or "Voorbeeld" in html or "Stand" in html


def test_the_cut_of_a_body_shows_its_sheets_only():
    world = make_book_world(2)
    edition = publish(draft_booklet(world))
    html = Client().get(f"{address_of(edition)}?body=housing").content.decode()
    assert html.count('class="sheet"') == 2
    assert 'content="noindex"' in html
    assert Client().get(f"{address_of(edition)}?body=nobody").status_code == 404
    found = render.cut(edition.snapshot, "fr", str(world.committee.slug))
    assert not found


def test_lists_of_editions_stand_on_home_assembly_cycle_and_data_pages():
    world = make_book_world()
    edition = publish(draft_booklet(world))
    address = address_of(edition)
    for page in ("/fr/", "/fr/assemblee-bxl/", "/fr/assemblee-bxl/cycle-1/", "/fr/donnees/"):
        assert f'href="{address}"' in Client().get(page).content.decode(), page
    sitemap = Client().get("/sitemap-sheets-1.xml").content.decode()
    assert f"{address}bxl-c1-3-1/" in sitemap
    assert address in Client().get("/sitemap-pages-1.xml").content.decode()


def test_an_example_says_so_and_search_engines_are_not_told():
    edition = publish(draft_booklet(make_book_world(), example=True))
    address = address_of(edition)
    html = Client().get(address).content.decode()
    assert 'content="noindex"' in html
    assert '<span class="example">Exemple</span>' in html
    assert address not in Client().get("/sitemap-pages-1.xml").content.decode()
    assert Client().get("/sitemap-sheets-1.xml").status_code == 404
    assert Client().get(f"/fr/livrets/{edition.code}.json")["X-Robots-Tag"] == "noindex"


def test_tables_have_the_columns_of_the_exchange_format():
    edition = publish(draft_booklet(make_book_world(2)))
    answer = Client().get(f"/fr/livrets/{edition.code}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        names = {name.removesuffix(".csv") for name in file.namelist() if name.endswith(".csv")}
        assert names >= {"recommendations", "measures", "actions", "targets", "sources", "states"}
        for name in sorted(names - {"states", "changes"}):
            header = file.read(f"{name}.csv").decode("utf-8-sig").splitlines()[0].split(",")
            schema = exchange_tables.schema(name, ("fr", "nl"))
            known = {field["name"] for field in schema["fields"]}
            for column in header:
                assert column in known or column.rsplit("_", 1)[0] in known, (name, column)
        states = file.read("states.csv").decode("utf-8-sig")
        assert "BXL-C1-3.1" in states
        assert "partial" in states
    tag = answer["ETag"]
    again = Client().get(f"/fr/livrets/{edition.code}.zip", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_feed_tells_of_each_edition_once_and_moves_with_its_errata():
    world = make_book_world()
    edition = publish(draft_booklet(world))
    second = publish(draft_booklet(world, 2, example=True))
    address = "/fr/livrets/flux/"
    found = feedparser.parse(Client().get(address).content)
    assert not found.bozo, found.get("bozo_exception")
    assert [entry.title for entry in found.entries] == ["Exemple\xa0: Livret 2", "Livret 1"]
    entry = found.entries[1]
    assert entry.id.startswith("tag:")
    assert entry.link.endswith(address_of(edition))
    assert entry.links[1].href.endswith(f"/fr/livrets/{edition.code}.pdf")
    assert entry.summary == "État au 31\xa0décembre 2024"
    assert feedparser.parse(Client().get("/nl/brochures/feed/").content).entries[1].title == (
        "Brochure 1"
    )
    assert not feedparser.parse(Client().get(f"{address}?assembly=PAR").content).entries
    assert f'href="{address}?assembly=BXL"' in Client().get(address_of(edition)).content.decode()

    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304
    editions.publish_erratum(edition, {"fr": "Lire six."})
    editions.withdraw(second, {"fr": "Une page manquait."})
    directory.forget()
    answer = Client().get(address, headers={"If-None-Match": tag})
    (after,) = feedparser.parse(answer.content).entries
    assert (after.id, after.published) == (entry.id, entry.published)
    assert after.updated >= entry.updated


@pytest.mark.parametrize("number", [1, 3])
def test_a_feed_costs_the_same_whatever_the_number_of_editions(number, django_assert_num_queries):
    world = make_book_world()
    for each in range(1, number + 1):
        publish(draft_booklet(world, each))
    Client().get("/fr/livrets/flux/")
    with django_assert_num_queries(3):
        Client().get("/fr/livrets/flux/")


def test_a_booklet_stands_under_an_assembly_or_a_cycle_and_nothing_under_it():
    assert set(BookletPage.allowed_parent_page_models()) == {AssemblyPage, CyclePage}
    assert not BookletPage.allowed_subpage_models()
    assert BookletPage in AssemblyPage.allowed_subpage_models()


def test_a_draft_is_nowhere():
    page = draft_booklet(make_book_world())
    assert Client().get("/fr/assemblee-bxl/cycle-1/livret-1/").status_code == 404
    assert page.frozen() is None
