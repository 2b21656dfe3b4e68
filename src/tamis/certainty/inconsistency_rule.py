"""Inconsistency: do the studies fall on different sides of a decision threshold (grading.md A3)."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.certainty.evidence import BodyEvidence
from tamis.certainty.proposal import DomainProposal, number
from tamis.certainty.scale import crossed, on_absolute_scale, side_of, study_differences
from tamis.certainty.settings import GradeSettings
from tamis.domain.results import Interval, PooledResult

__all__ = ["propose_inconsistency"]

DOMAIN = "inconsistency"

#: A between-study variance below this is none: estimators stop this close to zero.
NO_VARIANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the rule looks at, computed once."""

    split: tuple[float, ...]
    both_important: bool
    prediction_crosses: bool | None
    i2_high: bool
    overlap: bool
    spread: bool

    @property
    def prediction_speaks(self) -> bool:
        """Whether the prediction interval says something of differences between studies.

        Without between-study variance, and with intervals that all overlap, it is no more than
        the interval of the mean: where that one reaches over a threshold, it is imprecision.
        """
        return bool(self.prediction_crosses) and (self.spread or not self.overlap)


def propose_inconsistency(evidence: BodyEvidence, settings: GradeSettings) -> DomainProposal:
    """Propose a change for inconsistency; high I² alone is no reason."""
    because = evidence.inputs or tuple(study.id for study in evidence.studies)
    if evidence.k == 1:
        return DomainProposal(
            domain=DOMAIN,
            change=0,
            rule="inconsistency-one-study",
            message="Not assessed (one study).",
            because=because,
        )
    pooled = evidence.synthesis.pooled if evidence.synthesis is not None else None
    differences = study_differences(evidence)
    if pooled is None or evidence.single_arm or len(differences) < 2:
        said = (
            "No study gives data: there is nothing to compare."
            if evidence.k == 0
            else f"{evidence.k} studies are listed and not pooled, so nothing is proposed: look "
            "at what each of them found."
        )
        return DomainProposal(
            domain=DOMAIN,
            change=None,
            rule="inconsistency-not-pooled",
            message=said,
            because=because,
        )
    seen = _look(evidence, pooled, settings)
    change, rule, why = _rule(seen, evidence)
    return DomainProposal(
        domain=DOMAIN,
        change=change,
        rule=rule,
        message=f"{_shown(evidence, pooled, seen)} {why}",
        because=because,
    )


def _look(evidence: BodyEvidence, pooled: PooledResult, settings: GradeSettings) -> _Seen:
    values = [value for _, value in study_differences(evidence)]
    thresholds = evidence.thresholds
    points = thresholds.points() if thresholds is not None else (0.0,)
    split = tuple(p for p in points if {side_of(v, p) for v in values} >= {-1, 1})
    important = thresholds.small if thresholds is not None else None
    both = important is not None and (
        max(values) >= important - 1e-9 and min(values) <= -important + 1e-9
    )
    limits = [
        on_absolute_scale(evidence, pooled.measure, limit)
        for limit in (pooled.pi_low, pooled.pi_high)
    ]
    low, high = limits
    crosses = (
        None
        if low is None or high is None
        else bool(crossed(Interval(low=low, high=high, method="prediction"), split))
    )
    return _Seen(
        split=split,
        both_important=both,
        prediction_crosses=crosses,
        i2_high=pooled.i2 is not None and pooled.i2 >= settings.i2_split,
        overlap=_overlap(evidence),
        spread=pooled.tau2 is not None and pooled.tau2 > NO_VARIANCE,
    )


def _overlap(evidence: BodyEvidence) -> bool:
    """Tell whether the intervals of all studies have a point in common."""
    effects = evidence.synthesis.effects if evidence.synthesis is not None else ()
    lows = [e.low for e in effects if e.low is not None]
    highs = [e.high for e in effects if e.high is not None]
    return bool(lows) and bool(highs) and max(lows) <= min(highs)


def _rule(seen: _Seen, evidence: BodyEvidence) -> tuple[int, str, str]:
    if not seen.split:
        return (
            0,
            "inconsistency-same-side",
            (
                "All estimates lie on the same side of every threshold; a high I² alone is no "
                "reason."
            ),
        )
    if not (seen.prediction_speaks or seen.i2_high):
        return 0, "inconsistency-split-unsupported", _unsupported(seen)
    if seen.i2_high and not seen.prediction_speaks and evidence.subgroups_explain:
        return 0, "inconsistency-explained", "Pre-planned subgroups explain the split."
    if seen.both_important:
        return (
            -2,
            "inconsistency-benefit-and-harm",
            ("The estimates reach from an important benefit to an important harm."),
        )
    return (
        -1,
        "inconsistency-split",
        (
            "The estimates lie on different sides of a decision threshold, and "
            + ("the prediction interval crosses it." if seen.prediction_speaks else "I² is high.")
        ),
    )


def _unsupported(seen: _Seen) -> str:
    if seen.prediction_crosses:
        return (
            "The estimates lie on different sides of a threshold, and no difference between the "
            "studies was seen (τ² is 0 and all intervals overlap): the prediction interval is no "
            "more than the interval of the mean, which counts as imprecision."
        )
    return (
        "The estimates lie on different sides of a threshold, and neither the prediction interval "
        "nor I² says more than chance."
    )


def _shown(evidence: BodyEvidence, pooled: PooledResult, seen: _Seen) -> str:
    differences = study_differences(evidence)
    above = sum(1 for _, value in differences if value > 0)
    below = sum(1 for _, value in differences if value < 0)
    parts = [
        f"{pooled.k} studies: {above} above and {below} below no effect; their intervals "
        f"{'overlap' if seen.overlap else 'do not all overlap'}"
    ]
    if pooled.q is not None:
        parts.append(f"Q {number(pooled.q)} (p {number(pooled.q_p, 3)})")
    if pooled.i2 is not None:
        parts.append(f"I² {number(pooled.i2, 1)} %")
    if pooled.tau2 is not None:
        parts.append(f"τ² {number(pooled.tau2, 4)}")
    if pooled.pi_low is not None and pooled.pi_high is not None:
        parts.append(f"prediction interval {number(pooled.pi_low)} to {number(pooled.pi_high)}")
    if evidence.subgroups_explain is None:
        parts.append("no subgroups analysed")
    return f"{'; '.join(parts)}."
