"""Makes the lists: regimes, topics, bodies, kinds, groups.

What all assemblies of the site share (regimes, topics, bodies of no assembly) is used as it stands
where the site has it already: a folder never changes it for the others.
"""

from typing import TypeVar

from django.db.models import Model

from assemblies import models
from exchange.made import Made, facts_of, texts_of, words_of
from exchange.reader import Row

T = TypeVar("T", bound=Model)


def _saved(thing: T) -> T:
    thing.full_clean()
    thing.save()
    return thing


def regime(made: Made, row: Row) -> models.Regime:
    found = models.Regime.objects.filter(code=row["code"]).first()
    return found or _saved(
        models.Regime(
            **facts_of(row, "code silent_after_months has_citizens_body"),
            **words_of(row, "name explanation citizens_voice"),
        )
    )


def duty_rule(made: Made, row: Row) -> models.DutyRule:
    regime = made.of("regimes", row["regime"])
    found = regime.duty_rules.filter(code=row["code"]).first()
    return found or _saved(
        models.DutyRule(
            regime=regime,
            **facts_of(row, "code trigger subject delay unit every count answered_by closed_by"),
            **facts_of(row, "sort_order"),
            **texts_of(row, "answered_by_stage"),
            **words_of(row, "label"),
        )
    )


def topic(made: Made, row: Row) -> models.Topic:
    found = models.Topic.objects.filter(slug=row["slug"]).first()
    return found or _saved(
        models.Topic(**facts_of(row, "slug"), **words_of(row, "name description"))
    )


def body(made: Made, row: Row) -> models.Body:
    """A body without its assembly: they name each other, see :func:`bodies_of_assemblies`."""
    if not row["assembly"]:
        found = models.Body.objects.filter(slug=row["slug"], assembly=None).first()
        if found:
            return found
    return _saved(
        models.Body(
            parent=made.of("bodies", row["parent"]),
            successor=made.of("bodies", row["successor"]),
            **facts_of(row, "slug kind example"),
            **texts_of(row, "acronym"),
            **words_of(row, "name description"),
        )
    )


def bodies_of_assemblies(made: Made) -> None:
    """Write the assembly of each body, once assemblies exist."""
    for row in made.package["bodies"]:
        body = made.objects.get(("bodies", row.key))
        assembly = made.objects.get(("assemblies", row["assembly"]))
        if body and assembly and body.assembly_id is None:
            body.assembly = assembly
            body.save()


def kind(made: Made, row: Row) -> models.RecommendationKind:
    return _saved(
        models.RecommendationKind(
            assembly=made.of("assemblies", row["assembly"]),
            deciding_body=made.of("bodies", row["deciding_body"]),
            **facts_of(row, "code"),
            **words_of(row, "name plural"),
        )
    )


def kind_word(made: Made, row: Row) -> models.KindWord:
    return _saved(
        models.KindWord(
            kind=made.of("kinds", row["kind"]),
            **facts_of(row, "axis value"),
            **words_of(row, "word"),
        )
    )


def group(made: Made, row: Row) -> models.Group:
    return _saved(
        models.Group(
            cycle=made.of("cycles", row["cycle"]),
            parent=made.of("groups", row["parent"]),
            sort_order=row["sort_order"] or 0,
            example=bool(row["example"]),
            **texts_of(row, "label"),
            **words_of(row, "title"),
        )
    )
