"""Correlation coefficients: raw, Fisher's z, and without bias (Olkin & Pratt 1958)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.integrate import quad

from tamis.domain.errors import BadInput
from tamis.domain.results import CorrelationRow
from tamis.synthesis.sizes.counts import YV

__all__ = ["correlation_effects", "unbiased"]


def correlation_effects(measure: str, rows: Sequence[CorrelationRow]) -> tuple[YV | None, ...]:
    """Return one correlation a row (COR, ZCOR or UCOR), ``None`` where n is too small.

    Raises
    ------
    BadInput
        For a coefficient outside −1 to 1 or fewer than two people.
    """
    for row in rows:
        if not -1 <= row.r <= 1:
            raise BadInput(
                f"{row.study}: a correlation of {row.r:g} cannot be",
                "give a coefficient from -1 to 1",
            )
        if row.n < 2:
            raise BadInput(f"{row.study}: a correlation of {row.n} people", "give n of at least 2")
    return tuple(_one(measure, row.r, row.n) for row in rows)


def _one(measure: str, r: float, n: int) -> YV | None:
    if abs(r) == 1:
        return None  # no sampling variance: nothing to weigh it by
    match measure:
        case "ZCOR":
            return (math.atanh(r), 1 / (n - 3), False) if n > 3 else None
        case "UCOR":
            if n < 4:
                return None
            g = unbiased(r, n)
            return g, (1 - g**2) ** 2 / (n - 1), False
        case _:
            return r, (1 - r**2) ** 2 / (n - 1), False


def unbiased(r: float, n: int) -> float:
    """Return the unbiased estimate r · ₂F₁(½, ½; (n−2)/2; 1−r²) of a correlation (n ≥ 4).

    The hypergeometric function is integrated after Euler: its series is slow at small n, and
    scipy's ``hyp2f1`` gives NaN at some n.

    References
    ----------
    Olkin & Pratt 1958, Annals of Mathematical Statistics 29:201.

    Examples
    --------
    >>> round(unbiased(0.34, 55), 9)
    0.342946717
    """
    if r == 0:
        return 0.0
    c = (n - 2) / 2
    sharp = math.pi / 2 - min(1.0, abs(r))

    def height(angle: float) -> float:
        cosine, sine = math.cos(angle), math.sin(angle)
        return float(cosine ** (2 * c - 2) / math.hypot(cosine, r * sine))

    area = sum(
        quad(height, low, high, epsabs=0, epsrel=1e-13, limit=400)[0]
        for low, high in ((0.0, sharp), (sharp, math.pi / 2))
    )
    log_beta = 0.5 * math.log(math.pi) + math.lgamma(c - 0.5) - math.lgamma(c)
    return r * 2 * float(area) / math.exp(log_beta)
