"""Everything that is wrong in itself is found before anything is written, all of it at once."""

import os
from pathlib import Path

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
            {"actions": {"a1": {"example": "peut-être"}}},
            ("actions.csv", 4, "example", "peut-être", "Neither true nor false."),
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
        ('key,slug,name_fr\nt,eau,"Eau\n', "opened here, and never closed"),
    ],
)
def test_a_wrong_file_is_named_with_its_reason(tmp_path, text, reason):
    (tmp_path / "topics.csv").write_text(text, encoding="utf-8")
    found = read(tmp_path).problems
    assert found
    assert found[0].file == "topics.csv"
    assert reason in found[0].reason


def test_a_file_in_another_encoding_than_declared_is_said_to_be_so(tmp_path):
    (tmp_path / "topics.csv").write_bytes("key,slug,name_fr\nt,eau,Été\n".encode("cp1252"))
    (tmp_path / "datapackage.json").write_text(
        '{"resources": [{"name": "topics", "path": "topics.csv", "encoding": "utf-8"}]}'
    )
    assert str(read(tmp_path).problems[0]) == (
        "topics.csv, row 2: This file can’t be read as UTF-8. "
        "datapackage.json declares it; it looks like Windows-1252."
    )


def test_folders_that_are_none(tmp_path):
    assert "no such folder" in str(read(tmp_path / "nowhere").problems[0])
    assert "no table that is known" in str(read(tmp_path).problems[0])
    (tmp_path / "datapackage.json").write_text("[]")
    assert "not the description" in str(read(tmp_path).problems[0])
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "people"}]}')
    assert "There is no such table." in str(read(tmp_path).problems[0])
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "topics"}]}')
    assert str(read(tmp_path).problems[0]) == "topics.csv: There is no such file."


def test_a_file_that_is_too_large_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    (tmp_path / "topics.csv").touch()
    os.truncate(tmp_path / "topics.csv", 2_000_000_000)
    monkeypatch.setattr(Path, "read_bytes", None)
    assert [str(problem) for problem in read(tmp_path).problems] == [
        "topics.csv: This file is larger than 100 MB: nothing of it was read."
    ]


def test_a_path_never_leads_out_of_the_folder(tmp_path):
    (tmp_path / "secret.csv").write_text("key,slug,name_fr\nt,eau,Eau\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "datapackage.json").write_text(
        '{"resources": [{"name": "topics", "path": "../secret.csv"}]}'
    )
    package = read(inside)
    assert not package["topics"]
    assert package.problems


def test_what_an_assembly_may_do_without_is_no_mistake(tmp_path):
    recommendation = folders.SMALL["recommendations"][0]
    few = {"label": "", "group": "", "topics": "", "handed_over_on": ""}
    folders.write(
        tmp_path,
        folders.small(
            recommendations={
                "without": {**recommendation, **few, "key": "without"},
                "french": {**recommendation, "key": "french", "label": "1.1.a", "title_nl": ""},
                "dutch": {**recommendation, "key": "dutch", "label": "1.1.a.2", "title_fr": ""},
                "many": {**recommendation, "key": "many", "label": "§ 4", "addressees": "g|c|z"},
            }
        ),
    )
    package = read(tmp_path)
    assert package.problems == []
    rows = package.rows["recommendations"]
    assert [rows["without"][name] for name in few] == [None, None, [], None]
    assert rows["french"]["title"] == {"fr": "De l’eau"}
    assert rows["dutch"]["title"] == {"nl": "Water"}
    assert (rows["dutch"]["label"], rows["many"]["label"]) == ("1.1.a.2", "§ 4")
    assert rows["many"]["addressees"] == ["g", "c", "z"]


# -- what a folder does not say ----------------------------------------------------------------


def topics(folder, data):
    (folder / "topics.csv").write_bytes(data)
    return read(folder)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("delimiter", "named"), [(",", "“,”"), (";", "“;”"), ("\t", "a tab")])
@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_how_a_file_is_written_is_found_and_said(
    tmp_path, encoding, called, delimiter, named, ends
):
    lines = [
        ["KEY", " Slug", "Name_FR "],
        ["t", "eau", '"L’été, l’eau;\nla pluie"'.replace("\n", ends)],
        ["\u00a0u\u00a0", "feu", "Feu"],
    ]
    text = "".join(delimiter.join(cells) + ends for cells in lines)
    package = topics(tmp_path, text.encode(encoding))
    assert package.problems == []
    assert package.rows["topics"]["t"]["name"] == {"fr": "L’été, l’eau;\nla pluie"}
    assert package.rows["topics"]["u"].number == 3
    assert package.assumptions == [f"topics.csv: read as {called}, with {named} between cells."]


