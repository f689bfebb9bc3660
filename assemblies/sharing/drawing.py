"""Draws the picture of a shared page, in the visual language of the pages themselves.

Drawn once at twice its size and brought down, so that letters and slanted lines are smooth. The
fonts are the pages' own; Pillow reads them as they are sent to browsers.
"""

import io
from collections.abc import Iterable
from functools import cache

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from assemblies import drawings
from assemblies.sharing.card import HEIGHT, WIDTH, Card, State

SCALE = 2
#: The light inks of ``static/css/tokens.css``, which a test compares with these.
INKS = {
    "paper": "#fdfdfb",
    "ink": "#17191f",
    "ink-2": "#4d515b",
    "line": "#6f737c",
    "hair": "#d9d9d3",
    "done": "#12505f",
    "on-done": "#ffffff",
    "going": "#dcebee",
    "going-ink": "#0e4350",
    "going-line": "#37798a",
    "part": "#f6e6bd",
    "part-ink": "#4a3600",
    "part-line": "#8c6600",
}
SPOTS = {
    "iris": "#4b3a8c",
    "bouteille": "#1d5a3f",
    "brique": "#8a3a22",
    "petrole": "#0d5561",
    "prune": "#7a2a5b",
    "ardoise": "#3d4b5e",
}
#: Tone of a state → its ground, its edge and its words.
TONES = {
    "full": ("done", "done", "on-done"),
    "going": ("going", "going-line", "going-ink"),
    "part": ("part", "part-line", "part-ink"),
    "no": ("paper", "ink", "ink"),
    "open": ("paper", "line", "ink-2"),
    "plain": ("paper", "line", "ink"),
}
SERIF, SANS = "fonts/suites-serif.woff2", "fonts/suites-sans.woff2"
LEFT, RIGHT = 72, WIDTH - 72
#: From the baseline of a line to that of the next, in letter sizes.
LEADING = {SERIF: 1.18, SANS: 1.4}
#: More measures than this are told in words only.
SQUARES = 12
#: Between two states.
GAP = 28


@cache
def _font(family: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(finders.find(family)), size * SCALE)
    font.set_variation_by_axes([weight])
    return font


def _width(text: str, font: ImageFont.FreeTypeFont) -> float:
    return font.getlength(text) / SCALE


def _chip_width(state: State, size: int) -> float:
    font = _font(SERIF if state.axis == "opinion" else SANS, size, 600)
    return _width(state.words, font) + 2 * size * 0.75


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines that fit; a word wider than a line is parted where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if _width(longer, font) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while word and _width(word, font) > width:
            end = next(
                n for n in range(len(word), 0, -1) if n == 1 or _width(word[:n], font) <= width
            )
            lines.append(word[:end])
            word = word[end:]
        line = word
    return [*lines, line] if line else lines


