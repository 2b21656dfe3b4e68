"""Means and SDs from medians, quartiles and ranges, behind a gate of skewness.

A sample that is skewed by its own five numbers is not converted as if it were normal.

References
----------
Luo 2018, Stat Methods Med Res 27:1785 (means); Wan 2014, BMC Med Res Methodol 14:135 and Shi
2020, Res Synth Methods 11:641 (SDs); Shi 2023, Stat Med 42:2338 (the test of skewness).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log, sqrt

from scipy import stats

from tamis.extraction.conversions.kinds import Conversion, Numbers, Step, plain

__all__ = ["MEDIANS"]

#: Fewest people for means and SDs from medians.
FEWEST = 5


def _sd_from_range(x: Numbers) -> float:
    z = float(stats.norm.ppf((x["n"] - 0.375) / (x["n"] + 0.25)))
    return (x["max"] - x["min"]) / (2 * z)


def _sd_from_quartiles(x: Numbers) -> float:
    z = float(stats.norm.ppf((0.75 * x["n"] - 0.125) / (x["n"] + 0.25)))
    return (x["q3"] - x["q1"]) / (2 * z)


def _from_range(x: Numbers) -> Iterable[Step]:
    w = 4 / (4 + x["n"] ** 0.75)
    mean = w * (x["min"] + x["max"]) / 2 + (1 - w) * x["median"]
    yield Step("mean", mean, "mean = w (min + max) / 2 + (1 − w) median, w = 4 / (4 + n^0.75) = "
                f"{plain(w, 4)}")  # fmt: skip
    yield Step("sd", _sd_from_range(x), "SD = (max − min) / (2 Φ⁻¹((n − 0.375) / (n + 0.25)))")


def _from_quartiles(x: Numbers) -> Iterable[Step]:
    w = 0.7 + 0.39 / x["n"]
    mean = w * (x["q1"] + x["q3"]) / 2 + (1 - w) * x["median"]
    yield Step("mean", mean, f"mean = w (q1 + q3) / 2 + (1 − w) median, w = 0.7 + 0.39 / n = "
                f"{plain(w, 4)}")  # fmt: skip
    yield Step("sd", _sd_from_quartiles(x),
                "SD = (q3 − q1) / (2 Φ⁻¹((0.75 n − 0.125) / (n + 0.25)))")  # fmt: skip


def _from_five(x: Numbers) -> Iterable[Step]:
    n = x["n"]
    w1, w2 = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    mean = (
        w1 * (x["min"] + x["max"]) / 2 + w2 * (x["q1"] + x["q3"]) / 2 + (1 - w1 - w2) * x["median"]
    )
    yield Step("mean", mean, "mean = w₁ (min + max) / 2 + w₂ (q1 + q3) / 2 + (1 − w₁ − w₂) median,"
                f" w₁ = {plain(w1, 4)}, w₂ = {plain(w2, 4)}")  # fmt: skip
    omega = 1 / (1 + 0.07 * n**0.6)
    sd = omega * _sd_from_range(x) + (1 - omega) * _sd_from_quartiles(x)
    yield Step("sd", sd, "SD = ω × SD of the range + (1 − ω) × SD of the quartiles, ω = "
                f"{plain(omega, 4)}")  # fmt: skip


def _t_range(x: Numbers) -> float:
    width = x["max"] - x["min"]
    return abs(x["min"] + x["max"] - 2 * x["median"]) / width if width else 0.0


def _t_quartiles(x: Numbers) -> float:
    width = x["q3"] - x["q1"]
    return abs(x["q1"] + x["q3"] - 2 * x["median"]) / width if width else 0.0


def _skew(t: float, critical: float) -> str:
    if t <= critical:
        return ""
    return (
        f"the sample is skewed: T = {plain(t, 3)} is above {plain(critical, 3)}, so mean and SD of "
        "a normal sample do not describe it; keep the median, or work on the log scale"
    )


def _skew_range(x: Numbers) -> str:
    n = x["n"]
    return _few(n) or _skew(_t_range(x), 1 / log(n + 9) + 2.5 / (n + 1))


def _skew_quartiles(x: Numbers) -> str:
    n = x["n"]
    return _few(n) or _skew(_t_quartiles(x), 2.65 / sqrt(n) - 6 / n**2)


def _skew_five(x: Numbers) -> str:
    n = x["n"]
    t = max(2.65 * log(0.6 * n) / sqrt(n) * _t_range(x), _t_quartiles(x))
    return _few(n) or _skew(t, 3 / sqrt(n) - 40 / n**3)


def _few(n: float) -> str:
    return "" if n >= FEWEST else f"with {plain(n)} people this is no estimate (at least {FEWEST})"


def _normal_assumed(x: Numbers) -> Iterable[str]:
    del x
    yield "this assumes a normal sample; do a sensitivity analysis without it"


#: Medians, the fewest numbers first.
MEDIANS: tuple[Conversion, ...] = (
    Conversion(id="mean-sd.from-quartiles", needs=("q1", "median", "q3", "n"),
               gives=("mean", "sd"), steps=_from_quartiles,
               says="mean and SD from median and quartiles", source="Luo 2018; Wan 2014",
               doubts=_normal_assumed, refuses=_skew_quartiles),
    Conversion(id="mean-sd.from-range", needs=("min", "median", "max", "n"),
               gives=("mean", "sd"), steps=_from_range,
               says="mean and SD from median and range", source="Luo 2018; Wan 2014",
               doubts=_normal_assumed, refuses=_skew_range),
    Conversion(id="mean-sd.from-five", needs=("min", "q1", "median", "q3", "max", "n"),
               gives=("mean", "sd"), steps=_from_five,
               says="mean and SD from median, quartiles and range",
               source="Luo 2018; Shi 2020", doubts=_normal_assumed, refuses=_skew_five),
)  # fmt: skip
