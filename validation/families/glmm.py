"""Families ``glmm`` and ``meta.ciprop``: logistic models, intervals of one proportion."""

from __future__ import annotations

from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
    given,
    logit,
    without_none,
    word,
)
from validation.families.rows import (
    shares,
)

from tamis.domain.results import (
    PooledResult,
)
from tamis.synthesis import (
    ProportionSettings,
    clopper_pearson,
    pool_proportions,
    wilson,
)


def glmm(inputs: Inputs, call: str) -> Outputs:
    if "PLO" not in call:
        model = " ".join(filter(None, (word(call, "measure"), word(call, "model"))))
        raise NotCoveredYet(f"the generalised linear mixed model {model}")
    common, student = word(call, "method") == "EE", word(call, "test", "z") == "t"
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


def interval_of_share(inputs: Inputs, call: str) -> Outputs:
    methods = {"CP": clopper_pearson, "WS": wilson}
    name = word(call, "method.ci")
    if name not in methods:
        raise NotCoveredYet(f"the interval {name} of one proportion")
    found = [methods[name](row.events, row.n) for row in shares(inputs)]
    return {
        "lower": [logit(one.low) for one in found],
        "upper": [logit(one.high) for one in found],
    }
