"""The stored states: kept up to date = rebuilt = the pure fold, on every day, as known on any day.

Random histories are published one by one through the models' own path, as an editor would.
"""

import datetime
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assemblies import clock, facts, projection, state
from assemblies.enums import DEMANDS
from assemblies.models import (
    Action,
    ActionTarget,
    AssemblyPage,
    CyclePage,
    Measure,
    Recommendation,
    RecommendationPage,
    Regime,
    StateSpan,
    Withdrawal,
)
from tests.assemblies.histories import (
    AGENCY,
    ASSEMBLY,
    COMMITTEE,
    COUNCIL,
    FIRST_DAY,
    GOVERNMENT,
    LAST_DAY,
    MEASURES,
    RECOMMENDATIONS,
    SUBJECTS,
    histories_with_drafts,
)
from tests.factories import (
    correct,
    draft_action,
    make_act,
    make_body,
    make_cycle,
    make_group,
    make_measure,
    make_recommendation,
    make_regime,
    make_world,
    publish_action,
    source,
    withdraw,
)
from tests.factories.facts import ENOUGH, _moment

pytestmark = pytest.mark.django_db

#: A week before and after everything that random histories let happen.
DAYS = [
    FIRST_DAY + datetime.timedelta(days=offset)
    for offset in range(-50, (LAST_DAY - FIRST_DAY).days + 90)
]


@pytest.fixture
def small() -> SimpleNamespace:
    """The small assembly of ``histories``, in the database: its keys → rows."""
    world = make_world(handed_over_on=FIRST_DAY)
    asked = {
        key: make_recommendation(world.cycle, label=f"{key}", dutch=False)
        for key in RECOMMENDATIONS
    }
    return SimpleNamespace(
        world=world,
        recommendations=asked,
        measures={
            key: make_measure(asked[key], label=f"{key}.1", announced_on=FIRST_DAY)
            for key in MEASURES
        },
        group=make_group(world.cycle),
        bodies={
            GOVERNMENT: world.government,
            COUNCIL: make_body("council", "council"),
            COMMITTEE: world.committee,
            AGENCY: world.administration,
            ASSEMBLY: make_body("assembly", "assembly"),
        },
    )


def published(small: Any, fact: facts.Action, rows: dict[int, Action], *, live: bool) -> Action:
    """Enter an action of a random history as an editor would, and publish it on its day."""
    demands = DEMANDS.get(fact.axis, {}).get(fact.value, ())
    given_fields = {name: ENOUGH[name] for name in demands if name in ENOUGH}
    lead = fact.lead or (AGENCY if "concerned_body" in demands else None)
    if fact.corrects is not None:
        given_fields["reason_text"] = {"fr": "Une erreur."}
    action = Action(
        assembly=small.world.assembly,
        kind=fact.kind,
        stage=fact.stage,
        happened_first=fact.first,
        happened_last=fact.last,
        body=small.bodies[fact.body],
        title={"fr": f"Étape {fact.number}"},
        axis=fact.axis,
        value=fact.value,
        cycle=small.world.cycle if fact.cycle else None,
        group=small.group if fact.group else None,
        decision_due=fact.decision_due,
        concerned_body=small.bodies[lead] if lead else None,
        new_deadline=fact.deadline,
        deadline_words={"fr": "bientôt"} if fact.deadline_words else {},
        corrects=rows[fact.corrects] if fact.corrects is not None else None,
        withdraws=fact.withdraws,
        live=live,
        **{**given_fields, **({"opinion_object": fact.opinion_object} if fact.axis else {})},
    )
    if live:
        action.first_published_at = action.last_published_at = _moment(fact.published)
    action.targets = [
        *(
            ActionTarget(recommendation=small.recommendations[key])
            for key in sorted(fact.recommendations)
        ),
        *(ActionTarget(measure=small.measures[key]) for key in sorted(fact.measures)),
    ]
    action.sources = [source()] if "sources" in demands else []
    action.save()
    return action


