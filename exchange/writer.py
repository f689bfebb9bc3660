"""Writes what was read: lists and pages as their forms would, recommendations and facts in bulk.

All in one transaction: with a single problem, nothing is loaded. What is wrong with one row does
not hide what is wrong with the next; rows that name it are passed over.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange import bulk, facts, lists, pages, passages, survey
from exchange.made import Made, Unreachable
from exchange.plan import Entry, Plan, Step
from exchange.problems import ImportRefused, Problem
from exchange.progress import Progress, quiet
from exchange.reader import Package, Row

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
        self.added = {
            table: {each.key for each in found.of(table, Step.ADD)} for table in found.entries
        }

    def run(self) -> list[Problem]:
        survey.load(self.made, self.plan, self.package)
        for table, make in LISTS_AND_PAGES.items():
            self.lists_and_pages(table, make)
        self.facts()
        self.changes()
        self.problems = self.problems or self.never_made()
        if not self.problems:
            survey.write_origins(self.made, self.plan)
            self.progress.say(_("origins"))
        return self.problems

    def rows(self, table: str) -> list[Row]:
        """The rows of a table that are to be added."""
        wanted = self.added.get(table, set())
        return [row for row in self.package[table] if row.key in wanted]

    def lists_and_pages(self, table: str, make: Maker) -> None:
        rows = above_first(self.rows(table))
        if table == "recommendations" and self.in_bulk:
            self.problems += bulk.publish_recommendations(self.made, rows, self.progress, tried)
        else:
            for row in self.progress.through(table, rows):
                self.problems += attempt(self.made, row, lambda row: make(self.made, row))
        if table == "assemblies":
            lists.bodies_of_assemblies(self.made, self.rows("bodies"))

    def facts(self) -> None:
        rows = as_they_became_known(self.package, self.added)
        if self.in_bulk:
            self.problems += bulk.publish_facts(self.made, rows, FACTS, self.progress, tried)
            return
        for row in self.progress.through("facts", rows):
            self.problems += attempt(self.made, row, self.one_fact)

    def one_fact(self, row: Row) -> Any:
        draft = FACTS[row.table](self.made, row)
        published = facts.publish(draft.fact)
        for table, key, part in draft.parts:
            self.made.objects[table, key] = part
        return published

    # -- what the site has already -------------------------------------------------------------

    def changes(self) -> None:
        for table in self.plan.entries:
            for entry in self.progress.through(table, self.plan.of(table, Step.CHANGE)):
                row = self.package.rows[table][entry.key]
                self.problems += attempt(self.made, row, self.change(entry))
        for action, rows in self.new_sources().items():
            thing = self.made.objects["actions", action]
            self.problems += attempt(self.made, rows[0], self.add_sources(thing, rows))

    def change(self, entry: Entry) -> Callable[[Row], Any]:
        def change(row: Row) -> Any:
            thing = self.made.objects[row.table, row.key]
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
        new = self.added.get("actions", set())
        for row in self.rows("sources"):
            if row["action"] not in new:
                found.setdefault(row["action"], []).append(row)
        return found

    def add_sources(self, action: Any, rows: list[Row]) -> Callable[[Row], Any]:
        def add(first: Row) -> Any:
            added = facts.add_sources(self.made, action, rows)
            for row, source in zip(rows, added, strict=True):
                self.made.objects["sources", row.key] = source
            return self.made.objects["sources", first.key]

        return add

    def never_made(self) -> list[Problem]:
        """Rows that could not be written though nothing is wrong: they name each other."""
        return [
            Problem(file=row.file, row=row.number, reason=_("It is named by a row that it names."))
            for table in (*LISTS_AND_PAGES, *FACTS)
            for row in self.rows(table)
            if (table, row.key) not in self.made.objects
        ]


def above_first(rows: list[Row]) -> list[Row]:
    """The rows of a table, each after those of the same table that it names."""
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


def as_they_became_known(package: Package, added: dict[str, set[str]]) -> list[Row]:
    """All facts to be added; each after what it corrects or is about, whatever the days say."""
    order = {table: place for place, table in enumerate(FACTS)}
    rows = [row for table in FACTS for row in package[table] if row.key in added.get(table, set())]
    rows.sort(key=lambda row: (facts.known_on(row), order[row.table]))
    to_add = {(row.table, row.key): row for row in rows}
    actions = {row.key: row for row in rows if row.table == "actions"}
    measures = {row.key: row for row in rows if row.table == "measures"}
    about: dict[str, list[Row]] = {}
    for part in package["targets"]:
        if part["measure"] in measures:
            about.setdefault(part["action"], []).append(measures[part["measure"]])
    acts = {row.key: row for row in rows if row.table == "acts"}
    for row in actions.values():
        made_by = acts.get(row["corrects_act"]), measures.get(row["corrects_measure"])
        about.setdefault(row.key, []).extend(each for each in made_by if each is not None)
    done: dict[tuple[str, str], Row] = {}
    for row in rows:
        chain = [row]
        while (above := actions.get(chain[-1]["corrects"])) is not None and above not in chain:
            chain.append(above)
        for each in reversed(chain):
            named = about.get(each.key, ()) if each.table == "actions" else ()
            for first in (*named, *passages.before(each, to_add), each):
                done.setdefault((first.table, first.key), first)
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
        made.objects[row.table, row.key] = make(row)
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
