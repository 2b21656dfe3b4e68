"""Common-effect pools of two-by-two tables that need no correction for empty cells.

Mantel & Haenszel 1959 with the variances of Robins, Breslow & Greenland 1986 (OR), Greenland &
Robins 1985 (RR), Sato, Greenland & Robins 1989 (RD); Yusuf 1985 for Peto.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import chdtrc, ndtr

from tamis.domain.results import BinaryRow, PooledResult, Refusal
from tamis.synthesis.inverse_variance import NO_DATA, ONE_STUDY
from tamis.synthesis.measures import measure_of
from tamis.synthesis.scales import back
from tamis.synthesis.settings import EffectSettings, confidence, normal_quantile
from tamis.synthesis.sizes.counts import Table, one_by_one, table_of
from tamis.synthesis.tau2 import Floats

__all__ = ["StrataFit", "association_test", "fit_strata", "homogeneity_tests", "pool_tables"]

#: Methods and the measures they pool.
METHODS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"MH": ("RR", "OR", "RD"), "PETO": ("OR", "PETO")}
)

#: Heterogeneity is looked at over the tables that say something, one zero corrected.
_Q_SETTINGS = EffectSettings(zero_cells="only0", drop_double_zero=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrataFit:
    """A pool of tables on the analysis scale; ``k_q`` tables carry the heterogeneity ``q``."""

    k: int
    k_q: int
    y: float
    se: float
    low: float
    high: float
    p: float
    q: float


@dataclass(frozen=True, slots=True)
class _Counts:
    """Cells a, b, c, d and margins of k tables, each an array of shape (k,)."""

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @property
    def n1(self) -> Floats:
        return self.a + self.b

    @property
    def n2(self) -> Floats:
        return self.c + self.d

    @property
    def total(self) -> Floats:
        return self.a + self.b + self.c + self.d

    @property
    def events(self) -> Floats:
        return self.a + self.c

    @property
    def expected(self) -> Floats:
        """Expected events in arm 1, given the margins."""
        return self.n1 * self.events / self.total

    @property
    def variance(self) -> Floats:
        """Hypergeometric variance of the events in arm 1."""
        rest = np.maximum(self.total - 1, 1)
        spread = self.n1 * self.n2 * self.events * (self.b + self.d)
        return spread / (self.total**2 * rest)


def fit_strata(
    rows: Sequence[BinaryRow], *, measure: str, method: str, level: str = "0.95"
) -> StrataFit | Refusal:
    """Pool tables on the analysis scale, by ``MH`` or ``PETO``.

    Returns
    -------
    StrataFit or Refusal
        ``no-information`` where the tables say nothing about the measure (no events, or no
        events in one arm for a ratio).
    """
    if measure not in METHODS.get(method, ()):
        return Refusal(
            rule="method-does-not-fit-measure",
            message=f"The method {method} does not pool the measure {measure}.",
        )
    if not rows:
        return NO_DATA
    return fit_tables([table_of(row) for row in rows], measure=measure, method=method, level=level)


def fit_tables(
    tables: Sequence[Table], *, measure: str, method: str, level: str = "0.95"
) -> StrataFit | Refusal:
    """Pool checked tables, whose cells need not be whole numbers."""
    counts = _Counts(*np.array(tables, dtype=np.float64).T)
    found = _peto(counts) if method == "PETO" else _MANTEL_HAENSZEL[measure](counts)
    if found is None:
        return Refusal(
            rule="no-information",
            message="The tables hold no information on this measure: an arm or a column is empty.",
        )
    y, variance = found
    q, k_q = _peto_q(counts, y) if method == "PETO" else _q(measure, counts, y)
    se = math.sqrt(variance)
    half = normal_quantile(confidence(level)) * se
    p = 2 * float(ndtr(-abs(y) / se)) if se > 0 else float(y == 0)
    return StrataFit(k=len(tables), k_q=k_q, y=y, se=se, low=y - half, high=y + half, p=p, q=q)


def pool_tables(
    rows: Sequence[BinaryRow], *, measure: str, method: str = "MH", level: str = "0.95"
) -> PooledResult | Refusal:
    """Pool two-by-two tables by Mantel-Haenszel or Peto, without correcting empty cells.

    Parameters
    ----------
    rows
        Tables of the studies; those without events carry no weight for ratios.
    measure
        RR, OR or RD for ``MH``; OR for ``PETO``.
    method
        ``MH`` or ``PETO``.
    level
        Confidence level.

    Returns
    -------
    PooledResult or Refusal
        A common-effect result: ``tau2`` is ``None``.

    References
    ----------
    Robins, Breslow & Greenland 1986; Greenland & Robins 1985; Sato, Greenland & Robins 1989;
    Yusuf 1985; Bradburn 2007 for when to use which.

    Examples
    --------
    >>> rows = [BinaryRow(study="a", events_1=1, n_1=20, events_2=0, n_2=20),
    ...         BinaryRow(study="b", events_1=4, n_1=40, events_2=2, n_2=41)]
    >>> round(pool_tables(rows, measure="OR").estimate, 3)
    2.729
    """
    if len(rows) == 1:
        return ONE_STUDY
    done = fit_strata(rows, measure=measure, method=method, level=level)
    if isinstance(done, Refusal):
        return done
    scale = measure_of(measure).scale
    df = max(done.k_q - 1, 0)
    return PooledResult(
        measure=measure,
        method="Mantel-Haenszel" if method == "MH" else "Peto",
        interval_method="Wald",
        k=done.k,
        y=done.y,
        se=done.se,
        y_low=done.low,
        y_high=done.high,
        estimate=back(scale, done.y),
        ci_low=back(scale, done.low),
        ci_high=back(scale, done.high),
        statistic=done.y / done.se if done.se > 0 else None,
        df=None,
        p=done.p,
        tau2=None,
        tau2_ci=None,
        i2=100 * max(0.0, 1 - df / done.q) if df and done.q > 0 else (0.0 if df else None),
        h2=done.q / df if df else None,
        q=done.q if df else None,
        q_df=df or None,
        q_p=float(chdtrc(df, done.q)) if df else None,
        pi_low=None,
        pi_high=None,
    )


def _mh_odds_ratio(t: _Counts) -> tuple[float, float] | None:
    r, s = t.a * t.d / t.total, t.b * t.c / t.total
    sum_r, sum_s = float(r.sum()), float(s.sum())
    if sum_r == 0 or sum_s == 0:
        return None
    p, q = (t.a + t.d) / t.total, (t.b + t.c) / t.total
    variance = (
        float((p * r).sum()) / (2 * sum_r**2)
        + float((p * s + q * r).sum()) / (2 * sum_r * sum_s)
        + float((q * s).sum()) / (2 * sum_s**2)
    )
    return math.log(sum_r / sum_s), variance


def _mh_risk_ratio(t: _Counts) -> tuple[float, float] | None:
    r, s = float((t.a * t.n2 / t.total).sum()), float((t.c * t.n1 / t.total).sum())
    if r == 0 or s == 0:
        return None
    spread = (t.n1 * t.n2 * t.events - t.a * t.c * t.total) / t.total**2
    return math.log(r / s), float(spread.sum()) / (r * s)


def _mh_risk_difference(t: _Counts) -> tuple[float, float] | None:
    weight = float((t.n1 * t.n2 / t.total).sum())
    rd = float(((t.a * t.n2 - t.c * t.n1) / t.total).sum()) / weight
    p = (t.n1**2 * t.c - t.n2**2 * t.a + t.n1 * t.n2 * (t.n2 - t.n1) / 2) / t.total**2
    q = (t.a * (t.n2 - t.c) + t.c * (t.n1 - t.a)) / (2 * t.total)
    return rd, max(0.0, (rd * float(p.sum()) + float(q.sum())) / weight**2)


def _peto(t: _Counts) -> tuple[float, float] | None:
    v = float(t.variance.sum())
    return (float((t.a - t.expected).sum()) / v, 1 / v) if v > 0 else None


_MANTEL_HAENSZEL: Mapping[str, Callable[[_Counts], tuple[float, float] | None]] = MappingProxyType(
    {"OR": _mh_odds_ratio, "RR": _mh_risk_ratio, "RD": _mh_risk_difference}
)


def _peto_q(t: _Counts, y: float) -> tuple[float, int]:
    informative = t.variance > 0
    gap, v = (t.a - t.expected)[informative], t.variance[informative]
    return max(0.0, float((gap**2 / v).sum()) - y**2 * float(v.sum())), int(informative.sum())


def _q(measure: str, t: _Counts, y: float) -> tuple[float, int]:
    """Cochran's Q about the pooled value; here, and only here, tables with one zero get 0.5."""
    tables = zip(t.a.tolist(), t.b.tolist(), t.c.tolist(), t.d.tolist(), strict=True)
    found = [pair for pair in one_by_one(measure, tuple(tables), _Q_SETTINGS) if pair is not None]
    return sum((one - y) ** 2 / v for one, v, _ in found), len(found)


