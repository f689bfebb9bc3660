"""Everything that is wrong in itself is found before anything is written, all of it at once."""

import pytest
from django.utils import translation

from exchange import reader
from tests.exchange import folders


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(folder):
    return reader.read(folder, folders.LANGUAGES)


def problems(tmp_path, **changes):
    folders.write(tmp_path, folders.small(**changes))
    return [
        (problem.file, problem.row, problem.column, problem.value, problem.reason)
        for problem in read(tmp_path).problems
    ]


def test_a_folder_is_read_as_its_schemas_say(tmp_path):
    package = read(folders.write(tmp_path, folders.small()))
    assert package.problems == []
    first = package.rows["recommendations"]["x"]
    assert first["title"] == {"fr": "De l’eau", "nl": "Water"}
    assert first["verbatim"]["nl"] == "<p>Wij vragen water.</p>"
    assert first["addressees"] == ["g", "c"]
    assert first["example"] is True
    assert first["handed_over_on"] is None
    assert package.rows["cycles"]["y"]["handed_over_on"].isoformat() == "2024-01-31"
    assert [row.number for row in package["actions"]] == [2, 3, 4]


def test_it_is_read_without_a_description_too(tmp_path):
    package = read(folders.write(tmp_path, folders.small(), described=False))
    assert package.problems == []
    assert len(package["actions"]) == 3


def test_the_declared_dialect_encoding_and_date_format_are_obeyed(tmp_path):
    (tmp_path / "topics.csv").write_bytes(
        "key;slug;name_fr\r\nt;eté;'Été; l''eau'\r\n".encode("cp1252")
    )
    (tmp_path / "datapackage.json").write_text(
        '{"resources": [{"name": "topics", "path": "topics.csv", "encoding": "cp1252",'
        ' "dialect": {"delimiter": ";", "quoteChar": "\'"}}]}'
    )
    found = read(tmp_path)
    assert [str(problem) for problem in found.problems] == [
        "topics.csv, row 2, column “slug”, “eté”: Not of the form that is asked for."
    ]
    (tmp_path / "datapackage.json").write_text(
        '{"resources": [{"name": "withdrawals", "path": "out.csv", "schema": {"fields":'
        ' [{"name": "withdrawn_on", "type": "date", "format": "%d/%m/%Y"}]}}]}'
    )
    (tmp_path / "out.csv").write_text(
        "key,recommendation,withdrawn_on,reason_fr,example\nq,x,31/01/2024,Non,true\n"
    )
    found = read(tmp_path)
    assert found.rows["withdrawals"]["q"]["withdrawn_on"].isoformat() == "2024-01-31"


def test_a_byte_order_mark_and_padded_upper_case_headers_are_no_mistake(tmp_path):
    (tmp_path / "topics.csv").write_bytes("\ufeffKEY, Slug ,Name_FR\n t , eau , Eau \n".encode())
    package = read(tmp_path)
    assert package.problems == []
    assert package.rows["topics"]["t"]["name"] == {"fr": "Eau"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"actions": {"a1": {"happened_first": "2024-02-30"}}},
            ("actions.csv", 4, "happened_first", "2024-02-30", "Not a day that exists."),
        ),
        (
            {"actions": {"a1": {"example": "oui"}}},
            ("actions.csv", 4, "example", "oui", "Neither true nor false."),
        ),
        (
            {"duty_rules": {"d": {"delay": "trois"}}},
            ("duty_rules.csv", 2, "delay", "trois", "Not a number."),
        ),
        (
            {"duty_rules": {"d": {"count": 0}}},
            ("duty_rules.csv", 2, "count", "0", "At least 1."),
        ),
        (
            {"actions": {"a1": {"amount": "NaN"}}},
            ("actions.csv", 4, "amount", "NaN", "Not a number."),
        ),
        (
            {"targets": {"t1": {"recommendation": "nowhere"}}},
            (
                "targets.csv",
                2,
                "recommendation",
                "nowhere",
                "There is no such key in recommendations.csv.",
            ),
        ),
        (
            {"recommendations": {"x": {"topics": "t|u"}}},
            ("recommendations.csv", 2, "topics", "u", "There is no such key in topics.csv."),
        ),
        (
            {"actions": {"a1": {"title_fr": "", "title_nl": ""}}},
            ("actions.csv", 4, "title", "", "Give it in at least one language."),
        ),
        (
            {"recommendations": {"x": {"label": "1" * 31}}},
            (
                "recommendations.csv",
                2,
                "label",
                "1" * 31,
                "Too long: 31 characters, and at most 30.",
            ),
        ),
        (
            {"sources": {"s2": {"title": "a\0b"}}},
            ("sources.csv", 2, "title", "a\0b", "A character that no text has."),
        ),
        (
            {"cycles": {"y": {"assembly": ""}}},
            ("cycles.csv", 2, "assembly", "", "This must be given."),
        ),
    ],
    ids=lambda value: value[2] if isinstance(value, tuple) else "",
)
def test_a_wrong_cell_is_named_with_its_reason(tmp_path, changes, problem):
    assert problems(tmp_path, **changes) == [problem]


