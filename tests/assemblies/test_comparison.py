"""Two days compared: by hand, and over random histories against the folds themselves."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies import duties, state
from assemblies.comparison import Comparison, Standing, Subject, compare
from assemblies.duties import Rule
from assemblies.facts import Action, effective
from tests.assemblies.histories import (
    FIRST_DAY,
    GOVERNMENT,
    LAST_DAY,
    RECOMMENDATIONS,
    act,
    day,
    histories,
)

RULE = Rule(
    key=1,
    code="final",
    trigger="handover",
    subject="recommendation",
    delay=3,
    answered_by=frozenset({"response"}),
)


def standings(history: list[Action], on: datetime.date) -> dict[Subject, Standing]:
    """Of the recommendations, handed over on the first day of the histories."""
    return {
        ("recommendation", key): Standing.of(
            state.fold(history, as_of=on, recommendation=key, deciding_body=GOVERNMENT),
            duties.duties(
                [RULE],
                {"handover": FIRST_DAY},
                history,
                as_of=on,
                recommendation=key,
                deciding_body=GOVERNMENT,
            ),
        )
        for key in RECOMMENDATIONS
    }


def between(history: list[Action], since: str, until: str) -> Comparison:
    first, last = day(since), day(until)
    return compare(
        standings(history, first), standings(history, last), history, since=first, until=last
    )


def test_what_moved_says_before_and_after() -> None:
    history = [
        act(1, "2024-02-01", response="under_study"),
        act(2, "2024-03-01", response="partial"),
        act(3, "2024-03-05", opinion="to_clarify", body=3),
    ]
    found = between(history, "2024-02-10", "2024-03-05")
    assert [(each.axis, each.before, each.after) for each in found.moved] == [
        ("response", "under_study", "partial"),
        ("opinion", "", "to_clarify"),
    ]
    assert [step.number for step in found.steps] == [2, 3]


def test_awaiting_is_as_if_nothing_was_said() -> None:
    history = [act(1, "2024-02-01", response="awaiting", kind="handover")]
    assert not between(history, "2024-01-25", "2024-02-05").moved


def test_a_step_that_was_corrected_or_only_withdraws_is_none() -> None:
    history = [
        act(1, "2024-02-01", response="accepted"),
        act(2, "2024-02-03", corrects=1, withdraws=True),
    ]
    found = between(history, "2024-01-25", "2024-02-05")
    assert not found
    assert not found.steps


def test_newly_late_and_newly_met() -> None:
    history = [act(1, "2024-04-22", response="accepted")]
    late = between(history, "2024-04-20", "2024-04-21")  # due on 20 April: late from the 21st
    assert [each.subject[1] for each in late.newly_late] == [1, 2, 3]
    assert not late.newly_met
    met = between(history, "2024-04-21", "2024-04-22")
    assert [(each.subject[1], each.duty and each.duty.status) for each in met.newly_met] == [
        (1, "met_late")
    ]
    assert not met.newly_late


def test_a_day_announced_and_passed_is_newly_late_once() -> None:
    one: dict[Subject, Standing] = {("measure", 1): Standing(announced=day("2024-03-31"))}
    first = compare(one, one, since=day("2024-03-31"), until=day("2024-04-01"))
    assert [each.due for each in first.newly_late] == [day("2024-03-31")]
    assert not compare(one, one, since=day("2024-04-01"), until=day("2024-05-01")).newly_late


def test_what_was_not_there_before_is_named() -> None:
    one: dict[Subject, Standing] = {("measure", 1): Standing(values={"implementation": "partly"})}
    found = compare({}, one, since=day("2024-03-01"), until=day("2024-04-01"))
    assert found.appeared == (("measure", 1),)
    assert [each.after for each in found.moved] == ["partly"]


def test_the_second_day_does_not_come_first() -> None:
    with pytest.raises(ValueError, match="before"):
        compare({}, {}, since=day("2024-03-02"), until=day("2024-03-01"))


@given(histories(), st.dates(FIRST_DAY, LAST_DAY), st.dates(FIRST_DAY, LAST_DAY))
def test_a_comparison_is_the_difference_of_two_folds(history, one, other) -> None:
    since, until = sorted((one, other))
    found = compare(
        standings(history, since), standings(history, until), history, since=since, until=until
    )
    before = {key: dict(each.values) for key, each in standings(history, since).items()}
    for each in found.moved:
        assert before[each.subject].pop(each.axis, "") == each.before
        if each.after:
            before[each.subject][each.axis] = each.after
    assert before == {key: dict(each.values) for key, each in standings(history, until).items()}
    assert {step.number for step in found.steps} <= {step.number for step in effective(history)}
    assert all(each.due < until for each in found.newly_late)
    assert not (since == until and (found.moved or found.newly_late or found.newly_met))
