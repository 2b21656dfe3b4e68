"""Random-intercept logistic model for single-arm proportions (Stijnen, Hamza & Özdemir 2010).

x_i ~ Bin(n_i, expit(μ + τu_i)), u_i ~ N(0, 1), by maximum likelihood; ``logit_integrals`` takes the
integrals. At every μ, also along a profile, τ is sought on {0} and a geometric grid and only then
refined about the best node: a local search alone has followed false maxima.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit

from tamis.synthesis.logit_integrals import LogitModel
from tamis.synthesis.settings import ProportionSettings, confidence, normal_quantile
from tamis.synthesis.tau2 import Floats

__all__ = ["GlmmFit", "best_tau", "fit_logit"]

#: Standard deviations (logit scale) at which the likelihood is looked at before refining.
TAU_GRID = np.concatenate([[0.0], np.geomspace(1e-3, 300.0, 40)])

#: Rounds of closing in on the best node, each with this many points; a parabola ends the search.
ZOOMS, ZOOM_POINTS = 3, 13

#: A limit beyond this logit (a proportion of 1e-17) counts as not existing.
FARTHEST = 40.0

#: Points of a scan in μ.
SCAN = 9

NEWTON_STEPS = 60

#: Longest step of the last correction: the search by heights has already come this near.
POLISH = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class GlmmFit:
    """The fitted model on the logit scale; the profile limits may be infinite."""

    mu: float
    se: float
    tau2: float
    ll: float
    profile: tuple[float, float]


def best_tau(model: LogitModel, mu: float) -> tuple[float, float]:
    """Return the most likely τ at one μ, and the log-likelihood there."""
    grid = TAU_GRID
    for _ in range(ZOOMS + 1):
        height = model.log_likelihood(mu, grid)
        at = int(height.argmax())
        low, high = max(at - 1, 0), min(at + 1, grid.size - 1)
        tau, best = float(grid[at]), float(height[at])
        near = grid[low : high + 1], height[low : high + 1]
        grid = np.linspace(grid[low], grid[high], ZOOM_POINTS)
    return (tau, best) if near[0].size < 3 else _vertex(*near)


def _vertex(tau: Floats, height: Floats) -> tuple[float, float]:
    """Return the top of the parabola through three points whose middle one is highest."""
    left, right = tau[1] - tau[0], tau[2] - tau[1]
    rise_left, rise_right = height[1] - height[0], height[1] - height[2]
    curve = float(rise_left / left + rise_right / right) / float(left + right)
    if curve <= 0:
        return float(tau[1]), float(height[1])
    slope = float(rise_left / left - curve * left)
    shift = slope / (2 * curve)
    if not -left <= shift <= right:
        return float(tau[1]), float(height[1])
    return float(tau[1] + shift), float(height[1] + slope**2 / (4 * curve))


def fit_logit(x: Floats, n: Floats, settings: ProportionSettings) -> GlmmFit:
    """Fit the model.

    Parameters
    ----------
    x, n : array of shape (k,)
        Events and people, 0 ≤ x ≤ n, k ≥ 2; some events and some non-events in all, and not every
        study empty or full (``pool_proportions`` checks).
    settings
        Quadrature nodes, heterogeneity, level.

    Notes
    -----
    The standard error comes from the observed information in μ and τ together, as mixed-model
    programs give it; at τ = 0 the two are independent and τ does not enter.
    """
    model = LogitModel(x, n, settings.nodes)
    common = settings.heterogeneity == "EE"

    def best(mu: float) -> tuple[float, float]:
        if common:
            return 0.0, float(model.log_likelihood(mu, np.zeros(1))[0])
        return best_tau(model, mu)

    pooled = math.log(float(x.sum())) - math.log(float((n - x).sum()))
    mu = pooled if common else _top(lambda at: best(at)[1], x, n)
    mu, tau, se = _polish(model, pooled, mu, best(mu)[0])
    ll = float(model.log_likelihood(mu, np.array([tau]))[0])
    z = normal_quantile(confidence(settings.level))
    low, high = (
        _limit(lambda at: best(at)[1] - ll + 0.5 * z**2, mu, side * z * se) for side in (-1, 1)
    )
    return GlmmFit(
        mu=mu,
        se=se,
        tau2=tau**2,
        ll=ll,
        profile=(low, high),
    )


def _top(profile: Callable[[float], float], x: Floats, n: Floats) -> float:
    """Return the highest point of the profile in μ: a scan of the studies' range, then Brent.

    Where studies differ very much the highest point may lie outside that range: the scan moves on
    until its best point is not at its end.
    """
    logits = np.log(x + 0.5) - np.log(n - x + 0.5)
    low, high = float(logits.min()) - 0.5, float(logits.max()) + 0.5
    while True:
        scan = np.linspace(low, high, SCAN)
        at = int(np.argmax([profile(float(mu)) for mu in scan]))
        if 0 < at < SCAN - 1 or high - low > 2 * FARTHEST:
            break
        wide = high - low
        low, high = (low - wide, float(scan[1])) if at == 0 else (float(scan[-2]), high + wide)
    bounds = float(scan[max(at - 1, 0)]), float(scan[min(at + 1, SCAN - 1)])
    found = minimize_scalar(
        lambda mu: -profile(float(mu)), bounds=bounds, method="bounded", options={"xatol": 1e-7}
    )
    return float(found.x)


def _limit(above: Callable[[float], float], mu: float, step: float) -> float:
    """Return where the profile has fallen by the critical value; bracketed outwards from μ."""
    inner = 0.0
    while above(mu + step) > 0:
        inner, step = step, 2 * step
        if abs(mu + step) > FARTHEST:
            return math.copysign(math.inf, step)
    return mu + float(brentq(lambda at: above(mu + at), inner, step, xtol=1e-13, rtol=1e-14))


def _polish(model: LogitModel, pooled: float, mu: float, tau: float) -> tuple[float, float, float]:
    """Return μ, τ and the standard error of μ at the point where the score vanishes.

    A maximum is flat, so a search by heights leaves half of the digits to chance; the root of the
    score does not. At τ = 0 the estimate is the logit of the pooled proportion.
    """
    if tau == 0:
        p = float(expit(pooled))
        return pooled, 0.0, 1 / math.sqrt(float(model.n.sum()) * p * (1 - p))
    point = np.array([mu, tau])
    for _ in range(NEWTON_STEPS):
        gradient, information = model.score(float(point[0]), float(point[1]))
        step = np.linalg.solve(information, gradient)
        point = point + np.clip(step, -POLISH, POLISH)
        if np.abs(step).max() < 1e-13:
            break
    covariance = np.linalg.inv(model.score(float(point[0]), float(point[1]))[1])
    return float(point[0]), float(point[1]), math.sqrt(float(covariance[0, 0]))
