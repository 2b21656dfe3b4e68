"""The Laplace likelihood of UM.RS written apart from the product, for one standard error.

Each study has a random level and a random difference, independent and normal, in a logistic model
of two arms (or a Poisson model with the logarithm of time as offset). The random effects are
brought to their maximum to 1e-13; the standard error is the root of the inverse Hessian in all
four parameters, by differences. lme4 stops that inner maximum at a relative 1e-7 (``tolPwrss``)
and takes differences of 1e-4 on top, which is what moves its standard errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["standard_error"]

#: How the difference stands in the two arms.
CODES = np.array([0.5, -0.5])

#: Step of the differences: their error is about its square.
STEP = 3e-3


@dataclass(frozen=True)
class Arms:
    """Events and people, or time, of two arms a study, (k, 2)."""

    events: Any
    size: Any
    rates: bool

    def mean(self, eta: Any) -> Any:
        """Return expected events."""
        return self.size * np.exp(eta) if self.rates else self.size * expit(eta)

    def weight(self, mean: Any) -> Any:
        """Return the variance of events."""
        return mean if self.rates else mean * (1 - mean / self.size)

    def log_density(self, eta: Any) -> Any:
        """Return the log-density of events without its constant."""
        lost = np.exp(eta) if self.rates else np.logaddexp(0, eta)
        return self.events * eta - self.size * lost

    def deviance(self, point: Any) -> float:
        """Return −2 log-likelihood at (level, difference, SD of levels, SD of differences)."""
        level, difference, sigma, tau = point
        loads = np.stack([np.full(2, sigma), tau * CODES], axis=1)
        b = np.zeros((len(self.events), 2))
        for _ in range(60):
            mean = self.mean(level + difference * CODES + b @ loads.T)
            curved = self._curved(mean, loads)
            step = np.linalg.solve(curved, ((self.events - mean) @ loads - b)[..., None])[..., 0]
            b = b + np.clip(step, -1, 1)
            if np.abs(step).max() < 1e-13:
                break
        eta = level + difference * CODES + b @ loads.T
        inner = self.log_density(eta).sum(axis=1) - 0.5 * (b * b).sum(axis=1)
        spread = np.linalg.slogdet(self._curved(self.mean(eta), loads))[1]
        return -2 * float((inner - 0.5 * spread).sum())

    def _curved(self, mean: Any, loads: Any) -> Any:
        return np.einsum("ko,oi,oj->kij", self.weight(mean), loads, loads) + np.eye(2)


def standard_error(
    inputs: Mapping[str, Any], *, difference: float, sigma2: float, tau2: float
) -> float:
    """Return the standard error of the difference, near an estimate of the model."""
    arms = _arms(inputs)
    rest = np.array([difference, sigma2**0.5, tau2**0.5])
    share = (arms.events.sum() + 0.5) / (arms.size.sum() + 1)
    start = np.log(share) if arms.rates else np.log(share / (1 - share))
    alone = minimize(
        lambda at: arms.deviance([at[0], *rest]), [start], method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-11},
    )  # fmt: skip
    best = minimize(
        arms.deviance, [alone.x[0], *rest], method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-11, "maxiter": 2000,
                 "initial_simplex": _near([alone.x[0], *rest])},
    )  # fmt: skip
    return float((2 * np.linalg.inv(_hessian(arms, best.x)))[1, 1] ** 0.5)


def _arms(inputs: Mapping[str, Any]) -> Arms:
    rates = "x1i" in inputs
    names = (("x1i", "x2i"), ("t1i", "t2i")) if rates else (("ai", "ci"), ("n1i", "n2i"))
    events, size = (np.array([inputs[at] for at in pair], dtype=float).T for pair in names)
    told = events.sum(axis=1) > 0
    if not rates:
        told &= events.sum(axis=1) < size.sum(axis=1)
    return Arms(events[told], size[told], rates)


def _near(point: Any) -> Any:
    return np.vstack([point, np.asarray(point) + 1e-2 * np.eye(len(point))])


def _hessian(arms: Arms, point: Any) -> Any:
    steps = STEP * np.eye(len(point))
    return np.array(
        [
            [
                sum(
                    signs * arms.deviance(point + first * one + second * other)
                    for first, second, signs in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
                )
                / (4 * STEP * STEP)
                for other in steps
            ]
            for one in steps
        ]
    )
