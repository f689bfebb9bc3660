"""What the demo has to show at least once: what contradicts, was put right, put off, merged.

The files as data; ``test_commands.py`` loads them.
"""

import datetime
import re
from collections import Counter

from tests.exchange.demo import TODAY, deciding_body, invented, key, package, states


def test_corrections_are_made_by_the_body_that_spoke():
    rows = package().rows["actions"]
    kinds = set()
    for row in rows.values():
        if row["corrects"]:
            corrected = rows[row["corrects"]]
            assert row["body"] == corrected["body"]
            assert row["published_on"] > corrected["published_on"]
            assert row["reason_text"]
            kinds.add(package().rows["bodies"][row["body"]]["kind"])
    assert kinds == {"government", "committee", "administration", "directorate"}
    # What a measure announced itself is put right in the same way.
    (row,) = [row for row in rows.values() if row["corrects_measure"]]
    measure = package().rows["measures"][row["corrects_measure"]]
    assert row["body"] == measure["announced_by"]
    assert row["new_deadline"] != measure["first_deadline"]
    assert [each.date for each in states()["measures", measure.key].deadlines] == [
        row["new_deadline"]
    ]
    assert any(row["withdraws"] for row in rows.values())
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


def test_advice_vote_and_implementation_contradict_one_another():
    """A directorate advised against, the council adopted it, and the work is done all the same."""
    advised = states()["recommendations", "par-p2-D1"]
    (advice,) = advised.other_responses.values()
    assert (advice.value, advised.response_code) == ("rejected", "accepted")
    assert states()["measures", "par-m-p2-D1.1"].implementation_code == "under_way"
    # And the other way round: adopted, and one of its measures stopped.
    adopted = states()["recommendations", "par-p3-V1"]
    assert adopted.response_code == "accepted"
    assert states()["measures", "par-m-p3-V1.3"].implementation_code == "stopped"


def test_another_body_says_something_else_than_the_deciding_one():
    found = {
        of: {each.value for each in now.other_responses.values()} - {now.response_code}
        for (_name, of), now in states().items()
        if now.other_responses
    }
    assert found == {
        "bxl-c1-2.3": {"under_study"},
        "bxl-c1-4.4": {"rejected"},
        "bxl-c1-5.2": {"under_study"},
        "bxl-c2-2.5": {"rejected"},
        "par-p1-V3": {"partial"},
        "par-p2-D1": {"rejected"},
        "par-p3-D1": {"accepted"},
    }


def test_a_date_was_put_off_and_the_first_one_stays():
    now = states()["measures", "bxl-m-3.4.1"]
    assert now.postponed
    assert [each.date.isoformat() for each in now.deadlines] == ["2025-12-31", "2027-03-31"]
    assert package().rows["actions"]["bxl-report-3.4.1"]["deadline_words"] == {
        "fr": "mars 2027",
        "nl": "maart 2027",
    }


def test_a_suspension_begins_and_ends():
    rows = [row for row in package()["actions"] if row["kind"] == "suspension"]
    assert {row["cycle"] for row in rows} == {"bxl-c1", "bxl-c2", "bxl-c3"}
    said = " ".join(
        text for row in rows for name in ("title", "text") for text in row[name].values()
    )
    for words in ("affaires courantes", "lopende zaken", "nouveau gouvernement"):
        assert words in said


def test_some_were_merged_and_one_was_split():
    aimed = Counter(row["action"] for row in package()["targets"])
    merged = {row.key: aimed[row.key] for row in package()["actions"] if row["kind"] == "merge"}
    assert sorted(merged.values()) == [1, 2, 2]


def test_administrations_reply_to_an_opinion_without_changing_it():
    """The right of reply: a step of its own, after the opinion, which stands."""
    bodies = package().rows["bodies"]
    aimed: dict[str, set[str]] = {}
    for row in package()["targets"]:
        aimed.setdefault(row["action"], set()).add(row["recommendation"])
    opinions = [row for row in package()["actions"] if row["kind"] == "opinion"]
    replies = [
        row
        for row in package()["actions"]
        if row["kind"] == "question" and bodies[row["body"]]["kind"] == "administration"
    ]
    assert len(replies) >= 3
    for reply in replies:
        before = [
            each
            for each in opinions
            if aimed[each.key] & aimed[reply.key] and each["happened_last"] < reply["happened_last"]
        ]
        assert before, reply.key
        assert not reply["axis"]


def test_deadlines_are_in_words_with_and_without_a_date():
    rows = [row for row in package()["measures"] if row["first_deadline_words"]]
    assert any(row["first_deadline"] for row in rows)
    assert any(not row["first_deadline"] for row in rows)


def test_some_steps_became_known_long_after_they_happened():
    rows = package()["actions"]
    days = [(row["published_on"] - row["happened_last"]).days for row in rows]
    assert max(days) > 180
    assert min(days) == 0


def test_every_fact_says_when_it_could_first_be_read():
    """Else all of the past would seem to have been published on the day of the import."""
    for name in ("acts", "measures", "passages", "actions", "announced_counts", "withdrawals"):
        for row in package()[name]:
            assert row["published_on"], (name, row.key)
    for row in package()["actions"]:
        # What is real was published by its source, and nowhere before.
        assert row["published_elsewhere_on"] == (None if row["example"] else row["published_on"])


