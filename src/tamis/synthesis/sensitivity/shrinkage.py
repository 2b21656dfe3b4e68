"""Effects of the studies drawn towards the pool (best linear unbiased predictions)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis.inverse_variance import NO_DATA, ONE_STUDY, check_rows
from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile
from tamis.synthesis.tau2 import estimate_tau2

__all__ = ["Shrunken", "shrink"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunken:
    """The true effect of one study as all studies together put it, on the analysis scale."""

    study: str
    estimate: float
    se: float
    low: float
    high: float


def shrink(
    rows: Sequence[EffectRow], *, settings: PoolSettings | None = None
) -> tuple[Shrunken, ...] | Refusal:
    """Draw every study's effect towards the pooled one.

    With λ = τ²/(τ²+v): the estimate is λy + (1−λ)μ, its variance λv + (1−λ)²·var(μ).

    References
    ----------
    Raudenbush & Bryk 1985, Journal of Educational Statistics 10:75.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0.1), ("b", 0.2), ("c", 2.0))]
    >>> [round(one.estimate, 2) for one in shrink(rows)]
    [0.16, 0.25, 1.89]
    """
    settings = settings or PoolSettings()
    check_rows(rows)
    if len(rows) < 2:
        return ONE_STUDY if rows else NO_DATA
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    tau2 = 0.0
    if settings.method != "FE":
        found = estimate_tau2(settings.method, y[None], v[None], stopping=settings.stopping)
        tau2 = float(found[0])
    w = 1 / (v + tau2)
    s1 = float(w.sum())
    mu, pull = float((w * y).sum()) / s1, tau2 / (tau2 + v)
    estimate = pull * y + (1 - pull) * mu
    se = np.sqrt(pull * v + (1 - pull) ** 2 / s1)
    z = normal_quantile(confidence(settings.level))
    return tuple(
        Shrunken(
            study=row.study,
            estimate=float(one),
            se=float(spread),
            low=float(one - z * spread),
            high=float(one + z * spread),
        )
        for row, one, spread in zip(rows, estimate, se, strict=True)
    )
