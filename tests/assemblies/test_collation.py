"""Names in the order in which readers look for them."""

import pytest
from django.utils.translation import override

from assemblies import collation


@pytest.mark.parametrize(
    "ordered",
    [
        ["Eau", "École", "Écologie", "Énergie", "Environnement", "Zones"],
        ["Mesure 2", "Mesure 10", "Mesure 010 bis", "Mesure 11"],
        ["Œuvres", "Offres"],
        ["co-construction", "Coopération", "coût"],
        ["l’air", "l’eau", "La terre"],
        ["IJs", "Ĳzer", "Jeugd"],
    ],
)
def test_as_each_language_sorts(ordered):
    found = ordered[::-1]
    found.sort(key=collation.key)
    assert found == ordered


def test_the_words_of_the_reader_s_language_count():
    topics = [{"fr": "Eau", "nl": "Water"}, {"fr": "Énergie", "nl": "Energie"}]
    with override("nl"):
        assert sorted(topics, key=collation.key) == [topics[1], topics[0]]
    with override("fr"):
        assert sorted(topics, key=collation.key) == topics
