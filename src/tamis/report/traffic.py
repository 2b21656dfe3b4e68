"""Geometry of the risk-of-bias figures: traffic lights, and stacked bars that sum them up.

Only places and shapes are decided here; ``sections.bias`` says what stands in them. A light is a
sign as well as a colour: signs are drawn as strokes, so that every reader of SVG shows them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tamis.report.phrase import Attr, Phrase, Piece, in_figure, plain
from tamis.report.wrapping import wide, wrapped

__all__ = [
    "SIGNS", "TONES", "Bar", "Bars", "Head", "Key", "Light", "LightRow", "Placed", "Segment",
    "Share", "Strip", "Text", "TrafficLight", "lay_bars", "lay_lights", "strip",
]  # fmt: skip

#: Tones of ``BiasWord`` from best to worst; "unknown" is no information.
TONES = ("good", "fair", "poor", "worst", "unknown")

#: Sign -> strokes around the middle of its light. Other signs are written as text.
SIGNS = {
    "+": "M-6 0H6M0 -6V6",
    "(+)": "M-3.5 0H3.5M0 -3.5V3.5M-6 -6.5Q-9.4 0 -6 6.5M6 -6.5Q9.4 0 6 6.5",
    "–": "M-6 0H6",
    "-": "M-6 0H6",
    "×": "M-5 -5L5 5M-5 5L5 -5",
    "x": "M-5 -5L5 5M-5 5L5 -5",
    "!": "M0 -7V1.8M0 6.2V6.4",
    "?": "M-4 -3.6C-4 -7.8 4 -7.8 4 -3.6C4 -0.6 0 -0.4 0 2.2M0 6.3V6.5",
}

#: Pixels: label column, one column of lights, gap between groups, height of a line of text.
LABEL, COLUMN, GAP, LINE, RADIUS = 196, 38, 14, 16, 13
#: Characters of the text (12.5 px) that fit into a pixel of width, on the safe side.
PER_PIXEL = 1 / 7.2
#: Smallest width of a figure, so that its key has room.
NARROWEST = 440
#: Columns that fit on a phone when the figure shrinks a little.
FEW = 7
#: Width of the bars, height of one.
BAR_WIDTH, BAR = 300, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """What one cell shows.

    ``state`` is ``judged``, ``proposed`` (the rules propose, nobody judged), ``open`` (neither),
    ``not-applicable`` or ``absent`` (the tool has no such domain here). ``words`` is the cell's
    text for readers who do not see it.
    """

    state: str
    tone: str = "unknown"
    sign: str = ""
    words: Piece = ""
    overridden: bool = False
    text: Piece = ""

    @property
    def strokes(self) -> Attr | None:
        """The sign as strokes, where it is one of ``SIGNS``."""
        found = SIGNS.get(self.sign) if self.state in ("judged", "proposed") else None
        return Attr(found) if found else None

    @property
    def written(self) -> Piece:
        """The sign as text, where it has no strokes."""
        if self.state not in ("judged", "proposed") or self.sign in SIGNS:
            return ""
        return in_figure(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column: its short head, its name, and its group (bias, applicability, overall)."""

    id: str
    head: Piece
    label: Piece
    group: str = "bias"


