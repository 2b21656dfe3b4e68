"""Pooling counts by a generalised linear mixed model: the door, its result and its warnings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, stdtrit

from tamis.domain.errors import BadInput
from tamis.domain.results import Finding, Interval, PooledResult, ProportionRow, Refusal
from tamis.synthesis.fit import PREDICTION_NAMES
from tamis.synthesis.inverse_variance import FEW, PREDICTION_FROM
from tamis.synthesis.measures import measure_of
from tamis.synthesis.mixed.likelihood import GRID, Likelihood, limit, maximise, profile
from tamis.synthesis.mixed.models import (
    MODELS,
    ROWS,
    Data,
    MixedRow,
    MixedSettings,
    likelihood,
    prepare,
)
from tamis.synthesis.mixed.two_effects import SIGMA, TAU, LevelAndContrast
from tamis.synthesis.proportions import pool_proportions
from tamis.synthesis.scales import back
from tamis.synthesis.settings import confidence, normal_quantile

__all__ = ["MixedFit", "fit_by_model", "pool_by_model"]

#: Events of more than this share of people: CM.AL no longer stands for the odds ratio.
RARE = 0.1

NO_FINITE_HETEROGENEITY = Refusal(
    rule="no-finite-heterogeneity",
    message="The likelihood keeps rising as the studies are taken to differ more: nearly all of "
    "them stand at an end of what their margins allow. A common-effect model can be fitted.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedFit:
    """A fitted model on the log scale.

    ``se`` comes from the observed information in all parameters together, ``profile`` may be
    infinite. ``q_lr`` and ``q_wald`` compare the common-effect model with one effect per study (df
    ``q_df``); ``q_wald`` is over the studies whose own effect is finite, ``None`` for UM.RS.
    ``ll_null`` is the highest log-likelihood at the value of no effect, ``ll`` the highest at all.
    """

    k: int
    mu: float
    se: float
    tau2: float | None
    sigma2: float | None
    ll: float
    ll_null: float
    profile: tuple[float, float]
    i2: float | None
    h2: float | None
    q_lr: float
    q_wald: float | None
    q_df: int
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    event_share: float | None


@dataclass(frozen=True, slots=True)
class _Top:
    """Estimate, its standard error, variances, log-likelihood, profile as a function."""

    mu: float
    se: float
    tau2: float
    sigma2: float | None
    ll: float
    height: Callable[[float], float]


def fit_by_model(
    rows: Sequence[MixedRow],
    *,
    measure: str,
    model: str = "",
    settings: MixedSettings | None = None,
) -> MixedFit | Refusal:
    """Fit a model of counts: everything that ``pool_by_model`` shows, and more.

    Parameters and errors are those of ``pool_by_model``; measures OR, IRR and IRLN.

    Examples
    --------
    >>> from tamis.domain.results import SingleRateRow
    >>> rows = [SingleRateRow(study="a", events=3, time=100.0),
    ...         SingleRateRow(study="b", events=9, time=120.0)]
    >>> done = fit_by_model(rows, measure="IRLN", settings=MixedSettings(heterogeneity="EE"))
    >>> round(done.mu, 6), round(done.se, 6), round(done.q_lr, 4)
    (-2.908721, 0.288675, 2.1451)
    """
    settings = settings or MixedSettings()
    model = _model_of(measure, model)
    _check_kind(rows, measure)
    common = settings.heterogeneity == "EE"
    data = prepare(rows, measure, model, common_effect=common)
    if isinstance(data, Refusal):
        return data
    found, q_lr = (_two if model == "UM.RS" else _one)(data, model, settings)
    if isinstance(found, Refusal):
        return found
    z = normal_quantile(confidence(settings.level))
    low, high = (limit(found.height, (found.mu, found.ll), z, found.se, side) for side in (-1, 1))
    k = len(data.kept)
    w = 1 / data.own_variance
    gap = data.own - float((w * data.own).sum()) / float(w.sum()) if w.size else w
    return MixedFit(
        k=k,
        mu=found.mu,
        se=found.se,
        tau2=None if common else found.tau2,
        sigma2=found.sigma2,
        ll=found.ll,
        ll_null=min(found.ll, found.height(0.0)),
        profile=(low, high),
        i2=None if common else 100 * found.tau2 / (found.tau2 + data.typical),
        h2=None if common else 1 + found.tau2 / data.typical,
        q_lr=q_lr,
        q_wald=None if model == "UM.RS" else float((w * gap**2).sum()),
        q_df=k - 1,
        kept=data.kept,
        dropped=data.dropped,
        event_share=data.share,
    )


def _model_of(measure: str, model: str) -> str:
    known = MODELS.get(measure)
    if known is None:
        raise BadInput(
            f"there is no mixed model of counts for {measure}", f"use one of {', '.join(MODELS)}"
        )
    if model and model not in known:
        named = [name for name in known if name]
        raise BadInput(
            f"{model!r} is no model for {measure}",
            f"use one of {', '.join(named)}" if named else "leave the model empty: there is one",
        )
    return model or known[0]


def _check_kind(rows: Sequence[object], measure: str) -> None:
    wanted = ROWS.get(measure, ProportionRow)
    wrong = [row for row in rows if not isinstance(row, wanted)]
    if wrong:
        raise BadInput(
            f"{measure} is modelled from counts ({wanted.__name__}), not from "
            f"{type(wrong[0]).__name__}",
            "give the counts of every study, or pool effects with their variances",
        )


def _one(data: Data, model: str, settings: MixedSettings) -> tuple[_Top | Refusal, float]:
    common = settings.heterogeneity == "EE"
    at = likelihood(data, model)
    top = maximise(at, common_effect=common)
    if top.s >= GRID[-2]:
        return NO_FINITE_HETEROGENEITY, 0.0
    saturated = sum(float(arm.saturated().sum()) for arm in data.arms)
    found = _Top(
        mu=float(top.common[0]),
        se=math.sqrt(float(top.covariance[0, 0])),
        tau2=top.s**2,
        sigma2=None,
        ll=top.ll,
        height=profile(at, top, common_effect=common),
    )
    return found, max(0.0, 2 * (saturated - top.at_zero[1]))


def _two(data: Data, model: str, settings: MixedSettings) -> tuple[_Top | Refusal, float]:
    """Fit UM.RS; its saturated model has the studies' own effects on a random level of arm 2."""
    at = likelihood(data, model)
    equal = maximise(at, common_effect=False)
    first, both = np.array([1.0, 0.0]), np.ones(2)
    free = Likelihood(data.arms, both[None], both, first, np.zeros(len(data.kept)))
    q_lr = max(0.0, 2 * (maximise(free, common_effect=False).ll - equal.ll))
    if settings.heterogeneity == "EE":
        return _Top(
            mu=float(equal.common[0]),
            se=math.sqrt(float(equal.covariance[0, 0])),
            tau2=0.0,
            sigma2=equal.s**2,
            ll=equal.ll,
            height=profile(at, equal, common_effect=False),
        ), q_lr
    two = LevelAndContrast((data.arms[0], data.arms[1]), settings.nodes)
    top = two.maximise(float(equal.common[0]), float(equal.common[1]))
    if top.point[2] >= 2 * SIGMA[-1] or top.point[3] >= TAU[-1]:
        return NO_FINITE_HETEROGENEITY, 0.0
    return _Top(
        mu=float(top.point[0]),
        se=top.se,
        tau2=float(top.point[3] ** 2),
        sigma2=float(top.point[2] ** 2),
        ll=top.ll,
        height=two.profile(top),
    ), q_lr


