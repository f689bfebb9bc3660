"""Where a page offers to be followed. The room that sends mails fills it in; none is known here.

A page says what it is about (``{% follow "topic" topic.pk topic.name %}``). Whoever registered
answers with what ``components/follow.html`` shows; where nobody did, nothing is shown.
"""

from collections.abc import Callable
from typing import Any

#: (kind, key, name, level) → the context of ``components/follow.html``, or None for nothing.
Offer = Callable[[str, Any, Any, str], dict[str, Any] | None]

_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Called once, from ``AppConfig.ready()``."""
    _offers[:] = [offer]


def offered(kind: str, key: Any, name: Any, level: str = "") -> dict[str, Any] | None:
    """The box for one thing, or None."""
    return _offers[0](kind, key, name, level) if _offers else None
