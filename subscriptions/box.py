"""The box with which a page offers to be followed: what ``components/follow.html`` shows."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from assemblies.public_forms import new_stamp
from assemblies.templatetags.suites import words as words_tag
from assemblies.words import choose, said_with
from subscriptions.enums import Followable
from subscriptions.forms import STAMP


def offer(kind: str, key: Any, name: Any, level: str = "") -> dict[str, Any] | None:
    """The box of one thing; None for what nobody can follow. ``level``: ``booklets`` only."""
    if not key or kind not in Followable.values:
        return None
    return {
        "action": reverse("subscriptions:follow"),
        "what": f"{kind}:{key}",
        "stamp": new_stamp(STAMP),
        "level": level,
        "heading": gettext("Be told of the next booklet") if level else heading(kind, name),
        "search": kind == Followable.SEARCH,
    }


def heading(kind: str, name: Any) -> str:
    if kind == Followable.RECOMMENDATION:
        return gettext("Follow this recommendation")
    if kind == Followable.MEASURE:
        return gettext("Follow this measure")
    if kind == Followable.SEARCH:
        return gettext("Follow this search")
    said = choose(name)
    if not said:
        return pgettext("verb", "Follow")
    return said_with(gettext("Follow “%(name)s”"), name=words_tag(said, note=False))
