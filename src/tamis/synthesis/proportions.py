"""Pooling of single-arm proportions: the door to the random-intercept logistic model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import chdtrc, stdtrit, xlogy

from tamis.domain.results import Finding, Interval, PooledResult, ProportionRow, Refusal
from tamis.synthesis.fit import PREDICTION_NAMES
from tamis.synthesis.glmm import GlmmFit, fit_logit
from tamis.synthesis.inverse_variance import FEW, NO_DATA, ONE_STUDY, PREDICTION_FROM
from tamis.synthesis.scales import back
from tamis.synthesis.settings import ProportionSettings, confidence, normal_quantile
from tamis.synthesis.sizes.counts import check_counts
from tamis.synthesis.tau2 import Floats

__all__ = ["pool_proportions"]

_NO_EVENTS = Refusal(
    rule="nothing-to-model",
    message="No study had an event, or in every study everybody had one: the model has no finite "
    "estimate. Read each study's exact interval.",
)

_RUNS_AWAY = Refusal(
    rule="nothing-to-model",
    message="Every study is empty or full: the likelihood rises without end as the studies are "
    "taken to differ more, so there is no estimate. Read each study's exact interval.",
)


def pool_proportions(
    rows: Sequence[ProportionRow], *, settings: ProportionSettings | None = None
) -> PooledResult | Refusal:
    """Pool proportions of one arm by a random-intercept logistic model (maximum likelihood).

    Rows with no event, or with events in everybody, enter as they are: nothing is added.

    Parameters
    ----------
    rows
        Events of n people, one row a study.
    settings
        Quadrature nodes, heterogeneity, level.

    Returns
    -------
    PooledResult or Refusal
        ``estimate``, ``ci_low``, ``ci_high`` are proportions, with the profile-likelihood
        interval; the Wald interval stands in ``alternatives``. ``y`` and ``se`` are logits,
        ``q`` is the likelihood-ratio statistic against one proportion per study, ``i2`` comes
        from tau2. There is no test, since no value of a proportion means "no effect".

    Raises
    ------
    BadInput
        For counts that cannot be, naming the study.

    References
    ----------
    Stijnen, Hamza & Özdemir 2010, Stat Med 29:3046; Lin & Chu 2020.

    Examples
    --------
    >>> rows = [ProportionRow(study=s, events=x, n=n)
    ...         for s, x, n in (("a", 36, 81), ("b", 9, 12), ("c", 3, 3), ("d", 7, 9))]
    >>> done = pool_proportions(rows)
    >>> [round(x, 4) for x in (done.estimate, done.ci_low, done.ci_high)]
    [0.6743, 0.433, 0.9289]
    """
    settings = settings or ProportionSettings()
    for row in rows:
        check_counts(row.events, row.n, row.study)
    if len(rows) < 2:
        return ONE_STUDY if rows else NO_DATA
    x = np.array([row.events for row in rows], dtype=np.float64)
    n = np.array([row.n for row in rows], dtype=np.float64)
    if x.sum() in (0, n.sum()):
        return _NO_EVENTS
    if settings.heterogeneity == "ML" and np.all((x == 0) | (x == n)):
        return _RUNS_AWAY
    return _result(fit_logit(x, n, settings), x, n, settings)


def _result(done: GlmmFit, x: Floats, n: Floats, settings: ProportionSettings) -> PooledResult:
    k, level = x.size, confidence(settings.level)
    common = settings.heterogeneity == "EE"
    typical = _typical_variance(x, n)
    q = _likelihood_ratio(x, n)
    half = done.se * _quantile(settings.test == "t", k, level)
    prediction = None if common or k < PREDICTION_FROM else _prediction(done, settings, k, level)
    wald = Interval(
        low=back("logit", done.mu - half),
        high=back("logit", done.mu + half),
        method="Wald" if settings.test == "z" else "Wald with t",
        level=level,
    )
    return PooledResult(
        measure="PR",
        method="GLMM" if not common else "GLMM with one common proportion",
        interval_method="profile likelihood",
        k=k,
        y=done.mu,
        se=done.se,
        y_low=done.profile[0],
        y_high=done.profile[1],
        estimate=back("logit", done.mu),
        ci_low=back("logit", done.profile[0]),
        ci_high=back("logit", done.profile[1]),
        statistic=None,
        df=None,
        p=None,
        tau2=None if common else done.tau2,
        tau2_ci=None,
        i2=None if common else 100 * done.tau2 / (done.tau2 + typical),
        h2=None if common else (done.tau2 + typical) / typical,
        q=q,
        q_df=k - 1,
        q_p=float(chdtrc(k - 1, q)),
        pi_low=None if prediction is None else back("logit", prediction[0]),
        pi_high=None if prediction is None else back("logit", prediction[1]),
        alternatives=(wald,),
        warnings=tuple(_warnings(k)),
        pi_method="" if prediction is None else PREDICTION_NAMES[settings.prediction],
    )


def _prediction(
    done: GlmmFit, settings: ProportionSettings, k: int, level: float
) -> tuple[float, float] | None:
    if settings.prediction == "none":
        return None
    half = _quantile(settings.prediction == "V", k, level) * math.hypot(
        math.sqrt(done.tau2), done.se
    )
    return done.mu - half, done.mu + half


def _quantile(student: bool, k: int, level: float) -> float:
    return float(stdtrit(k - 1, (1 + level) / 2)) if student else normal_quantile(level)


def _typical_variance(x: Floats, n: Floats) -> float:
    """Higgins & Thompson's typical variance of the logits, 0.5 added to empty or full studies."""
    edge = ((x == 0) | (x == n)) * 0.5
    w = 1 / (1 / (x + edge) + 1 / (n - x + edge))
    return float((x.size - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum()))


def _likelihood_ratio(x: Floats, n: Floats) -> float:
    """Twice the log-likelihood of one proportion a study above that of one proportion for all."""
    p, common = x / n, x.sum() / n.sum()
    gain = xlogy(x, p) + xlogy(n - x, 1 - p) - xlogy(x, common) - xlogy(n - x, 1 - common)
    return max(0.0, 2 * float(gain.sum()))


def _warnings(k: int) -> list[Finding]:
    said = [
        (
            "no-comparator",
            "note",
            "One arm only: without a comparator this is no effect of the intervention.",
        )
    ]
    if k < FEW:
        said.append(
            (
                "few-studies",
                "warning",
                "Few studies: how much they differ is estimated badly, and with it the interval.",
            )
        )
    return [
        Finding(rule=rule, severity=severity, subject="PR", message=message)
        for rule, severity, message in said
    ]
