"""Codes to scan, and small signs as style sheets for paper draw them."""

import base64
import re
from functools import cache
from typing import Any

import segno
from django.template.loader import render_to_string

from assemblies import drawings
from assemblies.enums import TONES, VALUES

#: Squares of measures as paper draws them, by code.
MEASURES = tuple(VALUES["implementation"].values)


def qr(address: str) -> dict[str, Any]:
    """The QR code of an address: its side in modules, and its path.

    Upper-case addresses would be shorter, but an address is told apart by case.
    """
    code = segno.make(address, error="m", micro=False)
    matrix = [[bool(each) for each in row] for row in code.matrix]
    runs = [(start, y, length) for y, row in enumerate(matrix) for start, length in _runs(row)]
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for start, y, length in runs)
    # On paper strokes: less than half as much to draw, three hundred times.
    lines = "".join(f"M{start} {y}.5h{length}" for start, y, length in runs)
    side = len(matrix)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {side + 8} {side + 8}">'
        f'<path fill="#fff" d="M-4-4h{side + 8}v{side + 8}h-{side + 8}z"/>'
        f'<path fill="none" stroke="#000" d="{lines}"/></svg>'
    )
    return {"side": side, "path": path, "box": f"-4 -4 {side + 8} {side + 8}", "src": data_url(svg)}


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Dark modules of a line that stand together: (start, length)."""
    found = []
    start = None
    for place, dark in enumerate([*row, False]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            found.append((start, place - start))
            start = None
    return found


def data_url(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def icon(name: str, ink: str) -> str:
    """A sign of the pages, in one ink, as an address that a style sheet can name."""
    drawing = render_to_string(f"icons/{name}.svg").strip()
    drawing = re.sub(r' class="icon"| aria-hidden="true"', "", drawing)
    style = (
        f'xmlns="http://www.w3.org/2000/svg" color="{ink}" fill="none" stroke="{ink}" '
        'stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" '
    )
    return data_url(drawing.replace("<svg ", f"<svg {style}", 1).replace("currentColor", ink))


@cache
def square(code: str, ink: str) -> str:
    """One square of a measure."""
    width, height, shapes = drawings.measures([code])
    shapes = (
        shapes.replace('class="u-frame"', f'fill="#fff" stroke="{ink}" stroke-width="1.5"')
        .replace('class="u-fill"', f'fill="{ink}"')
        .replace('class="u-onfill"', 'stroke="#fff" stroke-width="2" fill="none"')
        .replace('class="u-line"', f'stroke="{ink}" stroke-width="1.6" fill="none"')
    )
    return data_url(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{shapes}</svg>'
    )


def sheet(tones: dict[str, str], ink: str) -> str:
    """The style of all signs: ``tones``: ink of each tone of state."""
    rules = [
        f'.sign--{code}{{background-image:url("{icon(code, tones[TONES[axis][code]])}")}}'
        for axis, values in VALUES.items()
        for code in values.values
    ]
    rules += [
        f'.square--{code}{{background-image:url("{square(code, ink)}")}}' for code in MEASURES
    ]
    return "\n".join(rules)


def mark(seed: str, count: int, drawn: int, shape: str, ink: str) -> str:
    """The drawn-lots mark of an assembly in one ink."""
    width, height, shapes = drawings.mark(seed, count, drawn, shape)
    shapes = shapes.replace(
        'class="mark__empty"', f'fill="none" stroke="{ink}" stroke-width="1.2"'
    ).replace('class="mark__drawn"', f'fill="{ink}"')
    return data_url(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{shapes}</svg>'
    )
