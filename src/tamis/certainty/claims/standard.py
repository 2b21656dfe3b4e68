"""Standard intervals for two arms of one study, whichever of them a review gives as its own.

They only ever serve to recognise a number in a text: log-Wald limits of a ratio (Katz 1978 for
risks, Woolf 1955 for odds; half an event added to an empty cell), Wald limits of a difference of
risks, and the z, pooled t and Welch limits of a difference of means (Cochrane Handbook 6.4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

from tamis.certainty.claims.student import student_quantile
from tamis.domain.results import BinaryRow, MeansRow, Synthesis

__all__ = ["Standard", "standard_results"]

_Z = NormalDist().inv_cdf(0.975)
_UPPER = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """An estimate with a 95 % interval by a named method."""

    measure: str
    method: str
    estimate: float
    low: float
    high: float


def standard_results(synthesis: Synthesis) -> Iterator[Standard]:
    """Yield the standard results of a synthesis of one study; none for several."""
    if len(synthesis.rows) != 1:
        return
    (row,) = synthesis.rows
    if isinstance(row, BinaryRow) and row.n_1 > 0 and row.n_2 > 0:
        yield from _risks(row)
    elif isinstance(row, MeansRow) and row.n_1 > 1 and row.n_2 > 1:
        yield from _means(row)


def _risks(row: BinaryRow) -> Iterator[Standard]:
    a, n, c, m = row.events_1, row.n_1, row.events_2, row.n_2
    p, q = a / n, c / m
    yield _around("RD", "Wald", p - q, math.sqrt(p * (1 - p) / n + q * (1 - q) / m))
    if a and c:
        yield _ratio("RR", "log-Wald", p / q, 1 / a - 1 / n + 1 / c - 1 / m)
    cells = a, n - a, c, m - c
    empty = 0.0 if all(cells) else 0.5
    if empty and any(a + c == total for total in (0, n + m)):
        return
    b1, b2, b3, b4 = (cell + empty for cell in cells)
    added = " with half an event added" if empty else ""
    odds = (b1 * b4) / (b2 * b3)
    yield _ratio("OR", f"log-Wald{added}", odds, 1 / b1 + 1 / b2 + 1 / b3 + 1 / b4)
    if empty:
        risk = (b1 / (n + 2 * empty)) / (b3 / (m + 2 * empty))
        v = 1 / b1 - 1 / (n + 2 * empty) + 1 / b3 - 1 / (m + 2 * empty)
        yield _ratio("RR", f"log-Wald{added}", risk, v)


def _means(row: MeansRow) -> Iterator[Standard]:
    difference = float(row.mean_1) - float(row.mean_2)
    v1, v2 = float(row.sd_1) ** 2, float(row.sd_2) ** 2
    a, b = v1 / row.n_1, v2 / row.n_2
    apart = math.sqrt(a + b)
    free = row.n_1 + row.n_2 - 2
    pooled = ((row.n_1 - 1) * v1 + (row.n_2 - 1) * v2) / free
    together = math.sqrt(pooled * (1 / row.n_1 + 1 / row.n_2))
    yield _around("MD", "z", difference, apart)
    yield _around("MD", "z, pooled SD", difference, together)
    yield _around("MD", "pooled t", difference, together, student_quantile(_UPPER, free))
    if apart:
        df = (a + b) ** 2 / (a * a / (row.n_1 - 1) + b * b / (row.n_2 - 1))
        yield _around("MD", "Welch t", difference, apart, student_quantile(_UPPER, df))


def _around(measure: str, method: str, y: float, se: float, times: float = _Z) -> Standard:
    return Standard(
        measure=measure, method=method, estimate=y, low=y - times * se, high=y + times * se
    )


def _ratio(measure: str, method: str, ratio: float, variance: float) -> Standard:
    """Return a ratio with limits on the log scale.

    Examples
    --------
    >>> one = _ratio("RR", "log-Wald", 0.9, 1 / 9 - 1 / 12 + 1 / 5 - 1 / 6)
    >>> round(one.low, 2), round(one.high, 2)
    (0.55, 1.46)
    """
    half = _Z * math.sqrt(max(variance, 0.0))
    y = math.log(ratio)
    return Standard(
        measure=measure, method=method, estimate=ratio, low=math.exp(y - half),
        high=math.exp(y + half),
    )  # fmt: skip
