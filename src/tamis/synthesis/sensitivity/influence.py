"""What one study does to a random-effects pool.

For each study i the pool is fitted without it; tau2 is estimated anew each time.

References
----------
Viechtbauer & Cheung 2010, Research Synthesis Methods 1:112; Baujat, Mahé, Pignon & Hill 2002.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.many import fit_subsets
from tamis.synthesis.modes import Floats
from tamis.synthesis.settings import PoolSettings
from tamis.synthesis.tau2 import estimate_tau2

__all__ = ["Influence", "baujat", "influence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """One study: its residual when left out, its leverage, and how far it moves the pool.

    ``cov_ratio`` below 1 says that the pool is more precise without the study. ``influential`` is
    set by the usual marks: |DFFITS| above 3√(1/(k−1)), a chi²(1) tail area of Cook's distance below
    one half, leverage above 3/k, |DFBETAS| above 1.
    """

    study: str
    rstudent: float
    dffits: float
    cook: float
    cov_ratio: float
    tau2_without: float
    q_without: float
    hat: float
    weight: float
    dfbetas: float
    influential: bool


def influence(
    rows: Sequence[EffectRow], *, settings: PoolSettings | None = None
) -> tuple[Influence, ...]:
    """Say what each study does to the pool.

    Parameters
    ----------
    rows
        Effects and variances, three or more.
    settings
        ``method``: the estimator of tau2, or FE; ``stopping``.

    Raises
    ------
    BadInput
        For fewer than three rows.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0.1), ("b", 0.2), ("c", 2.0))]
    >>> [round(one.rstudent, 2) for one in influence(rows, settings=PoolSettings(method="FE"))]
    [-2.58, -2.19, 4.78]
    """
    check_rows(rows)
    k = len(rows)
    if k < 3:
        raise BadInput(f"influence cannot be told of {k} studies", "give three studies or more")
    settings = settings or PoolSettings()
    method, stopping = settings.method, settings.stopping
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    common = method == "FE"
    tau2 = 0.0 if common else float(estimate_tau2(method, y[None], v[None], stopping=stopping)[0])
    w = 1 / (v + tau2)
    s1 = float(w.sum())
    mu, hat = float((w * y).sum()) / s1, w / s1
    subsets = [[at for at in range(k) if at != out] for out in range(k)]
    without = fit_subsets(y, v, subsets, PoolSettings(method=method, test="z", stopping=stopping))
    mus = np.array([one.mu[0] for one in without])
    taus = np.array([0.0 if common else one.tau2[0] for one in without])
    variances = np.array([one.se[0] ** 2 for one in without])
    spread = v + taus
    rstudent = (y - mus) / np.sqrt(spread + variances)
    dffits = (mu - mus) / np.sqrt(hat * spread)
    dfbetas = (mu - mus) * np.sqrt((1 / (v + taus[:, None])).sum(axis=-1))
    cook = (mu - mus) ** 2 * s1
    marked = _marked(dffits, cook, hat, dfbetas)
    return tuple(
        Influence(
            study=row.study,
            rstudent=float(rstudent[at]),
            dffits=float(dffits[at]),
            cook=float(cook[at]),
            cov_ratio=float(variances[at] * s1),
            tau2_without=float(taus[at]),
            q_without=float(without[at].q[0]),
            hat=float(hat[at]),
            weight=100 * float(hat[at]),
            dfbetas=float(dfbetas[at]),
            influential=bool(marked[at]),
        )
        for at, row in enumerate(rows)
    )


#: Median of chi²(1): Cook's distance beyond it moves the estimate by half its own spread.
_MEDIAN_CHI2 = 0.454936423119573


def _marked(dffits: Floats, cook: Floats, hat: Floats, dfbetas: Floats) -> Floats:
    k = hat.size
    return np.asarray(
        (np.abs(dffits) > 3 * np.sqrt(1 / (k - 1)))
        | (cook > _MEDIAN_CHI2)
        | (hat > 3 / k)
        | (np.abs(dfbetas) > 1)
    )


def baujat(rows: Sequence[EffectRow]) -> tuple[tuple[str, float, float], ...]:
    """Return per study its share of Q and how far the common effect moves without it.

    The second is (μ − μ without)² over the variance of μ without the study.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0.1), ("b", 0.2), ("c", 2.0))]
    >>> [(s, round(q, 2), round(m, 2)) for s, q, m in baujat(rows)]
    [('a', 4.44, 2.22), ('b', 3.21, 1.61), ('c', 15.21, 7.61)]
    """
    check_rows(rows)
    if len(rows) < 3:
        raise BadInput("a Baujat plot needs three studies", "give three studies or more")
    y = np.array([row.y for row in rows], dtype=np.float64)
    w = 1 / np.array([row.v for row in rows], dtype=np.float64)
    mu = float((w * y).sum() / w.sum())
    rest = w.sum() - w
    without = ((w * y).sum() - w * y) / rest
    share, moved = w * (y - mu) ** 2, (mu - without) ** 2 * rest
    return tuple(
        (row.study, float(one), float(other))
        for row, one, other in zip(rows, share, moved, strict=True)
    )
