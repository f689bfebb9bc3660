"""Under which key a row of the site goes out.

The key that its sender gave it, where it came with a package; else one made of what identifies it:
its reference, its code, its number. No two rows of a table have the same, and none changes as long
as the row stays where it is. Of long tables only the keys that are asked for are held.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from exchange.models import MODELS, Origin

LONGEST = 120

#: What the key of a row is made of that came with no package. ":" stands in none of them.
MADE_OF: dict[str, tuple[str, ...]] = {
    "regimes": ("code",),
    "duty_rules": ("regime__code", "code"),
    "topics": ("slug",),
    "assemblies": ("code",),
    "bodies": ("slug",),
    "kinds": ("assembly__code", "code"),
    "kind_words": ("kind__assembly__code", "kind__code", "axis", "value"),
    "cycles": ("reference",),
    "groups": ("cycle__reference", "pk"),
    "recommendations": ("reference",),
    "acts": ("slug",),
    "measures": ("reference",),
    "measure_serves": ("measure__reference", "recommendation__reference"),
    "passages": ("recommendation__reference", "pk"),
    "actions": ("assembly__code", "number"),
    "targets": (
        "action__assembly__code",
        "action__number",
        "recommendation__reference",
        "measure__reference",
    ),
    "sources": ("action__assembly__code", "action__number", "position", "language"),
    "announced_counts": ("cycle__reference", "counts", "pk"),
    "withdrawals": ("recommendation__reference",),
}
#: Lists of a few hundred rows at most: their keys are read once and kept.
SHORT = frozenset(
    {"regimes", "duty_rules", "topics", "assemblies", "bodies", "kinds", "cycles", "groups"}
)


class Keys:
    """The keys of the site's rows, during one export."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[int, str]] = {}

    def of(self, table: str, rows: Iterable[int | None]) -> dict[int, str]:
        """Row → key, of these rows of a table."""
        wanted = {row for row in rows if row is not None}
        if table in SHORT:
            if table not in self._kept:
                everything = MODELS[table]._base_manager.values_list("pk", flat=True)
                self._kept[table] = _keys(table, set(everything))
            return self._kept[table]
        return _keys(table, wanted) if wanted else {}


def _keys(table: str, rows: set[int]) -> dict[int, str]:
    found = Origin.objects.keys(table, rows)
    found |= _told_apart(table, found)
    return found | _made(table, rows - found.keys())


def _told_apart(table: str, found: dict[int, str]) -> dict[int, str]:
    """Keys that two packages use for two rows: with the name of the package before each."""
    owners: dict[str, set[int]] = defaultdict(set)
    packages: dict[tuple[str, int], str] = {}
    known = Origin.objects.filter(table=table, key__in=set(found.values())).order_by("pk")
    for key, row, package in known.values_list("key", "row", "package").iterator():
        owners[key].add(row)
        packages.setdefault((key, row), package)
    apart = {row: key for row, key in found.items() if len(owners[key]) > 1}
    named = {
        row: _fitting("".join(f"{packages[key, row]}:{key}".split()).replace("|", ""))
        for row, key in apart.items()
    }
    return _free(table, named)


def _made(table: str, rows: set[int]) -> dict[int, str]:
    if not rows:
        return {}
    things: Any = MODELS[table]._base_manager.filter(pk__in=rows)
    made = {
        row: _fitting(":".join(str(part) for part in parts if part not in (None, "")))
        for row, *parts in things.values_list("pk", *MADE_OF[table])
    }
    return _free(table, made)


def _free(table: str, keys: dict[int, str]) -> dict[int, str]:
    """The keys, each longer by a sign as long as some other row has it."""
    while keys:
        known = Origin.objects.filter(table=table, key__in=set(keys.values()))
        taken = set(known.values_list("key", flat=True))
        if not taken:
            break
        keys = {row: f"{key}~" if key in taken else key for row, key in keys.items()}
    return keys


def _fitting(key: str) -> str:
    if len(key) <= LONGEST - 4:
        return key
    return f"{key[: LONGEST - 20]}~{hashlib.sha256(key.encode()).hexdigest()[:12]}"
