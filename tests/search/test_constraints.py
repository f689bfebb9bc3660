"""What the database itself holds of the index: each text once, each word once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from search.models import Document, Word
from tests.factories import make_recommendation, make_world

pytestmark = pytest.mark.django_db


def is_kept(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def test_the_index_has_the_words_of_a_fact_in_a_language_once():
    make_recommendation(make_world().cycle, label="1", dutch=False)
    row = Document.objects.get(language="fr", noun="recommendation")
    row.pk = None
    assert not is_kept(row)
    row.language = "nl"
    assert is_kept(row)
    row.pk, row.fact = None, "recommendation:0"
    assert is_kept(row)


def test_the_vocabulary_has_a_word_of_a_language_once():
    assert is_kept(Word(language="fr", word="toit"))
    assert not is_kept(Word(language="fr", word="toit"))
    assert is_kept(Word(language="nl", word="toit"))
