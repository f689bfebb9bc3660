"""Attached files: their text is found with the fact that rests on them; hostile ones do no harm."""

import io
import subprocess
import zipfile

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from assemblies import directory
from search import attachments, indexing
from search.attachments import Unreadable, text_of
from search.models import Document, Extract
from tests.factories import (
    draft_action,
    make_act,
    make_recommendation,
    make_world,
    publish_action,
    source,
)

pytestmark = pytest.mark.django_db
FR = "/fr/recherche/"


def pdf(*lines: str) -> bytes:
    """A small PDF file with these lines of text."""
    said = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {said} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return made + head + table + tail % (len(objects) + 1, len(made))


def odt(*paragraphs: str, before: str = "") -> bytes:
    """An ODT file with these paragraphs."""
    name = "urn:oasis:names:tc:opendocument:xmlns"
    inside = "".join(f"<t:p>{each}</t:p>" for each in paragraphs)
    content = (
        f'<?xml version="1.0"?>{before}<o:document-content xmlns:o="{name}:office:1.0" '
        f'xmlns:t="{name}:text:1.0"><o:body>{inside}</o:body></o:document-content>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return made.getvalue()


def read(content: bytes, name: str) -> str:
    return text_of(io.BytesIO(content), name, len(content))


def document(content: bytes, name: str):
    return get_document_model().objects.create(title=name, file=ContentFile(content, name=name))


def test_the_words_of_both_formats():
    assert read(pdf("Isolation des combles", "Chaudière"), "a.pdf").split() == [
        *("Isolation", "des", "combles", "Chaudière"),
    ]
    assert read(odt("Les <t:span>arbres</t:span>", "La rue"), "b.ODT") == "Les arbres\nLa rue"


ENTITIES = (
    '<!DOCTYPE lolz [<!ENTITY a "boum"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (b"%PDF-1.7\n" + b"\xff\x00" * 5_000, "noise.pdf"),
        (pdf("Bonjour")[:300], "half.pdf"),
        (b"PK\x03\x04" + b"\x00" * 200, "half.odt"),
        (odt("&c;", before=ENTITIES), "entities.odt"),
        (b"MZ\x90", "program.exe"),
        (b"<html>", "page"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_breaks_nothing(content, name):
    said = ""
    try:
        said = read(content, name)
    except Unreadable as reason:
        said = f"refused: {reason}"
    assert said == "" or said.startswith("refused: ")


def test_a_bomb_is_not_unpacked():
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("content.xml", "w") as entry,
    ):
        for _portion in range(70):
            entry.write(b" " * 1_000_000)
    with pytest.raises(Unreadable, match="unpacked"):
        read(made.getvalue(), "bomb.odt")


def test_too_many_bytes_are_not_even_read():
    with pytest.raises(Unreadable, match="too large"):
        text_of(io.BytesIO(b""), "a.pdf", attachments.MOST_BYTES + 1)


def test_a_file_that_never_ends_is_given_up(monkeypatch):
    def endless(*args, **kwargs):
        raise subprocess.TimeoutExpired("reading.py", kwargs["timeout"])

    monkeypatch.setattr(attachments.subprocess, "run", endless)
    with pytest.raises(Unreadable, match="too long"):
        read(pdf("Bonjour"), "a.pdf")


def test_a_file_is_found_with_the_step_that_rests_on_it(client, django_capture_on_commit_callbacks):
    world = make_world()
    directory.forget()
    asked = make_recommendation(world.cycle, label="1", title="Des arbres", dutch="Bomen")
    file = document(pdf("Le marronnier est malade"), "rapport.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        publish_action(
            asked,
            value="accepted",
            sources=[source("Rapport du jardinier", url="", document=file, language="fr")],
        )
    response = client.get(FR, {"q": "marronnier"})
    assert response.context["total"] == 1
    [line] = response.context["lines"]
    [extract] = line.extracts
    assert str(extract["title"]) == "Rapport du jardinier"
    assert "<mark>marronnier</mark> est malade" in extract["quote"]
    assert not indexing.differences()


def test_an_acts_file_and_only_once(client, django_capture_on_commit_callbacks):
    world = make_world(preset="paris", code="PAR", dutch=False)
    directory.forget()
    asked = make_recommendation(world.cycle, label="1", title="Des arbres", dutch=False)
    file = document(odt("Article 1. Le platane est protégé par la Ville."), "deliberation.odt")
    with django_capture_on_commit_callbacks(execute=True):
        make_act(asked, document=file)
    assert client.get(FR, {"q": "platane"}).context["total"] == 1
    attachments.read.call(file.pk)
    assert Extract.objects.count() == 1
    assert not attachments.unread()


def test_the_file_of_a_draft_is_not_read(django_capture_on_commit_callbacks):
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    file = document(pdf("Secret"), "secret.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        draft_action(asked, value="accepted", sources=[source("Rapport", url="", document=file)])
    assert not Extract.objects.exists()
    assert not attachments.unread()
    assert not Document.objects.filter(plain__contains=" secret ").exists()
