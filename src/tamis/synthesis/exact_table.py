"""Exact inference on the odds ratio of one table, given its margins.

Given s = a + c events in all, the events X of arm 1 follow P(x) ∝ C(m,x) C(n,s−x) ψˣ (Fisher's
non-central hypergeometric distribution). Cornfield 1956; mid-p after Lancaster 1961.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from tamis.domain.errors import BadInput
from tamis.domain.results import Interval
from tamis.synthesis.roots import outward
from tamis.synthesis.settings import confidence
from tamis.synthesis.tau2 import Floats

__all__ = ["Conditional", "Tails", "conditional"]

#: Slack with which Fisher's two-sided p counts a table as "as unlikely as the one observed".
SLACK = 1e-7

#: A support longer than this is cut to where its probability lies; a longer window is refused.
WINDOW_FROM, LONGEST = 200_000, 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tails:
    """Probabilities of the observed table at one odds ratio: P(X ≤ a), P(X ≥ a), P(X = a)."""

    lower: float
    upper: float
    point: float


@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """The conditional distribution of one table; ``log_weight[i]`` belongs to ``support[i]``.

    ``at_least`` and ``at_most`` say whether the observed count is the smallest, or the largest,
    that the margins allow.
    """

    observed: float
    support: Floats
    log_weight: Floats
    at_least: bool
    at_most: bool

    def _probabilities(self, log_odds: float) -> Floats:
        height = self.log_weight + log_odds * (self.support - self.observed)
        p = np.exp(height - height.max())
        return np.asarray(p / p.sum())

    def tails(self, log_odds: float = 0.0) -> Tails:
        """Return the tails at an odds ratio."""
        p = self._probabilities(log_odds)
        here = int(np.searchsorted(self.support, self.observed))
        return Tails(
            lower=float(p[: here + 1].sum()), upper=float(p[here:].sum()), point=float(p[here])
        )

    def moments(self, log_odds: float = 0.0) -> tuple[float, float]:
        """Return mean and variance of the events of arm 1 at an odds ratio."""
        p = self._probabilities(log_odds)
        mean = float((p * self.support).sum())
        return mean, float((p * (self.support - mean) ** 2).sum())

    def estimate(self) -> float:
        """Return the conditional maximum-likelihood odds ratio: E(X; ψ) = a.

        It is 0 at the smallest count the margins allow, infinite at the largest, and not a number
        only where both hold (no information), which callers refuse first.
        """
        if self.at_least:
            return 0.0
        if self.at_most:
            return math.inf

        def short(log_odds: float) -> float:
            return self.observed - self.moments(log_odds)[0]

        if short(0.0) == 0:
            return 1.0
        direction = 1 if short(0.0) > 0 else -1
        return math.exp(outward(lambda x: direction * short(x), 0.0, direction))

    def interval(self, *, mid: bool, level: str = "0.95") -> Interval:
        """Return the equal-tailed interval, exact or mid-p."""
        share = confidence(level)
        tail, half = (1 - share) / 2, 0.5 if mid else 0.0

        def upper_tail(log_odds: float) -> float:
            found = self.tails(log_odds)
            return found.upper - half * found.point - tail

        def lower_tail(log_odds: float) -> float:
            found = self.tails(log_odds)
            return found.lower - half * found.point - tail

        centre = self._centre()
        return Interval(
            low=0.0 if self.at_least else math.exp(outward(upper_tail, centre, -1)),
            high=math.inf if self.at_most else math.exp(outward(lower_tail, centre, 1)),
            method="conditional mid-p" if mid else "conditional exact",
            level=share,
        )

    def _centre(self) -> float:
        """Return a log odds ratio that lies inside every interval."""
        estimate = self.estimate()
        if 0 < estimate < math.inf:
            return math.log(estimate)
        direction = -1 if estimate == 0 else 1
        point = direction * 1.0
        while self.tails(point).point < 0.999:
            point *= 2
        return point

    def mid_p(self) -> float:
        """Return the doubled mid-p against ψ = 1; it belongs to the mid-p interval."""
        found = self.tails()
        return min(1.0, 2 * (min(found.lower, found.upper) - 0.5 * found.point))

    def fisher(self) -> float:
        """Return Fisher's two-sided p: tables no likelier than the observed one."""
        p = self._probabilities(0.0)
        here = float(p[int(np.searchsorted(self.support, self.observed))])
        return min(1.0, float(p[p <= here * (1 + SLACK)].sum()))


def conditional(a: float, m: float, c: float, n: float) -> Conditional:
    """Return the conditional distribution of a of m against c of n.

    Examples
    --------
    >>> table = conditional(9, 12, 5, 6)
    >>> round(table.estimate(), 6), round(table.mid_p(), 6)
    (0.616366, 0.754902)
    >>> exact = table.interval(mid=False)
    >>> round(exact.low, 6), round(exact.high, 5)
    (0.009547, 10.41892)
    """
    s = a + c
    low, high = max(0.0, s - n), min(s, m)
    first, last = (low, high) if high - low <= WINDOW_FROM else _window(a, m, c, n)
    if last - first > LONGEST:
        raise BadInput(
            f"{a:g} of {m:g} against {c:g} of {n:g} is too large a table for exact methods",
            "give the effect with its variance (yi, vi): at this size the normal interval is exact",
        )
    x = np.arange(first, last + 1, dtype=np.float64)
    weight = -(gammaln(x + 1) + gammaln(m - x + 1) + gammaln(s - x + 1) + gammaln(n - s + x + 1))
    return Conditional(
        observed=a,
        support=x,
        log_weight=weight - weight.max(),
        at_least=a <= low,
        at_most=a >= high,
    )


def _window(a: float, m: float, c: float, n: float) -> tuple[float, float]:
    """Return the part of a long support outside which nothing has a probability above 1e-300."""
    s, total = a + c, m + n
    centre = m * s / total
    under_null = m * n * s * (total - s) / (total**2 * (total - 1))
    cells = (a, m - a, c, n - c)
    observed = 1 / sum(1 / (cell + 0.5) for cell in cells)
    reach = 60 * math.sqrt(max(under_null, observed)) + 100
    first = max(0.0, s - n, math.floor(min(a, centre) - reach))
    return first, min(s, m, math.ceil(max(a, centre) + reach))
