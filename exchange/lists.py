"""Makes the lists: regimes, topics, bodies, kinds, groups.

What all assemblies of the site share (regimes, topics, bodies of no assembly) is used as it stands
where the site has it already: a folder never changes it for the others.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model

from assemblies import models
from exchange.columns import meanings, rewrite
from exchange.made import Made, facts_of, texts_of, words_of
from exchange.models import Origin
from exchange.row import Row

T = TypeVar("T", bound=Model)


def _saved(thing: T) -> T:
    thing.full_clean()
    thing.save()
    return thing


def _as_it_stands(made: Made, row: Row, found: T | None) -> T | None:
    """What the site has already under the same address or code: used, and left alone."""
    if found is not None:
        made.found.add((row.table, row.key))
    return found


def regime(made: Made, row: Row) -> models.Regime:
    """A regime; one that the site was set up with and that serves nobody yet is the package's."""
    found = models.Regime.objects.filter(code=row["code"]).first()
    if found is not None and _serves_nobody(found):
        made.taken_over.add(found.pk)
        change(made, row, found, [name for name in meanings(row.table) if name in row.facts])
        return found
    return _as_it_stands(made, row, found) or _saved(
        models.Regime(
            **facts_of(row, "code silent_after_months has_citizens_body"),
            **words_of(row, "name explanation citizens_voice"),
        )
    )


def _serves_nobody(regime: models.Regime) -> bool:
    used = models.Assembly.objects.filter(regime=regime).exists()
    return not used and not Origin.objects.filter(table="regimes", row=regime.pk).exists()


def duty_rule(made: Made, row: Row) -> models.DutyRule:
    regime = made.of("regimes", row["regime"])
    found = models.DutyRule.objects.filter(regime=regime, code=row["code"]).first()
    if found is not None and regime.pk in made.taken_over:
        change(made, row, found, [name for name in meanings(row.table) if name in row.facts])
        return found
    return _as_it_stands(made, row, found) or _saved(
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
    return _as_it_stands(made, row, found) or _saved(
        models.Topic(**facts_of(row, "slug"), **words_of(row, "name description"))
    )


def body(made: Made, row: Row) -> models.Body:
    """A body without its assembly: they name each other, see :func:`bodies_of_assemblies`."""
    if not row["assembly"]:
        found = models.Body.objects.filter(slug=row["slug"], assembly=None).first()
        if found is not None:
            return _as_it_stands(made, row, found) or found
    return _saved(
        models.Body(
            parent=made.of("bodies", row["parent"]),
            successor=made.of("bodies", row["successor"]),
            **facts_of(row, "slug kind example"),
            **texts_of(row, "acronym"),
            **words_of(row, "name description"),
        )
    )


def bodies_of_assemblies(made: Made, rows: Iterable[Row]) -> None:
    """Write the assembly of each body, once assemblies exist."""
    for row in rows:
        if made.has("bodies", row.key) and made.has("assemblies", row["assembly"]):
            body = made.of("bodies", row.key)
            if body.assembly_id is None:
                body.assembly = made.of("assemblies", row["assembly"])
                body.save()


def change(made: Made, row: Row, thing: Model, names: Iterable[str]) -> None:
    """Write what a row says anew into an object that the package brought."""
    rewrite(made, row, thing, names)
    _saved(thing)


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
