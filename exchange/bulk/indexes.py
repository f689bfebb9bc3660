"""What follows the rows: Wagtail's reference index and search index, and the planner's figures."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from wagtail.models import ReferenceIndex
from wagtail.search import index
from wagtail.search.backends import get_search_backends_with_name

from exchange.bulk.books import content_type
from exchange.bulk.keys import insert

BATCH = 500
#: From so many new rows on, what PostgreSQL knew of its tables is worth nothing.
MANY = 100


def references(things: Iterable[Any]) -> None:
    """Write what new objects refer to. Reads what is in memory."""
    rows = []
    for thing in things:
        if not ReferenceIndex.is_indexed(type(thing)):
            continue
        own = ReferenceIndex._get_base_content_type(thing)
        kind = content_type(type(thing))
        found = set(ReferenceIndex._extract_references_from_object(thing))
        for target, pk, model_path, path in found:
            rows.append(
                ReferenceIndex(
                    content_type=kind,
                    base_content_type=own,
                    object_id=str(thing.pk),
                    to_content_type_id=target,
                    to_object_id=pk,
                    model_path=model_path,
                    content_path=path,
                    content_path_hash=ReferenceIndex._get_content_path_hash(path),
                )
            )
    insert(ReferenceIndex, rows)


def search(model: Any, pks: Iterable[int]) -> Iterator[int]:
    """Write new objects into Wagtail's search index; yields how many are done."""
    wanted = list(pks)
    if not issubclass(model, index.Indexed):
        return
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        things = list(model.get_indexed_objects().filter(pk__in=batch))
        for _name, backend in get_search_backends_with_name(with_auto_update=True):
            backend.add_bulk(model, things)
        yield start + len(batch)


def count_anew(number: int) -> None:
    """Have PostgreSQL look at its tables after a load of so many rows.

    It plans by what it last knew of them; its own look comes a minute after the load, and what is
    read until then, in the load itself to begin with, may take minutes instead of milliseconds.
    """
    if number >= MANY and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
