"""The highest mode of a likelihood in tau2 ≥ 0: a search that looks everywhere before it chooses.

ML and REML can have two modes (gibson2002, mean difference: 0 and 9.68). So the slope is taken on a
grid, every fall through zero is closed in on, and the heights of all modes and of 0 are compared.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_STEPS", "STILL", "TINY", "Floats", "Likelihood", "highest_mode"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: Nodes of the grid for each decade of tau2. A study's share of the slope changes over about two
#: e-folds of tau2, so these are ten times as close as what could slip through.
NODES_PER_DECADE = 12

#: Below this share of the smallest variance the weights, and with them the slope, hardly move.
STILL = 1e-2

#: Ends a search when a step no longer moves the tenth digit beyond double precision's reach.
TINY = 1e-15

MAX_STEPS = 1000


class Likelihood(Protocol):
    """R log-likelihoods in tau2; ``tau2`` has the shape (R,) or (R, G) and so has the answer."""

    @property
    def reach(self) -> tuple[Floats, Floats]:
        """Where to look, two arrays of shape (R,).

        Below the first the slope hardly moves, above the second it is negative.
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
    modes = _roots(held, grid[rows, nodes], grid[rows, nodes + 1])
    best = np.zeros(grid.shape[0])
    height = likelihood.height(best)
    for row, mode, value in zip(rows, modes, held.height(modes), strict=True):
        if value > height[row]:
            best[row], height[row] = mode, value
    return best


def _grid(low: Floats, high: Floats) -> Floats:
    """Return 0 and a geometric series from ``low`` to ``high``, shape (R, nodes)."""
    decades = np.log10(high / low)
    nodes = 2 + int(np.ceil(NODES_PER_DECADE * float(decades.max())))
    steps = np.linspace(0.0, 1.0, nodes)
    series = low[:, None] * 10 ** (decades[:, None] * steps)
    return np.concatenate([np.zeros((low.size, 1)), series], axis=1)


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
