"""What several effect sizes of two means share: the pooled variance, d, and Hedges' factor."""

from __future__ import annotations

import math

from tamis.domain.results import MeansRow

__all__ = ["cohens_d", "hedges_factor", "pooled_variance"]


def hedges_factor(m: float) -> float:
    """Return J(m) = Γ(m/2) / (√(m/2) Γ((m−1)/2)), the exact factor of Hedges 1981 (m ≥ 2).

    Examples
    --------
    >>> round(hedges_factor(16), 6)
    0.952254
    """
    return math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)


def pooled_variance(row: MeansRow) -> float:
    """Return the variance within the arms, 0 where it has no degree of freedom."""
    m = row.n_1 + row.n_2 - 2
    return ((row.n_1 - 1) * row.sd_1**2 + (row.n_2 - 1) * row.sd_2**2) / m if m > 0 else 0.0


def cohens_d(row: MeansRow) -> float | None:
    """Return the difference over the pooled SD, ``None`` where there is none (n1+n2 < 4)."""
    spread = math.sqrt(pooled_variance(row))
    if row.n_1 + row.n_2 < 4 or spread == 0:
        return None
    return (row.mean_1 - row.mean_2) / spread
