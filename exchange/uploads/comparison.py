"""What an import would change, in a form to be kept and shown: row by row, before and after."""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from exchange import stored
from exchange.entries import Entry, Plan, Step
from exchange.package import Package
from exchange.spool import SiteKeys
from exchange.tables import NAMES

#: So many rows are kept to be shown; the counts are always those of all.
SHOWN = 2_000
#: So much of a text is shown.
LONGEST = 400
#: What comes first is what somebody must look at.
ORDER = (Step.REFUSE, Step.CHANGE, Step.MISSING, Step.ADD)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that the site does not say as the folder does."""

    table: str
    key: str
    step: str
    row: int
    reason: str = ""
    #: Column, what the site says, what the folder says.
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    #: The first words of a row that is new.
    words: str = ""


def counts(plan: Plan) -> dict[str, dict[str, int]]:
    """How many rows of each table are added, changed, unchanged, refused, missing."""
    return {
        table: {step.value: number for step, number in plan.counts(table).items()}
        for table in plan.tables
    }


def fingerprint(plan: Plan) -> str:
    """SHA-256 of what would be done: equal plans have equal ones."""
    found = hashlib.sha256()
    for each in plan:
        said = (each.table, each.key, each.step.value, each.columns)
        found.update(json.dumps(said).encode() + b"\n")
    return found.hexdigest()


def differences(package: Package, plan: Plan) -> tuple[list[dict[str, Any]], int]:
    """The first rows that differ, those to be looked at first, and how many there are in all."""
    shown = list(islice((each for step in ORDER for each in plan.every(step)), SHOWN))
    said = _said(plan, shown)
    number = sum(plan.counts(table)[step] for table in plan.tables for step in ORDER)
    return [asdict(_difference(package, each, said)) for each in shown], number


def _said(plan: Plan, entries: list[Entry]) -> dict[tuple[str, int], dict[str, Any]]:
    """What the site says of the rows that change."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for each in entries:
        if each.pk is not None and each.columns:
            wanted[each.table].append(each.pk)
    keys = {table: SiteKeys(plan.spool, table) for table in NAMES}
    return {
        (table, pk): values
        for table, pks in wanted.items()
        for pk, values in stored.said(table, pks, keys)
    }


def _difference(
    package: Package, entry: Entry, said: dict[tuple[str, int], dict[str, Any]]
) -> Difference:
    row = package.rows.get(entry.table, {}).get(entry.key)
    before = said.get((entry.table, entry.pk or 0), {})
    changes = []
    words = ""
    if row is not None:
        for name in entry.columns:
            given, there = row[name], before.get(name)
            if not isinstance(given, dict):
                changes.append((name, _text(there), _text(given)))
                continue
            for language, text in given.items():
                was = (there or {}).get(language)
                if text != was:
                    changes.append((f"{name}_{language}", _text(was), _text(text)))
        for name in ("title", "name", "reference", "code", "label"):
            value = row[name]
            if value and not words:
                words = _text(next(iter(value.values())) if isinstance(value, dict) else value)
    return Difference(
        entry.table, entry.key, entry.step.value, entry.number, entry.reason, changes, words
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = " | ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
