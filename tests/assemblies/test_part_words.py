"""Words of rows below a fact: a missing language may be added, and nothing else be touched."""

import pytest

from assemblies.audit import findings
from assemblies.history import HistoryError, only_adds_words
from assemblies.models import Change, ChangeKind, Measure, MeasureServes
from tests.factories import make_measure, make_recommendation, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure():
    world = make_world()
    asked = [make_recommendation(world.cycle, label=label) for label in "12"]
    return make_measure(*asked, label="1.1", part={"fr": "Le guichet."})


def with_parts(measure, *parts):
    rows = list(measure.serves.order_by("pk"))
    for row, part in zip(rows, parts, strict=True):
        row.part = part
    measure.serves = rows
    return measure


def test_a_missing_language_is_added_and_noted(measure):
    with_parts(measure, {"fr": "Le guichet.", "nl": "Het loket."}, {"fr": "Le guichet."}).save()
    said = [row.part.data for row in Measure.objects.get().serves.order_by("pk")]
    assert said == [{"fr": "Le guichet.", "nl": "Het loket."}, {"fr": "Le guichet."}]
    assert Change.objects.last().kind == ChangeKind.WORDS
    assert list(findings()) == []


@pytest.mark.parametrize(
    "parts",
    [
        ({"fr": "Autre."}, {"fr": "Le guichet."}),
        ({"nl": "Het loket."}, {"fr": "Le guichet."}),
        ({}, {"fr": "Le guichet."}),
        ({"fr": "Autre.", "nl": "Het loket."}, {"fr": "Le guichet."}),
    ],
)
def test_what_is_there_stays(measure, parts):
    with pytest.raises(HistoryError):
        with_parts(measure, *parts).save()


def test_no_row_is_added_left_out_or_exchanged(measure):
    rows = list(measure.serves.order_by("pk"))
    other = make_recommendation(measure.cycle, label="3")
    for changed in (
        rows[:1],
        [*rows, MeasureServes(recommendation=other, part={"fr": "x", "nl": "y"})],
        [rows[0], MeasureServes(recommendation=other, part={"fr": "Le guichet.", "nl": "y"})],
    ):
        measure.serves = changed
        with pytest.raises(HistoryError):
            measure.save()
        measure = Measure.objects.get()


def test_where_nothing_was_said_no_language_is_missing():
    before = {"serves": [{"recommendation": 1, "part": {}}]}
    after = {"serves": [{"recommendation": 1, "part": {"nl": "Het loket."}}]}
    worded = {"serves": frozenset({"part"})}
    assert not only_adds_words(before, after, frozenset(), worded)
    assert not only_adds_words(before, after, frozenset())
