"""The one signal of the domain: upper rooms listen to it, the domain knows none of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal

#: Sent inside the publishing transaction, once a publication, with ``numbers``: the numbers of the
#: ``Change`` rows it wrote, in order; states are computed by then. A receiver that raises undoes
#: the publication.
changes_recorded = Signal()


class _Held(threading.local):
    numbers: list[int] | None = None


_held = _Held()


def tell(sender: Any, numbers: list[int]) -> None:
    """Say that these changes were recorded: now, or at the end of what is written together."""
    if _held.numbers is not None:
        _held.numbers += numbers
    elif numbers:
        changes_recorded.send(sender=sender, numbers=numbers)


@contextmanager
def told_together(sender: Any) -> Iterator[None]:
    """What is recorded inside is told once, at its end: not before the states are computed."""
    if _held.numbers is not None:
        yield
        return
    _held.numbers = []
    try:
        yield
        numbers, _held.numbers = _held.numbers, None
    finally:
        _held.numbers = None
    tell(sender, numbers)
