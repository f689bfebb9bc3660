"""From facts to a snapshot: everything that an edition says, as of its closing date.

Pure but for the catalogues, out of which the computed sentences come, once in each language: plain
material goes in, a dict that JSON can say comes out, and nothing is read from a database. What had
happened by the closing date and is known now counts (``assemblies.state``); what happened later is
in no part of it.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.utils.text import slugify
from django.utils.translation import get_language, override

from assemblies import duties, projection, state
from assemblies.enums import (
    CLOSED_IMPLEMENTATIONS,
    VALUES,
    Kind,
    Link,
    PassageState,
    Reason,
    Response,
    Stage,
    Subject,
    Trigger,
)
from assemblies.enums import OpinionObject as Judged
from assemblies.pages import owed
from assemblies.sentence import cycle_sentence, measure_sentence, sentence
from booklets.figures import figures_of
from booklets.material import Asked, Claim, Material, Planned, Scope, Words

FORMAT = "suites-booklet-1"
#: Responses in the order in which a booklet sorted by them shows its sheets.
RESPONSES = (
    *(Response.ACCEPTED, Response.ACCEPTED_MODIFIED, Response.PARTIAL, Response.UNDER_STUDY),
    *(Response.REFERRED, Response.REJECTED, Response.AWAITING),
)
#: Lists of codes whose words in every language stand in the snapshot.
CODES: dict[str, Any] = {
    **{str(axis): values for axis, values in VALUES.items()},
    "kind": Kind,
    "stage": Stage,
    "reason": Reason,
    "link": Link,
    "judged": Judged,
    "passage": PassageState,
}


def compile(
    material: Material,
    scope: Scope,
    *,
    edition: dict[str, Any] | None = None,
    texts: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The snapshot. ``edition``: number, dates and version; ``texts``: the editors', by language.

    Changes against an earlier edition are worked out from two snapshots (``booklets.changes``).
    """
    return Compiler(material, scope).snapshot(edition or {}, texts or {})


