"""What a program writes as CSV is read as it was meant; whatever else a file holds is told."""

import csv
import io
import json
import string

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exchange import reader, values
from tests.exchange import folders

IN_TMP_PATH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
HEADER = ["key", "slug", "name_fr", "description_fr", "description_nl"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "mac-roman", "cp850"]
#: In every one of those encodings.
LETTERS = "".join(sorted({*string.printable, *"éèêëàâçùîïôöüÉÀ°"} - {*"\x0b\x0c"}))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def cells(alphabet):
    """Cells without white space around them, since that is no part of what is said."""
    return st.text(alphabet, max_size=12).map(lambda text: text.strip(values.PADDING))


@st.composite
def files(draw):
    """How a file is written, and what stands in it."""
    dialect = {
        "delimiter": draw(st.sampled_from([",", ";", "\t", "|"])),
        "quoteChar": draw(st.sampled_from(['"', "'"])),
        "lineTerminator": draw(st.sampled_from(["\n", "\r\n", "\r"])),
        "doubleQuote": draw(st.booleans()),
    }
    if not dialect["doubleQuote"]:
        dialect["escapeChar"] = "\\"
    encoding = draw(st.sampled_from(ENCODINGS))
    wide = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    alphabet = wide if encoding.startswith("utf") else st.sampled_from(LETTERS)
    rows = draw(
        st.lists(
            st.tuples(
                cells(st.one_of(st.sampled_from(LETTERS), alphabet)).filter(bool),
                cells(st.sampled_from(LETTERS)),
                cells(alphabet),
            ),
            max_size=4,
        )
    )
    return dialect, encoding, rows


def written(dialect, encoding, rows):
    file = io.StringIO(newline="")
    writer = csv.writer(
        file,
        delimiter=dialect["delimiter"],
        quotechar=dialect["quoteChar"],
        doublequote=dialect["doubleQuote"],
        escapechar=dialect.get("escapeChar"),
        lineterminator=dialect["lineTerminator"],
        quoting=csv.QUOTE_ALL,
    )
    writer.writerow(HEADER)
    writer.writerows([f"k{n}", f"s{n}", *row] for n, row in enumerate(rows))
    return file.getvalue().encode(encoding)


def declare(folder, **resource):
    fields = [{"name": name} for name in HEADER]
    given = {"name": "topics", "path": "topics.csv", "schema": {"fields": fields}, **resource}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [given]}), encoding="utf-8")


@settings(max_examples=100, deadline=None, suppress_health_check=IN_TMP_PATH)
@given(files())
def test_what_was_written_is_read_again_when_it_is_declared(tmp_path, file):
    dialect, encoding, rows = file
    (tmp_path / "topics.csv").write_bytes(written(*file))
    declare(tmp_path, encoding=encoding, dialect=dialect)
    package = reader.read(tmp_path, folders.LANGUAGES)
    assert package.problems == []
    assert package.assumptions == []

    def meant(text):
        kept = dialect["lineTerminator"] == "\n"
        return text if kept else text.replace("\r\n", "\n").replace("\r", "\n")

    assert [
        (
            row["name"]["fr"],
            (row["description"] or {}).get("fr", ""),
            (row["description"] or {}).get("nl", ""),
        )
        for row in package["topics"]
    ] == [tuple(meant(cell) for cell in row) for row in rows]


@settings(max_examples=100, deadline=None, suppress_health_check=IN_TMP_PATH)
@given(files())
def test_and_when_it_has_to_be_found_out(tmp_path, file):
    dialect, encoding, rows = file
    rows = [tuple(cell.replace("<", "").replace("&", "") for cell in row) for row in rows]
    rows = [row for row in rows if row[0].strip(values.PADDING)]
    dialect = {**dialect, "quoteChar": '"', "doubleQuote": True, "escapeChar": None}
    if dialect["delimiter"] == "|":
        dialect["delimiter"] = ";"
    if not encoding.startswith("utf"):
        encoding = "cp1252"
    (tmp_path / "topics.csv").write_bytes(written(dialect, encoding, rows))
    (tmp_path / "datapackage.json").unlink(missing_ok=True)
    package = reader.read(tmp_path, folders.LANGUAGES)
    assert package.problems == []
    assert len(package.assumptions) == 1
    assert [row["name"]["fr"] for row in package["topics"]] == [
        row[0].strip(values.PADDING).replace("\r\n", "\n").replace("\r", "\n") for row in rows
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=IN_TMP_PATH)
@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.text().map(lambda t: t.encode("utf-16", "replace")),
    )
)
@example(b"\x00")
@example(b"sep=")
@example(b"sep=\x00\n")
@example(b"sep=;")
@example(b'sep="\n')
@example(b'key,slug,name_fr\n"')
@example(b"\xff\xfe\x00")
def test_whatever_a_table_holds_it_is_only_told(tmp_path, content):
    (tmp_path / "topics.csv").write_bytes(b"key,slug,name_fr\n" + content)
    (tmp_path / "bodies.csv").write_bytes(content)
    package = reader.read(tmp_path, folders.LANGUAGES)
    assert package.problems
    assert all(str(problem) for problem in package.problems)


WORDS = [
    *("name", "path", "encoding", "dialect", "schema", "fields", "type", "format", "csv", "header"),
    *("delimiter", "quoteChar", "doubleQuote", "missingValues", "trueValues", "decimalChar"),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["topics", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=IN_TMP_PATH)
@given(JSON, JSON)
def test_whatever_a_description_says_it_is_only_told(tmp_path, said, further):
    (tmp_path / "topics.csv").write_bytes(b"key,slug,name_fr\nt,eau,Eau\n")
    resource = {"name": "topics", **(said if isinstance(said, dict) else {"schema": said})}
    for given_json in (said, {"resources": said}, {"resources": [resource, further]}):
        (tmp_path / "datapackage.json").write_text(json.dumps(given_json), encoding="utf-8")
        reader.read(tmp_path, folders.LANGUAGES)


def test_a_row_that_can_not_be_counted_is_not_named(tmp_path):
    declare(tmp_path, encoding="utf-8")
    (tmp_path / "topics.csv").write_bytes(b'key,"' + b"a" * 1_000_001 + b"\xff")
    (problem,) = reader.read(tmp_path, folders.LANGUAGES).problems
    assert problem.row == 0


def test_a_description_that_is_too_deep_is_none(tmp_path):
    (tmp_path / "datapackage.json").write_text('{"resources": ' + "[" * 100_000)
    (problem,) = reader.read(tmp_path, folders.LANGUAGES).problems
    assert problem.reason == "This is not the description of a data package."
