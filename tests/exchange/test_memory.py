"""What an import holds at once does not grow with its folder."""

from pathlib import Path

import pytest

from exchange import files, reader, row, spool, survey, writer
from tests.exchange import folders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


class Counted(row.Row):
    """A row that is counted while anybody holds it."""

    alive = most = 0

    def __init__(self, *given):
        super().__init__(*given)
        Counted.alive += 1
        Counted.most = max(Counted.most, Counted.alive)

    def __del__(self):
        Counted.alive -= 1


@pytest.fixture(autouse=True)
def counted(monkeypatch):
    for module in (spool, files):
        monkeypatch.setattr(module, "Row", Counted)
    Counted.alive = Counted.most = 0


def folder_of(place: Path, recommendations: int) -> Path:
    """A small folder with so many recommendations more, each with a step, its aim, its source."""
    rows = folders.small()
    for number in range(recommendations):
        key = f"n{number}"
        rows["recommendations"].append(
            {
                "key": key,
                "cycle": "y",
                "label": f"{number + 100}",
                "kind": "k",
                "language": "fr",
                "example": "true",
                "title_fr": f"Une demande {number}",
                "verbatim_fr": "<p>Nous demandons de l’ombre.</p>",
            }
        )
        rows["actions"].append(
            {
                "key": key,
                "assembly": "a",
                "kind": "progress",
                "happened_first": "2024-05-01",
                "happened_last": f"2024-{5 + number % 6:02d}-02",
                "body": "g",
                "axis": "implementation",
                "value": "under_way",
                "example": "true",
                "title_fr": "Un pas",
            }
        )
        rows["targets"].append({"key": key, "action": key, "recommendation": key})
        rows["sources"].append(
            {"key": key, "action": key, "position": 1, "title": "Preuve", "official": "false"}
        )
    place.mkdir()
    return folders.write(place, rows)


def most_at_once(folder: Path, *, written: bool) -> int:
    Counted.most = Counted.alive
    package = reader.read(folder, folders.LANGUAGES)
    assert not package.problems
    if written:
        writer.write(package, folder.name, dry_run=True)
    else:
        assert survey.plan_of(package, folder.name).writes
    return Counted.most


def test_as_many_rows_are_read_and_compared_at_once_for_3000_as_for_1000(tmp_path):
    few = most_at_once(folder_of(tmp_path / "few", 1_000), written=False)
    many = most_at_once(folder_of(tmp_path / "many", 3_000), written=False)
    assert few == many
    assert few > 400, "rows are no longer counted"


def test_as_many_rows_are_written_at_once_for_three_times_the_folder(tmp_path, monkeypatch):
    for module in ("plan", "bulk.facts", "bulk.recommendations"):
        monkeypatch.setattr(f"exchange.{module}.BATCH", 10)
    few = most_at_once(folder_of(tmp_path / "few", 40), written=True)
    many = most_at_once(folder_of(tmp_path / "many", 120), written=True)
    assert few == many
    assert few > 10, "rows are no longer counted"


def test_rows_can_be_read_though_nobody_keeps_the_package(tmp_path):
    folder = folder_of(tmp_path / "folder", 3)
    keys = [each.key for each in reader.read(folder, folders.LANGUAGES)["actions"]]
    assert keys[-3:] == ["n0", "n1", "n2"]
