"""Proofs of the causes that are about counts: tables, proportions, mixed models of them."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.special import chdtrc
from validation.differences import Agrees, Difference, Proof

from tamis.synthesis.revman import pool_as_revman

__all__ = ["OF_COUNTS"]

#: The module, which the function of the same name hides.
_ASYMMETRY = importlib.import_module("tamis.synthesis.small_study.asymmetry")


def _infinite(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.got is not None or not isinstance(one.expected, float):
        return False
    return math.isclose(abs(one.expected), 53 * math.log(2), rel_tol=1e-9)


def _table_sums(one: Difference) -> tuple[float, float, float] | None:
    """Return |Σ(a−E)|, ΣV of the hypergeometric, and Breslow-Day at an odds ratio of 1."""
    given = one.case["inputs"]
    if one.case["family"] != "mh" or "ai" not in given:
        return None
    a, n1, c, n2 = (np.array(given[name], dtype=float) for name in ("ai", "n1i", "ci", "n2i"))
    s, total = a + c, n1 + n2
    expected = n1 * s / total
    variance = n1 * n2 * s * (total - s) / total**3
    with np.errstate(divide="ignore", invalid="ignore"):
        homogeneity = float(np.nansum((a - expected) ** 2 / variance))
    drawn = variance * total / (total - 1)
    return abs(float((a - expected).sum())), float(drawn.sum()), homogeneity


def _overcorrects(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    held = _table_sums(one)
    if held is None or one.name not in ("MH", "MHp") or "correct=TRUE" not in one.case["call"]:
        return False
    statistic = (held[0] - 0.5) ** 2 / held[1]
    theirs = statistic if one.name == "MH" else float(chdtrc(1, statistic))
    return held[0] < 0.5 and math.isclose(theirs, one.expected, rel_tol=1e-8)


def _by_zero(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    held = _table_sums(one)
    if held is None or one.name not in ("BD", "BDp", "TA", "TAp") or one.expected not in (0, None):
        return False
    df = len(one.case["inputs"]["ai"]) - 1
    mine = float(chdtrc(df, held[2])) if one.name.endswith("p") else held[2]
    ratio = one.case["outputs"]["beta"]
    return abs(ratio) < 1e-12 and math.isclose(mine, one.got, rel_tol=1e-8)


def _laplace(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "glmm" or "UM.RS" not in one.case["call"]:
        return False
    if one.name not in ("se", "pval", "ci_lb", "ci_ub"):
        return False
    from validation.laplace import standard_error
    from validation.solve import solve

    mine = solve("glmm", one.case["inputs"], one.case["call"])
    apart = standard_error(
        one.case["inputs"], difference=mine["beta"], sigma2=mine["sigma2"], tau2=mine["tau2"]
    )
    theirs = one.case["outputs"]["se"]
    theirs = theirs[0] if isinstance(theirs, list) else theirs
    return math.isclose(mine["se"], apart, rel_tol=1e-5) and abs(theirs - apart) > 1e-4 * apart


def _two_values(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    """The oracle's case without heterogeneity has the same saturated and common-effect models."""
    if one.case["family"] != "glmm" or one.name != "QE_LRT":
        return False
    begins = str(one.case["id"]).rsplit("/", 1)[0]
    return any(
        other is not one.case
        and str(other["id"]).rsplit("/", 1)[0] == begins
        and other["outputs"].get(one.name) is not None
        and agrees(one.got, other["outputs"][one.name])
        for other in one.siblings
    )


def _no_difference(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "glmm" or one.name != "QE_Wld":
        return False
    from validation.solve import solve

    theirs = one.case["outputs"]["QE_LRT"]
    ours = solve("glmm", one.case["inputs"], one.case["call"])["QE_LRT"]
    near = abs(one.got - ours) <= 0.1 * ours
    return near and agrees(ours, theirs) and one.expected > 10 * max(ours, theirs)


def _beside(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "meta.ciprop" or one.got is not None or one.expected is None:
        return False
    events, people = one.case["inputs"]["xi"][one.at], one.case["inputs"]["ni"][one.at]
    return bool(events == 0 if one.name == "lower" else events == people)


def _corrects(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "meta.bias" or "Schwarzer" not in one.case["call"]:
        return False

    def corrected(rows: Any, **_: Any) -> Any:
        done = pool_as_revman(rows, measure="OR")
        return SimpleNamespace(y=getattr(done, "common", math.nan))

    with patch.object(_ASYMMETRY, "fit_strata", corrected):
        return agrees(number(), one.expected)


OF_COUNTS: Mapping[str, Proof] = {
    "peer-prints-infinity-as-number": _infinite,
    "peer-overcorrects": _overcorrects,
    "peer-divides-by-zero": _by_zero,
    "peer-laplace-hessian": _laplace,
    "peer-contradicts-itself": _two_values,
    "peer-wald-of-no-difference": _no_difference,
    "peer-limit-beside-the-share": _beside,
    "peer-corrects-empty-cells": _corrects,
}
