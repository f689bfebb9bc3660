"""Passages come in and go out with their folder, in bulk as one by one."""

import pytest
from django.core.management import call_command
from django.utils import translation

from assemblies import models
from exchange import reader, writer
from exchange.problems import ImportRefused
from tests.exchange import folders
from tests.exchange.test_roundtrip import there_and_back
from tests.exchange.ways import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

CLAIM = {
    "recommendation": "x",
    "words_fr": "de l'eau",
    "words_nl": "water",
    "body": "g",
    "stated_on": "2024-04-02",
    "example": "true",
}
CONTEST = {
    "assembly": "a",
    "kind": "opinion",
    "happened_first": "2024-04-03",
    "happened_last": "2024-04-03",
    "body": "c",
    "contests": "p1",
    "example": "true",
    "title_fr": "Non.",
}
#: A claim, what took its place, another, and the opinion that contests the first: out of order.
CHANGES = {
    "passages": {
        "p2": {
            **CLAIM,
            "replaces": "p1",
            "stated_on": "2024-04-01",
            "measures": "m",
            "reason_text_fr": "Une seule.",
            "why_fr": "Une fontaine est annoncée.",
        },
        "p1": CLAIM,
        "p3": {**CLAIM, "words_fr": "Nous demandons", "words_nl": "Wij vragen", "reason": "law"}
        | {"reason_text_fr": "Une loi."},
    },
    "actions": {"a4": CONTEST},
    "targets": {"t4": {"action": "a4", "recommendation": "x"}},
}


def load(tmp_path, *, in_bulk: bool, **changes):
    folders.write(tmp_path, folders.small(**{**CHANGES, **changes}))
    package = reader.read(tmp_path, folders.LANGUAGES)
    assert [str(problem) for problem in package.problems] == []
    writer.write(package, "test", in_bulk=in_bulk)


@pytest.mark.parametrize("in_bulk", [True, False])
def test_they_are_published_with_their_ties(tmp_path, in_bulk):
    load(tmp_path, in_bulk=in_bulk)
    states = {
        passage.quoted()["nl"]: (passage.state, passage.occurrence.data)
        for passage in models.Passage.objects.in_force()
    }
    first = {"fr": "1", "nl": "1"}
    assert states == {"water": ("partly", first), "Wij vragen": ("refused", first)}
    old = models.Passage.objects.get(replaced_by__isnull=False)
    assert old.live
    assert old.state == "unanswered"
    assert models.Action.objects.get(contests=old).body.kind == "committee"
    call_command("check_history", verbosity=0)


def test_both_ways_leave_the_same(tmp_path):
    from django.db import transaction

    found = []
    for in_bulk in (True, False):
        folder = tmp_path / str(in_bulk)
        folder.mkdir()
        here = transaction.savepoint()
        load(folder, in_bulk=in_bulk)
        rows = everything()
        found.append({name: rows[name] for name in rows if "assage" in name})
        transaction.savepoint_rollback(here)
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.parametrize("in_bulk", [True, False])
def test_words_that_are_not_there_or_are_marked_already_are_refused(tmp_path, in_bulk):
    changes = {**CHANGES["passages"], "p4": {**CLAIM, "words_fr": "eau"}}
    changes["p5"] = {**CLAIM, "words_fr": "du pain", "words_nl": ""}
    with translation.override("en"), pytest.raises(ImportRefused) as caught:
        load(tmp_path, in_bulk=in_bulk, passages=changes)
    with translation.override("en"):
        said = [str(problem) for problem in caught.value.problems]
    assert any("passages.csv" in each and "marked already" in each for each in said), said
    assert any("does not have these words" in each for each in said), said
    assert not models.Passage.objects.exists()


def test_they_go_out_as_they_came_in(tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    folders.write(folder, folders.small(**CHANGES))
    first, second = there_and_back(folder, tmp_path)
    assert first == second
    text = first["passages.csv"].decode()
    assert "Une fontaine est annoncée." in text
    assert ",p1," in first["actions.csv"].decode()
