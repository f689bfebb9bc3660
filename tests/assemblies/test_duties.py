"""What is owed by when, and what came of it: tables worked out by hand with a calendar."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblies import duties as clock
from assemblies import enums
from assemblies.duties import Duty, Rule, add_months, duties, next_due, silent
from assemblies.facts import Action
from assemblies.presets import PRESETS
from tests.assemblies.histories import AGENCY, CYCLE, GOVERNMENT, act, day, histories

Summary = tuple[int, str, str, str | None, int | None, int]


def rule(**fields: Any) -> Rule:
    defaults: dict[str, Any] = {
        "key": 1,
        "code": "response",
        "trigger": "handover",
        "subject": "recommendation",
        "delay": 12,
        "answered_by": frozenset({"response"}),
    }
    return Rule(**(defaults | fields))


def preset(code: str) -> list[Rule]:
    return [
        Rule(
            key=key,
            code=each["code"],
            trigger=each["trigger"],
            subject=each["subject"],
            delay=each["delay"],
            unit=each["unit"],
            every=each["every"],
            count=each["count"],
            answered_by=frozenset(each["answered_by"]),
            stage=each["stage"],
            closed_by=frozenset(each["closed_by"]),
        )
        for key, each in enumerate(PRESETS[code]["rules"], start=1)
    ]


def owed(
    rules: Rule | list[Rule],
    actions: list[Action],
    as_of: str,
    trigger: str | None = "2024-01-15",
    **more: Any,
) -> list[Duty]:
    """Of recommendation 1, unless said otherwise, with every clock started on one day."""
    if not {"cycle", "recommendation", "measure"} & set(more):
        more["recommendation"] = 1
    start = day(trigger) if trigger else None
    return duties(
        [rules] if isinstance(rules, Rule) else rules,
        {"handover": start, "adoption": start, "publication": start},
        actions,
        as_of=day(as_of),
        **more,
    )


def told(found: list[Duty]) -> list[Summary]:
    return [
        (
            duty.n,
            duty.due.isoformat(),
            duty.status,
            duty.on.isoformat() if duty.on else None,
            duty.by,
            duty.days,
        )
        for duty in found
    ]


# -- calendar months -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2023-06-09", 3, "2023-09-09"),
        ("2023-06-09", 12, "2024-06-09"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-30", 1, "2023-02-28"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-10-31", 2, "2024-12-31"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-05-31", 0, "2024-05-31"),
        ("9999-11-30", 3, "9999-12-31"),
    ],
)
def test_add_months(start: str, months: int, expected: str) -> None:
    assert add_months(day(start), months) == day(expected)


def test_occurrences_are_reckoned_from_the_trigger() -> None:
    """From 31 August every six months: the end of February does not drag August to its 28th."""
    half_yearly = rule(delay=6, every=6)
    found = owed(half_yearly, [], "2026-01-01", trigger="2023-08-31")
    assert [duty.due.isoformat() for duty in found] == [
        "2024-02-29",
        "2024-08-31",
        "2025-02-28",
        "2025-08-31",
        "2026-02-28",
    ]


def test_days_are_days() -> None:
    found = owed(rule(delay=30, unit="days"), [], "2024-02-01", trigger="2024-01-31")
    assert told(found) == [(1, "2024-03-01", "due", None, None, 0)]


# -- one duty ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2023-06-08", []),  # the clock has not started
        ("2023-06-09", [(1, "2023-09-09", "due", None, None, 0)]),
        ("2023-09-09", [(1, "2023-09-09", "due", None, None, 0)]),  # its last day
        ("2023-09-10", [(1, "2023-09-09", "late", None, None, 1)]),
        ("2023-09-27", [(1, "2023-09-09", "late", None, None, 18)]),
        ("2023-09-28", [(1, "2023-09-09", "met_late", "2023-09-28", 1, 19)]),
        ("2026-11-12", [(1, "2023-09-09", "met_late", "2023-09-28", 1, 19)]),
    ],
)
def test_the_first_answer_of_brussels_came_19_days_late(
    as_of: str, expected: list[Summary]
) -> None:
    first_answer = act(1, "2023-09-28", kind="response", stage="initial", cycle=CYCLE)
    found = owed(preset("brussels")[0], [first_answer], as_of, trigger="2023-06-09", cycle=CYCLE)
    assert told(found) == expected


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ("2024-03-01/2024-03-31", (1, "2024-03-31", "met", "2024-03-31", 1, 0)),
        ("2024-01-01/2024-12-31", (1, "2024-03-31", "met_late", "2024-12-31", 1, 275)),
    ],
)
def test_met_from_the_last_day(happened: str, expected: Summary) -> None:
    actions = [act(1, happened, response="accepted")]
    assert told(owed(rule(delay=3), actions, "2025-06-01", trigger="2023-12-31")) == [expected]


def test_no_trigger_no_duty() -> None:
    assert owed(rule(), [], "2026-01-01", trigger=None) == []
    assert duties([rule()], {}, [], as_of=day("2026-01-01"), recommendation=1) == []


def test_only_rules_owed_for_this_noun() -> None:
    rules = [rule(subject="cycle"), rule(key=2, subject="measure")]
    assert owed(rules, [], "2024-02-01") == []
    assert [duty.rule.key for duty in owed(rules, [], "2024-02-01", cycle=1)] == [1]
    assert [duty.rule.key for duty in owed(rules, [], "2024-02-01", measure=1)] == [2]


def test_one_subject() -> None:
    with pytest.raises(ValueError, match="one subject"):
        owed(rule(), [], "2024-02-01", cycle=1, measure=1)
    with pytest.raises(ValueError, match="one subject"):
        duties([], {}, [], as_of=day("2024-01-01"))


# -- what answers --------------------------------------------------------------------------------

AS_OF = "2024-06-01"


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({"response": "accepted"}, True),
        ({"response": "under_study", "recommendations": [1, 2]}, True),
        ({"response": "accepted", "recommendations": [2]}, False),
        ({"kind": "response", "cycle": 1}, False),  # on the cycle: not on this recommendation
        ({"kind": "response", "group": 1}, False),
        ({"response": "accepted", "measures": [1]}, False),
        ({"implementation": "delivered"}, False),
        ({"kind": "meeting", "answers": 1}, True),  # it says so
        ({"kind": "meeting", "answers": 2}, False),  # another duty
        ({"kind": "meeting", "answers": 1, "recommendations": [2]}, False),
        ({"response": "accepted", "body": AGENCY}, False),  # not the deciding body
        ({"response": "accepted", "body": AGENCY, "answers": 1}, True),
        ({"response": "accepted", "kind": "vote"}, False),
    ],
)
def test_what_answers(fields: dict[str, Any], answers: bool) -> None:
    action = act(7, "2024-03-01", **fields)
    found = owed(rule(), [action], AS_OF, deciding_body=GOVERNMENT)
    assert [duty.by for duty in found] == [7 if answers else None]


def test_anyone_answers_where_nobody_decides() -> None:
    action = act(1, "2024-03-01", response="accepted", body=AGENCY)
    assert owed(rule(), [action], AS_OF)[0].status == "met"


@pytest.mark.parametrize(
    ("subject", "fields", "answers"),
    [
        ({"cycle": 1}, {"cycle": 1}, True),
        ({"cycle": 1}, {"cycle": 2}, False),
        ({"cycle": 1}, {"recommendations": [1]}, False),
        ({"measure": 1}, {"measures": [1, 2]}, True),
        ({"measure": 1}, {"recommendations": [1]}, False),
    ],
)
def test_the_subject_must_be_named(
    subject: dict[str, Any], fields: dict[str, Any], answers: bool
) -> None:
    report = rule(subject=next(iter(subject)), answered_by=frozenset({"report"}))
    found = owed(report, [act(1, "2024-03-01", kind="report", **fields)], AS_OF, **subject)
    assert (found[0].status == "met") is answers


@pytest.mark.parametrize(
    ("asked", "given", "answers"),
    [
        ("", "interim", True),
        ("final", "final", True),
        ("final", "initial", False),
        ("final", "", False),
        ("initial", "initial", True),
        ("initial", "interim", False),
        ("initial", "final", True),  # a final answer given early meets both
    ],
)
def test_the_stage_of_an_answer(asked: str, given: str, answers: bool) -> None:
    action = act(1, "2024-03-01", response="accepted", stage=given)
    found = owed(rule(stage=asked), [action], AS_OF)
    assert (found[0].status == "met") is answers


def test_an_early_final_answer_meets_both() -> None:
    rules = [rule(key=1, delay=3, stage="initial"), rule(key=2, delay=12, stage="final")]
    final = act(1, "2024-05-01", response="accepted", stage="final")
    initial_after = act(2, "2024-05-20", response="accepted", stage="initial")
    expected = [
        (1, "2024-04-15", "met_late", "2024-05-01", 1, 16),
        (1, "2025-01-15", "met", "2024-05-01", 1, 0),
    ]
    assert told(owed(rules, [final], AS_OF)) == expected
    assert told(owed(rules, [final, initial_after], AS_OF)) == expected
    initial_before = act(3, "2024-04-01", response="under_study", stage="initial")
    assert told(owed(rules, [final, initial_before], AS_OF))[0] == (
        (1, "2024-04-15", "met", "2024-04-01", 3, 0)
    )


def test_corrections_answer_in_the_place_of_what_they_replace() -> None:
    answer = act(1, "2024-03-01", response="accepted", stage="final")
    moved = act(2, "2025-02-01", response="accepted", corrects=1)
    gone = act(3, "2025-03-01", corrects=2, withdraws=True)
    final = rule(stage="final")
    assert owed(final, [answer], "2025-06-01")[0].by == 1
    assert told(owed(final, [answer, moved], "2025-06-01")) == [
        (1, "2025-01-15", "met_late", "2025-02-01", 2, 17)
    ]
    late = (1, "2025-01-15", "late", None, None, 137)
    assert told(owed(final, [answer, moved, gone], "2025-06-01")) == [late]
    # A correction is known from its publication, and then on every day.
    assert owed(final, [answer, moved], "2024-06-01")[0].status == "due"
    then = owed(final, [answer, moved], "2024-06-01", known_on=day("2024-06-01"))
    assert then[0].status == "met"


def test_a_corrected_meeting_still_answers() -> None:
    meeting = rule(answered_by=frozenset({"meeting"}))
    actions = [act(1, "2024-03-01", kind="meeting"), act(2, "2024-03-08", corrects=1)]
    assert told(owed(meeting, actions, AS_OF)) == [(1, "2025-01-15", "met", "2024-03-08", 2, 0)]


def test_what_happened_before_the_clock_started_does_not_count() -> None:
    meeting = rule(answered_by=frozenset({"meeting"}))
    assert owed(meeting, [act(1, "2024-01-14", kind="meeting")], AS_OF)[0].status == "due"
    assert owed(meeting, [act(1, "2024-01-15", kind="meeting")], AS_OF)[0].status == "met"
    says_so = act(1, "2024-01-14", kind="meeting", answers=1)
    assert owed(meeting, [says_so], AS_OF)[0].status == "met"


@pytest.mark.parametrize(
    ("happened", "kind"), [("2024-02-01", "lead"), ("2023-12-01", "lead"), ("2024-02-01", "report")]
)
def test_a_lead_named_is_a_lead_whenever_and_however(happened: str, kind: str) -> None:
    naming = act(1, happened, kind=kind, measures=[1], lead=AGENCY)
    found = owed(preset("paris"), [naming], AS_OF, measure=1)
    assert told(found) == [(1, "2024-04-15", "met", happened, 1, 0)]
    nobody = act(1, happened, kind="report", measures=[1])
    assert owed(preset("paris"), [nobody], AS_OF, measure=1)[0].status == "late"


# -- several, and recurring ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meetings", "expected"),
    [
        ([], [("late", None), ("late", None)]),
        (["2023-12-07"], [("met", 1), ("late", None)]),
        (["2023-12-07", "2024-03-14"], [("met", 1), ("met", 2)]),
        (["2023-12-07", "2023-12-07"], [("met", 1), ("met", 2)]),
        (["2024-09-01", "2024-03-14"], [("met", 2), ("met_late", 1)]),
        (["2023-12-07", "2024-03-14", "2024-04-01"], [("met", 1), ("met", 2)]),
    ],
)
def test_two_meetings_within_a_year(
    meetings: list[str], expected: list[tuple[str, int | None]]
) -> None:
    actions = [
        act(number, happened, kind="meeting", cycle=CYCLE)
        for number, happened in enumerate(meetings, start=1)
    ]
    found = [
        duty
        for duty in owed(
            preset("brussels"), actions, "2024-10-01", trigger="2023-06-09", cycle=CYCLE
        )
        if duty.rule.code == "formal_meetings"
    ]
    assert [(duty.status, duty.by) for duty in found] == expected
    assert [(duty.n, duty.due) for duty in found] == [
        (1, day("2024-06-09")),
        (2, day("2024-06-09")),
    ]


def yearly(reports: list[str], as_of: str, **more: Any) -> list[Summary]:
    actions = [
        act(number, happened, kind="report") for number, happened in enumerate(reports, start=1)
    ]
    booklet = rule(every=12, answered_by=frozenset({"report"}), closed_by=frozenset({"end"}))
    return told(owed(booklet, actions + more.pop("also", []), as_of, trigger="2023-03-15", **more))


def test_a_yearly_report_published_early_and_late() -> None:
    assert yearly(["2024-02-20", "2025-04-10", "2026-03-01"], "2026-06-01") == [
        (1, "2024-03-15", "met", "2024-02-20", 1, 0),
        (2, "2025-03-15", "met_late", "2025-04-10", 2, 26),
        (3, "2026-03-15", "met", "2026-03-01", 3, 0),
        (4, "2027-03-15", "due", None, None, 0),
    ]


def test_two_reports_in_one_year_answer_one() -> None:
    assert yearly(["2024-02-20", "2024-03-15"], "2025-03-15") == [
        (1, "2024-03-15", "met", "2024-02-20", 1, 0),
        (2, "2025-03-15", "due", None, None, 0),
    ]
    # The day after the due date, the second one is next year's.
    assert yearly(["2024-02-20", "2024-03-16"], "2025-03-16")[1] == (
        (2, "2025-03-15", "met", "2024-03-16", 2, 0)
    )


def test_one_report_after_two_years_of_silence_answers_the_older() -> None:
    assert yearly(["2025-04-01"], "2025-06-01") == [
        (1, "2024-03-15", "met_late", "2025-04-01", 1, 382),
        (2, "2025-03-15", "late", None, None, 78),
        (3, "2026-03-15", "due", None, None, 0),
    ]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2023-03-15", ["due"]),
        ("2024-03-15", ["due"]),
        ("2024-03-16", ["late", "due"]),
        ("2025-03-15", ["late", "due"]),
        ("2025-03-16", ["late", "late", "due"]),
    ],
)
def test_exactly_one_occurrence_is_yet_to_come(as_of: str, expected: list[str]) -> None:
    assert [each[2] for each in yearly([], as_of)] == expected


def test_an_occurrence_met_early_lets_the_next_one_be_seen() -> None:
    assert yearly(["2023-05-01"], "2023-06-01") == [
        (1, "2024-03-15", "met", "2023-05-01", 1, 0),
        (2, "2025-03-15", "due", None, None, 0),
    ]


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2025-03-16", ["met", "late"]),  # the occurrence of the day before was owed
        ("2025-03-15", ["met"]),  # on its due date: no longer owed
        ("2024-06-01", ["met"]),
        ("2024-02-25", ["met"]),  # met before the end, and told
        ("2024-02-19", []),  # what came after the end is not counted
        ("2027-01-01", ["met", "late", "late", "due"]),  # not yet, on the day asked for
    ],
)
def test_the_end_of_follow_up_ends_what_recurs(ended: str, expected: list[str]) -> None:
    end = act(9, ended, kind="end")
    assert [each[2] for each in yearly(["2024-02-20"], "2026-06-01", also=[end])] == expected


def test_an_end_put_right_ends_on_its_own_day() -> None:
    also = [act(8, "2023-06-01", kind="end"), act(9, "2024-04-01", corrects=8)]
    assert [each[2] for each in yearly([], "2024-06-01", also=also)] == ["late"]


def test_an_end_withdrawn_ends_nothing() -> None:
    also = [act(8, "2023-06-01", kind="end"), act(9, "2023-07-01", corrects=8, withdraws=True)]
    assert [each[2] for each in yearly([], "2024-06-01", also=also)] == ["late", "due"]
    elsewhere = [act(8, "2023-06-01", kind="end", recommendations=[2])]
    assert [each[2] for each in yearly([], "2024-06-01", also=elsewhere)] == ["late", "due"]


def test_first_after_three_months_then_every_six() -> None:
    reports = [
        act(1, "2024-05-01", kind="report", cycle=CYCLE),
        act(2, "2024-10-01", kind="report", cycle=CYCLE),
    ]
    found = owed(preset("democracynext"), reports, "2025-05-01", trigger="2024-01-31", cycle=CYCLE)
    assert told(found) == [
        (1, "2024-04-30", "met_late", "2024-05-01", 1, 1),
        (2, "2024-10-31", "met", "2024-10-01", 2, 0),
        (3, "2025-04-30", "late", None, None, 1),
        (4, "2025-10-31", "due", None, None, 0),
    ]


def test_a_far_date_is_no_endless_loop() -> None:
    found = owed(rule(every=12), [], "9999-12-31", trigger="9990-12-31")
    assert [duty.due.year for duty in found] == list(range(9991, 10_000))
    assert owed(rule(unit="days", delay=9), [], "9999-12-31", trigger="9999-12-31")[0].due == (
        datetime.date.max
    )


# -- what stands beside --------------------------------------------------------------------------


def test_a_suspension_stands_beside_and_changes_nothing() -> None:
    suspension = act(1, "2024-06-09", kind="suspension", cycle=CYCLE)
    postponed = act(2, "2024-12-01", kind="postponed", deadline="2026-01-01")
    elsewhere = act(3, "2024-12-01", kind="postponed", recommendations=[2], deadline="2026-01-01")
    answer = act(4, "2025-02-01", response="rejected")
    after = act(5, "2025-02-02", kind="suspension")
    actions = [suspension, postponed, elsewhere, answer, after]
    around: dict[str, Any] = {"within": [("cycle", CYCLE)]}

    met = owed(rule(), actions, "2025-06-01", **around)
    assert told(met) == [(1, "2025-01-15", "met_late", "2025-02-01", 4, 17)]
    assert met[0].explained_by == (1, 2)
    assert owed(rule(), actions, "2025-06-01")[0].explained_by == (2,)

    late = owed(rule(), actions, "2025-01-31", **around)
    assert told(late) == [(1, "2025-01-15", "late", None, None, 16)]
    assert late[0].explained_by == (1, 2)
    due = owed(rule(), actions, "2024-07-01", **around)
    assert told(due) == [(1, "2025-01-15", "due", None, None, 0)]
    assert due[0].explained_by == (1,)

    in_time = owed(rule(delay=24), actions, "2025-06-01", **around)
    assert (in_time[0].status, in_time[0].explained_by) == ("met", ())
    withdrawn = [*actions, act(6, "2025-01-01", corrects=2, withdraws=True)]
    assert owed(rule(), withdrawn, "2025-06-01", **around)[0].explained_by == (1,)


def test_what_explains_one_year_does_not_explain_the_next() -> None:
    suspension = act(1, "2024-03-01", kind="suspension")
    found = owed(rule(every=12), [suspension], "2026-02-01", trigger="2023-03-15")
    assert [(duty.due.year, duty.explained_by) for duty in found] == [
        (2024, (1,)),
        (2025, ()),
        (2026, ()),
    ]


# -- next due, silent ----------------------------------------------------------------------------


def test_next_due() -> None:
    rules = [rule(key=1, delay=3, stage="initial"), rule(key=2, delay=12, stage="final")]
    answer = act(1, "2024-03-01", response="under_study", stage="initial")
    late = owed(rules, [], AS_OF)
    first_met = owed(rules, [answer], AS_OF)
    assert next_due(late) == day("2024-04-15")
    assert next_due(first_met) == day("2025-01-15")
    assert next_due(first_met, day("2024-09-01")) == day("2024-09-01")
    assert next_due(late, day("2024-09-01")) == day("2024-04-15")
    assert next_due([], day("2024-09-01")) == day("2024-09-01")
    assert next_due([]) is None


@pytest.mark.parametrize(
    ("last_action", "handed_over", "months", "as_of", "expected"),
    [
        ("2024-02-29", "2023-06-09", 12, "2025-02-28", None),  # 12 months, to the day
        ("2024-02-29", "2023-06-09", 12, "2025-03-01", "2024-02-29"),
        (None, "2023-08-31", 6, "2024-02-29", None),
        (None, "2023-08-31", 6, "2024-03-01", "2023-08-31"),
        ("2023-01-01", "2023-08-31", 6, "2024-03-01", "2023-08-31"),  # silent since the handover
        (None, None, 6, "2024-03-01", None),
        ("2023-08-31", None, 6, "2024-03-01", "2023-08-31"),
        ("2023-08-31", None, 0, "2030-01-01", None),
        ("2023-08-31", None, None, "2030-01-01", None),
        ("2024-06-01", None, 6, "2024-03-01", None),
    ],
)
def test_silent(
    last_action: str | None,
    handed_over: str | None,
    months: int | None,
    as_of: str,
    expected: str | None,
) -> None:
    assert silent(
        day(last_action) if last_action else None,
        day(handed_over) if handed_over else None,
        months,
        day(as_of),
    ) == (day(expected) if expected else None)


# -- over random histories -----------------------------------------------------------------------


@settings(deadline=None)
@given(
    histories(),
    st.builds(
        rule,
        delay=st.integers(0, 2),
        every=st.integers(0, 2),
        count=st.integers(1, 2),
        stage=st.sampled_from(("", "initial", "final")),
        answered_by=st.frozensets(st.sampled_from(("response", "report", "progress", "meeting"))),
        closed_by=st.frozensets(st.sampled_from(("suspension",))),
    ),
    st.dates(datetime.date(2024, 1, 1), datetime.date(2024, 9, 1)),
)
def test_no_action_answers_twice_and_nothing_answers_before_it_happened(
    actions: list[Action], asked: Rule, as_of: datetime.date
) -> None:
    found = owed(asked, actions, as_of.isoformat(), trigger="2024-02-01")
    used = [duty.by for duty in found if duty.by is not None]
    assert len(used) == len(set(used))
    corrected = {action.corrects for action in actions}
    by_number = {action.number: action for action in actions}
    for duty in found:
        assert (duty.status in {"met", "met_late"}) is (duty.by is not None)
        assert (duty.days > 0) is (duty.status in {"late", "met_late"})
        if duty.by is not None:
            answer = by_number[duty.by]
            assert duty.by not in corrected
            assert 1 in answer.recommendations
            assert duty.on == answer.last <= as_of
        else:
            assert (duty.status == "late") is (as_of > duty.due)
    assert [duty.n for duty in found] == list(range(1, len(found) + 1))
    assert [duty.due for duty in found] == sorted(duty.due for duty in found)


# -- presets and the house -----------------------------------------------------------------------


def test_presets_say_what_the_domain_says() -> None:
    assert {
        (code, each["code"]): (
            each["trigger"],
            each["subject"],
            each["delay"],
            each["every"],
            each["count"],
        )
        for code, regime in PRESETS.items()
        for each in regime["rules"]
    } == {
        ("brussels", "initial_response"): ("handover", "cycle", 3, 0, 1),
        ("brussels", "final_response"): ("handover", "recommendation", 12, 0, 1),
        ("brussels", "formal_meetings"): ("handover", "cycle", 12, 0, 2),
        ("paris", "lead"): ("publication", "measure", 3, 0, 1),
        ("paris", "booklet"): ("adoption", "recommendation", 12, 12, 1),
        ("paris", "annual_meeting"): ("adoption", "recommendation", 12, 12, 1),
        ("democracynext", "progress_report"): ("handover", "cycle", 3, 6, 1),
    }
    assert {code: regime["has_citizens_body"] for code, regime in PRESETS.items()} == {
        "brussels": True,
        "paris": False,
        "democracynext": True,
    }


@pytest.mark.parametrize("code", sorted(PRESETS))
def test_presets_use_the_closed_lists_and_both_languages(code: str) -> None:
    regime = PRESETS[code]
    assert regime["code"] == code
    assert {"fr", "nl", "en"} <= set(regime["name"])
    assert regime["silent_after_months"] > 0
    texts = [regime["name"], regime["explanation"], regime["citizens_voice"]]
    for each in regime["rules"]:
        texts.append(each["label"])
        assert each["trigger"] in enums.Trigger.values
        assert each["subject"] in enums.Subject.values
        assert each["unit"] in enums.Unit.values
        assert each["stage"] in ("", *enums.Stage.values)
        assert each["answered_by"]
        assert set(each["answered_by"] + each["closed_by"]) <= set(enums.Kind.values)
    for text in texts:
        assert text["fr"].strip()
        assert text["nl"].strip()
        assert "·" not in "".join(text.values())
        # French: a narrow no-break space before : ; ! ? and inside guillemets.
        assert not any(f"{sign} " in text["fr"] for sign in "«")
        assert not any(f" {sign}" in text["fr"] for sign in ":;!?»")


def test_codes_are_those_of_the_lists() -> None:
    assert {clock.CYCLE, clock.RECOMMENDATION, clock.MEASURE} == set(enums.Subject.values)
    assert {clock.MONTHS, clock.DAYS} == set(enums.Unit.values)
    assert {clock.INITIAL, clock.FINAL} <= set(enums.Stage.values)
    assert {clock.LEAD} | clock.RESPONSE_KINDS | clock.EXPLAINING_KINDS <= set(enums.Kind.values)
