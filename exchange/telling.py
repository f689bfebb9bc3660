"""A plan in lines of text, for people at a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from exchange.entries import Entry, Plan, Step

#: What stands before a row.
SIGNS = {Step.ADD: "+", Step.CHANGE: "~", Step.REFUSE: "!", Step.MISSING: "-"}


def _counted(step: Step, number: int) -> str:
    sentences = {
        Step.ADD: _("%(number)d added"),
        Step.CHANGE: _("%(number)d changed"),
        Step.UNCHANGED: _("%(number)d unchanged"),
        Step.REFUSE: _("%(number)d refused"),
        Step.MISSING: _("%(number)d no longer in the folder, left as they are"),
    }
    return sentences[step] % {"number": number}


def _table(plan: Plan, table: str) -> str:
    counts = plan.counts(table)
    said = [_counted(step, counts[step]) for step in Step if counts[step]]
    return f"  {table}: {', '.join(said)}"


def tables(plan: Plan) -> Iterator[str]:
    """How many rows of each table; and, one by one, those that the folder no longer has."""
    for table in plan.tables:
        yield _table(plan, table)
        yield from map(_row, plan.of(table, Step.MISSING))


def rows(plan: Plan) -> Iterator[str]:
    """The same, with every row that is not unchanged."""
    for table in plan.tables:
        yield _table(plan, table)
        yield from map(_row, plan.of(table, *(step for step in Step if step != Step.UNCHANGED)))


def _row(entry: Entry) -> str:
    line = f"    {SIGNS[entry.step]} {entry.key}"
    if entry.number:
        line += f" ({_('row %(row)d') % {'row': entry.number}})"
    if entry.columns:
        line += f": {', '.join(entry.columns)}"
    if entry.reason:
        line += f" – {entry.reason}"
    return line
