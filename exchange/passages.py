"""Makes passages: what became of parts of a recommendation, quoted."""

from typing import Protocol

from assemblies import models
from exchange.made import Draft, Made, facts_of, texts_of, words_of
from exchange.row import Row


def passage(made: Made, row: Row) -> Draft:
    passage = models.Passage(
        recommendation=made.of("recommendations", row["recommendation"]),
        body=made.of("bodies", row["body"]),
        replaces=made.of("passages", row["replaces"]),
        withdraws=bool(row["withdraws"]),
        **facts_of(row, "stated_on example"),
        **texts_of(row, "reason"),
        **words_of(row, "words occurrence reason_text why"),
    )
    passage.ties = [
        models.PassageMeasure(measure=each) for each in made.all("measures", row["measures"])
    ]
    passage.count_from_one()
    return Draft(passage)


class ToAdd(Protocol):
    """The rows that are to be added."""

    def get(self, name: tuple[str, str | None], /) -> Row | None: ...


def before(row: Row, there: ToAdd) -> list[Row]:
    """What must be there before a passage, or before an action that contests one."""
    if row.table == "actions":
        contested = there.get(("passages", row["contests"]))
        return [*before(contested, there), contested] if contested is not None else []
    if row.table != "passages":
        return []
    chain = [row]
    while (above := there.get(("passages", chain[-1]["replaces"]))) and above not in chain:
        chain.append(above)
    found = []
    for each in reversed(chain):
        measures = (there.get(("measures", key)) for key in each["measures"] or ())
        found += [*(measure for measure in measures if measure is not None), each]
    return found[:-1]
