"""Feeds: every step of the site, of a subject, of a filter; read with a feed reader's parser."""

import datetime
import xml.etree.ElementTree as ET

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies.models import Action, Change
from tests.factories import (
    correct,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    source,
)

pytestmark = pytest.mark.django_db
D = datetime.date
FRENCH = "/fr/chronologie/flux/"
DUTCH = "/nl/tijdlijn/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world():
    world = make_world()
    world.topic = make_topic("logement")
    world.asked = make_recommendation(world.cycle, label="3.4", topics=[world.topic])
    return world


def read(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def valid(content: bytes) -> ET.Element:
    """What RFC 4287 asks of a feed and of each of its entries."""
    root = ET.fromstring(content)
    for each in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(each.findall(f"{ATOM}{name}")) == 1, name
        links = [
            (link.get("type"), link.get("hreflang"))
            for link in each.findall(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(links) == len(set(links)) == 1
        for link in each.findall(f"{ATOM}link"):
            assert link.get("href").startswith(("http://", "https://"))
    ids = [each.findtext(f"{ATOM}id") for each in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert all(each.startswith("tag:") for each in ids)
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    return root


def test_an_entry_tells_all(client, world):
    step = publish_action(
        world.asked,
        value="rejected",
        title={"fr": "Refus <b>net</b> & « simple »", "nl": "Weigering"},
        text={"fr": "Trop\x0bcher.\n\nPour l’instant.", "nl": "Te duur."},
        on=(D(2024, 3, 1), D(2024, 3, 31)),
        published=D(2024, 4, 2),
        sources=[source("Rapport", url="https://example.org/r?a=1&b=2", language="fr")],
        example=True,
    )
    response = client.get(FRENCH)
    valid(response.content)
    found = read(response)
    assert found.feed.language == "fr"
    [entry] = found.entries
    assert entry.title == "Exemple : Refus <b>net</b> & « simple »"
    assert entry.published == "2024-04-02T10:00:00Z"
    assert entry.updated == entry.published
    assert entry.link.endswith(f"/fr/chronologie/{step.number}/")
    assert entry.id.endswith(f",2026:fr/step/{step.number}")
    assert entry.author == "Gouvernement"
    text = entry.content[0].value
    for said in ("Exemple", "mars 2024", "2 avril 2024", "Pour l’instant.", "Trop cher."):
        assert said in text, said
    assert "Non acceptée" in text
    assert "Trop cher." in text
    assert 'href="https://example.org/r?a=1&amp;b=2"' in text
    assert "/fr/r/BXL-C1-3.4" in text
    assert 'href="/' not in text
    assert {"via"} <= {link.rel for link in entry.links}
    assert {tag.term for tag in entry.tags} == {"response", "example"}
    dutch = read(client.get(DUTCH))
    assert dutch.feed.language == "nl"
    assert "Weigering" in dutch.entries[0].title
    assert "Niet aanvaard" in dutch.entries[0].content[0].value


def test_what_lacks_a_translation_says_its_language(client, world):
    publish_action(world.asked, kind="progress", title="Travaux", text="Ici.", dutch=False)
    root = valid(client.get(DUTCH).content)
    title = root.find(f"{ATOM}entry/{ATOM}title")
    assert title.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert "nog niet vertaald" in root.findtext(f"{ATOM}entry/{ATOM}content")


def test_only_a_correction_moves_updated(client, world):
    step = publish_action(
        world.asked, kind="progress", title="Un", published=D(2024, 6, 1), dutch=False
    )
    before = read(client.get(FRENCH)).entries[0]
    step = Action.objects.get(pk=step.pk)
    step.title.data["nl"] = "Een"
    step.save()
    assert Change.objects.latest("number").kind == "words"
    words = read(client.get(FRENCH)).entries[0]
    assert (words.id, words.updated) == (before.id, before.updated)
    right = correct(step, title="Deux", published=D(2024, 7, 1))
    newest, corrected = read(client.get(FRENCH)).entries
    assert corrected.id == before.id
    assert corrected.published == before.published
    assert corrected.updated == "2024-07-01T10:00:00Z"
    assert newest.link.endswith(f"/{right.number}/")
    assert "Corrigée par l’étape" in corrected.content[0].value
    assert newest.updated == newest.published


def test_what_is_published_late_is_new(client, world):
    publish_action(world.asked, kind="progress", title="Récente", on=D(2024, 6, 1))
    publish_action(world.asked, kind="progress", title="Ancienne", on=D(2020, 1, 1))
    titles = [entry.title for entry in read(client.get(FRENCH)).entries]
    assert titles == ["Ancienne", "Récente"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("assembly=BXL", ["Mesure", "Réunion", "Réponse"]),
        ("cycle=BXL-C1", ["Mesure", "Réunion", "Réponse"]),
        ("recommendation=BXL-C1-3.4", ["Réponse"]),
        ("measure=BXL-C1-3.4.1", ["Mesure"]),
        ("topic=logement", ["Mesure", "Réponse"]),
        ("kind=meeting&from=2024-01-01", ["Réunion"]),
        ("body=nobody", None),
    ],
)
def test_a_feed_for_every_choice(client, world, query, found):
    measure = make_measure(world.asked, label="3.4.1")
    publish_action(world.asked, value="accepted", title="Réponse")
    publish_action(cycle=world.cycle, kind="meeting", title="Réunion")
    publish_action(measure, value="delivered", title="Mesure")
    response = client.get(f"{FRENCH}?{query}")
    if found is None:
        assert response.status_code == 400
        return
    assert [entry.title for entry in read(response).entries] == found
    page = client.get(f"/fr/chronologie/?{query}")
    address = f"{FRENCH}?{query}".replace("&", "&amp;")
    assert "application/atom+xml" in page.content.decode()
    assert f'href="{address}"' in page.content.decode()


def test_pages_find_their_feed(client, world):
    measure = make_measure(world.asked, label="3.4.1")
    publish_action(measure, value="delivered")
    for address, query in {
        "/fr/": "",
        "/fr/assemblee-bxl/": "?assembly=BXL",
        "/fr/assemblee-bxl/cycle-1/": "?cycle=BXL-C1",
        "/fr/assemblee-bxl/cycle-1/3-4/": "?recommendation=BXL-C1-3.4",
        "/fr/mesures/BXL-C1-3.4.1/": "?measure=BXL-C1-3.4.1",
        world.government.url: f"?body={world.government.slug}",
        "/fr/themes/logement/": "?topic=logement",
    }.items():
        response = client.get(address, follow=True)
        found = "application/atom+xml"
        content = response.content.decode()
        assert response.status_code == 200, address
        assert found in content, address
        assert f'href="{FRENCH}{query}"' in content, address
        # The page of a cycle shows steps on the whole only, and here there is none.
        if query and address != "/fr/assemblee-bxl/cycle-1/":
            assert f'href="/fr/chronologie/{query}"' in content, address


def test_older_entries_are_a_page_further(client, world):
    for place in range(90):
        publish_action(world.asked, kind="progress", title=str(place), dutch=False)
    seen, address = [], f"{FRENCH}?kind=progress"
    for _page in range(3):
        response = client.get(address)
        valid(response.content)
        found = read(response)
        seen += [entry.title for entry in found.entries]
        links = {link.rel: link.href for link in found.feed.links}
        address = links.get("next", "")
        assert ("kind=progress&before=" in address) == bool(address)
    assert seen == [str(place) for place in reversed(range(90))]
    assert not address
    # An unknown place leads to page one.
    for place in ("0", "x", "9" * 40, "²"):
        assert len(read(client.get(f"{FRENCH}?before={place}")).entries) == 40


def test_who_has_it_is_told_so(client, world):
    publish_action(world.asked, kind="progress")
    first = client.get(FRENCH)
    tags = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    with CaptureQueriesContext(connection) as queries:
        again = client.get(FRENCH, **tags)
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert len(queries) == 1
    moment = {"HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}
    assert client.get(FRENCH, **moment).status_code == 304
    assert client.get(DUTCH, **tags).status_code == 200
    publish_action(world.asked, kind="progress")
    later = client.get(FRENCH, **tags)
    assert later.status_code == 200
    assert later["ETag"] != first["ETag"]
    assert not later.cookies
    assert client.post(FRENCH).status_code == 405
    assert client.head(FRENCH).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_two_queries_whatever_it_holds(client, world, number):
    for _place in range(number):
        step = publish_action(world.asked, value="accepted", sources=[source()])
        correct(step, value="rejected")
    client.get(FRENCH)
    with CaptureQueriesContext(connection) as queries:
        client.get(FRENCH)
    assert len(queries) == 2


def test_an_empty_feed_is_valid(client, world):
    root = valid(client.get(FRENCH).content)
    assert not list(root.iter(f"{ATOM}entry"))
