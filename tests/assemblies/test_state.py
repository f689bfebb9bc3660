"""The fold, the spans and the timeline of a subject: by hand, and over random histories."""

import datetime
import random
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblies import enums, facts, state
from assemblies.facts import Action, effective, roles
from assemblies.state import Measures, Span, fold, spans
from assemblies.steps import history
from tests.assemblies.histories import (
    AGENCY,
    ASSEMBLY,
    BODIES,
    COMMITTEE,
    COUNCIL,
    FIRST_DAY,
    GOVERNMENT,
    LAST_DAY,
    SUBJECTS,
    act,
    day,
    histories,
    value_on,
)

END = day("2030-01-01")


def response_on(actions: list[Action], date: str, known_on: str | None = None) -> str:
    known = day(known_on) if known_on else None
    return fold(actions, as_of=day(date), known_on=known, recommendation=1).response_code


# -- the last action that had happened by then ---------------------------------------------------


def test_nothing_was_said() -> None:
    found = fold([], as_of=END, recommendation=1)
    assert (found.response, found.implementation, found.opinion) == (None, None, None)
    assert found.response_code == "awaiting"
    assert found.implementation_code == "not_started"
    assert found.opinion_code == "not_examined"
    assert (found.lead, found.deadline, found.first_deadline, found.last_action) == (None,) * 4


def test_the_three_axes_are_never_merged() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-03-02", implementation="delivered"),
        act(3, "2024-03-03", opinion="insufficient", body=COMMITTEE, opinion_object="delivery"),
    ]
    found = fold(actions, as_of=END, recommendation=1)
    assert found.response_code == "accepted"
    assert found.implementation_code == "delivered"
    assert found.opinion_code == "insufficient"
    assert found.opinion is not None
    assert found.opinion.opinion_object == "delivery"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-02-28", "awaiting"),
        ("2024-02-29", "under_study"),
        ("2024-03-14", "under_study"),
        ("2024-03-15", "partial"),  # two on one day: the one published last
        ("2024-03-30", "partial"),
        ("2024-03-31", "accepted"),  # happened in March 2024: from its last day
        ("2024-04-01", "accepted"),
    ],
)
def test_value_on_a_day(date: str, expected: str) -> None:
    actions = [
        act(5, "2024-03-01/2024-03-31", response="accepted", published="2024-05-02"),
        act(3, "2024-03-15", response="partial"),
        act(2, "2024-03-15", response="rejected"),
        act(1, "2024-02-29", response="under_study", decision_due="2024-03-15"),
    ]
    assert response_on(actions, date) == expected


def test_a_value_says_who_set_it_when() -> None:
    action = act(
        7,
        "2024-03-01/2024-03-31",
        response="under_study",
        stage="interim",
        decision_due="2024-09-01",
    )
    value = fold([action], as_of=END, recommendation=1).response
    assert value is not None
    assert (value.first, value.since) == (day("2024-03-01"), day("2024-03-31"))
    assert (value.set_by, value.body) == (7, GOVERNMENT)
    assert (value.stage, value.decision_due) == ("interim", day("2024-09-01"))


@pytest.mark.parametrize(
    ("date", "begun"),
    [
        ("2024-03-05", "2024-03-01"),
        ("2024-04-05", "2024-03-01"),  # confirmed, not begun anew
        ("2024-05-05", "2024-03-01"),  # stopped and taken up again within one day: it never stood
        ("2024-07-05", "2024-07-01"),  # after a month in which it was stopped
    ],
)
def test_since_when_a_value_has_stood_unbroken(date: str, begun: str) -> None:
    actions = [
        act(1, "2024-03-01", implementation="under_way"),
        act(2, "2024-04-01", implementation="under_way"),
        act(3, "2024-05-01", implementation="stopped"),
        act(4, "2024-05-01", implementation="under_way"),
        act(5, "2024-06-01", implementation="stopped"),
        act(6, "2024-07-01", implementation="under_way"),
    ]
    value = fold(actions, as_of=day(date), recommendation=1).implementation
    assert value is not None
    assert value.begun == day(begun)


