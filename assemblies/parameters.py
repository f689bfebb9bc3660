"""What an address asks for beside its path, read strictly: no page guesses what was meant."""

from collections.abc import Collection

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class UnknownValue(BadRequest):
    """A parameter has a value that the page does not know: 400, with a sentence for the reader."""

    def __init__(self, parameter: str) -> None:
        super().__init__(
            _("The value given for “%(parameter)s” is not one that this page knows.")
            % {"parameter": parameter}
        )


def chosen(asked: QueryDict, name: str, known: Collection[str]) -> tuple[str, ...]:
    """The values given for a parameter, each once; all of them ``known``, or :class:`UnknownValue`.

    An empty one chooses nothing.
    """
    given = tuple(dict.fromkeys(value for value in asked.getlist(name) if value))
    if not set(given) <= set(known):
        raise UnknownValue(name)
    return given
