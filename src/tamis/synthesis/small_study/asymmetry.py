"""Tests of funnel-plot asymmetry: whether small studies show other effects than large ones.

A test says that effect and precision hang together, never why: selective publication, worse conduct
of small studies, true differences between them, and chance all look alike (Sterne 2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit
from scipy.stats import kendalltau

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, Refusal
from tamis.synthesis.effect_sizes import effect_rows, effects
from tamis.synthesis.exact_table import conditional
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.least_squares import solve
from tamis.synthesis.modes import Floats
from tamis.synthesis.regression.tau2 import residual_tau2
from tamis.synthesis.settings import normal_quantile
from tamis.synthesis.sizes.counts import table_of
from tamis.synthesis.strata import fit_strata

__all__ = [
    "ASYMMETRY_TESTS",
    "AsymmetryTest",
    "asymmetry",
    "asymmetry_of_tables",
    "rank_test",
    "regression_test",
]

#: Fewer studies than this are not tested (Sterne 2011; Handbook, chapter 13).
FROM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymmetryTest:
    """One test on the analysis scale.

    ``slope`` is how the effect changes with the predictor (the bias of Egger and Harbord), for
    Begg's test Kendall's score; ``limit`` the effect that a study without sampling error would
    have, where the test has one.
    """

    test: str
    k: int
    statistic: float
    df: int | None
    p: float
    slope: float | None = None
    slope_se: float | None = None
    limit: float | None = None
    limit_low: float | None = None
    limit_high: float | None = None


def asymmetry(
    rows: Sequence[EffectRow], *, test: str = "Egger", fewest: int = FROM
) -> AsymmetryTest | Refusal:
    """Test effects of any kind.

    Parameters
    ----------
    rows
        Effects and variances on the analysis scale.
    test
        ``Egger`` (regression on the standard error with multiplicative error), ``Thompson-Sharp``
        (the same with an additive variance between studies) or ``Begg`` (rank correlation).
    fewest
        With fewer studies than this, nothing is tested. Never below 3.

    Returns
    -------
    AsymmetryTest or Refusal

    References
    ----------
    Egger, Davey Smith, Schneider & Minder 1997; Thompson & Sharp 1999; Begg & Mazumdar 1994.

    Examples
    --------
    >>> rows = [EffectRow(study=str(i), y=0.1 * i, v=0.01 * i) for i in range(1, 12)]
    >>> found = asymmetry(rows)
    >>> found.test, found.df, found.p < 0.05
    ('Egger', 9, True)
    >>> asymmetry(rows[:5]).rule
    'too-few-for-asymmetry'
    """
    check_rows(rows)
    refused = _refuse(len(rows), fewest)
    if refused is not None:
        return refused
    y, v = _arrays(rows)
    if test in ("Egger", "Thompson-Sharp") and np.ptp(v) == 0:
        return _SAME
    match test:
        case "Egger":
            return _linear("Egger", y, np.sqrt(v), 1 / v)
        case "Thompson-Sharp":
            return _thompson_sharp(y, v)
        case "Begg":
            return _begg(y, v)
        case _:
            raise BadInput(f"{test!r} is no test of effects", "use Egger, Thompson-Sharp or Begg")


def asymmetry_of_tables(
    rows: Sequence[BinaryRow], *, test: str = "Harbord", fewest: int = FROM
) -> AsymmetryTest | Refusal:
    """Test odds ratios by a test that does not confound effect and standard error.

    Parameters
    ----------
    rows
        Two-by-two tables.
    test
        ``Harbord`` (score over its variance), ``Peters`` (on 1/n), ``Macaskill`` (on n),
        ``Deeks`` (on the effective sample size; for diagnostic odds ratios) or ``Schwarzer`` (rank
        correlation of the events, given the margins and the pooled odds ratio).
    fewest
        As for ``asymmetry``.

    References
    ----------
    Harbord, Egger & Sterne 2006; Peters 2006; Macaskill, Walter & Irwig 2001; Deeks 2005;
    Schwarzer, Antes & Schumacher 2007.

    Examples
    --------
    >>> rows = [BinaryRow(study=str(n), events_1=3, n_1=10 * n, events_2=5, n_2=10 * n)
    ...         for n in range(1, 12)]
    >>> asymmetry_of_tables(rows, test="Peters").df
    9
    """
    if test not in _TABLE_TESTS:
        raise BadInput(f"{test!r} is no test of tables", f"use {', '.join(_TABLE_TESTS)}")
    kept = [row for row in rows if _informative(row)]
    refused = _refuse(len(kept), fewest)
    return _TABLE_TESTS[test](kept) if refused is None else refused


#: Every test by name, with what it is applied to.
ASYMMETRY_TESTS: Mapping[str, str] = MappingProxyType(
    {
        "Egger": "effects",
        "Thompson-Sharp": "effects",
        "Begg": "effects",
        "Harbord": "tables",
        "Peters": "tables",
        "Macaskill": "tables",
        "Deeks": "tables",
        "Schwarzer": "tables",
    }
)

_SAME = Refusal(
    rule="no-spread-of-precision",
    message="All studies are equally precise, or have the same effect: nothing can hang together.",
)


def _refuse(k: int, fewest: int) -> Refusal | None:
    if k >= max(3, fewest):
        return None
    return Refusal(
        rule="too-few-for-asymmetry",
        message=f"Asymmetry is not tested with {k} {'study' if k == 1 else 'studies'}: "
        f"a test of fewer than {max(3, fewest)} has no power, and its result would mislead.",
    )


def _arrays(rows: Sequence[EffectRow]) -> tuple[Floats, Floats]:
    y = np.array([row.y for row in rows], dtype=np.float64)
    return y, np.array([row.v for row in rows], dtype=np.float64)


def _on(predictor: Floats) -> Floats:
    return np.stack([np.ones_like(predictor), predictor], axis=1)


def _linear(
    name: str, y: Floats, predictor: Floats, weights: Floats, *, limit: bool = True
) -> AsymmetryTest:
    """Weighted regression with a multiplicative error that is estimated: t with k − 2."""
    x, df = _on(predictor), y.size - 2
    done = solve(y, x, weights)
    scale = float(done.q) / df
    slope, se = float(done.beta[1]), math.sqrt(scale * float(done.covariance[1, 1]))
    statistic = slope / se if se > 0 else math.copysign(math.inf, slope)
    limits: tuple[float | None, ...] = (None, None, None)
    if limit:
        at = float(done.beta[0])
        half = _student(df) * math.sqrt(scale * float(done.covariance[0, 0]))
        limits = (at, at - half, at + half)
    return AsymmetryTest(
        test=name, k=y.size, statistic=statistic, df=df,
        p=float(2 * stdtr(df, -abs(statistic))), slope=slope, slope_se=se,
        limit=limits[0], limit_low=limits[1], limit_high=limits[2],
    )  # fmt: skip


def _student(df: float) -> float:
    return float(stdtrit(df, 0.975))


def regression_test(
    rows: Sequence[EffectRow],
    *,
    predictor: Sequence[float] | None = None,
    model: str = "mixed",
    method: str = "REML",
    stopping: str = "end",
) -> AsymmetryTest:
    """Regress effects on any predictor of precision, with either error model.

    Parameters
    ----------
    rows
        Effects and variances, three or more.
    predictor
        One number a study (1/n, n, v); default: the standard error.
    model
        ``mixed`` (additive variance between studies, z) or ``linear`` (multiplicative error, t).
    method
        Estimator of the variance between studies, for ``mixed``.
    stopping
        As in ``PoolSettings``.

    Notes
    -----
    The limit is meaningful for predictors that are 0 for an infinitely large study.

    Examples
    --------
    >>> rows = [EffectRow(study=str(i), y=0.1 * i, v=0.01 * i) for i in range(1, 8)]
    >>> regression_test(rows, model="linear").df
    5
    """
    check_rows(rows)
    y, v = _arrays(rows)
    if y.size < 3:
        raise BadInput(f"{y.size} studies cannot be regressed", "give three studies or more")
    along = np.sqrt(v) if predictor is None else np.asarray(predictor, dtype=np.float64)
    if np.ptp(along) <= 1e-12 * float(np.abs(along).max()):
        raise BadInput("the predictor is the same in all studies", "use another predictor")
    if model == "linear":
        return _linear("regression", y, along, 1 / v)
    x = _on(along)
    tau2 = float(residual_tau2(method, y[None], v[None], x[None], stopping=stopping)[0])
    done = solve(y, x, 1 / (v + tau2))
    slope, se = float(done.beta[1]), math.sqrt(float(done.covariance[1, 1]))
    limit = float(done.beta[0])
    half = normal_quantile(0.95) * math.sqrt(float(done.covariance[0, 0]))
    return AsymmetryTest(
        test="regression", k=y.size, statistic=slope / se, df=None,
        p=float(2 * ndtr(-abs(slope / se))), slope=slope, slope_se=se,
        limit=limit, limit_low=limit - half, limit_high=limit + half,
    )  # fmt: skip


def _thompson_sharp(y: Floats, v: Floats) -> AsymmetryTest:
    """Additive variance (moment estimate); its Wald statistic is referred to t with k − 2."""
    x, df = _on(np.sqrt(v)), y.size - 2
    tau2 = float(residual_tau2("DL", y[None], v[None], x[None])[0])
    done = solve(y, x, 1 / (v + tau2))
    slope, se = float(done.beta[1]), math.sqrt(float(done.covariance[1, 1]))
    return AsymmetryTest(
        test="Thompson-Sharp", k=y.size, statistic=slope / se, df=df,
        p=float(2 * stdtr(df, -abs(slope / se))), slope=slope, slope_se=se,
    )  # fmt: skip


def _deviates(y: Floats, v: Floats) -> Floats:
    """Return standardised deviations from the common effect (Begg & Mazumdar 1994)."""
    w = 1 / v
    mu = float((w * y).sum() / w.sum())
    return np.asarray((y - mu) / np.sqrt(v - 1 / w.sum()))


def _begg(y: Floats, v: Floats) -> AsymmetryTest:
    return _ranked("Begg", _deviates(y, v), v)


def _ranked(name: str, deviates: Floats, v: Floats) -> AsymmetryTest:
    """Kendall's score over its standard error under independence, ties taken into account."""
    k = v.size
    score = float(
        sum(
            np.sign(deviates[i] - deviates[j]) * np.sign(v[i] - v[j])
            for i in range(k)
            for j in range(i)
        )
    )
    ties = [n * (n - 1) * (2 * n + 5) for one in (deviates, v) for n in _runs(one) if n > 1]
    se = math.sqrt((k * (k - 1) * (2 * k + 5) - sum(ties)) / 18)
    statistic = score / se if se > 0 else 0.0
    return AsymmetryTest(
        test=name, k=k, statistic=statistic, df=None, p=float(2 * ndtr(-abs(statistic))),
        slope=score, slope_se=se,
    )  # fmt: skip


