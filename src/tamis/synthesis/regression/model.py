"""Mixed-effects meta-regression: coefficients, tests, residual heterogeneity, what is explained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc, ndtr, stdtr, stdtrit

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Finding, Refusal
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.least_squares import Regression, Solved, solve
from tamis.synthesis.modes import Floats
from tamis.synthesis.regression.design import Design
from tamis.synthesis.regression.tau2 import residual_tau2
from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile
from tamis.synthesis.tau2 import estimate_tau2

__all__ = ["Coefficient", "Prediction", "RegressionResult", "regress"]

#: Fewer studies than this for each covariate carry a warning (Handbook, 10.11.4).
STUDIES_PER_COVARIATE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One coefficient on the analysis scale, with its interval and its test of zero."""

    name: str
    estimate: float
    se: float
    low: float
    high: float
    statistic: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The mean effect at given covariates, and where a new study's effect would lie."""

    estimate: float
    se: float
    low: float
    high: float
    pi_low: float
    pi_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionResult:
    """A meta-regression on the analysis scale; ``None`` is "not defined" and never 0.

    ``qm`` tests all coefficients but the intercept (chi² with ``qm_df[0]``, or F where the second
    degree of freedom is given). ``r2`` is the percentage of tau2 that the covariates explain.
    """

    k: int
    method: str
    test: str
    coefficients: tuple[Coefficient, ...]
    df: float | None
    tau2: float | None
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float
    qm: float | None
    qm_df: tuple[int, int | None]
    qm_p: float | None
    r2: float | None
    covariance: tuple[tuple[float, ...], ...]
    ll: float
    design: Design
    level: float
    warnings: tuple[Finding, ...] = ()

    def predict(self, values: Sequence[float]) -> Prediction:
        """Return the mean effect and its prediction interval for one row of the design.

        Parameters
        ----------
        values
            One number a coefficient, the intercept's 1 included (``Design.row`` makes it).
        """
        at = np.asarray(values, dtype=np.float64)
        if at.size != len(self.coefficients):
            raise BadInput(
                f"{at.size} values for {len(self.coefficients)} coefficients",
                f"give {', '.join(one.name for one in self.coefficients)}",
            )
        mean = float(at @ np.array([one.estimate for one in self.coefficients]))
        variance = float(at @ np.array(self.covariance) @ at)
        c = _quantile(self.df, self.level)
        half, reach = c * math.sqrt(variance), c * math.sqrt(variance + (self.tau2 or 0.0))
        return Prediction(
            estimate=mean,
            se=math.sqrt(variance),
            low=mean - half,
            high=mean + half,
            pi_low=mean - reach,
            pi_high=mean + reach,
        )


def regress(
    rows: Sequence[EffectRow], design: Design, *, settings: PoolSettings | None = None
) -> RegressionResult | Refusal:
    """Regress effects on covariates of the studies.

    Parameters
    ----------
    rows
        Effects and sampling variances on the analysis scale, in the order of the design.
    design
        From ``design_of``; its columns are independent.
    settings
        ``method`` (estimator of the residual tau2 or FE) and ``test``: ``z``, ``knha``, ``adhoc``
        (Knapp-Hartung with the floor max(1, q); the default beside FE). Others are refused.

    Returns
    -------
    RegressionResult or Refusal
        Refused with no more studies than coefficients.

    References
    ----------
    Knapp & Hartung 2003; Thompson & Higgins 2002; Raudenbush 2009.

    Examples
    --------
    >>> from tamis.synthesis.regression.design import design_of
    >>> rows = [EffectRow(study=str(i), y=y, v=v) for i, (y, v) in enumerate(
    ...     [(.1, .02), (.3, .03), (.5, .05), (.2, .02), (.8, .04)])]
    >>> done = regress(rows, design_of({"x": [1, 2, 3, 4, 5]}), settings=PoolSettings(test="z"))
    >>> [round(one.estimate, 4) for one in done.coefficients], round(done.r2, 1)
    ([-0.0017, 0.1181], 42.6)
    """
    settings = settings or PoolSettings()
    check_rows(rows)
    _check_settings(settings)
    x = design.matrix()
    k, p = x.shape
    if k != len(rows):
        raise BadInput(f"{len(rows)} effects and {k} rows of covariates", "give one row a study")
    if k <= p:
        return Refusal(
            rule="too-few-studies",
            message=f"{p} coefficients cannot be estimated from {k} studies.",
        )
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    stopping = settings.stopping
    tau2 = float(residual_tau2(settings.method, y[None], v[None], x[None], stopping=stopping)[0])
    return _result(y, v, x, tau2=tau2, settings=settings, design=design)


