"""One pooled model on the analysis scale: estimate, interval, heterogeneity, prediction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import chdtrc, chdtri, ndtr, stdtr, stdtrit

from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile
from tamis.synthesis.stopping import HIGHEST, stopped_limit
from tamis.synthesis.tau2 import (
    Floats,
    estimate_tau2,
    generalised_q,
    log_likelihood,
    tau2_standard_error,
    tau2_where_q_is,
)

__all__ = ["INTERVAL_NAMES", "PREDICTION_NAMES", "Fit", "fit"]

#: Names that are printed for each test (settings.TESTS).
INTERVAL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "z": "Wald",
        "knha": "Hartung-Knapp",
        "adhoc": "Hartung-Knapp with floor",
        "adhoc-ci": "wider of Hartung-Knapp and Wald",
        "kr": "Kenward-Roger",
    }
)

#: Names that are printed for each prediction interval (settings.PREDICTIONS).
PREDICTION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "V": "t with one degree of freedom fewer than studies",
        "HTS": "Higgins-Thompson-Spiegelhalter",
        "HK": "t with the Hartung-Knapp standard error",
        "S": "normal",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A pooled model on its analysis scale; ``None`` is "not defined" and never 0.

    ``wald`` is the normal interval and ``floored`` the Hartung-Knapp one with its floor, both kept
    beside whatever ``test`` gave. ``hk_ratio`` is
    q = Q(tau2)/(k−1), which the floor of the ad hoc rule raises to 1. ``ll`` is the full-data
    log-likelihood (not the restricted one) at the estimate.
    """

    k: int
    method: str
    test: str
    mu: float
    se: float
    statistic: float
    df: float | None
    p: float
    low: float
    high: float
    wald: tuple[float, float]
    floored: tuple[float, float]
    tau2: float | None
    tau2_se: float | None
    tau2_ci: tuple[float, float] | None
    i2: float
    i2_ci: tuple[float, float] | None
    h2: float
    q: float
    q_df: int
    q_p: float
    prediction: tuple[float, float] | None
    weights: tuple[float, ...]
    hk_ratio: float
    ll: float
    parameters: int

    @property
    def aicc(self) -> float:
        """AIC with the small-sample correction, on the log-likelihood ``ll``."""
        p = self.parameters
        n = max(self.k, p + 2)
        return -2 * self.ll + 2 * p * n / (n - p - 1)


def fit(y: Floats, v: Floats, settings: PoolSettings, *, about: float | None = None) -> Fit:
    """Fit the common-effect or random-effects model.

    Parameters
    ----------
    y, v : array of shape (k,)
        Effects and variances, k ≥ 2, v > 0, all finite (``pool`` checks).
    settings
        Estimator, test, prediction, level.
    about
        Centre of Cochran's Q, for DL also of its estimate; default the inverse-variance mean.

    References
    ----------
    Hartung & Knapp 2001; Knapp & Hartung 2003 and Röver 2015 (floor); Partlett & Riley 2017
    (Kenward-Roger); Higgins & Thompson 2002 (I², H²); Viechtbauer 2007 (Q-profile).
    """
    level, k = confidence(settings.level), y.size
    common = settings.method == "FE"
    q = _cochran(y, v, about)
    tau2 = 0.0 if common else _tau2(y, v, settings, q if about is not None else None)
    w = 1 / (v + tau2)
    s1 = float(w.sum())
    mu = float((w * y).sum()) / s1
    hk_ratio = float((w * (y - mu) ** 2).sum()) / (k - 1)
    se, df, half = _interval(settings.resolved_test, w, hk_ratio, level)
    wald = normal_quantile(level) / math.sqrt(s1)
    floored = _quantile(k - 1.0, level) * _standard_error("adhoc", w, hk_ratio)[0]
    statistic, p = _test_of_zero(mu, se, df)
    reach = None if common else _reach(settings, k, level, tau2=tau2, s1=s1, hk_ratio=hk_ratio)
    spread = _heterogeneity(y, v, q, settings=settings, tau2=None if common else tau2)
    ll = float(log_likelihood(y, v, np.asarray(tau2), restricted=False))
    return Fit(
        k=k,
        method=settings.method,
        test=settings.resolved_test,
        mu=mu,
        se=se,
        statistic=statistic,
        df=df,
        p=p,
        low=mu - half,
        high=mu + half,
        wald=(mu - wald, mu + wald),
        floored=(mu - floored, mu + floored),
        tau2=None if common else tau2,
        tau2_se=None if common else tau2_standard_error(settings.method, v, tau2),
        tau2_ci=spread.tau2_ci,
        i2=spread.i2,
        i2_ci=spread.i2_ci,
        h2=spread.h2,
        q=q,
        q_df=k - 1,
        q_p=float(chdtrc(k - 1, q)),
        prediction=None if reach is None else (mu - reach, mu + reach),
        weights=tuple((100 * w / s1).tolist()),
        hk_ratio=hk_ratio,
        ll=ll - 0.5 * k * math.log(2 * math.pi),
        parameters=1 if common else 2,
    )


def _cochran(y: Floats, v: Floats, about: float | None) -> float:
    if about is not None:
        return float(((y - about) ** 2 / v).sum())
    return float(generalised_q(y[None], v[None], np.zeros(1))[0])