def _runs(column: Floats) -> list[int]:
    return [int(n) for n in np.unique(column, return_counts=True)[1]]


def rank_test(rows: Sequence[EffectRow]) -> tuple[float, float] | Refusal:
    """Return Kendall's tau of deviates and variances with its p value, exact without ties.

    Refused where all effects, or all variances, are the same.

    Examples
    --------
    >>> rows = [EffectRow(study=str(i), y=0.1 * i, v=0.01 * i) for i in range(1, 8)]
    >>> tau, p = rank_test(rows)
    >>> round(tau, 3), round(p, 4)
    (1.0, 0.0004)
    """
    check_rows(rows)
    y, v = _arrays(rows)
    deviates = _deviates(y, v)
    if np.ptp(v) == 0 or np.ptp(deviates) <= 1e-9 * max(1.0, float(np.abs(y).max())):
        return _SAME
    tied = max([*_runs(deviates), *_runs(v)]) > 1
    found = kendalltau(deviates, v, method="asymptotic" if tied else "exact")
    return float(found.statistic), float(found.pvalue)


# ---------------------------------------------------------------- tables
def _informative(row: BinaryRow) -> bool:
    a, b, c, d = table_of(row)
    return a + c > 0 and b + d > 0


def _cells(rows: Sequence[BinaryRow]) -> tuple[Floats, Floats, Floats, Floats]:
    columns = np.array([table_of(row) for row in rows], dtype=np.float64).T
    return columns[0], columns[1], columns[2], columns[3]