def test_only_explicit_targets_are_set() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted", recommendations=[1, 2]),
        act(2, "2024-03-02", response="rejected", cycle=1),
        act(3, "2024-03-03", response="rejected", group=1),
        act(4, "2024-03-04", implementation="delivered", measures=[1]),
    ]
    assert fold(actions, as_of=END, recommendation=1).response_code == "accepted"
    assert fold(actions, as_of=END, recommendation=2).response_code == "accepted"
    assert fold(actions, as_of=END, recommendation=3).response is None
    assert fold(actions, as_of=END, recommendation=1).implementation is None
    assert fold(actions, as_of=END, measure=1).implementation_code == "delivered"


def test_a_measure_has_no_response() -> None:
    actions = [act(1, "2024-03-01", response="accepted", recommendations=[1], measures=[1])]
    assert fold(actions, as_of=END, measure=1).response is None
    assert spans(actions, measure=1) == []
    assert history(actions, measure=1)[0].alterations == ()


@pytest.mark.parametrize("subject", [{}, {"recommendation": 1, "measure": 1}])
def test_one_subject(subject: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one subject"):
        fold([], as_of=END, **subject)
    with pytest.raises(ValueError, match="one subject"):
        spans([], **subject)
    with pytest.raises(ValueError, match="one subject"):
        history([], **subject)


# -- what was known when, and corrections --------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "known_on", "expected"),
    [
        # Answered on 1 March (n° 1), published that day. In June it was found that the answer of 1
        # March was partial (n° 2); in July that it was partial, but of 10 March (n° 3).
        ("2024-03-05", "2024-02-28", "awaiting"),
        ("2024-03-05", "2024-03-05", "accepted"),
        ("2024-03-05", "2024-05-31", "accepted"),
        ("2024-03-05", "2024-06-01", "partial"),
        ("2024-03-05", "2024-06-30", "partial"),
        ("2024-03-05", "2024-07-01", "awaiting"),
        ("2024-03-10", "2024-07-01", "partial"),
        ("2024-03-05", None, "awaiting"),
        ("2024-03-10", None, "partial"),
        ("2024-12-31", "2024-06-01", "partial"),
    ],
)
def test_corrections_and_what_was_known(date: str, known_on: str | None, expected: str) -> None:
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-03-01", response="partial", corrects=1, published="2024-06-01"),
        act(3, "2024-03-10", response="partial", corrects=2, published="2024-07-01"),
    ]
    assert response_on(actions, date, known_on) == expected


def test_late_publication() -> None:
    actions = [act(1, "2024-03-01", response="accepted", published="2024-06-01")]
    assert response_on(actions, "2024-03-01") == "accepted"
    assert response_on(actions, "2024-12-31", known_on="2024-05-31") == "awaiting"


@pytest.mark.parametrize("way", [{"withdraws": True}, {}])
def test_a_correction_that_sets_nothing_withdraws(way: dict[str, bool]) -> None:
    actions = [
        act(1, "2024-03-01", response="under_study"),
        act(2, "2024-04-01", response="accepted"),
        act(3, "2024-08-01", corrects=2, **way),
    ]
    assert response_on(actions, "2024-05-01") == "under_study"
    assert response_on(actions, "2024-05-01", known_on="2024-07-31") == "accepted"
    found = fold(actions, as_of=END, recommendation=1)
    assert found.corrected == {2: 3}
    assert found.last_action == day("2024-03-01")


def test_a_withdrawal_sets_nothing_whatever_else_it_says() -> None:
    actions = [
        act(1, "2024-03-01", response="under_study"),
        act(2, "2024-04-01", response="accepted"),
        act(3, "2024-08-01", response="rejected", lead=AGENCY, corrects=2, withdraws=True),
    ]
    assert response_on(actions, "2024-12-31") == "under_study"
    assert fold(actions, as_of=END, recommendation=1).lead is None
    assert [span.set_by for span in spans(actions, recommendation=1)] == [1]