def in_keys_of_the_database(
    small: Any, history: list[facts.Action], rows: dict[int, Action]
) -> list[facts.Action]:
    """The pure history, with the database's keys and numbers in the place of its own."""
    return [
        replace(
            fact,
            number=rows[fact.number].number,
            body=small.bodies[fact.body].pk,
            recommendations=frozenset(small.recommendations[k].pk for k in fact.recommendations),
            measures=frozenset(small.measures[k].pk for k in fact.measures),
            cycle=small.world.cycle.pk if fact.cycle else None,
            group=small.group.pk if fact.group else None,
            lead=small.bodies[fact.lead].pk if fact.lead else None,
            corrects=rows[fact.corrects].number if fact.corrects is not None else None,
        )
        for fact in history
    ]


def stored_spans() -> list[tuple[Any, ...]]:
    return sorted(
        StateSpan.objects.values_list(
            "recommendation", "measure", "axis", "value", "start", "end", "set_by__number"
        ),
        key=str,
    )


def present() -> list[Any]:
    """All that is projected onto register and measures."""
    measure_columns = sorted(
        Measure._meta.get_field(name).attname for name in Measure.projected - {"lead"}
    )
    return [
        list(Recommendation.objects.order_by("pk").values()),
        list(Measure.objects.order_by("pk").values("id", *measure_columns)),
    ]


# Each example undoes what it wrote, so that they may share the small assembly.
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories_with_drafts(max_size=14), st.integers(0, 14), st.data())
def test_kept_up_to_date_is_rebuilt_is_the_pure_fold(small, history, withdrawn_after, data):
    history, drafts = history
    with transaction.atomic():
        rows: dict[int, Action] = {}
        for place, fact in enumerate(history):
            if place == withdrawn_after:
                withdraw(small.recommendations[3], on=FIRST_DAY)
            rows[fact.number] = published(small, fact, rows, live=True)
            if drafts and data.draw(st.booleans(), label="a draft in between"):
                draft = replace(drafts.pop(), corrects=None, withdraws=False, kind="report")
                published(small, draft, rows, live=False)
        pure = in_keys_of_the_database(small, history, rows)

        # What is read back is what was said.
        live = Action.objects.filter(live=True).prefetch_related("targets")
        assert sorted(projection.read(live), key=lambda fact: fact.number) == pure

        kept = stored_spans(), present()
        projection.rebuild()
        assert (stored_spans(), present()) == kept

        known_days = sorted({fact.published for fact in history})
        for subject in SUBJECTS:
            column, key = next(iter(subject.items()))
            row = getattr(small, f"{column}s")[key]
            decides = small.world.government.pk if column == "recommendation" else None
            check_spans(pure, column, row.pk, decides)
            check_days(pure, column, row.pk, decides)
            check_present(pure, column, row, decides)
            for known_on in known_days:
                check_known(pure, history, column, row.pk, decides, known_on)
        transaction.set_rollback(True)


def check_spans(pure, column, key, decides) -> None:
    wanted = [
        (span.axis, span.value, span.start, span.end, span.set_by)
        for span in state.spans(pure, **{column: key}, deciding_body=decides)
    ]
    stored = StateSpan.objects.filter(**{column: key}).values_list(
        "axis", "value", "start", "end", "set_by__number"
    )
    assert sorted(stored, key=str) == sorted(wanted, key=str)


