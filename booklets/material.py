"""What a snapshot is made of: plain facts, read from the database or made up by a test. Pure."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assemblies import duties, state

#: Words: language → text.
Words = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A published follow-up action: as states see it, and what it says (JSON)."""

    fact: state.Action
    said: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A recommendation; the names are those by which ``projection`` asks for them."""

    pk: int
    reference: str
    number: str
    cycle_id: int
    kind: str
    group_id: int | None = None
    deciding_body_id: int | None = None
    handed_over_on: datetime.date | None = None
    withdrawn_on: datetime.date | None = None
    topics: tuple[int, ...] = ()
    addressees: tuple[int, ...] = ()
    #: Keys of the measures that serve it, in their order.
    measures: tuple[int, ...] = ()
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A measure."""

    pk: int
    reference: str
    number: str
    cycle_id: int
    announced_on: datetime.date
    contributors: tuple[int, ...] = ()
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A passage: what somebody says became of a part of a recommendation."""

    pk: int
    recommendation: int
    stated_on: datetime.date
    replaces: int | None = None
    withdraws: bool = False
    measures: tuple[int, ...] = ()
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A cycle: its key, its day of handover, and what it says of itself."""

    pk: int
    reference: str
    handed_over_on: datetime.date | None = None
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an editor chose: an assembly or a cycle, what goes in, in which order, until when.

    Empty choices leave nothing out. The committee's opinions on what goes in are no choice.
    """

    closing_on: datetime.date
    languages: tuple[str, ...]
    cycles: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    topics: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    #: ``cycle`` (its own order), ``response`` or ``lead``.
    order: str = "cycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that is known and published of one assembly, as far as a booklet of it may need it."""

    steps: tuple[Step, ...] = ()
    #: In the natural order of their cycles.
    asked: tuple[Asked, ...] = ()
    measures: Mapping[int, Planned] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    rounds: Mapping[int, Round] = field(default_factory=dict)
    #: Key → what each says of itself, with its permanent name under ``key``.
    bodies: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    topics: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    groups: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    kinds: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    rules: tuple[duties.Rule, ...] = ()
    #: Key of a duty rule → what is owed, in the regime's words.
    rule_labels: Mapping[int, Words] = field(default_factory=dict)
    citizens_body: bool = True
    silent_after_months: int = 0
    #: What the assembly says of itself.
    assembly: dict[str, Any] = field(default_factory=dict)