class Sheet:
    """A card on the way to being a picture; all places and sizes in its final pixels."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), INKS["paper"])
        self.draw = ImageDraw.Draw(self.image)
        self.spot = SPOTS.get(card.ink, INKS["ink"])

    # -- signs --------------------------------------------------------------------------------

    def box(self, x: float, y: float, width: float, height: float, ink: str) -> None:
        self.draw.rectangle(
            [x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1], fill=ink
        )

    def line(self, points: Iterable[tuple[float, float]], ink: str, width: float) -> None:
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=ink,
            width=round(width * SCALE),
            joint="curve",
        )

    def rule(self, y: float) -> None:
        """*Gras-maigre*: a thick line over a thin one."""
        self.box(LEFT, y, RIGHT - LEFT, 6, INKS["ink"])
        self.box(LEFT, y + 10, RIGHT - LEFT, 2, INKS["ink"])

    def mark(self, x: float, y: float, side: float) -> None:
        """The assembly's drawn lots, five by five."""
        cell = side / 5
        full = drawings.lots(self.card.seed, 25, round(25 * drawings.SHARE))
        for index in range(25):
            across, down = x + (index % 5 + 0.5) * cell, y + (index // 5 + 0.5) * cell
            drawn = index in full
            half = cell * (0.4 if drawn else 0.32)
            if self.card.shape == "lozenges":
                corners = [(0, -half), (half, 0), (0, half), (-half, 0)]
                self.draw.polygon(
                    [((across + dx) * SCALE, (down + dy) * SCALE) for dx, dy in corners],
                    fill=self.spot if drawn else None,
                    outline=self.spot,
                    width=round(1.5 * SCALE),
                )
            else:
                self.draw.ellipse(
                    [
                        (across - half) * SCALE,
                        (down - half) * SCALE,
                        (across + half) * SCALE,
                        (down + half) * SCALE,
                    ],
                    fill=self.spot if drawn else None,
                    outline=self.spot,
                    width=round(1.5 * SCALE),
                )

    def sign(self, x: float, y: float, side: float) -> None:
        """The site's own: a point, a line, and what follows."""
        unit = side / 24
        self.draw.rounded_rectangle(
            [x * SCALE, y * SCALE, (x + side) * SCALE, (y + side) * SCALE],
            radius=3 * unit * SCALE,
            fill=INKS["ink"],
        )

        def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
            return [(x + across * unit, y + down * unit) for across, down in points]

        for points in (
            ((7.5, 9.5), (7.5, 14.5), (8.2, 16.3), (10, 17), (18, 17)),
            ((15, 14), (18, 17), (15, 20)),
        ):
            self.line(at(*points), "#ffffff", 2.2 * unit)
        [(across, down)] = at((7.5, 6))
        radius = 2.3 * unit
        self.draw.ellipse(
            [
                (across - radius) * SCALE,
                (down - radius) * SCALE,
                (across + radius) * SCALE,
                (down + radius) * SCALE,
            ],
            fill="#ffffff",
        )

    # -- words --------------------------------------------------------------------------------

    def text(self, x: float, y: float, said: str, font: ImageFont.FreeTypeFont, ink: str) -> None:
        """One line; ``y`` is its middle."""
        self.draw.text((x * SCALE, y * SCALE), said, font=font, fill=ink, anchor="lm")

    def block(
        self,
        y: float,
        said: str,
        *,
        family: str,
        weight: int,
        sizes: Iterable[int],
        height: float,
        ink: str,
    ) -> float:
        """Lines from ``y`` down, in the largest size that fits; returns where they end."""
        for size in sizes:
            font = _font(family, size, weight)
            lines = wrap(said, font, RIGHT - LEFT)
            step = size * LEADING[family]
            if len(lines) * step <= height:
                break
        for place, line in enumerate(lines):
            self.text(LEFT, y + (place + 0.5) * step, line, font, ink)
        return y + len(lines) * step

    def tag(self, right: float, y: float, said: str) -> None:
        """The word for what is invented, hatched and edged; ``y`` is its middle."""
        font = _font(SANS, 28, 600)
        width, height = _width(said, font) + 32, 48
        left, top = right - width, y - height / 2
        hatched = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), INKS["paper"])
        draw = ImageDraw.Draw(hatched)
        for start in range(-hatched.height, hatched.width, 10 * SCALE):
            draw.line(
                [(start, hatched.height), (start + hatched.height, 0)],
                fill=INKS["hair"],
                width=2 * SCALE,
            )
        self.image.paste(hatched, (round(left * SCALE), round(top * SCALE)))
        self.draw.rectangle(
            [left * SCALE, top * SCALE, right * SCALE, (top + height) * SCALE],
            outline=INKS["ink"],
            width=2 * SCALE,
        )
        self.text(left + 16, y, said, font, INKS["ink"])

    # -- states -------------------------------------------------------------------------------

    def chip(self, x: float, y: float, state: State, size: int) -> float:
        """A state: its shape says which axis, its ink how far. Returns where it ends."""
        font = _font(SERIF if state.axis == "opinion" else SANS, size, 600)
        ground, edge, ink = (INKS[name] for name in TONES[state.tone])
        width, height = _chip_width(state, size), size * 1.9
        top = y - height / 2
        place = [x * SCALE, top * SCALE, (x + width) * SCALE, (top + height) * SCALE]
        radius = {"response": 3, "implementation": height / 2, "opinion": size * 0.6}[state.axis]
        corners = (True, True, True, state.axis != "opinion")
        thick = 3 if state.tone == "no" else 2
        self.draw.rounded_rectangle(
            place,
            radius=radius * SCALE,
            corners=corners,
            fill=ground,
            outline=edge,
            width=thick * SCALE,
        )
        if state.tone == "open":
            self._dash(x, top, width, height)
        self.text(x + size * 0.75, y, state.words, font, ink)
        return x + width

    def _dash(self, x: float, top: float, width: float, height: float) -> None:
        """Opens the straight edges of what nobody has said anything of yet."""
        begin, end = round(x + height / 2), round(x + width - height / 2)
        for across in range(begin, max(end, begin), 16):
            for down in (top - 1, top + height - 3):
                self.box(across, down, 8, 5, INKS["paper"])

    def squares(self, x: float, y: float, codes: tuple[str, ...], side: float) -> float:
        """One square a measure, filled as far as it is. Returns where they end."""
        top = y - side / 2
        for place, code in enumerate(codes):
            left = x + place * side * 1.3
            self.box(left, top, side, side, INKS["ink"])
            self.box(left + 2, top + 2, side - 4, side - 4, INKS["paper"])
            if height := side * drawings.FILLED.get(code, 0.0):
                self.box(left, top + side - height, side, height, INKS["done"])
            inner = (left + side * 0.28, left + side * 0.72, top + side * 0.28, top + side * 0.72)
            near, far, high, low = inner
            if code == "continuous":
                self.line([(near, y), (far, y)], INKS["on-done"], 3)
            elif code == "stopped":
                self.line([(near, high), (far, low)], INKS["ink"], 2.5)
                self.line([(near, low), (far, high)], INKS["ink"], 2.5)
            elif code == "void":
                self.line(
                    [(left + 1, top + side - 1), (left + side - 1, top + 1)], INKS["ink"], 2.5
                )
        return x + len(codes) * side * 1.3 - side * 0.3

    def states(self, y: float) -> None:
        """The states side by side, as large as they fit; the counts after the response."""
        card = self.card
        squares = bool(card.measures) and len(card.measures) <= SQUARES
        size = next((s for s in range(28, 18, -1) if self._extent(s, squares) <= RIGHT), 0)
        if not size:
            squares = False
            size = next((s for s in range(28, 14, -1) if self._extent(s, squares) <= RIGHT), 14)
        x: float = LEFT
        font = _font(SANS, size, 600)
        for place, state in enumerate(card.states):
            x = self.chip(x, y, state, size) + GAP
            if place == 0 and card.counts:
                if squares:
                    x = self.squares(x, y, card.measures, size * 1.05) + GAP / 2
                self.text(x, y, card.counts, font, INKS["ink"])
                x += _width(card.counts, font) + GAP

    def _extent(self, size: int, squares: bool) -> float:
        """Where the states would end in this size of letters."""
        card = self.card
        parts = [_chip_width(state, size) for state in card.states]
        if card.counts:
            parts.append(_width(card.counts, _font(SANS, size, 600)))
        if squares:
            parts.append(len(card.measures) * size * 1.05 * 1.3 - GAP / 2)
        return LEFT + sum(parts) + GAP * (len(parts) - 1)