def check_days(pure, column, key, decides) -> None:
    """On every day, the spans that hold then are the values of the fold."""
    spans = list(StateSpan.objects.filter(**{column: key}).select_related("set_by"))
    for day in DAYS:
        then = state.fold(pure, as_of=day, **{column: key}, deciding_body=decides)
        wanted = {
            axis: (value.value, value.set_by, value.since)
            for axis in facts.AXES
            if (value := getattr(then, axis)) is not None
        }
        held = {
            span.axis: (span.value, span.set_by.number, span.start)
            for span in spans
            if span.start <= day and (span.end is None or span.end > day)
        }
        assert held == wanted, day
    some = DAYS[len(DAYS) // 2]
    assert {span.pk for span in StateSpan.objects.filter(**{column: key}).on(some)} == {
        span.pk for span in spans if span.start <= some and (span.end is None or span.end > some)
    }


def check_present(pure, column, row, decides) -> None:
    now = state.fold(pure, as_of=clock.today(), **{column: row.pk}, deciding_body=decides)
    row = type(row).objects.get(pk=row.pk)
    if column == "recommendation":
        assert row.response == now.response_code
        assert row.response_last == (now.response.since if now.response else None)
        assert row.opinion == now.opinion_code
        assert row.opinion_object == (now.opinion.opinion_object if now.opinion else "")
    else:
        assert row.lead_id == (now.lead.key if now.lead else None)
        assert row.deadline == (now.deadline.date if now.deadline else None)
    assert row.implementation == (now.implementation.value if now.implementation else "")


def check_known(pure, history, column, key, decides, known_on) -> None:
    """As known on a day: what the database tells is the fold of what was published by then."""
    by_then = [fact for fact in pure if fact.published <= known_on]
    name = f"{column}s"
    read = projection.read(projection.actions_on(**{name: [key]}))
    for as_of in (known_on, clock.today()):
        arguments: dict[str, Any] = {column: key, "as_of": as_of, "deciding_body": decides}
        told = state.fold(read, known_on=known_on, **arguments)
        assert told == state.fold(by_then, **arguments)


# -- one thing at a time ------------------------------------------------------------------------


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world):
    return make_recommendation(world.cycle, label="1")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def code_on(row, axis, day) -> str:
    column = row._meta.model_name
    found = StateSpan.objects.on(day).filter(**{column: row}, axis=axis)
    return found.get().value if found else ""


def test_a_published_action_changes_the_codes_at_once(asked):
    assert fresh(asked).response == "awaiting"
    publish_action(asked, value="partial", on=datetime.date(2024, 5, 15))
    row = fresh(asked)
    assert (row.response, row.response_last) == ("partial", datetime.date(2024, 5, 15))
    assert row.last_action_on == datetime.date(2024, 5, 15)
    publish_action(asked, value="insufficient", on=datetime.date(2024, 6, 1))
    row = fresh(asked)
    assert (row.response, row.opinion, row.opinion_object) == ("partial", "insufficient", "answer")
    assert code_on(asked, "response", datetime.date(2024, 5, 14)) == ""
    assert code_on(asked, "response", datetime.date(2024, 5, 15)) == "partial"


def test_a_draft_changes_nothing(asked):
    told = publish_action(asked, value="partial")
    before = present(), stored_spans()
    draft_action(asked, value="rejected")
    draft = draft_action(asked, value="delivered")
    draft.title = {"fr": "Encore"}
    draft.save()
    Action.objects.create(
        assembly=told.assembly,
        kind="correction",
        corrects=told,
        withdraws=True,
        body=told.body,
        happened_first=told.happened_first,
        happened_last=told.happened_last,
        title={"fr": "Correction"},
    )
    projection.rebuild()
    assert (present(), stored_spans()) == before


def test_a_correction_puts_it_right_on_every_day_since_and_stays_visible(asked):
    told = publish_action(asked, value="accepted", on=datetime.date(2024, 5, 15))
    publish_action(asked, value="under_way", on=datetime.date(2024, 7, 1))
    correction = correct(told, value="partial", on=datetime.date(2024, 5, 20))
    assert fresh(asked).response == "partial"
    for day, code in (
        (datetime.date(2024, 5, 14), ""),
        (datetime.date(2024, 5, 15), ""),
        (datetime.date(2024, 5, 20), "partial"),
        (datetime.date(2026, 1, 1), "partial"),
    ):
        assert code_on(asked, "response", day) == code
    assert fresh(told).live
    assert fresh(told).corrected_by == correction
    withdrawn = correct(correction)
    assert fresh(asked).response == "awaiting"
    assert fresh(correction).corrected_by == withdrawn
    assert code_on(asked, "implementation", datetime.date(2024, 7, 1)) == "under_way"


