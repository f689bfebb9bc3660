"""The rows of each table: one function a table says which rows, in which order.

The order of a file is a matter of what the rows say and of their keys, never of how they came to
be stored, so that the same content makes the same file on another site. Facts stand in the order
in which they became known.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone, localtime

from assemblies.models import Change, ChangeKind
from exchange.export.keys import Keys
from exchange.export.more import MORE
from exchange.export.scope import Scope
from exchange.tables import Column, table

#: Rows read at a time.
BATCH = 500

#: A language that stands for any: here words are told apart by language only in the end.
ANY = ("any",)

Row = dict[str, Any]
Rows = Iterable[Any]


# -- short tables: sorted here, so that every database sorts them alike ----------------------------


def regimes(scope: Scope, keys: Keys) -> Rows:
    return sorted(scope.regimes(), key=lambda row: row.code)


def duty_rules(scope: Scope, keys: Keys) -> Rows:
    rows = scope.duty_rules().select_related("regime")
    return sorted(rows, key=lambda row: (row.regime.code, row.sort_order or 0, row.code))


def topics(scope: Scope, keys: Keys) -> Rows:
    return sorted(scope.topics(), key=lambda row: row.slug)


def assemblies(scope: Scope, keys: Keys) -> Rows:
    return sorted(scope.assemblies().select_related("page__locale"), key=lambda row: row.code)


def bodies(scope: Scope, keys: Keys) -> Rows:
    return sorted(scope.bodies(), key=lambda row: row.slug)


def kinds(scope: Scope, keys: Keys) -> Rows:
    rows = scope.kinds().select_related("assembly")
    return sorted(rows, key=lambda row: (row.assembly.code, row.code))


def kind_words(scope: Scope, keys: Keys) -> Rows:
    rows = scope.kind_words().select_related("kind__assembly")
    return sorted(
        rows, key=lambda row: (row.kind.assembly.code, row.kind.code, row.axis, row.value)
    )


def cycles(scope: Scope, keys: Keys) -> Rows:
    return sorted(scope.cycles(), key=lambda row: row.reference)


def groups(scope: Scope, keys: Keys) -> Rows:
    own = keys.of("groups", [])
    rows = scope.groups().select_related("cycle")
    return sorted(rows, key=lambda row: (row.cycle.reference, row.position, own[row.pk]))


# -- long tables: read in pieces -------------------------------------------------------------------


def recommendations(scope: Scope, keys: Keys) -> Rows:
    """In the order of registration, by which those without label are numbered."""
    for cycle in cycles(scope, keys):
        rows = scope.recommendations().filter(cycle=cycle).select_related("page__locale")
        yield from read(rows.order_by("pk"))


def acts(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.acts(), "act"))


def measures(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.measures(), "measure"))


def measure_serves(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.measure_serves(), "measure", "measure__", "pk"))


def passages(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.passages(), "passage"))


def actions(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.actions(), "action"))


def targets(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.targets(), "action", "action__", "pk"))


def sources(scope: Scope, keys: Keys) -> Rows:
    order = ("position", "sort_order", "pk")
    rows = scope.sources().select_related("document")
    return read(as_they_became_known(rows, "action", "action__", *order))


def announced_counts(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.announced_counts(), "announcedcount"))


def withdrawals(scope: Scope, keys: Keys) -> Rows:
    return read(as_they_became_known(scope.withdrawals(), "withdrawal"))


#: Table → its rows: what an export is made of.
CONTENT: dict[str, Callable[[Scope, Keys], Rows]] = {
    each.__name__: each
    for each in (
        regimes,
        duty_rules,
        topics,
        assemblies,
        bodies,
        kinds,
        kind_words,
        cycles,
        groups,
        recommendations,
        acts,
        measures,
        measure_serves,
        passages,
        actions,
        targets,
        sources,
        announced_counts,
        withdrawals,
    )
}


# -- the order in which facts became known ---------------------------------------------------------


def as_they_became_known(
    rows: QuerySet[Any], fact: str, prefix: str = "", *then: str
) -> QuerySet[Any]:
    """Rows in the order of the facts they are or (``prefix``) belong to; ``then`` within a fact."""
    number = Change.objects.filter(
        **{fact: OuterRef(f"{prefix}pk")}, kind=ChangeKind.PUBLISHED
    ).values("number")
    return rows.annotate(
        known_on=TruncDate(f"{prefix}first_published_at", tzinfo=get_default_timezone()),
        known_as=Subquery(number[:1]),
    ).order_by("known_on", "known_as", *then)


# -- from a row of the site to a row of a file -----------------------------------------------------


def read(rows: QuerySet[Any]) -> Iterator[Any]:
    """Rows out of the database as they are asked for, a piece at a time."""
    return rows.iterator(chunk_size=BATCH)


def rows_of(scope: Scope, name: str, keys: Keys) -> Iterator[Row]:
    """The rows of a table by column name: words are a dict by language, references are keys."""
    columns = [column for column in table(name, ANY).columns if column.name != "key"]
    things = iter(CONTENT[name](scope, keys))
    while batch := list(islice(things, BATCH)):
        own = keys.of(name, [thing.pk for thing in batch])
        more = MORE[name](scope, batch) if name in MORE else {}
        found = [
            {
                column.name: said[column.name] if column.name in said else _field(thing, column)
                for column in columns
            }
            for thing in batch
            for said in [more.get(thing.pk, {})]
        ]
        for column in columns:
            if column.references:
                there = keys.of(column.references, _named(found, column.name))
                _refer(found, column.name, there)
        for thing, row in zip(batch, found, strict=True):
            yield {"key": own[thing.pk], **row}


def _field(thing: Model, column: Column) -> Any:
    """What a column says, where it is a field of the model by the same name."""
    if column.name == "published_on":
        return localtime(thing.first_published_at).date()  # type: ignore[attr-defined]
    if column.references and column.type != "list":
        return getattr(thing, f"{column.name}_id")
    return getattr(thing, column.name)


def _named(rows: list[Row], name: str) -> set[int]:
    """The rows that a column names, by their primary keys."""
    return {
        each
        for row in rows
        for each in (row[name] if isinstance(row[name], list) else [row[name]])
        if each is not None
    }


def _refer(rows: list[Row], name: str, keys: dict[int, str]) -> None:
    for row in rows:
        value = row[name]
        if isinstance(value, list):
            row[name] = [keys[each] for each in value]
        else:
            row[name] = None if value is None else keys[value]