@dataclass(frozen=True, slots=True, kw_only=True)
class LightRow:
    """A row to be placed: its label and one light a column."""

    label: Piece
    lights: tuple[Light, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line of text at a place."""

    x: Attr
    y: Attr
    piece: Piece
    anchor: str = "start"
    soft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A light at a place."""

    at: Attr
    light: Light


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A line of the key: a light and what it means."""

    light: Light
    words: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficLight:
    """A finished figure: texts, lights, and the rules between its rows.

    ``few``: it has so few columns that it may shrink to the width of a phone.
    """

    view: Attr
    width: Attr
    texts: tuple[Text, ...]
    lights: tuple[Placed, ...]
    rules: tuple[Attr, ...]
    few: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A few small lights in one row, for a cell of a forest table."""

    view: Attr
    width: Attr
    lights: tuple[Placed, ...]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a bar to be placed; ``share`` is from 0 to 1."""

    light: Light
    share: float
    number: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar to be placed: its name and its parts, best first."""

    label: Piece
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a bar at its place; sign and number only where there is room."""

    x: Attr
    y: Attr
    width: Attr
    light: Light
    sign_at: Attr | None
    number: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A finished figure of stacked bars."""

    view: Attr
    width: Attr
    texts: tuple[Text, ...]
    segments: tuple[Segment, ...]
    lights: tuple[Placed, ...]


def lay_lights(
    heads: Sequence[Head], rows: Sequence[LightRow], keys: Sequence[Key]
) -> TrafficLight:
    """Place rows of lights under their heads, and the key below.

    Any number of columns and rows is placed; long labels wrap, and a row grows with its label.
    """
    columns = _columns(heads)
    width = max(NARROWEST, (columns[-1] if columns else LABEL) + COLUMN // 2 + 6)
    texts = [
        Text(x=_at(x), y=_at(LINE), piece=in_figure(head.head), anchor="middle")
        for head, x in zip(heads, columns, strict=True)
    ]
    lights: list[Placed] = []
    rules: list[Attr] = []
    y = LINE + 8.0
    for item in rows:
        lines = wrapped(item.label, int(LABEL * PER_PIXEL))
        height = max(2 * RADIUS + 10, len(lines) * LINE + 8)
        rules.append(Attr(f"M0 {y:g}H{width}"))
        texts += _block(lines, 0, y + height / 2 - (len(lines) - 1) * LINE / 2 + 4)
        for light, x in zip(item.lights, columns, strict=True):
            lights.append(Placed(at=_move(x, y + height / 2), light=light))
        y += height
    rules.append(Attr(f"M0 {y:g}H{width}"))
    y += LINE + 6
    y = _names(heads, texts, width, y)
    y = _key(keys, texts, lights, width, y)
    return TrafficLight(
        view=Attr(f"0 0 {width} {y:g}"),
        width=_at(width),
        texts=tuple(texts),
        lights=tuple(lights),
        rules=tuple(rules),
        few=len(heads) <= FEW,
    )


def lay_bars(bars: Sequence[Bar], keys: Sequence[Key]) -> Bars:
    """Place stacked bars under each other, each part as wide as its share, and the key below."""
    width = LABEL + BAR_WIDTH + 10
    texts: list[Text] = []
    segments: list[Segment] = []
    lights: list[Placed] = []
    y = 6.0
    for bar in bars:
        lines = wrapped(bar.label, int(LABEL * PER_PIXEL))
        height = max(BAR + 8, len(lines) * LINE + 6)
        texts += _block(lines, 0, y + height / 2 - (len(lines) - 1) * LINE / 2 + 4)
        x = float(LABEL)
        for part in bar.shares:
            across = BAR_WIDTH * part.share
            segments.append(_segment(part, x, y + (height - BAR) / 2, across))
            x += across
        y += height
    y = _key(keys, texts, lights, width, y + LINE)
    return Bars(
        view=Attr(f"0 0 {width} {y:g}"),
        width=_at(width),
        texts=tuple(texts),
        segments=tuple(segments),
        lights=tuple(lights),
    )


def strip(lights: Sequence[Light], said: str) -> Strip:
    """Return small lights side by side; ``said`` is read out in their place."""
    step = 2 * RADIUS + 3
    return Strip(
        view=Attr(f"0 0 {step * len(lights) + 3} {step + 3}"),
        width=_at(round(0.68 * (step * len(lights) + 3))),
        lights=tuple(
            Placed(at=_move(step * place + step / 2 + 1.5, step / 2 + 1.5), light=light)
            for place, light in enumerate(lights)
        ),
        said=said,
    )


def _columns(heads: Sequence[Head]) -> list[int]:
    """Return the middle of each column; groups stand apart."""
    places: list[int] = []
    x = LABEL + COLUMN // 2
    for place, head in enumerate(heads):
        if place and head.group != heads[place - 1].group:
            x += GAP
        places.append(x)
        x += COLUMN
    return places


def _names(heads: Sequence[Head], texts: list[Text], width: int, y: float) -> float:
    """Write what the heads stand for."""
    indent = 62
    for head in heads:
        lines = wrapped(head.label, int((width - indent) * PER_PIXEL))
        texts.append(Text(x=_at(0), y=_at(y), piece=in_figure(head.head)))
        texts += _block(lines, indent, y, soft=True)
        y += LINE * len(lines)
    return y + 6


def _key(
    keys: Sequence[Key], texts: list[Text], lights: list[Placed], width: int, y: float
) -> float:
    """Write what the lights stand for: as many side by side as there is room for."""
    x, low = 0.0, 0.0
    for key in keys:
        lines = wrapped(key.words, int((width - 38) * PER_PIXEL))
        needs = 38 + max(wide(plain(line)) for line in lines) / PER_PIXEL + 14
        if x and x + needs > width:
            x, y, low = 0.0, y + low, 0.0
        lights.append(Placed(at=_move(x + RADIUS + 2, y + RADIUS - 4), light=key.light))
        texts += _block(lines, x + 36, y + RADIUS, soft=True)
        x += needs
        low = max(low, 2 * RADIUS + 6, LINE * len(lines) + 6)
    return y + low + 2


def _segment(part: Share, x: float, y: float, across: float) -> Segment:
    middle = x + across / 2
    both = across >= 58
    sign = _move(middle - (14 if both else 0), y + BAR / 2) if across >= 24 else None
    number = None
    if both:
        number = Text(x=_at(middle + 12), y=_at(y + BAR / 2 + 4.5), piece=in_figure(part.number),
                      anchor="middle")  # fmt: skip
    return Segment(x=_at(x), y=_at(y), width=_at(across), light=part.light, sign_at=sign,
                   number=number)  # fmt: skip


def _block(lines: Sequence[Phrase], x: float, y: float, *, soft: bool = False) -> list[Text]:
    return [
        Text(x=_at(x), y=_at(y + place * LINE), piece=in_figure(line), soft=soft)
        for place, line in enumerate(lines)
    ]


def _move(x: float, y: float) -> Attr:
    return Attr(f"translate({x:g} {y:g})")


def _at(value: float) -> Attr:
    return Attr(f"{value:g}")
