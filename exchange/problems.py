"""What is wrong with a folder: file, row, column, value, reason; all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

#: So much of a value is shown.
SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that keeps a folder from being loaded."""

    file: str
    #: As a spreadsheet numbers it: the header is row 1, and a line break inside a cell begins no
    #: row. 0: the file as a whole.
    row: int = 0
    column: str = ""
    value: str = ""
    reason: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(_("row %(row)d") % {"row": self.row})
        if self.column:
            place.append(_("column “%(column)s”") % {"column": _shown(self.column)})
        if self.value:
            place.append(_("“%(value)s”") % {"value": _shown(self.value)})
        return _("%(place)s: %(reason)s") % {"place": ", ".join(place), "reason": self.reason}


def _shown(value: str) -> str:
    """On one line, without what a terminal would obey."""
    value = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    return "".join(
        char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in value
    )


def nearest(wrong: str, right: Iterable[str]) -> str:
    """A further sentence that proposes the nearest of what would be right; "" where none is."""
    found = get_close_matches(wrong.strip().lower()[:SHOWN], list(right), n=1)
    return " " + _("Did you mean “%(code)s”?") % {"code": found[0]} if found else ""


class ImportRefused(Exception):
    """Nothing was loaded; ``problems`` says why."""

    def __init__(self, problems: Iterable[Problem], plan: Any = None):
        self.problems = list(problems)
        #: What would have been done (``exchange.plan.Plan``), where the folder could be read.
        self.plan = plan
        super().__init__("\n".join(str(problem) for problem in self.problems))
