"""Makes the facts: acts, measures, follow-up actions, announced counts, withdrawals.

Each is published as its form publishes it, so that every guard and projection applies.
"""

from datetime import date
from typing import Any

from assemblies import models
from exchange.made import Made, facts_of, texts_of, words, words_of
from exchange.reader import Row


def known_on(row: Row) -> date:
    """The day on which a fact became known: the order of publication."""
    match row.table:
        case "actions":
            return row["published_elsewhere_on"] or row["happened_last"]
        case "acts":
            return row["session_last"]
        case "measures":
            return row["announced_on"]
        case "withdrawals":
            return row["withdrawn_on"]
        case _:
            return row["stated_on"] or date.min


def _publish(fact: Any) -> Any:
    """The draft, its revision, and the publication of the revision."""
    fact.full_clean()
    fact.save()
    fact.save_revision(clean=False).publish()
    return type(fact)._base_manager.get(pk=fact.pk)


def measure(made: Made, row: Row) -> models.Measure:
    measure = models.Measure(
        cycle=made.of("cycles", row["cycle"]),
        announced_by=made.of("bodies", row["announced_by"]),
        first_lead=made.of("bodies", row["first_lead"]),
        **facts_of(row, "announced_on first_deadline example"),
        **texts_of(row, "label"),
        **words_of(row, "title text first_deadline_words"),
    )
    measure.contributors = made.all("bodies", row["contributors"])
    measure.serves = [
        models.MeasureServes(
            recommendation=made.of("recommendations", part["recommendation"]),
            part=words(part["part"]),
        )
        for part in made.parts("measure_serves", row)
    ]
    return _publish(measure)


def act(made: Made, row: Row) -> models.Act:
    act = models.Act(
        cycle=made.of("cycles", row["cycle"]),
        council=made.of("bodies", row["council"]),
        lead_body=made.of("bodies", row["lead_body"]),
        **facts_of(row, "number session_first session_last result example"),
        **facts_of(row, "votes_for votes_against votes_abstained"),
        **texts_of(row, "url reason link"),
        **words_of(row, "title article what_changed reason_text"),
    )
    act.adopts = [
        models.ActAdopts(recommendation=each)
        for each in made.all("recommendations", row["recommendations"])
    ]
    return _publish(act)


def action(made: Made, row: Row) -> models.Action:
    action = models.Action(
        assembly=made.of("assemblies", row["assembly"]),
        body=made.of("bodies", row["body"]),
        cycle=made.of("cycles", row["cycle"]),
        group=made.of("groups", row["group"]),
        concerned_body=made.of("bodies", row["concerned_body"]),
        answers=made.of("duty_rules", row["answers"]),
        corrects=made.of("actions", row["corrects"]),
        withdraws=bool(row["withdraws"]),
        **facts_of(row, "kind happened_first happened_last published_elsewhere_on example"),
        **facts_of(row, "decision_due new_deadline amount"),
        **texts_of(row, "stage axis value opinion_object link reason"),
        **words_of(row, "title text reason_text what_changed what_is_missing"),
        **words_of(row, "deadline_words old_words new_words"),
    )
    action.targets = [
        models.ActionTarget(
            recommendation=made.of("recommendations", part["recommendation"]),
            measure=made.of("measures", part["measure"]),
        )
        for part in made.parts("targets", row)
    ]
    action.sources = [
        models.Source(
            sort_order=place,
            **facts_of(part, "position title official"),
            **texts_of(part, "language url"),
        )
        for place, part in enumerate(made.parts("sources", row))
    ]
    return _publish(action)


def announced_count(made: Made, row: Row) -> models.AnnouncedCount:
    return _publish(
        models.AnnouncedCount(
            cycle=made.of("cycles", row["cycle"]),
            body=made.of("bodies", row["body"]),
            **facts_of(row, "counts number stated_on example"),
            **texts_of(row, "source_url"),
            **words_of(row, "words source_title"),
        )
    )


def withdrawal(made: Made, row: Row) -> models.Withdrawal:
    return _publish(
        models.Withdrawal(
            recommendation=made.of("recommendations", row["recommendation"]),
            **facts_of(row, "withdrawn_on example"),
            **words_of(row, "reason"),
        )
    )
