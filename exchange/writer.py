"""Writes what was read: lists and pages as their forms would, recommendations and facts in bulk.

All in one transaction: with a single problem, nothing is loaded. What is wrong with one row does
not hide what is wrong with the next; rows that name it are passed over.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange import bulk, facts, lists, pages, passages, survey
from exchange.entries import Entry, Plan, Step
from exchange.made import Made, Unreachable
from exchange.order import as_they_became_known
from exchange.package import Package
from exchange.problems import ImportRefused, Problem
from exchange.progress import Progress, quiet
from exchange.row import Row
from exchange.spool import PART_OF as PARTS

Maker = Callable[[Made, Row], Any]

#: Lists and pages, each table after those that it names.
LISTS_AND_PAGES: dict[str, Maker] = {
    "regimes": lists.regime,
    "duty_rules": lists.duty_rule,
    "topics": lists.topic,
    "bodies": lists.body,
    "assemblies": pages.assembly,
    "kinds": lists.kind,
    "kind_words": lists.kind_word,
    "cycles": pages.publish,
    "groups": lists.group,
    "recommendations": pages.publish,
}
#: Facts are published in the order in which they became known, those of one day in this order.
FACTS: dict[str, Maker] = {
    "acts": facts.act,
    "measures": facts.measure,
    "passages": passages.passage,
    "actions": facts.action,
    "announced_counts": facts.announced_count,
    "withdrawals": facts.withdrawal,
}


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    plan: Plan
    #: How long the transaction was open that wrote, in seconds; on SQLite nobody else could write.
    seconds: float = 0.0


def write(
    package: Package,
    name: str,
    *,
    report: Callable[[str], Any] = quiet,
    dry_run: bool = False,
    in_bulk: bool = True,
) -> Outcome:
    """Write what is new and what has changed, or nothing at all.

    Raises :class:`ImportRefused` with everything that is wrong. ``name`` is the package's own.
    ``dry_run`` does all of it and takes it back. Without ``in_bulk``, facts and recommendations are
    published one by one, as an editor would: the same result, many times slower.
    """
    if package.problems:
        raise ImportRefused(package.problems)
    progress = Progress(report)
    found = survey.plan_of(package, name)
    if not found.writes:
        if found.problems:
            raise ImportRefused(found.problems, found)
        return Outcome(found)
    begun = time.monotonic()
    with transaction.atomic():
        problems = found.problems + _Import(package, found, progress, in_bulk).run()
        if problems:
            raise ImportRefused(problems, found)
        if dry_run:
            transaction.set_rollback(True)
    return Outcome(found, time.monotonic() - begun)


class _Import:
    """One run: what is made of the rows to be added, then what changes."""

    def __init__(self, package: Package, found: Plan, progress: Progress, in_bulk: bool):
        self.package = package
        self.plan = found
        self.progress = progress
        self.in_bulk = in_bulk
        self.made = Made(package)
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        survey.load(self.made, self.plan)
        for table, make in LISTS_AND_PAGES.items():
            self.lists_and_pages(table, make)
        self.facts()
        self.changes()
        self.problems = self.problems or self.never_made()
        if not self.problems:
            survey.write_origins(self.made, self.plan)
            self.progress.say(_("origins"))
        return self.problems

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table that are to be added."""
        return self.package.spool.to_add(self.plan.number, table)

    def number(self, *names: str) -> int:
        """How many rows of these tables are to be added."""
        return sum(self.plan.counts(table)[Step.ADD] for table in names)

    def lists_and_pages(self, table: str, make: Maker) -> None:
        number = self.number(table)
        if table == "recommendations" and self.in_bulk:
            self.problems += bulk.publish_recommendations(
                self.made, self.rows(table), number, self.progress, tried
            )
            return
        # No recommendation names another one.
        rows = self.rows(table) if table == "recommendations" else above_first(self.rows(table))
        for row in self.progress.through(table, rows, number):
            self.problems += attempt(self.made, row, lambda row: make(self.made, row))
        if table == "assemblies":
            lists.bodies_of_assemblies(self.made, self.rows("bodies"))

    def facts(self) -> None:
        rows = as_they_became_known(self.package.spool, self.plan)
        number = self.number(*FACTS)
        if self.in_bulk:
            self.problems += bulk.publish_facts(
                self.made, rows, number, FACTS, self.progress, tried
            )
            return
        for row in self.progress.through(_("facts"), rows, number):
            self.problems += attempt(self.made, row, self.one_fact)

    def one_fact(self, row: Row) -> Any:
        draft = FACTS[row.table](self.made, row)
        published = facts.publish(draft.fact)
        for table, key, part in draft.parts:
            self.made.note(table, key, part.pk)
        return published

    # -- what the site has already -------------------------------------------------------------

    def changes(self) -> None:
        for table in self.plan.tables:
            number = self.plan.counts(table)[Step.CHANGE]
            entries = self.plan.of(table, Step.CHANGE)
            for entry in self.progress.through(table, entries, number):
                row = self.package.rows[table][entry.key]
                self.made.prepare([row])
                self.problems += attempt(self.made, row, self.change(entry))
        for action, rows in self.new_sources().items():
            self.problems += attempt(self.made, rows[0], self.add_sources(action, rows))

    def change(self, entry: Entry) -> Callable[[Row], Any]:
        def change(row: Row) -> Any:
            thing = self.made.of(row.table, row.key)
            if row.table in pages.SORTS:
                pages.change(self.made, row, thing, entry.columns)
            elif row.table in FACTS:
                facts.add_words(self.made, row, thing, entry.columns)
            else:
                lists.change(self.made, row, thing, entry.columns)
            return thing

        return change

    def new_sources(self) -> dict[str, list[Row]]:
        """Sources added to actions that the site has: those in a language that was missing."""
        found: dict[str, list[Row]] = {}
        for row in self.rows("sources"):
            if self.plan.step("actions", row["action"]) != Step.ADD:
                found.setdefault(row["action"], []).append(row)
        return found

    def add_sources(self, action: str, rows: list[Row]) -> Callable[[Row], Any]:
        def add(first: Row) -> Any:
            added = facts.add_sources(self.made, self.made.of("actions", action), rows)
            for row, source in zip(rows, added, strict=True):
                self.made.keep("sources", row.key, source)
            return self.made.of("sources", first.key)

        return add

    def never_made(self) -> list[Problem]:
        """Rows that could not be written though nothing is wrong: they name each other."""
        reason = _("It is named by a row that it names.")
        return [
            Problem(file=f"{each.table}.csv", row=each.number, reason=reason)
            for each in self.plan.never_made()
            if each.table not in PARTS
        ]


