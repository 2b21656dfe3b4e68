"""The highest mode of a likelihood in tau2 ≥ 0: a search that looks everywhere before it chooses.

ML and REML can have two modes (gibson2002, mean difference: 0 and 9.68). So the slope is taken on a
grid, every fall through zero is closed in on, and the heights of all modes and of 0 are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

__all__ = ["MAX_STEPS", "TINY", "Floats", "Likelihood", "highest_mode"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: Nodes of the grid for each decade of tau2 + least variance. A study's share of the slope changes
#: over about two e-folds of tau2 + its variance, soonest in tau2 for the least variance;
#: so the nodes are ten times as close as what could slip through.
NODES_PER_DECADE = 12

#: Ends a search when a step no longer moves the tenth digit beyond double precision's reach.
TINY = 1e-15

MAX_STEPS = 1000

#: Up to so many brackets are closed in on one by one: fewer calls than for all of them together.
FEW = 3

#: The least relative width that Brent's method takes.
RELATIVE = 4 * float(np.finfo(np.float64).eps)


class Likelihood(Protocol):
    """R log-likelihoods in tau2; ``tau2`` has the shape (R,) or (R, G) and so has the answer."""

    @property
    def reach(self) -> tuple[Floats, Floats]:
        """Where to look, two arrays of shape (R,).

        The first is the least variance of a data set; above the second the slope is negative.
        """

    def of(self, rows: Ints) -> Likelihood:
        """Return the likelihoods of some data sets, in the order of ``rows``."""

    def slope(self, tau2: Floats) -> Floats:
        """Return twice the derivative of the log-likelihood."""

    def height(self, tau2: Floats) -> Floats:
        """Return the log-likelihood without its constant."""


def highest_mode(likelihood: Likelihood) -> Floats:
    """Compare every mode in tau2 ≥ 0 and return the highest, shape (R,)."""
    grid = _grid(*likelihood.reach)
    slope = likelihood.slope(grid)
    falls = (slope[:, :-1] > 0) & (slope[:, 1:] <= 0)
    rows, nodes = np.nonzero(falls)
    held = likelihood.of(rows)
    ends = grid[rows, nodes], grid[rows, nodes + 1]
    modes = _closed_in(held, ends, (slope[rows, nodes], slope[rows, nodes + 1]))
    best = np.zeros(grid.shape[0])
    best[rows] = modes
    # A single fall after a rise from 0 is the only mode; the others are compared.
    several = np.nonzero(((slope[:, 0] <= 0) | (falls.sum(axis=1) > 1))[rows])[0]
    if several.size:
        _compare(likelihood, best, (rows[several], modes[several]))
    return best


def _compare(likelihood: Likelihood, best: Floats, found: tuple[Ints, Floats]) -> None:
    """Put the highest of 0 and the modes of each data set into ``best``."""
    rows, modes = found
    asked = np.unique(rows)
    best[asked] = 0.0
    height = dict(zip(asked.tolist(), likelihood.of(asked).height(best[asked]), strict=True))
    heights = likelihood.of(rows).height(modes)
    for row, mode, value in zip(rows.tolist(), modes, heights, strict=True):
        if value > height[row]:
            best[row], height[row] = mode, value


def _grid(least: Floats, high: Floats) -> Floats:
    """Return nodes from 0 to ``high`` (R, nodes), geometric in tau2 + ``least``."""
    decades = np.log10((least + high) / least)
    nodes = 2 + int(np.ceil(NODES_PER_DECADE * float(decades.max())))
    grid = np.expm1(np.log(10) * decades[:, None] * np.linspace(0.0, 1.0, nodes))
    return np.asarray(least[:, None] * grid)


def _closed_in(
    likelihood: Likelihood, ends: tuple[Floats, Floats], slopes: tuple[Floats, Floats]
) -> Floats:
    """Find the roots between brackets: one by one where they are few, else all at once."""
    if ends[0].size > FEW:
        return _roots(likelihood, *ends)
    found = ends[1].copy()
    for at in np.nonzero(slopes[1] < 0)[0]:
        low, high = float(ends[0][at]), float(ends[1][at])
        known = {low: float(slopes[0][at]), high: float(slopes[1][at])}
        slope = _slope_of(likelihood.of(np.array([at])), known)
        found[at] = brentq(slope, low, high, xtol=TINY * high, rtol=RELATIVE)
    return found


def _slope_of(one: Likelihood, known: Mapping[float, float]) -> Callable[[float], float]:
    """Return the slope as a function of a number; what is known is not computed again."""

    def slope(tau2: float) -> float:
        value = known.get(tau2)
        return float(one.slope(np.array([tau2]))[0]) if value is None else value

    return slope


def _roots(likelihood: Likelihood, low: Floats, high: Floats) -> Floats:
    """Find where the slope falls through zero between brackets (Chandrupatla 1997).

    Inverse quadratic interpolation where three points suit it, bisection elsewhere.
    """
    a, b = high, low
    f_a, f_b = likelihood.slope(a), likelihood.slope(b)
    c, f_c = a, f_a
    step = np.full(low.shape, 0.5)
    for _ in range(MAX_STEPS):
        point = a + step * (b - a)
        value = likelihood.slope(point)
        same = (value > 0) == (f_a > 0)
        c, f_c = np.where(same, a, b), np.where(same, f_a, f_b)
        b, f_b = np.where(same, b, a), np.where(same, f_b, f_a)
        a, f_a = point, value
        best = np.where(np.abs(f_a) < np.abs(f_b), a, b)
        width = np.abs(b - a)
        least = TINY * best / np.where(width > 0, width, 1.0)
        done = (width <= 2 * TINY * best) | (value == 0)
        if done.all():
            break
        step = np.clip(
            _next((a, b, c), (f_a, f_b, f_c)), np.minimum(least, 0.5), 1 - np.minimum(least, 0.5)
        )
    return np.where(np.abs(f_a) <= np.abs(f_b), a, b)


def _next(points: tuple[Floats, Floats, Floats], slopes: tuple[Floats, Floats, Floats]) -> Floats:
    """Return the next point as a share of the way from the first point to the second."""
    (a, b, c), (f_a, f_b, f_c) = points, slopes
    with np.errstate(divide="ignore", invalid="ignore"):
        along, rise = (a - b) / (c - b), (f_a - f_b) / (f_c - f_b)
        suits = (rise**2 < along) & ((1 - rise) ** 2 < 1 - along)
        quadratic = (
            f_a / (f_b - f_a) * f_c / (f_b - f_c)
            + (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)
        )  # fmt: skip
    return np.where(suits & np.isfinite(quadratic), quadratic, 0.5)
