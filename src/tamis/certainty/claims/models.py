"""Other models of the same pool: fixed effect and DerSimonian-Laird, both with Wald limits.

A text may give the one where the review gives the other. They are computed from the effects of the
studies as the synthesis holds them, and only ever serve to recognise a number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from tamis.domain.results import Synthesis

__all__ = ["Model", "other_models"]

_RATIOS = frozenset({"RR", "OR", "HR"})
_LINEAR = frozenset({"MD", "SMD", "RD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An estimate with its 95 % interval, on the scale that is shown."""

    method: str
    estimate: float
    low: float
    high: float


def other_models(synthesis: Synthesis) -> Iterator[Model]:
    """Yield the fixed-effect and the DerSimonian-Laird result of a pooled synthesis."""
    measure = synthesis.pooled.measure if synthesis.pooled is not None else ""
    effects = [
        (e.y, e.se * e.se)
        for e in synthesis.effects
        if e.y is not None and e.se and e.measure == measure and math.isfinite(e.y)
    ]
    if len(effects) < 2 or measure not in _RATIOS | _LINEAR:
        return
    weights = [1 / v for _, v in effects]
    mean = sum(w * y for w, (y, _) in zip(weights, effects, strict=True)) / sum(weights)
    q = sum(w * (y - mean) ** 2 for w, (y, _) in zip(weights, effects, strict=True))
    scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
    tau2 = max(0.0, (q - len(effects) + 1) / scale) if scale > 0 else 0.0
    yield _pooled("fixed-effect Wald", effects, 0.0, measure)
    if tau2 > 0:
        yield _pooled("DerSimonian-Laird Wald", effects, tau2, measure)


def _pooled(
    method: str, effects: Sequence[tuple[float, float]], tau2: float, measure: str
) -> Model:
    weights = [1 / (v + tau2) for _, v in effects]
    y = sum(w * one for w, (one, _) in zip(weights, effects, strict=True)) / sum(weights)
    half = NormalDist().inv_cdf(0.975) / math.sqrt(sum(weights))
    shown = math.exp if measure in _RATIOS else float
    try:
        values = shown(y), shown(y - half), shown(y + half)
    except OverflowError:
        values = (math.inf, math.inf, math.inf)
    return Model(method=method, estimate=values[0], low=values[1], high=values[2])
