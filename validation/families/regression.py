"""Families ``metareg`` and ``permutest``: meta-regression."""

from __future__ import annotations

from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
    given,
    pooling,
    stopping_rule,
    without_none,
    word,
)
from validation.families.rows import as_effects

from tamis.synthesis.regression.design import Design
from tamis.synthesis.regression.diagnostics import diagnose, inflation
from tamis.synthesis.regression.model import RegressionResult, regress
from tamis.synthesis.regression.permutation import permute


def _design(inputs: Inputs) -> Design:
    names = tuple(inputs["colnames"])
    return Design(
        names=names,
        rows=tuple(tuple(float(cell) for cell in row) for row in inputs["X"]),
        terms=(),
        levels={},
        intercept=all(row[0] == 1 for row in inputs["X"]),
    )


def metareg(inputs: Inputs, call: str) -> Outputs:
    """Answer a regression, its inflation factors or its diagnostics."""
    rows, design = as_effects(inputs), _design(inputs)
    if call.startswith("cooks"):
        found = diagnose(rows, design, stopping=stopping_rule())
        return {
            "cook": list(found.cook),
            "rstudent": list(found.rstudent),
            "rstandard": list(found.rstandard),
            "hat": list(found.hat),
        }
    plain = call.startswith("vif")
    settings = pooling(
        method=word(call, "method", "REML"), test="z" if plain else word(call, "test", "z")
    )
    done: RegressionResult = given(regress(rows, design, settings=settings))
    if plain:
        return {"vif": list(inflation(done.covariance, intercept=design.intercept))}
    return without_none(
        {
            "k": done.k,
            "beta": [one.estimate for one in done.coefficients],
            "se": [one.se for one in done.coefficients],
            "zval": [one.statistic for one in done.coefficients],
            "pval": [one.p for one in done.coefficients],
            "ci_lb": [one.low for one in done.coefficients],
            "ci_ub": [one.high for one in done.coefficients],
            "df": done.df,
            "tau2": 0.0 if done.tau2 is None else done.tau2,
            "I2": done.i2,
            "H2": done.h2,
            "QE": done.q,
            "QEp": done.q_p,
            "QM": done.qm,
            "QMp": done.qm_p,
            "QMdf": list(done.qm_df),
            "R2": done.r2,
            "vcov": [list(line) for line in done.covariance],
        }
    )


def permutest(inputs: Inputs, call: str) -> Outputs:
    """Answer a permutation test; the oracle's is Monte Carlo but for very few studies."""
    if "permutest" not in call:
        raise NotCoveredYet(call)
    found = permute(as_effects(inputs), _design(inputs), settings=pooling(test="z"))
    return without_none({"pval": list(found.p), "QMp": found.moderators_p})
