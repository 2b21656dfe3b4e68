"""What one arm, or one table given its margins, says about its natural parameter.

Each is an exponential family in η: log p = xη − K(η) + const, so its log-likelihood is concave, its
slope is x − K′(η) and its curvature −K″(η). Arrays end with the axis of the k studies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.special import gammaln, xlogy

from tamis.synthesis.tau2 import Floats

__all__ = ["Arm", "Binomial", "Hypergeometric", "Poisson"]

#: A log rate is not followed beyond this: its exponential would leave double precision.
HIGHEST = 300.0

#: Spacing of the table of a hypergeometric study, and how far beyond its last step it reaches.
SPACING, MARGIN = 0.2, 24.0


class Arm(Protocol):
    """One count per study, and the log-likelihood of its natural parameter."""

    def curve(self, eta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log-likelihood, slope and minus curvature at η of shape (…, k)."""
        ...

    def saturated(self) -> Floats:
        """Return the highest log-likelihood of each study, on the scale of ``curve``."""
        ...


@dataclass(frozen=True, eq=False)
class Binomial:
    """x of n, logit p = η + offset; all of shape (k,)."""

    x: Floats
    n: Floats
    offset: Floats

    def curve(self, eta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log-likelihood (without its constant), slope, minus curvature."""
        z = eta + self.offset
        small = np.exp(-np.abs(z))
        more = 1 / (1 + small)
        p = np.where(z >= 0, more, small * more)
        height = self.x * z - self.n * (np.maximum(z, 0) - np.log(more))
        return height, self.x - self.n * p, self.n * small * more * more

    def saturated(self) -> Floats:
        """Return the log-likelihood at p = x/n."""
        p = self.x / self.n
        return np.asarray(xlogy(self.x, p) + xlogy(self.n - self.x, 1 - p))


@dataclass(frozen=True, eq=False)
class Poisson:
    """x events in the time t, ln rate = η; both of shape (k,)."""

    x: Floats
    t: Floats

    def curve(self, eta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log-likelihood (without its constant), slope, minus curvature."""
        z = np.clip(eta + np.log(self.t), -HIGHEST, HIGHEST)
        mean = np.exp(z)
        return self.x * z - mean, self.x - mean, mean

    def saturated(self) -> Floats:
        """Return the log-likelihood at the mean x."""
        return np.asarray(xlogy(self.x, self.x) - self.x)


@dataclass(frozen=True, eq=False)
class _Table:
    """First node, and cumulants of order 0 to 5 at nodes ``SPACING`` apart, shape (6, nodes)."""

    first: float
    cumulants: Floats


@dataclass(frozen=True, eq=False)
class Hypergeometric:
    """a of n1 against c of n2 given a + c: Fisher's non-central distribution, η the log odds ratio.

    Its cumulants are summed once over the support, on a grid of η; between the nodes K is continued
    by its Taylor series, whose rest is below 1e-8 for tables of ten people as of ten thousand
    (the count is a sum of independent yes-or-no events, so K has no singularity near the real
    axis: Harkness 1965).
    """

    a: Floats
    n1: Floats
    c: Floats
    n2: Floats

    @cached_property
    def _tables(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return first nodes, counts of nodes, starts in the long table, and that table."""
        made = [_tabulate(*row) for row in np.stack([self.a, self.n1, self.c, self.n2], axis=1)]
        lengths = np.array([one.cumulants.shape[1] for one in made])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        first = np.array([one.first for one in made])
        return first, lengths, starts, np.concatenate([one.cumulants for one in made], axis=1)

    def curve(self, eta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log-likelihood (of the conditional distribution), slope, minus curvature."""
        first, lengths, starts, table = self._tables
        inside = np.clip(eta, first, first + SPACING * (lengths - 1))
        node = np.rint((inside - first) / SPACING).astype(np.int64)
        d = inside - first - SPACING * node
        k0, k1, k2, k3, k4, k5 = table[:, starts + node]
        mean = k1 + d * (k2 + d * (k3 / 2 + d * (k4 / 6 + d * k5 / 24)))
        spread = np.maximum(k2 + d * (k3 + d * (k4 / 2 + d * k5 / 6)), 0.0)
        k = k0 + d * (k1 + d * (k2 / 2 + d * (k3 / 6 + d * (k4 / 24 + d * k5 / 120))))
        return self.a * eta - k - mean * (eta - inside), self.a - mean, spread

    def own_estimates(self) -> Floats:
        """Return each study's conditional estimate; at an end of its support, a far point."""
        first, lengths, _, _ = self._tables
        low, high = first, first + SPACING * (lengths - 1)
        for _ in range(60):
            middle = 0.5 * (low + high)
            rising = self.curve(middle)[1] > 0
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        return np.asarray(0.5 * (low + high))

    def saturated(self) -> Floats:
        """Return the log-likelihood at each study's own conditional estimate."""
        return self.curve(self.own_estimates())[0]


def _tabulate(a: float, n1: float, c: float, n2: float) -> _Table:
    s = a + c
    x = np.arange(max(0.0, s - n2), min(s, n1) + 1)
    log_weight = -(gammaln(x + 1) + gammaln(n1 - x + 1) + gammaln(s - x + 1))
    log_weight -= gammaln(n2 - s + x + 1)
    steps = np.diff(log_weight)
    last = float(np.abs(steps).max()) + MARGIN if steps.size else MARGIN
    count = 2 * math.ceil(last / SPACING) + 1
    eta = SPACING * (np.arange(count) - count // 2)
    shift = x - x[0]
    total = np.empty((6, count))
    log_weight -= log_weight.max()
    for at in range(0, count, 64):
        part = eta[at : at + 64, None]
        height = log_weight + part * shift
        top = height.max(axis=1, keepdims=True)
        p = np.exp(height - top)
        size = p.sum(axis=1)
        p /= size[:, None]
        mean = p @ shift
        d = shift - mean[:, None]
        m2, m3, m4, m5 = ((p * d**power).sum(axis=1) for power in (2, 3, 4, 5))
        total[:, at : at + 64] = (
            np.log(size) + top[:, 0] + part[:, 0] * x[0],
            mean + x[0],
            m2,
            m3,
            m4 - 3 * m2**2,
            m5 - 10 * m2 * m3,
        )
    return _Table(first=float(eta[0]), cumulants=total)
