"""How many unseen studies without effect would undo a result: three old formulas.

None says whether such studies exist; the number is shown only when asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow
from tamis.synthesis.inverse_variance import check_rows
from tamis.synthesis.settings import normal_quantile

__all__ = ["FailSafe", "fail_safe"]

#: A quotient this close above a whole number is that number.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class FailSafe:
    """The number of studies, and what they would bring the result to."""

    method: str
    n: int
    target: float


def fail_safe(
    rows: Sequence[EffectRow], *, method: str = "Rosenthal", target: float | None = None
) -> FailSafe:
    """Return the fail-safe number.

    Parameters
    ----------
    rows
        Effects and variances.
    method
        ``Rosenthal`` (Stouffer's p to one-sided 0.05; 1979), ``Orwin`` (the unweighted mean to
        ``target``; 1983) or ``Rosenberg`` (the common effect to two-sided 0.05; 2005).
    target
        For Orwin; half the mean by default.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.04) for s, y in (("a", 0.5), ("b", 0.6))]
    >>> fail_safe(rows).n, fail_safe(rows, method="Orwin").n
    (10, 2)
    """
    check_rows(rows)
    k = len(rows)
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    match method:
        case "Rosenthal":
            total = float((y / np.sqrt(v)).sum())
            return _made(method, (total / normal_quantile(0.90)) ** 2 - k, 0.05)
        case "Orwin":
            mean = float(y.mean())
            goal = mean / 2 if target is None else target
            if goal == 0 or (goal > 0) != (mean > 0):
                raise BadInput("the target must lie between 0 and the mean", "give another target")
            return _made(method, k * (abs(mean) - abs(goal)) / abs(goal), goal)
        case "Rosenberg":
            w = 1 / v
            s1 = float(w.sum())
            needed = (float((w * y).sum()) / normal_quantile(0.95)) ** 2 - s1
            return _made(method, k / s1 * needed, 0.05)
        case _:
            raise BadInput(f"{method!r} is no fail-safe number", "use Rosenthal, Orwin, Rosenberg")


def _made(method: str, number: float, target: float) -> FailSafe:
    return FailSafe(method=method, n=max(0, math.ceil(number - ROUNDING)), target=target)