def test_a_withdrawal_that_was_a_mistake() -> None:
    """The withdrawal (n° 2) goes, what it had withdrawn stays gone, n° 3 says the fact anew."""
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-04-01", corrects=1, withdraws=True),
        act(3, "2024-03-01", corrects=2, response="accepted_modified", published="2024-05-01"),
    ]
    assert response_on(actions, "2024-03-02") == "accepted_modified"
    assert response_on(actions, "2024-03-02", known_on="2024-04-15") == "awaiting"
    withdrawn_twice = [*actions[:2], act(3, "2024-05-01", corrects=2, withdraws=True)]
    assert response_on(withdrawn_twice, "2024-12-31") == "awaiting"


def test_a_correction_removes_also_before_its_own_day() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-09-01", response="rejected", corrects=1),
    ]
    assert response_on(actions, "2024-04-01") == "awaiting"
    assert response_on(actions, "2024-09-01") == "rejected"


def test_a_correction_may_drop_a_target_or_add_one() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted", recommendations=[1, 2]),
        act(2, "2024-03-01", response="accepted", recommendations=[1, 3], corrects=1),
    ]
    codes = [fold(actions, as_of=END, recommendation=key).response_code for key in (1, 2, 3)]
    assert codes == ["accepted", "awaiting", "accepted"]
    assert fold(actions, as_of=END, recommendation=2).corrected == {1: 2}
    assert fold(actions, as_of=END, recommendation=3).corrected == {}


def test_effective_is_in_the_order_of_the_history() -> None:
    actions = [
        act(4, "2024-03-02", response="accepted", corrects=3),
        act(3, "2024-03-05", response="rejected"),
        act(2, "2024-03-01", response="partial", published="2024-03-09"),
        act(1, "2024-03-02", response="under_study"),
    ]
    assert [action.number for action in effective(actions)] == [2, 1, 4]
    assert [action.number for action in effective(actions, day("2024-03-08"))] == [1, 4]


def test_a_correction_plays_the_role_of_what_it_replaces() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted", stage="initial"),
        act(2, "2024-03-01", response="partial", corrects=1),
        act(3, "2024-03-01", response="partial", stage="final", corrects=2),
        act(4, "2024-03-02", kind="meeting", cycle=1),
        act(5, "2024-03-03", cycle=1, corrects=4),
        act(6, "2024-03-03", cycle=1, corrects=5, withdraws=True),
        act(7, "2024-03-04", response="accepted", stage="final"),
        act(8, "2024-03-04", corrects=7),
        act(9, "2024-03-04", corrects=8),
    ]
    found = roles(actions)
    assert [(found[n].kind, found[n].stage) for n in (1, 2, 3)] == [
        ("response", "initial"),
        ("response", "initial"),
        ("response", "final"),
    ]
    assert [found[n].kind for n in (4, 5, 6)] == ["meeting"] * 3
    # A meeting sets nothing: its correction carries it all the same. A response without a value
    # is none.
    assert [found[n].withdraws for n in range(1, 10)] == [False] * 5 + [True, False, True, True]


# -- whose response it is ------------------------------------------------------------------------


def test_the_response_is_the_deciding_bodys() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-04-01", response="rejected", body=AGENCY),
        act(3, "2024-04-02", response="under_study", body=COUNCIL),
        act(4, "2024-04-03", response="referred", body=AGENCY),
    ]
    found = fold(actions, as_of=END, recommendation=1, deciding_body=GOVERNMENT)
    assert found.response_code == "accepted"
    assert {body: value.value for body, value in found.other_responses.items()} == {
        AGENCY: "referred",
        COUNCIL: "under_study",
    }
    anyone = fold(actions, as_of=END, recommendation=1)
    assert (anyone.response_code, anyone.other_responses) == ("referred", {})


