"""Families ``rma.uni``, ``rma.uni.tight`` and ``tau2-ci``: inverse-variance pools."""

from __future__ import annotations

import math

from validation.families.cases import (
    Inputs,
    Outputs,
    given,
    pooling,
    stopping_rule,
    without_none,
    word,
)
from validation.families.rows import (
    as_effects,
)

from tamis.domain.results import (
    EffectRow,
    Interval,
)
from tamis.synthesis import (
    Fit,
    fit_rows,
    one_study,
)
from tamis.synthesis.tau2_profile import tau2_by_likelihood


def rma(inputs: Inputs, call: str) -> Outputs:
    test = word(call, "test", "z")
    settings = pooling(
        method=word(call, "method", "REML"), test=test, prediction="S" if test == "z" else "HK"
    )
    rows = as_effects(inputs)
    if len(rows) == 1:
        return _rma_alone(rows[0])
    done: Fit = given(fit_rows(rows, settings=settings))
    tau2_ci, i2_ci = done.tau2_ci or (None, None), done.i2_ci or (None, None)
    prediction = done.prediction or (None, None)
    return without_none(
        {
            "k": done.k,
            "beta": done.mu,
            "se": done.se,
            "stat": done.statistic,
            "zval": done.statistic,
            "pval": done.p,
            "ci_lb": done.low,
            "ci_ub": done.high,
            "df": done.df,
            "tau2": 0.0 if done.tau2 is None else done.tau2,
            "se_tau2": done.tau2_se,
            "I2": done.i2,
            "H2": done.h2,
            "QE": done.q,
            "QEp": done.q_p,
            "pi_lb": prediction[0],
            "pi_ub": prediction[1],
            "ll": done.ll,
            "AICc": done.aicc,
            "weights": list(done.weights),
            "tau2_qp_lb": tau2_ci[0],
            "tau2_qp_ub": tau2_ci[1],
            "I2_qp_lb": i2_ci[0],
            "I2_qp_ub": i2_ci[1],
        }
    )


def _rma_alone(row: EffectRow) -> Outputs:
    """One effect: tau2, I2, H2 and a prediction interval are not defined, so they are absent."""
    single = given(one_study(row, "GEN"))
    interval = single.intervals[0]
    return {
        "k": 1,
        "beta": single.estimate,
        "se": single.se,
        "stat": single.estimate / single.se,
        "zval": single.estimate / single.se,
        "pval": math.erfc(abs(single.estimate / single.se) / math.sqrt(2)),
        "ci_lb": interval.low,
        "ci_ub": interval.high,
        "df": None,
        "weights": [100.0],
    }


def tau2_interval(inputs: Inputs, call: str) -> Outputs:
    method = word(call, "method", "REML")
    done: Fit = given(fit_rows(as_effects(inputs), settings=pooling(method=method)))
    low, high = done.tau2_ci or (math.nan, math.nan)
    i2_low, i2_high = done.i2_ci or (math.nan, math.nan)
    three = [done.tau2 or 0.0, low, high]
    profile: Outputs = {}
    if method in ("REML", "ML"):
        found: Interval = given(
            tau2_by_likelihood(as_effects(inputs), method=method, stopping=stopping_rule())
        )
        profile = {"PL_tau2": [done.tau2 or 0.0, found.low, found.high]}
    return profile | {
        "QP": {
            "tau2": three,
            "tau": [math.sqrt(x) for x in three],
            "I2": [done.i2, i2_low, i2_high],
            "H2": [done.h2, 100 / (100 - i2_low), 100 / (100 - i2_high)],
        }
    }
