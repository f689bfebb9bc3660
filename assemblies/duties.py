"""Duties: what an authority owes by which day, and what came of it. Pure, no Django import.

A regime is a list of rules. A rule and the day on which its clock starts (the handover of a cycle,
the adoption of an act, the announcement of a measure) give dated duties; the published actions say
whether each was met. Nothing is stored and nobody types "late". Source of the rules: the domain
model, "Duties"; ready-made regimes are in ``presets``.

**What answers.** An action answers a duty of a subject when it explicitly targets that subject, and
either it is of a kind (and, where the rule names one, of the stage) that the rule says, or it says
itself that it does (``Action.answers``). Moreover:

* A corrected action answers nothing; its correction answers in the role of what it replaces. A
  correction that only withdraws answers nothing.
* An action counts from its ``last`` day, and not before the clock started, unless it says that it
  answers this duty. A lead body named earlier is the lead all the same, so it counts.
* Whatever names a lead body answers a duty that the kind "lead body named" answers.
* A final response also answers a duty of an initial response, if it is the first of the two to
  come: a final answer given early meets both, and an initial one given after it changes nothing.
* Where the deciding body is given, a response or vote of another body answers only if it says so.

**Which action answers which.** Actions are taken in the order in which they happened, each used
once in a rule. With ``count`` 2, two duties fall on the same day and the first two actions meet
them. A recurring duty falls ``delay``, ``delay + every``, ``delay + 2 * every``… after its trigger,
always reckoned from the trigger. Each occurrence takes the first action not used yet that happened
after the due date of the occurrence before it. So for a yearly report due every 15 March: one
published in February is this year's, early; one published in April is this year's, late, if nothing
came before it, and else next year's, very early; a second one before the same 15 March counts for
nothing. One report after two years of silence answers the older of the two.
"""

import calendar
import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from assemblies.facts import Action, Role, decides, effective, known_actions, roles

# Codes of ``enums`` on which rules depend (held equal by a test), and the noun of a group.
CYCLE = "cycle"
RECOMMENDATION = "recommendation"
MEASURE = "measure"
GROUP = "group"
MONTHS = "months"
DAYS = "days"
INITIAL = "initial"
FINAL = "final"
LEAD = "lead"
RESPONSE_KINDS = frozenset({"response", "vote"})
#: What stands beside a duty and explains lateness, and never erases it.
EXPLAINING_KINDS = frozenset({"postponed", "suspension"})

Status = Literal["met", "met_late", "due", "late"]

MET: Status = "met"
MET_LATE: Status = "met_late"
DUE: Status = "due"
LATE: Status = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One duty as a regime states it: who starts it, how long it may take, what answers it."""

    key: int
    code: str
    #: What starts the clock (code of ``enums.Trigger``).
    trigger: str
    #: What it is owed for (code of ``enums.Subject``).
    subject: str
    #: From the trigger to the (first) due date, in ``unit``.
    delay: int
    #: ``months`` (calendar months) or ``days``.
    unit: str = MONTHS
    #: From one due date to the next, in ``unit``; 0: owed once.
    every: int = 0
    #: How many answers are owed by each due date.
    count: int = 1
    #: Roles of action that answer it (codes of ``enums.Kind``).
    answered_by: frozenset[str] = frozenset()
    #: The stage that an answer must have; "": any.
    stage: str = ""
    #: Roles of action that end it: nothing unanswered is owed that falls due on that day or later.
    closed_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing owed by one day, and what came of it."""

    rule: Rule
    #: 1, 2, … within the rule, by due date.
    n: int
    due: datetime.date
    #: A duty is late from the day after its due date.
    status: Status
    #: The day it was met, and the number of the action that met it.
    on: datetime.date | None = None
    by: int | None = None
    #: How many days late it was met, or is; 0 otherwise.
    days: int = 0
    #: Numbers of the published postponements and suspensions that stand beside it, unless it was
    #: met in time. They change neither the due date nor the status.
    explained_by: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.status in {DUE, LATE}


