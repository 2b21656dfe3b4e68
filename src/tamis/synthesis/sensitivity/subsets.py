"""Leave one study out; add one study after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.many import Many, fit_subsets
from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile

__all__ = ["Step", "cumulative", "leave_one_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One pool of a series, on the analysis scale.

    ``study`` was left out, or was the last that came in. Heterogeneity is ``None`` where one study
    stands alone or the common-effect model has no tau2.
    """

    study: str
    k: int
    mu: float
    se: float
    low: float
    high: float
    p: float
    tau2: float | None
    i2: float | None
    h2: float | None
    q: float | None


def leave_one_out(
    rows: Sequence[EffectRow], *, settings: PoolSettings | None = None
) -> tuple[Step, ...]:
    """Pool all studies but one, for each of them.

    Parameters
    ----------
    rows
        Effects and variances, two or more; with two, each step is the other study alone.
    settings
        As for ``pool``.

    Raises
    ------
    BadInput
        For fewer than two rows.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0.1), ("b", 0.2), ("c", 2.0))]
    >>> [(one.study, round(one.mu, 2)) for one in leave_one_out(rows)]
    [('a', 1.1), ('b', 1.05), ('c', 0.15)]
    """
    if len(rows) < 2:
        raise BadInput("one study cannot be left out of one", "give two studies or more")
    places = range(len(rows))
    subsets = [[at for at in places if at != out] for out in places]
    return _steps(rows, subsets, [row.study for row in rows], settings or PoolSettings())


def cumulative(
    rows: Sequence[EffectRow], *, settings: PoolSettings | None = None
) -> tuple[Step, ...]:
    """Pool the first study, the first two, and so on, in the order of the rows.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0.1), ("b", 0.3))]
    >>> [(one.study, one.k, round(one.mu, 2)) for one in cumulative(rows)]
    [('a', 1, 0.1), ('b', 2, 0.2)]
    """
    subsets = [list(range(last + 1)) for last in range(len(rows))]
    return _steps(rows, subsets, [row.study for row in rows], settings or PoolSettings())


def _steps(
    rows: Sequence[EffectRow],
    subsets: Sequence[list[int]],
    names: Sequence[str],
    settings: PoolSettings,
) -> tuple[Step, ...]:
    check_rows(rows)
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    pools = [subset for subset in subsets if len(subset) > 1]
    done = iter(fit_subsets(y, v, pools, settings) if pools else ())
    return tuple(
        _alone(name, rows[subset[0]], settings)
        if len(subset) == 1
        else _pooled(name, next(done), common=settings.method == "FE")
        for name, subset in zip(names, subsets, strict=True)
    )


def _alone(name: str, row: EffectRow, settings: PoolSettings) -> Step:
    se = row.v**0.5
    half = normal_quantile(confidence(settings.level)) * se
    return Step(
        study=name, k=1, mu=row.y, se=se, low=row.y - half, high=row.y + half,
        p=float(2 * ndtr(-abs(row.y / se))), tau2=None, i2=None, h2=None, q=None,
    )  # fmt: skip


def _pooled(name: str, done: Many, *, common: bool) -> Step:
    return Step(
        study=name,
        k=done.k,
        mu=float(done.mu[0]),
        se=float(done.se[0]),
        low=float(done.low[0]),
        high=float(done.high[0]),
        p=float(done.p[0]),
        tau2=None if common else float(done.tau2[0]),
        i2=float(done.i2[0]),
        h2=float(done.h2[0]),
        q=float(done.q[0]),
    )
