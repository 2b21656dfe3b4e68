"""The numbers of an analysis as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tamis.domain.results import Interval, PooledResult, SingleResult, StudyEffect
from tamis.synthesis.scales import SIZED, forth

__all__ = ["named", "one_json", "plain", "pooled_json", "single_json", "study_json"]

#: Fields of a result on the scale that is shown, with the names that the contract gives them.
_SHOWN = {
    "estimate": "estimate", "se": "se", "ci_low": "ci_low", "ci_high": "ci_high",
    "interval_method": "interval_method", "statistic": "statistic", "df": "df", "p": "p",
    "tau2": "tau2", "tau2_ci": "tau2_ci", "i2": "i2", "i2_ci": "i2_ci", "h2": "h2", "q": "q",
    "q_df": "q_df", "q_p": "q_p", "pi_low": "pi_low", "pi_high": "pi_high",
    "pi_method": "pi_method",
}  # fmt: skip


def pooled_json(pooled: PooledResult) -> dict[str, object]:
    """Return the numbers of a pool under the names of the contract."""
    shown = {name: getattr(pooled, field_name) for name, field_name in _SHOWN.items()}
    return shown | {"intervals": [_interval_json(one) for one in pooled.alternatives]}


def single_json(singles: Sequence[SingleResult]) -> dict[str, object]:
    """Return the first result of one study under the same names."""
    empty: dict[str, object] = dict.fromkeys(_SHOWN)
    if not singles:
        return empty
    one = singles[0]
    return empty | {
        "estimate": one.estimate,
        "se": one.se,
        "ci_low": one.intervals[0].low,
        "ci_high": one.intervals[0].high,
        "interval_method": one.intervals[0].method,
        "df": one.df,
        "p": one.p.get(one.p_method),
        "intervals": [_interval_json(other) for other in one.intervals[1:]],
    }


def one_json(one: SingleResult) -> dict[str, object]:
    """Return one reading of one study."""
    return {
        "measure": one.measure,
        "estimate": plain(one.estimate),
        "intervals": [_interval_json(interval) for interval in one.intervals],
        "p": dict(one.p),
        "p_method": one.p_method,
    }


def _interval_json(one: Interval) -> dict[str, object]:
    return {"method": one.method, "low": plain(one.low), "high": plain(one.high)}


def named(pooled: PooledResult, scale: str) -> dict[str, object]:
    """Return the numbers of the analysis scale under its name, where it is not the shown one."""
    if scale == "identity":
        return {}
    prediction = {
        f"{scale}_{name}": None if shown is None or scale in SIZED else forth(scale, shown)
        for name, shown in (("pi_low", pooled.pi_low), ("pi_high", pooled.pi_high))
    }
    return {
        f"{scale}_estimate": pooled.y,
        f"{scale}_se": pooled.se,
        f"{scale}_ci_low": pooled.y_low,
        f"{scale}_ci_high": pooled.y_high,
        **prediction,
    }


def study_json(one: StudyEffect) -> dict[str, object]:
    """Return one study's own effect."""
    names = ("study", "y", "se", "estimate", "low", "high", "interval_method", "weight",
             "corrected")  # fmt: skip
    return {name: plain(getattr(one, name)) for name in names}


def plain(value: object) -> object:
    """Return a value that JSON can hold: no infinities, tuples as lists."""
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return [plain(item) for item in value] if isinstance(value, tuple) else value
