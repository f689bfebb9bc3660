"""Words kept as JSON by language: what is there, what is missing; in Python and in SQL."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Length
from django.db.models.lookups import Contains, GreaterThan, StartsWith
from i18nfield.strings import LazyI18nString


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text that a language has or lacks, beside the text that it follows."""

    #: Where it stands within its thing: ``title``, or ``serves.BXL-C1-3.part`` in a row below it.
    path: str
    #: What the admin calls it.
    label: str
    original: str
    original_language: str
    #: What stands there in the language that is looked at.
    there: str = ""
    #: Whether it is a text of several lines, and whether it is HTML.
    long: bool = False
    html: bool = False
    #: When its original changed after it was written; None: it holds.
    outdated: datetime | None = None
    #: What a translator has to know, in a sentence.
    hint: str = ""

    @property
    def missing(self) -> bool:
        return not self.there

    @property
    def open(self) -> bool:
        """Whether there is something to write: it is missing, or outdated."""
        return self.missing or self.outdated is not None


def by_language(value: object) -> dict[str, str]:
    """Language → text of what an I18n field holds; empty for a plain string, which has none."""
    data = value.data if isinstance(value, LazyI18nString) else value
    if not isinstance(data, dict):
        return {}
    return {code: text for code, given in data.items() if (text := unified(str(given or "")))}


def unified(text: str) -> str:
    """The same text whatever typed it: line ends as in a file, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def original_of(there: dict[str, str], language: str) -> tuple[str, str] | None:
    """The text that a translation into ``language`` follows, with its language: readers see it."""
    order = dict.fromkeys([*dict(settings.LANGUAGES), *there])
    for code in order:
        if code != language and there.get(code):
            return code, there[code]
    return None


# -- in SQL -----------------------------------------------------------------------------------


def raw(field: str) -> Cast:
    """The JSON of an I18n field as text: the field itself refuses to be looked into."""
    return Cast(field, TextField())


def written(field: str) -> Q:
    """The field has words in some language. A plain string belongs to none, and lacks none."""
    return Q(StartsWith(raw(field), "{")) & Q(GreaterThan(Length(field), 2))


def has(field: str, language: str) -> Q:
    """The field has words in this language. Quotes inside a text are escaped, so none is taken."""
    return Q(Contains(raw(field), f'"{language}": "')) & ~Q(
        Contains(raw(field), f'"{language}": ""')
    )


def lacks(field: str, language: str) -> Q:
    """The field has words, and none in this language."""
    return written(field) & ~has(field, language)