def test_a_correction_that_drops_a_target_puts_that_right_too(world, asked):
    other = make_recommendation(world.cycle, label="2")
    told = publish_action(asked, other, value="rejected")
    assert fresh(other).response == "rejected"
    correct(told, asked, value="rejected")
    assert (fresh(asked).response, fresh(other).response) == ("rejected", "awaiting")


def test_an_action_on_a_cycle_or_group_sets_no_state(world):
    group = make_group(world.cycle)
    asked = make_recommendation(world.cycle, label="1", group=group)
    before = present(), stored_spans()
    publish_action(cycle=world.cycle, kind="response", stage="final")
    publish_action(group=group, kind="response", stage="final")
    assert (present(), stored_spans()) == before
    assert fresh(asked).last_action_on is None


def test_other_bodies_do_not_set_the_response(world, asked):
    publish_action(asked, value="accepted", body=world.administration)
    assert fresh(asked).response == "awaiting"
    assert not StateSpan.objects.filter(axis="response").exists()
    publish_action(asked, value="rejected", body=world.government)
    publish_action(asked, value="accepted", body=world.administration)
    assert fresh(asked).response == "rejected"
    read = projection.read(projection.actions_on(recommendations=[asked.pk]))
    now = state.fold(
        read,
        as_of=clock.today(),
        recommendation=asked.pk,
        deciding_body=world.government.pk,
    )
    assert now.other_responses[world.administration.pk].value == "accepted"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("adopted", "accepted"),
        ("adopted_amended", "accepted_modified"),
        ("not_adopted", "rejected"),
    ],
)
def test_publishing_an_act_is_the_vote(asked, result, code):
    act = make_act(asked, result=result, url="https://example.org/act", live=False)
    assert fresh(asked).response == "awaiting"
    assert not Action.objects.exists()
    act.live = True
    act.save()
    vote = Action.objects.get()
    assert (vote.kind, vote.value, vote.act) == ("vote", code, act)
    assert vote.aimed_at == {"recommendations": [[asked.pk, "BXL-C1-1"]], "measures": []}
    assert vote.sources.get().url == "https://example.org/act"
    row = fresh(asked)
    assert (row.response, row.response_first, row.response_last) == (
        code,
        datetime.date(2024, 7, 1),
        datetime.date(2024, 7, 31),
    )


def test_publishing_a_measure_names_its_lead_and_due_date(world, asked):
    measure = make_measure(
        asked,
        label="1.1",
        lead=world.administration,
        deadline=datetime.date(2027, 3, 1),
        deadline_words="au printemps",
        live=False,
    )
    assert not Action.objects.exists()
    measure.live = True
    measure.save()
    first = Action.objects.get()
    assert (first.kind, first.concerned_body, first.body) == (
        "lead",
        world.administration,
        world.government,
    )
    measure = fresh(measure)
    assert (measure.lead, measure.deadline) == (
        world.administration,
        datetime.date(2027, 3, 1),
    )
    assert measure.deadline_words.data == {"fr": "au printemps", "nl": "au printemps (nl)"}
    assert measure.next_due == datetime.date(2027, 3, 1)
    assert fresh(asked).last_action_on == measure.announced_on


def test_a_measure_without_lead_and_due_date_makes_no_action(asked):
    make_measure(asked, label="1.1")
    assert not Action.objects.exists()


