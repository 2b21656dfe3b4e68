"""Measures of heterogeneity with their intervals, each named for what it rests on.

Two kinds go by the names I2 and H2. Those of this page that rest on tau2 compare it with a typical
within-study variance (Higgins & Thompson 2002, as metafor prints); those that rest on Q compare
Cochran's Q with its degrees of freedom (as RevMan prints). They differ where tau2 is not estimated
by DerSimonian and Laird.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tamis.domain.results import EffectRow, Interval, Refusal
from tamis.synthesis.inverse_variance import fit_rows
from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile
from tamis.synthesis.tau2_profile import tau2_by_likelihood

__all__ = ["Heterogeneity", "Measured", "heterogeneity"]

#: Estimators of tau2 that maximise a likelihood.
_LIKELIHOODS = ("REML", "ML")

#: Studies from which the test-based interval of H exists.
_THREE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measure with its intervals; ``basis`` is tau2 or Q."""

    name: str
    basis: str
    estimate: float
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """Cochran's Q with its test, and tau2, I2 (per cent) and H2 (a ratio of variances)."""

    k: int
    q: float
    df: int
    p: float
    measures: tuple[Measured, ...]


def heterogeneity(
    rows: Sequence[EffectRow], *, settings: PoolSettings | None = None
) -> Heterogeneity | Refusal:
    """Return the measures of heterogeneity of two or more effects.

    Parameters
    ----------
    rows
        Effects and variances.
    settings
        Estimator of tau2 and level; a common-effect method is taken as REML here.

    Returns
    -------
    Heterogeneity or Refusal

    Examples
    --------
    >>> rows = [EffectRow(study=str(at), y=y, v=0.02) for at, y in enumerate((0.1, 0.9, 0.4, -0.2))]
    >>> found = heterogeneity(rows)
    >>> [(one.name, one.basis, round(one.estimate, 2)) for one in found.measures][:3]
    [('tau2', 'tau2', 0.2), ('I2', 'tau2', 90.91), ('H2', 'tau2', 11.0)]
    >>> [one.method for one in found.measures[1].intervals]
    ['Q-profile', 'profile likelihood']
    """
    settings = settings or PoolSettings()
    if settings.method == "FE":
        settings = replace(settings, method="REML")
    fit = fit_rows(rows, settings=settings)
    if isinstance(fit, Refusal):
        return fit
    level = confidence(settings.level)
    w = 1.0 / np.array([row.v for row in rows], dtype=np.float64)
    df = len(rows) - 1
    typical = float(df * w.sum() / (w.sum() ** 2 - (w**2).sum()))
    spans: list[Interval] = []
    if fit.tau2_ci is not None:
        low, high = fit.tau2_ci
        spans.append(Interval(low=low, high=high, method="Q-profile", level=level))
    if settings.method in _LIKELIHOODS:
        found = tau2_by_likelihood(
            rows, method=settings.method, level=settings.level, stopping=settings.stopping
        )
        spans += [found] if isinstance(found, Interval) else []
    tau2 = float(fit.tau2 or 0.0)

    def of_tau2(name: str, turned: Callable[[float], float]) -> Measured:
        return Measured(name=name, basis="tau2", estimate=turned(tau2), intervals=tuple(
            replace(one, low=turned(one.low), high=turned(one.high)) for one in spans
        ))  # fmt: skip

    q = float(fit.q)
    return Heterogeneity(
        k=len(rows),
        q=q,
        df=df,
        p=float(fit.q_p),
        measures=(
            of_tau2("tau2", lambda one: one),
            of_tau2("I2", lambda one: 100 * one / (one + typical)),
            of_tau2("H2", lambda one: 1 + one / typical),
            *_of_q(q, df, level),
        ),
    )


def _of_q(q: float, df: int, level: float) -> tuple[Measured, ...]:
    """Return I2 and H2 of Q with the test-based interval (Higgins & Thompson 2002, eq. 16)."""
    h2 = q / df
    spans: tuple[Interval, ...] = ()
    k = df + 1
    if k >= _THREE and q > 0:
        if q > k:
            error = 0.5 * (np.log(q) - np.log(df)) / (np.sqrt(2 * q) - np.sqrt(2 * k - 3))
        else:
            error = np.sqrt((1 - 1 / (3 * (k - 2) ** 2)) / (2 * (k - 2)))
        reach = normal_quantile(level) * float(error)
        middle = 0.5 * float(np.log(max(h2, 1.0)))
        spans = (
            Interval(
                low=max(1.0, float(np.exp(2 * (middle - reach)))),
                high=float(np.exp(2 * (middle + reach))),
                method="test-based",
                level=level,
            ),
        )

    def share(one: float) -> float:
        return 100 * max(0.0, 1 - 1 / one) if one > 0 else 0.0

    shares = tuple(replace(one, low=share(one.low), high=share(one.high)) for one in spans)
    return (
        Measured(name="I2", basis="Q", estimate=share(h2), intervals=shares),
        Measured(name="H2", basis="Q", estimate=h2, intervals=spans),
    )