def test_what_is_declared_is_not_assumed(tmp_path):
    assert read(folders.write(tmp_path, folders.small())).assumptions == []


def test_files_that_are_written_alike_are_named_together(tmp_path):
    folders.write(tmp_path, folders.small(), described=False)
    (said,) = read(tmp_path).assumptions
    assert said.startswith("regimes.csv, duty_rules.csv, topics.csv, ")
    assert said.endswith("withdrawals.csv: read as UTF-8, with “,” between cells.")


def test_the_line_of_a_spreadsheet_above_the_header_is_no_row(tmp_path):
    package = topics(tmp_path, b"sep=;\r\nkey;slug;name_fr\r\nt;l'eau;Eau, ou pluie\r\n")
    assert [problem.row for problem in package.problems] == [2]
    package = topics(tmp_path, b'"sep=\t"\nkey\tslug\tname_fr\nt\teau\tEau\n')
    assert package.problems == []


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    package = topics(
        tmp_path, b"key,slug,name_fr\nt,eau,\"L'eau\n\nla pluie\"\n\n,,\nu,l'feu,Feu\n"
    )
    (problem,) = package.problems
    assert (problem.row, problem.column) == (5, "slug")


def test_empty_columns_and_cells_at_the_right_are_no_mistake(tmp_path):
    package = topics(tmp_path, b"key,slug,name_fr,,\nt,eau,Eau,,,,\nu,feu,Feu,,\n")
    assert package.problems == []
    assert list(package.rows["topics"]) == ["t", "u"]


def withdrawn(folder, *days, said=None):
    lines = [f"q{n},x{n},{day},Non,oui" for n, day in enumerate(days)]
    text = "\n".join(["key,recommendation,withdrawn_on,reason_fr,example", *lines])
    (folder / "withdrawals.csv").write_text(text)
    if said:
        (folder / "datapackage.json").write_text(
            '{"resources": [{"name": "withdrawals", "schema": {"fields": '
            f'[{{"name": "withdrawn_on", "type": "date", "format": "{said}"}}]}}}}]}}'
        )
    package = read(folder)
    rows = package.rows["withdrawals"].values()
    return [str(row["withdrawn_on"]) for row in rows], package.assumptions[1:]


SHOWN = "as they show."


@pytest.mark.parametrize(
    ("days", "read_as", "said"),
    [
        (["2024-01-31", "2024-1-2"], ["2024-01-31", "2024-01-02"], ""),
        (["31/01/2024", "1/2/2024"], ["2024-01-31", "2024-02-01"], "day/month/year, " + SHOWN),
        (["31.01.2024"], ["2024-01-31"], "day/month/year, " + SHOWN),
        (["31-01-2024"], ["2024-01-31"], "day/month/year, " + SHOWN),
        (["01/31/2024", "1/2/2024"], ["2024-01-31", "2024-01-02"], "month/day/year, " + SHOWN),
        (["01/02/2024"], ["2024-02-01"], "day/month/year; nothing in them shows"),
        (["2024-01-31T00:00:00", "2024/2/1"], ["2024-01-31", "2024-02-01"], ""),
    ],
)
def test_the_form_of_days_is_found_and_said(tmp_path, days, read_as, said):
    found, sentences = withdrawn(tmp_path, *days)
    assert found == read_as
    assert bool(sentences) == bool(said)
    assert all(
        sentence.startswith("withdrawals.csv, withdrawn_on: days were read as ")
        and said in sentence
        for sentence in sentences
    )


def test_a_day_that_shows_its_form_decides_for_other_columns(tmp_path):
    (tmp_path / "cycles.csv").write_text(
        "key,assembly,code,title_fr,started_on,handed_over_on,example\n"
        "y,a,C1,Un,01/02/2024,01/31/2024,oui\n"
    )
    package = read(tmp_path)
    assert str(package.rows["cycles"]["y"]["started_on"]) == "2024-01-02"
    assert package.assumptions[1:] == [
        "cycles.csv, started_on, handed_over_on: days were read as month/day/year, as they show."
    ]


