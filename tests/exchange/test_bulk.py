"""The bulk path writes what publishing one by one writes, in all tables, in a few statements."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex, Revision

from assemblies import history, models
from assemblies.signals import changes_recorded
from exchange import reader, writer
from exchange.problems import ImportRefused
from tests.exchange import folders, ways

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def assert_both_leave_the_same(tmp_path, rows):
    folders.write(tmp_path, rows)
    bulk, one_by_one = ways.both(tmp_path)
    assert bulk["assemblies.Action"], "nothing was loaded"
    for name in one_by_one:
        assert bulk[name] - one_by_one[name] == {}, name
        assert one_by_one[name] - bulk[name] == {}, name


def test_both_ways_leave_the_same_in_every_table(tmp_path):
    assert_both_leave_the_same(tmp_path, ways.rich())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_ways_leave_the_same_whatever_happened(tmp_path, seed):
    assert_both_leave_the_same(tmp_path, ways.at_random(seed))


def test_batches_do_not_show(tmp_path, monkeypatch):
    """A correction in another batch than what it corrects; a measure and what is done of it."""
    folders.write(tmp_path, ways.at_random(7))
    with transaction.atomic():
        ways.load(tmp_path, in_bulk=True)
        whole = ways.everything()
        transaction.set_rollback(True)
    monkeypatch.setattr("exchange.bulk.facts.BATCH", 2)
    monkeypatch.setattr("exchange.bulk.recommendations.BATCH", 1)
    ways.load(tmp_path, in_bulk=True)
    found = ways.everything()
    assert [name for name in whole if found[name] != whole[name]] == []


def test_nothing_has_to_be_put_right_afterwards(tmp_path):
    folders.write(tmp_path, ways.at_random(4))
    ways.load(tmp_path, in_bulk=True)
    call_command("check_history", verbosity=0)
    call_command("rebuild_state", "--check", verbosity=0)
    numbers = list(models.Change.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    for fact in models.Action.objects.exclude(latest_revision=None):
        assert fact.latest_revision.object_id == str(fact.pk)
    # Who leads a measure is computed, past the index, whichever way it is published.
    ours = ReferenceIndex.objects.filter(content_type__app_label="assemblies")
    ours = ours.exclude(model_path="lead")
    found = ours.count()
    call_command("rebuild_references_index", verbosity=0, stdout=StringIO())
    assert ours.count() == found


def test_upper_rooms_are_told_all_numbers_in_order(tmp_path):
    told: list[int] = []
    before = models.Change.objects.count()

    def listen(numbers, **kwargs):
        told.extend(numbers)

    changes_recorded.connect(listen)
    try:
        ways.load(folders.write(tmp_path, ways.rich()), in_bulk=True)
    finally:
        changes_recorded.disconnect(listen)
    numbers = models.Change.objects.filter(number__gt=before).order_by("number")
    assert told == list(numbers.values_list("number", flat=True))


def queries_of_a_load(tmp_path, actions: int) -> int:
    folder = tmp_path / str(actions)
    folder.mkdir()
    rows = folders.small()
    for number in range(actions):
        rows["actions"].append(
            {
                "key": f"n{number}",
                "assembly": "a",
                "kind": "progress",
                "happened_first": "2024-05-01",
                "happened_last": "2024-05-01",
                "body": "g",
                "axis": "implementation",
                "value": "delivered",
                "example": "true",
                "title_fr": "Un pas",
            }
        )
        rows["targets"].append({"key": f"n{number}", "action": f"n{number}", "recommendation": "x"})
        rows["sources"].append(
            {
                "key": f"n{number}",
                "action": f"n{number}",
                "position": 1,
                "title": "Preuve",
                "official": "false",
            }
        )
    folders.write(folder, rows)
    package = reader.read(folder, folders.LANGUAGES)
    with (
        CaptureQueriesContext(
            connection,
        ) as captured,
        transaction.atomic(),
    ):
        writer.write(package, "test")
        transaction.set_rollback(True)
    return len(captured)


def test_no_fact_costs_a_query(tmp_path):
    queries_of_a_load(tmp_path, 0)  # content types are read once
    # Only the longest inserts are cut in two, as SQLite takes so many values at once.
    assert queries_of_a_load(tmp_path, 40) - queries_of_a_load(tmp_path, 1) < 10


def test_what_the_database_refuses_is_told_by_row(tmp_path):
    rows = folders.small(targets={"t9": {"action": "a2", "measure": "m"}})
    package = reader.read(folders.write(tmp_path, rows), folders.LANGUAGES)
    with pytest.raises(ImportRefused) as caught:
        writer.write(package, "test")
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("actions.csv", 3)
    assert not models.Assembly.objects.exists()
    assert not Revision.objects.filter(content_type__app_label="assemblies").exists()


def test_the_door_is_for_new_facts_only(tmp_path):
    ways.load(folders.write(tmp_path, folders.small()), in_bulk=True)
    action = models.Action.objects.order_by("number").last()
    copy = models.Action.objects.get(pk=action.pk)
    with pytest.raises(history.HistoryError), history.publishing_many([copy]):
        pass
    copy.pk = copy.id = None
    with pytest.raises(history.HistoryError), history.publishing_many([copy]):
        pass
    with pytest.raises(history.HistoryError):
        models.Action.objects.bulk_create([copy])
    copy.pk = 10_000
    with pytest.raises(history.HistoryError):
        models.Action._base_manager.bulk_create([copy])
    target = models.ActionTarget(
        action=action, recommendation=models.Recommendation.objects.first()
    )
    with history.publishing_many([copy]), pytest.raises(history.HistoryError):
        models.ActionTarget.objects.bulk_create([target])
    assert models.Action.objects.count() == 4


def test_the_door_does_not_open_what_the_constraints_hold(tmp_path):
    ways.load(folders.write(tmp_path, folders.small()), in_bulk=True)
    draft = models.Action.objects.order_by("number").last()
    draft.pk = draft.id = 10_000
    draft.corrects = None
    draft.happened_first = draft.happened_last + datetime.timedelta(days=1)
    with (
        history.publishing_many([draft]),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        models.Action.objects.bulk_create([draft])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Only PostgreSQL plans by figures.")
def test_the_planner_knows_of_a_large_load_before_it_is_committed(tmp_path, monkeypatch):
    rows = ways.rich()
    monkeypatch.setattr("exchange.bulk.indexes.MANY", 1)
    writer.write(reader.read(folders.write(tmp_path, rows), folders.LANGUAGES), "t")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'assemblies_action'")
        (known,) = cursor.fetchone()
    assert known == models.Action.objects.count() > 0
