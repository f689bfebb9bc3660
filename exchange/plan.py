"""What an import would do, row by row: pure, from what the folder and the site say of each.

A row is known by the key that its package gave it (``Origin``). An unchanged row changes nothing;
what the site may change is changed; what was published is refused; a row that the folder no longer
has is left, and listed. An empty cell for words says nothing: no text is erased by it, and a
language that was added on the site stays.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from exchange import tables
from exchange.columns import meanings
from exchange.problems import Problem
from exchange.reader import Package, Row


class Step(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REFUSE = "refuse"
    MISSING = "missing"


#: What is published once and then stays; the rows that are part of such a fact.
FACTS = ("acts", "measures", "passages", "actions", "announced_counts", "withdrawals")
PARTS = {"measure_serves": "measure", "targets": "action", "sources": "action"}
#: What identifies a row that may otherwise change, and the words as they were handed over.
FIXED: dict[str, frozenset[str]] = {
    "regimes": frozenset({"code"}),
    "duty_rules": frozenset({"regime", "code"}),
    "bodies": frozenset({"assembly"}),
    "kinds": frozenset({"assembly", "code"}),
    "kind_words": frozenset({"kind", "axis", "value"}),
    "groups": frozenset({"cycle"}),
    "assemblies": frozenset({"code"}),
    "cycles": frozenset({"assembly", "code"}),
    "recommendations": frozenset(
        {"cycle", "label", "kind", "deciding_body", "language", "verbatim"}
    ),
}
#: What an empty cell stands for, where that is not "nothing".
EMPTY: dict[tuple[str, str], Any] = {("assemblies", "ink"): "ardoise"}


@dataclass(frozen=True, slots=True)
class Known:
    """A row that came with this package before: the row of the site, and whether it brought it."""

    pk: int
    owns: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of one row, and why."""

    table: str
    key: str
    step: Step
    #: As a spreadsheet numbers it; 0 for a row that the folder does not have.
    number: int = 0
    #: The columns that differ from what the site says.
    columns: tuple[str, ...] = ()
    reason: str = ""
    value: str = ""
    #: The primary key of the row of the site; None where it is yet to be made.
    pk: int | None = None

    def problem(self) -> Problem:
        column, *_others = self.columns or ("",)
        return Problem(
            file=f"{self.table}.csv",
            row=self.number,
            column=column,
            value=self.value,
            reason=self.reason,
        )


@dataclass(slots=True)
class Plan:
    """What an import would do: the entries of each table, in the order of its file."""

    package: str
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Entry]:
        for table in tables.NAMES:
            yield from self.entries.get(table, ())

    def of(self, table: str, *steps: Step) -> list[Entry]:
        return [each for each in self.entries.get(table, ()) if each.step in steps]

    def counts(self, table: str) -> Counter[Step]:
        return Counter(each.step for each in self.entries.get(table, ()))

    @property
    def problems(self) -> list[Problem]:
        return [each.problem() for each in self if each.step == Step.REFUSE]

    @property
    def writes(self) -> bool:
        """Whether an import would write anything at all."""
        return any(each.step in (Step.ADD, Step.CHANGE) for each in self)


#: Rows that are compared at once.
BATCH = 500
#: What the site says of rows of a table, by primary key; of those that it still has.
Said = Callable[[str, list[int]], Mapping[int, Mapping[str, Any]]]


def make(package: Package, name: str, known: Mapping[str, Mapping[str, Known]], said: Said) -> Plan:
    """The plan of a package. ``known``: by table and key; ``said`` is asked batch by batch."""
    plan = Plan(name)
    for table in tables.NAMES:
        rows = package[table]
        there = known.get(table, {})
        entries: list[Entry] = []
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            pks = [there[row.key].pk for row in batch if row.key in there]
            site = said(table, pks) if pks else {}
            entries += [weigh(row, there.get(row.key), site) for row in batch]
        keys = {row.key for row in rows}
        entries += [
            Entry(table, key, Step.MISSING, pk=each.pk)
            for key, each in there.items()
            if key not in keys
        ]
        if entries:
            plan.entries[table] = entries
    _parts_of_published_facts(package, plan)
    return plan