def above_first(found: Iterable[Row]) -> list[Row]:
    """The rows of a list, each after those of the same table that it names."""
    rows = list(found)
    by_key = {row.key: row for row in rows}
    done: dict[str, Row] = {}

    def place(row: Row, below: tuple[str, ...]) -> None:
        for name in ("parent", "successor"):
            key = row[name]
            if key in by_key and key not in done and key not in below:
                place(by_key[key], (*below, row.key))
        done[row.key] = row

    for row in rows:
        if row.key not in done:
            place(row, ())
    return list(done.values())


def attempt(made: Made, row: Row, make: Callable[[Row], Any]) -> list[Problem]:
    """Write something of a row; what is wrong with it is taken back, and comes back as problems."""
    problems: list[Problem] = []
    try:
        with transaction.atomic():
            problems = tried(made, row, make)
            if problems:
                transaction.set_rollback(True)
    except IntegrityError as error:
        return [Problem(file=row.file, row=row.number, reason=str(error))]
    return problems


def tried(made: Made, row: Row, make: Callable[[Row], Any]) -> list[Problem]:
    """Make something of a row, in memory; what is wrong with it comes back as problems."""
    try:
        made.keep(row.table, row.key, make(row))
    except Unreachable:
        return []
    except ValidationError as error:
        return list(told(row, error))
    except PermissionDenied as error:
        return [Problem(file=row.file, row=row.number, reason=str(error))]
    return []


def told(row: Row, error: ValidationError) -> Iterator[Problem]:
    """What the domain refused, by the column it is about."""
    by_name = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, reasons in by_name.items():
        column = "" if name in ("", NON_FIELD_ERRORS) else name
        value = row[column] if column else None
        for reason in reasons:
            yield Problem(
                file=row.file,
                row=row.number,
                column=column,
                value="" if value is None or isinstance(value, dict | list) else str(value),
                reason=str(reason),
            )