class Compiler:
    """One snapshot being made."""

    def __init__(self, material: Material, scope: Scope) -> None:
        self.material = material
        self.scope = scope
        self.day = scope.closing_on
        self.facts = [step.fact for step in material.steps]
        self.steps = {step.fact.number: step for step in material.steps}
        self.corrected_by = {
            fact.corrects: fact.number for fact in self.facts if fact.corrects is not None
        }
        self.roles = state.roles(self.facts)
        self._told: dict[tuple[str, int], dict[int, state.Action]] = defaultdict(dict)
        self._whole: dict[int, state.Action] = {}
        by_number = {fact.number: fact for fact in self.facts}
        for fact in self.facts:
            for each in _chain(fact, by_number):
                for key in each.recommendations:
                    self._told["recommendation", key][fact.number] = fact
                for key in each.measures:
                    self._told["measure", key][fact.number] = fact
                if each.cycle or each.group:
                    self._whole[fact.number] = fact
        self.asked = [asked for asked in material.asked if self._is_in(asked)]
        self.measures = {
            key: material.measures[key]
            for asked in self.asked
            for key in self._serving(asked)
            if key in material.measures
        }
        self.measure_states = {
            key: state.fold(self._on("measure", key), as_of=self.day, measure=key)
            for key in self.measures
        }
        self.references = {asked.pk: asked.reference for asked in material.asked}
        self.measure_references = {key: each.reference for key, each in material.measures.items()}
        #: Keys of bodies that the snapshot names.
        self.named: set[int] = set()

    # -- what goes in -------------------------------------------------------------------------

    def _is_in(self, asked: Asked) -> bool:
        scope = self.scope
        if scope.cycles and asked.cycle_id not in scope.cycles:
            return False
        if asked.handed_over_on is not None and asked.handed_over_on > self.day:
            return False
        if scope.groups and not scope.groups & set(self._groups_above(asked.group_id)):
            return False
        if scope.topics and not scope.topics & set(asked.topics):
            return False
        if scope.kinds and asked.kind not in scope.kinds:
            return False
        return not scope.bodies or bool(scope.bodies & self.concerned(asked))

    def concerned(self, asked: Asked) -> set[int]:
        """The bodies that a recommendation concerns: who decides, is addressed, leads, helps."""
        found = {*asked.addressees, asked.deciding_body_id}
        own = state.fold(
            self._on("recommendation", asked.pk),
            as_of=self.day,
            recommendation=asked.pk,
            deciding_body=asked.deciding_body_id,
        )
        found |= {*own.other_responses}
        found.add(own.lead.key if own.lead else None)
        for key in self._serving(asked):
            known = state.fold(self._on("measure", key), as_of=self.day, measure=key)
            found.add(known.lead.key if known.lead else None)
            found |= set(self.material.measures[key].contributors)
        return {key for key in found if key is not None}

    def _serving(self, asked: Asked) -> list[int]:
        """The measures that were announced for it by the closing date."""
        return [
            key
            for key in asked.measures
            if key in self.material.measures
            and self.material.measures[key].announced_on <= self.day
        ]

    def _groups_above(self, key: int | None) -> Iterator[int]:
        seen: set[int] = set()
        while key is not None and key not in seen and key in self.material.groups:
            seen.add(key)
            yield key
            key = self.material.groups[key].get("parent")

    def _on(self, noun: str, key: int) -> list[state.Action]:
        return list(self._told[noun, key].values())

    def _around(self, noun: str, key: int) -> list[state.Action]:
        return list((self._told[noun, key] | self._whole).values())

    # -- words --------------------------------------------------------------------------------

    def _in_each(self, say: Callable[[], Any]) -> Words:
        """A computed text in each language of the edition."""
        found: Words = {}
        for code in self.scope.languages:
            with override(code):
                found[code] = str(say())
        return found

    def _own_words(self, kind: str) -> Callable[[str, str], str]:
        """The words of a kind for the states, as ``sentence`` asks for them."""
        words: dict[str, Words] = self.material.kinds.get(kind, {}).get("words", {})

        def word(axis: str, value: str) -> str:
            text = words.get(f"{axis}/{value}", {}).get(get_language() or "", "")
            return text[:1].upper() + text[1:]

        return word

    def _body(self, key: int | None) -> str | None:
        """The permanent name of a body, which the snapshot then describes."""
        if key is None or key not in self.material.bodies:
            return None
        self.named.add(key)
        return str(self.material.bodies[key]["key"])

    # -- the whole ----------------------------------------------------------------------------

    def snapshot(self, edition: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
        shown = [asked for asked in self.asked if asked.withdrawn_on is None]
        sheets = [self.sheet(asked) for asked in shown]
        sheets = self._ordered(sheets)
        for slug, sheet in zip(_slugs(sheets), sheets, strict=True):
            sheet["slug"] = slug
        measures = {each.reference: self.measure(key, each) for key, each in self.measures.items()}
        numbers = {number for sheet in sheets for number in sheet["actions"]}
        rounds = [self.round(key) for key in self._rounds()]
        numbers |= {number for each in rounds for number in each["actions"]}
        actions = {str(number): self.action(number) for number in sorted(numbers)}
        committee = self.material.assembly.get("committee")
        if committee:
            self.named |= {
                key for key, body in self.material.bodies.items() if body["key"] == committee
            }
        found: dict[str, Any] = {
            "format": FORMAT,
            "edition": {
                "closing_on": self.day.isoformat(),
                "languages": list(self.scope.languages),
                **edition,
            },
            "assembly": {**self.material.assembly, "citizens_body": self.material.citizens_body},
            "scope": self._scope(),
            "cycles": rounds,
            "texts": texts,
            "groups": self._groups(shown),
            "topics": self._lists(self.material.topics, {t for a in shown for t in a.topics}),
            "kinds": {a.kind: self.material.kinds.get(a.kind, {}) for a in shown},
            "recommendations": sheets,
            "withdrawn": [self.withdrawn(asked) for asked in self.asked if asked.withdrawn_on],
            "measures": measures,
            "actions": actions,
            "labels": self._labels(),
        }
        found["figures"] = figures_of(found)
        for each in found["figures"]:
            each["sentence"] = self._in_each(partial(self._cycle_sentence, each))
        found["bodies"] = {
            self.material.bodies[key]["key"]: {
                name: value for name, value in self.material.bodies[key].items() if name != "key"
            }
            for key in sorted(self.named)
        }
        found["answerable"] = self.answerable(found)
        found["changes"] = None
        return found

    def _cycle_sentence(self, counted: dict[str, Any]) -> str:
        return cycle_sentence(
            {
                "recommendations": counted["recommendations"],
                "answered": counted["answered"],
                "measures": counted["measures"],
                "done": counted["done"],
                "stopped": counted["implementation"].get("stopped", 0),
                "void": counted["implementation"].get("void", 0),
                "examined": counted["examined"],
                "satisfactory": counted["opinion"].get("satisfactory", 0),
            },
            citizens_body=self.material.citizens_body,
        )

    def _scope(self) -> dict[str, Any]:
        scope, material = self.scope, self.material
        return {
            "order": scope.order,
            "groups": [material.groups[key] for key in sorted(scope.groups & set(material.groups))],
            "topics": [material.topics[key] for key in sorted(scope.topics & set(material.topics))],
            "bodies": sorted(filter(None, (self._body(key) for key in scope.bodies))),
            "kinds": sorted(scope.kinds),
        }

    def _groups(self, shown: list[Asked]) -> dict[str, Any]:
        keys = {key for asked in shown for key in self._groups_above(asked.group_id)}
        return self._lists(self.material.groups, keys)

    def _lists(self, rows: Any, keys: Iterable[int]) -> dict[str, Any]:
        return {str(key): dict(rows[key]) for key in sorted(set(keys)) if key in rows}

    def _labels(self) -> dict[str, dict[str, Words]]:
        """The words of all codes in all languages: the data explains itself."""
        return {
            name: {code.value: self._in_each(partial(getattr, code, "label")) for code in codes}
            for name, codes in CODES.items()
        }

    def _rounds(self) -> list[int]:
        keys = self.scope.cycles or set(self.material.rounds)
        return [key for key in self.material.rounds if key in keys]

    def _ordered(self, sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.scope.order == "response":
            return sorted(sheets, key=lambda each: RESPONSES.index(each["response"]["code"]))
        if self.scope.order == "lead":
            return sorted(sheets, key=lambda each: (each["leads"] or ["~"])[0])
        return sheets

    # -- one recommendation -------------------------------------------------------------------

    def sheet(self, asked: Asked) -> dict[str, Any]:
        """One recommendation: its words, its state on the closing date, and what it rests on."""
        serving = self._serving(asked)
        facts = {fact.number: fact for fact in self._on("recommendation", asked.pk)}
        for key in serving:
            facts |= {fact.number: fact for fact in self._on("measure", key)}
        known = state.fold(
            facts.values(),
            as_of=self.day,
            recommendation=asked.pk,
            deciding_body=asked.deciding_body_id,
            serving=frozenset(serving),
        )
        codes = [self.measure_states[key].implementation_code for key in serving]
        leads = {
            name
            for value in (known.lead, *(self.measure_states[key].lead for key in serving))
            if value is not None and (name := self._body(value.key))
        }
        words = self._own_words(asked.kind)
        response = known.response
        return {
            "reference": asked.reference,
            "number": asked.number,
            "cycle": self.material.rounds[asked.cycle_id].reference,
            "kind": asked.kind,
            "group": str(asked.group_id) if asked.group_id in self.material.groups else None,
            "topics": [str(key) for key in asked.topics],
            "addressees": list(filter(None, map(self._body, asked.addressees))),
            "deciding_body": self._body(asked.deciding_body_id),
            "handed_over_on": _day(asked.handed_over_on),
            **asked.said,
            "sentence": self._in_each(
                lambda: sentence(
                    known,
                    words=words,
                    measures=state.Measures.of(codes),
                    citizens_body=self.material.citizens_body,
                    handed_over=asked.handed_over_on,
                )
            ),
            "response": {
                "code": known.response_code,
                **(self._value(response) if response is not None else {}),
            },
            "other_responses": [
                self._value(value)
                for value in sorted(
                    known.other_responses.values(), key=lambda each: (each.since, each.set_by)
                )
            ],
            "implementation": {
                "code": known.implementation_code if known.implementation else "",
                **(self._value(known.implementation) if known.implementation else {}),
            },
            "opinion": {
                "code": known.opinion_code,
                "unseen": known.unseen,
                **(self._value(known.opinion) if known.opinion else {}),
            },
            "lead": self._body(known.lead.key) if known.lead else None,
            "leads": sorted(leads),
            "measures": [self.material.measures[key].reference for key in serving],
            "measure_codes": codes,
            "passages": self.passages(asked),
            "duties": self._duties(asked, known),
            "silent_since": _day(
                duties.silent(
                    known.last_action,
                    asked.handed_over_on,
                    self.material.silent_after_months,
                    self.day,
                )
            ),
            "last_action": _day(known.last_action),
            "actions": sorted(fact.number for fact in facts.values() if fact.last <= self.day),
        }

    def withdrawn(self, asked: Asked) -> dict[str, Any]:
        """What was withdrawn keeps its place, its date and its reason; its words are gone."""
        return {
            "reference": asked.reference,
            "number": asked.number,
            "withdrawn_on": _day(asked.withdrawn_on),
            "reason": asked.said.get("withdrawn_because", {}),
            "example": asked.said.get("example", False),
        }

    def _value(self, value: state.Value) -> dict[str, Any]:
        """What stands on an axis: the code, since when, by which action of which body."""
        found = {
            "code": value.value,
            "first": _day(value.first),
            "last": _day(value.since),
            "begun_first": _day(value.begun_first),
            "begun": _day(value.begun),
            "action": value.set_by,
            "body": self._body(value.body),
        }
        if value.stage:
            found["stage"] = value.stage
        if value.opinion_object:
            found["judged"] = value.opinion_object
        if value.decision_due:
            found["decision_due"] = _day(value.decision_due)
        return found

    # -- one measure --------------------------------------------------------------------------

    def measure(self, key: int, planned: Planned) -> dict[str, Any]:
        known = self.measure_states[key]
        said = known.implementation
        found: dict[str, Any] = {
            "number": planned.number,
            "cycle": self.material.rounds[planned.cycle_id].reference,
            "announced_on": _day(planned.announced_on),
            "contributors": list(filter(None, map(self._body, planned.contributors))),
            **planned.said,
            "implementation": {
                "code": known.implementation_code,
                **(self._value(said) if said else {}),
            },
            "sentence": self._in_each(lambda: measure_sentence(known)),
            "lead": self._body(known.lead.key) if known.lead else None,
            "deadline": None,
            "duties": self._measure_duties(planned, known),
        }
        if known.deadline is not None:
            found["deadline"] = {"date": _day(known.deadline.date), "action": known.deadline.set_by}
            first = known.first_deadline
            if known.postponed and first is not None:
                found["deadline"] |= {"first_date": _day(first.date), "first_action": first.set_by}
        return found

    # -- passages -----------------------------------------------------------------------------

    def passages(self, asked: Asked) -> list[dict[str, Any]]:
        """What held of the passages of its words on the closing date."""
        said = [
            claim
            for claim in self.material.claims
            if claim.recommendation == asked.pk and claim.stated_on <= self.day
        ]
        replaced = {claim.replaces for claim in said}
        held = [c for c in said if c.pk not in replaced and not c.withdraws]
        return [self._passage(claim) for claim in held]

    def _passage(self, claim: Claim) -> dict[str, Any]:
        gone = set(self.corrected_by)
        contests = [
            step.fact.number
            for step in self.material.steps
            if step.said.get("contests") == claim.pk
            and step.fact.number not in gone
            and step.fact.last <= self.day
        ]
        serving = [self.measure_references[key] for key in claim.measures if key in self.measures]
        return {
            "key": str(claim.pk),
            "stated_on": _day(claim.stated_on),
            "measures": serving,
            "contested_by": contests,
            **claim.said,
            "body": self._body(claim.said.get("body")),
        }

    # -- actions ------------------------------------------------------------------------------

    def action(self, number: int) -> dict[str, Any]:
        step = self.steps[number]
        fact = step.fact
        role = self.roles[number]
        cycle = self.material.rounds.get(fact.cycle or 0)
        return {
            **step.said,
            "kind": fact.kind,
            "acts_as": role.kind,
            "stage": role.stage or fact.stage,
            "first": _day(fact.first),
            "last": _day(fact.last),
            "published_on": _day(fact.published),
            "body": self._body(fact.body),
            "axis": fact.axis,
            "value": fact.value,
            "decision_due": _day(fact.decision_due),
            "concerned_body": self._body(step.said.get("concerned_body")),
            "new_deadline": _day(fact.deadline),
            "corrects": fact.corrects,
            "corrected_by": self.corrected_by.get(number),
            "withdraws": fact.withdraws,
            "recommendations": sorted(
                self.references[key] for key in fact.recommendations if key in self.references
            ),
            "measures": sorted(
                self.measure_references[key]
                for key in fact.measures
                if key in self.measure_references
            ),
            "cycle": cycle.reference if cycle is not None else None,
            "group": str(fact.group) if fact.group else None,
        }

    # -- duties -------------------------------------------------------------------------------

    def _duties(self, asked: Asked, known: state.State) -> list[dict[str, Any]]:
        found = [
            self._duty(duty)
            for duty in projection.duties_of_recommendation(
                asked, self._around("recommendation", asked.pk), self.material.rules, self.day
            )
        ]
        answer = known.response
        if (
            answer is not None
            and answer.decision_due is not None
            and answer.value in (Response.UNDER_STUDY, Response.AWAITING)
        ):
            found.append(self._announced(answer.decision_due, decision=True))
        return found

    def _measure_duties(self, planned: Planned, known: state.State) -> list[dict[str, Any]]:
        found = [
            self._duty(duty)
            for duty in duties.duties(
                [rule for rule in self.material.rules if rule.subject == Subject.MEASURE],
                {Trigger.PUBLICATION: planned.announced_on},
                self._around("measure", planned.pk),
                as_of=self.day,
                measure=planned.pk,
                within=((Subject.CYCLE, planned.cycle_id),),
            )
        ]
        closed = known.implementation_code in CLOSED_IMPLEMENTATIONS
        if known.deadline is not None and known.deadline.date is not None and not closed:
            found.append(self._announced(known.deadline.date, decision=False))
        return found

    def _duty(self, duty: duties.Duty) -> dict[str, Any]:
        """One thing owed, in words, and what came of it."""
        lists: Any = SimpleNamespace(rule_labels=self.material.rule_labels)
        answer = self.steps[duty.by] if duty.by is not None else None
        first = answer.fact.first if answer else None
        name: Words = {}
        for code in self.scope.languages:
            with override(code):
                choice = owed.name(lists, duty)
            if choice.text and not choice.missing:
                name[code] = choice.text
        return {
            "rule": duty.rule.code,
            "status": duty.status,
            "due": _day(duty.due),
            "on": _day(duty.on),
            "by": duty.by,
            "days": duty.days,
            "name": name or self.material.rule_labels.get(duty.rule.key, {}),
            "sentence": self._in_each(lambda: owed.sentence(duty, first)),
            "explained_by": list(duty.explained_by),
            "reasons": [
                said.get("reason_text") or said.get("title") or {}
                for number in duty.explained_by
                if (said := self.steps[number].said)
            ],
        }

    def _announced(self, due: datetime.date, *, decision: bool) -> dict[str, Any]:
        """A day that the authority itself announced."""
        rows = {}
        for code in self.scope.languages:
            with override(code):
                rows[code] = owed.announced(due, self.day, decision=decision)
        return {
            "rule": "announced",
            "status": "late" if due < self.day else "due",
            "due": _day(due),
            "on": None,
            "by": None,
            "days": 0,
            "name": {code: str(row["name"]) for code, row in rows.items()},
            "sentence": {code: str(row["sentence"]) for code, row in rows.items()},
            "explained_by": [],
            "reasons": [],
        }

    # -- cycles and bodies --------------------------------------------------------------------

    def round(self, key: int) -> dict[str, Any]:
        """A cycle: what it says of itself, what is owed for it as a whole, the steps on it."""
        found = self.material.rounds[key]
        owes: Any = SimpleNamespace(pk=key, handed_over_on=found.handed_over_on)
        on_it = [
            fact
            for fact in self._whole.values()
            if fact.last <= self.day and (fact.cycle == key or self._group_in(fact.group, key))
        ]
        rules = self.material.rules
        return {
            "reference": found.reference,
            "handed_over_on": _day(found.handed_over_on),
            **found.said,
            "duties": [
                self._duty(duty)
                for duty in projection.duties_of_cycle(
                    owes, list(self._whole.values()), rules, self.day
                )
            ],
            "actions": sorted(fact.number for fact in on_it),
        }

    def _group_in(self, group: int | None, cycle: int) -> bool:
        return group is not None and self.material.groups.get(group, {}).get("cycle") == cycle

    def answerable(self, found: dict[str, Any]) -> list[dict[str, Any]]:
        """Every body that decides or leads: what it owes, and what it answered."""
        rows: dict[str, dict[str, Any]] = {}

        def row(body: str) -> dict[str, Any]:
            empty = {"body": body, "decides": [], "answered": [], "late": [], "leads": []}
            return rows.setdefault(body, empty | {"done": []})

        for sheet in found["recommendations"]:
            reference = sheet["reference"]
            if body := sheet["deciding_body"]:
                row(body)["decides"].append(reference)
                if sheet["response"]["code"] != Response.AWAITING:
                    row(body)["answered"].append(reference)
                if any(duty["status"] == "late" for duty in sheet["duties"]):
                    row(body)["late"].append(reference)
            for answer in sheet["other_responses"]:
                if answer["body"]:
                    row(answer["body"])["answered"].append(reference)
        for reference, measure in found["measures"].items():
            if body := measure["lead"]:
                row(body)["leads"].append(reference)
                if measure["implementation"]["code"] in ("delivered", "continuous"):
                    row(body)["done"].append(reference)
                if any(duty["status"] == "late" for duty in measure["duties"]):
                    row(body)["late"].append(reference)
        return [rows[body] for body in sorted(rows)]


# -- small things -----------------------------------------------------------------------------


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _slugs(sheets: list[dict[str, Any]]) -> Iterator[str]:
    """The address of each sheet below that of its edition, each once."""
    taken: set[str] = set()
    for sheet in sheets:
        base = slugify(sheet["reference"].replace(".", "-")) or "fiche"
        slug, more = base, 2
        while slug in taken:
            slug, more = f"{base}-{more}", more + 1
        taken.add(slug)
        yield slug


def _chain(fact: state.Action, by_number: dict[int, state.Action]) -> Iterator[state.Action]:
    """A fact and, for a correction, all that it replaces."""
    step: state.Action | None = fact
    while step is not None:
        yield step
        step = by_number.get(step.corrects) if step.corrects is not None else None
