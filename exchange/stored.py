"""What the site says of rows that it has, in the terms of the exchange folder: read, in batches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from assemblies import models
from assemblies.enums import Kind
from assemblies.verbatim import without_keys
from exchange.columns import Meaning, meanings, texts
from exchange.models import MODELS
from exchange.pages import SORTS

#: Rows read at once; bounds memory and the length of an SQL list.
BATCH = 500

#: What is read with the rows of a table, so that none of them asks for more.
WITH: dict[str, tuple[str, ...]] = {
    "acts": ("adopts",),
    "measures": ("contributors",),
    "passages": ("ties",),
}

#: Table → primary key → the sender's key.
Keys = Mapping[str, Mapping[int, str]]


def said(table: str, rows: Iterable[int], keys: Keys) -> Iterator[tuple[int, dict[str, Any]]]:
    """Primary key and what the site says, column by column, of those of the rows that exist."""
    wanted = list(rows)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        if table in SORTS:
            yield from _pages(table, batch, keys)
        else:
            found = MODELS[table]._default_manager.filter(pk__in=batch)
            for thing in found.prefetch_related(*WITH.get(table, ())):
                yield (
                    thing.pk,
                    {
                        name: _value(meaning, thing, keys)
                        for name, meaning in meanings(table).items()
                    },
                )


def _value(meaning: Meaning, thing: Model, keys: Keys) -> Any:
    """What one column says of an object."""
    name = meaning.name
    if meaning.in_words:
        return texts(getattr(thing, name))
    if name == "published_on":
        return timezone.localtime(thing.first_published_at).date()  # type: ignore[attr-defined]
    if not meaning.references:
        return _plain(getattr(thing, name))
    known = keys.get(meaning.references, {})
    if meaning.several:
        return [known.get(pk, f"#{pk}") for pk in _several(thing, name)]
    if isinstance(thing, models.Action) and name.startswith("corrects"):
        pk = _corrected(thing)[name]
    else:
        pk = getattr(thing, f"{name}_id")
    return None if pk is None else known.get(pk, f"#{pk}")


def _corrected(action: models.Action) -> dict[str, int | None]:
    """What a correction corrects: a step of its own, or the one that an act or a measure made."""
    found: dict[str, int | None] = dict.fromkeys(("corrects", "corrects_act", "corrects_measure"))
    which = action.corrects
    if which is None:
        return found
    if which.act_id:
        return {**found, "corrects_act": which.act_id}
    if which.kind == Kind.LEAD and which.corrects_id is None:
        for target in which.targets.select_related("measure"):
            leads = models.Action.objects.filter(
                live=True, corrects=None, kind=Kind.LEAD, targets__measure=target.measure
            )
            announced = target.measure is not None and target.measure.first_step() is not None
            if announced and leads.order_by("number").first() == which:
                return {**found, "corrects_measure": target.measure_id}
    return {**found, "corrects": which.pk}


def _several(thing: Model, name: str) -> list[int]:
    if isinstance(thing, models.Act):
        return [each.recommendation_id for each in thing.adopts.all()]
    if isinstance(thing, models.Passage):
        return [each.measure_id for each in thing.ties.all()]
    return [each.pk for each in getattr(thing, name).all()]


def _plain(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) else value


def _pages(table: str, batch: list[int], keys: Keys) -> Iterator[tuple[int, dict[str, Any]]]:
    sort = SORTS[table]
    rows: Any = list(sort.register._default_manager.filter(pk__in=batch))
    versions: dict[Any, dict[int, Any]] = defaultdict(dict)
    pages = sort.page._default_manager.filter(
        translation_key__in=[row.translation_key for row in rows], alias_of=None
    ).select_related("locale")
    if table == "recommendations":
        pages = pages.prefetch_related("topics", "addressees")
    for page in pages:
        versions[page.translation_key][page.pk] = page
    for row in rows:
        own = versions[row.translation_key]
        original = own[row.page_id]
        found: dict[str, Any] = {}
        for name, meaning in meanings(table).items():
            if name == "language":
                found[name] = original.locale.language_code
            elif name in ("cycle", "assembly"):
                found[name] = _value(meaning, row, keys)
            elif name in sort.texts or name == "slug":
                # The admin's text field marks paragraphs with keys, which say nothing.
                found[name] = {
                    page.locale.language_code: without_keys(text)
                    for page in own.values()
                    if (text := getattr(page, sort.called.get(name, name)))
                }
            else:
                found[name] = _value(meaning, original, keys)
        #: Drafts that an import would publish or overwrite; no column of the table.
        found["has_draft"] = any(page.has_unpublished_changes for page in own.values())
        yield row.pk, found
