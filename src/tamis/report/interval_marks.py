"""Marks of intervals in figures: where line, square, arrows and diamond go. Numbers, no words.

Every forest plot is drawn from these, in the report's page and as a figure of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tamis.report.scale import Axis

__all__ = ["Marks", "diamond", "marks"]

#: Half the side of a square: the least, and what a study with all the weight has more.
LEAST_HALF, MORE_HALF, UNWEIGHTED_HALF = 2.5, 4.5, 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Places of one interval; an open end leaves the axis and bears an arrow.

    ``middle`` is ``None`` where the estimate is infinite.
    """

    low: float
    high: float
    middle: float | None
    half: float
    low_open: bool
    high_open: bool


def marks(
    axis: Axis, estimate: float | None, low: float | None, high: float | None, weight: float | None
) -> Marks | None:
    """Return the places of an interval; ``None`` when there is nothing to draw.

    Parameters
    ----------
    axis
        Where numbers lie.
    estimate, low, high
        On the scale of the axis.
    weight
        Percent; the area of the square follows it.

    Examples
    --------
    >>> from tamis.report.scale import axis
    >>> wide = marks(axis([0.5, 2], ratio=True, null=1, left=0, right=90), 1, 0.1, 2, None)
    >>> wide.middle, wide.low_open, wide.high_open
    (45.0, True, False)
    """
    if estimate is None or low is None or high is None or math.isnan(estimate):
        return None
    half = UNWEIGHTED_HALF
    if weight is not None:
        half = LEAST_HALF + MORE_HALF * math.sqrt(max(weight, 0.0) / 100)
    return Marks(
        low=axis.at(low),
        high=axis.at(high),
        middle=axis.at(estimate) if math.isfinite(estimate) else None,
        half=half,
        low_open=not axis.low <= low,
        high_open=not high <= axis.high,
    )


def diamond(axis: Axis, estimate: float, low: float, high: float, *, mid: float) -> str:
    """Return the corners of a summary's diamond around the height ``mid``.

    Examples
    --------
    >>> from tamis.report.scale import axis
    >>> diamond(axis([0, 4], ratio=False, null=0, left=0, right=40), 1, 0, 2, mid=13)
    '0,13 10,7 20,13 10,19'
    """
    x0, x1, x2 = (axis.at(v) for v in (low, estimate, high))
    return f"{x0:g},{mid:g} {x1:g},{mid - 6:g} {x2:g},{mid:g} {x1:g},{mid + 6:g}"
