"""What the demo shows: how much, every value of every list, every kind of duty.

The files as data; ``test_commands.py`` loads them.
"""

import datetime
from collections import Counter

from assemblies import duties, enums
from tests.exchange.demo import invented, owed, package, states


def test_there_is_as_much_as_the_demo_promises():
    assert len(invented("recommendations")) >= 58
    assert len(invented("measures")) >= 78
    assert len(invented("actions")) >= 195
    cycles = Counter(row["assembly"] for row in package()["cycles"])
    assert cycles == {"bxl": 3, "par": 3, "ccc": 1}
    kinds = Counter((row["cycle"], row["kind"]) for row in invented("recommendations"))
    assert kinds["par-p1", "par-voeu"] == 3
    for promotion in ("par-p2", "par-p3"):
        assert kinds[promotion, "par-voeu"] == kinds[promotion, "par-deliberation"] == 1
    assert {row["happened_last"].year for row in invented("actions")} == set(range(2021, 2027))
    assert max(row["happened_last"] for row in invented("actions")) >= datetime.date(2026, 11, 1)


def test_no_cycle_is_left_without_steps_measures_and_answers():
    """A page of a cycle of the two permanent assemblies never looks empty."""
    for cycle in package()["cycles"]:
        if cycle["assembly"] == "ccc":
            continue
        recommendations = [r for r in package()["recommendations"] if r["cycle"] == cycle.key]
        assert recommendations
        assert [row for row in package()["measures"] if row["cycle"] == cycle.key]
        assert [row for row in package()["actions"] if row["cycle"] == cycle.key]
        assert [row for row in package()["announced_counts"] if row["cycle"] == cycle.key]
        for row in recommendations:
            assert row["handed_over_on"] or cycle["handed_over_on"], row.key
            assert row["topics"], row.key
            assert row["addressees"], row.key


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
    assert {row["reason"] for row in rows} - {None} == set(enums.Reason.values)
    assert {row["link"] for row in rows} - {None} == set(enums.Link.values)
    results = {row["result"] for row in package()["acts"]}
    assert results == {"adopted", "adopted_amended"}  # no act was refused: none is invented either


def test_bodies_have_every_role():
    bodies = package().rows["bodies"]
    roles = {
        "lead": {row["first_lead"] for row in package()["measures"]},
        "contributing": {
            each for row in package()["measures"] for each in row["contributors"] or ()
        },
        "addressee": {
            each for row in invented("recommendations") for each in row["addressees"] or ()
        },
    }
    for role, found in roles.items():
        assert {bodies[each]["assembly"] for each in found if each} >= {"bxl", "par"}, role
    assert {row["kind"] for row in package()["bodies"]} == set(enums.BodyKind.values)
    # Who leads is an administration or a directorate, never the government as a whole.
    assert {bodies[each]["kind"] for each in roles["lead"] if each} == {
        "administration",
        "directorate",
    }


def test_every_value_gives_what_it_demands():
    evidence = {row["action"] for row in package()["sources"]}
    for row in package()["actions"]:
        for name in enums.DEMANDS.get(row["axis"], {}).get(row["value"], ()):
            assert row.key in evidence if name == "sources" else row[name], (row.key, name)


def test_duties_are_met_met_late_due_and_late():
    """Every kind of duty stands in every state that its dates leave open on the demo's day."""
    found: dict[tuple[str, str], set[str]] = {}
    for assembly, rule, status, _example in owed():
        found.setdefault((assembly, rule), set()).add(status)
    assert found == {
        ("BXL", "initial_response"): {"met", "met_late"},
        ("BXL", "final_response"): {"met", "met_late", "due", "late"},
        ("BXL", "formal_meetings"): {"met", "met_late"},
        ("PAR", "lead"): {"met", "met_late", "due", "late"},
        ("PAR", "booklet"): {"met", "met_late", "due", "late"},
        ("PAR", "annual_meeting"): {"met", "met_late", "due", "late"},
    }


def test_nobody_is_late_but_in_an_example():
    """Nothing real is shown as owed and not done: what became of it is not known here."""
    assert {example for *_duty, status, example in owed() if status == "late"} == {True}


def test_the_first_answer_came_nineteen_days_late():
    cycle = package().rows["cycles"]["bxl-c1"]
    due = duties.add_months(cycle["handed_over_on"], 3)
    answer = package().rows["actions"]["bxl-premiere-reponse"]
    assert due == datetime.date(2023, 9, 9)
    assert (answer["happened_last"] - due).days == 19
