"""Lists paged by key: the last page of ten thousand reads as many rows as the first.

An address names the item after (or before) which a page begins: ``?after=BXL-C1-3.4``. The item's
place is looked up inside the one query of the page; an unknown or hostile one leads to page one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Subquery
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Window:
    """One page of a list, and the addresses of its neighbours ("" where there is none)."""

    items: list[Any]
    previous: str
    next: str
    #: Whether it is the list's beginning as one first comes to it.
    first: bool


def window(
    request: HttpRequest,
    items: QuerySet,
    *,
    order: Sequence[str],
    cursor: str,
    read: Callable[[str], Any],
    dress: Callable[[QuerySet], QuerySet] = lambda items: items,
    size: int = 50,
    on: str = "after",
    back: str = "before",
    keep: str = "",
    places: QuerySet | None = None,
) -> Window:
    """The page of ``items`` that the request asks for.

    ``order``: fields that together are unique, ``-`` for descending. ``cursor``: the field that
    addresses name an item by; ``read`` turns what was typed into its value, or None. ``on`` and
    ``back``: the parameters for what follows the item in this order, and for what precedes it; in a
    list that shows the newest first, what follows is before it in time. ``dress`` adds what a row
    shows; it is computed for the rows of the page and no others. ``keep``: the query of the filters
    that the neighbours keep. ``places``: the whole list, where ``items`` are only what the filters
    leave of it; an item that they no longer let through still says where a page begins.
    """
    whole = items if places is None else places

    def address(name: str, item: Any) -> str:
        own = urlencode({name: getattr(item, cursor)})
        return f"?{keep}&{own}" if keep else f"?{own}"

    def rows_of(chosen: QuerySet, *, backwards: bool = False) -> list[Any]:
        places = tuple(_turned(each) if backwards else each for each in order)
        keys = chosen.order_by(*places).values("pk")[: size + 1]
        # Which rows they are is settled: the filters are not asked a second time.
        return list(dress(whole.filter(pk__in=keys)).order_by(*places))

    for name in (on, back):
        typed = request.GET.get(name, "")
        value = read(typed) if typed else None
        if value is None:
            continue
        place = whole.order_by().filter(**{cursor: value})
        backwards = name == back
        beyond = _beyond(order, place, backwards=backwards)
        rows = rows_of(items.filter(beyond), backwards=backwards)
        if not rows:
            break
        more = len(rows) > size
        rows = rows[:size]
        if backwards:
            rows.reverse()
        return Window(
            items=rows,
            previous=address(back, rows[0]) if more or not backwards else "",
            next=address(on, rows[-1]) if more or backwards else "",
            first=False,
        )
    rows = rows_of(items)
    more = len(rows) > size
    rows = rows[:size]
    return Window(
        items=rows,
        previous="",
        next=address(on, rows[-1]) if more else "",
        first=True,
    )


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], place: QuerySet, *, backwards: bool) -> Q:
    """What comes after (or before) the item at ``place``, in a form that an index can serve."""
    name, *further = order
    column = name.removeprefix("-")
    ahead = "lt" if name.startswith("-") != backwards else "gt"
    value = Subquery(place.values(column)[:1])
    beyond = Q(**{f"{column}__{ahead}": value})
    if not further:
        return beyond
    return Q(**{f"{column}__{ahead}e": value}) & (
        beyond | _beyond(further, place, backwards=backwards)
    )