def test_answers_come_after_the_handover():
    bodies = package().rows["bodies"]
    handed = {
        row.key: row["handed_over_on"] or package().rows["cycles"][row["cycle"]]["handed_over_on"]
        for row in package()["recommendations"]
    }
    actions = package().rows["actions"]
    for row in package()["targets"]:
        action = actions[row["action"]]
        if row["recommendation"]:
            assert action["happened_first"] >= handed[row["recommendation"]], row.key
    for row in package()["measure_serves"]:
        measure = package().rows["measures"][row["measure"]]
        assert measure["announced_on"] >= handed[row["recommendation"]], row.key
    assert {bodies[row["body"]]["assembly"] for row in actions.values()} == {
        "bxl",
        "par",
        "ccc",
        None,
    }


def test_a_measure_is_announced_by_an_answer_or_a_vote():
    """On the day of an answer to one of the recommendations it serves, or after the vote."""
    decided: dict[str, set[datetime.date]] = {}
    for row in package()["targets"]:
        action = package().rows["actions"][row["action"]]
        if row["recommendation"] and action["axis"] == "response":
            decided.setdefault(row["recommendation"], set()).add(action["happened_last"])
    votes = {of: act["session_last"] for act in package()["acts"] for of in act["recommendations"]}
    serves: dict[str, list[str]] = {}
    for row in package()["measure_serves"]:
        serves.setdefault(row["measure"], []).append(row["recommendation"])
    for row in package()["measures"]:
        days = {day for of in serves[row.key] for day in decided.get(of, ())}
        voted = [votes[of] for of in serves[row.key] if of in votes]
        assert row["announced_on"] in days or any(v <= row["announced_on"] for v in voted), row.key


def test_whoever_leads_a_recommendation_leads_or_helps_with_its_measures():
    """The lead body named by the answer does not vanish from what follows from it."""
    for (name, of), now in states().items():
        if name != "recommendations" or now.lead is None:
            continue
        measures = [
            package().rows["measures"][row["measure"]]
            for row in package()["measure_serves"]
            if row["recommendation"] == of
        ]
        if not measures:
            continue
        named = {
            value.key
            for measure in measures
            if (value := states()["measures", measure.key].lead) is not None
        }
        helping = {
            key("bodies", each) for measure in measures for each in measure["contributors"] or ()
        }
        successors = {
            key("bodies", row["successor"])
            for row in package()["bodies"]
            if key("bodies", row.key) == now.lead.key and row["successor"]
        }
        assert ({now.lead.key} | successors) & (named | helping), of


def test_the_one_who_decides_is_the_one_that_the_kind_names():
    council = key("bodies", "par-conseil")
    government = key("bodies", "bxl-gouvernement")
    for row in invented("recommendations"):
        assert deciding_body(row) == (council if row["cycle"].startswith("par") else government)


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
    panels: dict[str, set[int]] = {}
    for row in package()["announced_counts"]:
        if row["counts"] == "panel" and row["cycle"] != "bxl-c1":
            panels.setdefault(row["cycle"], set()).add(row["number"])
    assert panels == {"bxl-c2": {80, 64}, "bxl-c3": {80, 60}}
    assert {row["number"] for row in package()["announced_counts"] if row["cycle"] == "bxl-c2"} > {
        56,
        33,
    }


def test_imprecise_days_are_a_month_or_a_year():
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
    assert {(last - first).days > 31 for first, last in spans} == {True, False}


def test_nothing_happens_after_the_day_of_the_demo():
    for row in package()["actions"]:
        assert row["happened_first"] <= row["happened_last"]
        assert row["happened_last"] <= row["published_on"] <= TODAY, row.key
    for row in package()["measures"]:
        assert row["announced_on"] <= TODAY


def test_the_files_stand_in_the_order_in_which_things_became_known():
    last: dict[str, datetime.date] = {}
    for row in package()["actions"]:
        known = row["published_on"]
        assert known >= last.get(row["assembly"], datetime.date.min), row.key
        last[row["assembly"]] = known


# -- passages ---------------------------------------------------------------------------------


def in_force():
    rows = package()["passages"]
    replaced = {row["replaces"] for row in rows}
    return [row for row in rows if row.key not in replaced]


def test_what_became_of_passages_stands_in_every_state():
    """Taken up, taken up in part, refused, without answer."""
    assert {(bool(row["measures"]), bool(row["reason"])) for row in in_force()} == {
        (True, False),
        (True, True),
        (False, True),
        (False, False),
    }
    assert any(row["replaces"] and row["why"] for row in package()["passages"])


def test_passages_quote_the_text_in_each_language():
    for row in package()["passages"]:
        texts = package().rows["recommendations"][row["recommendation"]]["verbatim"]
        assert set(row["words"]) == set(texts)
        for language, words in row["words"].items():
            plain = re.sub(r"<[^>]+>", " ", texts[language])
            assert plain.count(words) == 1, (row.key, language)
        served = {
            each["measure"]
            for each in package()["measure_serves"]
            if each["recommendation"] == row["recommendation"]
        }
        assert set(row["measures"] or ()) <= served, row.key
        assert not row["measures"] or all(
            package().rows["measures"][each]["announced_on"] <= row["stated_on"]
            for each in row["measures"]
        )


def test_the_committee_contests_a_claim_after_it_was_made():
    rows = [row for row in package()["actions"] if row["contests"]]
    assert len(rows) >= 2
    for row in rows:
        claim = package().rows["passages"][row["contests"]]
        assert package().rows["bodies"][row["body"]]["kind"] == "committee"
        assert row["body"] != claim["body"]
        assert row["happened_first"] > claim["stated_on"]
        assert claim["measures"]  # what is contested is that it was taken up
