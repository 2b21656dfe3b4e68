"""Estimators of the between-study variance, batch first: (R, k) in, (R,) out.

Every iterative estimator is a search that cannot fail: PM and the Q-profile limits climb from the
left along a convex falling curve, ML and REML look for every mode on a grid before they choose.
Formulas and their sources stand beside each function; Veroniki 2016 reviews them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Floats",
    "estimate_tau2",
    "generalised_q",
    "log_likelihood",
    "tau2_standard_error",
    "tau2_where_q_is",
]

Floats = NDArray[np.float64]

#: Nodes of the likelihood grid: 0 and a geometric series; a coarser one loses the second mode of
#: the gibson2002 data (mean difference), where the restricted likelihood peaks at 0 and at 9.68.
GRID = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 400)])

#: Ends a search when a step no longer moves the tenth digit beyond double precision's reach.
TINY = 1e-15

MAX_STEPS = 1000


def weighted_mean(y: Floats, w: Floats) -> Floats:
    """Return Σwy/Σw along the last axis."""
    return np.asarray((w * y).sum(axis=-1) / w.sum(axis=-1))


def generalised_q(y: Floats, v: Floats, tau2: Floats) -> Floats:
    """Return Q(tau2) = Σw(y−μ)² with w = 1/(v+tau2) (Cochran 1954; DerSimonian & Kacker 2007)."""
    w = 1 / (v + tau2[..., None])
    mu = weighted_mean(y, w)
    return np.asarray((w * (y - mu[..., None]) ** 2).sum(axis=-1))


def tau2_where_q_is(y: Floats, v: Floats, target: float) -> Floats:
    """Solve Q(tau2) = target; 0 where Q(0) is not above it (Paule & Mandel 1982; Viechtbauer 2007).

    Q falls and is convex in tau2, so Newton's steps from the left never overshoot.
    """
    tau2 = np.zeros(y.shape[0])
    if target <= 0:
        return np.full(y.shape[0], np.inf)
    for _ in range(MAX_STEPS):
        w = 1 / (v + tau2[:, None])
        spread = (y - weighted_mean(y, w)[:, None]) ** 2
        excess = (w * spread).sum(axis=-1) - target
        slope = (w**2 * spread).sum(axis=-1)
        step = np.divide(excess, slope, out=np.zeros_like(excess), where=slope > 0)
        step = np.where(excess > 0, step, 0.0)
        tau2 += step
        if np.all(step <= TINY * tau2):
            break
    return tau2


def _dersimonian_laird(y: Floats, v: Floats) -> Floats:
    """Moment estimator (DerSimonian & Laird 1986)."""
    w, k = 1 / v, y.shape[-1]
    q = generalised_q(y, v, np.zeros(y.shape[0]))
    s1 = w.sum(axis=-1)
    return np.asarray(np.maximum(0.0, (q - (k - 1)) / (s1 - (w**2).sum(axis=-1) / s1)))


def _hedges_olkin(y: Floats, v: Floats) -> Floats:
    """Unweighted moment estimator (Hedges & Olkin 1985)."""
    return np.asarray(np.maximum(0.0, y.var(axis=-1, ddof=1) - v.mean(axis=-1)))


def _hunter_schmidt(y: Floats, v: Floats) -> Floats:
    """Estimator of Hunter & Schmidt."""
    q = generalised_q(y, v, np.zeros(y.shape[0]))
    return np.asarray(np.maximum(0.0, (q - y.shape[-1]) / (1 / v).sum(axis=-1)))


def _sidik_jonkman(y: Floats, v: Floats) -> Floats:
    """Two-step estimator (Sidik & Jonkman 2005); positive unless all effects are equal."""
    k = y.shape[-1]
    rough = y.var(axis=-1)
    safe = np.where(rough > 0, rough, 1.0)
    w = 1 / (v / safe[:, None] + 1)
    mu = weighted_mean(y, w)
    tau2 = (w * (y - mu[:, None]) ** 2).sum(axis=-1) / (k - 1)
    return np.where(rough > 0, tau2, 0.0)


def _paule_mandel(y: Floats, v: Floats) -> Floats:
    """Root of Q(tau2) = k − 1 (Paule & Mandel 1982; empirical Bayes of Morris 1983)."""
    return tau2_where_q_is(y, v, y.shape[-1] - 1)


def _maximum_likelihood(y: Floats, v: Floats) -> Floats:
    """Maximum likelihood (Hardy & Thompson 1996)."""
    return _highest_mode(y, v, restricted=False)


def _restricted(y: Floats, v: Floats) -> Floats:
    """Restricted maximum likelihood (Harville 1977; Viechtbauer 2005)."""
    return _highest_mode(y, v, restricted=True)


_ESTIMATORS: Mapping[str, Callable[[Floats, Floats], Floats]] = MappingProxyType(
    {
        "DL": _dersimonian_laird,
        "HE": _hedges_olkin,
        "HS": _hunter_schmidt,
        "SJ": _sidik_jonkman,
        "PM": _paule_mandel,
        "EB": _paule_mandel,
        "ML": _maximum_likelihood,
        "REML": _restricted,
    }
)


def estimate_tau2(method: str, y: Floats, v: Floats) -> Floats:
    """Estimate tau2 by a named method.

    Parameters
    ----------
    method
        DL, HE, HS, SJ, PM, EB, ML or REML.
    y, v : array of shape (R, k)
        Effects and sampling variances of R data sets of k ≥ 2 studies; v > 0, all finite.

    Returns
    -------
    array of shape (R,)

    Examples
    --------
    >>> y, v = np.array([[0.1, 0.9]]), np.array([[0.02, 0.03]])
    >>> estimate_tau2("REML", y, v).round(6)
    array([0.295])
    """
    return _ESTIMATORS[method](y, v)


def log_likelihood(y: Floats, v: Floats, tau2: Floats, *, restricted: bool) -> Floats:
    """Return the log-likelihood without its constant; batch axes are all but the last."""
    variance = v + tau2[..., None]
    w = 1 / variance
    s1 = w.sum(axis=-1)
    mu = (w * y).sum(axis=-1) / s1
    value = np.log(variance).sum(axis=-1) + (w * (y - mu[..., None]) ** 2).sum(axis=-1)
    return np.asarray(-0.5 * (value + np.log(s1) if restricted else value))


def _slope(y: Floats, v: Floats, tau2: Floats, *, restricted: bool) -> Floats:
    w = 1 / (v + tau2[..., None])
    s1 = w.sum(axis=-1)
    mu = (w * y).sum(axis=-1) / s1
    w2 = w * w
    value = (w2 * (y - mu[..., None]) ** 2).sum(axis=-1) - s1
    return np.asarray(value + w2.sum(axis=-1) / s1 if restricted else value)


def _highest_mode(y: Floats, v: Floats, *, restricted: bool) -> Floats:
    """Compare every mode of the likelihood in tau2 ≥ 0 and return the highest."""
    scale = np.maximum(y.var(axis=-1, ddof=1), v.max(axis=-1))
    grid = scale[:, None] * GRID
    slope = _slope(y[:, None, :], v[:, None, :], grid, restricted=restricted)
    falls = (slope[:, :-1] > 0) & (slope[:, 1:] <= 0)
    rows, nodes = np.nonzero(falls)
    modes = _roots(y[rows], v[rows], grid[rows, nodes], grid[rows, nodes + 1], restricted)
    best = np.zeros(y.shape[0])
    height = log_likelihood(y, v, best, restricted=restricted)
    heights = log_likelihood(y[rows], v[rows], modes, restricted=restricted)
    for row, mode, value in zip(rows, modes, heights, strict=True):
        if value > height[row]:
            best[row], height[row] = mode, value
    return best


def _roots(y: Floats, v: Floats, low: Floats, high: Floats, restricted: bool) -> Floats:
    """Find where the slope falls through zero between brackets: regula falsi kept by bisection."""
    f_low = _slope(y, v, low, restricted=restricted)
    f_high = _slope(y, v, high, restricted=restricted)
    low, high = low.copy(), high.copy()
    for turn in range(MAX_STEPS):
        if np.all(high - low <= TINY * high):
            break
        gap = np.where(f_low - f_high != 0, f_low - f_high, 1.0)
        middle = np.where(low > 0, np.sqrt(low) * np.sqrt(high), 1e-3 * high)
        secant = low + (high - low) * f_low / gap
        inside = (secant > low) & (secant < high)
        point = middle if turn % 3 == 2 else np.where(inside, secant, middle)
        value = _slope(y, v, point, restricted=restricted)
        left = value > 0
        # Illinois: halve the end that stays, so that the secant cannot creep along one side.
        f_high = np.where(left, 0.5 * f_high, value)
        f_low = np.where(left, value, 0.5 * f_low)
        low, high = np.where(left, point, low), np.where(left, high, point)
    return 0.5 * (low + high)


def tau2_standard_error(method: str, v: Floats, tau2: float) -> float | None:
    """Return the standard error of one estimate, ``None`` where none is defined (SJ).

    Parameters
    ----------
    method
        Estimator.
    v : array of shape (k,)
        Sampling variances.
    tau2
        The estimate.
    """
    k = v.size
    w0, w = 1 / v, 1 / (v + tau2)
    a1, a2, a3 = (float((w0**r).sum()) for r in (1, 2, 3))
    s1, s2, s3 = (float((w**r).sum()) for r in (1, 2, 3))
    c = a1 - a2 / a1
    match method:
        case "DL" | "HS":
            inner = 2 * (k - 1) + 4 * tau2 * c + 2 * tau2**2 * (a2 - 2 * a3 / a1 + (a2 / a1) ** 2)
            return float(np.sqrt(inner)) / (c if method == "DL" else a1)
        case "HE":
            return _hedges_olkin_se(v, tau2)
        case "PM" | "EB":
            return float(np.sqrt(2 * k**2 / (k - 1))) / s1
        case "ML":
            return float(np.sqrt(2 / s2))
        case "REML":
            return float(np.sqrt(2 / (s2 - 2 * s3 / s1 + (s2 / s1) ** 2)))
        case _:
            return None


def _hedges_olkin_se(v: Floats, tau2: float) -> float:
    """√(2tr(PVPV)+4τ²tr(PVP)+2τ⁴(k−1))/(k−1) with P = I − 1/k, expanded so that it is O(k)."""
    k = v.size
    total, squares = float(v.sum()), float((v**2).sum())
    pvpv = squares * (1 - 2 / k) + (total / k) ** 2
    pvp = total * (1 - 1 / k)
    return float(np.sqrt(2 * pvpv + 4 * tau2 * pvp + 2 * tau2**2 * (k - 1))) / (k - 1)