def _tau2(y: Floats, v: Floats, settings: PoolSettings, q: float | None) -> float:
    """Estimate tau2; DL from a Q about another centre than the inverse-variance mean."""
    if q is not None and settings.method == "DL":
        w = 1 / v
        s1 = float(w.sum())
        return max(0.0, (q - (y.size - 1)) / (s1 - float((w**2).sum()) / s1))
    method, stopping = settings.method, settings.stopping
    return float(estimate_tau2(method, y[None], v[None], stopping=stopping)[0])


@dataclass(frozen=True, slots=True)
class _Spread:
    i2: float
    h2: float
    tau2_ci: tuple[float, float] | None = None
    i2_ci: tuple[float, float] | None = None


def _heterogeneity(
    y: Floats, v: Floats, q: float, *, settings: PoolSettings, tau2: float | None
) -> _Spread:
    df = y.size - 1
    if tau2 is None:
        return _Spread(i2=100 * max(0.0, (q - df) / q) if q > 0 else 0.0, h2=q / df)
    typical = _typical_variance(v)
    level = confidence(settings.level)
    reach = max(HIGHEST, 10 * tau2) if settings.stopping == "metafor" else None
    low, high = _q_profile(y, v, level, reach)
    return _Spread(
        i2=_i2(tau2, typical),
        h2=(tau2 + typical) / typical,
        tau2_ci=(low, high),
        i2_ci=(_i2(low, typical), _i2(high, typical)),
    )


def _interval(
    test: str, w: Floats, hk_ratio: float, level: float
) -> tuple[float, float | None, float]:
    """Return standard error, degrees of freedom and half width."""
    se, df = _standard_error(test, w, hk_ratio)
    half = _quantile(df, level) * se
    if test == "adhoc-ci":
        plain = 1 / math.sqrt(float(w.sum()))
        wald = normal_quantile(level) * plain
        return (plain, None, wald) if half < wald else (se, df, half)
    return se, df, half


def _standard_error(test: str, w: Floats, hk_ratio: float) -> tuple[float, float | None]:
    s1, k = float(w.sum()), w.size
    match test:
        case "knha" | "adhoc-ci":
            return math.sqrt(hk_ratio / s1), k - 1.0
        case "adhoc":
            return math.sqrt(max(1.0, hk_ratio) / s1), k - 1.0
        case "kr":
            return _kenward_roger(w)
        case _:
            return 1 / math.sqrt(s1), None


def _kenward_roger(w: Floats) -> tuple[float, float]:
    s1, s2, s3 = (float((w**r).sum()) for r in (1, 2, 3))
    information = s2 / 2 - s3 / s1 + (s2 / s1) ** 2 / 2
    variance = 1 / s1 + (2 / information) * (s3 / s1**2 - s2**2 / s1**3)
    return math.sqrt(variance), 2 * information / (variance * s2) ** 2


def _test_of_zero(mu: float, se: float, df: float | None) -> tuple[float, float]:
    if se == 0:
        return (math.inf if mu > 0 else -math.inf, 0.0) if mu else (0.0, 1.0)
    statistic = mu / se
    tail = stdtr(df, -abs(statistic)) if df is not None else ndtr(-abs(statistic))
    return statistic, float(2 * tail)


def _quantile(df: float | None, level: float) -> float:
    return normal_quantile(level) if df is None else float(stdtrit(df, (1 + level) / 2))


def _q_profile(y: Floats, v: Floats, level: float, reach: float | None) -> tuple[float, float]:
    """Return the limits of tau2; with ``reach`` as far as metafor looks for them."""
    df, tail = y.size - 1, (1 - level) / 2
    targets = chdtri(df, np.array([tail, 1 - tail]))
    if reach is not None:
        return _stopped_q(y, v, float(targets[0]), reach), _stopped_q(
            y, v, float(targets[1]), reach
        )
    low, high = tau2_where_q_is(y[None], v[None], targets)
    return float(low), float(high)


def _stopped_q(y: Floats, v: Floats, target: float, reach: float) -> float:
    def above(tau2: float) -> float:
        return float(generalised_q(y[None], v[None], np.array([tau2]))[0]) - target

    return stopped_limit(above, 0.0, reach)


def _typical_variance(v: Floats) -> float:
    w = 1 / v
    s1, s2 = float(w.sum()), float((w**2).sum())
    return (v.size - 1) * s1 / (s1**2 - s2)


def _i2(tau2: float, typical: float) -> float:
    return 100 * tau2 / (tau2 + typical)


def _reach(
    settings: PoolSettings, k: int, level: float, *, tau2: float, s1: float, hk_ratio: float
) -> float | None:
    """Return half the width of the prediction interval, ``None`` where it is not defined."""
    df = {"V": k - 1, "HK": k - 1, "HTS": k - 2}.get(settings.prediction)
    if settings.prediction == "none" or (df is not None and df < 1):
        return None
    se2 = 1 / s1
    if settings.prediction == "HK":
        se2 *= max(1.0, hk_ratio) if settings.resolved_test == "adhoc" else hk_ratio
    return _quantile(df, level) * math.sqrt(tau2 + se2)
