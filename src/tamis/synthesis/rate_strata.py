"""Common-effect pools of incidence rates after Mantel & Haenszel, without correction for zeros.

Rothman & Greenland 1998: weights from the person-time of both arms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from tamis.domain.results import RateRow, Refusal
from tamis.synthesis.effect_sizes import effects
from tamis.synthesis.inverse_variance import NO_DATA
from tamis.synthesis.modes import Floats
from tamis.synthesis.settings import confidence, normal_quantile
from tamis.synthesis.sizes.rates import check_rate
from tamis.synthesis.strata import StrataFit

__all__ = ["fit_rate_strata"]

NO_INFORMATION = Refusal(
    rule="no-information",
    message="The rates hold no information on this measure: nobody had an event in one arm.",
)


def fit_rate_strata(
    rows: Sequence[RateRow], *, measure: str = "IRR", level: str = "0.95"
) -> StrataFit | Refusal:
    """Pool rates of two arms by Mantel-Haenszel.

    Parameters
    ----------
    rows
        Events and person-time of two arms; rows without events carry no weight for the ratio.
    measure
        ``IRR`` (on the log scale) or ``IRD``.
    level
        Confidence level.

    Returns
    -------
    StrataFit or Refusal
        ``q`` is Cochran's Q about the pooled value, rows with one zero corrected by 0.5.

    Examples
    --------
    >>> rows = [RateRow(study="a", events_1=9, time_1=413, events_2=19, time_2=398),
    ...         RateRow(study="b", events_1=8, time_1=263, events_2=19, time_2=245)]
    >>> round(math.exp(fit_rate_strata(rows).y), 3)
    0.424
    """
    if measure not in ("IRR", "IRD"):
        return Refusal(
            rule="method-does-not-fit-measure",
            message=f"The method MH does not pool the measure {measure}.",
        )
    if not rows:
        return NO_DATA
    for row in rows:
        check_rate(row.events_1, row.time_1, row.study)
        check_rate(row.events_2, row.time_2, row.study)
    x1, t1, x2, t2 = np.array(
        [(row.events_1, row.time_1, row.events_2, row.time_2) for row in rows], dtype=np.float64
    ).T
    found = _ratio(x1, t1, x2, t2) if measure == "IRR" else _difference(x1, t1, x2, t2)
    if found is None:
        return NO_INFORMATION
    y, variance = found
    said = [one for one in effects(measure, _with_events(rows)) if one.y is not None]
    q = sum((one.y - y) ** 2 / one.se**2 for one in said if one.y is not None and one.se)
    se = math.sqrt(variance)
    half = normal_quantile(confidence(level)) * se
    return StrataFit(
        k=len(rows), k_q=len(said), y=y, se=se, low=y - half, high=y + half,
        p=float(2 * ndtr(-abs(y) / se)), q=float(q),
    )  # fmt: skip


def _with_events(rows: Sequence[RateRow]) -> list[RateRow]:
    return [row for row in rows if row.events_1 + row.events_2 > 0]


def _ratio(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[float, float] | None:
    total = t1 + t2
    one, two = float((x1 * t2 / total).sum()), float((x2 * t1 / total).sum())
    if one == 0 or two == 0:
        return None
    spread = float(((x1 + x2) * t1 * t2 / total**2).sum())
    return math.log(one / two), spread / (one * two)


def _difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> tuple[float, float] | None:
    total = t1 + t2
    weight = float((t1 * t2 / total).sum())
    y = float(((x1 * t2 - x2 * t1) / total).sum()) / weight
    spread = float((x1 * (t2 / total) ** 2 + x2 * (t1 / total) ** 2).sum())
    return (y, spread / weight**2) if spread > 0 else None
