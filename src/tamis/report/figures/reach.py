"""Which part of the scale a forest plot shows, and where its marks are.

The axis holds every estimate and the summary. It does not stretch to the end of an interval that is
far wider than the others: such an interval leaves the axis and bears an arrow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from tamis.domain.errors import BadInput
from tamis.report.documents.widths import ems
from tamis.report.scale import Axis, decimals

__all__ = ["Spread", "figure_axis", "marked"]

#: Estimate and limits.
Spread = tuple[float | None, float | None, float | None]

#: So many times the median half-width of an interval may lie beyond the outermost estimate.
BEYOND = 3.0

#: So many times further for a summary or a prediction.
FURTHER = 2.0

#: Factors of a power of ten that are marked, from dense to sparse; each with a step of powers.
_LOG_MARKS: tuple[tuple[tuple[float, ...], int], ...] = (
    ((1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8), 1), ((1, 1.5, 2, 3, 5, 7), 1), ((1, 2, 5), 1),
    ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3), ((1,), 6), ((1,), 12), ((1,), 50),
)  # fmt: skip

#: Most marks, and the share of the axis that their labels may take.
MOST_MARKS, MOST_INK = 7, 0.75


def figure_axis(
    spreads: Sequence[Spread],
    *,
    pools: Sequence[Spread] = (),
    log: bool,
    null: float | None,
    width: float,
    margin: float,
    within: tuple[float, float] | None = None,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Axis:
    """Return the axis for a set of intervals.

    Parameters
    ----------
    spreads
        Estimate and limits of each, on the scale that is shown.
    pools
        The same of summaries and predictions, for which the axis stretches further.
    log, null
        Whether the axis is logarithmic; the value of no effect, which it always holds.
    width, margin
        Of the drawing, in pixels.
    within
        The ends of the axis, when they are given.
    bounds
        What the measure cannot leave: 0 and 1 for a proportion.

    Raises
    ------
    BadInput
        For ends that are no axis.

    Examples
    --------
    >>> spreads = [(0.5, 0.2, 1.2), (0.6, 0.3, 1.1), (0.4, 0.2, 0.9), (0.7, 0.001, 900)]
    >>> made = figure_axis(spreads, log=True, null=1, width=300, margin=10)
    >>> made.high < 20, made.marks
    (True, (0.03, 0.1, 0.3, 1.0, 3.0, 10.0))
    """
    if within is not None:
        _check(within, log=log)
        low, high = within
    else:
        low, high = _found(spreads, pools, log=log, null=null, bounds=bounds)
    marks = marked(low, high, log=log, width=width - 2 * margin)
    digits = max((decimals(m) for m in marks), default=0)
    return Axis(low=low, high=high, ratio=log, left=margin, right=width - margin, marks=marks,
                digits=digits)  # fmt: skip


def _check(within: tuple[float, float], *, log: bool) -> None:
    low, high = within
    if not (math.isfinite(low) and math.isfinite(high) and low < high) or (log and low <= 0):
        wanted = "two numbers above 0" if log else "two numbers"
        raise BadInput(f"{low:g} to {high:g} is no axis", f"give {wanted}, the smaller one first")


def _found(
    spreads: Sequence[Spread],
    pools: Sequence[Spread],
    *,
    log: bool,
    null: float | None,
    bounds: tuple[float, float],
) -> tuple[float, float]:
    there = [[_scaled(v, log=log) for v in spread] for spread in spreads]
    above = [[_scaled(v, log=log) for v in spread] for spread in pools]
    centre = _scaled(null, log=log)
    core = [m for m, *_ in (*there, *above, (centre,)) if m is not None] or [0.0]
    halves = [
        abs(end - m) for m, *ends in there if m is not None for end in ends if end is not None
    ]
    reach = BEYOND * median(halves) if halves else 1.0
    low, high = min(core), max(core)
    for some, stretch in ((there, 1.0), (above, FURTHER)):
        ends = [end for _, *limits in some for end in limits if end is not None]
        low = min(low, max(min([*core, *ends]), min(core) - stretch * reach))
        high = max(high, min(max([*core, *ends]), max(core) + stretch * reach))
    if high - low < 1e-12 * max(1.0, abs(low), abs(high)):
        low, high = low - 0.5 * max(1.0, abs(low)), high + 0.5 * max(1.0, abs(high))
    pad = 0.03 * (high - low)
    low, high = max(low - pad, bounds[0]), min(high + pad, bounds[1])
    if not log:
        return low, high
    return math.exp(max(low, -690.0)), math.exp(min(high, 690.0))


def _scaled(value: float | None, *, log: bool) -> float | None:
    """Return a number on the axis' own scale, or ``None`` where it has no place there."""
    if value is None or not math.isfinite(value) or (log and value <= 0):
        return None
    return math.log(value) if log else value


def marked(low: float, high: float, *, log: bool, width: float) -> tuple[float, ...]:
    """Return the round numbers that are marked between two ends.

    Examples
    --------
    >>> marked(0.9, 1.1, log=True, width=300)
    (0.9, 0.95, 1.0, 1.05, 1.1)
    >>> marked(1e-5, 1e5, log=True, width=300)[:2]
    (0.0001, 0.01)
    """
    if not log or high / low < 1.9:
        return _linear(low, high, width)
    found: tuple[float, ...] = ()
    for factors, step in _LOG_MARKS:
        found = tuple(_powers(low, high, factors, step))
        if len(found) <= MOST_MARKS and _fit(found, low, high, width):
            return found
    return found[:1]


def _powers(low: float, high: float, factors: Sequence[float], step: int) -> Iterable[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for power in range(first, last + 1):
        if power % step:
            continue
        for factor in factors:
            mark = float(f"{factor:g}e{power}")
            if low * (1 - 1e-9) <= mark <= high * (1 + 1e-9):
                yield mark


def _fit(marks: Sequence[float], low: float, high: float, width: float) -> bool:
    """Tell whether the labels of marks on a logarithmic axis do not touch."""
    span = math.log(high / low)
    places = [math.log(mark / low) / span * width for mark in marks]
    halves = [0.5 * 11 * ems(f"{mark:.12g}") for mark in marks]
    return all(
        places[n + 1] - places[n] > halves[n] + halves[n + 1] + 6 for n in range(len(marks) - 1)
    )


def _linear(low: float, high: float, width: float) -> tuple[float, ...]:
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0):
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        marks = tuple(round(n * step, 12) + 0.0 for n in range(first, last + 1))
        ink = sum(11 * ems(f"{mark:.12g}") + 6 for mark in marks)
        if len(marks) <= MOST_MARKS and ink < MOST_INK * width:
            return marks
    return ()