def test_a_vote_is_the_councils_response() -> None:
    """The City's advice, the Council's vote and the delivery contradict one another: all kept."""
    actions = [
        act(1, "2024-03-01", response="rejected"),
        act(2, "2024-03-20", response="accepted", kind="vote", body=COUNCIL),
        act(3, "2024-06-01", implementation="stopped"),
    ]
    found = fold(actions, as_of=END, recommendation=1, deciding_body=COUNCIL)
    assert found.response_code == "accepted"
    assert found.other_responses[GOVERNMENT].value == "rejected"
    assert found.implementation_code == "stopped"
    advised = fold(actions, as_of=END, recommendation=1, deciding_body=GOVERNMENT)
    assert advised.response_code == "rejected"
    assert advised.other_responses[COUNCIL].value == "accepted"


def test_a_response_of_nobody_named_is_the_deciding_bodys() -> None:
    actions = [act(1, "2024-03-01", response="accepted", body=None)]
    found = fold(actions, as_of=END, recommendation=1, deciding_body=GOVERNMENT)
    assert (found.response_code, found.other_responses) == ("accepted", {})
    assert len(spans(actions, recommendation=1, deciding_body=GOVERNMENT)) == 1


def test_a_handover_answers_nothing() -> None:
    actions = [act(1, "2024-03-01", response="accepted", kind="handover", body=ASSEMBLY)]
    found = fold(actions, as_of=END, recommendation=1, deciding_body=GOVERNMENT)
    assert found.response is None
    assert found.other_responses[ASSEMBLY].value == "accepted"


def test_the_handover_opens_the_wait_for_whoever_decides() -> None:
    handover = act(
        1,
        "2024-03-01",
        response="awaiting",
        kind="handover",
        body=ASSEMBLY,
        decision_due="2025-03-01",
    )
    actions = [
        handover,
        act(2, "2024-03-02", response="awaiting", body=ASSEMBLY, corrects=1),
    ]
    for facts_given in ([handover], actions):
        found = fold(facts_given, as_of=END, recommendation=1, deciding_body=GOVERNMENT)
        assert found.response is not None
        assert found.response.value == "awaiting"
        assert found.other_responses == {}
        assert len(spans(facts_given, recommendation=1, deciding_body=GOVERNMENT)) == 1


# -- the opinion, and what it has not seen -------------------------------------------------------


def test_what_an_opinion_has_not_seen() -> None:
    opinion = act(3, "2024-05-10", opinion="to_clarify", body=COMMITTEE, opinion_object="answer")
    actions = [
        act(1, "2024-05-01", response="accepted"),
        act(2, "2024-05-10", implementation="preparation"),  # that day, but before it
        opinion,
        act(4, "2024-05-10", implementation="under_way"),  # that day, after it: 1
        act(5, "2024-04-01", kind="meeting"),  # published later, happened before
        act(6, "2024-06-01", kind="budget"),  # sets nothing, and counts: 2
        act(7, "2024-06-02", kind="opinion", body=COMMITTEE),  # words of the committee itself
        act(8, "2024-06-03", kind="handover", body=ASSEMBLY),
        act(9, "2024-06-04", kind="progress", recommendations=[2]),  # another one's
        act(10, "2024-06-05", response="rejected"),  # corrected below
        act(11, "2024-06-06", response="partial", corrects=10),  # 3
        act(12, "2024-06-07", kind="progress", measures=[1]),  # of a measure that serves it: 4
        act(13, "2024-06-08", kind="progress", measures=[1], recommendations=[1]),  # once: 4, 5
    ]

    def unseen(date: str, **more: Any) -> int:
        return fold(actions, as_of=day(date), recommendation=1, **more).unseen

    assert unseen("2024-05-09") == 0
    assert unseen("2024-05-10") == 1
    assert unseen("2024-06-01") == 2
    assert unseen("2024-06-07") == 3
    assert unseen("2024-06-07", serving=[1]) == 4
    assert unseen("2024-12-31") == 4
    assert unseen("2024-12-31", serving=[1]) == 5
    assert unseen("2024-12-31", serving=[2]) == 4
    renewed = [*actions, replace(opinion, number=14, first=END, last=END)]
    assert fold(renewed, as_of=END, recommendation=1).unseen == 0


# -- lead and deadline ---------------------------------------------------------------------------


