"""Incidence rates and what compares them.

Notation: x events in the time t. 0.5 is added to the events of a row where one of them is zero
(both arms of a comparison), by the same rule as for tables; never for the square-root measures,
which are defined there. Formulas: Handbook, section 6.7; Bagos & Nikolopoulos 2009; Freeman & Tukey
1950.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput, Place
from tamis.domain.results import RateRow, SingleRateRow
from tamis.synthesis.settings import LARGEST, EffectSettings
from tamis.synthesis.sizes.counts import MOST_PEOPLE, YV

__all__ = ["check_rate", "rate_effects", "single_rate_effects"]

_NEVER_CORRECTED = frozenset({"IRSD", "IRS", "IRFT"})


def check_rate(events: float, time: float, study: str, *, where: Place | None = None) -> None:
    """Refuse events and person-times that cannot be.

    Raises
    ------
    BadInput
        Naming the study.
    """
    if not (math.isfinite(events) and math.isfinite(time)):
        raise BadInput(
            f"{study}: a number is missing", "leave the study out, with the reason", where=where
        )
    if not 0 <= events <= MOST_PEOPLE or not 0 < time <= LARGEST:
        raise BadInput(
            f"{study}: {events:g} events in a time of {time:g} cannot be",
            "give events of at least 0 and a person-time above 0",
            where=where,
        )


def rate_effects(
    measure: str, rows: Sequence[RateRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return one comparison a row (IRR, IRD or IRSD), ``None`` where it is not defined."""
    for row in rows:
        check_rate(row.events_1, row.time_1, row.study)
        check_rate(row.events_2, row.time_2, row.study)
    any_zero = any(0 in (row.events_1, row.events_2) for row in rows)
    found = []
    for row in rows:
        more = _more(measure, 0 in (row.events_1, row.events_2), any_zero, settings.zero_cells)
        yv = _TWO[measure](row.events_1 + more, row.time_1, row.events_2 + more, row.time_2)
        found.append(None if yv is None else (*yv, more > 0))
    return tuple(found)


def single_rate_effects(
    measure: str, rows: Sequence[SingleRateRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return one rate a row (IR, IRLN, IRS or IRFT), ``None`` where it is not defined."""
    for row in rows:
        check_rate(row.events, row.time, row.study)
    any_zero = any(row.events == 0 for row in rows)
    found = []
    for row in rows:
        more = _more(measure, row.events == 0, any_zero, settings.zero_cells)
        yv = _ONE[measure](row.events + more, row.time)
        found.append(None if yv is None else (*yv, more > 0))
    return tuple(found)


def _more(measure: str, zero: bool, any_zero: bool, rule: str) -> float:
    wanted = rule == "all" or (rule == "if0all" and any_zero) or (rule == "only0" and zero)
    return 0.5 if wanted and measure not in _NEVER_CORRECTED else 0.0


def _ratio(x1: float, t1: float, x2: float, t2: float) -> tuple[float, float] | None:
    if min(x1, x2) == 0:
        return None
    return math.log(x1 / t1) - math.log(x2 / t2), 1 / x1 + 1 / x2


def _difference(x1: float, t1: float, x2: float, t2: float) -> tuple[float, float] | None:
    v = x1 / t1**2 + x2 / t2**2
    return (x1 / t1 - x2 / t2, v) if v > 0 else None


def _root_difference(x1: float, t1: float, x2: float, t2: float) -> tuple[float, float]:
    return math.sqrt(x1 / t1) - math.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def _raw(x: float, t: float) -> tuple[float, float] | None:
    return (x / t, x / t**2) if x > 0 else None


def _log(x: float, t: float) -> tuple[float, float] | None:
    return (math.log(x / t), 1 / x) if x > 0 else None


def _root(x: float, t: float) -> tuple[float, float]:
    return math.sqrt(x / t), 1 / (4 * t)


def _freeman_tukey(x: float, t: float) -> tuple[float, float]:
    return 0.5 * (math.sqrt(x / t) + math.sqrt(x / t + 1 / t)), 1 / (4 * t)


YVPair = tuple[float, float]

_TWO: Mapping[str, Callable[[float, float, float, float], YVPair | None]] = MappingProxyType(
    {"IRR": _ratio, "IRD": _difference, "IRSD": _root_difference}
)

_ONE: Mapping[str, Callable[[float, float], YVPair | None]] = MappingProxyType(
    {"IR": _raw, "IRLN": _log, "IRS": _root, "IRFT": _freeman_tukey}
)