def pool_by_model(
    rows: Sequence[MixedRow | ProportionRow],
    *,
    measure: str,
    model: str = "",
    settings: MixedSettings | None = None,
) -> PooledResult | Refusal:
    """Pool counts by a generalised linear mixed model (maximum likelihood), adding nothing to them.

    Parameters
    ----------
    rows
        Tables for OR, events in person-time of two arms for IRR and of one for IRLN, proportions
        for PLO.
    measure
        OR, IRR, IRLN or PLO (PR is the same).
    model
        For OR and IRR. ``UM.FS`` (default): binomial or Poisson arms, a fixed level per study,
        random effects on arms coded ±½. ``UM.RS``: the level is random too. ``CM.EL``: given each
        study's total of events, the exact conditional (non-central hypergeometric, for IRR
        binomial) distribution. ``CM.AL`` (OR): its binomial approximation for rare events.
    settings
        Heterogeneity, Wald quantile, prediction, level.

    Returns
    -------
    PooledResult or Refusal
        With the profile-likelihood interval, and the test of no effect that belongs to it (signed
        root of the likelihood ratio); the Wald interval stands in ``alternatives``. ``q`` is the
        likelihood ratio of one effect per study against one for all. ``i2`` comes from tau2.
        Studies without events, or with events in everybody, say nothing about a ratio and are
        left out with a warning that names them.

    Raises
    ------
    BadInput
        For counts that cannot be, an unknown model, rows of another kind.

    References
    ----------
    Turner et al. 2000, Stat Med 19:3417; Stijnen, Hamza & Özdemir 2010, Stat Med 29:3046; Jackson
    et al. 2018, Stat Med 37:1059.

    Examples
    --------
    >>> from tamis.domain.results import BinaryRow
    >>> rows = [BinaryRow(study=str(a), events_1=a, n_1=m, events_2=c, n_2=n)
    ...         for a, m, c, n in ((4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220))]
    >>> done = pool_by_model(rows, measure="OR", model="CM.EL")
    >>> done.method, round(done.estimate, 3), round(done.ci_low, 3), round(done.ci_high, 3)
    ('GLMM (CM.EL)', 0.243, 0.121, 0.488)
    """
    settings = settings or MixedSettings()
    if measure in ("PLO", "PR"):
        _model_of(measure, model)
        _check_kind(rows, measure)
        shares = [row for row in rows if isinstance(row, ProportionRow)]
        return pool_proportions(shares, settings=settings.of_proportions())
    counts = [row for row in rows if not isinstance(row, ProportionRow)]
    _check_kind(rows, measure)
    done = fit_by_model(counts, measure=measure, model=model, settings=settings)
    if isinstance(done, Refusal):
        return done
    return _result(done, measure, _model_of(measure, model), settings)


