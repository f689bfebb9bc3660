"""PO files are read without trust: what is wrong is told with its line, and nothing opens files."""

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.translations.work import file_of, line
from translations import po

HEAD = """msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: nl\\n"
"X-Suites-Assembly: BXL\\n"
"X-Suites-Format: 1\\n"

"""
ENTRY = """msgctxt "action:12:title"
msgid "Un titre"
msgstr "Een titel"
"""


def read(content, language="nl", assembly="BXL"):
    if isinstance(content, str):
        content = content.encode()
    return po.read(content, language=language, assembly=assembly)


def reasons(content, **where) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in read(content, **where).troubles]


def test_what_was_written_is_read_again():
    texts = [
        ("action:12:title", "Un « titre »", "Een “titel”"),
        ("measure:BXL-C1-3.1:serves.BXL-C1-3.part", 'Avec "guillemets" et \\', "a\nb\tc"),
        ("recommendation:BXL-C1-3:verbatim", "Le <b>mot</b> &amp; l’autre", "x" * 500),
    ]
    found = read(file_of(*(line(*text) for text in texts)))
    assert found.troubles == []
    assert [(each.context, each.original, each.text) for each in found.entries] == texts


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1),
            st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"))),
        ),
        max_size=5,
        unique_by=lambda pair: po.unified(pair[0]),
    )
)
def test_any_text_survives(texts):
    lines = [line("action:1:title", po.unified(a), po.unified(b)) for a, b in texts]
    found = read(file_of(*lines))
    # An original without letters is the head of a PO file, or nothing.
    wanted = [(each.original, each.text) for each in lines if each.original and each.text]
    assert [(each.original, each.text) for each in found.entries] == wanted


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content):
    found = read(content)
    assert found.troubles or not found.entries


@given(st.text(max_size=400))
def test_no_text_behind_a_good_head_breaks_it(text):
    read(HEAD + text)


def test_nothing_is_opened_that_a_file_names(tmp_path):
    """polib would read the file whose name it is given."""
    secret = tmp_path / "secret.po"
    secret.write_text(HEAD + ENTRY, "utf-8")
    found = read(str(secret))
    assert found.entries == []
    assert found.troubles


@pytest.mark.parametrize(
    ("content", "at", "said"),
    [
        (b"", 0, "empty"),
        (b" \n\n", 0, "empty"),
        (HEAD.encode() + b'msgid "\xe9"\nmsgstr ""\n', 9, "UTF-8"),
        ((HEAD + ENTRY).encode("utf-16"), 1, "UTF-8"),
        ((HEAD + ENTRY).replace("titel", "ti\x00tel").encode(), 11, "control"),
        ((HEAD + ENTRY).replace("UTF-8", "ISO-8859-1").encode(), 1, "ISO-8859-1"),
        ((HEAD + ENTRY).replace('"Language: nl\\n"\n', "").encode(), 1, "which language"),
        ((HEAD + ENTRY).replace("Language: nl", "Language: fr").encode(), 1, "another language"),
        ((HEAD + ENTRY).replace("Assembly: BXL", "Assembly: PAR").encode(), 1, "no file of this"),
        ((HEAD + ENTRY).replace("Format: 1", "Format: 2").encode(), 1, "format"),
        (ENTRY.encode(), 1, "which language"),
        ((HEAD + "garbage\n").encode(), 9, "broken"),
        ((HEAD + ENTRY.replace("action:12:title", "title")).encode(), 9, "where its text stands"),
        ((HEAD + ENTRY.replace('msgctxt "action:12:title"\n', "")).encode(), 9, "where its text"),
        ((HEAD + ENTRY + "\n" + ENTRY).encode(), 13, "twice"),
        (
            (HEAD + 'msgctxt "a:1:b"\nmsgid "x"\nmsgid_plural "y"\nmsgstr[0] "z"\n').encode(),
            9,
            "plural",
        ),
        ((HEAD + ENTRY.replace("Een titel", "x" * 60_000)).encode(), 9, "longer than"),
        (b"x" * (po.LARGEST + 1), 0, "larger than"),
    ],
)
def test_a_file_is_refused_with_line_and_reason(content, at, said):
    found = read(content)
    assert [(each.line, said in each.reason) for each in found.troubles][:1] == [(at, True)], [
        str(each) for each in found.troubles
    ]


def test_everything_that_is_wrong_is_told_at_once():
    content = HEAD.replace("BXL", "PAR").replace("nl", "de") + ENTRY + "\n" + ENTRY
    assert len(reasons(content)) == 3


def test_what_is_uncertain_obsolete_or_empty_is_not_taken_over_and_said():
    content = (
        HEAD
        + "#, fuzzy\n"
        + ENTRY
        + '\nmsgctxt "action:13:title"\nmsgid "Un autre"\nmsgstr ""\n'
        + '\n#~ msgctxt "action:9:title"\n#~ msgid "Vieux"\n#~ msgstr "Oud"\n'
    )
    found = read(content)
    assert found.entries == []
    assert found.troubles == []
    assert [each.line for each in found.skipped] == [9, 18]
    assert found.empty == 1


@pytest.mark.parametrize("said", ["nl", "nl_BE", "nl-BE", "NL"])
def test_a_country_beside_the_language_does_no_harm(said):
    assert reasons((HEAD + ENTRY).replace("Language: nl", f"Language: {said}")) == []


def test_other_ends_of_line_and_a_mark_of_order_are_read():
    found = read(b"\xef\xbb\xbf" + (HEAD + ENTRY).replace("\n", "\r\n").encode())
    assert [each.text for each in found.entries] == ["Een titel"]


def test_too_many_texts_are_refused(monkeypatch):
    monkeypatch.setattr(po, "MOST", 2)
    lines = [line(f"action:{n}:title", "Un", "Een") for n in range(3)]
    assert "more than 2" in reasons(file_of(*lines))[0][1]


def test_any_editor_of_po_files_reads_ours(tmp_path):
    path = tmp_path / "list.po"
    path.write_bytes(
        file_of(po.Line(table="action", key="1", path="title", original="Un", comments=("Kop",)))
    )
    entry = polib.pofile(str(path))[0]
    assert (entry.msgctxt, entry.msgid, entry.comment) == ("action:1:title", "Un", "Kop")
