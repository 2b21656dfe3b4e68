"""Intervals of one proportion, and the hybrid interval of a risk difference."""

from __future__ import annotations

import math

from scipy.special import betaincinv

from tamis.domain.results import Interval
from tamis.synthesis.settings import confidence, normal_quantile

__all__ = [
    "agresti_coull",
    "clopper_pearson",
    "newcombe",
    "wald_corrected",
    "wilson",
    "wilson_corrected",
]


def wilson(x: float, n: float, *, level: str = "0.95") -> Interval:
    """Wilson's score interval (Wilson 1927).

    Examples
    --------
    >>> found = wilson(5, 6)
    >>> round(found.low, 6), round(found.high, 6)
    (0.436497, 0.969947)
    """
    share = confidence(level)
    z, p = normal_quantile(share), x / n
    centre = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return Interval(
        low=0.0 if x == 0 else max(0.0, (centre - half) / scale),
        high=1.0 if x == n else min(1.0, (centre + half) / scale),
        method="Wilson score",
        level=share,
    )


def wilson_corrected(x: float, n: float, *, level: str = "0.95") -> Interval:
    """Wilson's interval with a continuity correction (Newcombe 1998, method 4 of one proportion).

    Examples
    --------
    >>> found = wilson_corrected(5, 6)
    >>> round(found.low, 4), round(found.high, 4)
    (0.3648, 0.9912)
    """
    share = confidence(level)
    z, p = normal_quantile(share), x / n
    centre, scale = 2 * n * p + z**2, 2 * (n + z**2)
    low = math.sqrt(z**2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)) if x > 0 else 0.0
    high = math.sqrt(z**2 + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)) if x < n else 0.0
    return Interval(
        low=0.0 if x == 0 else max(0.0, (centre - 1 - z * low) / scale),
        high=1.0 if x == n else min(1.0, (centre + 1 + z * high) / scale),
        method="Wilson score with continuity correction",
        level=share,
    )


def wald_corrected(x: float, n: float, *, level: str = "0.95") -> Interval:
    """Return the simple normal interval with a continuity correction of 1/(2n).

    It is method 2 of Newcombe 1998, kept to compare with what was published: its coverage is poor
    for few people and for shares near 0 or 1, where ``wilson`` and ``clopper_pearson`` hold.

    Examples
    --------
    >>> found = wald_corrected(11, 29)
    >>> round(found.low, 4), round(found.high, 4)
    (0.1855, 0.5731)
    """
    share = confidence(level)
    p = x / n
    half = normal_quantile(share) * math.sqrt(p * (1 - p) / n) + 1 / (2 * n)
    return Interval(
        low=max(0.0, p - half),
        high=min(1.0, p + half),
        method="Wald with continuity correction",
        level=share,
    )


def agresti_coull(x: float, n: float, *, level: str = "0.95") -> Interval:
    """Agresti & Coull's interval (1998): Wald's after z²/2 events and as many others are added.

    Examples
    --------
    >>> found = agresti_coull(5, 6)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4178, 0.9886)
    """
    share = confidence(level)
    z = normal_quantile(share)
    people = n + z**2
    p = (x + z**2 / 2) / people
    half = z * math.sqrt(p * (1 - p) / people)
    return Interval(
        low=max(0.0, p - half), high=min(1.0, p + half), method="Agresti-Coull", level=share
    )


def clopper_pearson(x: float, n: float, *, level: str = "0.95") -> Interval:
    """Clopper & Pearson's exact interval (1934): never less than its level.

    Examples
    --------
    >>> found = clopper_pearson(0, 6)
    >>> found.low, round(found.high, 6)
    (0.0, 0.459258)
    """
    share = confidence(level)
    tail = (1 - share) / 2
    return Interval(
        low=0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail)),
        high=1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail)),
        method="Clopper-Pearson exact",
        level=share,
    )


def newcombe(a: float, m: float, c: float, n: float, *, level: str = "0.95") -> Interval:
    """Newcombe's hybrid score interval of a/m − c/n (1998, method without continuity correction).

    Examples
    --------
    >>> found = newcombe(9, 12, 5, 6)
    >>> round(found.low, 6), round(found.high, 6)
    (-0.396957, 0.344941)
    """
    p1, p2 = a / m, c / n
    first, second = wilson(a, m, level=level), wilson(c, n, level=level)
    difference = p1 - p2
    return Interval(
        low=max(-1.0, difference - math.hypot(p1 - first.low, second.high - p2)),
        high=min(1.0, difference + math.hypot(first.high - p1, p2 - second.low)),
        method="Newcombe hybrid score",
        level=first.level,
    )
