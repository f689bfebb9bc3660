"""Origins: one row a key, one key a row and package, one owner."""

import pytest
from django.db import IntegrityError, transaction

from assemblies import models
from exchange import reader, tables, writer
from exchange.models import MODELS, Origin
from tests.exchange import folders

pytestmark = pytest.mark.django_db

FIRST = {"package": "p", "table": "topics", "key": "k", "row": 1}


@pytest.mark.parametrize(
    ("again", "allowed"),
    [
        ({"key": "other"}, False),  # origin_row_once_a_package
        ({"row": 2}, False),  # origin_key_unique
        ({"key": "other", "row": 2}, True),
        ({"package": "q"}, False),  # origin_one_owner
        ({"package": "q", "owns": False}, True),
        ({"package": "q", "row": 2}, True),
        ({"table": "bodies"}, True),
        ({"table": "bodies", "key": "other", "row": 1}, True),
    ],
)
def test_what_the_database_holds(again, allowed):
    Origin.objects.create(**FIRST)
    if allowed:
        Origin.objects.create(**{**FIRST, **again})
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Origin.objects.create(**{**FIRST, **again})


def test_every_table_has_a_model():
    assert set(MODELS) == set(tables.NAMES)


def test_the_key_of_a_row_is_its_owners():
    Origin.objects.create(**FIRST, owns=False)
    Origin.objects.create(package="q", table="topics", key="theirs", row=1)
    Origin.objects.create(package="r", table="topics", key="found", row=2, owns=False)
    assert Origin.objects.keys("topics") == {1: "theirs", 2: "found"}
    assert Origin.objects.keys("topics", [2]) == {2: "found"}


@pytest.mark.usefixtures("site")
def test_every_row_of_a_folder_has_its_origin(tmp_path):
    package = reader.read(folders.write(tmp_path, folders.small()), folders.LANGUAGES)
    writer.write(package, "test")
    for table in tables.NAMES:
        keys = Origin.objects.filter(table=table, package="test").values_list("key", flat=True)
        assert set(keys) == {row.key for row in package[table]}, table
        rows = Origin.objects.filter(table=table).values_list("row", flat=True)
        assert MODELS[table]._default_manager.filter(pk__in=rows).count() == len(rows)
    assert str(Origin.objects.get(table="topics")) == "test/topics/t"
    source = Origin.objects.get(table="sources", key="s2")
    assert models.Source.objects.get(pk=source.row).title == "Photo"
