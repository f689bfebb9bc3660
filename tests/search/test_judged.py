"""The judged set on each engine: what people look for is found, and engines agree."""

import pytest
from django.core.management import call_command

from assemblies import directory
from search import engines
from tests.search import judge

pytestmark = pytest.mark.django_db

#: Of the queries, the least share that finds a right one at the first place, and among ten.
BAR = {"fr": (0.85, 0.97), "nl": (0.85, 0.97)}
#: What the database found, for the engine that comes after it.
_before: dict[str, judge.Outcome] = {}


def test_the_judged_set(client, engine):
    call_command("load_demo", verbosity=0)
    directory.forget()
    engine.catch_up()
    for language, (first, ten) in BAR.items():
        outcome = judge.judged(client, language)
        lost = [case.query for case, place in outcome.places.items() if not place or place > 10]
        assert outcome.hit(10) >= ten, lost
        assert outcome.hit(1) >= first
        assert outcome.nothing <= 1
        if engine is engines.named("database"):
            _before[language] = outcome
        elif language in _before:
            both = {"database": _before[language], "elasticsearch": outcome}
            [(same, counts)] = judge.agreement(both).values()
            assert same >= 0.95
            assert counts == 1
