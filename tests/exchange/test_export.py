"""What an export holds, and how its cells are written."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assemblies import models
from exchange import tables
from exchange.export.cells import cell, datum, line
from exchange.models import Origin
from tests.conftest import unavailable
from tests.exchange import folders

LANGUAGES = ("fr", "nl")


def column(table: str, header: str) -> tables.Column:
    return next(each for each in tables.table(table, LANGUAGES).columns if each.header == header)


# -- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+ d’arbres", "- 20 %", "@x", "＝1"])
def test_a_text_that_looks_like_a_formula_has_a_space_before_it_in_csv_only(text):
    title = column("actions", "title_fr")
    assert cell(title, text) == f" {text}"
    assert datum(title, text) == text


def test_codes_and_keys_keep_their_form():
    assert cell(column("actions", "key"), "-1") == "-1"
    assert cell(column("topics", "slug"), "-eau") == "-eau"


@pytest.mark.parametrize(
    ("header", "value", "written", "said"),
    [
        ("amount", Decimal("1500.00"), "1500", 1500),
        ("amount", Decimal("0.10"), "0.1", 0.1),
        ("withdraws", False, "false", False),
        ("title_fr", "un\r\ndeux\rtrois ", "un\ndeux\ntrois", "un\ndeux\ntrois"),
        ("title_fr", "a\x0bb\x00", "ab", "ab"),
        ("title_fr", "", "", None),
    ],
)
def test_values_are_written_as_the_import_reads_them(header, value, written, said):
    assert cell(column("actions", header), value) == written
    assert datum(column("actions", header), value) == said


def test_a_line_reads_the_same_whatever_delimiter_a_program_guesses():
    cells = ["a;b", "c,d", 'e"f', "g\nh", "plain", ""]
    assert next(csv.reader(io.StringIO(line(cells), newline=""))) == cells
    assert line(["a;b", "c"]) == '"a;b",c\n'


# -- folders ---------------------------------------------------------------------------------------


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def keys(folder: Path, table: str) -> list[str]:
    return [row["key"] for row in rows(folder, table)]


@pytest.fixture
def loaded(site, tmp_path) -> Path:
    """The small folder on the site; where exports go."""
    (tmp_path / "given").mkdir()
    call_command("import_data", folders.write(tmp_path / "given", folders.small()), verbosity=0)
    return tmp_path


def export(folder: Path, **options: str) -> Path:
    call_command("export_data", folder, verbosity=0, **options)
    return folder


@pytest.mark.django_db
def test_history_goes_out_and_drafts_stay(loaded):
    draft = models.Action.objects.get(kind="response")
    draft.pk = draft.id = None
    draft.live, draft.number, draft.first_published_at = False, None, None
    draft.live_revision = draft.latest_revision = None
    draft.save()
    folder = export(loaded / "out")
    assert keys(folder, "actions") == ["a1", "a2", "a3"]
    assert rows(folder, "actions")[2]["corrects"] == "a1"
    assert keys(folder, "withdrawals") == ["q"]
    assert keys(folder, "announced_counts") == ["n"]


@pytest.mark.django_db
def test_what_acts_and_measures_make_is_not_said_twice(loaded):
    assert models.Action.objects.filter(kind="lead").count() == 1
    assert "lead" not in {row["kind"] for row in rows(export(loaded / "out"), "actions")}


@pytest.mark.django_db
def test_two_packages_with_the_same_keys_are_told_apart(loaded):
    (loaded / "other").mkdir()
    other = folders.small(
        regimes={"r": {"code": "theirs"}},
        topics={"t": {"slug": "air"}},
        assemblies={"a": {"code": "NAM", "title_fr": "Autre", "title_nl": "Andere"}},
        bodies={"g": {"slug": "g2"}, "c": {"slug": "c2"}, "z": {"slug": "z2"}},
    )
    folder = folders.write(loaded / "other", other)
    described = json.loads((folder / "datapackage.json").read_text())
    (folder / "datapackage.json").write_text(json.dumps({**described, "name": "theirs"}))
    call_command("import_data", folder, verbosity=0)
    out = export(loaded / "out")
    assert set(keys(out, "assemblies")) == {"test:a", "theirs:a"}
    for name in tables.NAMES:
        found = keys(out, name)
        assert len(found) == len(set(found)), name
    assert {row["assembly"] for row in rows(out, "cycles")} == {"test:a", "theirs:a"}


@pytest.mark.django_db
def test_a_key_is_longer_where_another_row_has_it_already(loaded):
    Origin.objects.filter(table="recommendations", key="x").delete()
    Origin.objects.filter(table="recommendations", key="x2").update(key="LGE-C1-1.1")
    assert keys(export(loaded / "out"), "recommendations") == ["LGE-C1-1.1~", "LGE-C1-1.1"]


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"assembly": "lge"}, {"cycle": "lge-c1"}])
def test_a_folder_of_one_assembly_or_cycle_names_no_row_that_it_does_not_hold(loaded, options):
    models.Topic.objects.create(slug="nowhere", name={"fr": "Nulle part"})
    folder = export(loaded / "out", **options)
    assert keys(folder, "topics") == ["t"]
    assert keys(folder, "regimes") == ["r"]
    held = {name: set(keys(folder, name)) for name in tables.NAMES}
    for name in tables.NAMES:
        for each in tables.table(name, LANGUAGES).columns:
            for row in rows(folder, name) if each.references else ():
                named = {part for part in row[each.header].split("|") if part}
                assert named <= held[each.references], (name, each.header)
    assert held["actions"] == {"a1", "a2", "a3"}


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"assembly": "NO"}, {"cycle": "LGE-C9"}])
def test_an_unknown_code_is_refused(loaded, options):
    with pytest.raises(CommandError, match="There is no"):
        export(loaded / "out", **options)


# -- judged from outside ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_frictionless_finds_the_zip_valid(loaded):
    command = shutil.which("frictionless", path=str(Path(sys.executable).parent))
    if command is None:
        unavailable("frictionless is not installed.")
    archive = export(loaded / "suites.zip")
    judged = subprocess.run(
        [command, "validate", str(archive), "--json"], capture_output=True, text=True, check=False
    )
    report = json.loads(judged.stdout)
    assert report["valid"], judged.stdout
    assert [task["name"] for task in report["tasks"]] == list(tables.NAMES)
    assert all(task["stats"].get("errors", 0) == 0 for task in report["tasks"])


@pytest.mark.django_db
def test_a_spreadsheet_reads_accents_and_days(loaded):
    """What spreadsheets go by: a mark of UTF-8, commas, quotes, days as ISO 8601 writes them."""
    folder = export(loaded / "out")
    for path in folder.glob("*.csv"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf"), path.name
        assert b"\r" not in raw
    (count,) = rows(folder, "announced_counts")
    assert count["words_fr"] == "douze personnes"
    assert rows(folder, "recommendations")[0]["title_fr"] == "De l’eau"
    assert rows(folder, "withdrawals")[0]["withdrawn_on"] == "2024-09-01"


@pytest.mark.django_db
def test_a_zip_is_the_folder_and_the_same_every_time(loaded):
    folder, archive = export(loaded / "out"), export(loaded / "one.zip")
    with zipfile.ZipFile(archive) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }
    assert export(loaded / "two.zip").read_bytes() == archive.read_bytes()
    described = json.loads((folder / "datapackage.json").read_text())
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert [each["name"] for each in described["resources"]] == list(tables.NAMES)