def _check_settings(settings: PoolSettings) -> None:
    if settings.test not in ("auto", "z", "knha", "adhoc"):
        raise BadInput(
            f"the interval {settings.test!r} is not made for regressions", "use z, knha or adhoc"
        )


def _result(
    y: Floats, v: Floats, x: Floats, *, tau2: float, settings: PoolSettings, design: Design
) -> RegressionResult:
    k, p = x.shape
    common, level = settings.method == "FE", confidence(settings.level)
    done, fixed = solve(y, x, 1 / (v + tau2)), solve(y, x, 1 / v)
    q, df = float(fixed.q), k - p
    scaled = float(done.q) / df
    student = settings.resolved_test != "z"
    factor = {"z": 1.0, "knha": scaled, "adhoc": max(1.0, scaled)}[settings.resolved_test]
    covariance = done.covariance * factor
    free = float(df) if student else None
    typical = df / float(fixed.trace)
    qm, qm_df, qm_p = _moderators(done.beta, covariance, design, df if student else None)
    likelihood = Regression(y[None], v[None], x[None], restricted=False)
    ll = float(likelihood.height(np.array([tau2]))[0]) - 0.5 * k * math.log(2 * math.pi)
    return RegressionResult(
        k=k,
        method=settings.method,
        test=settings.resolved_test,
        coefficients=_coefficients(design, done, covariance, free, level),
        df=free,
        tau2=None if common else tau2,
        i2=100 * max(0.0, (q - df) / q) if common and q > 0 else 100 * tau2 / (tau2 + typical),
        h2=q / df if common else (tau2 + typical) / typical,
        q=q,
        q_df=df,
        q_p=float(chdtrc(df, q)),
        qm=qm,
        qm_df=qm_df,
        qm_p=qm_p,
        r2=None if common or not design.intercept else _explained(y, v, tau2, settings),
        covariance=tuple(tuple(float(c) for c in line) for line in covariance),
        ll=ll,
        design=design,
        level=level,
        warnings=_warnings(k, p - design.intercept),
    )


def _coefficients(
    design: Design, done: Solved, covariance: Floats, df: float | None, level: float
) -> tuple[Coefficient, ...]:
    c = _quantile(df, level)
    found = []
    for at, name in enumerate(design.names):
        estimate, se = float(done.beta[at]), math.sqrt(float(covariance[at, at]))
        statistic = estimate / se if se > 0 else math.copysign(math.inf, estimate)
        tail = ndtr(-abs(statistic)) if df is None else stdtr(df, -abs(statistic))
        found.append(
            Coefficient(
                name=name,
                estimate=estimate,
                se=se,
                low=estimate - c * se,
                high=estimate + c * se,
                statistic=statistic,
                p=float(2 * tail),
            )
        )
    return tuple(found)


def _moderators(
    beta: Floats, covariance: Floats, design: Design, df: int | None
) -> tuple[float | None, tuple[int, int | None], float | None]:
    """Test all coefficients but the intercept at once."""
    first = int(design.intercept)
    some, part = beta[first:], covariance[first:, first:]
    m = some.size
    if m == 0:
        return None, (0, df), None
    wald = float(some @ np.linalg.solve(part, some))
    if df is None:
        return wald, (m, None), float(chdtrc(m, wald))
    return wald / m, (m, df), float(fdtrc(m, df, wald / m))


def _explained(y: Floats, v: Floats, tau2: float, settings: PoolSettings) -> float:
    """Return the percentage of tau2 that went away with the covariates (Raudenbush 2009)."""
    method, stopping = settings.method, settings.stopping
    before = float(estimate_tau2(method, y[None], v[None], stopping=stopping)[0])
    return 100 * max(0.0, (before - tau2) / before) if before > 0 else 0.0


def _quantile(df: float | None, level: float) -> float:
    return normal_quantile(level) if df is None else float(stdtrit(df, (1 + level) / 2))


def _warnings(k: int, covariates: int) -> tuple[Finding, ...]:
    if covariates == 0 or k >= STUDIES_PER_COVARIATE * covariates:
        return ()
    return (
        Finding(
            rule="few-studies-per-covariate",
            severity="warning",
            subject="regression",
            message=f"{k} studies for {covariates} "
            f"{'covariate' if covariates == 1 else 'covariates'}: fewer than "
            f"{STUDIES_PER_COVARIATE} each, so a slope may be chance. A relation between studies "
            "is none between people.",
        ),
    )
