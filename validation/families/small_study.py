"""Families ``bias`` and ``meta.bias``: asymmetry, trim and fill, fail-safe numbers."""

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
from validation.families.rows import as_effects, tables

from tamis.domain.results import EffectRow
from tamis.synthesis import EffectSettings, effect_rows, effects
from tamis.synthesis.small_study import (
    AsymmetryTest,
    Filled,
    asymmetry,
    asymmetry_of_tables,
    fail_safe,
    rank_test,
    regression_test,
    trim_and_fill,
)


def bias(inputs: Inputs, call: str) -> Outputs:
    """Answer regtest, ranktest, trimfill or fsn of metafor."""
    rows = as_effects(inputs)
    if call.startswith("regtest"):
        return _regression(rows, inputs, call)
    if call.startswith("ranktest"):
        tau, p = given(rank_test(rows))
        return {"tau": tau, "p": p}
    if call.startswith("fsn"):
        return {"fsnum": fail_safe(rows, method=word(call, "type")).n}
    if not call.startswith("trimfill"):
        raise NotCoveredYet("selection models")
    settings = pooling(method=word(call, "method"), test="z", prediction="S")
    done: Filled = given(trim_and_fill(rows, estimator=word(call, "estimator"), settings=settings))
    pool = done.pool
    return without_none(
        {
            "k0": done.k0,
            "side": done.side,
            "k": pool.k,
            "beta": [pool.mu],
            "se": [pool.se],
            "zval": [pool.statistic],
            "pval": [pool.p],
            "ci_lb": [pool.low],
            "ci_ub": [pool.high],
            "tau2": 0.0 if pool.tau2 is None else pool.tau2,
            "I2": pool.i2,
            "H2": pool.h2,
            "QE": pool.q,
            "QEp": pool.q_p,
        }
    )


def _regression(rows: list[EffectRow], inputs: Inputs, call: str) -> Outputs:
    name = word(call, "predictor")
    along = {
        "sei": None,
        "vi": inputs["vi"],
        "ni": inputs.get("ni"),
        "ninv": [1 / n for n in inputs["ni"]] if inputs.get("ni") else None,
    }[name]
    model = "linear" if word(call, "model") == "lm" else "mixed"
    found = regression_test(rows, predictor=along, model=model, stopping=stopping_rule())
    out = {"stat": found.statistic, "df": found.df, "p": found.p}
    if name == "ni":
        return out
    return out | {"limit": found.limit, "limit_lb": found.limit_low, "limit_ub": found.limit_high}


#: Names of ``meta`` -> of the product.
_NAMES = {"Thompson": "Thompson-Sharp"}


def metabias(inputs: Inputs, call: str) -> Outputs:
    """Answer metabias of meta on odds ratios."""
    name, rows = word(call, "method.bias"), tables(inputs)
    if name in ("Egger", "Begg", "Thompson"):
        held = effect_rows(effects("OR", rows, settings=EffectSettings(drop_double_zero=True)))
        found: AsymmetryTest = given(asymmetry(held, test=_NAMES.get(name, name), fewest=3))
    else:
        found = given(asymmetry_of_tables(rows, test=name, fewest=3))
    return {
        "stat": found.statistic,
        "df": found.df,
        "p": found.p,
        "est": [found.slope, found.slope_se],
    }
