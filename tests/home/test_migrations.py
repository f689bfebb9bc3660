"""A text written before blocks existed becomes the first block, in pages and in their drafts."""

import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from wagtail.models import Revision

from tests.factories import make_home, make_standard_page

pytestmark = pytest.mark.django_db
MOVE = import_module("home.migrations.0003_body_of_blocks")
TEXT = '<h2>Titre</h2><p>« Texte » <a href="https://x.example/">lien</a></p>'


def test_a_text_becomes_one_block_and_comes_back():
    (block,) = json.loads(MOVE.as_blocks(TEXT))
    assert (block["type"], block["value"]) == ("text", TEXT)
    assert MOVE.as_text(MOVE.as_blocks(TEXT)) == TEXT
    assert MOVE.as_blocks("") == "[]"
    assert MOVE.as_text("[]") == ""


def test_what_is_blocks_already_stays():
    once = MOVE.as_blocks(TEXT)
    assert MOVE.as_blocks(once) == once


def test_drafts_keep_their_text():
    page = make_standard_page(make_home()[0], "Page")
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "body": TEXT})

    class Drafts:
        """The apps, without pages: their column is of blocks by now."""

        @staticmethod
        def get_model(app, name):
            model = apps.get_model(app, name)
            if name == "StandardPage":
                model = SimpleNamespace(objects=model.objects.none())
            return model

    MOVE.forwards(Drafts, None)
    body = Revision.objects.get(pk=revision.pk).as_object().body
    assert [child.block_type for child in body] == ["text"]
    assert body[0].value.source == TEXT
