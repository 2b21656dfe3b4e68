"""Family ``bayes``: the normal-normal hierarchical model of bayesmeta."""

from __future__ import annotations

import re

from validation.families.cases import Inputs, NotCoveredYet, Outputs, given

from tamis.domain.results import EffectRow
from tamis.synthesis.bayes import (
    BayesResult,
    TauPrior,
    bayes,
    half_cauchy,
    half_normal,
    rhodes,
    tau_prior,
    turner,
)
from tamis.synthesis.bayes.mixture import Summary

_PLACEBO = "pharmacological vs. placebo / control"


def hierarchical(inputs: Inputs, call: str) -> Outputs:
    """Answer mode, median, mean, SD and shortest interval of τ, μ and a new study's effect."""
    rows = [
        EffectRow(study=str(at), y=y, v=s * s)
        for at, (y, s) in enumerate(zip(inputs["y"], inputs["sigma"], strict=True), start=1)
    ]
    flat = "mu.prior=flat" in call
    done: BayesResult = given(
        bayes(rows, prior=prior_of(call), mu_prior=None if flat else (0.0, 4.0), shrinkage=False)
    )
    return {name: _six(getattr(done, name)) for name in ("tau", "mu", "theta")}


def prior_of(call: str) -> TauPrior:
    name = call.split("tau.prior=")[1].split(",mu.prior", maxsplit=1)[0]
    scale = re.search(r"\(([\d.]+)\)", name)
    if name.startswith("halfnormal") and scale:
        return half_normal(float(scale[1]))
    if name.startswith("halfcauchy") and scale:
        return half_cauchy(float(scale[1]))
    if name == "Turner(signs/symptoms,pharma,placebo)":
        return turner("signs / symptoms reflecting continuation / end of condition", _PLACEBO)
    if name.startswith("Rhodes"):
        return rhodes("biological marker", _PLACEBO, "other")
    if name in ("Jeffreys", "uniform", "DuMouchel", "shrinkage"):
        return tau_prior(name)
    raise NotCoveredYet(f"the prior {name}")


def _six(one: Summary) -> list[float | None]:
    return [one.mode, one.median, one.mean, one.sd, one.low, one.high]
