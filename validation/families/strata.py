"""Families ``mh`` and ``peto``: pooled tables."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.special import chdtrc
from validation.families.cases import (
    Inputs,
    Outputs,
    given,
    without_none,
    word,
)
from validation.families.rows import (
    rates,
    tables,
)

from tamis.domain.results import (
    BinaryRow,
    PooledResult,
)
from tamis.synthesis import (
    StrataFit,
    association_test,
    fit_strata,
    homogeneity_tests,
    pool_tables,
)
from tamis.synthesis.rate_strata import fit_rate_strata


def mantel_haenszel(inputs: Inputs, call: str) -> Outputs:
    measure = word(call, "measure")
    if "ai" not in inputs:
        return _rates(inputs, measure)
    rows = tables(inputs)
    out = _strata(rows, measure, "MH")
    if measure == "OR":
        out |= _odds_ratio_tests(rows, correct="correct=TRUE" in call)
    return out


def peto(inputs: Inputs, call: str) -> Outputs:
    return _strata(tables(inputs), "OR", "PETO")


def _strata(rows: Sequence[BinaryRow], measure: str, method: str) -> Outputs:
    done = given(fit_strata(rows, measure=measure, method=method))
    out: Outputs = {
        "k": done.k,
        "k_yi": done.k_q,
        "beta": done.y,
        "se": done.se,
        "pval": done.p,
        "ci_lb": done.low,
        "ci_ub": done.high,
    }
    pooled = pool_tables(rows, measure=measure, method=method)
    if isinstance(pooled, PooledResult):
        out |= {"QE": pooled.q, "QEp": pooled.q_p, "I2": pooled.i2, "H2": pooled.h2}
    return without_none(out)


def _odds_ratio_tests(rows: Sequence[BinaryRow], *, correct: bool) -> Outputs:
    associated = association_test(rows, correct=correct) or (None, None)
    homogeneous = homogeneity_tests(rows)
    breslow_day = homogeneous.get("breslow-day", (None, 0, None))
    tarone = homogeneous.get("tarone", (None, 0, None))
    return without_none(
        {
            "MH": associated[0],
            "MHp": associated[1],
            "BD": breslow_day[0],
            "BDp": breslow_day[2],
            "TA": tarone[0],
            "TAp": tarone[2],
        }
    )


def _rates(inputs: Inputs, measure: str) -> Outputs:
    done: StrataFit = given(fit_rate_strata(rates(inputs), measure=measure))
    df = done.k_q - 1
    return {
        "beta": done.y,
        "se": done.se,
        "pval": done.p,
        "ci_lb": done.low,
        "ci_ub": done.high,
        "QE": done.q,
        "QEp": float(chdtrc(df, done.q)),
        "I2": 100 * max(0.0, 1 - df / done.q),
    }
