"""metafor's documented stopping rules, to show by computation which numbers come from them.

metafor's manual (``rma.uni``, Control) says: REML, ML and EB start from the Hedges-Olkin estimate
and take Fisher steps until tau2 moves by less than 1e-5, absolute; PM is found by R's ``uniroot``
on [0, 100], whose width is 1.22e-4 (its manual; Brent 1973, section 4.6). Here these take the place
of the product's estimators for the length of a ``with``. Where the product then gives the oracle's
number, that number is the product's model stopped early. Every stopped tau2 is held against the
converged one: the likelihood there may not be higher, nor the estimating equation nearer to zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from tamis.synthesis import tau2 as pools
from tamis.synthesis.regression import tau2 as regressions

THRESHOLD = 1e-5
WIDTH = float(np.finfo(np.float64).eps) ** 0.25
HIGHEST = 100.0
STEPS = 100


class Unproven(Exception):
    """A stopped answer better than the converged one: the early stop explains nothing."""


@contextmanager
def stopped_early() -> Iterator[None]:
    """Put metafor's stopping rules in the place of the product's searches."""
    plain: dict[str, Any] = dict(pools._ESTIMATORS)
    with_x: dict[str, Any] = dict(regressions._ESTIMATORS)
    for name in ("REML", "ML", "PM", "EB"):
        plain[name] = _plain(name, plain[name])
        with_x[name] = _with_x(name, with_x[name])
    with (
        patch.object(pools, "_ESTIMATORS", plain),
        patch.object(regressions, "_ESTIMATORS", with_x),
    ):
        yield


def _plain(name: str, converged: Callable[..., Any]) -> Callable[..., Any]:
    def estimate(y: Any, v: Any) -> Any:
        best = converged(y, v)
        x = np.ones((*y.shape, 1))
        start = pools._hedges_olkin(y, v)
        return _each(name, (y, v, x), start, best)

    return estimate


def _with_x(name: str, converged: Callable[..., Any]) -> Callable[..., Any]:
    def estimate(y: Any, v: Any, x: Any) -> Any:
        start = regressions._hedges_olkin(y, v, x)
        return _each(name, (y, v, x), start, converged(y, v, x))

    return estimate


def _each(name: str, data: tuple[Any, Any, Any], start: Any, best: Any) -> Any:
    found = []
    for y, v, x, first, whole in zip(*data, start, best, strict=True):
        one = Model(y, v, x)
        tau2 = _paule_mandel(one) if name == "PM" else _scored(one, name, float(first))
        one.hold(name, tau2, float(whole))
        found.append(tau2)
    return np.array(found)


class Model:
    """One data set, without the product's own formulas: dense matrices of k by k."""

    def __init__(self, y: Any, v: Any, x: Any) -> None:
        self.y, self.v, self.x = y, v, x
        self.k, self.p = x.shape

    def projection(self, tau2: float) -> tuple[Any, Any]:
        """Return the weights and P = W − WX(X'WX)⁻¹X'W."""
        w = 1 / (self.v + tau2)
        wx = w[:, None] * self.x
        return w, np.diag(w) - wx @ np.linalg.solve(self.x.T @ wx, wx.T)

    def q(self, tau2: float) -> float:
        """Return y'Py."""
        return float(self.y @ self.projection(tau2)[1] @ self.y)

    def height(self, name: str, tau2: float) -> float:
        """Return the objective: a log-likelihood, or how far Q is from its degrees of freedom."""
        if name in ("PM", "EB"):
            excess = self.q(tau2) - (self.k - self.p)
            return -abs(excess) if tau2 > 0 else min(0.0, -excess)
        w, _ = self.projection(tau2)
        value = -np.log(w).sum() + self.q(tau2)
        if name == "REML":
            value += np.linalg.slogdet(self.x.T @ (w[:, None] * self.x))[1]
        return -0.5 * float(value)

    def hold(self, name: str, stopped: float, converged: float) -> None:
        """Refuse when the stopped tau2 is the better one."""
        ours, theirs = self.height(name, converged), self.height(name, stopped)
        if theirs > ours + 1e-9 * max(1.0, abs(ours)):
            raise Unproven(f"{name}: {stopped} is better than {converged}")

    def step(self, name: str, tau2: float) -> float:
        """Return the Fisher step from tau2."""
        w, p = self.projection(tau2)
        py = p @ self.y
        match name:
            case "REML":
                return float((py @ py - np.trace(p)) / (p * p).sum())
            case "ML":
                return float((py @ py - w.sum()) / (w * w).sum())
            case _:
                return float((self.y @ py * self.k / (self.k - self.p) - self.k) / w.sum())


def _scored(one: Model, name: str, start: float) -> float:
    tau2 = max(0.0, start)
    for _ in range(STEPS):
        step = one.step(name, tau2)
        while tau2 + step < 0:
            step /= 2
            if abs(step) < 1e-12:
                return 0.0
        before, tau2 = tau2, tau2 + step
        if abs(tau2 - before) < THRESHOLD:
            break
    return tau2


def _paule_mandel(one: Model) -> float:
    def excess(tau2: float) -> float:
        return one.q(tau2) - (one.k - one.p)

    if excess(0.0) < 0 or excess(HIGHEST) > 0:
        return 0.0
    return zeroin(excess, 0.0, HIGHEST, WIDTH)


def zeroin(f: Callable[[float], float], a: float, b: float, width: float) -> float:
    """Find a root as Brent (1973, section 4.6) does, stopping at a width."""
    fa, fb = f(a), f(b)
    c, fc = a, fa
    for _ in range(1000):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        least = 2 * float(np.finfo(np.float64).eps) * abs(b) + width / 2
        half = (c - b) / 2
        if abs(half) <= least or fb == 0:
            return b
        step = half
        if abs(before) >= least and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), before, half, least)
        a, fa = b, fb
        b += step if abs(step) >= least else math.copysign(least, half)
        fb = f(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa
    return b


def _interpolated(
    at: tuple[float, float, float], value: tuple[float, float, float], before: float, half: float,
    least: float,
) -> float:  # fmt: skip
    (a, b, c), (fa, fb, fc) = at, value
    span = c - b
    if a == c:
        t1 = fb / fa
        p, q = span * t1, 1 - t1
    else:
        q, t1, t2 = fa / fc, fb / fc, fb / fa
        p = t2 * (span * q * (q - t1) - (b - a) * (t1 - 1))
        q = (q - 1) * (t1 - 1) * (t2 - 1)
    if p > 0:
        q = -q
    else:
        p = -p
    fits = p < 0.75 * span * q - abs(least * q) / 2 and p < abs(before * q / 2)
    return p / q if fits else half
