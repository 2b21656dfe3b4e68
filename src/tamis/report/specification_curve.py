"""The specification curve: effects sorted with their intervals, and the choices of each below.

Geometry only. Words and numbers come as pieces; every mark on the axis is a quantity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.report.phrase import Attr, Piece, in_figure
from tamis.report.scale import Axis, axis

__all__ = ["CurveFigure", "CurvePoint", "Line", "curve_axis", "lay_curve"]

#: Width of the drawing, of the room for labels, and height of the upper panel and of a row below.
WIDTH, LABELS, TOP, HEIGHT, ROW = 640, 222, 16, 190, 17

#: Free height between the panels, and above the first row of an axis.
GAP, HEAD = 22, 19

#: Statement -> shape of its point, so that no colour is needed to tell them apart.
SHAPES: Mapping[str, str] = MappingProxyType(
    {"benefit": "up", "harm": "down", "little-or-none": "square", "cannot-tell": "ring"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One specification: numbers on the printed scale, its statement and the rows it marks."""

    estimate: float
    low: float
    high: float
    statement: str
    primary: bool
    marked: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the lower panel: the name of an axis, or an option of one."""

    words: Piece
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One specification in the drawing: its interval, its sign, a line through both panels."""

    x: Attr
    stem: Attr
    sign: Attr
    shape: str
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text at its place."""

    x: Attr
    y: Attr
    piece: Piece
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFigure:
    """Geometry of a whole figure."""

    view: Attr
    width: Attr
    ticks: tuple[Label, ...]
    grid: tuple[Attr, ...]
    null: Attr
    band: tuple[Attr, Attr] | None
    points: tuple[Drawn, ...]
    labels: tuple[Label, ...]
    dots: tuple[tuple[Attr, Attr, bool], ...]
    rules: tuple[Attr, ...]
    stripe: tuple[Attr, Attr] | None
    left: Attr
    wide: Attr


def curve_axis(numbers: Sequence[float]) -> Axis:
    """Return the upright axis that holds all intervals, the lowest number at the bottom."""
    return axis(numbers, ratio=False, null=0.0, left=TOP + HEIGHT, right=TOP)


def lay_curve(
    points: Sequence[CurvePoint],
    lines: Sequence[Line],
    *,
    scale: Axis,
    marks: Sequence[Piece],
    important: float | None,
) -> CurveFigure:
    """Lay out a curve.

    Parameters
    ----------
    points
        In the order in which they are drawn from the left.
    lines
        Rows below; ``CurvePoint.marked`` holds their places.
    scale
        Of ``curve_axis``.
    marks
        The numbers at the marks of the scale.
    important
        Smallest important difference on the printed scale; the band between its signs is shaded.
    """
    step = (WIDTH - LABELS - 8) / max(1, len(points))
    at = [round(LABELS + step * (place + 0.5), 2) for place in range(len(points))]
    rows, bottom = _rows(lines)
    primary = next((x for x, point in zip(at, points, strict=True) if point.primary), None)
    half = round(min(step * 0.46, 9), 2)
    return CurveFigure(
        view=Attr(f"0 0 {WIDTH} {bottom + 8:g}"),
        width=Attr(str(WIDTH)),
        ticks=tuple(
            Label(x=_attr(LABELS - 8), y=_attr(scale.at(value) + 3.5), piece=piece)
            for value, piece in zip(scale.marks, marks, strict=True)
        ),
        grid=tuple(Attr(f"M{LABELS} {scale.at(value):g}H{WIDTH}") for value in scale.marks),
        null=Attr(f"M{LABELS} {scale.at(0.0):g}H{WIDTH}"),
        band=_band(scale, important),
        points=tuple(_drawn(p, x, scale, step) for p, x in zip(points, at, strict=True)),
        labels=tuple(
            Label(x=_attr(4 if line.head else 14), y=_attr(y), piece=in_figure(line.words),
                  head=line.head)
            for line, y in zip(lines, rows, strict=True)
        ),
        dots=tuple(
            (_attr(x), _attr(rows[row] - 4), row in point.marked)
            for x, point in zip(at, points, strict=True)
            for row, line in enumerate(lines)
            if not line.head and row in point.marked
        ),
        rules=tuple(
            Attr(f"M{LABELS} {rows[row] - 4:g}H{WIDTH}")
            for row, line in enumerate(lines) if not line.head
        ),
        stripe=None if primary is None else (
            _attr(primary - half), Attr(f"{bottom - TOP + 12:g}")
        ),
        left=_attr(LABELS),
        wide=_attr(2 * half),
    )  # fmt: skip


def _rows(lines: Sequence[Line]) -> tuple[list[float], float]:
    y = TOP + HEIGHT + GAP
    places = []
    for line in lines:
        y += HEAD if line.head else ROW
        places.append(float(y))
    return places, float(y)


def _band(scale: Axis, important: float | None) -> tuple[Attr, Attr] | None:
    if not important:
        return None
    top, bottom = scale.at(important), scale.at(-important)
    return _attr(top), _attr(round(bottom - top, 2))


def _drawn(point: CurvePoint, x: float, scale: Axis, step: float) -> Drawn:
    y, r = scale.at(point.estimate), round(min(4.2, step * 0.42), 2)
    shape = SHAPES[point.statement]
    signs = {
        "up": f"M{x:g} {y - r:g}L{x + r:g} {y + r:g}H{x - r:g}Z",
        "down": f"M{x:g} {y + r:g}L{x + r:g} {y - r:g}H{x - r:g}Z",
        "square": f"M{x - r:g} {y - r:g}h{2 * r:g}v{2 * r:g}h{-2 * r:g}Z",
        "ring": f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z",
    }
    return Drawn(
        x=_attr(x),
        stem=Attr(f"M{x:g} {scale.at(point.low):g}V{scale.at(point.high):g}"),
        sign=Attr(signs[shape]),
        shape=shape,
        primary=point.primary,
    )


def _attr(value: float) -> Attr:
    return Attr(f"{round(value, 2):g}")
