"""What is wrong with a folder: file, row, column, value, reason; all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that keeps a folder from being loaded."""

    file: str
    #: As a spreadsheet numbers it: the header is row 1. 0: the file as a whole.
    row: int = 0
    column: str = ""
    value: str = ""
    reason: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(_("row %(row)d") % {"row": self.row})
        if self.column:
            place.append(_("column “%(column)s”") % {"column": self.column})
        if self.value:
            value = self.value if len(self.value) <= 60 else f"{self.value[:60]}…"
            place.append(_("“%(value)s”") % {"value": value})
        return _("%(place)s: %(reason)s") % {"place": ", ".join(place), "reason": self.reason}


class ImportRefused(Exception):
    """Nothing was loaded; ``problems`` says why."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