def test_a_declared_form_of_days_is_obeyed_against_all_looks(tmp_path):
    assert withdrawn(tmp_path, "01/02/2024", said="%m/%d/%Y")[0] == ["2024-01-02"]
    assert withdrawn(tmp_path, "01/02/2024", said="any")[0] == ["2024-02-01"]
    assert withdrawn(tmp_path, "01/02/2024", said="default")[0] == []


def test_html_in_plain_words_is_reduced_unless_they_are_declared(tmp_path):
    package = topics(
        tmp_path, "key,slug,name_fr\nt,eau,<b>L’eau</b>&nbsp;!\nu,feu,1 < 2\n".encode()
    )
    assert [row["name"]["fr"] for row in package["topics"]] == ["L’eau\u00a0!", "1 < 2"]
    assert package.assumptions[1:] == ["topics.csv, name_fr: HTML was reduced to its text."]
    folders.write(tmp_path, folders.small(topics={"t": {"name_fr": "<b>L’eau</b>"}}))
    package = read(tmp_path)
    assert package.rows["topics"]["t"]["name"]["fr"] == "<b>L’eau</b>"
    assert package.assumptions == []


def test_a_table_without_header_has_its_columns_from_the_description(tmp_path):
    (tmp_path / "datapackage.json").write_text(
        '{"name": "ville", "resources": [{"name": "topics", "path": "t.txt",'
        ' "dialect": {"csv": {"delimiter": "|", "header": false}},'
        ' "schema": {"missingValues": ["", "-"], "fields":'
        ' [{"name": "key"}, {"name": "slug"}, {"name": "name_fr"}, {"name": "name_nl"}]}}]}'
    )
    (tmp_path / "t.txt").write_text("t|eau|Eau|-\n")
    package = read(tmp_path)
    assert package.problems == []
    assert package.name == "ville"
    assert package.rows["topics"]["t"]["name"] == {"fr": "Eau"}


def test_a_schema_may_stand_in_a_file_of_its_own_and_say_how_values_are_parted(tmp_path):
    (tmp_path / "schema.json").write_text(
        '{"fields": [{"name": "topics", "type": "list", "delimiter": ","},'
        ' {"name": "addressees", "type": "array"}]}'
    )
    (tmp_path / "datapackage.json").write_text(
        '{"resources": [{"name": "recommendations", "schema": "schema.json"}]}'
    )
    (tmp_path / "recommendations.csv").write_text(
        "key,cycle,kind,language,topics,addressees,title_fr,verbatim_fr,example\n"
        'x,y,k,fr,"t, u, t,","[""g"", ""c""]",Titre,Texte,oui\n'
    )
    row = read(tmp_path).rows["recommendations"]["x"]
    assert row["topics"] == ["t", "u"]
    assert row["addressees"] == ["g", "c"]


def test_keys_that_came_before_may_be_named(tmp_path):
    changes = {"recommendations": {"x": {"topics": "t|feu"}}}
    folders.write(tmp_path, folders.small(**changes))
    assert reader.read(tmp_path, folders.LANGUAGES, {"topics": {"feu"}}).problems == []


def test_what_a_lost_row_would_have_held_is_no_further_mistake(tmp_path):
    folders.write(tmp_path, folders.small())
    (tmp_path / "topics.csv").write_text("key,slug,name_fr\nt,eau,Eau,,x\n")
    assert [problem.file for problem in read(tmp_path).problems] == ["topics.csv"]


def test_a_mistake_in_a_row_hides_no_other_of_that_row(tmp_path):
    found = problems(
        tmp_path,
        recommendations={"x": {"label": "1" * 31, "topics": "t|feu", "votes_for": "-1"}},
        topics={"u": {"slug": "eau", "name_fr": "", "description_fr": "Oui"}},
    )
    assert [(file, row, column) for file, row, column, *_rest in found] == [
        ("topics.csv", 3, "slug"),
        ("topics.csv", 3, "name"),
        ("recommendations.csv", 2, "label"),
        ("recommendations.csv", 2, "votes_for"),
        ("recommendations.csv", 2, "topics"),
    ]


def test_values_are_shown_on_one_line(tmp_path):
    found = topics(tmp_path, b'key,slug,name_fr\nt,"L\x1b[1m\neau",Eau\n').problems
    assert "“L\ufffd[1m eau”" in str(found[0])
