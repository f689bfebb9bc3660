"""The demo's texts: what is real has a source, what is invented says so, both languages."""

import csv
import json
import re
from collections import Counter

import pytest

from exchange import reader, tables
from tests.exchange.demo import DEMO, LANGUAGES, package

#: Rows whose Dutch words are left out on purpose, to show what a page does then.
NO_DUTCH = {
    ("recommendations", "bxl-c1-4.3"),
    ("recommendations", "bxl-c1-2.1"),  # the summary only
    ("measures", "bxl-m-2.1.1"),
    ("actions", "bxl-f-2.1"),
    ("actions", "bxl-avis-2.1"),
    ("actions", "bxl-grille-2.1.1"),
    ("actions", "bxl-budget-guichets"),
    ("announced_counts", "bxl-c1-plus-de-60"),  # quoted as it was said
    ("recommendations", "bxl-c2-4.4"),  # the summary only
    ("measures", "bxl-m-c3-3.1.2"),  # the text only
    ("actions", "bxl-c3-cycle-rapport"),  # the text only
}
#: And rows whose French words are left out.
NO_FRENCH = {
    ("recommendations", "bxl-c2-1.4"),
    ("actions", "bxl-c2-split-3.5"),  # the text only
    ("actions", "bxl-avis-c3-2.2"),
    ("announced_counts", "bxl-c1-ongeveer-zestig"),  # quoted as it was said
    ("announced_counts", "bxl-c1-meer-dan-80"),
}
#: Addresses that public facts may rest on.
PUBLIC = (
    "https://www.assembleeclimat.brussels/",
    "https://www.klimaatraad.brussels/",
    "https://renature.brussels/",
    "https://www.paris.fr/",
    "https://www.parlement.brussels/",
    "https://propositions.conventioncitoyennepourleclimat.fr/",
)


def assembly_of(row: reader.Row) -> str:
    """The code of the assembly that a row belongs to; "" for a list that all share."""
    return row.key.split("-")[0].upper() if row.key.split("-")[0] in ("bxl", "par", "ccc") else ""


def is_ours(row: reader.Row) -> bool:
    """Whether the words are our own, and not those of the 146 propositions."""
    return not row.key.startswith("ccc-2020-")


def words():
    """Every text in words: row, column, language, text."""
    for name in tables.NAMES:
        for row in package()[name]:
            for column, value in row.facts.items():
                if isinstance(value, dict):
                    for language, text in value.items():
                        yield row, column, language, text
                elif name == "sources" and column == "title":
                    yield row, column, row["language"] or "fr", value


def test_what_is_real_rests_on_a_public_source():
    sources: dict[str, list[str]] = {}
    for row in package()["sources"]:
        sources.setdefault(row["action"], []).append(row["url"] or "")
    for row in package()["actions"]:
        if not row["example"]:
            assert sources.get(row.key), row.key
            for url in sources[row.key]:
                assert url.startswith(PUBLIC), (row.key, url)
    for row in package()["announced_counts"]:
        assert not row["example"]
        assert row["source_title"]
        assert not row["source_url"] or row["source_url"].startswith(PUBLIC)


def test_invented_evidence_has_an_invented_address_and_says_so():
    rows = package().rows["actions"]
    for row in package()["sources"]:
        if rows[row["action"]]["example"]:
            assert row["url"].startswith("https://example.org/"), row.key
            assert re.search(r"\((exemple|voorbeeld)\)$", row["title"]), row.key


def test_what_is_invented_is_marked():
    """Only what the facts of the domain hold is unmarked, row by row."""
    real = {
        name: {row.key for row in package()[name] if row["example"] is False}
        for name in ("recommendations", "measures", "acts", "actions", "withdrawals")
    }
    assert not real["measures"]
    assert not real["acts"]
    assert not real["withdrawals"]
    assert {of for of in real["recommendations"] if not of.startswith("ccc-2020-")} == {
        "bxl-c1-n1",
        "bxl-c1-n2",
        "bxl-c2-n1",
    }
    assert real["actions"] == {
        "bxl-remise",
        "bxl-premiere-reponse",
        "bxl-reponse-n1",
        "bxl-reponse-n2",
        "bxl-reponse-finale",
        "bxl-site-n1",
        "bxl-suivi-n2",
        "bxl-c2-remise",
        "bxl-c2-question-1683",
        "bxl-c2-premiere-reponse",
        "bxl-c2-reunion-1",
        "bxl-c2-reponse-n1",
        "bxl-c2-suivi-n1",
        "bxl-c3-remise",
        "ccc-remise",
    }


