"""The pictures of shared pages: what they show, and under which address they are kept."""

import datetime
import io
import re
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from assemblies.models import Ink
from assemblies.sharing import drawing
from assemblies.sharing.card import Card, State
from portal.env import BASE_DIR
from tests.factories import make_recommendation, make_world, publish_action, withdraw

D = datetime.date
ASKED = "/fr/assemblee-bxl/cycle-1/1/"

CARD = Card(
    name="BXL-C1-3.4",
    language="fr",
    place="Assemblée citoyenne pour le climat",
    kicker="Recommandation 3.4",
    title="Créer un guichet dans chaque quartier",
    sentence="Acceptée en partie le 15 mai 2024. Sur 5 mesures annoncées, 2 sont réalisées.",
    ink="iris",
    seed="climat",
    shape="rings",
    states=(State("response", "part", "Acceptée en partie"),),
    measures=("delivered", "continuous", "under_way", "stopped", "void"),
    counts="2 sur 5 réalisées",
)


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture(autouse=True)
def _empty():
    """No picture of another test is kept."""
    yield
    for language in ("fr", "nl"):
        for name in ("BXL-C1-1", "BXL", "site"):
            folder = f"cards/{language}/{name}"
            if default_storage.exists(folder):
                for file in default_storage.listdir(folder)[1]:
                    default_storage.delete(f"{folder}/{file}")


def picture_of(client, address: str) -> str:
    """The address of the picture that a page names, without scheme and host."""
    content = client.get(address).content.decode()
    return re.search(r'property="og:image" content="http://[^/]+([^"]+)"', content)[1]


def opened(response) -> Image.Image:
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(response.content))


# -- addresses ------------------------------------------------------------------------------------


def test_a_picture_is_drawn_once_and_kept(client, world, monkeypatch):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    address = picture_of(client, ASKED)
    response = client.get(address)
    assert opened(response).size == (1200, 630)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    monkeypatch.setattr("assemblies.sharing.views.draw", lambda card: pytest.fail("drawn again"))
    assert client.get(address).content == response.content
    assert picture_of(client, "/nl/burgerraad-bxl/cyclus-1/1-nl/") != address


def test_what_changes_on_the_picture_changes_its_address(client, world):
    asked = make_recommendation(world.cycle, label="1")
    before = picture_of(client, ASKED)
    client.get(before)
    publish_action(asked, value="accepted", on=D(2024, 5, 15))
    after = picture_of(client, ASKED)
    assert after != before
    # Whoever shared the page then still gets its picture, until the new one takes its place.
    assert client.get(before).status_code == 200
    client.get(after)
    response = client.get(before)
    assert (response.status_code, response["Location"]) == (302, after)
    assert default_storage.listdir("cards/fr/BXL-C1-1")[1] == [after.rpartition("/")[2]]
    # Something that it does not show.
    publish_action(asked, kind="meeting", on=D(2024, 7, 1))
    assert picture_of(client, ASKED) == after


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fr/cards/BXL-C1-1/0123456789abcdef.png", 302),
        ("/fr/cards/BXL/0123456789abcdef.png", 302),
        ("/fr/cards/site/0123456789abcdef.png", 302),
        ("/fr/cards/BXL-C1-9/0123456789abcdef.png", 404),
        ("/fr/cards/PAR/0123456789abcdef.png", 404),
        ("/fr/cards/../0123456789abcdef.png", 404),
        ("/fr/cards/BXL-C1-1/0123456789ABCDEF.png", 404),
        ("/fr/cards/BXL-C1-1/../../x.png", 404),
    ],
)
def test_only_what_is_shown_is_drawn(client, world, address, status):
    make_recommendation(world.cycle, label="1")
    response = client.get(address)
    assert response.status_code == status
    if status == 302:
        assert client.get(response["Location"]).status_code == 200
    assert not default_storage.exists("cards/fr/BXL-C1-1/0123456789abcdef.png")


def test_what_is_withdrawn_has_no_picture(client, world):
    asked = make_recommendation(world.cycle, label="1")
    address = picture_of(client, ASKED)
    client.get(address)
    withdraw(asked)
    assert client.get(address).status_code == 404


# -- drawing --------------------------------------------------------------------------------------


def drawn(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(drawing.draw(card))).convert("RGB")


def has(picture: Image.Image, colour: str, box: tuple[int, int, int, int]) -> bool:
    """Whether about this colour is somewhere in a part of the picture."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return any(
        all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))
        for _count, found in picture.crop(box).getcolors(1200 * 630)
    )


def test_the_inks_are_those_of_the_pages():
    tokens = (BASE_DIR / "static/css/tokens.css").read_text().partition("@media")[0]
    for name, colour in drawing.INKS.items():
        assert re.search(rf"--{name}: {colour};", tokens), name
    for name, colour in drawing.SPOTS.items():
        assert re.search(rf'\[data-ink="{name}"\]\s*{{ --spot: {colour};', tokens), name
    assert set(drawing.SPOTS) == set(Ink.values)


@pytest.mark.parametrize("ink", Ink.values)
def test_each_assembly_has_its_ink(ink):
    assert has(drawn(replace(CARD, ink=ink)), drawing.SPOTS[ink], (72, 40, 160, 140))


@pytest.mark.parametrize("word", ["Exemple", "Voorbeeld"])
def test_an_example_is_tagged(word):
    corner = (900, 40, 1130, 130)
    assert not has(drawn(CARD), drawing.INKS["ink"], corner)
    assert has(drawn(replace(CARD, example=word)), drawing.INKS["ink"], corner)
    assert replace(CARD, example=word).alternative.startswith(word)


@pytest.mark.parametrize("tone", ["full", "going", "part", "no", "open", "plain"])
@pytest.mark.parametrize("axis", ["response", "implementation", "opinion"])
def test_every_state_can_be_drawn(axis, tone):
    states = (State(axis, tone, "Acceptée"),)
    picture = drawn(replace(CARD, states=states, measures=(), counts=""))
    ground, _edge, _ink = drawing.TONES[tone]
    assert has(picture, drawing.INKS[ground], (74, 560, 220, 596))


@pytest.mark.parametrize(
    "title",
    [
        "Un guichet",
        "Transformer les bureaux vides en logements, sans bâtir sur un sol libre ; " * 7,
        "Hottentottententententoonstelling" * 12,
        "",
        "—",
    ],
)
def test_no_text_runs_over_the_edge(title):
    longest = replace(
        CARD,
        title=title[:500],
        sentence=CARD.sentence * 4,
        states=(
            State("response", "plain", "Transmise à l’autorité compétente"),
            State("opinion", "open", "Pas encore examinée"),
        ),
        measures=("delivered",) * 40,
        counts="40 sur 40 réalisées",
    )
    picture = drawn(longest)
    paper = drawing.INKS["paper"]
    for edge in ((0, 0, 60, 630), (1140, 0, 1200, 630), (0, 612, 1200, 630)):
        assert {colour for _count, colour in picture.crop(edge).getcolors(100_000)} == {
            tuple(int(paper[place : place + 2], 16) for place in (1, 3, 5))
        }


def test_words_are_parted_only_where_a_line_can_hold_none():
    font = drawing._font(drawing.SANS, 30, 400)
    text = "Des mots, encore des mots et un anticonstitutionnellementparlant"
    assert " ".join(drawing.wrap(text, font, 500)) == text
    lines = drawing.wrap("x" * 200, font, 300)
    assert "".join(lines) == "x" * 200
    assert len(lines) > 1
