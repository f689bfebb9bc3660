"""What the database itself holds of the index: each text once, each word once."""

import pytest

from search.models import Document, Word
from tests.factories import make_recommendation, make_world
from tests.kept import is_kept

pytestmark = pytest.mark.django_db


def test_the_index_has_the_words_of_a_fact_in_a_language_once():
    make_recommendation(make_world().cycle, label="1", dutch=False)
    row = Document.objects.get(language="fr", noun="recommendation")
    row.pk = None
    assert not is_kept(row, force_insert=True)
    row.language = "nl"
    assert is_kept(row, force_insert=True)
    row.pk, row.fact = None, "recommendation:0"
    assert is_kept(row, force_insert=True)


def test_the_vocabulary_has_a_word_of_a_language_once():
    assert is_kept(Word(language="fr", word="toit"))
    assert not is_kept(Word(language="fr", word="toit"))
    assert is_kept(Word(language="nl", word="toit"))
