"""Score intervals of two proportions (Miettinen & Nurminen 1985; Koopman 1984).

A limit is the value of the measure at which the standardised difference between the data and the
best proportions under that value equals ±z. ``a`` of ``m`` and ``c`` of ``n`` are the counts.
Nothing is added to empty cells; where a limit does not exist it is 0 or infinity, and said so.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from tamis.domain.results import Interval
from tamis.synthesis.roots import crossing, outward
from tamis.synthesis.settings import confidence, normal_quantile

__all__ = [
    "koopman",
    "miettinen_nurminen_difference",
    "miettinen_nurminen_odds_ratio",
    "miettinen_nurminen_ratio",
]

MN = "Miettinen-Nurminen score"


def miettinen_nurminen_difference(
    a: float, m: float, c: float, n: float, *, level: str = "0.95"
) -> Interval:
    """Score interval of the risk difference a/m − c/n, with the factor N/(N−1).

    References
    ----------
    Miettinen & Nurminen 1985, Stat Med 4:213; closed form of Farrington & Manning 1990.

    Examples
    --------
    >>> found = miettinen_nurminen_difference(10, 10, 0, 20)
    >>> round(found.low, 6), found.high
    (0.715619, 1.0)
    """
    share = confidence(level)
    z2, difference = normal_quantile(share) ** 2, a / m - c / n

    def inside(delta: float) -> float:
        p1, p2 = _under_difference(a, m, c, n, delta)
        variance = (p1 * (1 - p1) / m + p2 * (1 - p2) / n) * (m + n) / (m + n - 1)
        return z2 * variance - (difference - delta) ** 2

    return Interval(
        low=crossing(inside, difference, -1.0) if difference > -1 else -1.0,
        high=crossing(inside, difference, 1.0) if difference < 1 else 1.0,
        method=MN,
        level=share,
    )


def _under_difference(a: float, m: float, c: float, n: float, delta: float) -> tuple[float, float]:
    """Return the most likely proportions whose difference is ``delta``."""
    theta, p1, p2 = n / m, a / m, c / n
    lead = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + delta * (theta + 2))
    cc = delta**2 + delta * (2 * p1 + theta + 1) + p1 + theta * p2
    e = -p1 * delta * (1 + delta)
    third = b / (3 * lead)
    v = third**3 - b * cc / (6 * lead**2) + e / (2 * lead)
    u = math.copysign(math.sqrt(max(third**2 - cc / (3 * lead), 0.0)), v)
    ratio = v / u**3 if u**3 else 0.0
    w = (math.pi + math.acos(min(1.0, max(-1.0, ratio)))) / 3
    first = 2 * u * math.cos(w) - third
    first = min(max(first, 0.0, delta), 1.0, 1 + delta)
    return first, min(max(first - delta, 0.0), 1.0)


def miettinen_nurminen_ratio(
    a: float, m: float, c: float, n: float, *, level: str = "0.95"
) -> Interval:
    """Score interval of the risk ratio with the factor N/(N−1).

    Examples
    --------
    >>> found = miettinen_nurminen_ratio(9, 12, 5, 6)
    >>> round(found.low, 6), round(found.high, 6)
    (0.523286, 1.845029)
    """
    factor = (m + n) / (m + n - 1)
    return _ratio_interval(a, m, c, n, factor=factor, method=MN, level=level)


def koopman(a: float, m: float, c: float, n: float, *, level: str = "0.95") -> Interval:
    """Koopman's score interval of the risk ratio (1984): no factor N/(N−1).

    Examples
    --------
    >>> found = koopman(12, 12, 6, 6)
    >>> round(found.low, 6), round(found.high, 6)
    (0.757506, 1.640243)
    """
    return _ratio_interval(a, m, c, n, factor=1.0, method="Koopman score", level=level)


def _ratio_interval(
    a: float, m: float, c: float, n: float, *, factor: float, method: str, level: str
) -> Interval:
    share = confidence(level)
    if a + c == 0:
        return Interval(low=0.0, high=math.inf, method=method, level=share)
    z2, p1, p2 = normal_quantile(share) ** 2, a / m, c / n

    def inside(log_ratio: float) -> float:
        ratio = math.exp(log_ratio)
        q1, q2 = _under_ratio(a, m, c, n, ratio)
        variance = (q1 * (1 - q1) / m + ratio**2 * q2 * (1 - q2) / n) * factor
        return z2 * variance - (p1 - ratio * p2) ** 2

    return _log_interval(inside, p1, p2, method=method, level=share)


def _under_ratio(a: float, m: float, c: float, n: float, ratio: float) -> tuple[float, float]:
    """Return the most likely proportions whose ratio is ``ratio``."""
    lead = (m + n) * ratio
    b = -(m * ratio + a + n + c * ratio)
    s = a + c
    # The smaller root in the form that does not subtract two large numbers.
    p2 = 2 * s / (-b + math.sqrt(max(b**2 - 4 * lead * s, 0.0)))
    p2 = min(p2, 1.0, 1 / ratio)
    return min(ratio * p2, 1.0), p2


def miettinen_nurminen_odds_ratio(
    a: float, m: float, c: float, n: float, *, level: str = "0.95"
) -> Interval:
    """Score interval of the odds ratio with the factor N/(N−1).

    Examples
    --------
    >>> found = miettinen_nurminen_odds_ratio(9, 12, 5, 6)
    >>> round(found.low, 6), round(found.high, 6)
    (0.066784, 6.173457)
    """
    share = confidence(level)
    s = a + c
    if s in (0, m + n):
        return Interval(low=0.0, high=math.inf, method=MN, level=share)
    z2, p1, p2 = normal_quantile(share) ** 2, a / m, c / n
    factor = (m + n) / (m + n - 1)

    def inside(log_odds: float) -> float:
        q1, q2 = _under_odds_ratio(m, n, s, log_odds)
        v1, v2 = q1 * (1 - q1), q2 * (1 - q2)
        if v1 <= 0 or v2 <= 0:
            return -1.0
        gap = (p1 - q1) / v1 - (p2 - q2) / v2
        return z2 * (1 / (m * v1) + 1 / (n * v2)) * factor - gap**2

    odds_1 = p1 / (1 - p1) if p1 < 1 else math.inf
    odds_2 = p2 / (1 - p2) if p2 < 1 else math.inf
    return _log_interval(inside, odds_1, odds_2, method=MN, level=share)


def _under_odds_ratio(m: float, n: float, s: float, log_odds: float) -> tuple[float, float]:
    """Return the most likely proportions whose log odds ratio is ``log_odds``."""
    psi = math.exp(log_odds)
    lead = n * (psi - 1)
    b = m * psi + n - s * (psi - 1)
    root = math.sqrt(max(b**2 + 4 * lead * s, 0.0))
    # Of the two forms of the root, the one that does not subtract two large numbers.
    q2 = 2 * s / (b + root) if b >= 0 else (root - b) / (2 * lead)
    return q2 * psi / (1 + q2 * (psi - 1)), q2


def _log_interval(
    inside: Callable[[float], float], top: float, bottom: float, *, method: str, level: float
) -> Interval:
    """Search both limits of a ratio ``top/bottom`` on the log scale."""
    if top in (0, math.inf) or bottom in (0, math.inf):
        return _edge_interval(inside, top, bottom, method=method, level=level)
    start = math.log(top / bottom)
    return Interval(
        low=math.exp(outward(inside, start, -1)),
        high=math.exp(outward(inside, start, 1)),
        method=method,
        level=level,
    )


def _edge_interval(
    inside: Callable[[float], float], top: float, bottom: float, *, method: str, level: float
) -> Interval:
    """Search the one limit that exists when the estimate is 0 or infinite."""
    if top == 0 or bottom == math.inf:
        start = _first_inside(inside, -1)
        return Interval(
            low=0.0, high=math.exp(outward(inside, start, 1)), method=method, level=level
        )
    start = _first_inside(inside, 1)
    low = math.exp(outward(inside, start, -1))
    return Interval(low=low, high=math.inf, method=method, level=level)


def _first_inside(inside: Callable[[float], float], direction: int) -> float:
    """Return a point on the side of the infinite estimate that lies inside the interval."""
    point = direction * 1.0
    while abs(point) < 300 and inside(point) <= 0:
        point *= 2
    return point
