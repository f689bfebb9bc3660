"""Small drawings made of squares and signs: pure, and always beside the same facts in words.

Each returns the inside of an ``<svg>``; classes, never style attributes, carry the inks.
"""

import hashlib
from collections.abc import Sequence
from math import ceil, isqrt

#: Side of a square of :func:`measures`, and from the left edge of one to the next.
SIDE, STEP = 14, 18
#: The same for the smaller squares of :func:`units`.
UNIT, UNIT_STEP = 10, 13
#: Squares in a row; in a row of :func:`share`.
ROW = 20
SHARE_ROW = 30
#: More squares than this nobody counts.
COUNTABLE = 300
#: From the centre of one sign of a mark to the next.
CELL = 12
#: How many of a mark's signs are full, where no panel or committee says it.
SHARE = 0.36

#: How much of a measure's square is filled, from the bottom.
FILLED = {
    "not_started": 0.0,
    "preparation": 0.25,
    "under_way": 0.5,
    "partly": 0.75,
    "delivered": 1.0,
    "continuous": 1.0,
    "stopped": 0.0,
    "void": 0.0,
}


def _n(value: float) -> str:
    return f"{value:g}"


def _extent(count: int, side: int, step: int, row: int = ROW) -> tuple[int, int]:
    """Width and height of ``count`` squares, ``row`` in a row."""
    columns, lines = min(count, row), ceil(count / row)
    return columns * step - (step - side), lines * step - (step - side)


def measures(codes: Sequence[str]) -> tuple[int, int, str]:
    """One square a measure, in their own order: width, height and shapes.

    A bar across a full square is *continuous*, a cross *stopped*, a slash *no longer applicable*.
    """
    shapes = []
    for index, code in enumerate(codes):
        x, y = index % ROW * STEP, index // ROW * STEP
        shapes.append(
            f'<rect class="u-frame" x="{_n(x + 0.75)}" y="{_n(y + 0.75)}"'
            ' width="12.5" height="12.5"/>'
        )
        if height := SIDE * FILLED.get(code, 0.0):
            shapes.append(
                f'<rect class="u-fill" x="{x}" y="{_n(y + SIDE - height)}"'
                f' width="{SIDE}" height="{_n(height)}"/>'
            )
        if code == "continuous":
            shapes.append(f'<path class="u-onfill" d="M{_n(x + 3.5)} {y + 7}h7"/>')
        elif code == "stopped":
            shapes.append(f'<path class="u-line" d="m{x + 4} {y + 4} 6 6m0-6-6 6"/>')
        elif code == "void":
            shapes.append(f'<path class="u-line" d="m{x + 1} {y + 13} 12-12"/>')
    width, height = _extent(len(codes), SIDE, STEP) if codes else (0, 0)
    return width, height, "".join(shapes)


def units(count: int, tone: str) -> tuple[int, int, str]:
    """One square a recommendation, all in the same state: width, height and shapes.

    All are as wide as a full row, so that the rows of one table can be compared by eye.
    """
    places = [(i % ROW * UNIT_STEP, i // ROW * UNIT_STEP) for i in range(count)]
    width, height = _extent(ROW, UNIT, UNIT_STEP)[0], _extent(max(count, 1), UNIT, UNIT_STEP)[1]
    if tone == "full":
        return width, height, _path("u-fill", (f"M{x} {y}h10v10h-10z" for x, y in places))
    drawn = _path(
        "u-line u-line--thin", (f"M{_n(x + 0.5)} {_n(y + 0.5)}h9v9h-9z" for x, y in places)
    )
    filled = {"part": 6, "going": 4}.get(tone)
    if filled:
        drawn += _path("u-fill", (f"M{x} {y + UNIT - filled}h10v{filled}h-10z" for x, y in places))
    elif tone == "no":
        drawn += _path("u-line u-line--thin", (f"M{x + 1} {y + 1}l8 8m0-8l-8 8" for x, y in places))
    return width, height, drawn


def share(count: int, total: int) -> tuple[int, int, str]:
    """``count`` full squares of ``total``, in rows as wide as the longest bar of a page."""
    places = [(i % SHARE_ROW * UNIT_STEP, i // SHARE_ROW * UNIT_STEP) for i in range(total)]
    width, height = _extent(max(total, 1), UNIT, UNIT_STEP, SHARE_ROW)
    full, empty = places[:count], places[count:]
    return (
        width,
        height,
        _path("u-fill", (f"M{x} {y}h10v10h-10z" for x, y in full))
        + _path("u-line u-line--thin", (f"M{_n(x + 0.5)} {_n(y + 0.5)}h9v9h-9z" for x, y in empty)),
    )


def _path(classes: str, moves) -> str:
    drawn = "".join(moves)
    return f'<path class="{classes}" d="{drawn}"/>' if drawn else ""


def grid(count: int) -> tuple[int, int]:
    """Columns and rows for so many signs: a full rectangle where one is near a square."""
    for columns in range(isqrt(count), 0, -1):
        if count % columns == 0 and count // columns <= 2 * columns:
            return columns, count // columns
    columns = ceil(count**0.5)
    return columns, ceil(count / columns)


def lots(seed: str, count: int, drawn: int) -> set[int]:
    """The signs that the lot falls on: always the same ones for the same seed."""
    order = sorted(range(count), key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest())
    return set(order[:drawn])


def mark(seed: str, count: int, drawn: int, shape: str) -> tuple[int, int, str]:
    """The drawn-lots mark: ``count`` signs of which ``drawn`` are full, by the seed's own lot."""
    columns, lines = grid(count)
    full = lots(seed, count, drawn)
    empty_sign, full_sign = SIGNS.get(shape, SIGNS["rings"])
    shapes: tuple[list[str], list[str]] = ([], [])
    for index in range(count):
        x, y = index % columns * CELL + CELL // 2, index // columns * CELL + CELL // 2
        sign = full_sign if index in full else empty_sign
        shapes[index in full].append(sign(x, y))
    return (
        columns * CELL,
        lines * CELL,
        f'<path class="mark__empty" d="{"".join(shapes[0])}"/>'
        f'<path class="mark__drawn" d="{"".join(shapes[1])}"/>',
    )


def _ring(radius: float):
    across = _n(2 * radius)
    r = _n(radius)
    return lambda x, y: f"M{_n(x - radius)} {y}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0z"


def _lozenge(half: float):
    h = _n(half)
    return lambda x, y: f"M{x} {_n(y - half)}l{h} {h}-{h} {h}-{h}-{h}z"


#: Shape of the mark → its empty and its full sign.
SIGNS = {
    "rings": (_ring(3.6), _ring(4.6)),
    "lozenges": (_lozenge(4), _lozenge(5.2)),
}
