"""Makes the facts: acts, measures, follow-up actions, announced counts, withdrawals.

Here a row becomes a draft. ``exchange.bulk`` publishes many at once; ``publish`` publishes one, as
its form does.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from assemblies import models
from exchange.columns import rewrite
from exchange.made import Draft, Made, facts_of, texts_of, words, words_of
from exchange.row import Row


def known_on(row: Row) -> date:
    """The day on which a fact became known: the order of publication."""
    if row["published_on"]:
        return row["published_on"]
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


def publish(fact: Any) -> Any:
    """The draft, its revision, and the publication of the revision."""
    fact.full_clean()
    fact.save()
    fact.save_revision(clean=False).publish()
    return type(fact)._base_manager.get(pk=fact.pk)


def add_words(made: Made, row: Row, fact: Any, names: Iterable[str]) -> None:
    """Publish words in languages that a published fact lacks, beside those that are there."""
    rewrite(made, row, fact, names)
    fact.full_clean()
    fact.save_revision(clean=False).publish()


def add_sources(made: Made, fact: Any, rows: list[Row]) -> list[models.Source]:
    """Publish versions, in languages that were missing, of sources that a published action has."""
    there = list(fact.sources.all())
    added = [_source(part, len(there) + place) for place, part in enumerate(rows)]
    fact.sources = [*there, *added]
    fact.full_clean()
    fact.save_revision(clean=False).publish()
    known = {each.pk for each in there}
    return sorted(
        models.Source.objects.filter(action=fact).exclude(pk__in=known), key=lambda each: each.pk
    )


def measure(made: Made, row: Row) -> Draft:
    measure = models.Measure(
        cycle=made.of("cycles", row["cycle"]),
        announced_by=made.of("bodies", row["announced_by"]),
        first_lead=made.of("bodies", row["first_lead"]),
        **facts_of(row, "announced_on first_deadline example"),
        **texts_of(row, "label"),
        **words_of(row, "title text first_deadline_words"),
    )
    measure.contributors = made.all("bodies", row["contributors"])
    parts = made.parts("measure_serves", row)
    measure.serves = serves = [
        models.MeasureServes(
            recommendation=made.of("recommendations", part["recommendation"]),
            part=words(part["part"]),
        )
        for part in parts
    ]
    return Draft(measure, _named("measure_serves", parts, serves))


def act(made: Made, row: Row) -> Draft:
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
    return Draft(act)


def action(made: Made, row: Row) -> Draft:
    action = models.Action(
        assembly=made.of("assemblies", row["assembly"]),
        body=made.of("bodies", row["body"]),
        cycle=made.of("cycles", row["cycle"]),
        group=made.of("groups", row["group"]),
        concerned_body=made.of("bodies", row["concerned_body"]),
        answers=made.of("duty_rules", row["answers"]),
        corrects=made.of("actions", row["corrects"])
        or made.step_of("acts", row["corrects_act"])
        or made.step_of("measures", row["corrects_measure"]),
        contests=made.of("passages", row["contests"]),
        withdraws=bool(row["withdraws"]),
        **facts_of(row, "kind happened_first happened_last published_elsewhere_on example"),
        **facts_of(row, "decision_due new_deadline amount"),
        **texts_of(row, "stage axis value opinion_object link reason"),
        **words_of(row, "title text reason_text what_changed what_is_missing"),
        **words_of(row, "deadline_words old_words new_words"),
    )
    aimed, rests_on = made.parts("targets", row), made.parts("sources", row)
    action.targets = targets = [
        models.ActionTarget(
            recommendation=made.of("recommendations", part["recommendation"]),
            measure=made.of("measures", part["measure"]),
        )
        for part in aimed
    ]
    action.sources = sources = [_source(part, place) for place, part in enumerate(rests_on)]
    parts = [*_named("targets", aimed, targets), *_named("sources", rests_on, sources)]
    return Draft(action, parts)


def _source(part: Row, place: int) -> models.Source:
    return models.Source(
        sort_order=place,
        **facts_of(part, "position title official"),
        **texts_of(part, "language url"),
    )


def _named(table: str, rows: list[Row], things: list[Any]) -> list[tuple[str, str, Any]]:
    return [(table, row.key, thing) for row, thing in zip(rows, things, strict=True)]


def announced_count(made: Made, row: Row) -> Draft:
    return Draft(
        models.AnnouncedCount(
            cycle=made.of("cycles", row["cycle"]),
            body=made.of("bodies", row["body"]),
            **facts_of(row, "counts number stated_on example"),
            **texts_of(row, "source_url"),
            **words_of(row, "words source_title"),
        )
    )


def withdrawal(made: Made, row: Row) -> Draft:
    return Draft(
        models.Withdrawal(
            recommendation=made.of("recommendations", row["recommendation"]),
            **facts_of(row, "withdrawn_on example"),
            **words_of(row, "reason"),
        )
    )
