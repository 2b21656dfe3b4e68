"""The marks of a forest plot as parts of a drawing: intervals, diamonds, predictions, the axis."""

from __future__ import annotations

import math

from tamis.report.documents.sheet import INK, SOFT, Drawing, text, wrapped
from tamis.report.documents.widths import ems
from tamis.report.figures.words import power
from tamis.report.interval_marks import marks
from tamis.report.scale import Axis

__all__ = ["DIAMOND", "GREY", "axis_marks", "axis_ticks", "interval", "prediction", "summary"]

#: Height of a row's drawing; half of a diamond's height.
HEIGHT, TALL = 18.0, 6.0

#: Colours: diamonds, and lines that stand back. They differ in lightness too.
DIAMOND, GREY = "#4c6a8a", "#8d8a83"

#: Size of the numbers at an axis, and of its favours-labels.
SMALL = 10.5

#: Width of an em of them, on the safe side; the least room that a label is wrapped to.
_EM, NARROW = SMALL * 1.06, 90.0


def interval(
    axis: Axis, estimate: float | None, low: float | None, high: float | None, weight: float | None,
    *, width: float,
) -> Drawing | None:  # fmt: skip
    """Return a study's line and square; arrows where the interval leaves the axis."""
    made = marks(axis, estimate, low, high, weight)
    if made is None or estimate is None:
        return None
    mid = HEIGHT / 2
    parts = []
    if made.low < made.high:
        parts.append(f'<path d="M{made.low:g} {mid:g}H{made.high:g}" stroke="{INK}"/>')
    parts.append(_arrow(made.low, mid, -1) if made.low_open else "")
    parts.append(_arrow(made.high, mid, 1) if made.high_open else "")
    if made.middle is not None and _inside(axis, estimate):
        side, left = round(2 * made.half, 2), round(made.middle - made.half, 2)
        top = round(mid - made.half, 2)
        parts.append(
            f'<rect x="{left:g}" y="{top:g}" width="{side:g}" height="{side:g}" fill="{INK}"/>'
        )
    return Drawing(svg="".join(parts), width=width, height=HEIGHT)


def summary(axis: Axis, estimate: float, low: float, high: float, *, width: float) -> Drawing:
    """Return a diamond, cut off and with an arrow where it leaves the axis."""
    mid = HEIGHT / 2
    x0, x1, x2 = (_free(axis, value) for value in (low, estimate, high))
    upper = [
        _edge(axis, x0, x1, 0),
        (min(max(x1, axis.left), axis.right), TALL),
        _edge(axis, x2, x1, 1),
    ]
    points = [(x, mid - tall) for x, tall in upper] + [(x, mid + tall) for x, tall in upper[::-1]]
    corners = " ".join(f"{round(x, 2):g},{round(y, 2):g}" for x, y in dict.fromkeys(points))
    parts = [f'<polygon points="{corners}" fill="{DIAMOND}" stroke="{INK}" stroke-width="0.8"/>']
    parts.append(_arrow(axis.left, mid, -1) if x0 < axis.left else "")
    parts.append(_arrow(axis.right, mid, 1) if x2 > axis.right else "")
    return Drawing(svg="".join(parts), width=width, height=HEIGHT)


def prediction(axis: Axis, low: float, high: float, *, width: float) -> Drawing:
    """Return a prediction interval: a hollow bar, which no reader takes for the diamond."""
    mid, x0, x1 = HEIGHT / 2, axis.at(low), axis.at(high)
    parts = [
        f'<rect x="{x0:g}" y="{mid - 2.5:g}" width="{x1 - x0:g}" height="5" fill="#ffffff" '
        f'stroke="{INK}" stroke-width="0.9"/>'
    ]
    parts.append(_arrow(x0, mid, -1) if low < axis.low else "")
    parts.append(_arrow(x1, mid, 1) if high > axis.high else "")
    return Drawing(svg="".join(parts), width=width, height=HEIGHT)


