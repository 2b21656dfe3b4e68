"""One scale for everything: effects, limits and study results as absolute differences.

Shares for counts, units of the scale for means. Where a ratio has no baseline risk, or a limit
would leave 0 to 1, there is no value and the caller says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from tamis.certainty.absolute import absolute_effects, risk_with
from tamis.certainty.evidence import BodyEvidence
from tamis.domain.results import Interval

__all__ = ["absolute_interval", "crossed", "on_absolute_scale", "side_of", "study_differences"]

#: Measures whose value is a difference already.
DIFFERENCES = frozenset({"RD", "MD", "GEN"})


def on_absolute_scale(evidence: BodyEvidence, measure: str, value: float | None) -> float | None:
    """Return an effect as an absolute difference at the risk of the body, or ``None``."""
    if value is None or math.isnan(value):
        return None
    if measure in DIFFERENCES:
        return value
    baseline = evidence.baseline
    if baseline is None:
        outside = [one.risk for one in evidence.body.baselines]
        baseline = float(outside[0]) if outside else None
    if baseline is None or measure not in ("RR", "OR", "HR", "PETO") or math.isinf(value):
        return None
    risk = risk_with(measure, baseline, value)
    return risk - baseline if not math.isnan(risk) else None


def absolute_interval(evidence: BodyEvidence) -> tuple[float, Interval] | None:
    """Return the absolute effect of a body with its default interval, ``None`` if it has none."""
    effect = evidence.effect
    if effect is None:
        return None
    if effect.measure in ("MD", "GEN"):
        found = effect.estimate, effect.interval
    else:
        shown = next((a for a in absolute_effects(evidence) if a.difference is not None), None)
        if shown is None or not shown.intervals:
            return None
        found = shown.difference, shown.intervals[0]
    estimate, interval = found
    return (estimate, interval) if estimate is not None and interval is not None else None


def study_differences(evidence: BodyEvidence) -> tuple[tuple[str, float], ...]:
    """Return the absolute difference of every study that has one, at the risk of the body."""
    if evidence.synthesis is None:
        return ()
    found = []
    for one in evidence.synthesis.effects:
        value = on_absolute_scale(evidence, one.measure, one.estimate)
        if value is not None:
            found.append((one.study, value))
    return tuple(found)


def side_of(value: float, point: float) -> int:
    """Return 1 above a point, 0 on it, -1 below it.

    Examples
    --------
    >>> side_of(0.1, 0.1), side_of(-0.2, 0.1)
    (0, -1)
    """
    if math.isclose(value, point, rel_tol=0, abs_tol=1e-9):
        return 0
    return 1 if value > point else -1


def crossed(interval: Interval, points: Iterable[float]) -> tuple[float, ...]:
    """Return the points that lie inside an interval, not on its edge.

    Examples
    --------
    >>> crossed(Interval(low=-1, high=2, method="z"), (-1.0, 0.0, 1.0))
    (0.0, 1.0)
    """
    return tuple(p for p in points if side_of(interval.low, p) < 0 < side_of(interval.high, p))
