"""So many at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(found: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Tuples of so many, the last one of what is left; nothing is held but the one at hand."""
    rest = iter(found)
    while batch := tuple(islice(rest, size)):
        yield batch