def draw(card: Card) -> bytes:
    """The picture of a card, as PNG."""
    sheet = Sheet(card)
    if card.seed:
        sheet.mark(LEFT, 48, 72)
    else:
        sheet.sign(LEFT, 48, 72)
    sheet.text(LEFT + 96, 84, card.place, _font(SANS, 30, 600), INKS["ink"])
    if card.example:
        sheet.tag(RIGHT, 84, card.example)
    sheet.rule(144)
    y: float = 180
    if card.kicker:
        sheet.text(LEFT, y + 18, card.kicker, _font(SANS, 28, 600), sheet.spot)
        y += 48
    states = bool(card.states)
    y = sheet.block(
        y,
        card.title,
        family=SERIF,
        weight=600,
        sizes=(range(56, 24, -2) if states else range(76, 24, -2)),
        height=(206 if states else 270),
        ink=INKS["ink"],
    )
    y += 14
    if card.sentence:
        sheet.block(
            y,
            card.sentence,
            family=SANS,
            weight=400,
            sizes=range(32, 17, -1),
            height=536 - y,
            ink=INKS["ink-2"],
        )
    if states:
        sheet.states(578)
    elif card.verbs:
        sheet.text(LEFT, 578, card.verbs, _font(SANS, 30, 600), sheet.spot)
    small = sheet.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.quantize(96, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()
