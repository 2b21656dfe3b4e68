"""Families ``glmm`` and ``meta.ciprop``: mixed models of counts, intervals of one proportion."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from scipy.special import ndtr, stdtr
from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
    given,
    logit,
    without_none,
    word,
)
from validation.families.rows import rates, shares, single_rates, tables

from tamis.domain.results import Interval, PooledResult
from tamis.synthesis import (
    EffectSettings,
    ProportionSettings,
    clopper_pearson,
    effects,
    pool_proportions,
    wilson,
)
from tamis.synthesis.mixed import MixedFit, MixedSettings, fit_by_model, pool_by_model
from tamis.synthesis.shares import agresti_coull, wald_corrected, wilson_corrected

ROWS: Mapping[str, Callable[[Inputs], list[Any]]] = {
    "OR": tables,
    "IRR": rates,
    "IRLN": single_rates,
}


def glmm(inputs: Inputs, call: str) -> Outputs:
    measure, model = word(call, "measure"), word(call, "model")
    common, student = word(call, "method") == "EE", word(call, "test", "z") == "t"
    if measure == "PLO":
        return _proportions(inputs, common=common, student=student)
    if measure not in ROWS:
        raise NotCoveredYet(f"the generalised linear mixed model {measure} {model}".strip())
    settings = MixedSettings(heterogeneity="EE" if common else "ML", test="t" if student else "z")
    rows = ROWS[measure](inputs)
    done: MixedFit = given(fit_by_model(rows, measure=measure, model=model, settings=settings))
    shown: PooledResult = given(
        pool_by_model(rows, measure=measure, model=model, settings=settings)
    )
    wald, z = shown.alternatives[0], abs(done.mu / done.se)
    return without_none(
        {
            "beta": done.mu,
            "se": done.se,
            "pval": 2 * float(stdtr(done.k - 1, -z) if student else ndtr(-z)),
            "ci_lb": math.log(wald.low),
            "ci_ub": math.log(wald.high),
            "tau2": 0.0 if done.tau2 is None else done.tau2,
            "sigma2": done.sigma2,
            "I2": 0.0 if done.i2 is None else done.i2,
            "H2": 1.0 if done.h2 is None else done.h2,
            "QE_LRT": done.q_lr,
            "QE_Wld": done.q_wald,
        }
    )


def _proportions(inputs: Inputs, *, common: bool, student: bool) -> Outputs:
    settings = ProportionSettings(
        heterogeneity="EE" if common else "ML",
        test="t" if student else "z",
        prediction="V" if student else "S",
    )
    done: PooledResult = given(pool_proportions(shares(inputs), settings=settings))
    wald = done.alternatives[0]
    return without_none(
        {
            "beta": done.y,
            "se": done.se,
            "ci_lb": logit(wald.low),
            "ci_ub": logit(wald.high),
            "tau2": 0.0 if done.tau2 is None else done.tau2,
            "I2": 0.0 if done.i2 is None else done.i2,
            "H2": 1.0 if done.h2 is None else done.h2,
            "QE_LRT": done.q,
            "prob": done.estimate,
            "prob_lb": wald.low,
            "prob_ub": wald.high,
            "prob_pi_lb": done.pi_low,
            "prob_pi_ub": done.pi_high,
        }
    )


_OF_EFFECTS = {"NAsm": "PLO", "SA": "PR"}

#: Intervals of one proportion by the names that ``meta`` gives them.
_INTERVALS: Mapping[str, Callable[[float, float], Interval]] = {
    "CP": clopper_pearson,
    "WS": wilson,
    "WSCC": wilson_corrected,
    "AC": agresti_coull,
    "SACC": wald_corrected,
}


def interval_of_share(inputs: Inputs, call: str) -> Outputs:
    """Answer on the logit scale; ``NAsm`` and ``SA`` are the intervals of effects PLO and PR."""
    name = word(call, "method.ci")
    if name in _OF_EFFECTS:
        settings = EffectSettings(zero_cells="none" if name == "SA" else "only0")
        own = effects(_OF_EFFECTS[name], shares(inputs), settings=settings)
        return {
            "lower": [None if one.low is None else logit(max(0.0, one.low)) for one in own],
            "upper": [None if one.high is None else logit(min(1.0, one.high)) for one in own],
        }
    if name not in _INTERVALS:
        raise NotCoveredYet(f"the interval {name} of one proportion")
    found = [_INTERVALS[name](row.events, row.n) for row in shares(inputs)]
    return {
        "lower": [logit(one.low) for one in found],
        "upper": [logit(one.high) for one in found],
    }
