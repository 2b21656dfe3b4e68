"""Permutation tests of a meta-regression, exact where all permutations can be counted.

The rows of the design are permuted against the effects, every permuted data set is fitted by the
same estimator, and a coefficient's p value is the share of permutations whose statistic is at least
as extreme. With an intercept alone the signs of the effects are flipped instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Finding
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.least_squares import solve
from tamis.synthesis.modes import Floats
from tamis.synthesis.regression.design import Design
from tamis.synthesis.regression.tau2 import residual_tau2
from tamis.synthesis.settings import PoolSettings

__all__ = ["PermutationResult", "permute"]

#: Permuted data sets fitted at once.
CHUNK = 500

#: A statistic this close below the observed one counts as equal to it.
TIE = 1e-8

#: Permutations drawn when they cannot all be counted.
DRAWN = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutationResult:
    """p values of the coefficients and of all moderators together.

    ``error`` is the Monte Carlo standard error of the largest uncertainty (p = 0.5), 0 when exact.
    """

    p: tuple[float, ...]
    moderators_p: float | None
    permutations: int
    exact: bool
    error: float
    warnings: tuple[Finding, ...] = ()


def permute(
    rows: Sequence[EffectRow],
    design: Design,
    *,
    settings: PoolSettings | None = None,
    limit: int = DRAWN,
    seed: int = 1,
) -> PermutationResult:
    """Test the coefficients of a regression by permutation.

    Parameters
    ----------
    rows, design, settings
        As for ``regress``.
    limit
        All permutations are counted when they are no more than this; otherwise this many are drawn.
    seed
        Of the draw, so that a result can be made again.

    Raises
    ------
    BadInput
        With no more studies than coefficients.

    References
    ----------
    Follmann & Proschan 1999; Higgins & Thompson 2004.

    Examples
    --------
    >>> from tamis.synthesis.regression.design import design_of
    >>> rows = [EffectRow(study=str(i), y=y, v=v) for i, (y, v) in enumerate(
    ...     [(.1, .02), (.3, .03), (.5, .05), (.2, .02), (.8, .04)])]
    >>> done = permute(rows, design_of({"x": [1, 2, 3, 4, 5]}), settings=PoolSettings(test="z"))
    >>> round(done.p[1], 3), done.exact, done.permutations
    (0.2, True, 120)
    """
    settings = settings or PoolSettings()
    check_rows(rows)
    x = design.matrix()
    if len(rows) != x.shape[0] or x.shape[0] <= x.shape[1]:
        raise BadInput("too few studies for a permutation test", "use fewer covariates")
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    observed, joint = _statistics(y[None], v[None], x[None], design, settings)
    beyond, beyond_joint, count = np.zeros(x.shape[1]), 0, 0
    exact = _possible(x, design) <= limit
    for ys, xs in _chunks(y, x, design, exact=exact, limit=limit, seed=seed):
        vs = np.broadcast_to(v, ys.shape)
        some, all_of = _statistics(ys, vs, xs, design, settings)
        beyond += (np.abs(some) >= np.abs(observed) - TIE).sum(axis=0)
        beyond_joint += int((all_of >= joint - TIE).sum())
        count += ys.shape[0]
    moderators = x.shape[1] - design.intercept
    return PermutationResult(
        p=tuple(float(n) / count for n in beyond),
        moderators_p=beyond_joint / count if moderators else None,
        permutations=count,
        exact=exact,
        error=0.0 if exact else 0.5 / math.sqrt(count),
    )


def _possible(x: Floats, design: Design) -> float:
    if x.shape[1] == design.intercept:
        return float(2 ** x.shape[0])
    return float(math.factorial(x.shape[0]))


def _chunks(
    y: Floats, x: Floats, design: Design, *, exact: bool, limit: int, seed: int
) -> Iterator[tuple[Floats, Floats]]:
    """Yield permuted effects and designs, the observed one among them."""
    k, draw = y.size, np.random.default_rng(seed)
    alone = x.shape[1] == design.intercept
    if exact:
        source = product((1.0, -1.0), repeat=k) if alone else permutations(range(k))
        every = np.array(list(source))
    else:
        drawn = (
            np.where(draw.random((limit - 1, k)) < 0.5, -1.0, 1.0)
            if alone
            else draw.permuted(np.broadcast_to(np.arange(k), (limit - 1, k)), axis=1)
        )
        first = np.ones((1, k)) if alone else np.arange(k)[None]
        every = np.concatenate([first, drawn])
    for at in range(0, len(every), CHUNK):
        some = every[at : at + CHUNK]
        if alone:
            yield y * some, np.broadcast_to(x, (len(some), *x.shape))
        else:
            yield np.broadcast_to(y, some.shape), x[some.astype(np.intp)]


def _statistics(
    y: Floats, v: Floats, x: Floats, design: Design, settings: PoolSettings
) -> tuple[Floats, Floats]:
    """Return the statistic of every coefficient (R, p) and of all moderators (R,)."""
    tau2 = residual_tau2(settings.method, y, v, x, stopping=settings.stopping)
    done = solve(y, x, 1 / (v + tau2[:, None]))
    free = x.shape[1] - x.shape[2]
    factor = {"z": np.ones(y.shape[0]), "knha": done.q / free}.get(
        settings.resolved_test, np.maximum(1.0, done.q / free)
    )
    covariance = done.covariance * factor[:, None, None]
    diagonal = np.diagonal(covariance, axis1=-2, axis2=-1)
    first = int(design.intercept)
    some = done.beta[:, first:]
    if some.shape[1] == 0:
        return done.beta / np.sqrt(diagonal), np.zeros(y.shape[0])
    solved = np.linalg.solve(covariance[:, first:, first:], some[..., None])[..., 0]
    return done.beta / np.sqrt(diagonal), np.asarray((some * solved).sum(axis=-1))
