"""What the site has of a package: origins and what its rows say; the plan that follows."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from exchange import description, plan, stored, tables
from exchange.bulk.keys import insert
from exchange.made import Made
from exchange.models import MODELS, Origin
from exchange.pages import stored as versions_of
from exchange.plan import Known, Plan, Step
from exchange.reader import Package

BATCH = 500
#: What an object of the site needs so that facts can be checked against it without a query.
WITH: dict[str, tuple[str, ...]] = {
    "cycles": ("assembly",),
    "groups": ("cycle",),
    "kinds": ("assembly",),
    "recommendations": ("cycle",),
    "measures": ("cycle",),
    "passages": ("recommendation__cycle", "body"),
}


def name_of(folder: Path, given: Path) -> str:
    """The package's own name: what its description says, else what was given is called.

    ``given``: the folder, or the zip archive of it.
    """
    described = description.described(folder, []) if folder.is_dir() else None
    named = described.name if described else ""
    return slugify(named or given.resolve().stem)[:120] or "package"


def keys_of(name: str) -> dict[str, set[str]]:
    """The keys, by table, that came with a package before: its rows may name them too."""
    found: dict[str, set[str]] = defaultdict(set)
    for table, key in Origin.objects.filter(package=name).values_list("table", "key").iterator():
        found[table].add(key)
    return found


def plan_of(package: Package, name: str) -> Plan:
    """What an import of the package would do now; reads only."""
    known: dict[str, dict[str, Known]] = defaultdict(dict)
    keys: stored.Keys = defaultdict(dict)
    rows = Origin.objects.filter(package=name).order_by("pk")
    for table, key, row, owns in rows.values_list("table", "key", "row", "owns").iterator():
        known[table][key] = Known(row, owns)
        keys[table][row] = key

    def said(table: str, pks: list[int]) -> dict[int, dict[str, Any]]:
        return dict(stored.said(table, pks, keys))

    return plan.make(package, name, known, said)


def load(made: Made, found: Plan, package: Package) -> None:
    """Put the objects that the site has already into ``made``, where rows may name them."""
    corrected = {row["corrects"] for row in package["actions"]}
    corrected_acts = {row["corrects_act"] for row in package["actions"]}
    sourced = {row["action"] for row in package["sources"]}
    new_sources = {each.key for each in found.of("sources", Step.ADD)}
    renewed = {row["action"] for row in package["sources"] if row.key in new_sources} & sourced
    for table in tables.NAMES:
        there = {each.pk: each for each in found.entries.get(table, ()) if each.pk is not None}
        if table in plan.PARTS:
            continue
        if table in ("actions", "acts", "announced_counts", "withdrawals"):
            # Only what is corrected, changed, or gets another source: there may be very many.
            there = {
                pk: each
                for pk, each in there.items()
                if each.step == Step.CHANGE
                or (table == "actions" and each.key in (corrected | renewed))
                or (table == "acts" and each.key in corrected_acts)
            }
        pks = list(there)
        for start in range(0, len(pks), BATCH):
            rows = MODELS[table]._default_manager.filter(pk__in=pks[start : start + BATCH])
            for thing in rows.select_related(*WITH.get(table, ())):
                made.objects[table, there[thing.pk].key] = thing
                if table in ("assemblies", "cycles"):
                    made.pages[table, there[thing.pk].key] = versions_of(thing)


def write_origins(made: Made, found: Plan) -> None:
    """Keep the keys of all rows that were added: of lists, pages, facts and their parts."""
    added = [
        Origin(
            package=found.package,
            table=each.table,
            key=each.key,
            row=made.objects[each.table, each.key].pk,
            owns=(each.table, each.key) not in made.found,
        )
        for each in found
        if each.step == Step.ADD
    ]
    gone = {(each.table, each.key) for each in added}
    # A key whose row is gone from the site (a deleted list row) now names the new one.
    for start in range(0, len(added), BATCH):
        batch = added[start : start + BATCH]
        known = Origin.objects.filter(package=found.package, key__in=[each.key for each in batch])
        stale = [each.pk for each in known if (each.table, each.key) in gone]
        Origin.objects.filter(pk__in=stale).delete()
    insert(Origin, added)
