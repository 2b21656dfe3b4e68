"""Family ``transform``: from the scales of analysis to what is shown."""

from __future__ import annotations

from validation.families.cases import Inputs, Outputs, given, pooling
from validation.families.rows import shares

from tamis.domain.results import PooledResult
from tamis.synthesis import EffectSettings, effect_rows, effects, fit_rows, pooled_of
from tamis.synthesis.effect_sizes import size_of
from tamis.synthesis.fit import Fit
from tamis.synthesis.scales import back, forth


def transform(inputs: Inputs, call: str) -> Outputs:
    """Answer the plain transformations, or a pool of double arcsines carried back."""
    if "x" in inputs:
        plain = {"ilogit": "logit", "ztor": "fisher-z", "exp": "log", "iarcsin": "arcsine"}
        return {name: [back(scale, x) for x in inputs["x"]] for name, scale in plain.items()} | {
            "rtoz": [forth("fisher-z", r) for r in (-0.9, -0.3, 0.0, 0.5, 0.8)]
        }
    rows, settings = shares(inputs), pooling(test="z", prediction="S")
    found = effects("PFT", rows, settings=EffectSettings(freeman_tukey=True))
    done: Fit = given(fit_rows(effect_rows(found), settings=settings))
    pooled: PooledResult = pooled_of(done, "PFT", settings, size=size_of("freeman-tukey", rows))
    return {
        "pred": pooled.estimate,
        "ci_lb": pooled.ci_low,
        "ci_ub": pooled.ci_high,
        "inv_study": [one.estimate for one in found],
    } | ({} if pooled.pi_low is None else {"pi_lb": pooled.pi_low, "pi_ub": pooled.pi_high})
