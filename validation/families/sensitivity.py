"""Family ``sensitivity``: studies left out or added, influence, shrunken effects."""

from __future__ import annotations

from collections.abc import Sequence

from validation.families.cases import Inputs, NotCoveredYet, Outputs, given, pooling, word
from validation.families.rows import as_effects

from tamis.synthesis.sensitivity import (
    Shrunken,
    Step,
    cumulative,
    influence,
    leave_one_out,
    shrink,
)


def sensitivity(inputs: Inputs, call: str) -> Outputs:
    """Answer leave1out, cumul, influence or blup."""
    rows, settings = as_effects(inputs), pooling(method=word(call, "method"), test="z")
    if call.startswith("leave1out"):
        return _steps(leave_one_out(rows, settings=settings))
    if call.startswith("cumul"):
        return _steps(cumulative(rows, settings=settings))
    if call.startswith("blup"):
        found: Sequence[Shrunken] = given(shrink(rows, settings=settings))
        return {
            "pred": [one.estimate for one in found],
            "se": [one.se for one in found],
            "pi_lb": [one.low for one in found],
            "pi_ub": [one.high for one in found],
        }
    if not call.startswith("influence"):
        raise NotCoveredYet(call)
    told = influence(rows, settings=settings)
    return {
        "rstudent": [one.rstudent for one in told],
        "dffits": [one.dffits for one in told],
        "cook_d": [one.cook for one in told],
        "cov_r": [one.cov_ratio for one in told],
        "tau2_del": [one.tau2_without for one in told],
        "QE_del": [one.q_without for one in told],
        "hat": [one.hat for one in told],
        "weight": [one.weight for one in told],
        "dfbs": [one.dfbetas for one in told],
    }


def _tau2(found: Sequence[Step]) -> list[float] | None:
    if all(one.tau2 is None for one in found):
        return None
    return [0.0 if one.tau2 is None else one.tau2 for one in found]


def _steps(found: Sequence[Step]) -> Outputs:
    """One study alone has no heterogeneity; the oracle writes 0 (tau2, I2) there."""
    return {
        "estimate": [one.mu for one in found],
        "se": [one.se for one in found],
        "pval": [one.p for one in found],
        "ci_lb": [one.low for one in found],
        "ci_ub": [one.high for one in found],
        "Q": [0.0 if one.q is None else one.q for one in found],
        "tau2": _tau2(found),
        "I2": [0.0 if one.i2 is None else one.i2 for one in found],
        "H2": [1.0 if one.h2 is None else one.h2 for one in found],
    }
