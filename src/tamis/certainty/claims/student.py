"""Quantiles of Student's t with the standard library alone: this room computes no statistics.

They serve to recognise a printed interval; what a review states is computed in the synthesis room.
"""

from __future__ import annotations

import math

__all__ = ["student_quantile"]

#: Terms of the continued fraction and steps of the bisection; both end long before.
MOST = 200


def student_quantile(p: float, df: float) -> float:
    """Return the value below which the share p ≥ ½ of a t distribution lies.

    Parameters
    ----------
    p
        At least one half, below 1.
    df
        Degrees of freedom, above 0; they need not be whole (Welch).

    Examples
    --------
    >>> round(student_quantile(0.975, 16), 4)
    2.1199
    """
    low, high = 0.0, 1.0
    while _below(high, df) < p:
        low, high = high, 2 * high
    for _ in range(MOST):
        middle = (low + high) / 2
        low, high = (middle, high) if _below(middle, df) < p else (low, middle)
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2


def _below(t: float, df: float) -> float:
    """Return the share below t ≥ 0: 1 − I(df/(df+t²); df/2, ½) / 2."""
    return 1 - _incomplete_beta(df / (df + t * t), df / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return I(x; a, b) by its continued fraction (Abramowitz & Stegun 26.5.8)."""
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x)) / a
    fraction, c, d = 1.0, 1.0, 0.0
    for term in range(MOST):
        m = term // 2
        if term == 0:
            numerator = 1.0
        elif term % 2 == 0:
            numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + numerator * d)
        c = 1 + numerator / c
        fraction *= c * d
        if abs(1 - c * d) < 1e-14:
            break
    return front * (fraction - 1)
