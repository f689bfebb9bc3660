"""Writes what was read: pages and facts, one by one, as an editor would publish them.

All in one transaction: with a single problem, nothing is loaded. What is wrong with one row does
not hide what is wrong with the next; rows that name it are passed over.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange import facts, lists, pages
from exchange.made import Made, Unreachable
from exchange.problems import ImportRefused, Problem
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
    "cycles": pages.cycle,
    "groups": lists.group,
    "recommendations": pages.recommendation,
}
#: Facts are published in the order in which they became known, those of one day in this order.
FACTS: dict[str, Maker] = {
    "acts": facts.act,
    "measures": facts.measure,
    "actions": facts.action,
    "announced_counts": facts.announced_count,
    "withdrawals": facts.withdrawal,
}


def write(package: Package, report: Callable[[str], Any] = lambda line: None) -> None:
    """Write all rows, or none; raises :class:`ImportRefused` with everything that is wrong.

    ``report`` is told, a line a table, how many rows were written.
    """
    if package.problems:
        raise ImportRefused(package.problems)
    problems: list[Problem] = []
    with transaction.atomic():
        made = Made(package)
        for table, make in LISTS_AND_PAGES.items():
            for row in above_first(package[table]):
                problems += attempt(made, row, make)
            if table == "assemblies":
                lists.bodies_of_assemblies(made)
        for row in as_they_became_known(package):
            problems += attempt(made, row, FACTS[row.table])
        problems = problems or _never_made(made)
        if problems:
            raise ImportRefused(problems)
    for table in (*LISTS_AND_PAGES, *FACTS):
        if package[table]:
            report(f"  {table}: {len(package[table])}")


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


def as_they_became_known(package: Package) -> list[Row]:
    """All facts; a correction after what it corrects, whatever the days say."""
    order = {table: place for place, table in enumerate(FACTS)}
    rows = [row for table in FACTS for row in package[table]]
    rows.sort(key=lambda row: (facts.known_on(row), order[row.table]))
    actions = package.rows.get("actions", {})
    done: dict[tuple[str, str], Row] = {}
    for row in rows:
        chain = [row]
        while (above := actions.get(chain[-1]["corrects"])) is not None and above not in chain:
            chain.append(above)
        for each in reversed(chain):
            done.setdefault((each.table, each.key), each)
    return list(done.values())


def attempt(made: Made, row: Row, make: Maker) -> list[Problem]:
    """Make something of a row; what is wrong with it comes back as problems."""
    try:
        with transaction.atomic():
            made.objects[row.table, row.key] = make(made, row)
    except Unreachable:
        return []
    except ValidationError as error:
        return list(_problems(row, error))
    except (PermissionDenied, IntegrityError) as error:
        return [Problem(file=row.file, row=row.number, reason=str(error))]
    return []


def _never_made(made: Made) -> list[Problem]:
    """Rows that could not be written though nothing is wrong with any: they name each other."""
    return [
        Problem(file=row.file, row=row.number, reason=_("It is named by a row that it names."))
        for table in (*LISTS_AND_PAGES, *FACTS)
        for row in made.package[table]
        if (table, row.key) not in made.objects
    ]


def _problems(row: Row, error: ValidationError) -> Iterator[Problem]:
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
