"""The list of changes of two editions is that of the fold at both closing dates."""

import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assemblies import state
from booklets.changes import changes
from booklets.compile import compile
from booklets.material import Asked, Material, Planned, Round, Scope, Step
from tests.assemblies.histories import (
    FIRST_DAY,
    GOVERNMENT,
    LAST_DAY,
    MEASURES,
    RECOMMENDATIONS,
    act,
    histories,
)

#: Which measures serve which recommendation.
SERVING = {1: (1,), 2: (1, 2), 3: ()}
LANGUAGES = ("fr",)


def said():
    return {
        "title": {"fr": "Étape"},
        "example": False,
        "link": "",
        "reason": "",
        "judged": "",
        "amount": None,
        "concerned_body": None,
        "contests": None,
        "sources": [],
        "act": None,
    }


def material(actions):
    texts = {"title": {"fr": "x"}, "verbatim": {"fr": "<p>x</p>"}, "summary": {}}
    return Material(
        steps=tuple(Step(fact=fact, said=said()) for fact in actions),
        asked=tuple(
            Asked(
                pk=key,
                reference=f"A-C-{key}",
                number=str(key),
                cycle_id=1,
                kind="recommendation",
                deciding_body_id=GOVERNMENT,
                measures=SERVING[key],
                said={**texts, "example": False, "original": "fr", "votes": None},
            )
            for key in RECOMMENDATIONS
        ),
        measures={
            key: Planned(
                pk=key,
                reference=f"A-C-M{key}",
                number=f"M{key}",
                cycle_id=1,
                announced_on=FIRST_DAY,
                said={"title": {"fr": "x"}, "text": {}, "example": False, "serves": {}},
            )
            for key in MEASURES
        },
        rounds={1: Round(pk=1, reference="A-C", said={"panel_size": None, "title": {"fr": "c"}})},
        bodies={
            key: {"key": f"b{key}", "name": {"fr": "b"}, "example": False} for key in range(1, 6)
        },
        assembly={"code": "A", "name": {"fr": "a"}, "languages": ["fr"]},
    )


def snapshot(actions, closing, number=1):
    scope = Scope(closing_on=closing, languages=LANGUAGES)
    return compile(material(actions), scope, edition={"number": number, "code": f"A-C-L{number}"})


def folded(actions, day):
    """Subject and axis → what stands there, straight from the fold."""
    found = {}
    for key in RECOMMENDATIONS:
        known = state.fold(
            actions, as_of=day, recommendation=key, deciding_body=GOVERNMENT, serving=SERVING[key]
        )
        found[f"A-C-{key}", "response"] = known.response_code
        found[f"A-C-{key}", "opinion"] = known.opinion_code
        found[f"A-C-{key}", "implementation"] = (
            known.implementation.value if known.implementation else ""
        )
    for key in MEASURES:
        known = state.fold(actions, as_of=day, measure=key)
        found[f"A-C-M{key}", "implementation"] = known.implementation_code
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(max_size=14), st.dates(FIRST_DAY, LAST_DAY), st.data())
def test_the_list_of_changes_is_that_of_the_fold_at_both_closing_dates(history, first, data):
    second = data.draw(st.dates(first, LAST_DAY))
    known = [each for each in history if each.published <= first]
    before, after = snapshot(known, first), snapshot(history, second, 2)
    was, now = folded(known, first), folded(history, second)

    found = changes(before, after)
    listed = {(e["reference"], e["axis"]): (e["before"], e["after"]) for e in found["states"]}
    assert listed == {key: (was[key], now[key]) for key in now if was[key] != now[key]}
    assert set(found["new_responses"]) == {
        reference
        for (reference, axis), code in now.items()
        if axis == "response" and was[reference, axis] == "awaiting" and code != "awaiting"
    }
    done = ("delivered", "continuous")
    assert {each["reference"] for each in found["delivered"]} == {
        reference
        for (reference, axis), code in now.items()
        if axis == "implementation" and code in done and was[reference, axis] not in done
    }


def test_an_edition_against_itself_has_no_changes():
    one = snapshot([act(1, "2024-03-01", response="accepted", lead=GOVERNMENT)], LAST_DAY)
    found = changes(one, one)
    assert not found["states"]
    assert not found["newly_late"]
    assert found["steps"] == 0


def test_what_happened_after_the_closing_date_is_in_no_part_of_a_snapshot():
    actions = [
        act(1, "2024-03-01", response="under_study", decision_due="2024-04-01"),
        act(2, "2024-03-09", response="rejected"),
    ]
    found = snapshot(actions, datetime.date(2024, 3, 8))
    assert found["recommendations"][0]["response"]["code"] == "under_study"
    assert list(found["actions"]) == ["1"]


def test_a_correction_known_when_it_was_frozen_counts_on_the_day_of_what_it_corrects():
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-03-01", response="rejected", corrects=1, published="2024-03-20"),
    ]
    found = snapshot(actions, datetime.date(2024, 3, 8))
    assert found["recommendations"][0]["response"]["code"] == "rejected"
    assert found["actions"]["1"]["corrected_by"] == 2
