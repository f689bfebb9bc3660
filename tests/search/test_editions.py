"""Editions of booklets are found, each once, with its sheets under it."""

import pytest

from assemblies import directory
from booklets import editions
from search import indexing, matching
from tests.booklets.books import draft_booklet, make_book_world, publish

pytestmark = pytest.mark.django_db
FR = "/fr/recherche/"


@pytest.fixture
def page():
    world = make_book_world()
    directory.forget()
    return draft_booklet(world)


def found(client, **asked):
    lines = client.get(FR, asked).context.get("lines", ())
    return [line for line in lines if line.sheets]


def test_a_published_edition_is_found_with_its_sheets(client, page):
    assert found(client, q="livret") == []
    edition = publish(page)
    [line] = found(client, q=page.title)
    assert client.get(line.url).status_code == 200
    for extract in line.extracts:
        assert client.get(extract["url"]).status_code == 200
    assert not indexing.differences()
    assert matching.about([edition.published])[edition.published] == {f"booklet:{edition.pk}"}


def test_a_withdrawn_edition_is_found_no_more(client, page):
    edition = publish(page)
    assert found(client, q=page.title)
    editions.withdraw(edition, {"fr": "Erreur.", "nl": "Fout."})
    assert found(client, q=page.title) == []
