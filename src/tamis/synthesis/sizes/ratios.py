"""Ratios of two arms' means, SDs and coefficients of variation, on the log scale.

``correction`` says which small-sample terms are in: ``full`` (all; metafor from 5.0 on), ``sd``
(those of the SDs alone; metafor before 5.0) or ``none``. Sources: Hedges, Gurevitch & Curtis 1999
and Lajeunesse 2015 (ROM); Nakagawa 2015 (VR, CVR); Senior, Viechtbauer & Nakagawa 2020.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tamis.domain.results import MeansRow
from tamis.synthesis.settings import EffectSettings
from tamis.synthesis.sizes.moments import pooled_variance

__all__ = ["RATIOS"]

YVPair = tuple[float, float]


def _squared_errors(row: MeansRow) -> YVPair:
    """Return sd²/(n·m²) of both arms."""
    return (
        row.sd_1**2 / (row.n_1 * row.mean_1**2),
        row.sd_2**2 / (row.n_2 * row.mean_2**2),
    )


def _means(row: MeansRow, settings: EffectSettings) -> YVPair | None:
    if 0 in (row.mean_1, row.mean_2) or (row.mean_1 > 0) != (row.mean_2 > 0):
        return None
    y = math.log(row.mean_1 / row.mean_2)
    one, two = _squared_errors(row)
    more = (one - two) / 2 if settings.correction == "full" else 0.0
    if settings.variance != "HO":
        return y + more, one + two
    shared = pooled_variance(row)
    return y + more, shared / (row.n_1 * row.mean_1**2) + shared / (row.n_2 * row.mean_2**2)


def _half_free(n: int) -> float:
    return 1 / (2 * (n - 1))


def _spreads(row: MeansRow, settings: EffectSettings) -> YVPair | None:
    if min(row.sd_1, row.sd_2) == 0 or min(row.n_1, row.n_2) < 2:
        return None
    one, two = _half_free(row.n_1), _half_free(row.n_2)
    more = 0.0 if settings.correction == "none" else one - two
    return math.log(row.sd_1 / row.sd_2) + more, one + two


def _relative_spreads(row: MeansRow, settings: EffectSettings) -> YVPair | None:
    spreads = _spreads(row, settings)
    if spreads is None or min(row.mean_1, row.mean_2) <= 0:
        return None
    one, two = _squared_errors(row)
    less = (one - two) / 2 if settings.correction == "full" else 0.0
    y = spreads[0] - math.log(row.mean_1 / row.mean_2) - less
    return y, spreads[1] + one + two


RATIOS: Mapping[str, Callable[[MeansRow, EffectSettings], YVPair | None]] = MappingProxyType(
    {"ROM": _means, "VR": _spreads, "CVR": _relative_spreads}
)
