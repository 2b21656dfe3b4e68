"""Families of the package meta: ``metabin``, ``metacont``, ``metaprop``."""

from __future__ import annotations

import math
from collections.abc import Sequence

from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
    given,
    logit,
    word,
)
from validation.families.rows import (
    means,
    shares,
    tables,
)

from tamis.domain.results import (
    EffectRow,
    PooledResult,
)
from tamis.synthesis import (
    EffectSettings,
    Fit,
    PoolSettings,
    effect_rows,
    effects,
    fit_rows,
    fit_strata,
    pool_proportions,
)

#: Intervals of ``meta`` as tests of the product: (method.random.ci, adhoc.hakn.ci) -> test.
_META_TESTS = {
    ("classic", ""): "z",
    ("HK", ""): "knha",
    ("HK", "se"): "adhoc",
    ("HK", "ci"): "adhoc-ci",
    ("KR", ""): "kr",
}


#: Transformed proportions of ``meta`` -> measures of the product.
_TRANSFORMED = {"PLOGIT": "PLO", "PRAW": "PR", "PLN": "PLN", "PAS": "PAS"}


def effects_of(family: str, inputs: Inputs, call: str) -> Sequence[EffectRow]:
    """Return the effects that a call of ``meta`` pools by inverse variance."""
    measure = word(call, "sm")
    if family == "meta.metabin":
        return effect_rows(effects(measure, tables(inputs)))
    if family == "meta.metaprop":
        return effect_rows(effects(_TRANSFORMED[measure], shares(inputs)))
    settings = EffectSettings(variance="UB" if measure == "SMD" else "LS", correction="none")
    return effect_rows(effects(measure, means(inputs), settings=settings))


def metabin(inputs: Inputs, call: str) -> Outputs:
    """Tables without empty cells; ``meta`` corrects those also in Mantel-Haenszel pooling."""
    measure, rows = word(call, "sm"), tables(inputs)
    if word(call, "method.tau") == "DL":
        raise NotCoveredYet("DerSimonian-Laird with Q about the Mantel-Haenszel estimate")
    if any(0 in (r.events_1, r.n_1 - r.events_1, r.events_2, r.n_2 - r.events_2) for r in rows):
        raise NotCoveredYet("the empty-cell rules of meta::metabin")
    found = effect_rows(effects(measure, rows))
    common = given(fit_strata(rows, measure=measure, method="MH"))
    out = _meta_random(found, call) | {"TE_common": common.y}
    if measure != "RD":  # meta has another variance of the pooled difference than Sato's
        out |= {"se_common": common.se, "lo_common": common.low, "up_common": common.high}
    return out


def metacont(inputs: Inputs, call: str) -> Outputs:
    return _meta_both(effects_of("meta.metacont", inputs, call), call)


def metaprop(inputs: Inputs, call: str) -> Outputs:
    name = word(call, "sm")
    if name and name not in _TRANSFORMED:
        raise NotCoveredYet(f"the transformed proportion {name}")
    if name:
        rows = shares(inputs)
        if name != "PLOGIT" and any(row.events in (0, row.n) for row in rows):
            raise NotCoveredYet(f"the rules of meta::metaprop for empty and full studies ({name})")
        out = _meta_both(effect_rows(effects(_TRANSFORMED[name], rows)), call)
        return {key: value for key, value in out.items() if key != "p_random"}
    done: PooledResult = given(pool_proportions(shares(inputs)))
    wald = done.alternatives[0]
    return {
        "k": done.k,
        "TE_random": [done.y],
        "se_random": [done.se],
        "lo_random": [logit(wald.low)],
        "up_random": [logit(wald.high)],
        "tau2": done.tau2,
    }


def _meta_both(rows: Sequence[EffectRow], call: str) -> Outputs:
    common: Fit = given(fit_rows(rows, settings=PoolSettings(method="FE")))
    return _meta_random(rows, call) | {
        "TE_common": common.mu,
        "se_common": common.se,
        "lo_common": common.low,
        "up_common": common.high,
    }


def _meta_random(rows: Sequence[EffectRow], call: str) -> Outputs:
    method = word(call, "method.tau", "REML")
    test = _META_TESTS[word(call, "method.random.ci", "classic"), word(call, "adhoc.hakn.ci")]
    done: Fit = given(fit_rows(rows, settings=PoolSettings(method=method, test=test)))
    common: Fit = given(fit_rows(rows, settings=PoolSettings(method="FE")))
    limits = [_prediction(rows, method, kind) for kind in ("V", "HTS", "HK", "S")]
    out: Outputs = {
        "k": done.k,
        "TE_random": [done.mu],
        "se_random": [done.se],
        "lo_random": [done.low],
        "up_random": [done.high],
        "p_random": [done.p],
        "tau2": done.tau2,
        "Q": [common.q],
        "pQ": [common.q_p],
        "I2": common.i2 / 100,
        "H": math.sqrt(max(1.0, common.h2)),
        "w_random": [1 / (row.v + (done.tau2 or 0.0)) for row in rows],
    }
    if done.tau2_ci and done.k > 2:
        out |= {"tau2_lo": done.tau2_ci[0], "tau2_up": done.tau2_ci[1]}
        out |= {"pi_lo": [low for low, _ in limits], "pi_up": [high for _, high in limits]}
    return out


def _prediction(
    rows: Sequence[EffectRow], method: str, kind: str
) -> tuple[float | None, float | None]:
    settings = PoolSettings(method=method, test="knha" if kind == "HK" else "z", prediction=kind)
    done: Fit = given(fit_rows(rows, settings=settings))
    return done.prediction or (None, None)
