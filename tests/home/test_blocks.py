"""The blocks of a page: what readers see, what is refused, what is translated, what it costs."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image as Drawing
from wagtail.blocks import Block
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale
from wagtail.rich_text import RichText
from wagtail_localize.models import StringSegment
from wagtail_localize.operations import translate_object

from assemblies import directory
from assemblies.blocks import BodyBlock
from home.models import StandardPage
from tests.factories import (
    make_assembly,
    make_cycle,
    make_kind,
    make_measure,
    make_recommendation,
    make_standard_page,
    make_topic,
    make_world,
    publish_action,
    text_of,
)

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the drawings of a picture for Python to close.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]
D = datetime.date


@pytest.fixture
def world():
    return make_world()


def picture():
    drawn = io.BytesIO()
    Drawing.new("RGB", (1600, 900), "teal").save(drawn, "PNG")
    file = SimpleUploadedFile("salle.png", drawn.getvalue())
    return get_image_model().objects.create(title="Salle", file=file)


def document(title="Rapport"):
    file = SimpleUploadedFile("rapport.pdf", b"%PDF-1.7 " + b"x" * 2000)
    return get_document_model().objects.create(title=title, file=file, file_size=file.size)


def figures(subject="BXL", chosen=("asked", "answered", "done", "judged"), title="Les chiffres"):
    return ("figures", {"title": title, "subject": subject, "figures": list(chosen)})


def listing(subject="BXL-C1", title="La liste", limit=5, **wanted):
    return ("recommendations", {"title": title, "subject": subject, "limit": limit, **wanted})


def excerpt(subject="BXL-C1", title="Les étapes", limit=3, **wanted):
    return ("timeline", {"title": title, "subject": subject, "limit": limit, **wanted})


def show(client, world, *body, address="/fr/page/"):
    page = StandardPage.objects.filter(slug="page").first()
    if page is None:
        make_standard_page(world.home, "Page", body=list(body))
    else:
        page.body = list(body)
        page.save()
        directory.forget()
    response = client.get(address)
    assert response.status_code == 200
    return response


def html_of(response) -> str:
    return response.content.decode()


# -- words --------------------------------------------------------------------------------------


def test_words_are_shown_in_their_own_markup(client, world):
    response = show(
        client,
        world,
        ("heading", {"text": "Le tirage", "level": "2"}),
        ("heading", {"text": "Les lettres", "level": "3"}),
        ("text", RichText("<p>Dix mille lettres.</p>")),
        ("quotation", {"words": "Nous attendons.", "who": "Une membre", "source": ""}),
        ("note", {"title": "À savoir", "text": RichText("<p>Réunion le 3 mars.</p>")}),
        ("details", {"summary": "Combien ?", "text": RichText("<p>Quatre-vingts.</p>")}),
    )
    html = html_of(response)
    for said in (
        "<h2>Le tirage</h2>",
        "<h3>Les lettres</h3>",
        "<figcaption>Une membre</figcaption>",
        "<summary>Combien ?</summary>",
    ):
        assert said in html
    assert "<blockquote><p>Nous attendons.</p></blockquote>" in html
    text = text_of(response)
    assert "Dix mille lettres." in text
    assert "Réunion le 3 mars." in text


def test_where_a_page_is_in_another_language_its_words_say_so_and_its_figures_do_not(client, world):
    make_recommendation(world.cycle, label="1")
    make_standard_page(
        world.home,
        "Seul",
        dutch=False,
        body=[
            ("heading", {"text": "Le tirage", "level": "2"}),
            ("text", RichText("<p>Dix mille lettres.</p>")),
            figures(),
        ],
    )
    html = html_of(client.get("/nl/seul/"))
    assert '<h2 lang="fr">Le tirage</h2>' in html
    assert '<div class="prose" lang="fr">' in html
    assert '<h2 lang="fr">Les chiffres</h2>' in html
    assert "Gevraagd" in html


def test_a_picture_has_its_sizes_its_text_and_its_credit(client, world):
    values = {"alt": "Une salle pleine", "credit": "Photo X, CC BY 4.0", "caption": ""}
    html = html_of(show(client, world, ("picture", {"image": picture(), **values})))
    tag = html[html.index("<img") : html.index(">", html.index("<img"))]
    assert 'alt="Une salle pleine"' in tag
    assert 'loading="lazy"' in tag
    assert "480w" in tag
    assert "1280w" in tag
    assert 'width="' in tag
    assert 'height="' in tag
    assert "style=" not in tag
    assert "Photo X, CC BY 4.0" in html


def test_documents_say_their_type_and_size(client, world):
    response = show(
        client,
        world,
        ("documents", {"title": "À lire", "documents": [document(), document("Annexe")]}),
    )
    text = text_of(response)
    assert "Rapport (PDF, 2 ko)" in text
    assert "Annexe" in text


# -- figures ------------------------------------------------------------------------------------


def test_figures_stay_true(client, world):
    asked = make_recommendation(world.cycle, label="1")
    make_recommendation(world.cycle, label="2")
    response = show(client, world, figures("BXL-C1"))
    assert "Demandé 2 recommandations" in text_of(response)
    assert "Répondu 0" in text_of(response)
    publish_action(asked, value="accepted")
    make_recommendation(world.cycle, label="3")
    again = text_of(client.get("/fr/page/"))
    assert "Demandé 3 recommandations" in again
    assert "Répondu 1" in again


def test_figures_are_of_one_assembly(client, world):
    paris = make_assembly(world.home, code="PAR", preset="paris", dutch=False, title="Paris")
    make_kind(paris.register, deciding_body=world.government)
    promotion = make_cycle(paris, code="P1", dutch=False).register
    second = make_cycle(world.assembly_page, code="C2").register
    for label in ("1", "2"):
        make_recommendation(world.cycle, label=label)
    make_recommendation(second, label="1")
    for label in ("1", "2", "3", "4"):
        make_recommendation(promotion, label=label, dutch=False)
    text = text_of(show(client, world, figures("BXL"), figures("BXL-C2"), figures("PAR")))
    assert "Demandé 3 recommandations" in text
    assert "Demandé 1 recommandation" in text
    assert "Demandé 4 recommandations" in text
    assert "7 recommandations" not in text


def test_only_the_chosen_figures(client, world):
    make_recommendation(world.cycle, label="1")
    text = text_of(show(client, world, figures("BXL", chosen=["answered"])))
    assert "Répondu" in text[text.index("Les chiffres") :]
    assert "Jugé" not in text[text.index("Les chiffres") :]


def test_what_is_no_longer_published_leaves_no_hole(client, world):
    response = show(client, world, figures("XYZ"), listing("XYZ-1"), excerpt("XYZ"))
    html = html_of(response)
    for title in ("Les chiffres", "La liste", "Les étapes"):
        assert title not in html


# -- lists --------------------------------------------------------------------------------------


def titles(response) -> list[str]:
    return [word for word in ("Une", "Deux", "Trois") if f">{word}<" in html_of(response)]


def test_recommendations_by_filter(client, world):
    water = make_topic("eau")
    one = make_recommendation(world.cycle, label="1", title="Une", topics=[water])
    two = make_recommendation(world.cycle, label="2", title="Deux")
    make_recommendation(world.cycle, label="3", title="Trois")
    publish_action(one, value="accepted")
    publish_action(two, value="rejected")
    publish_action(two, value="insufficient", on=D(2025, 1, 1))
    measure = make_measure(one, lead=world.administration)
    publish_action(measure, value="delivered", on=D(2025, 1, 1))
    for wanted, found in (
        ({}, ["Une", "Deux", "Trois"]),
        ({"limit": 2}, ["Une", "Deux"]),
        ({"response": ["rejected", "accepted"]}, ["Une", "Deux"]),
        ({"response": ["awaiting"]}, ["Trois"]),
        ({"opinion": ["insufficient"]}, ["Deux"]),
        ({"implementation": ["delivered"]}, ["Une"]),
        ({"topic": "eau"}, ["Une"]),
        ({"body": "housing"}, ["Une"]),
        ({"body": "government-bxl"}, ["Une", "Deux", "Trois"]),
        ({"response": ["accepted"], "topic": "gone"}, []),
    ):
        assert titles(show(client, world, listing(**wanted))) == found, wanted
    assert "Aucune recommandation n’est dans cet état" in text_of(client.get("/fr/page/"))


def test_steps_of_a_cycle_by_kind(client, world):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1")
    publish_action(asked, value="accepted", title="La réponse")
    publish_action(measure, value="delivered", on=D(2025, 1, 1), title="Le guichet ouvre")
    publish_action(cycle=world.cycle, kind="meeting", title="La réunion")
    other = make_cycle(world.assembly_page, code="C2").register
    publish_action(cycle=other, kind="meeting", title="Ailleurs")
    text = text_of(show(client, world, excerpt(limit=10)))
    for said in ("La réponse", "Le guichet ouvre", "La réunion"):
        assert said in text
    assert "Ailleurs" not in text
    text = text_of(show(client, world, excerpt(kinds=["meeting"])))
    assert "La réunion" in text
    assert "La réponse" not in text
    assert "Ailleurs" in text_of(show(client, world, excerpt("BXL", limit=10)))


def test_the_same_thing_twice_on_a_page_has_one_address_in_it(client, world):
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted")
    page = world.cycle_page
    page.body = [listing(), listing(), excerpt(), excerpt()]
    page.save()
    directory.forget()
    html = html_of(client.get(page.url))
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("where", ["assembly_page", "cycle_page"])
def test_blocks_stand_on_assembly_and_cycle_pages(client, world, where):
    page = getattr(world, where)
    page.body = [("text", RichText("<p>Dix mille lettres.</p>")), figures("BXL-C1")]
    page.save()
    directory.forget()
    text = text_of(client.get(page.url))
    assert "Dix mille lettres." in text
    assert "Les chiffres" in text


# -- what it costs ------------------------------------------------------------------------------


def cost(client) -> int:
    client.get("/fr/page/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/fr/page/")
    return len(queries)


#: A page without any of these: the change log, the page, its restrictions.
PLAIN = 3


@pytest.mark.parametrize("number", [1, 3])
def test_each_block_has_its_literal_price(client, world, number):
    for place in range(number):
        asked = make_recommendation(world.cycle, label=str(place))
        publish_action(asked, value="accepted")
        publish_action(make_measure(asked), value="delivered", on=D(2025, 1, 1))
    files = [document(str(place)) for place in range(number)]
    images = [picture() for _place in range(number)]
    credited = {"alt": "Salle", "credit": "X", "caption": ""}
    words = [
        ("text", RichText("<p>Texte.</p>")),
        ("heading", {"text": "Titre", "level": "2"}),
        ("quotation", {"words": "Oui.", "who": "X", "source": ""}),
        ("note", {"title": "", "text": RichText("<p>Note.</p>")}),
        ("details", {"summary": "Plus", "text": RichText("<p>Fin.</p>")}),
    ]
    for body, price in (
        (words, 0),
        ([figures(title=str(place)) for place in range(number)], 1),
        ([listing()], 1),
        ([excerpt()], 1),
        ([("documents", {"title": "À lire", "documents": files})], 1),
        # The pictures; their sizes are remembered.
        ([("picture", {"image": image, **credited}) for image in images], 1),
        ([*words, figures(), listing(), excerpt()], 3),
    ):
        show(client, world, *body)
        assert cost(client) == PLAIN + price, body[0][0]


# -- what is refused ----------------------------------------------------------------------------


def cleaned(*body):
    return BodyBlock().clean(BodyBlock().to_python([{"type": t, "value": v} for t, v in body]))


def test_a_part_stands_within_a_section(world):
    section = ("heading", {"text": "Section", "level": "2"})
    part = ("heading", {"text": "Part", "level": "3"})
    cleaned(section, part)
    cleaned(("text", "<h2>Section</h2><p>…</p>"), part)
    for wrong in ([part, section], [("text", "<h3>Part</h3>")], [part]):
        with pytest.raises(ValidationError):
            cleaned(*wrong)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example/"])
def test_only_addresses_that_are_safe_to_open(world, address):
    with pytest.raises(ValidationError):
        cleaned(("quotation", {"words": "Oui.", "who": "X", "source": address}))


@pytest.mark.parametrize("missing", ["alt", "credit"])
def test_a_picture_needs_its_text_and_its_credit(world, missing):
    value = {"image": picture().pk, "alt": "Salle", "credit": "X", missing: ""}
    with pytest.raises(ValidationError):
        cleaned(("picture", value))


def test_a_subject_must_exist(world):
    cleaned(("figures", {"title": "X", "subject": "BXL-C1", "figures": ["asked"]}))
    with pytest.raises(ValidationError):
        cleaned(("figures", {"title": "X", "subject": "BXL-C9", "figures": ["asked"]}))


def test_a_page_asks_the_register_a_few_times_at_most(world):
    block = ("recommendations", {"title": "X", "subject": "BXL", "limit": 5})
    cleaned(*[block] * 3)
    with pytest.raises(ValidationError):
        cleaned(*[block] * 4)


# -- in the admin -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BodyBlock().child_blocks)
def test_each_block_is_previewed(admin_client, world, name):
    picture()
    document()
    asked = make_recommendation(world.cycle, label="1")
    publish_action(asked, value="accepted")
    block = StandardPage._meta.get_field("body").stream_block.child_blocks[name]
    assert Block.definition_registry[block.definition_prefix] is block
    response = admin_client.get("/admin/block-preview/", {"id": block.definition_prefix})
    assert response.status_code == 200
    html = html_of(response)
    assert "css/index.css" in html
    body = html[html.index("<body") :]
    assert len(text_of(response)) > len("Preview")
    assert "<h2" in body or "<p" in body or "<figure" in body or "<details" in body
    assert str(block.label)
    assert block.get_description()


def test_the_words_of_every_block_go_to_translators(world):
    page = make_standard_page(
        world.home,
        "Page",
        dutch=False,
        body=[
            ("heading", {"text": "Le tirage", "level": "2"}),
            ("quotation", {"words": "Nous attendons.", "who": "Une membre", "source": ""}),
            (
                "picture",
                {"image": picture(), "alt": "Une salle", "credit": "Photo X", "caption": "Légende"},
            ),
            ("documents", {"title": "À lire", "documents": [document()]}),
            figures(),
            ("note", {"title": "À savoir", "text": RichText("<p>Réunion.</p>")}),
            ("details", {"summary": "Combien ?", "text": RichText("<p>Quatre-vingts.</p>")}),
            listing(response=["accepted"]),
            excerpt(kinds=["meeting"]),
        ],
    )
    page = StandardPage.objects.get(pk=page.pk)
    dutch = Locale.objects.get(language_code="nl")
    translate_object(page, [dutch])
    said = {
        each.string.data
        for each in StringSegment.objects.filter(source__object_id=page.translation_key)
    }
    assert {
        *("Le tirage", "Nous attendons.", "Une membre", "Une salle", "Photo X", "Légende"),
        *("À lire", "Les chiffres", "À savoir", "Réunion.", "Combien ?", "Quatre-vingts."),
        *("La liste", "Les étapes"),
    } <= said
    assert not {"BXL", "BXL-C1", "asked", "accepted", "meeting", "2"} & said
    copy = page.get_translation(dutch)
    assert [child.block_type for child in copy.body] == [child.block_type for child in page.body]
    assert copy.body[7].value["response"] == ["accepted"]
