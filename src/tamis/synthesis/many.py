"""Many pools of equal size in one call: arrays of shape (R, k) in, arrays of shape (R,) out.

Leaving studies out, adding them one by one, bootstrap, permutation and the multiverse all ask for
hundreds of pools. ``fit_many`` gives each the numbers that ``fit`` gives, without its intervals of
the heterogeneity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, stdtr, stdtrit

from tamis.synthesis.modes import Floats
from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile
from tamis.synthesis.tau2 import estimate_tau2, generalised_q

__all__ = ["Many", "fit_many", "fit_subsets"]

#: Pools at once: their likelihood grids stay in the processor's cache.
CHUNK = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """R pools on the analysis scale. ``tau2`` is NaN for the common-effect model."""

    k: int
    mu: Floats
    se: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p: Floats
    tau2: Floats
    i2: Floats
    h2: Floats
    q: Floats
    q_p: Floats


def fit_many(y: Floats, v: Floats, settings: PoolSettings) -> Many:
    """Fit R pools.

    Parameters
    ----------
    y, v : array of shape (R, k)
        Effects and sampling variances, k ≥ 2, all finite, v > 0.
    settings
        Estimator, test (not ``kr``, which ``fit`` has) and level.

    Examples
    --------
    >>> y, v = np.array([[0.1, 0.9], [0.2, 0.2]]), np.array([[0.02, 0.03], [0.02, 0.03]])
    >>> fit_many(y, v, PoolSettings(test="z")).tau2.round(3)
    array([0.295, 0.   ])
    """
    parts = [
        _fit(y[at : at + CHUNK], v[at : at + CHUNK], settings) for at in range(0, len(y), CHUNK)
    ]
    if len(parts) == 1:
        return parts[0]
    names = [name for name in Many.__slots__ if name != "k"]
    joined = {name: np.concatenate([getattr(one, name) for one in parts]) for name in names}
    return Many(k=y.shape[1], **joined)


def fit_subsets(
    y: Floats, v: Floats, subsets: Sequence[Sequence[int]], settings: PoolSettings
) -> tuple[Many, ...]:
    """Fit a pool of every subset of studies; one ``Many`` (R = 1) a subset, in their order.

    Parameters
    ----------
    y, v : array of shape (k,)
        Effects and variances.
    subsets
        Positions of the studies of each pool, two or more.
    """
    found: dict[int, Many] = {}
    by_size: dict[int, list[int]] = {}
    for at, subset in enumerate(subsets):
        by_size.setdefault(len(subset), []).append(at)
    for size, members in by_size.items():
        index = np.array([subsets[at] for at in members], dtype=np.intp)
        done = fit_many(y[index], v[index], settings)
        for row, at in enumerate(members):
            found[at] = _row(done, row, size)
    return tuple(found[at] for at in range(len(subsets)))


def _row(done: Many, row: int, k: int) -> Many:
    names = [name for name in Many.__slots__ if name != "k"]
    return Many(k=k, **{name: getattr(done, name)[row : row + 1] for name in names})


def _fit(y: Floats, v: Floats, settings: PoolSettings) -> Many:
    rows, k = y.shape
    level, common = confidence(settings.level), settings.method == "FE"
    zeros = np.zeros(rows)
    tau2 = zeros if common else estimate_tau2(settings.method, y, v, stopping=settings.stopping)
    w = 1 / (v + tau2[:, None])
    s1 = w.sum(axis=-1)
    mu = (w * y).sum(axis=-1) / s1
    ratio = (w * (y - mu[:, None]) ** 2).sum(axis=-1) / (k - 1)
    q = generalised_q(y, v, zeros)
    se, quantile, student = _standard_error(settings.resolved_test, s1, ratio, k, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(se > 0, mu / se, np.where(mu == 0, 0.0, np.sign(mu) * np.inf))
        share = np.where(q > 0, 100 * np.maximum(0.0, (q - (k - 1)) / q), 0.0)
    tail = np.where(student, stdtr(k - 1.0, -np.abs(statistic)), ndtr(-np.abs(statistic)))
    typical = _typical(v)
    return Many(
        k=k,
        mu=mu,
        se=se,
        low=mu - quantile * se,
        high=mu + quantile * se,
        statistic=statistic,
        p=np.asarray(2 * tail),
        tau2=np.full(rows, np.nan) if common else tau2,
        i2=share if common else 100 * tau2 / (tau2 + typical),
        h2=q / (k - 1) if common else (tau2 + typical) / typical,
        q=q,
        q_p=np.asarray(chdtrc(k - 1, q)),
    )


def _standard_error(
    test: str, s1: Floats, ratio: Floats, k: int, level: float
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return standard errors, quantiles, and whether they are Student's."""
    plain = 1 / np.sqrt(s1)
    z, t = normal_quantile(level), float(stdtrit(k - 1.0, (1 + level) / 2))
    full, yes = np.full(s1.shape, t), np.ones(s1.shape, dtype=bool)
    match test:
        case "z":
            return plain, np.full(s1.shape, z), ~yes
        case "knha":
            return np.sqrt(ratio / s1), full, yes
        case "adhoc":
            return np.sqrt(np.maximum(1.0, ratio) / s1), full, yes
        case "adhoc-ci":
            hartung = np.sqrt(ratio / s1)
            wide = t * hartung >= z * plain
            return np.where(wide, hartung, plain), np.where(wide, t, z), wide
        case _:
            raise ValueError(f"the test {test!r} is not made for many pools at once")


def _typical(v: Floats) -> Floats:
    w = 1 / v
    s1, s2 = w.sum(axis=-1), (w**2).sum(axis=-1)
    return np.asarray((v.shape[-1] - 1) * s1 / (s1**2 - s2))