def test_no_real_action_is_about_or_by_something_invented():
    rows = package().rows
    for row in package()["actions"]:
        if not row["example"]:
            assert not rows["bodies"][row["body"]]["example"]
    for row in package()["targets"]:
        thing = (
            rows["recommendations"][row["recommendation"]]
            if row["recommendation"]
            else rows["measures"][row["measure"]]
        )
        # And nothing invented is hung on what is real: nobody is accused by it.
        assert rows["actions"][row["action"]]["example"] == thing["example"], row.key


def test_the_convention_is_given_without_any_follow_up():
    rows = [row for row in package()["recommendations"] if row["cycle"] == "ccc-2020"]
    assert len(rows) == 146
    assert [row["label"] for row in rows] == [str(n) for n in range(1, 147)]
    groups = package().rows["groups"]
    assert sum(groups[row["group"]]["parent"] is None for row in rows) == 9
    (handover,) = [row for row in package()["actions"] if row["assembly"] == "ccc"]
    assert handover["kind"] == "handover"
    assert not [row for row in package()["duty_rules"] if row["regime"] == "convention"]
    said = package().rows["assemblies"]["ccc"]["presentation"]["fr"]
    assert "Aucune suite n’a été saisie dans ce portail" in said
    for row in rows:
        text = row["verbatim"]["fr"].removeprefix("<p>").removesuffix("</p>")
        title = re.sub(" +", " ", row["title"]["fr"].replace("&", "&amp;"))
        assert text.startswith(title)
        assert text == title or len(text) > 255


def test_the_licence_of_the_propositions_is_kept():
    assert "MIT License" in (DEMO / "ccc/LICENSE.txt").read_text(encoding="utf-8")
    description = json.loads((DEMO / "datapackage.json").read_text(encoding="utf-8"))
    assert {each["name"] for each in description["licenses"]} == {"CC-BY-4.0", "MIT"}


# -- words ------------------------------------------------------------------------------------


def test_no_signs_within_words_and_no_persons():
    for row, column, _language, text in words():
        if is_ours(row):
            assert not re.search(r"[·•‧∙]|\w\.e\.?s?\b|\(e\)s?\b|·e", text), (row.key, column)
            assert not re.search(r"\b(Mme|M\.|Madame|Monsieur|mevrouw|de heer)\b", text), row.key


FRENCH = {
    "straight apostrophes": r"\w'\w",
    "straight quotation marks": r'(?<![=/])"(?![^<]*>)',
    "an ordinary space before a sign": r"[\w»)][ ][;:?!»]",
    "no space before a sign": r"[a-zà-ÿ][;?!»](?![^<]*>)",
    "a colon without its space": r"[a-zà-ÿ]:(?!//)",
    "an ordinary space within quotation marks": r"«[^\u202f]|[^\u202f]»",
    "oe for œ": r"\b[Vv]oeux?\b|\b[Ss]oeur|\boeuvre|\b[Cc]oeur|\bnoeud",
    "an ordinary space between thousands": r"\d[ \u00a0]\d{3}\b",
    "a number apart from its unit": r"\d (?:€|%|euros?\b|millions?\b)",
    "three dots for one sign": r"\.\.\.",
    "an accent left out of a capital": r"\b(?:A l|A partir|Etat|Etude|Ecole|Evaluation)\b",
    "two spaces": r"  ",
    "quotation marks of another language": r"„|^“",
}
DUTCH = {
    "straight apostrophes": r"\w'\w",
    "straight quotation marks": r'(?<![=/])"',
    "French quotation marks": r"[«»]",
    "a space before a sign": r" [;:?!]",
    "je for u": r"\b([Jj]e|[Jj]ij|[Jj]ouw|[Jj]ullie)\b",
    "a space between thousands": r"\d[ \u00a0\u202f]\d{3}\b",
    "a number apart from its unit": r"\d (?:€|%|euro\b|miljoen\b)",
    "three dots for one sign": r"\.\.\.",
    "two spaces": r"  ",
    "quotation marks that do not match": r"“[^”]*$|^[^“]*”",
    "words of the Netherlands": r"\b([Gg]emeentehuis|[Ww]ethouder|[Kk]abinetsformatie)\b",
    "a right that is another one": r"\b([Vv]olgrecht|[Oo]pvolgingsrecht)\b",
}


