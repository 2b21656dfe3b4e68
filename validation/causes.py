"""Why a number differs from the oracle's, decided by computation and not by a list of cases.

``cause`` gives the name of a row of ``CAUSES`` or ``unexplained``. A row says what happened, who is
right and how it is shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.special import chdtri
from validation.count_proofs import OF_COUNTS
from validation.differences import Agrees, Difference, Proof
from validation.early_stop import WIDTH, Model, Unproven, stopped_early

from tamis.synthesis import tau2 as pools

UNEXPLAINED = "unexplained"

#: Causes that are the oracle's control and not its method: ended early, or a range cut off.
ENDED = frozenset(
    {
        "peer-stopped-early",
        "peer-limit-stopped-early",
        "peer-search-clipped",
        "peer-laplace-hessian",
    }
)


@dataclass(frozen=True)
class Cause:
    """What a cause means, who is right, and how that is shown for each number."""

    meaning: str
    right: str
    shown: str


CAUSES: Mapping[str, Cause] = {
    "peer-stopped-early": Cause(
        "the oracle stops when tau2 moves by less than 1e-5 (PM: 1.2e-4), absolute",
        "ours",
        "the product, given the oracle's stopping rule or its tau2, prints the oracle's number, "
        "and the likelihood there is not higher than at ours (PM, EB: Q is further from k − p)",
    ),
    "peer-limit-stopped-early": Cause(
        "limits of tau2 are found to 1.2e-4, absolute",
        "ours",
        "Q (for profile limits the likelihood) is further from its target there than at ours",
    ),
    "peer-took-lower-mode": Cause(
        "the likelihood has two modes and the oracle stays in the lower one",
        "ours",
        "the product, given the oracle's tau2, prints the oracle's number; a Fisher step does not "
        "move that tau2, and the likelihood there is lower than at ours",
    ),
    "peer-search-clipped": Cause(
        "the oracle looks for a limit of tau2 up to max(100, 10 tau2) only",
        "ours",
        "Q (or the likelihood) has not fallen to its target at the oracle's limit, at ours it has",
    ),
    "peer-gave-up": Cause(
        "the oracle prints NA where its search did not converge",
        "ours",
        "the slope of the likelihood changes its sign at our tau2, or is negative at 0",
    ),
    "peer-prints-infinity-as-number": Cause(
        "the logit of a limit of exactly 1 is infinite; the oracle prints logit(1 − 1e-16)",
        "ours",
        "the oracle's number is −log(2^-53) to 1e-9, and ours is not defined",
    ),
    "moment-does-not-exist": Cause(
        "the posterior has no such mean or SD; the oracle integrates a tail that it cut",
        "ours",
        "an integral over 400,000 points moves by 1 % and more when τ goes to 1e8, not 1e4",
    ),
    "peer-coarse-grid": Cause(
        "moments of a heavy-tailed posterior on the oracle's grid",
        "ours",
        "an integral over 400,000 points, written apart, gives ours to a tenth of the tolerance",
    ),
    "peer-laplace-hessian": Cause(
        "UM.RS: the oracle (lme4) ends its inner iterations at a relative 1e-7 and takes standard "
        "errors from differences of 1e-4 on top",
        "ours",
        "the same Laplace likelihood written apart, brought to its end, gives our standard error "
        "to 1e-5 and not the oracle's; lme4 itself prints it with tolPwrss = 1e-11",
    ),
    "peer-overcorrects": Cause(
        "Cochran-Mantel-Haenszel: the oracle takes ½ from a difference smaller than ½, and squares",
        "ours",
        "|Σ(a − E)| of the tables is below ½, and (|Σ(a − E)| − ½)²/ΣV is the oracle's number",
    ),
    "peer-divides-by-zero": Cause(
        "Breslow-Day and Tarone at a pooled odds ratio of exactly 1: the oracle prints 0 or NA",
        "ours",
        "the pooled odds ratio is 1, where the expected count is n1 s/N; summed so, it is ours",
    ),
    "peer-contradicts-itself": Cause(
        "a test of heterogeneity does not depend on the model of it; the oracle prints two values",
        "ours",
        "the oracle's other case of the same data and model prints our number",
    ),
    "peer-wald-of-no-difference": Cause(
        "Wald statistic of effects that are almost equal, from a Hessian by coarse differences",
        "ours",
        "the likelihood ratios agree, ours is within a tenth of them, the oracle's is 10 times it",
    ),
    "peer-limit-beside-the-share": Cause(
        "Wilson's corrected interval of no event, or of nothing else: it leaves out 0, or 1",
        "ours",
        "the oracle's limit is above 0 of n, or below n of n; Newcombe (1998) sets it to 0, or 1",
    ),
    "peer-corrects-empty-cells": Cause(
        "the oracle adds 0.5 to tables with an empty cell before it pools odds ratios",
        "a convention: Mantel-Haenszel needs no such correction (Bradburn 2007)",
        "with the pool of corrected tables the product prints the oracle's number",
    ),
    "peer-fitted-noise": Cause(
        "all effects are equal: the oracle regresses rounding errors of 1e-16",
        "nobody",
        "the effects' range is below 1e-12 of their size",
    ),
}  # fmt: skip


def cause(one: Difference, number: Callable[[], Any], agrees: Agrees) -> str:
    """Name the cause of a difference.

    Parameters
    ----------
    one
        The difference.
    number
        Answers the case again and returns this number.
    agrees
        Whether two numbers agree at the tolerance of the case.
    """
    for name, holds in _SHOWN.items():
        if holds(one, number, agrees):
            return name
    return UNEXPLAINED


def _stopped(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    return _reproduced(stopped_early(), one, number, agrees) or _reproduced(
        _given(one.case, still=False), one, number, agrees
    )


def _lower_mode(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    return _reproduced(_given(one.case, still=True), one, number, agrees)


def _reproduced(
    rule: AbstractContextManager[None], one: Difference, number: Callable[[], Any], agrees: Agrees
) -> bool:
    if one.got is None or one.expected is None or _limit(one) is not None:
        return False
    try:
        with rule:
            return agrees(number(), one.expected)
    except Unproven:
        return False


def _method(case: Mapping[str, Any]) -> str:
    found = re.search(r"method(?:\.tau)?='(\w+)'", case["call"])
    return found[1] if found else "REML"


@contextmanager
def _given(case: Mapping[str, Any], *, still: bool) -> Iterator[None]:
    """Let the product take the tau2 that the oracle printed, held against the converged one.

    ``still`` asks for a tau2 away from ours that a Fisher step does not move: another mode. Else
    it must be as near as the oracle's widest stop.
    """
    theirs, name = case["outputs"].get("tau2"), _method(case)
    if not isinstance(theirs, int | float) or name not in ("REML", "ML", "PM", "EB"):
        raise Unproven("the oracle printed no tau2")
    estimators = dict(pools._ESTIMATORS)

    def estimate(y: Any, v: Any) -> Any:
        best = estimators[name](y, v)
        for row in range(len(y)):
            one = Model(y[row], v[row], np.ones((y.shape[1], 1)))
            one.hold(name, theirs, float(best[row]))
            moved = abs(one.step(name, theirs)) if theirs > 0 else max(0.0, one.step(name, 0.0))
            away = abs(theirs - float(best[row]))
            if still and not (away > WIDTH and moved < 1e-6 * max(theirs, float(best[row]))):
                raise Unproven("no other mode")
            if not still and away > WIDTH:
                raise Unproven("further away than the oracle stops")
        return np.full(len(y), float(theirs))

    with patch.object(pools, "_ESTIMATORS", estimators | {name: estimate}):
        yield


def _limit(one: Difference) -> tuple[float, float, float] | None:
    """Return the target of Q, our limit and the oracle's, as tau2; ``None`` when it is no limit."""
    side = {"tau2_lo": 1, "tau2_qp_lb": 1, "tau2_up": 2, "tau2_qp_ub": 2}.get(one.name)
    scale = one.name.removeprefix("QP.") if one.name.startswith("QP.") else "tau2"
    if one.name.startswith("QP.") and one.at > 0:
        side = one.at
    if side is None or one.got is None or one.expected is None:
        return None
    _, v = _effects(one.case)
    target = float(chdtri(v.size - 1, 0.025 if side == 1 else 0.975))
    return target, _as_tau2(scale, one.got, v), _as_tau2(scale, one.expected, v)


