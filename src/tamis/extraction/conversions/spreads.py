"""SDs and standard errors from one another, from limits and from two visits.

References
----------
Cochrane Handbook for Systematic Reviews of Interventions, version 6.5, chapters 6.3 and 6.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from scipy import stats

from tamis.extraction.conversions.kinds import Conversion, Numbers, Step, plain

__all__ = ["SPREADS", "few_people"]

#: With fewer people than this, half the width of an interval is taken as t and not as z.
SMALL = 60


def _sd_from_se(x: Numbers) -> Iterable[Step]:
    shown = f"SD = SE × √n = {plain(x['se'])} × √{plain(x['n'])}"
    yield Step("sd", x["se"] * sqrt(x["n"]), shown)


def _quantile(n: float) -> tuple[float, str]:
    if n >= SMALL:
        return float(stats.norm.ppf(0.975)), "1.96"
    t = float(stats.t.ppf(0.975, n - 1))
    return t, f"t(0.975; {plain(n - 1)})"


def _sd_from_limits(x: Numbers) -> Iterable[Step]:
    q, name = _quantile(x["n"])
    width = x["ci_high"] - x["ci_low"]
    shown = (
        f"SD = √n × (upper − lower) / (2 × {name}) = "
        f"√{plain(x['n'])} × {plain(width)} / {plain(2 * q, 4)}"
    )
    yield Step("sd", sqrt(x["n"]) * width / (2 * q), shown)


def _se_from_limits(x: Numbers) -> Iterable[Step]:
    width = x["ci_high"] - x["ci_low"]
    yield Step("se", width / (2 * float(stats.norm.ppf(0.975))),
                f"SE = (upper − lower) / (2 × 1.96) = {plain(width)} / 3.92")  # fmt: skip


def _change_sd(x: Numbers) -> Iterable[Step]:
    a, b, r = x["sd_baseline"], x["sd_final"], x["r"]
    shown = (
        "SD of the change = √(SD₁² + SD₂² − 2 r SD₁ SD₂) = "
        f"√({plain(a)}² + {plain(b)}² − 2 × {plain(r)} × {plain(a)} × {plain(b)})"
    )
    yield Step("sd", sqrt(max(0.0, a * a + b * b - 2 * r * a * b)), shown)


def _limits_of_one_mean(x: Numbers) -> Iterable[str]:
    yield "the interval must be that of one arm's own mean, at 95 %, computed from its SD"
    if x["n"] < SMALL:
        yield "taken as a t interval, since the sample is small; a z interval would give more"


def _r_assumed(x: Numbers) -> Iterable[str]:
    del x
    yield "r is assumed unless it was printed: try 0.3, 0.5, 0.7 and 0.9"


def few_people(x: Numbers) -> str:
    """Return why a spread of so few people is none."""
    return "" if x["n"] >= 2 else "one person has no spread"


def _outside(x: Numbers) -> str:
    return "" if -1 <= x["r"] <= 1 else "a correlation lies between −1 and 1"


def _r_of(x: Numbers) -> float:
    a, b, d = x["sd_baseline"], x["sd_final"], x["sd"]
    return (a * a + b * b - d * d) / (2 * a * b)


def _correlation(x: Numbers) -> Iterable[Step]:
    a, b, d = x["sd_baseline"], x["sd_final"], x["sd"]
    top = f"{plain(a)}² + {plain(b)}² − {plain(d)}²"
    yield Step("r", _r_of(x), "r = (SD₁² + SD₂² − SD²) / (2 SD₁ SD₂) = "
               f"({top}) / (2 × {plain(a)} × {plain(b)})")  # fmt: skip


def _no_correlation(x: Numbers) -> str:
    if not x["sd_baseline"] or not x["sd_final"]:
        return "a visit without any spread has no correlation with another"
    r = _r_of(x)
    return (
        "" if -1 <= r <= 1 else f"no correlation gives these three SDs: it would be {plain(r, 3)}"
    )


#: Spreads, the simplest first.
SPREADS: tuple[Conversion, ...] = (
    Conversion(id="sd.from-se", needs=("se", "n"), gives=("sd",), steps=_sd_from_se,
               says="SD from the standard error", source="Handbook 6.5.2.2",
               refuses=few_people),
    Conversion(id="sd.from-limits", needs=("ci_low", "ci_high", "n"), gives=("sd",),
               steps=_sd_from_limits, says="SD from the confidence interval of a mean",
               source="Handbook 6.5.2.2", doubts=_limits_of_one_mean, refuses=few_people),
    Conversion(id="se.from-limits", needs=("estimate", "ci_low", "ci_high"), gives=("se",),
               steps=_se_from_limits, says="SE from the 95 % interval of a difference",
               source="Handbook 6.3.1",
               doubts=lambda _: ("for a difference; a ratio is computed on the log scale",)),
    Conversion(id="sd.of-change", needs=("sd_baseline", "sd_final", "r"), gives=("sd",),
               steps=_change_sd, says="SD of the change from baseline, with a correlation",
               source="Handbook 6.5.2.8", doubts=_r_assumed, refuses=_outside),
    Conversion(id="r.from-sds", needs=("sd_baseline", "sd_final", "sd"), gives=("r",),
               steps=_correlation, says="the correlation of baseline and visit from three SDs",
               source="Handbook 6.5.2.8", refuses=_no_correlation),
)  # fmt: skip
