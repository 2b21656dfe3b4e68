"""Pooling of two or more effects: the door, its refusals and its warnings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Finding, Interval, PooledResult, Refusal
from tamis.synthesis.fit import INTERVAL_NAMES, PREDICTION_NAMES, Fit, fit
from tamis.synthesis.measures import measure_of
from tamis.synthesis.scales import back
from tamis.synthesis.settings import LARGEST, PoolSettings, confidence

__all__ = ["NO_DATA", "ONE_STUDY", "check_rows", "fit_rows", "pool", "pooled_of"]

NO_DATA = Refusal(rule="no-data", message="No study gives data for this synthesis.")

ONE_STUDY = Refusal(
    rule="one-study",
    message="One study is not pooled: it is read alone, by methods for small samples.",
)

#: A prediction interval is shown from three studies on (Higgins, Thompson & Spiegelhalter 2009).
PREDICTION_FROM = 3

#: With two studies no interval is read alone: the Hartung-Knapp one stands beside the normal one.
TWO = 2

#: Fewer studies than this carry a warning (Handbook, 10.10.4).
FEW = 5


def check_rows(rows: Sequence[EffectRow]) -> None:
    """Refuse effects that are no numbers and variances that cannot be.

    Raises
    ------
    BadInput
        Naming the studies.
    """
    missing = [row.study for row in rows if not (math.isfinite(row.y) and math.isfinite(row.v))]
    if missing:
        raise BadInput(
            f"the effect or variance of {', '.join(missing)} is no number",
            "leave these studies out of the pool, with the reason",
        )
    impossible = [row.study for row in rows if row.v <= 0]
    if impossible:
        raise BadInput(
            f"the variance of {', '.join(impossible)} is not above zero",
            "check whether a missing standard error was recorded as zero",
        )
    extreme = [row.study for row in rows if abs(row.y) > LARGEST or not _in_reach(row.v)]
    if extreme:
        raise BadInput(
            f"the effect or variance of {', '.join(extreme)} is beyond what can be computed",
            "check the unit and the power of ten in the source",
        )


def _in_reach(v: float) -> bool:
    return 1 / LARGEST <= v <= LARGEST


def fit_rows(rows: Sequence[EffectRow], *, settings: PoolSettings | None = None) -> Fit | Refusal:
    """Fit the model on the analysis scale: everything that ``pool`` shows, and more.

    Parameters
    ----------
    rows
        Effects and variances.
    settings
        Estimator, test, prediction, level.

    Returns
    -------
    Fit or Refusal
        ``no-data`` for no row, ``one-study`` for one: tau2 is not estimable there, which is not 0.
    """
    check_rows(rows)
    if len(rows) < 2:
        return NO_DATA if not rows else ONE_STUDY
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    return fit(y, v, settings or PoolSettings())


def pool(
    rows: Sequence[EffectRow], *, measure: str, settings: PoolSettings | None = None
) -> PooledResult | Refusal:
    """Pool the effects of two or more studies.

    Parameters
    ----------
    rows
        Effects and sampling variances on the analysis scale of the measure.
    measure
        Name of the measure; it says how the result is transformed back.
    settings
        Default: REML with the Hartung-Knapp interval and its floor, the normal (Wald) interval
        beside it, Q-profile interval of tau2, prediction interval with t(k−1).

    Returns
    -------
    PooledResult or Refusal
        ``y``, ``se``, ``y_low``, ``y_high`` on the analysis scale; the rest as shown. ``i2`` is in
        percent and comes from tau2 (for the common-effect model from Q).

    Raises
    ------
    BadInput
        For effects that are no numbers and variances not above zero, naming the studies.

    References
    ----------
    Viechtbauer 2005 (REML); Röver 2015 (floor); Higgins & Thompson 2002; Viechtbauer 2007.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=v)
    ...         for s, y, v in (("a", 0.2, 0.04), ("b", 0.5, 0.05), ("c", 0.1, 0.06))]
    >>> done = pool(rows, measure="MD")
    >>> round(done.estimate, 4), done.interval_method
    (0.2703, 'Hartung-Knapp with floor')
    """
    settings = settings or PoolSettings()
    measure_of(measure)
    done = fit_rows(rows, settings=settings)
    return done if isinstance(done, Refusal) else pooled_of(done, measure, settings)


def pooled_of(
    done: Fit, measure: str, settings: PoolSettings, *, size: float | None = None
) -> PooledResult:
    """Return a fit as the result that reports show.

    ``size`` is the harmonic mean of people or time, for scales that need it (``size_of``).
    """
    scale, level = measure_of(measure).scale, confidence(settings.level)
    prediction = done.prediction if done.k >= PREDICTION_FROM else None
    wald, floored = (
        Interval(
            low=back(scale, low, size),
            high=back(scale, high, size),
            method=INTERVAL_NAMES[test],
            level=level,
        )
        for test, (low, high) in (("z", done.wald), ("adhoc", done.floored))
    )  # fmt: skip
    others = (wald,) if done.test != "z" else ()
    if done.test == "z" and done.k == TWO and done.tau2 is not None:
        others = (floored,)
    return PooledResult(
        measure=measure,
        method=done.method,
        interval_method=INTERVAL_NAMES[done.test],
        k=done.k,
        y=done.mu,
        se=done.se,
        y_low=done.low,
        y_high=done.high,
        estimate=back(scale, done.mu, size),
        ci_low=back(scale, done.low, size),
        ci_high=back(scale, done.high, size),
        statistic=done.statistic,
        df=done.df,
        p=done.p,
        tau2=done.tau2,
        tau2_ci=done.tau2_ci,
        i2=done.i2,
        h2=done.h2,
        q=done.q,
        q_df=done.q_df,
        q_p=done.q_p,
        pi_low=None if prediction is None else back(scale, prediction[0], size),
        pi_high=None if prediction is None else back(scale, prediction[1], size),
        alternatives=others,
        warnings=tuple(_warnings(done, measure, shown=prediction is not None)),
        i2_ci=done.i2_ci,
        pi_method="" if prediction is None else PREDICTION_NAMES[settings.prediction],
    )


#: What a reader must know about a pool: rule, severity, sentence, and when it holds.
_TWO = (
    "two-studies",
    "warning",
    "Two studies: with one degree of freedom the Hartung-Knapp interval is almost always too wide "
    "to inform, and the normal interval too narrow. Neither is to be read alone.",
)
_FEW = (
    "few-studies",
    "warning",
    "Few studies: the between-study variance is estimated badly, and with it every interval.",
)
_PREDICTION = (
    "prediction-few-studies",
    "warning",
    "A prediction interval from so few studies is a rough indication.",
)
_FLOOR = (
    "floor-active",
    "note",
    "The results of the studies are spread less than expected by chance, so the floor of the "
    "Hartung-Knapp interval was used.",
)
_NARROW = (
    "hk-narrower-than-wald",
    "warning",
    "The Hartung-Knapp interval without its floor is narrower than the normal one, which the data "
    "do not support.",
)
_OUTSIDE = (
    "tau2-outside-interval",
    "note",
    "The estimate of the between-study variance lies outside its Q-profile interval; the two rest "
    "on different weights.",
)


def _warnings(done: Fit, measure: str, *, shown: bool) -> list[Finding]:
    outside = (
        done.tau2 is not None
        and done.tau2_ci is not None
        and not done.tau2_ci[0] <= done.tau2 <= done.tau2_ci[1]
    )
    holds = (
        (_TWO, done.k == TWO),
        (_FEW, TWO < done.k < FEW),
        (_PREDICTION, shown and done.k < FEW),
        (_FLOOR, done.test == "adhoc" and done.hk_ratio < 1),
        (_NARROW, done.test == "knha" and done.high - done.low < done.wald[1] - done.wald[0]),
        (_OUTSIDE, outside),
    )
    return [
        Finding(rule=rule, severity=severity, subject=measure, message=message)
        for (rule, severity, message), yes in holds
        if yes
    ]
