"""Single proportions on the scales on which they are pooled.

The Freeman-Tukey double arcsine is computed only when it is asked for in so many words: its
back-transform is not monotone (Schwarzer 2019; Röver & Friede 2022).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.results import ProportionRow
from tamis.synthesis.settings import EffectSettings
from tamis.synthesis.sizes.counts import YV, check_counts

__all__ = ["proportion_effects"]

#: Measures that are defined where nobody or everybody had the event.
_NEVER_CORRECTED = frozenset({"PAS", "PFT"})


def proportion_effects(
    measure: str, rows: Sequence[ProportionRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return one transformed proportion a row (PR, PLN, PLO, PAS or PFT).

    Raises
    ------
    BadInput
        For counts that cannot be, and for PFT unless the settings allow it.
    """
    if measure == "PFT" and not settings.freeman_tukey:
        raise BadInput(
            "the Freeman-Tukey proportion (PFT) is computed only on request: its back-transform "
            "is not monotone, so a pool can be carried back to a share that no study supports",
            "use PLO, or the logistic model (method GLMM); or set freeman_tukey=True",
        )
    for row in rows:
        check_counts(row.events, row.n, row.study)
    any_edge = any(row.events in (0, row.n) for row in rows)
    return tuple(_one(measure, row, any_edge, settings.zero_cells) for row in rows)


def _one(measure: str, row: ProportionRow, any_edge: bool, rule: str) -> YV | None:
    x, n = float(row.events), float(row.n)
    edge = x in (0, n)
    wanted = rule == "all" or (rule == "if0all" and any_edge) or (rule == "only0" and edge)
    corrected = wanted and measure not in _NEVER_CORRECTED
    if corrected:
        x, n = x + 0.5, n + 1
    found = _FORMULAS[measure](x, n)
    return None if found is None else (*found, corrected)


def _raw(x: float, n: float) -> tuple[float, float] | None:
    p = x / n
    return (p, p * (1 - p) / n) if 0 < p < 1 else None


def _log(x: float, n: float) -> tuple[float, float] | None:
    return (math.log(x / n), 1 / x - 1 / n) if 0 < x < n else None


def _logit(x: float, n: float) -> tuple[float, float] | None:
    return (math.log(x) - math.log(n - x), 1 / x + 1 / (n - x)) if 0 < x < n else None


def _arcsine(x: float, n: float) -> tuple[float, float]:
    return math.asin(math.sqrt(x / n)), 1 / (4 * n)


def _freeman_tukey(x: float, n: float) -> tuple[float, float]:
    """Half the double arcsine (Freeman & Tukey 1950), so that it has the range of the arcsine."""
    low, high = (math.asin(math.sqrt((x + more) / (n + 1))) for more in (0, 1))
    return 0.5 * (low + high), 1 / (4 * n + 2)


_FORMULAS: Mapping[str, Callable[[float, float], tuple[float, float] | None]] = MappingProxyType(
    {"PR": _raw, "PLN": _log, "PLO": _logit, "PAS": _arcsine, "PFT": _freeman_tukey}
)