def test_a_step_on_a_measure_is_a_step_on_what_it_serves(asked):
    measure = make_measure(asked, label="1.1")
    publish_action(measure, value="delivered", on=datetime.date(2025, 1, 9))
    assert fresh(measure).implementation == "delivered"
    row = fresh(asked)
    assert row.last_action_on == datetime.date(2025, 1, 9)
    assert row.implementation == ""  # a recommendation counts its measures, and has none of its own


def save_page(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save()


def test_another_day_of_handover_moves_what_is_due(world, asked):
    assert fresh(asked).next_due == datetime.date(2024, 6, 9)
    page = RecommendationPage.objects.get(pk=asked.page_id)
    save_page(page, handed_over_on=datetime.date(2024, 1, 15))
    assert fresh(asked).next_due == datetime.date(2025, 1, 15)


def test_another_day_of_handover_of_the_cycle_moves_what_is_due(world, asked):
    own = make_recommendation(world.cycle, label="2", handed_over_on=datetime.date(2024, 1, 15))
    page = CyclePage.objects.get(pk=world.cycle_page.pk)
    save_page(page, handed_over_on=datetime.date(2023, 7, 9))
    assert fresh(asked).handed_over_on == datetime.date(2023, 7, 9)
    assert fresh(asked).next_due == datetime.date(2024, 7, 9)
    assert fresh(own).next_due == datetime.date(2025, 1, 15)


def test_another_rule_of_the_regime_moves_what_is_due(world, asked):
    regime = Regime.objects.get(pk=world.regime.pk)
    rule = regime.duty_rules.get(code="final_response")
    rule.delay = 18
    regime.duty_rules.add(rule)
    regime.save()
    assert fresh(asked).next_due == datetime.date(2024, 12, 9)


def test_another_regime_moves_what_is_due(world, asked):
    page = AssemblyPage.objects.get(pk=world.assembly_page.pk)
    save_page(page, regime=make_regime("paris"))
    assert fresh(asked).next_due is None  # there, it is counted from adoption
    make_act(asked, on=datetime.date(2024, 7, 1))
    assert fresh(asked).next_due is not None


def test_an_answer_moves_what_is_due(asked):
    assert fresh(asked).next_due == datetime.date(2024, 6, 9)
    publish_action(
        asked,
        value="under_study",
        stage="interim",
        on=datetime.date(2024, 1, 9),
        decision_due=datetime.date(2024, 3, 1),
    )
    assert fresh(asked).next_due == datetime.date(2024, 3, 1)  # its own word binds it sooner
    publish_action(asked, value="accepted", stage="final", on=datetime.date(2024, 5, 15))
    assert fresh(asked).next_due is None


def test_a_withdrawal_is_kept_in_the_register_and_changes_no_state(asked):
    publish_action(asked, value="partial")
    before = stored_spans()
    withdraw(asked, on=datetime.date(2026, 3, 12))
    row = fresh(asked)
    assert (row.withdrawn_on, row.response) == (datetime.date(2026, 3, 12), "partial")
    assert stored_spans() == before
    assert Withdrawal.objects.count() == 1


def test_rebuilding_mends_what_was_lost(world, asked):
    make_cycle(world.assembly_page, code="C2")
    publish_action(asked, value="partial")
    wanted = present(), stored_spans()
    StateSpan.objects.all().delete()
    Recommendation.objects.update(response="rejected", next_due=None, last_action_on=None)
    assert (present(), stored_spans()) != wanted
    assert projection.rebuild() == (1, 0)
    assert (present(), stored_spans()) == wanted


def test_what_is_projected_takes_few_queries(world):
    """As many for ten subjects as for two, besides one UPDATE a row."""
    for number in range(1, 11):
        make_recommendation(world.cycle, label=f"{number}", dutch=False)
    keys = list(Recommendation.objects.values_list("pk", flat=True))
    counts = []
    for some in (keys[:2], keys):
        with CaptureQueriesContext(connection) as queries:
            projection.project(recommendations=some)
        counts.append(len(queries) - len(some))
    assert counts[0] == counts[1]
