"""How far a long load has come: a line now and then, never one a row."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.utils.translation import gettext as _

T = TypeVar("T")

#: Seconds between two lines.
PAUSE = 3.0


def quiet(line: str) -> None:
    """Tell nobody."""


class Progress:
    """Says, every few seconds, which table a load has come to and how many of its rows are done."""

    def __init__(self, report: Callable[[str], Any] = quiet, *, pause: float | None = None):
        self.report = report
        self.pause = PAUSE if pause is None else pause
        self.said = time.monotonic()

    def through(self, what: str, rows: Iterable[T], of: int) -> Iterator[T]:
        """The rows, one after the other; ``of``: how many they are."""
        for done, row in enumerate(rows, start=1):
            yield row
            self.at(what, done, of)

    def at(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self.said >= self.pause:
            self.said = now
            self.report(
                _("… %(what)s: %(done)d of %(of)d") % {"what": what, "done": done, "of": of}
            )

    def say(self, what: str) -> None:
        """A step that has no rows to count."""
        now = time.monotonic()
        if now - self.said >= self.pause:
            self.said = now
            self.report(_("… %(what)s") % {"what": what})