def _as_tau2(scale: str, value: float, v: Any) -> float:
    w = 1 / v
    typical = (v.size - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
    match scale:
        case "tau":
            return value**2
        case "I2":
            return float(typical * value / (100 - value))
        case "H2":
            return float(typical * (value - 1))
        case _:
            return value


def _effects(case: Mapping[str, Any]) -> tuple[Any, Any]:
    from validation.families.meta_package import effects_of

    inputs = case["inputs"]
    if "yi" in inputs:
        return np.array(inputs["yi"], dtype=float), np.array(inputs["vi"], dtype=float)
    rows = effects_of(case["family"], inputs, case["call"])
    return np.array([row.y for row in rows]), np.array([row.v for row in rows])


def _misses(one: Difference) -> tuple[float, float]:
    """Return how far Q is from its target at our limit and at the oracle's (signed)."""
    held = _limit(one)
    assert held is not None
    y, v = _effects(one.case)
    model = Model(y, v, np.ones((y.size, 1)))
    return model.q(max(0.0, held[1])) - held[0], model.q(max(0.0, held[2])) - held[0]


def _profile_misses(one: Difference) -> tuple[float, float] | None:
    """Return how far the likelihood is above its target at our profile limit, and at the oracle's.

    The likelihood is taken with dense matrices, apart from the product's own.
    """
    if one.name != "PL_tau2" or one.at == 0 or one.got is None or one.expected is None:
        return None
    y, v = _effects(one.case)
    model, name = Model(y, v, np.ones((y.size, 1))), _method(one.case)
    best = float(pools.estimate_tau2(name, y[None], v[None])[0])
    target = model.height(name, best) - float(chdtri(1, 0.05)) / 2
    return model.height(name, one.got) - target, model.height(name, one.expected) - target


def _loose_limit(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    profile = _profile_misses(one)
    if profile is not None:
        near = abs(one.got - one.expected) <= 1.3e-4 * max(1.0, one.got)
        return near and abs(profile[0]) < 1e-6 and abs(profile[0]) < abs(profile[1])
    held = _limit(one)
    if held is None:
        return False
    ours, theirs = _misses(one)
    return abs(held[1] - held[2]) <= 1.3e-4 * max(1.0, held[1]) and abs(ours) < abs(theirs)


def _clipped(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    profile = _profile_misses(one)
    if profile is not None:
        return one.expected >= 99.99 and profile[1] > 0 and abs(profile[0]) < 1e-6
    held = _limit(one)
    if held is None:
        return False
    ours, theirs = _misses(one)
    return held[2] >= 99.99 and theirs > 0 and abs(ours) < 1e-6 * held[0] and held[1] > held[2]


def _gave_up(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.expected is not None or one.got is None or one.case["family"] != "sensitivity":
        return False
    y, v = _effects(one.case)
    if not one.case["call"].startswith("cumul"):
        keep = np.arange(y.size) != one.at
    else:
        keep = np.arange(y.size) <= one.at
    y, v = y[keep], v[keep]
    tau2 = float(pools.estimate_tau2("REML", y[None], v[None])[0])
    model = Model(y, v, np.ones((y.size, 1)))
    above = model.step("REML", tau2 * (1 + 1e-6) + 1e-12)
    return above < 0 and (tau2 == 0 or model.step("REML", tau2 * (1 - 1e-6)) > 0)


def _noise(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "bias" or "yi" not in one.case["inputs"]:
        return False
    y, _ = _effects(one.case)
    return bool(np.ptp(y) <= 1e-12 * np.abs(y).max())


def _no_moment(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "bayes" or one.got is not None or one.at not in (2, 3):
        return False
    near, far = (_moment(one, end, absolute=one.at == 2) for end in (1e4, 1e8))
    return abs(far - near) > 0.01 * abs(near)


def _grid(one: Difference, number: Callable[[], Any], agrees: Agrees) -> bool:
    if one.case["family"] != "bayes" or one.got is None or one.at not in (2, 3):
        return False
    return math.isclose(_moment(one, 1e10), one.got, rel_tol=6e-4, abs_tol=3e-4)


def _moment(one: Difference, end: float, *, absolute: bool = False) -> float:
    """Return the mean or SD of τ, μ or a new effect, with τ cut at ``end``: 400,000 points.

    ``absolute`` takes the size of the effect in place of the mean: where that grows without bound
    there is no mean, though both tails may cancel.
    """
    from validation.families.bayesian import prior_of

    y, v = np.array(one.case["inputs"]["y"]), np.array(one.case["inputs"]["sigma"]) ** 2
    about = 0.0 if "mu.prior=flat" in one.case["call"] else 1 / 16
    log_tau = np.linspace(math.log(1e-8), math.log(end), 400_000)
    tau = np.exp(log_tau)
    weights = [1 / (vi + tau**2) for vi in v]
    total = sum(weights) + about
    mean = sum(w * yi for w, yi in zip(weights, y, strict=True)) / total
    spread = sum(w * yi**2 for w, yi in zip(weights, y, strict=True)) - total * mean**2
    density = prior_of(one.case["call"]).log_density(tau, v) + log_tau - 0.5 * np.log(total)
    density = density + 0.5 * sum(np.log(w) for w in weights) - 0.5 * spread
    mass = np.exp(density - density.max())
    mass /= mass.sum()
    if one.name == "tau":
        first, second = tau, tau**2
    else:
        extra = tau**2 if one.name == "theta" else 0.0
        first, second = mean, mean**2 + 1 / total + extra
    centre = float((mass * first).sum())
    if absolute:
        return float((mass * np.sqrt(second)).sum())
    return centre if one.at == 2 else math.sqrt(float((mass * second).sum()) - centre**2)


_SHOWN: Mapping[str, Proof] = {
    "peer-search-clipped": _clipped,
    "peer-limit-stopped-early": _loose_limit,
    "peer-took-lower-mode": _lower_mode,
    "peer-stopped-early": _stopped,
    "peer-gave-up": _gave_up,
    "peer-fitted-noise": _noise,
    "moment-does-not-exist": _no_moment,
    "peer-coarse-grid": _grid,
    **OF_COUNTS,
}
