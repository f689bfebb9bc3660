"""What the demo shows: every state, every kind of duty, what contradicts and what was put right.

The files as data; ``test_commands.py`` loads them.
"""

import datetime
from collections import Counter

from assemblies import duties, enums
from tests.exchange.demo import TODAY, owed, package, states


def test_every_response_is_the_present_one_of_something():
    found = {each.response_code for (name, _key), each in states().items() if name != "measures"}
    assert found == set(enums.Response.values)
    said = {each.response.value for each in states().values() if each.response}
    assert said == set(enums.Response.values)  # "awaiting" was said, with a day, at least once


def test_every_implementation_is_the_present_one_of_a_measure():
    said = {
        each.implementation.value
        for (name, _key), each in states().items()
        if name == "measures" and each.implementation
    }
    assert said == set(enums.Implementation.values)


def test_a_recommendation_without_measures_carries_its_own_implementation():
    served = {row["recommendation"] for row in package()["measure_serves"]}
    own = {
        of
        for (name, of), each in states().items()
        if name == "recommendations" and each.implementation
    }
    assert own
    assert not own & served


def test_every_opinion_and_every_thing_judged_is_present():
    said = [each.opinion for each in states().values() if each.opinion]
    assert {each.value for each in said} == set(enums.Opinion.values)
    assert {each.opinion_object for each in said} == set(enums.OpinionObject.values)


def test_every_kind_of_action_stage_reason_and_link_occurs():
    rows = package()["actions"]
    kinds = {row["kind"] for row in rows} | {"vote" for _act in package()["acts"]}
    assert kinds == set(enums.Kind.values)
    assert {row["stage"] for row in rows} - {None} == set(enums.Stage.values)
    assert {row["link"] for row in rows} - {None} == set(enums.Link.values)


def test_every_value_gives_what_it_demands():
    evidence = {row["action"] for row in package()["sources"]}
    for row in package()["actions"]:
        for name in enums.DEMANDS.get(row["axis"], {}).get(row["value"], ()):
            assert row.key in evidence if name == "sources" else row[name], (row.key, name)


def test_duties_are_met_met_late_due_and_late():
    found = Counter(owed())
    assert found["BXL", "initial_response", "met_late"] == 1
    assert found["BXL", "formal_meetings", "met"] == 2
    assert found["BXL", "final_response", "late"] == 3
    assert found["PAR", "booklet", "met"]
    assert found["PAR", "booklet", "met_late"]
    assert found["PAR", "booklet", "due"]
    assert found["PAR", "annual_meeting", "met"]
    assert found["PAR", "lead", "late"] == 1
    assert not any(code == "CCC" for code, _rule, _status in found)


def test_the_first_answer_came_nineteen_days_late():
    cycle = package().rows["cycles"]["bxl-c1"]
    due = duties.add_months(cycle["handed_over_on"], 3)
    answer = package().rows["actions"]["bxl-premiere-reponse"]
    assert due == datetime.date(2023, 9, 9)
    assert (answer["happened_last"] - due).days == 19


# -- what the demo has to show ----------------------------------------------------------------


def test_corrections_are_made_by_the_body_that_spoke():
    rows = package().rows["actions"]
    kinds = set()
    for row in rows.values():
        if row["corrects"]:
            corrected = rows[row["corrects"]]
            assert row["body"] == corrected["body"]
            first_known = corrected["published_elsewhere_on"] or corrected["happened_last"]
            assert row["published_elsewhere_on"] > first_known
            assert row["reason_text"]
            kinds.add(package().rows["bodies"][row["body"]]["kind"])
    assert kinds == {"government", "committee"}
    assert any(row["new_words"] and row["old_words"] for row in rows.values())


def test_corrections_of_the_citizens_words_quote_them():
    aimed = {row["action"]: row["recommendation"] for row in package()["targets"]}
    for row in package()["actions"]:
        for language, text in (row["old_words"] or {}).items():
            verbatim = package().rows["recommendations"][aimed[row.key]]["verbatim"][language]
            assert verbatim.count(text) == 1


def test_response_and_measure_contradict_each_other():
    served: dict[str, set[str]] = {}
    for row in package()["measure_serves"]:
        served.setdefault(row["recommendation"], set()).add(row["measure"])
    stopped = {
        of
        for of, measures in served.items()
        if states()["recommendations", of].response_code == "accepted"
        and {states()["measures", each].implementation_code for each in measures} == {"stopped"}
    }
    assert stopped == {"bxl-c1-4.2"}


def test_another_body_says_something_else_than_the_deciding_one():
    found = {
        of: {each.value for each in now.other_responses.values()} - {now.response_code}
        for (_name, of), now in states().items()
        if now.other_responses
    }
    assert found == {
        "bxl-c1-2.3": {"under_study"},
        "bxl-c1-4.4": {"rejected"},
        "par-p1-V3": {"partial"},
    }


def test_a_date_was_put_off_and_the_first_one_stays():
    now = states()["measures", "bxl-m-3.4.1"]
    assert now.postponed
    assert [each.date.isoformat() for each in now.deadlines] == ["2025-12-31", "2027-03-31"]
    assert package().rows["actions"]["bxl-report-3.4.1"]["deadline_words"] == {
        "fr": "mars 2027",
        "nl": "maart 2027",
    }


def test_some_actions_are_about_several_things_a_group_or_a_cycle():
    aimed = Counter(row["action"] for row in package()["targets"])
    assert max(aimed.values()) >= 3
    rows = package()["actions"]
    assert any(row["cycle"] for row in rows)
    assert any(row["group"] for row in rows)
    for row in rows:
        assert aimed[row.key] or row["cycle"] or row["group"], row.key


def test_one_recommendation_is_withdrawn_with_its_reason():
    (row,) = package()["withdrawals"]
    assert row["example"]
    assert set(row["reason"]) == {"fr", "nl"}


def test_a_measure_serves_two_recommendations_in_words():
    served = Counter(row["measure"] for row in package()["measure_serves"])
    assert served["bxl-m-3.3.1"] == 2
    assert all(row["part"] for row in package()["measure_serves"] if served[row["measure"]] > 1)


def test_announced_counts_conflict():
    rows = [row for row in package()["announced_counts"] if row["cycle"] == "bxl-c1"]
    said = {text for row in rows for text in row["words"].values()}
    assert {"plus de 60", "ongeveer zestig", "meer dan 80"} <= said
    assert {row["number"] for row in rows if row["counts"] == "panel"} == {80, 100, None}


def test_a_month_is_given_as_its_first_and_last_day():
    spans = [
        (row["happened_first"], row["happened_last"])
        for row in package()["actions"]
        if row["happened_first"] != row["happened_last"]
    ]
    spans += [(row["session_first"], row["session_last"]) for row in package()["acts"]]
    assert spans
    for first, last in spans:
        assert first.day == 1
        assert (last + datetime.timedelta(days=1)).day == 1


def test_nothing_happens_after_the_day_of_the_demo():
    for row in package()["actions"]:
        assert row["happened_first"] <= row["happened_last"]
        known = row["published_elsewhere_on"] or row["happened_last"]
        assert row["happened_last"] <= known <= TODAY, row.key
    for row in package()["measures"]:
        assert row["announced_on"] <= TODAY


def test_the_files_stand_in_the_order_in_which_things_became_known():
    last: dict[str, datetime.date] = {}
    for row in package()["actions"]:
        known = row["published_elsewhere_on"] or row["happened_last"]
        assert known >= last.get(row["assembly"], datetime.date.min), row.key
        last[row["assembly"]] = known
