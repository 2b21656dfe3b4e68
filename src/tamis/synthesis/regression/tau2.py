"""Estimators of the residual between-study variance in a regression (R data sets at once).

P = W − WX(X'WX)⁻¹X'W; for an intercept alone each becomes its namesake in
``tamis.synthesis.tau2``. Sources: Raudenbush 2009 and Viechtbauer, López-López, Sánchez-Meca &
Marín-Martínez 2015 (the moment estimators with covariates), Sidik & Jonkman 2005, Paule & Mandel
1982.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tamis.synthesis.least_squares import Regression, solve
from tamis.synthesis.modes import MAX_STEPS, TINY, Floats, highest_mode
from tamis.synthesis.stopping import STOPPED, stopped_tau2

__all__ = ["residual_tau2"]


def _dersimonian_laird(y: Floats, v: Floats, x: Floats) -> Floats:
    done = solve(y, x, 1 / v)
    return np.asarray(np.maximum(0.0, (done.q - _free(x)) / done.trace))


def _hunter_schmidt(y: Floats, v: Floats, x: Floats) -> Floats:
    done = solve(y, x, 1 / v)
    return np.asarray(np.maximum(0.0, (done.q - y.shape[-1]) / (1 / v).sum(axis=-1)))


def _hedges_olkin(y: Floats, v: Floats, x: Floats) -> Floats:
    done = solve(y, x, np.ones_like(v))
    hat = ((x @ done.covariance) * x).sum(axis=-1)
    expected = ((1 - hat) * v).sum(axis=-1)
    return np.asarray(np.maximum(0.0, (done.q - expected) / _free(x)))


def _sidik_jonkman(y: Floats, v: Floats, x: Floats) -> Floats:
    rough = y.var(axis=-1)
    safe = np.where(rough > 0, rough, 1.0)
    done = solve(y, x, 1 / (v / safe[:, None] + 1))
    return np.where(rough > 0, done.q / _free(x), 0.0)


def _paule_mandel(y: Floats, v: Floats, x: Floats) -> Floats:
    """Climb to Q(tau2) = k − p from the left by Newton's steps on 1/Q (``tau2_where_q_is``)."""
    tau2 = np.zeros(y.shape[0])
    for _ in range(MAX_STEPS):
        w = 1 / (v + tau2[:, None])
        done = solve(y, x, w)
        excess = done.q - _free(x)
        slope = (w**2 * done.residuals**2).sum(axis=-1)
        step = np.divide(excess, slope, out=np.zeros_like(excess), where=slope > 0)
        step *= done.q / _free(x)
        step = np.where(excess > 0, step, 0.0)
        tau2 += step
        if np.all(step <= TINY * tau2):
            break
    return tau2


def _maximum_likelihood(y: Floats, v: Floats, x: Floats) -> Floats:
    return highest_mode(Regression(y, v, x, restricted=False))


def _restricted(y: Floats, v: Floats, x: Floats) -> Floats:
    return highest_mode(Regression(y, v, x, restricted=True))


def _free(x: Floats) -> int:
    k, p = x.shape[-2:]
    return int(k - p)


_ESTIMATORS: Mapping[str, Callable[[Floats, Floats, Floats], Floats]] = MappingProxyType(
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


def residual_tau2(method: str, y: Floats, v: Floats, x: Floats, *, stopping: str = "end") -> Floats:
    """Estimate tau2 of R regressions.

    Parameters
    ----------
    method
        DL, HE, HS, SJ, PM, EB, ML, REML; FE gives 0.
    y, v : array of shape (R, k)
        Effects and sampling variances.
    x : array of shape (R, k, p)
        Designs of full rank, p < k.
    stopping
        As in ``PoolSettings``.

    Returns
    -------
    array of shape (R,)

    Examples
    --------
    >>> y, v = np.array([[0.1, 0.3, 0.5, 0.2, 0.8]]), np.array([[0.02, 0.03, 0.05, 0.02, 0.04]])
    >>> x = np.stack([np.ones(5), np.arange(1.0, 6.0)], axis=1)[None]
    >>> residual_tau2("DL", y, v, x).round(7)
    array([0.0229745])
    """
    if method == "FE":
        return np.zeros(y.shape[0])
    if stopping == "metafor" and method in STOPPED:
        found = stopped_tau2(method, y, v, x)
        lost = np.isnan(found)
        if lost.any():
            found[lost] = _ESTIMATORS[method](y[lost], v[lost], x[lost])
        return found
    return np.asarray(_ESTIMATORS[method](y, v, x))
