"""Likelihood of the random-intercept logistic model: two integrals, each where it is exact.

The likelihood of one study is E[σ(η)ˣ σ(−η)ⁿ⁻ˣ] with η = μ + τu, u standard normal.

* For small τ the nodes of Gauss-Hermite quadrature are moved to the mode of the integrand and
  scaled by its curvature there (adaptive quadrature: Liu & Pierce 1994; Pinheiro & Bates 1995).
* For larger τ that is not safe: an empty or full study has a step in place of a peak, and the
  quadrature then sees maxima that are not there. There the integral is taken over η on a grid that
  belongs to the counts alone. A study with 0 < x < n has a peak in η, weighed with the normal
  density. A full study is integrated by parts first: its σⁿ is a distribution function, whose
  density is weighed with the normal distribution function; an empty one is its mirror image.

The trapezoidal rule on such a grid converges geometrically, because the integrands are analytic in
a strip about the real axis (Trefethen & Weideman 2014).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, log_expit, log_ndtr, softmax

from tamis.synthesis.tau2 import Floats

__all__ = ["LogitModel"]

#: From this τ on the grid over η is used.
SWITCH = 0.5

#: Points of the grid, and the drop of the log integrand at which it ends.
POINTS, DROP = 161, 45.0

NEWTON_STEPS = 60

LOG_SQRT_2PI = 0.5 * math.log(2 * math.pi)


@lru_cache(maxsize=8)
def _nodes(count: int) -> tuple[Floats, Floats]:
    """Return Gauss-Hermite nodes and the logs of weight·exp(node²)."""
    z, w = np.polynomial.hermite.hermgauss(count)
    return z, np.log(w) + z**2


@dataclass(frozen=True)
class LogitModel:
    """Counts of k studies and the number of Gauss-Hermite nodes.

    Parameters
    ----------
    x, n : array of shape (k,)
        Events and people, 0 ≤ x ≤ n, n ≥ 1.
    nodes
        Points of the adaptive quadrature.
    """

    x: Floats
    n: Floats
    nodes: int

    def log_likelihood(self, mu: float, tau: Floats) -> Floats:
        """Return the log-likelihood at one μ and several τ ≥ 0, shape (t,)."""
        found = np.empty(tau.shape)
        small = tau < SWITCH
        if small.any():
            found[small] = self._by_nodes(mu, tau[small])
        if not small.all():
            found[~small] = self._by_grid(mu, tau[~small])
        return found + self._constant

    def score(self, mu: float, tau: float) -> tuple[Floats, Floats]:
        """Return gradient (2,) and observed information (2, 2) in (μ, τ)."""
        return self._score_by_nodes(mu, tau) if tau < SWITCH else self._score_by_grid(mu, tau)

    @cached_property
    def _constant(self) -> float:
        one = gammaln(self.n + 1) - gammaln(self.x + 1) - gammaln(self.n - self.x + 1)
        return float(one.sum())

    # ------------------------------------------------------------ adaptive Gauss-Hermite
    def _by_nodes(self, mu: float, tau: Floats) -> Floats:
        _, height, width = self._integrand(mu, tau[:, None])
        study = _log_sum(height) + np.log(width) - 0.5 * math.log(math.pi)
        return np.asarray(study.sum(axis=-1))

    def _integrand(self, mu: float, tau: Floats) -> tuple[Floats, Floats, Floats]:
        """Return nodes u and log integrand of shape (t, k, q), and widths of shape (t, k)."""
        centre = self._mode(mu, tau)
        p = expit(mu + tau * centre)
        width = 1 / np.sqrt(1 + self.n * tau**2 * p * (1 - p))
        z, log_w = _nodes(self.nodes)
        u = centre[..., None] + math.sqrt(2) * width[..., None] * z
        eta = mu + tau[..., None] * u
        x, rest = self.x[:, None], (self.n - self.x)[:, None]
        height = x * log_expit(eta) + rest * log_expit(-eta) - 0.5 * u**2 + log_w
        return u, height, width

    def _mode(self, mu: float, tau: Floats) -> Floats:
        """Return the mode of every study's integrand in u, shape (t, k)."""
        u = np.zeros((tau.shape[0], self.x.size))
        for _ in range(NEWTON_STEPS):
            p = expit(mu + tau * u)
            slope = tau * (self.x - self.n * p) - u
            step = np.clip(slope / (1 + self.n * tau**2 * p * (1 - p)), -1.0, 1.0)
            u = u + step
            if np.abs(step).max() < 1e-12:
                break
        return u

    def _score_by_nodes(self, mu: float, tau: float) -> tuple[Floats, Floats]:
        """Take the mean of the complete score, and what its spread takes away (Louis 1982)."""
        u, height, _ = self._integrand(mu, np.full((1, 1), tau))
        weight = softmax(height[0], axis=-1)
        p = expit(mu + tau * u[0])
        direction = np.stack([np.ones_like(u[0]), u[0]])
        residual = (self.x[:, None] - self.n[:, None] * p) * direction
        spread = self.n[:, None] * p * (1 - p) * weight
        gradient = np.einsum("akq,kq->ak", residual, weight)
        complete = np.einsum("akq,bkq,kq->ab", direction, direction, spread)
        second = np.einsum("akq,bkq,kq->ab", residual, residual, weight)
        return gradient.sum(axis=1), complete - second + gradient @ gradient.T

    # ------------------------------------------------------------ grid over η
    @cached_property
    def _edge(self) -> NDArray[np.bool_]:
        return np.asarray((self.x == 0) | (self.x == self.n))

    @cached_property
    def _sign(self) -> Floats:
        """−1 turns an empty study into a full one by looking at η from the other side."""
        return np.where(self.x == 0, -1.0, 1.0)

    @cached_property
    def _grid(self) -> tuple[Floats, Floats]:
        """Return η and the log of shape·step, each of shape (k, points)."""
        a = np.where(self._edge, self.n, self.x)
        b = np.where(self._edge, 1.0, self.n - self.x)
        top = np.log(a) - np.log(b)

        def fallen(at: Floats) -> Floats:
            return a * (log_expit(top) - log_expit(at)) + b * (log_expit(-top) - log_expit(-at))

        low, high = (top + side * _reach(fallen, top, side, a * b / (a + b)) for side in (-1, 1))
        eta = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, POINTS)
        shape = a[:, None] * log_expit(eta) + b[:, None] * log_expit(-eta)
        shape += np.where(self._edge, np.log(self.n), 0.0)[:, None]
        return eta, shape + np.log((high - low) / (POINTS - 1))[:, None]

    def _by_grid(self, mu: float, tau: Floats) -> Floats:
        eta, shape = self._grid
        z = (self._sign[:, None] * mu - eta) / tau[:, None, None]
        height = shape + self._kernel(z, tau[:, None, None])
        return np.asarray(_log_sum(height).sum(axis=-1))

    def _kernel(self, z: Floats, tau: Floats) -> Floats:
        out = -0.5 * z**2 - LOG_SQRT_2PI - np.log(tau)
        out[..., self._edge, :] = log_ndtr(z[..., self._edge, :])
        return out

    def _score_by_grid(self, mu: float, tau: float) -> tuple[Floats, Floats]:
        """Differentiate under the integral: what is needed are moments of z."""
        eta, shape = self._grid
        z = (self._sign[:, None] * mu - eta) / tau
        total = _log_sum(shape + self._kernel(z, np.asarray(tau)))
        density = np.exp(shape - 0.5 * z**2 - LOG_SQRT_2PI - total[:, None])
        m0, m1, m2, m3, m4 = ((density * z**power).sum(axis=-1) for power in range(5))
        edge = self._edge
        d_mu = self._sign * np.where(edge, m0 / tau, -m1 / tau**2)
        d_tau = np.where(edge, -m1 / tau, (m2 - m0) / tau**2)
        mm = np.where(edge, -m1 / tau**2, (m2 - m0) / tau**3)
        mt = self._sign * np.where(edge, (m2 - m0) / tau**2, (3 * m1 - m3) / tau**3)
        tt = np.where(edge, (2 * m1 - m3) / tau**2, (2 * m0 - 5 * m2 + m4) / tau**3)
        gradient = np.stack([d_mu, d_tau])
        curvature = np.array([[mm.sum(), mt.sum()], [mt.sum(), tt.sum()]])
        return gradient.sum(axis=1), gradient @ gradient.T - curvature


def _log_sum(height: Floats) -> Floats:
    """Return log Σ exp along the last axis."""
    top = height.max(axis=-1)
    return np.asarray(top + np.log(np.exp(height - top[..., None]).sum(axis=-1)))


def _reach(fallen: Callable[[Floats], Floats], top: Floats, side: int, peak: Floats) -> Floats:
    """Return how far from its top a log-concave shape has fallen by ``DROP``."""
    far = 1 / np.sqrt(peak)
    for _ in range(NEWTON_STEPS):
        short = fallen(top + side * far) < DROP
        if not short.any():
            break
        far = np.where(short, 2 * far, far)
    near = 0.5 * far
    for _ in range(30):
        middle = 0.5 * (near + far)
        short = fallen(top + side * middle) < DROP
        near, far = np.where(short, middle, near), np.where(short, far, middle)
    return far
