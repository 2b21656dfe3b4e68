"""The highest mode of a likelihood in tau2 ≥ 0: a search that looks everywhere before it chooses.

ML and REML can have two modes (gibson2002, mean difference: 0 and 9.68). So the slope is taken on a
grid, every fall through zero is closed in on, and the heights of all modes and of 0 are compared.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_STEPS", "TINY", "Floats", "Likelihood", "highest_mode"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: Nodes of the grid: 0 and a geometric series, in units of the likelihood's own scale.
GRID = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 400)])

#: Ends a search when a step no longer moves the tenth digit beyond double precision's reach.
TINY = 1e-15

MAX_STEPS = 1000


class Likelihood(Protocol):
    """R log-likelihoods in tau2; ``tau2`` has the shape (R,) or (R, G) and so has the answer."""

    @property
    def scale(self) -> Floats:
        """What tau2 is measured against, shape (R,)."""

    def of(self, rows: Ints) -> Likelihood:
        """Return the likelihoods of some data sets, in the order of ``rows``."""

    def slope(self, tau2: Floats) -> Floats:
        """Return twice the derivative of the log-likelihood."""

    def height(self, tau2: Floats) -> Floats:
        """Return the log-likelihood without its constant."""


def highest_mode(likelihood: Likelihood) -> Floats:
    """Compare every mode in tau2 ≥ 0 and return the highest, shape (R,)."""
    grid = likelihood.scale[:, None] * GRID
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


def _roots(likelihood: Likelihood, low: Floats, high: Floats) -> Floats:
    """Find where the slope falls through zero between brackets: regula falsi kept by bisection."""
    f_low, f_high = likelihood.slope(low), likelihood.slope(high)
    low, high = low.copy(), high.copy()
    for turn in range(MAX_STEPS):
        if np.all(high - low <= TINY * high):
            break
        gap = np.where(f_low - f_high != 0, f_low - f_high, 1.0)
        middle = np.where(low > 0, np.sqrt(low) * np.sqrt(high), 1e-3 * high)
        secant = low + (high - low) * f_low / gap
        inside = (secant > low) & (secant < high)
        point = middle if turn % 3 == 2 else np.where(inside, secant, middle)
        value = likelihood.slope(point)
        left = value > 0
        # Illinois: halve the end that stays, so that the secant cannot creep along one side.
        f_high = np.where(left, 0.5 * f_high, value)
        f_low = np.where(left, value, 0.5 * f_low)
        low, high = np.where(left, point, low), np.where(left, high, point)
    return 0.5 * (low + high)