def weigh(row: Row, known: Known | None, site: Mapping[int, Mapping[str, Any]]) -> Entry:
    """What becomes of one row. ``site``: what the site says of the rows of its table."""
    said = site.get(known.pk) if known else None
    if known is None or said is None:
        return Entry(row.table, row.key, Step.ADD, row.number)
    found = differences(row, said)
    if not found or not known.owns:
        return Entry(row.table, row.key, Step.UNCHANGED, row.number, tuple(found), pk=known.pk)
    refused, reason = _refusal(row, found, said)
    if refused:
        value = row[refused[0]]
        return Entry(
            row.table,
            row.key,
            Step.REFUSE,
            row.number,
            tuple(refused),
            reason,
            "" if value is None or isinstance(value, dict | list) else str(value),
            pk=known.pk,
        )
    return Entry(row.table, row.key, Step.CHANGE, row.number, tuple(found), pk=known.pk)


def differences(row: Row, said: Mapping[str, Any]) -> list[str]:
    """The columns in which a row says something else than the site."""
    found = []
    for name, meaning in meanings(row.table).items():
        if name not in row.facts:
            continue
        given, there = row[name], said.get(name)
        if name == "published_on":
            # Asked at the first publication only, which is never before that of what it names.
            if given is not None and there is not None and given > there:
                found.append(name)
        elif meaning.in_words:
            there = there or {}
            if any(text != there.get(language) for language, text in (given or {}).items()):
                found.append(name)
        elif meaning.several:
            ordered = row.table == "assemblies" and name == "languages"
            given, there = list(given or ()), list(there or ())
            if (given != there) if ordered else (sorted(given) != sorted(there)):
                found.append(name)
        elif _or_empty(row.table, name, given) != _or_empty(row.table, name, there):
            found.append(name)
    return found


def _or_empty(table: str, name: str, value: Any) -> Any:
    """A value, or what an empty cell stands for: no text, no day, zero, false."""
    if value in (None, "", 0, False):
        return EMPTY.get((table, name))
    return value


def _only_adds(row: Row, name: str, said: Mapping[str, Any]) -> bool:
    """Whether a column only says, in a language that was missing, what it said in another."""
    given, there = row[name], said.get(name)
    if not meanings(row.table)[name].in_words or not there:
        return False
    return all(there.get(language, text) == text for language, text in given.items())


def _refusal(row: Row, found: list[str], said: Mapping[str, Any]) -> tuple[list[str], str]:
    """The columns of a changed row that may not change, and why; none where it may."""
    if row.table in FACTS or row.table in PARTS:
        refused = [name for name in found if row.table in PARTS or not _only_adds(row, name, said)]
        return refused, _("This is published and stays as it is: add a correction.")
    refused = [name for name in found if name in FIXED.get(row.table, ())]
    if "verbatim" in refused and _only_adds(row, "verbatim", said):
        refused.remove("verbatim")
    if refused == ["verbatim"]:
        return refused, _(
            "The citizens’ words are published and stay as they are: add a correction, with the "
            "old and the new text."
        )
    if refused:
        return refused, _("This identifies what is published, and is fixed.")
    if said.get("has_draft"):
        return found[:1], _("The site has a draft of this page: publish or discard it first.")
    return [], ""


def _parts_of_published_facts(package: Package, plan: Plan) -> None:
    """Nothing is added to a published fact, but a source in a language that was missing."""
    whole = {
        (each.table, each.key): each.step
        for each in plan
        if each.table in FACTS and each.step != Step.MISSING
    }
    for table, name in PARTS.items():
        above = {"measure": "measures", "action": "actions"}[name]
        entries = plan.entries.get(table, [])
        for place, entry in enumerate(entries):
            if entry.step != Step.ADD:
                continue
            row = package.rows[table][entry.key]
            if whole.get((above, row[name])) in (None, Step.ADD) or table == "sources":
                continue
            entries[place] = Entry(
                table,
                entry.key,
                Step.REFUSE,
                entry.number,
                (name,),
                _("This is published and stays as it is: add a correction."),
                str(row[name]),
            )