def _result(done: MixedFit, measure: str, model: str, settings: MixedSettings) -> PooledResult:
    kind, level = measure_of(measure), confidence(settings.level)
    common = settings.heterogeneity == "EE"
    half = done.se * _quantile(settings.test == "t", done.k, level)
    shown = None if common or done.k < PREDICTION_FROM else _prediction(done, settings, level)
    wald = Interval(
        low=back(kind.scale, done.mu - half),
        high=back(kind.scale, done.mu + half),
        method="Wald" if settings.test == "z" else "Wald with t",
        level=level,
    )
    root = math.copysign(math.sqrt(max(0.0, 2 * (done.ll - done.ll_null))), done.mu)
    tested = kind.null is not None
    name = "GLMM" + (f" ({model})" if model else "")
    return PooledResult(
        measure=measure,
        method=f"{name} with one common effect" if common else name,
        interval_method="profile likelihood",
        k=done.k,
        y=done.mu,
        se=done.se,
        y_low=done.profile[0],
        y_high=done.profile[1],
        estimate=back(kind.scale, done.mu),
        ci_low=back(kind.scale, done.profile[0]),
        ci_high=back(kind.scale, done.profile[1]),
        statistic=root if tested else None,
        df=None,
        p=float(chdtrc(1, root**2)) if tested else None,
        tau2=done.tau2,
        tau2_ci=None,
        i2=done.i2,
        h2=done.h2,
        q=done.q_lr,
        q_df=done.q_df,
        q_p=float(chdtrc(done.q_df, done.q_lr)),
        pi_low=None if shown is None else back(kind.scale, shown[0]),
        pi_high=None if shown is None else back(kind.scale, shown[1]),
        alternatives=(wald,),
        warnings=tuple(_warnings(done, measure, model, settings)),
        pi_method="" if shown is None else PREDICTION_NAMES[settings.prediction],
    )


def _prediction(
    done: MixedFit, settings: MixedSettings, level: float
) -> tuple[float, float] | None:
    if settings.prediction == "none" or done.tau2 is None:
        return None
    quantile = _quantile(settings.prediction == "V", done.k, level)
    half = quantile * math.sqrt(done.tau2 + done.se**2)
    return done.mu - half, done.mu + half


def _quantile(student: bool, k: int, level: float) -> float:
    return float(stdtrit(k - 1, (1 + level) / 2)) if student else normal_quantile(level)


def _warnings(done: MixedFit, measure: str, model: str, settings: MixedSettings) -> list[Finding]:
    """Say what a reader must know."""
    holds = (
        (
            "studies-without-information",
            "warning",
            "Studies in which nobody, or everybody, had the event say nothing about this ratio and "
            "are left out.",
            done.dropped,
            bool(done.dropped),
        ),
        (
            "few-studies",
            "warning",
            "Few studies: how much they differ is estimated badly, and with it the interval.",
            (),
            done.k < FEW and done.tau2 is not None,
        ),
        (
            "events-not-rare",
            "warning",
            "Events are not rare here, and the approximation CM.AL then estimates something nearer "
            "to a risk ratio: use CM.EL or UM.FS for the odds ratio.",
            (),
            model == "CM.AL" and done.event_share is not None and done.event_share > RARE,
        ),
        (
            "laplace",
            "note",
            "The two random effects were integrated by Laplace's approximation.",
            (),
            model == "UM.RS" and settings.nodes == 1 and done.tau2 is not None,
        ),
    )
    return [
        Finding(rule=rule, severity=severity, subject=measure, message=message, because=because)
        for rule, severity, message, because, yes in holds
        if yes
    ]
