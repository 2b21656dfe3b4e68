"""Axes of figures: where a number lies in a drawing, and which round numbers are marked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Axis", "axis", "decimals"]

#: Marks offered on a ratio axis; the ones inside the range are drawn.
RATIO_MARKS = (0.001, 0.01, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A numeric axis drawn between ``left`` and ``right`` (units of the drawing)."""

    low: float
    high: float
    ratio: bool
    left: float
    right: float
    marks: tuple[float, ...]
    digits: int

    def at(self, value: float) -> float:
        """Return the place of a number; numbers outside the range come to its edge."""
        low, high, x = (self._scaled(v) for v in (self.low, self.high, value))
        share = (min(max(x, low), high) - low) / (high - low)
        return round(self.left + share * (self.right - self.left), 2)

    def _scaled(self, value: float) -> float:
        if not self.ratio:
            return value
        return math.log(value) if value > 0 else -math.inf


def axis(
    numbers: Iterable[float | None], *, ratio: bool, null: float | None, left: float, right: float
) -> Axis:
    """Return an axis that holds the finite numbers and the null, with three to six marks.

    Examples
    --------
    >>> axis([-40, 34], ratio=False, null=0, left=0, right=100).marks
    (-40.0, -20.0, 0.0, 20.0, 40.0)
    """
    finite = [n for n in numbers if n is not None and math.isfinite(n) and not (ratio and n <= 0)]
    if null is not None:
        finite.append(null)
    if not finite:
        finite = [1.0] if ratio else [0.0]
    return _ratio(finite, left, right) if ratio else _linear(finite, left, right)


def decimals(mark: float) -> int:
    """Return how many decimals a round number needs.

    Examples
    --------
    >>> decimals(0.2), decimals(5.0)
    (1, 0)
    """
    return max(0, -int(Decimal(repr(mark)).normalize().as_tuple().exponent))


def _ratio(finite: Sequence[float], left: float, right: float) -> Axis:
    low = max(min(finite), 0.001)
    high = min(max(finite), 1000.0)
    low = max((m for m in RATIO_MARKS if m <= low), default=0.001)
    high = min((m for m in RATIO_MARKS if m >= high), default=1000.0)
    if low == high:
        low, high = low / 2, high * 2
    marks = [m for m in RATIO_MARKS if low <= m <= high]
    while len(marks) > 6:
        marks = marks[::2] if 1.0 in marks[::2] else marks[1::2]
    digits = max((decimals(m) for m in marks), default=0)
    return Axis(
        low=low, high=high, ratio=True, left=left, right=right, marks=tuple(marks), digits=digits
    )


def _linear(finite: Sequence[float], left: float, right: float) -> Axis:
    low, high = min(finite), max(finite)
    span = (high - low) or abs(high) or 1.0
    step = _round_step(span / 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        first, last = first - 1, last + 1
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    marks = tuple(round(n * step, 12) + 0.0 for n in range(first, last + 1))
    return Axis(
        low=marks[0], high=marks[-1], ratio=False, left=left, right=right, marks=marks,
        digits=digits,
    )  # fmt: skip


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * 0.999999)
