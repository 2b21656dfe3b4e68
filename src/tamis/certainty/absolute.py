"""Absolute effects: what a relative effect means for a thousand people at a given risk."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from tamis.certainty.evidence import BodyEvidence, Effect
from tamis.certainty.settings import GradeSettings
from tamis.domain.errors import BadInput
from tamis.domain.grading import AbsoluteEffect
from tamis.domain.question import BaselineRisk
from tamis.domain.results import Finding, Interval

__all__ = ["absolute_effects", "number_needed", "per_thousand", "risk_with"]

#: Label and source of the baseline risk that comes from the trials themselves.
OBSERVED = ("observed", "control group of the trial", "median of the control groups")

#: Sentence of a warning about an absolute effect, by rule.
WARNINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "baseline-risk-small": (
            "The risk with the comparator comes from {n} people: every absolute figure holds for "
            "{only}.",
            "give an external risk with its source: [[body.baseline]] in review.toml",
        ),
        "limit-outside": (
            "A limit of the absolute effect would leave 0 to 1,000 per 1,000, so the interval is "
            "that of the risk difference ({method}).",
            "",
        ),
        "no-interval": (
            "A limit of the absolute effect would leave 0 to 1,000 per 1,000 and no risk "
            "difference can be given: no interval is printed.",
            "",
        ),
        "risk-outside": (
            "The effect would take the risk of this group beyond 0 to 1,000 per 1,000: it does not "
            "apply to it and is not printed.",
            "choose a baseline risk like that of the trials",
        ),
    }
)

ONLY = ("this trial only", "these trials only")


def risk_with(measure: str, baseline: float, effect: float) -> float:
    """Return the risk with the intervention; it may leave 0 to 1, and then must not be printed.

    Parameters
    ----------
    measure
        RR, OR, HR or RD.
    baseline
        Risk with the comparator, 0 to 1.
    effect
        On the scale that is shown (a ratio, or a difference of shares).

    Raises
    ------
    BadInput
        For another measure, or a baseline that is no share.

    References
    ----------
    GRADE guidelines 12 (Guyatt et al 2013).

    Examples
    --------
    >>> [round(1000 * (risk_with(m, 0.20, 0.5)), 1) for m in ("RR", "OR", "HR")]
    [100.0, 111.1, 105.6]
    """
    if not 0 <= baseline <= 1:
        raise BadInput(f"the baseline risk {baseline} is no share", "give it per 1, as 0.2")
    match measure:
        case "RR":
            return baseline * effect
        case "OR" | "PETO":
            return _from_odds(baseline, effect)
        case "HR":
            return 1 - math.pow(1 - baseline, effect)
        case "RD":
            return baseline + effect
        case _:
            raise BadInput(
                f"{measure!r} has no absolute effect by a formula", "use RR, OR, HR or RD"
            )


def _from_odds(baseline: float, ratio: float) -> float:
    if math.isinf(ratio):
        return 1.0 if baseline > 0 else 0.0
    below = 1 - baseline + baseline * ratio
    return baseline * ratio / below if below else math.nan


def per_thousand(share: float) -> int:
    """Return whole people in 1,000, halves away from zero.

    Examples
    --------
    >>> per_thousand(-1 / 12), per_thousand(0.8333)
    (-83, 833)
    """
    exact = Decimal(repr(round(share * 1000, 9)))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def number_needed(difference: float, interval: Interval | None) -> float | None:
    """Return 1/|difference|, and ``None`` unless the interval excludes no difference.

    Examples
    --------
    >>> number_needed(-0.1, Interval(low=-0.15, high=-0.05, method="z"))
    10.0
    >>> number_needed(-0.1, Interval(low=-0.15, high=0.05, method="z")) is None
    True
    """
    if interval is None or difference == 0 or interval.low <= 0 <= interval.high:
        return None
    return 1 / abs(difference)


def absolute_effects(
    evidence: BodyEvidence, *, settings: GradeSettings | None = None
) -> tuple[AbsoluteEffect, ...]:
    """Return the absolute effects of a body: at the risk of its control groups, then external ones.

    Fewer than 100 control participants make every figure hold for these trials only. Where a limit
    leaves 0 to 1, nothing is clamped: the intervals are those of the risk difference instead.

    Raises
    ------
    BadInput
        For an external risk that is no share.
    """
    settings = settings or GradeSettings()
    effect = evidence.effect
    if effect is None or effect.measure not in ("RR", "OR", "HR", "RD", "PETO"):
        return ()
    found = []
    observed = evidence.baseline
    if observed is not None:
        found.append(_observed(evidence, effect, observed, settings))
    found.extend(_external(evidence, effect, one) for one in evidence.body.baselines)
    return tuple(found)


def _observed(
    evidence: BodyEvidence, effect: Effect, baseline: float, settings: GradeSettings
) -> AbsoluteEffect:
    controls = evidence.people("comparator") or 0
    few = controls < settings.few_controls
    only = ONLY[evidence.k > 1] if few else ""
    warnings = [_warning("baseline-risk-small", evidence, n=controls, only=only)] if few else []
    label, alone, many = OBSERVED
    arms = [arm for arm in evidence.arms if arm.role == "comparator"]
    return _made(
        evidence,
        effect,
        AbsoluteEffect(
            label=label,
            source=many if evidence.k > 1 else alone,
            baseline=baseline,
            intervention=None,
            difference=None,
            controls=controls,
            only=only,
            inputs=tuple(name for arm in arms for name in arm.inputs),
        ),
        warnings,
    )


def _external(evidence: BodyEvidence, effect: Effect, given: BaselineRisk) -> AbsoluteEffect:
    try:
        baseline = float(given.risk)
    except ValueError:
        baseline = math.nan
    if not 0 <= baseline <= 1:
        raise BadInput(
            f"the baseline risk {given.risk!r} of the body {evidence.body.id!r} is no share",
            "write it per 1, for example 0.2, with its source",
        )
    shown = AbsoluteEffect(
        label=given.label,
        source=given.source,
        baseline=baseline,
        intervention=None,
        difference=None,
        inputs=(evidence.body.id,),
    )
    return _made(evidence, effect, shown, [])


def _made(
    evidence: BodyEvidence, effect: Effect, shown: AbsoluteEffect, warnings: list[Finding]
) -> AbsoluteEffect:
    """Complete a baseline risk with the risk under intervention, the difference and intervals."""
    if effect.estimate is None or math.isinf(effect.estimate):
        return _from_difference(evidence, shown, warnings)
    risk = risk_with(effect.measure, shown.baseline, effect.estimate)
    inputs = tuple(dict.fromkeys((*shown.inputs, *effect.inputs)))
    if not 0 <= round(risk, 12) <= 1:
        return replace(
            shown, inputs=inputs, warnings=(*warnings, _warning("risk-outside", evidence))
        )
    difference = risk - shown.baseline
    intervals, more = _intervals(evidence, effect, shown.baseline)
    return replace(
        shown,
        intervention=risk,
        difference=difference,
        intervals=intervals,
        nnt=number_needed(difference, intervals[0] if intervals else None),
        inputs=inputs,
        warnings=(*warnings, *more),
    )


def _from_difference(
    evidence: BodyEvidence, shown: AbsoluteEffect, warnings: Iterable[Finding]
) -> AbsoluteEffect:
    """Use the risk difference of the studies where the ratio itself cannot be estimated."""
    found = evidence.risk_difference
    if found is None or found.estimate is None or shown.controls is None:
        return replace(shown, warnings=(*warnings, _warning("no-interval", evidence)))
    risk = shown.baseline + found.estimate
    if not 0 <= round(risk, 12) <= 1:
        return replace(shown, warnings=(*warnings, _warning("risk-outside", evidence)))
    intervals = _possible(evidence.difference_intervals)
    said = _warning("limit-outside", evidence, method=_methods(intervals))
    if not intervals:
        said = _warning("no-interval", evidence)
    return replace(
        shown,
        intervention=risk,
        difference=found.estimate,
        intervals=intervals,
        nnt=number_needed(found.estimate, intervals[0] if intervals else None),
        inputs=tuple(dict.fromkeys((*shown.inputs, *found.inputs))),
        warnings=(*warnings, said),
    )


def _intervals(
    evidence: BodyEvidence, effect: Effect, baseline: float
) -> tuple[tuple[Interval, ...], tuple[Finding, ...]]:
    """Return the intervals of the difference, and what has to be said about them."""
    if effect.interval is None:
        return (), ()
    if effect.measure == "RD":
        given = _possible(evidence.difference_intervals or (effect.interval,))
        return given, () if given else (_warning("no-interval", evidence),)
    limits = [
        risk_with(effect.measure, baseline, limit)
        for limit in (effect.interval.low, effect.interval.high)
    ]
    if all(0 <= limit <= 1 for limit in limits):
        method = f"from the {effect.measure} ({effect.interval.method})"
        low, high = sorted(limit - baseline for limit in limits)
        return (Interval(low=low, high=high, method=method, level=effect.interval.level),), ()
    intervals = _possible(evidence.difference_intervals)
    if not intervals:
        return (), (_warning("no-interval", evidence),)
    return intervals, (_warning("limit-outside", evidence, method=_methods(intervals)),)


def _possible(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Leave out intervals that no difference of shares can have: few studies pooled by t reach far.

    Examples
    --------
    >>> _possible([Interval(low=-1.008, high=1.384, method="Hartung-Knapp")])
    ()
    """
    return tuple(one for one in intervals if one.low >= -1 and one.high <= 1)


def _methods(intervals: Iterable[Interval]) -> str:
    return ", ".join(one.method for one in intervals)


def _warning(rule: str, evidence: BodyEvidence, **said: object) -> Finding:
    message, remedy = WARNINGS[rule]
    return Finding(
        rule=rule,
        severity="warning",
        subject=evidence.body.id,
        message=message.format(**said),
        because=evidence.inputs,
        suggestion=remedy,
    )
