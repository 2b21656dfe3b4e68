"""What each study does to a regression, and how the covariates hang together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamis.domain.results import EffectRow
from tamis.synthesis.least_squares import Solved, solve
from tamis.synthesis.modes import Floats
from tamis.synthesis.regression.design import Design
from tamis.synthesis.regression.tau2 import residual_tau2

__all__ = ["Diagnostics", "diagnose", "inflation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """One number a study: leverage, residuals (inside and left out), Cook's distance.

    ``rstudent`` and ``cook`` are NaN where the rest of the studies cannot be fitted.
    """

    hat: tuple[float, ...]
    rstandard: tuple[float, ...]
    rstudent: tuple[float, ...]
    cook: tuple[float, ...]


def inflation(
    covariance: Sequence[Sequence[float]], *, intercept: bool = True
) -> tuple[float, ...]:
    """Return the variance inflation factor of every coefficient but the intercept.

    It is the diagonal of the inverse of the coefficients' correlation matrix (Fox & Monette 1992).

    Examples
    --------
    >>> [round(one, 3) for one in inflation([[1, 0, 0], [0, 2, 0.5], [0, 0.5, 1]])]
    [1.143, 1.143]
    """
    part = np.asarray(covariance, dtype=np.float64)[int(intercept) :, int(intercept) :]
    if part.size == 0:
        return ()
    spread = np.sqrt(np.diagonal(part))
    return tuple(float(one) for one in np.diagonal(np.linalg.inv(part / np.outer(spread, spread))))


def diagnose(
    rows: Sequence[EffectRow], design: Design, *, method: str = "REML", stopping: str = "end"
) -> Diagnostics:
    """Leave every study out once; ``method`` and ``stopping`` are as in ``PoolSettings``.

    References
    ----------
    Viechtbauer & Cheung 2010, Research Synthesis Methods 1:112.
    """
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    x = design.matrix()

    def tau2_of(rest: NDArray[np.bool_]) -> float:
        data = y[rest][None], v[rest][None], x[rest][None]
        return float(residual_tau2(method, *data, stopping=stopping)[0])

    tau2 = tau2_of(np.ones(y.size, dtype=bool))
    w = 1 / (v + tau2)
    done = solve(y, x, w)
    hat = w * ((x @ done.covariance) * x).sum(axis=-1)
    inside = done.residuals / np.sqrt((1 - hat) / w)
    outside, cook = _left_out(y, v, x, tau2_of=tau2_of, done=done)
    return Diagnostics(
        hat=_numbers(hat), rstandard=_numbers(inside), rstudent=_numbers(outside),
        cook=_numbers(cook),
    )  # fmt: skip


def _left_out(
    y: Floats, v: Floats, x: Floats, *, tau2_of: Callable[[NDArray[np.bool_]], float], done: Solved
) -> tuple[Floats, Floats]:
    k = y.size
    outside, cook = np.full(k, np.nan), np.full(k, np.nan)
    information = np.linalg.inv(done.covariance)
    for at in range(k):
        rest = np.arange(k) != at
        if np.linalg.matrix_rank(x[rest]) < x.shape[1] or k - 1 <= x.shape[1]:
            continue
        tau2 = tau2_of(rest)
        without = solve(y[rest], x[rest], 1 / (v[rest] + tau2))
        spread = v[at] + tau2 + float(x[at] @ without.covariance @ x[at])
        outside[at] = (y[at] - float(x[at] @ without.beta)) / np.sqrt(spread)
        moved = done.beta - without.beta
        cook[at] = float(moved @ information @ moved)
    return outside, cook


def _numbers(column: Floats) -> tuple[float, ...]:
    return tuple(float(one) for one in column)
