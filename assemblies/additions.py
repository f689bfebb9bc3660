"""What rooms above the domain add to its pages: HTML in named places, filled when they start.

A room registers a function in ``AppConfig.ready()``; the page's template asks by ``{% added %}``.
The function gets the request and what the page is about, and returns safe HTML, or "" for nothing.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Addition = Callable[[HttpRequest, Any], SafeString | str]

#: Place → what is added there, in the order of its registration.
_additions: dict[str, list[Addition]] = defaultdict(list)


def register(place: str, addition: Addition) -> None:
    """``place``: ``assembly``, ``cycle`` or ``open data``."""
    if addition not in _additions[place]:
        _additions[place].append(addition)


def added_to(place: str, request: HttpRequest, subject: Any) -> list[SafeString | str]:
    return [html for add in _additions[place] if (html := add(request, subject))]
