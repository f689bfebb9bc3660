"""Titles of any length: drawn citizens write sentences, Wagtail's pages keep 255 characters."""

from django.db.models import Case, CharField, F, TextField, When
from django.db.models.functions import Cast, Length

#: Of a page's title, by Wagtail.
LONGEST_OF_PAGE = 255
#: Of a recommendation's title; real ones reach 500.
LONGEST = 1_000


def tidy(said: str) -> str:
    """The same words on one line."""
    return " ".join(part for part in said.replace("\r", "\n").split("\n") if part).strip()


def beginning(said: str, longest: int = LONGEST_OF_PAGE) -> str:
    """As much of a title as a page keeps: to the end of a word, with a sign that more follows.

    For the admin's lists only; readers are shown a title whole.
    """
    if len(said) <= longest:
        return said
    head = said[: longest - 1]
    if not said[longest - 1].isspace() and any(each.isspace() for each in head):
        head = head[: max(place for place, each in enumerate(head) if each.isspace())]
    return head.rstrip(" \u00a0\u202f,;:") + "…"


def full() -> Case:
    """The title in full, in a query over recommendation pages."""
    return Case(
        When(title_in_full="", then=Cast(F("title"), TextField())),
        default=F("title_in_full"),
        output_field=TextField(),
    )


# A length can be asked for in conditions and constraints: ``title_in_full__length__gt``.
CharField.register_lookup(Length)
TextField.register_lookup(Length)
