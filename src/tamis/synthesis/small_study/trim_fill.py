"""Trim and fill: the pool with the mirror images of the studies that stick out.

It is a what-if, not a correction: it supposes that asymmetry comes from missing studies, and with
much heterogeneity it fills where nothing is missing (Peters 2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis.fit import Fit, fit
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.least_squares import solve
from tamis.synthesis.modes import Floats
from tamis.synthesis.settings import PoolSettings
from tamis.synthesis.tau2 import estimate_tau2

__all__ = ["Filled", "trim_and_fill"]

#: Trimming that has not come to rest by then never will.
MOST_TURNS = 100

NOT_SETTLED = Refusal(
    rule="trimming-does-not-settle",
    message="The number of studies to trim goes back and forth, so there is no filled pool.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How many studies were filled, on which side, their effects, and the pool with them."""

    estimator: str
    k0: int
    side: str
    filled: tuple[EffectRow, ...]
    pool: Fit


def trim_and_fill(
    rows: Sequence[EffectRow],
    *,
    estimator: str = "L0",
    settings: PoolSettings | None = None,
    side: str = "",
) -> Filled | Refusal:
    """Trim the studies without a counterpart, re-centre, mirror them, pool again.

    Parameters
    ----------
    rows
        Effects and variances, three or more.
    estimator
        Of the number of missing studies: ``L0`` or ``R0``.
    settings
        The model that is fitted at each turn and at the end.
    side
        Side on which studies are missing, ``left`` or ``right``; default: against the sign of the
        slope of the effects on their standard errors.

    References
    ----------
    Duval & Tweedie 2000, Biometrics 56:455.

    Examples
    --------
    >>> rows = [EffectRow(study=str(i), y=y, v=v) for i, (y, v) in enumerate(
    ...     [(0.1, 0.01), (0.12, 0.02), (0.3, 0.1), (0.5, 0.2), (0.9, 0.4), (1.2, 0.6)])]
    >>> found = trim_and_fill(rows, settings=PoolSettings(method="FE"))
    >>> found.side, found.k0
    ('left', 3)
    """
    settings = settings or PoolSettings(test="z")
    check_rows(rows)
    if len(rows) < 3:
        raise BadInput(f"{len(rows)} studies cannot be trimmed", "give three studies or more")
    if estimator not in ("L0", "R0"):
        raise BadInput(f"{estimator!r} is no estimator of missing studies", "use L0 or R0")
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    chosen = side or _side(y, v, settings)
    sign = -1.0 if chosen == "right" else 1.0
    order = np.argsort(sign * y, kind="stable")
    ys, vs = sign * y[order], v[order]
    k0, mu = _missing(ys, vs, estimator, settings)
    if k0 is None:
        return NOT_SETTLED
    filled = tuple(
        EffectRow(
            study=f"filled: {rows[order[at]].study}", y=sign * (2 * mu - ys[at]), v=float(vs[at])
        )
        for at in range(len(ys) - k0, len(ys))
    )
    every = np.concatenate([y, [one.y for one in filled]])
    spread = np.concatenate([v, [one.v for one in filled]])
    return Filled(
        estimator=estimator, k0=k0, side=chosen, filled=filled, pool=fit(every, spread, settings)
    )


def _side(y: Floats, v: Floats, settings: PoolSettings) -> str:
    tau2 = _tau2(y, v, settings)
    x = np.stack([np.ones_like(v), np.sqrt(v)], axis=1)
    if np.ptp(v) == 0:
        return "left"
    slope = float(solve(y, x, 1 / (v + tau2)).beta[1])
    return "right" if slope < 0 else "left"


def _tau2(y: Floats, v: Floats, settings: PoolSettings) -> float:
    if settings.method == "FE":
        return 0.0
    method, stopping = settings.method, settings.stopping
    return float(estimate_tau2(method, y[None], v[None], stopping=stopping)[0])


def _missing(
    y: Floats, v: Floats, estimator: str, settings: PoolSettings
) -> tuple[int | None, float]:
    """Return the number of missing studies on the left of ordered effects, and the trimmed mean."""
    k, k0 = y.size, 0
    for _ in range(MOST_TURNS):
        kept = slice(0, k - k0)
        mu = _mean(y[kept], v[kept], settings)
        centred = y - mu
        ranks = rankdata(np.abs(centred), method="ordinal") * np.sign(centred)
        wanted = _left_out(ranks, k, estimator)
        if wanted == k0:
            return k0, mu
        if wanted >= k - 1:
            break
        k0 = wanted
    return None, 0.0


def _mean(y: Floats, v: Floats, settings: PoolSettings) -> float:
    if y.size == 1:
        return float(y[0])
    w = 1 / (v + _tau2(y, v, settings))
    return float((w * y).sum() / w.sum())


def _left_out(ranks: Floats, k: int, estimator: str) -> int:
    if estimator == "L0":
        total = float(ranks[ranks > 0].sum())
        return max(0, round((4 * total - k * (k + 1)) / (2 * k - 1)))
    negative = -ranks[ranks < 0]
    run = k - (float(negative.max()) if negative.size else 0.0)
    return max(0, round(run - 1))
