"""What an import would do, row by row: pure, from what the folder and the site say of each.

A row is known by the key that its package gave it (``Origin``). An unchanged row changes nothing;
what the site may change is changed; what was published is refused; a row that the folder no longer
has is left, and listed. An empty cell for words says nothing: no text is erased by it, and a
language that was added on the site stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exchange import tables
from exchange.batches import batched
from exchange.columns import meanings
from exchange.entries import Entry, Plan, Step
from exchange.package import Package
from exchange.row import Row
from exchange.spool import PART_OF as PARTS

__all__ = [
    "FACTS",
    "FIXED",
    "PARTS",
    "Entry",
    "Known",
    "Plan",
    "Step",
    "differences",
    "make",
    "weigh",
]


#: What is published once and then stays.
FACTS = ("acts", "measures", "passages", "actions", "announced_counts", "withdrawals")
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


#: Rows that are compared at once.
BATCH = 500
#: What the site says of rows of a table, by primary key; of those that it still has.
Said = Callable[[str, list[int]], Mapping[int, Mapping[str, Any]]]


def make(package: Package, name: str, known: Mapping[str, Mapping[str, Known]], said: Said) -> Plan:
    """The plan of a package. ``known``: by table and key; ``said`` is asked batch by batch."""
    plan = Plan(name, package.spool)
    for table in tables.NAMES:
        there = known.get(table, {})
        for batch in batched(package[table], BATCH):
            came = [there.get(row.key) for row in batch]
            pks = [each.pk for each in came if each is not None]
            site = said(table, pks) if pks else {}
            for row, each in zip(batch, came, strict=True):
                plan.add(_if_it_may_be_added(weigh(row, each, site), row, plan))
        rows = package.rows.get(table, {})
        for key, each in there.items():
            if key not in rows:
                plan.add(Entry(table, key, Step.MISSING, pk=each.pk))
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


def _if_it_may_be_added(entry: Entry, row: Row, plan: Plan) -> Entry:
    """Nothing is added to a published fact, but a source in a language that was missing."""
    if entry.step != Step.ADD or row.table not in PARTS or row.table == "sources":
        return entry
    name = PARTS[row.table]
    whole = plan.step({"measure": "measures", "action": "actions"}[name], row[name])
    if whole in (None, Step.ADD, Step.MISSING):
        return entry
    return Entry(
        entry.table,
        entry.key,
        Step.REFUSE,
        entry.number,
        (name,),
        _("This is published and stays as it is: add a correction."),
        str(row[name]),
    )
