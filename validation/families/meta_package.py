"""Families of the package meta: ``metabin``, ``metacont``, ``metaprop``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
    given,
    logit,
    pooling,
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
    pool_proportions,
)
from tamis.synthesis.revman import RevManPool, pool_as_revman
from tamis.synthesis.settings import normal_quantile

#: Intervals of ``meta`` as tests of the product: (method.random.ci, adhoc.hakn.ci) -> test.
_META_TESTS = {
    ("classic", ""): "z",
    ("HK", ""): "knha",
    ("HK", "se"): "adhoc",
    ("HK", "ci"): "adhoc-ci",
    ("KR", ""): "kr",
}


#: Transformed proportions of ``meta`` -> measures of the product.
_TRANSFORMED = {"PLOGIT": "PLO", "PRAW": "PR", "PLN": "PLN", "PAS": "PAS",
                "PFT": "PFT"}  # fmt: skip


def effects_of(family: str, inputs: Inputs, call: str) -> Sequence[EffectRow]:
    """Return the effects that a call of ``meta`` pools by inverse variance."""
    measure = word(call, "sm")
    if family == "meta.metabin":
        done: RevManPool = given(pool_as_revman(tables(inputs), measure=measure))
        return [EffectRow(study=str(at), y=y, v=v) for at, (y, v) in enumerate(done.effects, 1)]
    if family == "meta.metaprop":
        asked = EffectSettings(freeman_tukey=True)
        return effect_rows(effects(_TRANSFORMED[measure], shares(inputs), settings=asked))
    settings = EffectSettings(variance="UB" if measure == "SMD" else "LS", correction="none")
    return effect_rows(effects(measure, means(inputs), settings=settings))


def metabin(inputs: Inputs, call: str) -> Outputs:
    """Answer tables by the conventions of RevMan 5, which ``meta::metabin`` follows."""
    measure = word(call, "sm")

    def pooled(settings: PoolSettings) -> Fit:
        done: RevManPool = given(pool_as_revman(tables(inputs), measure=measure, settings=settings))
        return done.random

    done: RevManPool = given(pool_as_revman(tables(inputs), measure=measure))
    out = _meta_random(pooled, [v for _, v in done.effects], call) | {"TE_common": done.common}
    weights = iter(out["w_random"])  # of what is left out, meta writes 0
    out["w_random"] = [
        0.0 if row.study in done.left_out else next(weights) for row in tables(inputs)
    ]
    if measure != "RD" and done.common_se is not None:  # meta's variance there is not Sato's
        half = normal_quantile(0.95) * done.common_se
        out |= {"se_common": done.common_se}
        out |= {"lo_common": done.common - half, "up_common": done.common + half}
    return out


def metacont(inputs: Inputs, call: str) -> Outputs:
    return _meta_both(effects_of("meta.metacont", inputs, call), call)


def metaprop(inputs: Inputs, call: str) -> Outputs:
    name = word(call, "sm")
    if name and name not in _TRANSFORMED:
        raise NotCoveredYet(f"the transformed proportion {name}")
    if name:
        rows = shares(inputs)
        if name in ("PLN", "PRAW") and any(row.events in (0, row.n) for row in rows):
            raise NotCoveredYet(f"the rules of meta::metaprop for empty and full studies ({name})")
        out = _meta_both(effects_of("meta.metaprop", inputs, call), call)
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
    common: Fit = given(fit_rows(rows, settings=pooling(method="FE")))

    def pooled(settings: PoolSettings) -> Fit:
        done: Fit = given(fit_rows(rows, settings=settings))
        return done

    return _meta_random(pooled, [row.v for row in rows], call) | {
        "TE_common": common.mu,
        "se_common": common.se,
        "lo_common": common.low,
        "up_common": common.high,
    }


def _meta_random(
    pooled: Callable[[PoolSettings], Fit], variances: Sequence[float], call: str
) -> Outputs:
    method = word(call, "method.tau", "REML")
    test = _META_TESTS[word(call, "method.random.ci", "classic"), word(call, "adhoc.hakn.ci")]
    done = pooled(pooling(method=method, test=test))
    limits = [_prediction(pooled, method, kind) for kind in ("V", "HTS", "HK", "S")]
    out: Outputs = {
        "k": done.k,
        "TE_random": [done.mu],
        "se_random": [done.se],
        "lo_random": [done.low],
        "up_random": [done.high],
        "p_random": [done.p],
        "tau2": done.tau2,
        "Q": [done.q],
        "pQ": [done.q_p],
        "I2": max(0.0, 1 - done.q_df / done.q) if done.q > 0 else 0.0,
        "H": math.sqrt(max(1.0, done.q / done.q_df)),
        "w_random": [1 / (v + (done.tau2 or 0.0)) for v in variances],
    }
    if done.tau2_ci and done.k > 2:
        if method != "DL":  # meta gives no limits of tau2 with DL
            out |= {"tau2_lo": done.tau2_ci[0], "tau2_up": done.tau2_ci[1]}
        out |= {"pi_lo": [low for low, _ in limits], "pi_up": [high for _, high in limits]}
    return out


def _prediction(
    pooled: Callable[[PoolSettings], Fit], method: str, kind: str
) -> tuple[float | None, float | None]:
    test = "knha" if kind == "HK" else "z"
    done = pooled(pooling(method=method, test=test, prediction=kind))
    return done.prediction or (None, None)
