"""What the site has of a package: origins and what its rows say; the plan that follows."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from exchange import description, plan, stored, tables
from exchange.batches import batched
from exchange.bulk.keys import insert
from exchange.entries import Plan
from exchange.made import LONG, WITH, Made
from exchange.models import MODELS, Origin
from exchange.package import Package
from exchange.pages import stored as versions_of
from exchange.plan import Known
from exchange.spool import PLACES, SiteKeys, Spool

BATCH = 500


def name_of(folder: Path, given: Path) -> str:
    """The package's own name: what its description says, else what was given is called.

    ``given``: the folder, or the zip archive of it.
    """
    described = description.described(folder, []) if folder.is_dir() else None
    named = described.name if described else ""
    return slugify(named or given.resolve().stem)[:120] or "package"


def keys_of(name: str) -> dict[str, Iterable[str]]:
    """The keys, by table, that came with a package before: its rows may name them too."""
    came = Origin.objects.filter(package=name).order_by()
    return {
        table: came.filter(table=table).values_list("key", flat=True).iterator()
        for table in tables.NAMES
    }


class _Came(Mapping[str, Known]):
    """The rows of one table that came with the package before, by key."""

    def __init__(self, spool: Spool, table: str):
        self.spool = spool
        self.place = PLACES[table]

    def __getitem__(self, key: str) -> Known:
        said = "SELECT pk, owns FROM site WHERE tab = ? AND key = ?"
        for pk, owns in self.spool.ask(said, self.place, key):
            return Known(pk, bool(owns))
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        said = "SELECT key FROM site WHERE tab = ? ORDER BY pk"
        return (key for (key,) in self.spool.ask(said, self.place))

    def __len__(self) -> int:
        return self.spool.value("SELECT count(*) FROM site WHERE tab = ?", self.place)


def plan_of(package: Package, name: str) -> Plan:
    """What an import of the package would do now; reads only."""
    spool = package.spool
    rows = Origin.objects.filter(package=name).order_by("pk")
    spool.put_site(rows.values_list("table", "key", "row", "owns").iterator())
    known = {table: _Came(spool, table) for table in tables.NAMES}
    keys = {table: SiteKeys(spool, table) for table in tables.NAMES}

    def said(table: str, pks: list[int]) -> dict[int, dict[str, Any]]:
        return dict(stored.said(table, pks, keys))

    return plan.make(package, name, known, said)


def load(made: Made, found: Plan) -> None:
    """Let rows name what the site has already: the lists now, of which there are few."""
    for table in tables.NAMES:
        came = ((each.pk, each.key) for each in found.of(table) if each.pk is not None)
        if table in LONG:
            for pk, key in came:
                made.note(table, key, pk)
            continue
        for batch in batched(came, BATCH):
            there = dict(batch)
            rows = MODELS[table]._default_manager.filter(pk__in=list(there))
            for thing in rows.select_related(*WITH.get(table, ())):
                made.keep(table, there[thing.pk], thing)
                if table in ("assemblies", "cycles"):
                    made.pages[table, there[thing.pk]] = versions_of(thing)


def write_origins(made: Made, found: Plan) -> None:
    """Keep the keys of all rows that were added: of lists, pages, facts and their parts."""
    for batch in batched(found.added(), BATCH):
        here = {(table, key) for table, key, _pk in batch}
        known = Origin.objects.filter(package=found.package, key__in=[key for _table, key in here])
        # A key whose row is gone from the site (a deleted list row) now names the new one.
        stale = [each.pk for each in known if (each.table, each.key) in here]
        Origin.objects.filter(pk__in=stale).delete()
        insert(
            Origin,
            [
                Origin(
                    package=found.package,
                    table=table,
                    key=key,
                    row=pk,
                    owns=(table, key) not in made.found,
                )
                for table, key, pk in batch
            ],
        )
