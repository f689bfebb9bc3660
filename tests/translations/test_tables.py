"""Nothing that has words in several languages is forgotten."""

import pytest
from django.apps import apps
from i18nfield.fields import I18nCharField, I18nTextField

from assemblies.models import FACTS
from tests.factories import make_recommendation, make_world, publish_action
from tests.translations.test_desk import everything_lacks_dutch
from translations import desk
from translations.tables import BY_NAME, TABLES


def has_words(model) -> bool:
    return any(isinstance(field, I18nCharField | I18nTextField) for field in model._meta.fields)


#: Model with words → why the desk does not list it.
ELSEWHERE = {
    "assemblies.AssemblyPage": "its words are on the desk by its register row",
    "booklets.Erratum": "frozen with its edition, whose own pages say which words may follow",
    "booklets.Retraction": "frozen likewise",
    "search.Concept": "what each language says for one thing: lists, no translations of another",
}


def test_every_model_with_words_is_on_the_desk():
    """But for what ``ELSEWHERE`` gives a reason for."""
    covered = {table.model for table in TABLES}
    covered |= {part.model for table in TABLES for part in table.parts}
    left = {model._meta.label for model in apps.get_models() if has_words(model)}
    left -= {model._meta.label for model in covered}
    assert left == set(ELSEWHERE)


def test_every_field_with_words_of_a_fact_is_on_the_desk():
    for model in FACTS:
        table = next(each for each in TABLES if each.model is model)
        computed = {f.name for f in model._meta.fields if not f.editable}
        assert set(table.fields) == model.worded() - computed - {"occurrence"}


def test_every_table_stands_once_in_the_order_or_in_two_halves():
    names = [(part.table.name, part.half) for part in desk.SLICES]
    assert len(names) == len(set(names))
    assert {name for name, _half in names} == set(desk.ALL_TABLES)
    assert {name for _label, tables in desk.KINDS.values() for name in tables} == set(
        desk.ALL_TABLES
    )


@pytest.mark.django_db
def test_a_row_is_found_by_the_key_that_names_it():
    world = make_world()
    everything_lacks_dutch(world)
    asked = make_recommendation(world.cycle, label="77")
    publish_action(asked, kind="meeting")
    for table in desk.ALL_TABLES.values():
        for row in table.complete(table.rows()):
            key = table.key_of(row)
            owner = world.assembly.pk if table.assembly else None
            if table.name == "body" and row.assembly_id is None:
                owner = None
            assert table.named(owner, [key, "x", "", "9" * 300]) == {key: row}
    assert BY_NAME["topic"].named(world.assembly.pk, ["eau"]) == {}