def test_lead_and_deadline_are_folded_and_the_first_date_stays_readable() -> None:
    actions = [
        act(1, "2024-03-01", kind="lead", measures=[1], lead=AGENCY, deadline="2025-12-31"),
        act(2, "2024-06-01", kind="postponed", measures=[1], deadline_words=True),
        act(3, "2025-06-01", kind="postponed", measures=[1], deadline="2027-03-31"),
        act(4, "2025-07-01", kind="lead", measures=[1], lead=COUNCIL),
    ]
    early = fold(actions, as_of=day("2024-05-01"), measure=1)
    assert early.lead is not None
    assert early.deadline is not None
    assert (early.lead.key, early.deadline.date) == (AGENCY, day("2025-12-31"))
    assert not early.postponed

    in_words = fold(actions, as_of=day("2024-06-01"), measure=1)
    assert in_words.deadline is not None
    assert (in_words.deadline.date, in_words.deadline.set_by) == (None, 2)
    assert in_words.postponed

    late = fold(actions, as_of=END, measure=1)
    assert late.lead is not None
    assert late.deadline is not None
    assert late.first_deadline is not None
    assert (late.lead.key, late.deadline.date) == (COUNCIL, day("2027-03-31"))
    assert late.first_deadline.date == day("2025-12-31")
    assert [value.set_by for value in late.deadlines] == [1, 2, 3]
    assert late.postponed


def test_two_dates_in_words_are_two_dates() -> None:
    actions = [
        act(1, "2024-03-01", measures=[1], deadline_words=True),
        act(2, "2024-06-01", measures=[1], deadline_words=True),
    ]
    assert not fold(actions, as_of=day("2024-05-01"), measure=1).postponed
    assert fold(actions, as_of=END, measure=1).postponed


def test_a_date_said_again_is_not_postponed() -> None:
    actions = [
        act(1, "2024-03-01", measures=[1], deadline="2025-12-31"),
        act(2, "2024-06-01", measures=[1], deadline="2025-12-31"),
    ]
    assert not fold(actions, as_of=END, measure=1).postponed


# -- the last step -------------------------------------------------------------------------------


def test_last_action() -> None:
    actions = [
        act(1, "2024-03-01", response="accepted"),
        act(2, "2024-04-01", kind="meeting"),
        act(3, "2024-05-01", kind="progress", measures=[1]),
        act(4, "2024-06-01", kind="meeting", cycle=1),
        act(5, "2024-07-01", kind="meeting"),
        act(6, "2024-08-01", corrects=5, withdraws=True),
    ]
    assert fold(actions, as_of=END, recommendation=1).last_action == day("2024-04-01")
    served = fold(actions, as_of=END, recommendation=1, serving=[1])
    assert served.last_action == day("2024-05-01")
    before = fold(actions, as_of=END, known_on=day("2024-07-31"), recommendation=1)
    assert before.last_action == day("2024-07-01")


def test_measures_are_counted_never_averaged() -> None:
    measures = Measures.of(["delivered", "continuous", "stopped", "partly", None, ""])
    assert measures.total == 6
    assert measures.done == 2
    assert measures.by_value == {
        "delivered": 1,
        "continuous": 1,
        "stopped": 1,
        "partly": 1,
        "not_started": 2,
    }
    assert measures.count("stopped", "void") == 1


# -- spans ---------------------------------------------------------------------------------------


