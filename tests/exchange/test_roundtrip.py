"""Export, import into an empty site, export again: the same bytes, whatever was published."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.timezone import localtime
from hypothesis import HealthCheck, given, settings

from assemblies import directory
from assemblies.models import Action, Recommendation
from tests.exchange import folders
from tests.exchange.demo import DEMO
from tests.exchange.random_packages import packages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

#: Each is loaded twice and exported twice: few, and each worth its time.
EXAMPLES = 12


@contextmanager
def empty_site() -> Iterator[None]:
    """The site as it begins, and again when this ends."""
    here = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(here)
        directory.forget()


def load(folder: Path) -> None:
    call_command("import_data", folder, verbosity=0)


def export(folder: Path, **options: str) -> dict[str, bytes]:
    call_command("export_data", folder, verbosity=0, **options)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def there_and_back(given: Path, work: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    with empty_site():
        load(given)
        first = export(work / "first")
    with empty_site():
        load(work / "first")
        second = export(work / "second")
    return first, second


def keys(exported: dict[str, bytes], table: str) -> set[str]:
    text = io.StringIO(exported[f"{table}.csv"].decode("utf-8-sig"), newline="")
    return {row["key"] for row in csv.DictReader(text)}


def test_the_demo_comes_back_byte_by_byte(tmp_path):
    first, second = there_and_back(DEMO, tmp_path)
    assert first == second
    for path in DEMO.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            given = {row["key"] for row in csv.DictReader(file)}
        assert given <= keys(first, path.stem), path.name


def test_the_small_folder_comes_back_byte_by_byte(tmp_path):
    (tmp_path / "given").mkdir()
    first, second = there_and_back(folders.write(tmp_path / "given", folders.small()), tmp_path)
    assert first == second
    assert keys(first, "actions") == {row["key"] for row in folders.SMALL["actions"]}


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
@given(packages())
def test_random_content_comes_back_byte_by_byte(rows):
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        (work / "given").mkdir()
        first, second = there_and_back(folders.write(work / "given", rows), work)
    assert {name: text.decode() for name, text in first.items()} == {
        name: text.decode() for name, text in second.items()
    }
    for table, given_rows in rows.items():
        assert {row["key"] for row in given_rows} <= keys(first, table)


def test_what_was_typed_in_the_admin_comes_back_as_well(tmp_path):
    """Without origins keys are made of references, codes and numbers."""
    from exchange.models import Origin

    (tmp_path / "given").mkdir()
    with empty_site():
        load(folders.write(tmp_path / "given", folders.small()))
        Origin.objects.all().delete()
        references = set(Recommendation.objects.values_list("reference", flat=True))
        first = export(tmp_path / "first")
    with empty_site():
        load(tmp_path / "first")
        second = export(tmp_path / "second")
        assert set(Recommendation.objects.values_list("reference", flat=True)) == references
        assert Action.objects.filter(corrects__isnull=False, corrects__live=True).count() == 1
    assert first == second


def test_corrections_of_a_vote_and_of_a_first_lead_find_their_step_again(tmp_path):
    """The steps that acts and measures make are no rows: what corrects them names the act."""
    rows = folders.small(
        acts={
            "v": {
                "cycle": "y",
                "number": "1",
                "session_first": "2024-03-01",
                "session_last": "2024-03-01",
                "council": "g",
                "lead_body": "g",
                "result": "adopted",
                "link": "new",
                "recommendations": "x",
                "example": "true",
                "title_fr": "Un acte",
            }
        },
        actions={
            key: {
                "assembly": "a",
                "kind": "correction",
                "happened_first": "2024-02-01",
                "happened_last": "2024-02-01",
                "body": "g",
                "withdraws": "true",
                name: named,
                "example": "true",
                "title_fr": "C’était faux",
                "reason_text_fr": "Une erreur de saisie.",
            }
            for key, name, named in [("c1", "corrects_act", "v"), ("c2", "corrects_measure", "m")]
        },
    )
    (tmp_path / "given").mkdir()
    first, second = there_and_back(folders.write(tmp_path / "given", rows), tmp_path)
    assert first == second
    assert keys(first, "actions") == {"a1", "a2", "a3", "c1", "c2"}
    with empty_site():
        load(tmp_path / "first")
        corrected = {action.corrects.kind for action in Action.objects.filter(withdraws=True)}
        assert corrected == {"vote", "lead"}
        load(tmp_path / "first")  # and a second time nothing is new
        assert Action.objects.filter(withdraws=True).count() == 2


def test_what_was_known_on_which_day_survives_the_move(tmp_path):
    rows = folders.small(actions={"a1": {"published_on": "2024-05-02"}})
    (tmp_path / "given").mkdir()
    first, second = there_and_back(folders.write(tmp_path / "given", rows), tmp_path)
    assert first == second
    with empty_site():
        load(tmp_path / "first")
        known = {
            action.kind: localtime(action.first_published_at).date().isoformat()
            for action in Action.objects.exclude(kind="lead")
        }
    assert known == {
        "response": "2024-05-02",
        "outcome": "2026-11-12",
        "correction": "2026-11-12",
    }
