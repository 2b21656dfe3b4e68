"""Weighted least squares of R data sets at once, O(k) each: nothing of the size k × k is made.

``y`` and ``v`` have the shape (R, k), ``x`` has (R, k, p).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamis.synthesis.modes import Floats

__all__ = ["Regression", "Solved", "solve"]


@dataclass(frozen=True, slots=True)
class Solved:
    """One weighted fit: coefficients (…, p), their covariance (…, p, p), residuals (…, k), Q.

    ``trace`` is tr P with P = W − WX(X'WX)⁻¹X'W.
    """

    beta: Floats
    covariance: Floats
    residuals: Floats
    q: Floats
    trace: Floats
    log_det: Floats


def solve(y: Floats, x: Floats, w: Floats) -> Solved:
    """Fit y on x with weights w (the inverse variances); batch axes lead.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the columns of x are not independent (``design`` refuses that before).
    """
    xw = x * w[..., None]
    information = np.swapaxes(xw, -1, -2) @ x
    covariance: Floats = np.linalg.inv(information).astype(np.float64, copy=False)
    beta = (covariance @ (np.swapaxes(xw, -1, -2) @ y[..., None]))[..., 0]
    residuals = y - (x @ beta[..., None])[..., 0]
    middle = np.swapaxes(xw, -1, -2) @ xw
    trace = w.sum(axis=-1) - (covariance * middle).sum(axis=(-1, -2))
    return Solved(
        beta=beta,
        covariance=covariance,
        residuals=residuals,
        q=np.asarray((w * residuals**2).sum(axis=-1)),
        trace=np.asarray(trace),
        log_det=np.linalg.slogdet(information)[1],
    )


@dataclass(frozen=True, slots=True)
class Regression:
    """The likelihoods of R regressions in tau2 (``modes.Likelihood``)."""

    y: Floats
    v: Floats
    x: Floats
    restricted: bool

    @property
    def reach(self) -> tuple[Floats, Floats]:
        """Where modes can be.

        With S the squares about any fixed fit, Σw²e² ≤ max(w)²·S and tr P ≥ (k−p)·min(w), so the
        slope is negative for every tau2 above both 4S and the largest variance.
        """
        squares = ((self.y - self.y.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
        return self.v.min(axis=-1), np.maximum(4 * squares, self.v.max(axis=-1))

    def of(self, rows: NDArray[np.intp]) -> Regression:
        """Return some of the data sets."""
        return Regression(self.y[rows], self.v[rows], self.x[rows], self.restricted)

    def slope(self, tau2: Floats) -> Floats:
        """Return twice the derivative in tau2: y'PPy − tr P (for ML − Σw)."""
        w, done = self._at(tau2)
        value = (w**2 * done.residuals**2).sum(axis=-1)
        return np.asarray(value - (done.trace if self.restricted else w.sum(axis=-1)))

    def height(self, tau2: Floats) -> Floats:
        """Return the log-likelihood without its constant."""
        w, done = self._at(tau2)
        value = -np.log(w).sum(axis=-1) + done.q
        return np.asarray(-0.5 * (value + done.log_det if self.restricted else value))

    def _at(self, tau2: Floats) -> tuple[Floats, Solved]:
        y, v, x = self.y, self.v, self.x
        if tau2.ndim > 1:
            y, v, x = y[:, None], v[:, None], x[:, None]
        w = 1 / (v + tau2[..., None])
        return w, solve(np.broadcast_to(y, w.shape), x, w)