def test_spans_worked_out_by_hand() -> None:
    actions = [
        act(1, "2024-03-01", response="under_study"),
        act(2, "2024-03-20", response="rejected", body=AGENCY),
        act(3, "2024-04-01", response="accepted"),  # stands for no day
        act(4, "2024-04-01", response="partial", lead=AGENCY),
        act(5, "2024-05-01", response="partial"),  # the same again: a span of its own
        act(6, "2024-05-10", response="accepted"),  # corrected
        act(7, "2024-05-12", response="accepted", corrects=6, deadline_words=True),
        act(8, "2024-05-01/2024-05-31", implementation="under_way"),
        act(9, "2024-03-15", implementation="preparation", published="2024-06-10"),
    ]

    def span(
        axis: str, value: str, start: str, end: str | None, set_by: int, body: int = GOVERNMENT
    ) -> Span:
        return Span(
            axis=axis,
            value=value,
            start=day(start),
            end=day(end) if end else None,
            set_by=set_by,
            body=body,
        )

    assert spans(actions, recommendation=1, deciding_body=GOVERNMENT) == [
        span("response", "under_study", "2024-03-01", "2024-04-01", 1),
        span("response", "partial", "2024-04-01", "2024-05-01", 4),
        span("response", "partial", "2024-05-01", "2024-05-12", 5),
        span("response", "accepted", "2024-05-12", None, 7),
        span("implementation", "preparation", "2024-03-15", "2024-05-31", 9),
        span("implementation", "under_way", "2024-05-31", None, 8),
        span("lead", str(AGENCY), "2024-04-01", None, 4),
        span("deadline", "", "2024-05-12", None, 7),
    ]
    responses = [found for found in spans(actions, recommendation=1) if found.axis == "response"]
    assert [found.set_by for found in responses] == [1, 2, 4, 5, 7]
    assert spans(actions, recommendation=2) == []


