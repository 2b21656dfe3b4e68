"""One kind of effect read as another: a difference as an odds ratio or a correlation.

The logistic factor (π/√3; Hasselblad & Hedges 1995) and the normal one (1.65; Cox & Snell 1989)
link d and the log odds ratio; the point-biserial and biserial correlations follow Jacobs &
Viechtbauer 2017.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from scipy.special import ndtri

from tamis.domain.results import MeansRow
from tamis.synthesis.settings import EffectSettings
from tamis.synthesis.sizes.moments import cohens_d

__all__ = ["LINKS", "LOGISTIC", "NORMAL"]

#: A log odds ratio is d times this.
LOGISTIC = math.pi / math.sqrt(3)
NORMAL = 1.65

YVPair = tuple[float, float]


def _d_and_variance(row: MeansRow) -> YVPair | None:
    d = cohens_d(row)
    if d is None:
        return None
    return d, 1 / row.n_1 + 1 / row.n_2 + d**2 / (2 * (row.n_1 + row.n_2))


def _as_odds(factor: float) -> Callable[[MeansRow, EffectSettings], YVPair | None]:
    def formula(row: MeansRow, _: EffectSettings) -> YVPair | None:
        found = _d_and_variance(row)
        return None if found is None else (factor * found[0], factor**2 * found[1])

    return formula


def _point_biserial(row: MeansRow, _: EffectSettings) -> YVPair | None:
    found = _d_and_variance(row)
    if found is None:
        return None
    d, v = found
    m = row.n_1 + row.n_2 - 2
    h = m / row.n_1 + m / row.n_2
    return d / math.sqrt(d**2 + h), h**2 / (h + d**2) ** 3 * v


def _biserial(row: MeansRow, settings: EffectSettings) -> YVPair | None:
    found = _point_biserial(row, settings)
    if found is None:
        return None
    total = row.n_1 + row.n_2
    p, q = row.n_1 / total, row.n_2 / total
    z = float(ndtri(p))
    f = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    y = found[0] * math.sqrt(p * q) / f
    cut = min(max(y, -1.0), 1.0)  # the variance is one of a correlation, the estimate may exceed 1
    inner = p * q / f**2 - (1.5 + (1 - q * z / f) * (1 + p * z / f)) * cut**2 + cut**4
    return y, inner / (total - 1)


LINKS: Mapping[str, Callable[[MeansRow, EffectSettings], YVPair | None]] = MappingProxyType(
    {
        "D2ORL": _as_odds(LOGISTIC),
        "D2ORN": _as_odds(NORMAL),
        "RPB": _point_biserial,
        "RBIS": _biserial,
    }
)