def association_test(
    rows: Sequence[BinaryRow], *, correct: bool = True
) -> tuple[float, float] | None:
    """Cochran-Mantel-Haenszel chi-square (1 df) and its p; ``None`` without informative tables."""
    counts = _Counts(*np.array([table_of(row) for row in rows], dtype=np.float64).T)
    v = float(counts.variance.sum())
    if v == 0:
        return None
    gap = abs(float((counts.a - counts.expected).sum()))
    chi = max(0.0, gap - (0.5 if correct else 0.0)) ** 2 / v
    return chi, float(chdtrc(1, chi))


def homogeneity_tests(rows: Sequence[BinaryRow]) -> dict[str, tuple[float, int, float | None]]:
    """Breslow-Day and Tarone tests that the odds ratio is the same in all tables.

    Returns
    -------
    dict
        ``{"breslow-day": (chi-square, df, p), "tarone": …}``; empty where the pooled odds ratio
        is not defined; p is ``None`` with a single informative table.
    """
    counts = _Counts(*np.array([table_of(row) for row in rows], dtype=np.float64).T)
    found = _mh_odds_ratio(counts)
    if found is None:
        return {}
    fitted = _fitted_events(counts, math.exp(found[0]))
    cells = (fitted, counts.events - fitted, counts.n1 - fitted,
             counts.n2 - counts.events + fitted)  # fmt: skip
    informative = np.all(np.array(cells) > 0, axis=0) & (counts.variance > 0)
    inverse = sum((1 / cell[informative] for cell in cells), np.zeros(int(informative.sum())))
    variance = 1 / inverse
    gap = (counts.a - fitted)[informative]
    breslow_day = float((gap**2 / variance).sum())
    tarone = breslow_day - float(gap.sum()) ** 2 / float(variance.sum())
    df = int(informative.sum()) - 1
    return {
        name: (chi, df, float(chdtrc(df, max(chi, 0.0))) if df > 0 else None)
        for name, chi in (("breslow-day", breslow_day), ("tarone", tarone))
    }


def _fitted_events(t: _Counts, psi: float) -> Floats:
    """Events in arm 1 that have the odds ratio ``psi`` under each table's margins."""
    a = 1 - psi
    b = psi * (t.n1 + t.events) + t.n2 - t.events
    c = -psi * t.n1 * t.events
    if abs(a) < 1e-12:
        return np.asarray(-c / b)
    root = np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0))
    return np.asarray(2 * c / (-b - root))
