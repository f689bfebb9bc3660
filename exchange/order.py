"""The order in which facts are published: that in which they became known."""

from collections.abc import Iterator

from exchange import facts, passages
from exchange.entries import Plan
from exchange.plan import FACTS
from exchange.row import Row
from exchange.spool import NUMBER, PLACES, Spool

#: A day, the place of a table among the facts, the number of a row in the spool.
Turn = tuple[str, int, int]


def as_they_became_known(spool: Spool, plan: Plan) -> Iterator[Row]:
    """All facts to be added; each after what it corrects or is about, whatever the days say.

    Facts of one day come in the order of :data:`exchange.plan.FACTS`.
    """
    turns = _Turns(spool, plan)
    #: Those that came before their own turn.
    early: set[tuple[str, str]] = set()
    for turn, row in turns:
        if (row.table, row.key) in early:
            continue
        for first in _before(row, turns):
            name = (first.table, first.key)
            if name not in early and turns.of(*name) > turn:
                early.add(name)
                yield first
        yield row


class _Turns:
    """When the turn of each fact to be added is; and the facts, as those that others name."""

    def __init__(self, spool: Spool, plan: Plan):
        self.spool = spool
        spool.connection.execute("DELETE FROM turns")
        for rank, table in enumerate(FACTS):
            place = PLACES[table] << NUMBER
            spool.write(
                "INSERT INTO turns VALUES (?, ?, ?)",
                (
                    (facts.known_on(row).isoformat(), rank, place | row.number)
                    for row in spool.to_add(plan.number, table)
                ),
            )

    def __iter__(self) -> Iterator[tuple[Turn, Row]]:
        said = "SELECT day, rank, row FROM turns ORDER BY day, rank, row"
        for turn in self.spool.ask(said):
            yield turn, self.spool.row(turn[2])

    def number(self, table: str, key: str) -> int | None:
        return self.spool.value(
            "SELECT t.row FROM rows r JOIN turns t ON t.row = r.id"
            " WHERE r.tab = ? AND r.key = ? AND r.good",
            *(PLACES[table], key),
        )

    def of(self, table: str, key: str) -> Turn:
        found = self.spool.ask(
            "SELECT day, rank, row FROM turns WHERE row = ?", self.number(table, key)
        )
        return next(found)

    def get(self, name: tuple[str, str | None]) -> Row | None:
        """A fact to be added by table and key; None where it is none, or for no key."""
        table, key = name
        number = None if key is None else self.number(table, key)
        return None if number is None else self.spool.row(number)

    def measures_of(self, action: Row) -> Iterator[Row]:
        """The measures to be added that an action is about."""
        for part in self.spool.parts("targets", [action.key]):
            if (measure := self.get(("measures", part["measure"]))) is not None:
                yield measure


def _before(row: Row, turns: _Turns) -> Iterator[Row]:
    """What must be there before a fact: what it corrects, and what any of these is about."""
    chain = [row]
    seen = {(row.table, row.key)}
    while (above := turns.get(("actions", chain[-1]["corrects"]))) is not None:
        if (above.table, above.key) in seen:
            break
        seen.add((above.table, above.key))
        chain.append(above)
    for each in reversed(chain):
        if each.table == "actions":
            yield from turns.measures_of(each)
            for table, column in (("acts", "corrects_act"), ("measures", "corrects_measure")):
                if (made_by := turns.get((table, each[column]))) is not None:
                    yield made_by
        yield from passages.before(each, turns)
        if each is not row:
            yield each