def axis_marks(
    axis: Axis, *, width: float, label: str, favours: tuple[str, str], null: float | None
) -> Drawing:
    """Return the axis with its numbers, below it what either side means, and its name."""
    parts = [axis_ticks(axis, 1.0)]
    y = 17.0
    if any(favours) and null is not None:
        made, y = _sides(favours, axis.at(null), y, width=width)
        parts += made
    if label:
        y += 15
        middle = (axis.left + axis.right) / 2
        parts.append(text(label, middle, y, size=SMALL, side="middle"))
    return Drawing(svg="".join(parts), width=width, height=y + 3)


def _sides(
    favours: tuple[str, str], x: float, y: float, *, width: float
) -> tuple[list[str], float]:
    """Return what either side of ``x`` means, side by side or one above the other, and its foot."""
    left, right = (
        wrapped(words, max(room, NARROW) / _EM) if bare else []
        for words, bare, room in (
            (f"← {favours[0]}", favours[0], x - 8), (f"{favours[1]} →", favours[1], width - x - 8),
        )
    )  # fmt: skip
    wide = [max((_EM * ems(line) for line in lines), default=0.0) for lines in (left, right)]
    beside = wide[0] <= x - 8 and wide[1] <= width - x - 8
    ends = (x - 8, x + 8) if beside else (max(x - 8, wide[0]), min(x + 8, width - wide[1]))
    parts = [
        text(line, round(ends[0], 2), y + 15 * n, size=SMALL, side="right")
        for n, line in enumerate(left, start=1)
    ]
    below = y if beside else y + 15 * len(left)
    parts += [
        text(line, round(ends[1], 2), below + 15 * n, size=SMALL)
        for n, line in enumerate(right, start=1)
    ]
    return parts, max(y + 15 * len(left), below + 15 * len(right))


def axis_ticks(axis: Axis, y: float) -> str:
    """Return the line of an axis with its marks and numbers."""
    parts = [f'<path d="M{axis.left:g} {y:g}H{axis.right:g}" stroke="{INK}"/>']
    for mark in axis.marks:
        x = axis.at(mark)
        parts.append(f'<path d="M{x:g} {y:g}v4" stroke="{INK}"/>')
        parts.append(text(_marked(mark, axis), x, y + 15, size=SMALL, side="middle", color=SOFT))
    return "".join(parts)


def _marked(mark: float, axis: Axis) -> str:
    if not axis.ratio:
        return f"{mark:.{axis.digits}f}".replace("-", "\N{MINUS SIGN}")
    exponent = round(math.log10(mark))
    wide = max(axis.marks) >= 1e5 or min(axis.marks) <= 1e-4
    if wide and mark != 1 and abs(mark / 10.0**exponent - 1) < 1e-9:
        return power(exponent)
    return f"{mark:.12f}".rstrip("0").rstrip(".")


def _inside(axis: Axis, value: float) -> bool:
    return axis.low <= value <= axis.high


def _arrow(x: float, mid: float, side: int) -> str:
    return f'<path d="M{x + 7 * side:g} {mid:g}l{-8 * side} -4v8z" fill="{INK}"/>'


def _free(axis: Axis, value: float) -> float:
    """Return where a number would lie if the axis had no end."""
    if axis.ratio:
        if value <= 0:
            return -math.inf
        low, high, value = math.log(axis.low), math.log(axis.high), math.log(value)
    else:
        low, high = axis.low, axis.high
    return axis.left + (value - low) / (high - low) * (axis.right - axis.left)


def _edge(axis: Axis, end: float, middle: float, side: int) -> tuple[float, float]:
    """Return a diamond's corner, or where its edge meets the end of the axis and how high there."""
    stop = (axis.left, axis.right)[side]
    if (end >= stop) if side == 0 else (end <= stop):
        return end, 0.0
    if not math.isfinite(end):
        return stop, TALL
    share = min(max((stop - end) / (middle - end), 0.0), 1.0) if middle != end else 1.0
    return stop, TALL * share
