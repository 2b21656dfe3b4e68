"""``solve(family, inputs, call) -> outputs``: the product answers a case of an R oracle.

A case is one call of metafor or meta on one data set; ``outputs`` carries the oracle's own key
names. A family or measure that the product does not have yet raises ``NotCoveredYet``, which says
what is missing; it is never answered by something similar. Where the product knows something to be
undefined (tau2 of a single study), the key is absent: that is no zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    PooledResult,
    ProportionRow,
    Refusal,
)
from tamis.synthesis import (
    EffectSettings,
    Fit,
    PoolSettings,
    ProportionSettings,
    association_test,
    clopper_pearson,
    effect_rows,
    effects,
    fit_rows,
    fit_strata,
    homogeneity_tests,
    one_study,
    pool_proportions,
    pool_tables,
    wilson,
)

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]


class NotCoveredYet(Exception):
    """The product has no method for this case yet; the message names what is missing."""


class Refused(Exception):
    """The product refuses this case, and says why."""


def solve(family: str, inputs: Inputs, call: str = "") -> Outputs:
    """Answer one case.

    Parameters
    ----------
    family
        Family of the oracle: ``escalc``, ``rma.uni``, ``rma.uni.tight``, ``tau2-ci``, ``mh``,
        ``peto``, ``glmm``, ``meta.metabin``, ``meta.metacont``, ``meta.metaprop``,
        ``meta.ciprop``.
    inputs
        The case's inputs, vectors as lists.
    call
        The R call in words; method, test and measure are read from it.

    Raises
    ------
    NotCoveredYet
        For a family, model or measure that the product does not have.
    Refused
        When the product refuses the data.
    """
    answer = FAMILIES.get(family)
    if answer is None:
        raise NotCoveredYet(f"the family {family!r}; covered are {', '.join(sorted(FAMILIES))}")
    return answer(inputs, call)


def _word(call: str, name: str, default: str = "") -> str:
    found = re.search(rf"{re.escape(name)}\s*=\s*'([^']*)'", call)
    return found[1] if found else default


def _given(found: Any) -> Any:
    if isinstance(found, Refusal):
        raise Refused(f"{found.rule}: {found.message}")
    return found


# ---------------------------------------------------------------- rows
def _tables(inputs: Inputs) -> list[BinaryRow]:
    columns = (inputs["ai"], inputs["n1i"], inputs["ci"], inputs["n2i"])
    return [
        BinaryRow(study=str(at), events_1=a, n_1=n1, events_2=c, n_2=n2)
        for at, (a, n1, c, n2) in enumerate(zip(*columns, strict=True), start=1)
    ]


def _means(inputs: Inputs) -> list[MeansRow]:
    names = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
    return [
        MeansRow(study=str(at), mean_1=m1, sd_1=s1, n_1=n1, mean_2=m2, sd_2=s2, n_2=n2)
        for at, (m1, s1, n1, m2, s2, n2) in enumerate(
            zip(*(inputs[name] for name in names), strict=True), start=1
        )
    ]


def _shares(inputs: Inputs) -> list[ProportionRow]:
    pairs = zip(inputs["xi"], inputs["ni"], strict=True)
    return [ProportionRow(study=str(at), events=x, n=n) for at, (x, n) in enumerate(pairs, start=1)]


def _effect_rows(inputs: Inputs) -> list[EffectRow]:
    pairs = zip(inputs["yi"], inputs["vi"], strict=True)
    return [EffectRow(study=str(at), y=y, v=v) for at, (y, v) in enumerate(pairs, start=1)]


# ---------------------------------------------------------------- families
_ROWS: Mapping[str, Callable[[Inputs], list[Any]]] = {
    **dict.fromkeys(("RR", "OR", "RD", "AS", "PETO"), _tables),
    **dict.fromkeys(("MD", "SMD"), _means),
    **dict.fromkeys(("PR", "PLN", "PLO", "PAS"), _shares),
}


def _escalc(inputs: Inputs, call: str) -> Outputs:
    measure = inputs["measure"]
    if measure not in _ROWS:
        raise NotCoveredYet(f"the effect size {measure}; covered are {', '.join(_ROWS)}")
    settings = EffectSettings(
        zero_cells=inputs.get("to", "only0"),
        drop_double_zero=bool(inputs.get("drop00", False)),
        variance=inputs.get("vtype", "LS"),
    )
    found = effects(measure, _ROWS[measure](inputs), settings=settings)
    return {
        "yi": [one.y for one in found],
        "vi": [None if one.se is None else one.se**2 for one in found],
    }


def _rma(inputs: Inputs, call: str) -> Outputs:
    test = _word(call, "test", "z")
    settings = PoolSettings(
        method=_word(call, "method", "REML"), test=test, prediction="S" if test == "z" else "HK"
    )
    rows = _effect_rows(inputs)
    if len(rows) == 1:
        return _rma_alone(rows[0])
    done: Fit = _given(fit_rows(rows, settings=settings))
    tau2_ci, i2_ci = done.tau2_ci or (None, None), done.i2_ci or (None, None)
    prediction = done.prediction or (None, None)
    return _without_none(
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
    single = _given(one_study(row, "GEN"))
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


def _tau2_interval(inputs: Inputs, call: str) -> Outputs:
    method = _word(call, "method", "REML")
    done: Fit = _given(fit_rows(_effect_rows(inputs), settings=PoolSettings(method=method)))
    low, high = done.tau2_ci or (math.nan, math.nan)
    i2_low, i2_high = done.i2_ci or (math.nan, math.nan)
    three = [done.tau2 or 0.0, low, high]
    return {
        "QP": {
            "tau2": three,
            "tau": [math.sqrt(x) for x in three],
            "I2": [done.i2, i2_low, i2_high],
            "H2": [done.h2, 100 / (100 - i2_low), 100 / (100 - i2_high)],
        }
    }


def _mantel_haenszel(inputs: Inputs, call: str) -> Outputs:
    measure = _word(call, "measure")
    if "ai" not in inputs:
        raise NotCoveredYet(f"Mantel-Haenszel for {measure} (person-time)")
    rows = _tables(inputs)
    out = _strata(rows, measure, "MH")
    if measure == "OR":
        out |= _odds_ratio_tests(rows, correct="correct=TRUE" in call)
    return out


def _peto(inputs: Inputs, call: str) -> Outputs:
    return _strata(_tables(inputs), "OR", "PETO")


def _strata(rows: Sequence[BinaryRow], measure: str, method: str) -> Outputs:
    done = _given(fit_strata(rows, measure=measure, method=method))
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
    return _without_none(out)


def _odds_ratio_tests(rows: Sequence[BinaryRow], *, correct: bool) -> Outputs:
    associated = association_test(rows, correct=correct) or (None, None)
    homogeneous = homogeneity_tests(rows)
    breslow_day = homogeneous.get("breslow-day", (None, 0, None))
    tarone = homogeneous.get("tarone", (None, 0, None))
    return _without_none(
        {
            "MH": associated[0],
            "MHp": associated[1],
            "BD": breslow_day[0],
            "BDp": breslow_day[2],
            "TA": tarone[0],
            "TAp": tarone[2],
        }
    )


def _glmm(inputs: Inputs, call: str) -> Outputs:
    if "PLO" not in call:
        model = " ".join(filter(None, (_word(call, "measure"), _word(call, "model"))))
        raise NotCoveredYet(f"the generalised linear mixed model {model}")
    common, student = _word(call, "method") == "EE", _word(call, "test", "z") == "t"
    settings = ProportionSettings(
        heterogeneity="EE" if common else "ML",
        test="t" if student else "z",
        prediction="V" if student else "S",
    )
    done: PooledResult = _given(pool_proportions(_shares(inputs), settings=settings))
    wald = done.alternatives[0]
    return _without_none(
        {
            "beta": done.y,
            "se": done.se,
            "ci_lb": _logit(wald.low),
            "ci_ub": _logit(wald.high),
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


def _interval_of_share(inputs: Inputs, call: str) -> Outputs:
    methods = {"CP": clopper_pearson, "WS": wilson}
    name = _word(call, "method.ci")
    if name not in methods:
        raise NotCoveredYet(f"the interval {name} of one proportion")
    found = [methods[name](row.events, row.n) for row in _shares(inputs)]
    return {
        "lower": [_logit(one.low) for one in found],
        "upper": [_logit(one.high) for one in found],
    }


#: Intervals of ``meta`` as tests of the product: (method.random.ci, adhoc.hakn.ci) -> test.
_META_TESTS = {
    ("classic", ""): "z",
    ("HK", ""): "knha",
    ("HK", "se"): "adhoc",
    ("HK", "ci"): "adhoc-ci",
    ("KR", ""): "kr",
}


def _metabin(inputs: Inputs, call: str) -> Outputs:
    """Tables without empty cells; ``meta`` corrects those also in Mantel-Haenszel pooling."""
    measure, rows = _word(call, "sm"), _tables(inputs)
    if _word(call, "method.tau") == "DL":
        raise NotCoveredYet("DerSimonian-Laird with Q about the Mantel-Haenszel estimate")
    if any(0 in (r.events_1, r.n_1 - r.events_1, r.events_2, r.n_2 - r.events_2) for r in rows):
        raise NotCoveredYet("the empty-cell rules of meta::metabin")
    found = effect_rows(effects(measure, rows))
    common = _given(fit_strata(rows, measure=measure, method="MH"))
    out = _meta_random(found, call) | {"TE_common": common.y}
    if measure != "RD":  # meta has another variance of the pooled difference than Sato's
        out |= {"se_common": common.se, "lo_common": common.low, "up_common": common.high}
    return out


def _metacont(inputs: Inputs, call: str) -> Outputs:
    measure = _word(call, "sm")
    if measure not in ("MD", "SMD"):
        raise NotCoveredYet(f"the effect size {measure}")
    settings = EffectSettings(variance="UB" if measure == "SMD" else "LS")
    return _meta_both(effect_rows(effects(measure, _means(inputs), settings=settings)), call)


def _metaprop(inputs: Inputs, call: str) -> Outputs:
    measures = {"PLOGIT": "PLO", "PRAW": "PR", "PLN": "PLN", "PAS": "PAS"}
    name = _word(call, "sm")
    if name and name not in measures:
        raise NotCoveredYet(f"the transformed proportion {name}")
    if name:
        rows = _shares(inputs)
        if name != "PLOGIT" and any(row.events in (0, row.n) for row in rows):
            raise NotCoveredYet(f"the rules of meta::metaprop for empty and full studies ({name})")
        out = _meta_both(effect_rows(effects(measures[name], rows)), call)
        return {key: value for key, value in out.items() if key != "p_random"}
    done: PooledResult = _given(pool_proportions(_shares(inputs)))
    wald = done.alternatives[0]
    return {
        "k": done.k,
        "TE_random": [done.y],
        "se_random": [done.se],
        "lo_random": [_logit(wald.low)],
        "up_random": [_logit(wald.high)],
        "tau2": done.tau2,
    }


def _meta_both(rows: Sequence[EffectRow], call: str) -> Outputs:
    common: Fit = _given(fit_rows(rows, settings=PoolSettings(method="FE")))
    return _meta_random(rows, call) | {
        "TE_common": common.mu,
        "se_common": common.se,
        "lo_common": common.low,
        "up_common": common.high,
    }


def _meta_random(rows: Sequence[EffectRow], call: str) -> Outputs:
    method = _word(call, "method.tau", "REML")
    test = _META_TESTS[_word(call, "method.random.ci", "classic"), _word(call, "adhoc.hakn.ci")]
    done: Fit = _given(fit_rows(rows, settings=PoolSettings(method=method, test=test)))
    common: Fit = _given(fit_rows(rows, settings=PoolSettings(method="FE")))
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
    done: Fit = _given(fit_rows(rows, settings=settings))
    return done.prediction or (None, None)


def _logit(p: float) -> float | None:
    return None if p in (0, 1) else math.log(p) - math.log1p(-p)


def _without_none(outputs: Outputs) -> Outputs:
    return {name: value for name, value in outputs.items() if value is not None}


FAMILIES: Mapping[str, Callable[[Inputs, str], Outputs]] = {
    "escalc": _escalc,
    "rma.uni": _rma,
    "rma.uni.tight": _rma,
    "tau2-ci": _tau2_interval,
    "mh": _mantel_haenszel,
    "peto": _peto,
    "glmm": _glmm,
    "meta.ciprop": _interval_of_share,
    "meta.metabin": _metabin,
    "meta.metacont": _metacont,
    "meta.metaprop": _metaprop,
}
