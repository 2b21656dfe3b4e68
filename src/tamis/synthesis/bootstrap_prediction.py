"""The parametric bootstrap prediction interval (Nagashima, Noma & Furukawa 2019).

Where few studies say little of tau2, intervals that take its estimate for the truth are too narrow.
Here tau2 is drawn from its confidence distribution, the exact one of Cochran's Q, and with each
draw a new effect: mean, between-study deviation and the Hartung-Knapp error of the mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Interval, Refusal
from tamis.synthesis.inverse_variance import NO_DATA, check_rows
from tamis.synthesis.settings import confidence

__all__ = ["predict_by_bootstrap"]

Floats = NDArray[np.float64]

#: Studies below which nothing is predicted.
FEWEST = 3

#: Values of tau2 at which its distribution is computed, and how near 1 the last one has to be.
NODES, TAIL = 400, 1e-5

#: Points of the contour of the inverse Laplace transform.
POINTS = 24


def predict_by_bootstrap(
    rows: Sequence[EffectRow], *, level: str = "0.95", draws: int = 25_000, seed: int = 1
) -> Interval | Refusal:
    """Return the interval in which the effect of a further study is expected.

    Parameters
    ----------
    rows
        Effects and variances of three or more studies.
    level
        Level of the interval.
    draws
        Bootstrap draws; the limits vary by about a hundredth of the interval with 25,000.
    seed
        Of the draws: the same seed gives the same interval.

    Returns
    -------
    Interval or Refusal
        On the analysis scale of the effects.

    Raises
    ------
    BadInput
        For fewer than 1,000 draws.

    Examples
    --------
    >>> y = (0.00, 0.10, -0.40, -0.80, -0.63, 0.22, -0.34, -0.51, 0.03, -0.81)
    >>> rows = [EffectRow(study=str(at), y=one, v=0.04) for at, one in enumerate(y)]
    >>> found = predict_by_bootstrap(rows)
    >>> found.low < min(y) + 0.2, found.high > max(y)
    (True, True)
    """
    if draws < 1000:
        raise BadInput(f"{draws} draws are too few for limits", "use 1000 or more")
    check_rows(rows)
    if not rows:
        return NO_DATA
    if len(rows) < FEWEST:
        return Refusal(
            rule="too-few-studies",
            message=f"A bootstrap prediction needs {FEWEST} studies, and there are {len(rows)}.",
        )
    share = confidence(level)
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    random = np.random.default_rng(seed)
    tau2 = _drawn(y, v, random.uniform(size=draws))
    k = len(rows)
    weights = 1.0 / (tau2[:, None] + v)
    total = weights.sum(axis=1)
    mean = weights @ y / total
    spread = (weights * (y - mean[:, None]) ** 2).sum(axis=1)
    error = np.sqrt(spread / ((k - 1) * total))
    future = mean + random.standard_normal(draws) * np.sqrt(tau2)
    future -= random.standard_t(k - 1, draws) * error
    low, high = np.quantile(future, [(1 - share) / 2, (1 + share) / 2])
    return Interval(low=float(low), high=float(high), method="parametric bootstrap", level=share)


def _drawn(y: Floats, v: Floats, chances: Floats) -> Floats:
    """Return a draw of tau2 for each chance; where Q at tau2 = 0 is no surprise, 0."""
    w = 1.0 / v
    q = max(float(w @ (y - w @ y / w.sum()) ** 2), 1e-9)
    middle = np.diag(w) - np.outer(w, w) / w.sum()

    def exceeded(tau2: float) -> float:
        root = np.sqrt(v + tau2)
        found = np.linalg.eigvalsh(middle * np.outer(root, root))[1:]
        return _above(q, np.maximum(found, 0.0))

    scale = float(np.median(v))
    end = max(scale, float(np.var(y)))
    while exceeded(end) < 1 - TAIL and end < 1e12 * scale:
        end *= 4
    nodes = np.concatenate(([0.0], np.geomspace(1e-4 * scale, end, NODES)))
    reached = np.maximum.accumulate([exceeded(float(node)) for node in nodes])
    return np.interp(chances, reached, nodes)


def _above(q: float, parts: Floats) -> float:
    """Return the chance that a sum of chi-squares with these factors exceeds q.

    The distribution function is the inverse Laplace transform of ``prod((1 + 2 l z) ** -0.5) / z``,
    whose singularities lie on the negative axis: a cotangent contour around them gives it to ten
    digits from few points (Weideman & Trefethen 2007; 24 points).
    """
    angles = np.pi * np.arange(1, POINTS, 2) / POINTS
    turned = 0.6407 * angles
    along = 0.5017 * angles / np.tan(turned) - 0.6122 + 0.2645j * angles
    speed = 0.5017 / np.tan(turned) - 0.5017 * turned / np.sin(turned) ** 2 + 0.2645j
    z, dz = POINTS / q * along, POINTS / q * speed
    logs = z * q - 0.5 * np.log1p(2 * parts[:, None] * z[None, :]).sum(axis=0)
    below = 2 / POINTS * float((np.exp(logs) / z * dz).imag.sum())
    return min(1.0, max(0.0, 1.0 - below))