def test_spans_of_a_long_history_take_no_quadratic_time() -> None:
    start = day("2000-01-01")
    actions = [
        act(number, str(start + datetime.timedelta(days=number // 3)), implementation="under_way")
        for number in range(1, 30_001)
    ]
    random.Random(3).shuffle(actions)
    begun = time.perf_counter()
    found = spans(actions, recommendation=1)
    assert time.perf_counter() - begun < 5
    assert len(found) == 10_001


# -- the timeline --------------------------------------------------------------------------------


def test_history_says_what_each_step_changed() -> None:
    actions = [
        act(1, "2024-03-01", response="under_study"),
        act(2, "2024-03-01", response="accepted", lead=AGENCY),
        act(3, "2024-03-05", response="rejected"),
        act(4, "2024-03-04", response="partial", corrects=3),
        act(5, "2024-03-04", response="referred", body=COUNCIL),
        act(6, "2024-03-06", kind="meeting"),
        act(7, "2024-03-07", response="rejected", recommendations=[2]),
    ]
    steps = history(actions, recommendation=1, deciding_body=GOVERNMENT)
    assert [
        (
            step.action.number,
            step.kind,
            step.corrected_by,
            [
                (each.axis, each.before and each.before.value, each.after.value, each.deciding)
                for each in step.alterations
            ],
        )
        for step in steps
    ] == [
        (1, "response", None, [("response", None, "under_study", True)]),
        (
            2,
            "response",
            None,
            [("response", "under_study", "accepted", True), ("lead", None, str(AGENCY), True)],
        ),
        (4, "response", None, [("response", "accepted", "partial", True)]),
        (5, "response", None, [("response", None, "referred", False)]),
        (3, "response", 4, []),
        (6, "meeting", None, []),
    ]
    before = history(
        actions, recommendation=1, deciding_body=GOVERNMENT, known_on=day("2024-03-03")
    )
    assert [step.action.number for step in before] == [1, 2]


# -- over random histories -----------------------------------------------------------------------

DAYS = [
    FIRST_DAY + datetime.timedelta(days=number)
    for number in range(-15, (LAST_DAY - FIRST_DAY).days + 90)
]
bodies = st.sampled_from((None, *BODIES))
subjects = st.sampled_from(SUBJECTS)


@settings(deadline=None, max_examples=150)
@given(histories(), subjects, bodies, st.randoms(use_true_random=False))
def test_spans_are_the_fold_of_every_day(
    actions: list[Action],
    subject: dict[str, Any],
    deciding_body: int | None,
    shuffler: random.Random,
) -> None:
    shuffled = list(actions)
    shuffler.shuffle(shuffled)
    found = spans(shuffled, **subject, deciding_body=deciding_body)
    for date in DAYS:
        folded = fold(actions, as_of=date, **subject, deciding_body=deciding_body)
        for axis in facts.AXES:
            standing = [
                (span.value, span.start, span.set_by, span.body)
                for span in found
                if span.axis == axis and span.start <= date and (not span.end or span.end > date)
            ]
            value = value_on(folded, axis)
            assert standing == (
                [(value.value, value.since, value.set_by, value.body)] if value else []
            ), (axis, date)


@settings(deadline=None)
@given(histories(), subjects, bodies)
def test_spans_follow_each_other(
    actions: list[Action], subject: dict[str, Any], deciding_body: int | None
) -> None:
    found = spans(actions, **subject, deciding_body=deciding_body)
    for axis in facts.AXES:
        own = [span for span in found if span.axis == axis]
        assert [span.end for span in own] == [*[span.start for span in own[1:]], None][: len(own)]
        assert all(span.end is None or span.start < span.end for span in own)
    assert found == sorted(found, key=lambda span: (facts.AXES.index(span.axis), span.start))


@settings(deadline=None)
@given(histories(), subjects, bodies, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_known_on_is_a_world_without_what_came_later(
    actions: list[Action],
    subject: dict[str, Any],
    deciding_body: int | None,
    as_of: datetime.date,
    known_on: datetime.date,
) -> None:
    published = [action for action in actions if action.published <= known_on]
    assert fold(
        actions, as_of=as_of, known_on=known_on, **subject, deciding_body=deciding_body
    ) == fold(published, as_of=as_of, **subject, deciding_body=deciding_body)
    assert history(actions, known_on=known_on, **subject, deciding_body=deciding_body) == history(
        published, **subject, deciding_body=deciding_body
    )


@settings(deadline=None)
@given(histories(), subjects, bodies)
def test_what_was_corrected_is_as_if_it_had_never_been(
    actions: list[Action], subject: dict[str, Any], deciding_body: int | None
) -> None:
    """Dropping every corrected action, and what the corrections name, leaves each day's values."""
    corrected = {action.corrects for action in actions}
    rest = [
        replace(action, corrects=None, kind=roles(actions)[action.number].kind)
        for action in actions
        if action.number not in corrected
    ]
    for date in DAYS[::5]:
        was = fold(actions, as_of=date, **subject, deciding_body=deciding_body)
        now = fold(rest, as_of=date, **subject, deciding_body=deciding_body)
        assert replace(was, corrected={}, last_action=None) == replace(
            now, corrected={}, last_action=None
        )


@settings(deadline=None)
@given(histories(), subjects, bodies)
def test_the_timeline_ends_in_the_state(
    actions: list[Action], subject: dict[str, Any], deciding_body: int | None
) -> None:
    found = fold(actions, as_of=datetime.date.max, **subject, deciding_body=deciding_body)
    last = {
        each.axis: each.after
        for step in history(actions, **subject, deciding_body=deciding_body)
        for each in step.alterations
        if each.deciding
    }
    assert last == {axis: value_on(found, axis) for axis in facts.AXES if value_on(found, axis)}


# -- the house -----------------------------------------------------------------------------------


def test_codes_are_those_of_the_lists() -> None:
    assert set(facts.AXES) == set(enums.Axis.values)
    assert facts.AWAITING == enums.Response.AWAITING
    assert state.NOT_STARTED == enums.Implementation.NOT_STARTED
    assert state.NOT_EXAMINED == enums.Opinion.NOT_EXAMINED
    assert set(enums.DONE_IMPLEMENTATIONS) == state.DONE
    assert facts.HANDOVER == enums.Kind.HANDOVER
    assert facts.CORRECTION == enums.Kind.CORRECTION
    assert state.OPINION_KIND == enums.Kind.OPINION
    assert all(hasattr(state.State(), axis) for axis in facts.AXES)


def test_the_cores_are_pure() -> None:
    program = (
        "import sys, assemblies.state, assemblies.steps, assemblies.duties, assemblies.presets; "
        "sys.exit(', '.join(name for name in sys.modules if name.startswith('django')) or None)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