@pytest.mark.parametrize(("language", "rules"), [("fr", FRENCH), ("nl", DUTCH)])
def test_typography(language, rules):
    wrong = [
        (row.table, row.key, column, mistake)
        for row, column, of, text in words()
        if of == language and is_ours(row) and row.table not in ("regimes", "duty_rules")
        for mistake, pattern in rules.items()
        if re.search(pattern, text)
    ]
    assert wrong == []


def lacking(language, other):
    """Rows of what both languages share that have words in one of them only."""
    return {
        (row.table, row.key)
        for name in tables.NAMES
        for row in package()[name]
        if assembly_of(row) == "BXL" or (row.table, assembly_of(row)) == ("topics", "")
        for value in row.facts.values()
        if isinstance(value, dict) and other in value and language not in value
    }


def test_each_language_is_given_where_it_is_owed():
    assert lacking("nl", other="fr") == NO_DUTCH
    assert lacking("fr", other="nl") == NO_FRENCH


def test_one_recommendation_is_in_each_language_only_and_some_lack_secondary_words():
    rows = package().rows["recommendations"]
    brussels = [row for row in rows.values() if row.key.startswith("bxl-")]
    only = {row.key: set(row["title"]) for row in brussels if len(row["title"]) == 1}
    assert only == {"bxl-c1-4.3": {"fr"}, "bxl-c2-1.4": {"nl"}}
    assert set(rows["bxl-c1-2.1"]["verbatim"]) == {"fr", "nl"}
    assert set(rows["bxl-c1-2.1"]["summary"]) == {"fr"}
    originals = Counter(row["language"] for row in brussels)
    assert originals["nl"] >= 5
    assert {row["language"] for row in rows.values()} == {"fr", "nl"}


def test_the_recommendations_read_like_those_of_drawn_citizens():
    """They say "we", their lengths vary, and some titles are whole sentences."""
    ours = [row for row in package()["recommendations"] if row["example"]]
    lengths = []
    for row in ours:
        for language, text in row["verbatim"].items():
            plain = re.sub(r"<[^>]+>", " ", text)
            we = r"\b[Nn]ous\b" if language == "fr" else r"\b([Ww]ij|[Ww]e|[Oo]ns|[Oo]nze)\b"
            assert re.search(we, plain) or plain.strip().startswith("Article 1."), row.key
            lengths.append(len(plain))
    assert min(lengths) < 160
    assert max(lengths) > 700
    titles = [text for row in ours for text in row["title"].values()]
    assert len(titles) == len(set(titles))
    assert sum(len(text) > 200 for text in titles) >= 4
    assert sum(len(text) < 60 for text in titles) >= 10


def test_no_two_steps_are_told_in_the_same_words():
    """Copied words would give an invented history away."""
    for language in LANGUAGES:
        said = Counter(
            row["text"][language]
            for row in package()["actions"]
            if row["example"] and language in (row["text"] or {}) and not row["corrects"]
        )
        assert [text for text, count in said.items() if count > 1] == []


def test_paris_and_the_convention_speak_french_only():
    for row, _column, language, _text in words():
        # What a kind calls its states stands in the reader's frame, not in the assembly's words.
        if assembly_of(row) in ("PAR", "CCC") and row.table != "kind_words":
            assert language == "fr", row.key


# -- files ------------------------------------------------------------------------------------


def test_the_files_are_described_as_the_schemas_say():
    description = json.loads((DEMO / "datapackage.json").read_text(encoding="utf-8"))
    assert description["resources"] == [tables.resource(name, LANGUAGES) for name in tables.NAMES]
    assert {path.stem for path in DEMO.glob("*.csv")} == set(tables.NAMES)


@pytest.mark.parametrize("name", tables.NAMES)
def test_each_file_is_plain(name):
    raw = (DEMO / f"{name}.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    headers = [column.header for column in tables.table(name, LANGUAGES).columns]
    assert sorted(rows[0]) == sorted(headers)
    assert all(cell == cell.strip() for row in rows for cell in row)
