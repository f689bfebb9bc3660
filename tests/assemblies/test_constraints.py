"""What the database itself holds, tried both ways: a row that passes, and a row that does not.

Rows are rewritten behind every guard of ours (a plain QuerySet), so that only the database answers.
A constraint without a case here fails the last test.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from assemblies.enums import DEMANDS, RESPONSE_OF_RESULT, VALUES, Axis, Kind
from assemblies.models import (
    Act,
    ActAdopts,
    Action,
    AnnouncedCount,
    Assembly,
    Body,
    Change,
    Cycle,
    DueSpan,
    DutyRule,
    Group,
    KindWord,
    Measure,
    MeasureServes,
    Passage,
    PassageMeasure,
    Recommendation,
    RecommendationKind,
    RecommendationPage,
    Regime,
    Role,
    Source,
    StateSpan,
    Withdrawal,
)
from assemblies.models.past_address import PastAddress
from tests.assemblies.desk import make_user
from tests.factories import (
    correct,
    draft_action,
    make_act,
    make_assembly,
    make_count,
    make_cycle,
    make_group,
    make_kind,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
    source,
    withdraw,
)

pytestmark = pytest.mark.django_db

SOME_DAY = datetime.date(2024, 5, 15)
DAY_AFTER = SOME_DAY + datetime.timedelta(days=1)
MOMENT = datetime.datetime(2024, 5, 15, 12, tzinfo=datetime.UTC)
WORDS = {"fr": "Un mot."}
NONE: dict[str, str] = {}


@pytest.fixture(scope="module")
def w(django_db_setup: Any, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _rows()
        transaction.set_rollback(True)


def _rows() -> SimpleNamespace:
    """Two of most things: the second is rewritten, at times to be like the first."""
    world = make_world()
    paris = make_assembly(world.home, code="PAR", preset="paris")
    for code in ("voeu", "avis"):
        make_kind(world.assembly, code, words={("response", "accepted"): "Adopté"})
    make_cycle(world.assembly_page, code="C2")
    make_cycle(paris, code="P1")
    make_group(world.cycle)
    make_group(world.cycle)
    one, two = (make_recommendation(world.cycle, label=label) for label in ("1", "2"))
    first, second = (make_measure(one, two, label=label) for label in ("1.1", "1.2"))
    for number in ("2024 V. 1", "2024 V. 2"):
        make_act(one, two, number=number)
    told = publish_action(one, two, first, second, title="Étape")
    accepted = publish_action(
        one, value="accepted", sources=[source(position=1, language="fr"), source(position=2)]
    )
    make_user(
        "someone",
        (world.assembly, "publisher"),
        (world.assembly, "editor"),
        (world.assembly, "service", world.government),
        (world.assembly, "service", world.administration),
    )
    for _time in range(2):
        make_count(world.cycle)
    claim = make_passage(two, first, second, words="un guichet")
    make_passage(two, first, words="un guichet", replaces=claim)
    return SimpleNamespace(
        told=told,
        accepted=accepted,
        draft=draft_action(one, title="Brouillon"),
        correction=correct(told),
        withdrawal=withdraw(one),
        other_withdrawal=Withdrawal.objects.create(
            recommendation=two, withdrawn_on=SOME_DAY, reason=WORDS
        ),
        world=world,
    )


def rewrite(row: models.Model, values: dict[str, Any]) -> None:
    """What raw SQL would do: no guard, no validation."""
    assert models.QuerySet(type(row)).filter(pk=row.pk).update(**values) == 1


def last(model: type, **where: Any) -> Callable[[Any], Any]:
    return lambda w: model._base_manager.filter(**where).order_by("pk").last()


def like_first(model: type, *names: str, **where: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """The values that would make the row the same as the first one."""

    def values(w: Any, row: Any) -> dict[str, Any]:
        first = model._base_manager.filter(**where).order_by("pk").first()
        assert first.pk != row.pk
        return {name: getattr(first, name) for name in names}

    return values


@dataclass
class Case:
    """One constraint: the row that is rewritten, what passes, and what does not."""

    row: Callable[[Any], models.Model]
    bad: list[Any]
    good: list[Any] = field(default_factory=list)
    #: What is written first, so that only this constraint is in question.
    first: dict[str, Any] = field(default_factory=dict)
    unique: bool = False


def fact_cases(name: str, model: type, where: dict[str, Any]) -> dict[str, Case]:
    """A fact stays published, and never expires."""
    unnumbered = {"number": None} if model is Action else {}
    return {
        f"{name}_stays_published": Case(
            last(model, live=True, **where),
            bad=[{"live": False, **unnumbered}],
            good=[
                {"first_published_at": MOMENT},
                {"live": False, "first_published_at": None, **unnumbered},
            ],
        ),
        f"{name}_never_expires": Case(
            last(model, live=True, **where),
            bad=[{"expire_at": MOMENT}],
            good=[{"expire_at": None}, {"go_live_at": MOMENT}],
        ),
    }


COLUMNS_OF_CODES = ("kind", "stage", "reason", "link", "opinion_object")
BARE = {
    "axis": "",
    "value": "",
    "link": "",
    "reason": "",
    "opinion_object": "",
    "reason_text": NONE,
    "what_changed": NONE,
    "what_is_missing": NONE,
    "decision_due": None,
    "concerned_body_id": None,
}


def _demanded(name: str) -> Any:
    """A value that meets a demand."""
    return {
        "decision_due": SOME_DAY,
        "link": "new",
        "reason": "law",
        "opinion_object": "whole",
    }.get(name, WORDS)


def demands_of_actions() -> tuple[list[Any], list[Any]]:
    """Each value of each axis with all that it demands, and with each of it missing."""
    good: list[Any] = [{**BARE}, {**BARE, "axis": "", "concerned_body_id": None}]
    bad: list[Any] = []
    for axis, values in DEMANDS.items():
        for value, names in values.items():
            names = [name for name in names if name != "sources"]
            full = {**BARE, "axis": axis, "value": value}
            for name in names:
                if name != "concerned_body":
                    full[name] = _demanded(name)
            lead = "concerned_body" in names

            def with_body(w: Any, row: Any, full=full, lead=lead) -> dict[str, Any]:
                return {**full, "concerned_body_id": row.body_id if lead else None}

            good.append(with_body)
            for name in names:
                empty = BARE.get(name, BARE.get(f"{name}_id"))
                missing = {f"{name}_id" if name == "concerned_body" else name: empty}
                bad.append(
                    lambda w, row, full=with_body, missing=missing: {**full(w, row), **missing}
                )
    return good, bad


def demands_of_acts() -> tuple[list[Any], list[Any]]:
    bare = {
        "lead_body_id": None,
        "link": "",
        "what_changed": NONE,
        "reason": "",
        "reason_text": NONE,
    }

    def full(w: Any, row: Any, result: str) -> dict[str, Any]:
        return {
            **bare,
            "result": result,
            **{
                "adopted": {"lead_body_id": row.council_id, "link": "new"},
                "adopted_amended": {"what_changed": WORDS, "link": "new"},
                "not_adopted": {"reason_text": WORDS, "reason": "law"},
            }[result],
        }

    good = [lambda w, row, r=result: full(w, row, r) for result in RESPONSE_OF_RESULT]
    bad = [
        lambda w, row, r=result, n=name: {**full(w, row, r), n: bare[n]}
        for result, names in {
            "adopted": ("lead_body_id", "link"),
            "adopted_amended": ("what_changed", "link"),
            "not_adopted": ("reason_text", "reason"),
        }.items()
        for name in names
    ]
    return good, bad


good_actions, bad_actions = demands_of_actions()
good_acts, bad_acts = demands_of_acts()


def span_of(column: str) -> Callable[[Any], Any]:
    """The second of two spans of one subject on one axis, made for the purpose."""

    def row(w: Any) -> Any:
        subject = {column: getattr(w.told.targets.first(), column)}
        if column == "measure":
            subject = {column: Measure.objects.first()}
        common = {**subject, "axis": "response", "set_by": w.told}
        StateSpan.objects.filter(**subject, axis="response").delete()
        StateSpan.objects.create(**common, value="partial", start=SOME_DAY, end=DAY_AFTER)
        return StateSpan.objects.create(**common, value="rejected", start=DAY_AFTER)

    return row


def due_span_of(column: str) -> Callable[[Any], Any]:
    """The second of two spans of a due date of one subject, made for the purpose."""

    def row(w: Any) -> Any:
        subject = {column: {"recommendation": Recommendation, "measure": Measure}[column]}
        subject = {column: subject[column].objects.first(), "due": DAY_AFTER}
        DueSpan.objects.filter(**{column: subject[column]}).delete()
        DueSpan.objects.create(**subject, start=SOME_DAY, end=DAY_AFTER)
        return DueSpan.objects.create(**subject, start=DAY_AFTER)

    return row


def past_address(w: Any) -> Any:
    """The second of two names that one page once had."""
    above, page = uuid4(), uuid4()
    PastAddress.objects.create(above=above, slug="avant", page=page)
    return PastAddress.objects.create(above=above, slug="depuis", page=page)


def end_of_first(w: Any, row: Any) -> dict[str, Any]:
    """The first span is open as well."""
    others = StateSpan.objects.exclude(pk=row.pk).filter(
        recommendation=row.recommendation_id, measure=row.measure_id, axis=row.axis
    )
    rewrite(others.get(), {"end": None})
    return {}


CASES: dict[str, Case] = {
    # the change log
    "change_number_positive": Case(last(Change), bad=[{"number": 0}], good=[{"number": 9999}]),
    "change_kind_known": Case(
        last(Change, action__isnull=False),
        bad=[{"kind": "invented"}],
        good=[{"kind": "words"}, {"kind": "revised"}],
    ),
    "change_has_one_subject": Case(
        last(Change, action__isnull=False),
        bad=[
            {"action_id": None},
            {"kind": "listed"},
            {"kind": "listed", "listed": "body:1"},
            {"kind": "listed", "action_id": None, "listed": ""},
            lambda w, row: {"cycle_id": w.world.cycle.pk},
        ],
        good=[
            {"kind": "listed", "listed": "body:1", "action_id": None},
            lambda w, row: {"cycle_id": w.world.cycle.pk, "action_id": None},
        ],
    ),
    # lists
    "body_kind_known": Case(last(Body), bad=[{"kind": "person"}], good=[{"kind": "private"}]),
    "body_not_part_of_itself": Case(
        last(Body),
        bad=[lambda w, row: {"parent_id": row.pk}],
        good=[{"parent_id": None}, lambda w, row: {"parent_id": w.world.government.pk}],
    ),
    "body_not_its_successor": Case(
        last(Body),
        bad=[lambda w, row: {"successor_id": row.pk}],
        good=[{"successor_id": None}, lambda w, row: {"successor_id": w.world.government.pk}],
    ),
    "group_not_within_itself": Case(
        last(Group),
        bad=[lambda w, row: {"parent_id": row.pk}],
        good=[lambda w, row: {"parent_id": Group.objects.exclude(pk=row.pk).first().pk}],
    ),
    "kind_code_unique": Case(
        last(RecommendationKind),
        bad=[like_first(RecommendationKind, "assembly_id", "code")],
        good=[{"code": "autre"}],
        unique=True,
    ),
    "kindword_unique": Case(
        last(KindWord),
        bad=[like_first(KindWord, "kind_id", "axis", "value")],
        good=[{"value": "rejected"}, like_first(KindWord, "axis", "value")],
        unique=True,
    ),
    "kindword_value_of_axis": Case(
        last(KindWord),
        bad=[{"value": "delivered"}, {"axis": "opinion", "value": "satisfactory"}],
        good=[{"value": "partial"}, {"axis": "implementation", "value": "delivered"}],
    ),
    "regime_silence_positive": Case(
        last(Regime), bad=[{"silent_after_months": 0}], good=[{"silent_after_months": 1}]
    ),
    "duty_code_unique": Case(
        last(DutyRule, regime__code="brussels"),
        bad=[like_first(DutyRule, "code", regime__code="brussels")],
        good=[{"code": "other"}, like_first(DutyRule, "code", regime__code="paris")],
        unique=True,
    ),
    "duty_count_positive": Case(last(DutyRule), bad=[{"count": 0}], good=[{"count": 1}]),
    "duty_codes_known": Case(
        last(DutyRule),
        bad=[{"trigger": "whim"}, {"subject": "person"}, {"unit": "years"}],
        good=[{"trigger": "adoption", "subject": "measure", "unit": "days"}],
    ),
    "duty_recurs_or_counts": Case(
        last(DutyRule),
        bad=[{"every": 6, "count": 2}],
        good=[{"every": 6, "count": 1}, {"every": 0, "count": 2}],
    ),
    "role_name_known": Case(
        last(Role, name="editor"), bad=[{"name": "king"}], good=[{"name": "translator"}]
    ),
    "role_service_has_a_body": Case(
        last(Role, name="service"),
        bad=[{"body_id": None}],
        good=[{"name": "committee", "body_id": None}],
    ),
    "role_once": Case(
        last(Role, name="editor"),
        bad=[{"name": "publisher"}],
        good=[{"name": "translator"}],
        unique=True,
    ),
    "role_once_a_body": Case(
        last(Role, name="service"),
        bad=[like_first(Role, "body_id", name="service")],
        good=[lambda w, row: {"body_id": w.world.committee.pk}],
        unique=True,
    ),
    # registers
    "assembly_code_form": Case(
        last(Assembly),
        bad=[{"code": code} for code in ("", "par", "PA-R", "PA R", "É")],
        good=[{"code": "P.1"}],
    ),
    "assembly_ink_known": Case(last(Assembly), bad=[{"ink": "pink"}], good=[{"ink": "iris"}]),
    "cycle_code_unique": Case(
        last(Cycle, assembly__code="BXL"),
        bad=[like_first(Cycle, "code", assembly__code="BXL")],
        good=[{"code": "C9"}, like_first(Cycle, "code", assembly__code="PAR")],
        unique=True,
    ),
    "cycle_code_form": Case(
        last(Cycle), bad=[{"code": code} for code in ("", "c1", "C-1")], good=[{"code": "C.1"}]
    ),
    "cycle_handed_over_after_start": Case(
        last(Cycle),
        bad=[{"started_on": DAY_AFTER, "handed_over_on": SOME_DAY}],
        good=[
            {"started_on": SOME_DAY, "handed_over_on": SOME_DAY},
            {"started_on": None, "handed_over_on": SOME_DAY},
            {"started_on": DAY_AFTER, "handed_over_on": None},
        ],
    ),
    "cycle_ends_after_handover": Case(
        last(Cycle),
        bad=[{"ends_on": SOME_DAY, "handed_over_on": DAY_AFTER}],
        good=[
            {"ends_on": DAY_AFTER, "handed_over_on": DAY_AFTER},
            {"ends_on": None},
            {"ends_on": SOME_DAY, "handed_over_on": None},
        ],
    ),
    "recommendation_reference_form": Case(
        last(Recommendation),
        bad=[{"reference": each} for each in ("", "BXL", "bxl-c1-2", "BXL-C1-", "-C1", "BXL C1-2")],
        good=[{"reference": "BXL-C1-3.4-BIS"}],
    ),
    "recommendation_codes_known": Case(
        last(Recommendation),
        bad=[
            {"response": ""},
            {"response": "delivered"},
            {"implementation": "accepted"},
            {"opinion": ""},
            {"opinion": "good"},
        ],
        good=[
            {"response": value, "implementation": "", "opinion": "not_examined"}
            for value in VALUES[Axis.RESPONSE].values
        ]
        + [{"implementation": value} for value in VALUES[Axis.IMPLEMENTATION].values]
        + [{"opinion": value} for value in VALUES[Axis.OPINION].values],
    ),
    "recommendation_label_unique": Case(
        last(Recommendation, cycle__reference="BXL-C1"),
        bad=[{"label": "1"}],
        good=[{"label": ""}, {"label": "3"}],
        unique=True,
    ),
    # facts
    **fact_cases("action", Action, {"kind": "progress"}),
    **fact_cases("measure", Measure, {}),
    **fact_cases("act", Act, {}),
    **fact_cases("announcedcount", AnnouncedCount, {}),
    **fact_cases("withdrawal", Withdrawal, {}),
    **fact_cases("passage", Passage, {}),
    "passage_quotes_words": Case(
        last(Passage),
        bad=[{"words": NONE}],
        good=[{"words": WORDS}, {"words": NONE, "live": False, "first_published_at": None}],
    ),
    "passage_reason_known": Case(
        last(Passage),
        first={"reason_text": WORDS},
        bad=[{"reason": "whim"}],
        good=[{"reason": "budget"}, {"reason": ""}],
    ),
    "passage_refusal_says_why": Case(
        last(Passage),
        bad=[{"reason": "law", "reason_text": NONE}],
        good=[
            {"reason": "law", "reason_text": WORDS},
            {"reason": "", "reason_text": NONE},
            {"reason": "law", "reason_text": NONE, "live": False, "first_published_at": None},
        ],
    ),
    "passage_replaces_another": Case(
        last(Passage),
        bad=[lambda w, row: {"replaces_id": row.pk}],
        good=[{"replaces_id": None}],
    ),
    "passage_takes_back_another": Case(
        last(Passage),
        first={"reason": "", "reason_text": NONE},
        bad=[
            {"withdraws": True, "replaces_id": None},
            {"withdraws": True, "reason": "law", "reason_text": WORDS},
        ],
        good=[{"withdraws": True}],
    ),
    "passage_in_place_says_why": Case(
        last(Passage),
        bad=[{"why": NONE}],
        good=[
            {"why": WORDS},
            {"why": NONE, "replaces_id": None},
            {"why": NONE, "live": False, "first_published_at": None},
        ],
    ),
    "passage_measure_once": Case(
        lambda w: PassageMeasure.objects.order_by("pk")[1],
        bad=[like_first(PassageMeasure, "measure_id")],
        good=[lambda w, row: {"measure_id": row.measure_id}],
        unique=True,
    ),
    "action_contest_is_an_opinion": Case(
        lambda w: w.told,
        bad=[lambda w, row: {"contests_id": Passage.objects.first().pk, "kind": "progress"}],
        good=[
            {"contests_id": None},
            lambda w, row: {"contests_id": Passage.objects.first().pk, "kind": "opinion"},
        ],
    ),
    "announcedcount_known": Case(
        last(AnnouncedCount), bad=[{"counts": "votes"}], good=[{"counts": "panel"}]
    ),
    "measure_reference_unique": Case(
        last(Measure),
        bad=[like_first(Measure, "reference")],
        good=[{"reference": "BXL-C1-9"}],
        unique=True,
    ),
    "measure_reference_form": Case(
        last(Measure),
        bad=[{"reference": each} for each in ("", "BXL", "bxl-c1-2", "BXL-C1-")],
        good=[
            {"reference": "BXL-C1-3.4.1"},
            {"reference": "", "live": False, "first_published_at": None},
        ],
    ),
    "measure_implementation_known": Case(
        last(Measure),
        bad=[{"implementation": "accepted"}],
        good=[{"implementation": value} for value in ("", *VALUES[Axis.IMPLEMENTATION].values)],
    ),
    "measure_serves_once": Case(
        last(MeasureServes, measure__label="1.2"),
        bad=[like_first(MeasureServes, "recommendation_id", measure__label="1.2")],
        good=[{"part": WORDS}],
        unique=True,
    ),
    "act_slug_unique": Case(
        last(Act),
        bad=[like_first(Act, "slug")],
        good=[{"slug": "BXL-9"}, {"slug": ""}],
        unique=True,
    ),
    "act_result_known": Case(
        last(Act),
        bad=[{"result": "postponed", "live": False, "first_published_at": None}],
        good=[{"result": "not_adopted", "live": False, "first_published_at": None}],
    ),
    "act_session_in_order": Case(
        last(Act),
        bad=[{"session_first": DAY_AFTER, "session_last": SOME_DAY}],
        good=[{"session_first": SOME_DAY, "session_last": SOME_DAY}],
    ),
    "act_result_gives_what_it_demands": Case(
        last(Act),
        bad=bad_acts,
        good=[
            *good_acts,
            {"result": "not_adopted", "live": False, "first_published_at": None},
        ],
    ),
    "act_adopts_once": Case(
        last(ActAdopts, act__number="2024 V. 2"),
        bad=[like_first(ActAdopts, "recommendation_id", act__number="2024 V. 2")],
        good=[lambda w, row: {"recommendation_id": row.recommendation_id}],
        unique=True,
    ),
    "withdrawal_once": Case(
        lambda w: w.other_withdrawal,
        bad=[lambda w, row: {"recommendation_id": w.withdrawal.recommendation_id, "live": True}],
        good=[
            {"live": True},
            lambda w, row: {"recommendation_id": w.withdrawal.recommendation_id},
        ],
        unique=True,
    ),
    "withdrawal_says_why": Case(
        lambda w: w.withdrawal,
        bad=[{"reason": NONE}, {"reason": ""}],
        good=[{"reason": NONE, "live": False, "first_published_at": None}],
    ),
    "action_numbered_when_published": Case(
        lambda w: w.told,
        bad=[{"number": None}, {"live": False, "first_published_at": None}],
        good=[{"live": False, "first_published_at": None, "number": None}],
    ),
    "action_codes_known": Case(
        lambda w: w.told,
        bad=[{name: "invented"} for name in COLUMNS_OF_CODES] + [{"kind": ""}],
        good=[{"stage": "final", "reason": "law", "link": "new", "opinion_object": "whole"}]
        + [{"kind": kind} for kind in Kind.values if kind != "correction"],
    ),
    "action_days_in_order": Case(
        lambda w: w.told,
        bad=[{"happened_first": DAY_AFTER, "happened_last": SOME_DAY}],
        good=[
            {"happened_first": SOME_DAY, "happened_last": SOME_DAY},
            {"happened_first": SOME_DAY, "happened_last": DAY_AFTER},
        ],
    ),
    "action_value_of_axis": Case(
        lambda w: w.draft,
        bad=[
            {"axis": "response", "value": "delivered"},
            {"axis": "implementation", "value": "satisfactory"},
            {"axis": "opinion", "value": ""},
            {"axis": "", "value": "accepted"},
            {"axis": "lead", "value": "1"},
        ],
        good=[
            {"axis": axis, "value": value}
            for axis, values in VALUES.items()
            for value in values.values
        ],
    ),
    "action_gives_what_it_demands": Case(
        lambda w: w.told,
        bad=bad_actions,
        good=[*good_actions, {"axis": "", "value": "", "link": "new"}],
    ),
    "action_correction_kind": Case(
        lambda w: w.correction,
        bad=[{"kind": "progress"}, lambda w, row: {"corrects_id": row.pk}],
        good=[lambda w, row: {"corrects_id": w.accepted.pk}],
    ),
    "action_correction_of_something": Case(
        lambda w: w.correction,
        first={"withdraws": False},
        bad=[{"corrects_id": None}],
        good=[
            {"corrects_id": None, "new_words": WORDS},
            {"corrects_id": None, "live": False, "first_published_at": None, "number": None},
        ],
    ),
    "action_withdrawal_sets_nothing": Case(
        lambda w: w.correction,
        bad=[
            {"axis": "implementation", "value": "under_way"},
            {"corrects_id": None, "new_words": WORDS},
        ],
        good=[{"withdraws": False, "axis": "implementation", "value": "under_way"}],
    ),
    "action_correction_says_why": Case(
        lambda w: w.correction,
        bad=[{"reason_text": NONE}, {"reason_text": ""}],
        good=[
            {"reason_text": WORDS},
            {"reason_text": NONE, "live": False, "first_published_at": None, "number": None},
        ],
    ),
    "action_amount_positive": Case(
        lambda w: w.told, bad=[{"amount": -1}], good=[{"amount": None}, {"amount": 0}]
    ),
    "target_is_one_thing": Case(
        lambda w: w.draft.targets.get(),
        bad=[
            {"recommendation_id": None},
            lambda w, row: {"measure_id": Measure.objects.first().pk},
        ],
        good=[
            lambda w, row: {
                "recommendation_id": None,
                "measure_id": Measure.objects.first().pk,
            }
        ],
    ),
    "target_recommendation_once": Case(
        lambda w: w.told.targets.filter(recommendation__isnull=False).last(),
        bad=[
            lambda w, row: {
                "recommendation_id": w.told.targets.filter(recommendation__isnull=False)
                .first()
                .recommendation_id
            }
        ],
        good=[lambda w, row: {"action_id": w.draft.pk, "recommendation_id": row.recommendation_id}],
        unique=True,
    ),
    "target_measure_once": Case(
        lambda w: w.told.targets.filter(measure__isnull=False).last(),
        bad=[
            lambda w, row: {
                "measure_id": w.told.targets.filter(measure__isnull=False).first().measure_id
            }
        ],
        good=[lambda w, row: {"action_id": w.draft.pk}],
        unique=True,
    ),
    "source_has_a_title": Case(last(Source), bad=[{"title": ""}], good=[{"title": "Rapport"}]),
    "source_once_a_language": Case(
        lambda w: w.accepted.sources.last(),
        bad=[{"position": 1, "language": "fr"}],
        good=[{"position": 1, "language": "nl"}, {"position": 3, "language": "fr"}],
        unique=True,
    ),
    # the projection
    "span_has_one_subject": Case(
        span_of("recommendation"),
        bad=[
            {"recommendation_id": None},
            lambda w, row: {"measure_id": Measure.objects.first().pk},
        ],
        good=[
            lambda w, row: {
                "recommendation_id": None,
                "measure_id": Measure.objects.first().pk,
            }
        ],
    ),
    "span_in_order": Case(
        span_of("recommendation"),
        bad=[{"end": DAY_AFTER}, {"end": SOME_DAY}],
        good=[{"end": DAY_AFTER + datetime.timedelta(days=1)}, {"end": None}],
    ),
    "span_recommendation_start": Case(
        span_of("recommendation"),
        bad=[{"start": SOME_DAY}],
        good=[{"start": SOME_DAY, "axis": "opinion"}],
        unique=True,
    ),
    "span_measure_start": Case(
        span_of("measure"),
        bad=[{"start": SOME_DAY}],
        good=[{"start": SOME_DAY, "axis": "opinion"}],
        unique=True,
    ),
    "span_recommendation_open_once": Case(
        span_of("recommendation"),
        bad=[end_of_first],
        good=[{"end": None}],
        unique=True,
    ),
    "span_measure_open_once": Case(
        span_of("measure"), bad=[end_of_first], good=[{"end": None}], unique=True
    ),
    "due_span_has_one_subject": Case(
        due_span_of("recommendation"),
        bad=[
            {"recommendation_id": None},
            lambda w, row: {"measure_id": Measure.objects.first().pk},
        ],
        good=[
            lambda w, row: {
                "recommendation_id": None,
                "measure_id": Measure.objects.first().pk,
            }
        ],
    ),
    "due_span_in_order": Case(
        due_span_of("recommendation"),
        bad=[{"end": DAY_AFTER}, {"end": SOME_DAY}],
        good=[{"end": DAY_AFTER + datetime.timedelta(days=1)}, {"end": None}],
    ),
    "due_span_recommendation_start": Case(
        due_span_of("recommendation"),
        bad=[{"start": SOME_DAY}],
        good=[{"start": DAY_AFTER + datetime.timedelta(days=1)}],
        unique=True,
    ),
    "due_span_measure_start": Case(
        due_span_of("measure"),
        bad=[{"start": SOME_DAY}],
        good=[{"start": DAY_AFTER + datetime.timedelta(days=1)}],
        unique=True,
    ),
    # pages
    "recommendationpage_title_in_full_only_if_long": Case(
        last(RecommendationPage),
        bad=[{"title_in_full": "Court."}, {"title_in_full": "é" * 255}],
        good=[{"title_in_full": ""}, {"title_in_full": "é" * 256}],
    ),
    "past_address_has_a_name": Case(past_address, bad=[{"slug": ""}], good=[{"slug": "jadis"}]),
    "past_address_leads_one_way": Case(
        past_address,
        bad=[{"slug": "avant"}],
        good=[{"slug": "jadis"}, lambda w, row: {"slug": "avant", "above": uuid4()}],
        unique=True,
    ),
}


def _values(given: Any, w: Any, row: Any) -> dict[str, Any]:
    return given(w, row) if callable(given) else given


@pytest.mark.parametrize("name", CASES)
def test_the_constraint_lets_good_rows_pass(w, name):
    case = CASES[name]
    assert case.good
    for given in case.good:
        with transaction.atomic():
            row = case.row(w)
            rewrite(row, {**case.first, **_values(given, w, row)})
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", CASES)
def test_the_constraint_stops_bad_rows(w, name):
    case = CASES[name]
    assert case.bad
    for given in case.bad:
        with transaction.atomic():
            row = case.row(w)
            if case.first:
                rewrite(row, case.first)
            with pytest.raises(IntegrityError) as caught, transaction.atomic():
                rewrite(row, _values(given, w, row) or {"value": row.value})
            transaction.set_rollback(True)
        said = str(caught.value)
        assert ("unique" in said.lower()) if case.unique else (name in said), f"{given}: {said}"


def test_every_constraint_has_a_case():
    found = {
        constraint.name
        for model in apps.get_app_config("assemblies").get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }
    assert found == set(CASES)


def test_no_other_app_of_ours_has_constraints_that_are_not_tried():
    found = {
        constraint.name
        for label in ("exchange", "home", "search", "timeline", "translations")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }
    # tests/exchange/test_origin.py, test_uploads.py; tests/{home,search,translations}/
    assert found == {
        "delivery_taken_over_once",
        "footer_link_leads_somewhere",
        "menu_entry_leads_somewhere",
        "message_kind_known",
        "message_sent_to_somebody",
        "one_contact_an_assembly",
        "origin_key_unique",
        "origin_one_owner",
        "origin_row_once_a_package",
        "outdatedwords_once",
        "search_document_once",
        "search_word_once",
        "upload_kept_until_loaded",
        "upload_standing_known",
    }
