"""Estimators of the between-study variance, batch first: (R, k) in, (R,) out.

Every iterative estimator is a search that cannot fail: PM and the Q-profile limits climb from the
left along a convex falling curve, ML and REML look for every mode on a grid before they choose.
Formulas and their sources stand beside each function; Veroniki 2016 reviews them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tamis.synthesis.modes import MAX_STEPS, Floats, highest_mode
from tamis.synthesis.stopping import STOPPED, stopped_tau2

__all__ = [
    "Floats",
    "estimate_tau2",
    "generalised_q",
    "log_likelihood",
    "tau2_standard_error",
    "tau2_where_q_is",
]


#: Newton's steps end when one is this share of tau2: the next would be about its square.
CLOSE = 1e-8

#: Numbers in one array of a grid of slopes, so that the arrays of a step stay in the cache: a grid
#: over many studies is taken a few nodes at a time. No sum is split, so no digit depends on it.
BLOCK = 1 << 15

#: Of several nodes numpy adds each up alike; a node alone it would add up in another order.
LEAST_NODES = 2

#: No arrays to write into: new ones are made.
NEW: tuple[None, None] = (None, None)

#: Stands for a slope of zero, which only equal effects have: their Q is zero too.
LEAST = 1e-300


def weighted_mean(y: Floats, w: Floats) -> Floats:
    """Return Σwy/Σw along the last axis."""
    return np.asarray((w * y).sum(axis=-1) / w.sum(axis=-1))


def generalised_q(y: Floats, v: Floats, tau2: Floats) -> Floats:
    """Return Q(tau2) = Σw(y−μ)² with w = 1/(v+tau2) (Cochran 1954; DerSimonian & Kacker 2007)."""
    w = 1 / (v + tau2[..., None])
    mu = weighted_mean(y, w)
    return np.asarray((w * (y - mu[..., None]) ** 2).sum(axis=-1))


def tau2_where_q_is(y: Floats, v: Floats, target: float | Floats) -> Floats:
    """Solve Q(tau2) = target; 0 where Q(0) is not above it (Paule & Mandel 1982; Viechtbauer 2007).

    1/Q rises and is concave in tau2 (it is the least of a'(V + tau2 I)a over contrasts a, scaled),
    so Newton's steps on it from the left never overshoot; it is nearly straight, so they are few.

    Parameters
    ----------
    y, v : array of shape (R, k)
        Effects and variances; one row serves every target.
    target : float or array of shape (R,)
        What Q shall be.
    """
    target = np.asarray(target)
    tau2 = np.zeros(max(len(y), target.size))
    if (target <= 0).any():
        return np.full(tau2.shape, np.inf)
    w, far = (np.empty((tau2.size, y.shape[-1])) for _ in range(2))
    for _ in range(MAX_STEPS):
        np.divide(1.0, np.add(v, tau2[:, None], out=w), out=w)
        mu = np.einsum("rk,rk->r", w, y) / np.einsum("rk->r", w)
        np.subtract(y, mu[:, None], out=far)
        pull = np.multiply(w, far, out=w)
        q = np.einsum("rk,rk->r", pull, far)
        slope = np.einsum("rk,rk->r", pull, pull)
        step = np.maximum(q - target, 0.0) / np.maximum(slope, LEAST) * (q / target)
        tau2 += step
        if (step <= CLOSE * tau2).all():
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
    return highest_mode(OneMean(y, v, restricted=False))


def _restricted(y: Floats, v: Floats) -> Floats:
    """Restricted maximum likelihood (Harville 1977; Viechtbauer 2005)."""
    return highest_mode(OneMean(y, v, restricted=True))


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


def estimate_tau2(method: str, y: Floats, v: Floats, *, stopping: str = "end") -> Floats:
    """Estimate tau2 by a named method.

    Parameters
    ----------
    method
        DL, HE, HS, SJ, PM, EB, ML or REML.
    y, v : array of shape (R, k)
        Effects and sampling variances of R data sets of k ≥ 2 studies; v > 0, all finite.
    stopping
        As in ``PoolSettings``.

    Returns
    -------
    array of shape (R,)

    Examples
    --------
    >>> y, v = np.array([[0.1, 0.9]]), np.array([[0.02, 0.03]])
    >>> estimate_tau2("REML", y, v).round(6)
    array([0.295])
    """
    if stopping == "metafor" and method in STOPPED:
        found = stopped_tau2(method, y, v)
        lost = np.isnan(found)
        if lost.any():
            found[lost] = _ESTIMATORS[method](y[lost], v[lost])
        return found
    return _ESTIMATORS[method](y, v)


@dataclass(frozen=True, slots=True)
class OneMean:
    """The likelihoods of R data sets of k studies about one mean each."""

    y: Floats
    v: Floats
    restricted: bool

    @property
    def reach(self) -> tuple[Floats, Floats]:
        """Where modes can be.

        With R the range of the effects and m the largest weight, Σw²(y−μ)² ≤ m Σw(y−μ)² ≤ m R²Σw/4,
        and Σw² ≤ (5/9)(Σw)² where no weight is twice another. So the slope is negative for every
        tau2 above both 9R²/16 and the largest variance.
        """
        v, spread = self.v, np.ptp(self.y, axis=-1)
        return v.min(axis=-1), np.maximum(0.5625 * spread**2, v.max(axis=-1))

    def of(self, rows: NDArray[np.intp]) -> OneMean:
        """Return some of the data sets."""
        return OneMean(self.y[rows], self.v[rows], self.restricted)

    def slope(self, tau2: Floats) -> Floats:
        """Return twice the derivative in tau2."""
        if tau2.ndim == 1:
            return self._slope(self.y, self.v, tau2)
        y, v = self.y[:, None], self.v[:, None]
        rows, last = tau2.shape
        nodes = max(LEAST_NODES, BLOCK // max(1, y.size))
        if nodes >= last:
            return self._slope(y, v, tau2)
        value = np.empty_like(tau2)
        kept = np.empty((rows, nodes, y.shape[-1])), np.empty((rows, nodes, y.shape[-1]))
        for at in (*range(0, last - nodes, nodes), last - nodes):
            value[:, at : at + nodes] = self._slope(y, v, tau2[:, at : at + nodes], kept)
        return value

    def _slope(
        self, y: Floats, v: Floats, tau2: Floats, kept: tuple[Floats | None, Floats | None] = NEW
    ) -> Floats:
        w = np.add(v, tau2[..., None], out=kept[0])
        np.divide(1.0, w, out=w)
        s1 = np.einsum("...k->...", w)
        mu = np.einsum("...k,...k->...", w, y) / s1
        far = np.subtract(y, mu[..., None], out=kept[1])
        far *= w
        value = np.einsum("...k,...k->...", far, far) - s1
        if self.restricted:
            value += np.einsum("...k,...k->...", w, w) / s1
        return np.asarray(value)

    def height(self, tau2: Floats) -> Floats:
        """Return the log-likelihood without its constant."""
        return log_likelihood(self.y, self.v, tau2, restricted=self.restricted)


def log_likelihood(y: Floats, v: Floats, tau2: Floats, *, restricted: bool) -> Floats:
    """Return the log-likelihood without its constant; batch axes are all but the last."""
    variance = v + tau2[..., None]
    w = 1 / variance
    s1 = w.sum(axis=-1)
    mu = (w * y).sum(axis=-1) / s1
    value = np.log(variance).sum(axis=-1) + (w * (y - mu[..., None]) ** 2).sum(axis=-1)
    return np.asarray(-0.5 * (value + np.log(s1) if restricted else value))


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
    k, w = v.size, 1 / (v + tau2)
    match method:
        case "DL" | "HS":
            w0 = 1 / v
            a1, a2, a3 = float(w0.sum()), float((w0 * w0).sum()), float((w0 * w0 * w0).sum())
            c = a1 - a2 / a1
            inner = 2 * (k - 1) + 4 * tau2 * c + 2 * tau2**2 * (a2 - 2 * a3 / a1 + (a2 / a1) ** 2)
            return math.sqrt(inner) / (c if method == "DL" else a1)
        case "HE":
            return _hedges_olkin_se(v, tau2)
        case "PM" | "EB":
            return math.sqrt(2 * k**2 / (k - 1)) / float(w.sum())
        case "ML":
            return math.sqrt(2 / float((w * w).sum()))
        case "REML":
            w2 = w * w
            s1, s2, s3 = float(w.sum()), float(w2.sum()), float((w2 * w).sum())
            return math.sqrt(2 / (s2 - 2 * s3 / s1 + (s2 / s1) ** 2))
        case _:
            return None


def _hedges_olkin_se(v: Floats, tau2: float) -> float:
    """√(2tr(PVPV)+4τ²tr(PVP)+2τ⁴(k−1))/(k−1) with P = I − 1/k, expanded so that it is O(k)."""
    k = v.size
    total, squares = float(v.sum()), float((v**2).sum())
    pvpv = squares * (1 - 2 / k) + (total / k) ** 2
    pvp = total * (1 - 1 / k)
    return float(np.sqrt(2 * pvpv + 4 * tau2 * pvp + 2 * tau2**2 * (k - 1))) / (k - 1)
