"""``docs/open-data.md`` shows every table with every column, and the addresses that there are."""

import re

import pytest

from exchange import data_urls, tables
from exchange.management.commands.convert_data import CONVERTERS
from portal.env import BASE_DIR

pytestmark = pytest.mark.tooling

TEXT = (BASE_DIR / "docs" / "open-data.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", TEXT, re.DOTALL | re.MULTILINE))


def test_tables_stand_in_their_order():
    assert tuple(SECTIONS) == tables.NAMES


@pytest.mark.parametrize("name", tables.NAMES)
def test_a_table_shows_its_columns(name):
    shown = re.findall(r"^\| `(\w+)`( ᴸ)? \| (.+) \|$", SECTIONS[name], re.MULTILINE)
    fields = tables.template(name)["fields"]
    assert [(column, bool(mark)) for column, mark, _said in shown] == [
        (field["name"], bool(field.get("perLanguage"))) for field in fields
    ]
    for field, (_column, _mark, said) in zip(fields, shown, strict=True):
        assert ("required" in said) == bool(field.get("constraints", {}).get("required")), field
        codes = set(re.findall(r"`(\w+)`", said))
        assert set(field.get("constraints", {}).get("enum", ())) <= codes, field["name"]


def test_every_address_and_every_source_is_explained():
    for pattern in data_urls.urlpatterns:
        first = str(pattern.pattern).split("<")[0]
        assert f"`/data/{first}" in TEXT
    for system in CONVERTERS:
        assert f"--from {system}" in TEXT