def _log_odds(rows: Sequence[BinaryRow]) -> tuple[Floats, Floats]:
    return _arrays(effect_rows(effects("OR", rows)))


def _harbord(rows: Sequence[BinaryRow]) -> AsymmetryTest:
    a, b, c, d = _cells(rows)
    n1, n2 = a + b, c + d
    n = n1 + n2
    score = a - n1 * (a + c) / n
    v = n1 * n2 * (a + c) * (b + d) / (n**2 * (n - 1))
    return _linear("Harbord", score / v, 1 / np.sqrt(v), v, limit=False)


def _peters(rows: Sequence[BinaryRow]) -> AsymmetryTest:
    a, b, c, d = _cells(rows)
    y, _ = _log_odds(rows)
    weights = 1 / (1 / (a + c) + 1 / (b + d))
    return _linear("Peters", y, 1 / (a + b + c + d), weights, limit=False)


def _macaskill(rows: Sequence[BinaryRow]) -> AsymmetryTest:
    a, b, c, d = _cells(rows)
    y, v = _log_odds(rows)
    return _linear("Macaskill", y, a + b + c + d, 1 / v, limit=False)


def _deeks(rows: Sequence[BinaryRow]) -> AsymmetryTest:
    a, b, c, d = _cells(rows)
    n1, n2 = a + b, c + d
    effective = 4 * n1 * n2 / (n1 + n2)
    y, _ = _log_odds(rows)
    return _linear("Deeks", y, 1 / np.sqrt(effective), effective, limit=False)


def _schwarzer(rows: Sequence[BinaryRow]) -> AsymmetryTest | Refusal:
    """Rank the events, given each table's margins and the pooled odds ratio, by their precision."""
    pooled = fit_strata(rows, measure="OR", method="MH")
    if isinstance(pooled, Refusal):
        return pooled
    moments = [
        conditional(row.events_1, row.n_1, row.events_2, row.n_2).moments(pooled.y) for row in rows
    ]
    expected, v = np.array(moments, dtype=np.float64).T
    events = np.array([row.events_1 for row in rows], dtype=np.float64)
    return _ranked("Schwarzer", (events - expected) / np.sqrt(v), 1 / v)


_TABLE_TESTS: Mapping[str, Callable[[Sequence[BinaryRow]], AsymmetryTest | Refusal]] = (
    MappingProxyType(
        {"Harbord": _harbord, "Peters": _peters, "Macaskill": _macaskill, "Deeks": _deeks,
         "Schwarzer": _schwarzer}
    )
)  # fmt: skip
