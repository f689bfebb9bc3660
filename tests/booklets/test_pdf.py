"""The PDF of an edition: PDF/UA-1 by veraPDF, and what no validator can judge."""

import io
from itertools import pairwise
from types import SimpleNamespace

import pypdf
import pytest

from booklets.models import Edition
from tests.booklets.books import draft_booklet, freeze, make_book_world, make_files
from tests.conftest import unavailable
from tests.factories import make_passage, make_recommendation, publish_action
from tests.services import verapdf


def build():
    world = make_book_world(2)
    asked = make_recommendation(
        world.cycle,
        label="4.1",
        title="Un guichet dont le texte n’existe qu’en français",
        dutch=False,
        verbatim="<p>Nous demandons un guichet.</p><ul><li>Gratuit</li><li>Ouvert</li></ul>",
    )
    make_passage(asked, words="un guichet", reason="budget", reason_text={"fr": "Trop cher."})
    publish_action(
        asked,
        value="rejected",
        title={"fr": "Refus"},
        text={"nl": "Alleen in het Nederlands."},
        reason_text={"nl": "Te duur."},
        dutch=False,
    )
    return make_files(freeze(draft_booklet(world)))


@pytest.fixture
def made(db):
    edition = build()
    files = {file.name: bytes(file.content) for file in edition.files.all()}
    return SimpleNamespace(edition=Edition.objects.get(pk=edition.pk), files=files)


def structure(content):
    """(depth, tag, language, alternative text, text) of every structure element, in order."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    found = []

    def walk(node, depth, language):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each, depth, language)
        elif isinstance(node, dict):
            language = str(node.get("/Lang", language))
            if "/S" in node:
                found.append((depth, str(node["/S"]), language, str(node.get("/Alt", "")), node))
            if "/K" in node:
                walk(node["/K"], depth + 1, language)

    walk(reader.trailer["/Root"]["/StructTreeRoot"], 0, "")
    return reader, found


def test_what_readers_download_is_accessible(made, tmp_path):
    for name, content in made.files.items():
        reader, found = structure(content)
        tags = [tag for _depth, tag, *_rest in found]
        # Headings go down one level at a time, from the title of the booklet.
        levels = [int(tag[2:]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        # Each picture says what it shows; they are the QR codes.
        figures = [alt for _d, tag, _l, alt, _n in found if tag == "/Figure"]
        assert len(figures) == 3
        assert all("BXL-C1-" in alt for alt in figures)
        # Tables have headers, and every cell names its own.
        cells = [node for _d, tag, _l, _a, node in found if tag == "/TD"]
        assert tags.count("/TH") > 8
        assert cells
        assert all(cell["/A"].get_object().get("/Headers") for cell in cells)
        # Words in another language say so.
        own = name.removesuffix(".pdf")
        other = {"fr": "nl", "nl": "fr"}[own]
        assert reader.trailer["/Root"]["/Lang"] == own
        assert other in {language for _d, _t, language, _a, _n in found}
        # … in words too, for who reads it on paper.
        text = "\n".join(page.extract_text() for page in reader.pages)
        note = {"fr": "Pas encore traduit", "nl": "Nog niet vertaald"}[own]
        assert note.lower() in text.lower()
        # Fonts are inside, and a sheet is one bookmark.
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].get_object().values():
                below = font.get_object()["/DescendantFonts"][0].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"].get_object())
        titles = str(reader.outline)
        assert all(word in titles for word in ("Guichet 1", "Guichet 2")) or own == "nl"
        assert reader.metadata["/Title"] in ("Livret 1", "Brochure 1")
        assert float(reader.pages[0].mediabox.width) == pytest.approx(419.5, abs=1)  # A5


def test_the_reading_order_is_asked_answered_judged_done(made):
    reader = pypdf.PdfReader(io.BytesIO(made.files["fr.pdf"]))
    text = "\n".join(page.extract_text() for page in reader.pages)
    sheet = text[text.rindex("Recommandation 3.1") :]
    places = [
        sheet.index(verb) for verb in ("Demandé", "Répondu", "Jugé", "Fait", "Ce qui a suivi")
    ]
    assert places == sorted(places)


def test_verapdf_finds_nothing_against_pdf_ua(made, tmp_path):
    if reason := verapdf.missing():
        unavailable(reason)
    for name, content in made.files.items():
        path = tmp_path / name
        path.write_bytes(content)
        passed, said = verapdf.verdict(path)
        assert passed, said


def test_the_validator_can_fail(tmp_path):
    if reason := verapdf.missing():
        unavailable(reason)
    import weasyprint

    path = tmp_path / "plain.pdf"
    weasyprint.HTML(string="<h1>Sans balises</h1>").write_pdf(path)
    assert not verapdf.verdict(path)[0]
