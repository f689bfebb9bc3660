"""The script that turns the list of the 146 propositions into rows of the demo."""

import importlib.util

import pytest

from tests.exchange.demo import DEMO


def _converter():
    spec = importlib.util.spec_from_file_location("convert_ccc", DEMO / "convert_ccc.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_converter_makes_groups_in_two_levels_and_keeps_every_letter(tmp_path):
    converter = _converter()
    source = tmp_path / "propositions.csv"
    source.write_text(
        "n,theme,objective_id,objective,objective_url,ges_stars,proposal\n"
        'C,SE_LOGER,sl1,Rénover,,2,"Aider ""tous"" & l\'un"\n'
        "2,SE_LOGER,c4,,,,Former\n",
        encoding="utf-8",
    )
    groups, recommendations = converter.rows(source)
    assert [(each["key"], each.get("parent")) for each in groups] == [
        ("ccc-2020-se-loger", None),
        ("ccc-2020-sl1", "ccc-2020-se-loger"),
    ]
    assert recommendations[0]["verbatim_fr"] == '<p>Aider "tous" &amp; l\'un</p>'
    assert recommendations[0]["title_fr"] == 'Aider "tous" & l\'un'
    assert recommendations[1]["group"] == "ccc-2020-se-loger"


def test_the_converter_replaces_its_own_rows_only(tmp_path):
    converter = _converter()
    path = tmp_path / "groups.csv"
    path.write_text("key,title_fr\na,Une\nccc-2020-x,Vieille\n", encoding="utf-8")
    converter.replace(path, [{"key": "ccc-2020-y", "title_fr": "Neuve"}])
    assert path.read_bytes().decode() == "key,title_fr\na,Une\nccc-2020-y,Neuve\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Court.", "Court."),
        (f"{'mot ' * 20}fin : {'suite ' * 40}", f"{'mot ' * 20}fin"),
        (f"{'mot ' * 20}fin (dont, {'suite ' * 40})", f"{'mot ' * 20}fin"),
        ("mot " * 80, "mot " * 63 + "mot"),
    ],
)
def test_a_title_ends_with_a_clause_or_a_word(text, title):
    assert _converter().title(text) == title
