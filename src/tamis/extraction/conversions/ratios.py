"""Ratios and skewed measurements on the log scale, and hazard ratios from what papers print.

References
----------
Cochrane Handbook for Systematic Reviews of Interventions, version 6.5, chapter 6.3 (intervals of
ratios); Higgins 2008, Stat Med 27:6072 (mean and SD on the log scale); Parmar 1998, Stat Med
17:2815 and Tierney 2007, Trials 8:16 (hazard ratios).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import copysign, log, log1p, sqrt

from scipy import stats

from tamis.extraction.conversions.kinds import Conversion, Numbers, Step, plain

__all__ = ["RATIOS"]

_Z = float(stats.norm.ppf(0.975))


def _log(x: Numbers) -> Step:
    return Step("log_estimate", log(x["estimate"]), f"ln {plain(x['estimate'])}")


def _of_limits(x: Numbers) -> Iterable[Step]:
    yield _log(x)
    yield Step("log_se", (log(x["ci_high"]) - log(x["ci_low"])) / (2 * _Z),
               f"SE = (ln upper − ln lower) / (2 × 1.96) = (ln {plain(x['ci_high'])} − "
               f"ln {plain(x['ci_low'])}) / 3.92")  # fmt: skip


def _of_p(x: Numbers) -> Iterable[Step]:
    yield _log(x)
    z = float(stats.norm.isf(x["p"] / 2))
    yield Step(
        "log_se",
        abs(log(x["estimate"])) / z,
        f"SE = |ln estimate| / Φ⁻¹(1 − p/2) = {plain(abs(log(x['estimate'])))} / {plain(z, 4)}",
    )


def _raw(x: Numbers) -> Iterable[Step]:
    variance = log1p((x["sd"] / x["mean"]) ** 2)
    yield Step(
        "log_mean",
        log(x["mean"]) - variance / 2,
        f"mean of logs = ln mean − s²/2, s² = ln(1 + SD²/mean²) = {plain(variance)}",
    )
    yield Step(
        "log_sd",
        sqrt(variance),
        f"SD of logs = √ln(1 + SD²/mean²) = √ln(1 + {plain(x['sd'])}²/{plain(x['mean'])}²)",
    )


def _of_score(x: Numbers) -> Iterable[Step]:
    yield Step(
        "log_estimate",
        x["o_minus_e"] / x["v"],
        f"ln HR = (O − E) / V = {plain(x['o_minus_e'])} / {plain(x['v'])}",
    )
    yield Step("log_se", 1 / sqrt(x["v"]), f"SE = 1/√V = 1/√{plain(x['v'])}")


def _of_log_rank(x: Numbers) -> Iterable[Step]:
    people = x["n1"] + x["n2"]
    v = x["deaths"] * x["n1"] * x["n2"] / people**2
    z = float(stats.norm.isf(x["p"] / 2))
    difference = copysign(sqrt(v) * z, x["direction"])
    yield Step(
        "log_estimate",
        difference / v,
        f"ln HR = ±Φ⁻¹(1 − p/2) / √V, V = D n₁ n₂ / (n₁ + n₂)² = {plain(v)}",
    )
    yield Step("log_se", 1 / sqrt(v), f"SE = 1/√V = 1/√{plain(v)}")


def _no_ratio(x: Numbers) -> str:
    if min(x[name] for name in ("estimate", "ci_low", "ci_high") if name in x) <= 0:
        return "a ratio and its limits are above zero; is this a difference?"
    if "ci_low" in x and not x["ci_low"] <= x["estimate"] <= x["ci_high"]:
        return "the ratio lies outside its interval"
    if "p" in x and (not 0 < x["p"] < 1 or x["estimate"] == 1):
        return "a p value of 0 or 1, or a ratio of 1, tells no standard error"
    return ""


def _lopsided(x: Numbers) -> Iterable[str]:
    width = log(x["ci_high"]) - log(x["ci_low"])
    centre = (log(x["ci_high"]) + log(x["ci_low"])) / 2
    if abs(log(x["estimate"]) - centre) > 0.05 * width:
        yield "the ratio is not in the middle of its interval on the log scale: rounding, or exact"


def _not_positive(x: Numbers) -> str:
    return "" if x["mean"] > 0 else "a mean of zero or below has no logarithm"


def _no_score(x: Numbers) -> str:
    return "" if x["v"] > 0 else "V is above zero"


def _no_log_rank(x: Numbers) -> str:
    if min(x["deaths"], x["n1"], x["n2"]) < 1:
        return "people and events are counted from 1"
    if abs(x["direction"]) != 1:
        return "direction is 1 (more events in the first group) or −1"
    return "" if 0 < x["p"] < 1 else "a p value of 0 or 1 tells no variance"


def _approximate(x: Numbers) -> Iterable[str]:
    yield "V is exact only where both groups are at risk alike; prefer an interval, or O − E and V"
    if not 0.5 <= x["n1"] / x["n2"] <= 2:
        yield "the groups are of different size: V = D n₁ n₂ / (n₁ + n₂)² assumes a small effect"


#: Ratios, hazard ratios in the order of preference of Tierney 2007.
RATIOS: tuple[Conversion, ...] = (
    Conversion(id="log.from-limits", needs=("estimate", "ci_low", "ci_high"),
               gives=("log_estimate", "log_se"), steps=_of_limits,
               says="a ratio and its SE on the log scale, from its 95 % interval",
               source="Handbook 6.3.2", doubts=_lopsided, refuses=_no_ratio),
    Conversion(id="log.from-p", needs=("estimate", "p"), gives=("log_estimate", "log_se"),
               steps=_of_p, says="a ratio and its SE on the log scale, from its exact p",
               source="Handbook 6.3.2", refuses=_no_ratio),
    Conversion(id="hr.from-score", needs=("o_minus_e", "v"), gives=("log_estimate", "log_se"),
               steps=_of_score, says="a hazard ratio from O − E and V", source="Parmar 1998",
               refuses=_no_score),
    Conversion(id="hr.from-log-rank", needs=("p", "deaths", "n1", "n2", "direction"),
               gives=("log_estimate", "log_se"), steps=_of_log_rank,
               says="a hazard ratio from the log-rank p and the events", source="Tierney 2007",
               doubts=_approximate, refuses=_no_log_rank),
    Conversion(id="log.from-raw", needs=("mean", "sd"), gives=("log_mean", "log_sd"), steps=_raw,
               says="mean and SD of the logarithms, of a log-normal sample", source="Higgins 2008",
               refuses=_not_positive),
)  # fmt: skip