def test_wrong_codes_name_the_right_ones(tmp_path):
    (found,) = problems(tmp_path, bodies={"g": {"kind": "person"}})
    assert found[:4] == ("bodies.csv", 2, "kind", "person")
    assert "directorate" in found[4]
    (found,) = problems(tmp_path, duty_rules={"d": {"answered_by": "response|applause"}})
    assert found[2:4] == ("answered_by", "response|applause")


def test_keys_and_what_is_unique_stand_once(tmp_path):
    rows = folders.small()
    rows["topics"] += [
        {"key": "t", "slug": "feu", "name_fr": "Feu"},
        {"key": "u", "slug": "eau", "name_fr": "Eau"},
    ]
    folders.write(tmp_path, rows)
    assert [str(problem) for problem in read(tmp_path).problems] == [
        "topics.csv, row 3, column “key”, “t”: Row 2 has this key already.",
        "topics.csv, row 4, column “slug”, “eau”: Row 2 has this already.",
    ]


def test_all_mistakes_are_told_at_once(tmp_path):
    found = problems(
        tmp_path,
        bodies={"g": {"kind": "person"}},
        actions={"a1": {"happened_first": "hier"}, "a2": {"value": "done"}},
        cycles={"y": {"handed_over_on": "9 juin"}},
    )
    assert [(file, row, column) for file, row, column, *_rest in found] == [
        ("bodies.csv", 2, "kind"),
        ("cycles.csv", 2, "handed_over_on"),
        ("actions.csv", 3, "value"),
        ("actions.csv", 4, "happened_first"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "This file is empty."),
        ("key,slug,name_fr,colour\n", "There is no such column."),
        ("key,slug,slug,name_fr\n", "This column stands here twice."),
        ("key,name_fr\n", "This column is missing."),
        ("key,slug,name_fr\nt,eau\n", "This row has 2 cells, and the header 3."),
        ('key,slug,name_fr\nt,eau,"Eau\n', "can’t be read as a table"),
    ],
)
def test_a_wrong_file_is_named_with_its_reason(tmp_path, text, reason):
    (tmp_path / "topics.csv").write_text(text, encoding="utf-8")
    found = read(tmp_path).problems
    assert found
    assert found[0].file == "topics.csv"
    assert reason in found[0].reason


def test_a_file_in_another_encoding_is_said_to_be_so(tmp_path):
    (tmp_path / "topics.csv").write_bytes("key,slug,name_fr\nt,eau,Été\n".encode("cp1252"))
    assert str(read(tmp_path).problems[0]) == "topics.csv: This file can’t be read as utf-8."


def test_folders_that_are_none(tmp_path):
    assert "no such folder" in str(read(tmp_path / "nowhere").problems[0])
    assert "no table that is known" in str(read(tmp_path).problems[0])
    (tmp_path / "datapackage.json").write_text("[]")
    assert "not the description" in str(read(tmp_path).problems[0])
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "people"}]}')
    assert "There is no such table." in str(read(tmp_path).problems[0])
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "topics"}]}')
    assert str(read(tmp_path).problems[0]) == "topics.csv: There is no such file."


def test_a_path_never_leads_out_of_the_folder(tmp_path):
    (tmp_path / "secret.csv").write_text("key,slug,name_fr\nt,eau,Eau\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "datapackage.json").write_text(
        '{"resources": [{"name": "topics", "path": "../secret.csv"}]}'
    )
    package = read(inside)
    assert package["topics"] == []
    assert package.problems