def add_months(start: datetime.date, months: int) -> datetime.date:
    """The same day so many calendar months on, or the last of that month where it has no such day.

    31 August + 6 months is 28 or 29 February. Past the last day that a date can hold: that day.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > datetime.MAXYEAR:
        return datetime.date.max
    last_day = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(start.day, last_day))


def _shift(start: datetime.date, amount: int, unit: str) -> datetime.date:
    if unit == MONTHS:
        return add_months(start, amount)
    if amount > (datetime.date.max - start).days:
        return datetime.date.max
    return start + datetime.timedelta(days=amount)


def _is_on(action: Action, subject: tuple[str, int]) -> bool:
    noun, key = subject
    if noun == RECOMMENDATION:
        return key in action.recommendations
    if noun == MEASURE:
        return key in action.measures
    return key == (action.cycle if noun == CYCLE else action.group)


def _answers(rule: Rule, action: Action, role: Role, deciding_body: int | None) -> bool:
    if action.answers == rule.key:
        return True
    if LEAD in rule.answered_by and action.lead is not None:
        return True
    if role.kind not in rule.answered_by or role.kind == LEAD:
        return False  # a step of the kind "lead named" that names nobody answers nothing
    if role.kind in RESPONSE_KINDS and not decides(action, role.kind, deciding_body):
        return False
    return (
        not rule.stage
        or role.stage == rule.stage
        or (rule.stage == INITIAL and role.stage == FINAL)
    )


def _counts_before_trigger(rule: Rule, action: Action) -> bool:
    return action.answers == rule.key or (LEAD in rule.answered_by and action.lead is not None)


def duties(
    rules: Iterable[Rule],
    triggers: Mapping[str, datetime.date | None],
    actions: Iterable[Action],
    *,
    as_of: datetime.date,
    cycle: int | None = None,
    recommendation: int | None = None,
    measure: int | None = None,
    known_on: datetime.date | None = None,
    deciding_body: int | None = None,
    within: Collection[tuple[str, int]] = (),
) -> list[Duty]:
    """What is owed for one subject, as things stood on ``as_of``, by due date.

    The subject is a ``cycle``, a ``recommendation`` or a ``measure``, by its key; rules owed for
    another noun are passed over, so a regime's whole list can be given. ``triggers``: code of a
    trigger → its day; a rule without a day, or whose day is after ``as_of``, owes nothing yet.
    ``actions``, ``known_on`` and ``deciding_body`` as for :func:`assemblies.state.fold`.
    ``within``: wider subjects, as (noun, key), whose postponements and suspensions stand beside
    too: ``("cycle", 3)``, ``("group", 7)``, ``("recommendation", 12)``; only what targets the
    subject itself answers.

    A recurring rule lists every occurrence up to the first one that is yet to come and unanswered.
    """
    named = {CYCLE: cycle, RECOMMENDATION: recommendation, MEASURE: measure}
    subjects = [(noun, key) for noun, key in named.items() if key is not None]
    if len(subjects) != 1:
        raise ValueError("Name one subject: a cycle, a recommendation or a measure.")
    subject = subjects[0]
    known = known_actions(actions, known_on)
    counts_as = roles(known)
    happened = [
        action
        for action in effective(known)
        if action.last <= as_of and not counts_as[action.number].withdraws
    ]
    own = [action for action in happened if _is_on(action, subject)]
    explaining = [
        action
        for action in happened
        if counts_as[action.number].kind in EXPLAINING_KINDS
        and any(_is_on(action, each) for each in (subject, *within))
    ]
    found: list[Duty] = []
    for rule in rules:
        trigger = triggers.get(rule.trigger)
        if rule.subject != subject[0] or trigger is None or trigger > as_of:
            continue
        answering = [
            action
            for action in own
            if _answers(rule, action, counts_as[action.number], deciding_body)
            and (action.last >= trigger or _counts_before_trigger(rule, action))
        ]
        closing = [action.last for action in own if counts_as[action.number].kind in rule.closed_by]
        found.extend(
            _of_rule(
                rule,
                trigger=trigger,
                as_of=as_of,
                answering=answering,
                explaining=explaining,
                closed=min(closing, default=None),
            )
        )
    return sorted(found, key=lambda duty: duty.due)


def _of_rule(
    rule: Rule,
    *,
    trigger: datetime.date,
    as_of: datetime.date,
    answering: list[Action],
    explaining: list[Action],
    closed: datetime.date | None,
) -> Iterator[Duty]:
    """The duties of one rule, in order; ``answering`` and ``explaining`` in order of happening."""
    n = used = occurrence = 0
    previous: datetime.date | None = None
    while True:
        due = _shift(trigger, rule.delay + occurrence * rule.every, rule.unit)
        is_awaited = False
        for _each in range(max(rule.count, 1)):
            n += 1
            while (
                previous is not None and used < len(answering) and answering[used].last <= previous
            ):
                used += 1
            answer = answering[used] if used < len(answering) else None
            if closed is not None and closed <= due and (answer is None or answer.last > closed):
                return
            used += 1
            until = as_of if answer is None else answer.last
            status: Status
            if answer is None:
                status = LATE if as_of > due else DUE
            else:
                status = MET_LATE if answer.last > due else MET
            is_awaited = is_awaited or status == DUE
            yield Duty(
                rule=rule,
                n=n,
                due=due,
                status=status,
                on=answer.last if answer else None,
                by=answer.number if answer else None,
                days=max((until - due).days, 0),
                explained_by=()
                if status == MET
                else tuple(
                    action.number
                    for action in explaining
                    if action.last <= until and (previous is None or action.last > previous)
                ),
            )
        if rule.every <= 0 or is_awaited:
            return
        previous = due
        occurrence += 1


def next_due(
    found: Iterable[Duty], decision_due: datetime.date | None = None
) -> datetime.date | None:
    """The earliest day by which something still open was or is expected; before today: late.

    ``decision_due``: the day by which the authority itself said it would decide, while it has not.
    """
    days = [duty.due for duty in found if duty.is_open]
    if decision_due is not None:
        days.append(decision_due)
    return min(days, default=None)


def silent(
    last_action: datetime.date | None,
    handed_over: datetime.date | None,
    months: int | None,
    as_of: datetime.date,
) -> datetime.date | None:
    """Since which day nothing was heard, if that is longer than the regime allows; else None.

    Reckoned in calendar months from the last step, or from the handover where that is later.
    Without either, or where the regime sets no limit (``months`` 0 or None), nobody is silent.
    """
    since = max((day for day in (last_action, handed_over) if day is not None), default=None)
    if since is None or not months or as_of <= add_months(since, months):
        return None
    return since
