"""Imprecision: the interval of the absolute effect against the thresholds (grading.md A5).

GRADE guidelines 6 (2011), guidance 34 and 35 (2022). What "appreciably" and "nearly any
conclusion" mean in numbers is ours: two thresholds or an important effect both ways; a large effect
both ways.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.certainty.absolute import per_thousand
from tamis.certainty.evidence import RATIOS, BodyEvidence, Effect
from tamis.certainty.information import size_for_difference, size_for_risks, total
from tamis.certainty.proposal import DomainProposal, number, percent
from tamis.certainty.scale import absolute_interval, crossed
from tamis.certainty.settings import GradeSettings
from tamis.domain.results import Interval, MeansRow

__all__ = ["InformationSize", "information_size", "propose_imprecision"]

DOMAIN = "imprecision"

Step = tuple[int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationSize:
    """The optimal information size of a body, and what it has: people, or events by thumb."""

    needed: int
    has: int
    of: str
    how: str

    def short_by(self, far: float) -> int:
        """Return 0 when it is met, 1 when it is not, 2 when it is far below."""
        if self.has >= self.needed:
            return 0
        return 2 if self.has <= far * self.needed else 1


def propose_imprecision(evidence: BodyEvidence, settings: GradeSettings) -> DomainProposal:
    """Propose a change for imprecision; the worst of the steps that apply is proposed."""
    because = evidence.inputs or (evidence.body.id,)
    if evidence.single_arm:
        said = (
            "A share without a comparison has no effect to be imprecise about: the exact interval "
            "is shown, and a person decides."
        )
        return _made(None, "imprecision-no-effect", said, because)
    found = absolute_interval(evidence)
    effect = evidence.effect
    if effect is None or effect.interval is None:
        said = "No effect with an interval could be computed, so nothing is proposed."
        return _made(None, "imprecision-not-estimable", said, because)
    size = information_size(evidence, settings)
    if found is not None and evidence.thresholds is not None:
        interval_step = _against_thresholds(evidence, *found)
    else:
        interval_step = _against_null(evidence, effect, settings)
    steps = [interval_step, *_size_steps(evidence, effect, interval_step[0], size, settings)]
    change, rule, _ = min(steps, key=lambda step: step[0])
    said = " ".join([*(why for _, _, why in steps), _size_words(size)]).strip()
    return _made(change, rule, said, because)


def _made(change: int | None, rule: str, message: str, because: tuple[str, ...]) -> DomainProposal:
    return DomainProposal(domain=DOMAIN, change=change, rule=rule, message=message, because=because)


# --- the interval against thresholds ---------------------------------------------------------


def _against_thresholds(evidence: BodyEvidence, _: float, interval: Interval) -> Step:
    thresholds = evidence.thresholds
    if thresholds is None:
        raise AssertionError
    inside = crossed(interval, thresholds.points())
    shown = _interval_words(evidence, interval)
    both_large = interval.low <= -thresholds.large and interval.high >= thresholds.large
    both_small = interval.low <= -thresholds.small and interval.high >= thresholds.small
    sizes = f"{thresholds.size(interval.low)} to {thresholds.size(interval.high)}"
    if both_large:
        return (
            -3,
            "imprecision-any-conclusion",
            (f"{shown} holds a large effect both ways and fits nearly any conclusion."),
        )
    if both_small:
        return (
            -2,
            "imprecision-benefit-and-harm",
            (f"{shown} holds an important benefit and an important harm ({sizes})."),
        )
    if len(inside) > 1:
        return (
            -2,
            "imprecision-appreciably",
            (f"{shown} crosses {len(inside)} thresholds ({sizes})."),
        )
    if inside:
        return -1, "imprecision-one-threshold", f"{shown} crosses one threshold ({sizes})."
    return 0, "imprecision-none-crossed", f"{shown} crosses no threshold ({sizes})."


def _interval_words(evidence: BodyEvidence, interval: Interval) -> str:
    effect = evidence.effect
    level = percent(interval.level)
    if effect is not None and effect.measure in ("MD", "GEN"):
        low, high = number(interval.low), number(interval.high)
        return f"The {level} interval ({low} to {high}; {interval.method})"
    low, high = (_people(x) for x in (interval.low, interval.high))
    return f"The {level} interval of the absolute effect ({low} to {high}; {interval.method})"


def _people(share: float) -> str:
    found = per_thousand(share)
    return f"{abs(found):,} {'fewer' if found < 0 else 'more'} per 1,000"


# --- no thresholds: the null, and the rough guide of 2011 ------------------------------------


def _against_null(evidence: BodyEvidence, effect: Effect, settings: GradeSettings) -> Step:
    interval = effect.interval
    if interval is None:
        raise AssertionError
    ratio = evidence.ratio
    if ratio is not None and ratio.interval is not None:
        return _ratio_step(ratio, ratio.interval, settings)
    shown = _interval_words(evidence, interval)
    if effect.excludes_null:
        return 0, "imprecision-excludes-null", f"{shown} excludes no effect; no thresholds given."
    return -1, "imprecision-includes-null", f"{shown} includes no effect; no thresholds given."


def _ratio_step(ratio: Effect, interval: Interval, settings: GradeSettings) -> Step:
    shown = (
        f"The {percent(interval.level)} interval of the {ratio.measure} ({number(interval.low)} "
        f"to {number(interval.high)}; {interval.method})"
    )
    low, high = settings.appreciable_low, settings.appreciable_high
    reaches = (interval.low < low, interval.high > high)
    any_both = interval.low < 1 / settings.any_ratio and interval.high > settings.any_ratio
    if ratio.excludes_null:
        return 0, "imprecision-excludes-null", f"{shown} excludes no effect; no thresholds given."
    if any_both:
        return (
            -3,
            "imprecision-any-conclusion",
            (
                f"{shown} fits a ratio of {number(settings.any_ratio, 0)} both ways, and nearly "
                "any conclusion; no thresholds given."
            ),
        )
    if all(reaches):
        return (
            -2,
            "imprecision-appreciable-both",
            (
                f"{shown} includes no effect and appreciable effects both ways (below {low:g} and "
                f"above {high:g}); no thresholds given."
            ),
        )
    if any(reaches):
        return (
            -1,
            "imprecision-appreciable",
            (
                f"{shown} includes no effect and an appreciable one (below {low:g} or above "
                f"{high:g}); no thresholds given."
            ),
        )
    return -1, "imprecision-includes-null", f"{shown} includes no effect; no thresholds given."


# --- the information size and the shortcuts --------------------------------------------------


def _size_steps(
    evidence: BodyEvidence,
    effect: Effect,
    interval_change: int,
    size: InformationSize | None,
    settings: GradeSettings,
) -> list[Step]:
    """Return the steps about size: only where something is crossed, or the effect is large."""
    large = _large(evidence, effect, settings)
    if interval_change == 0 and not large:
        return []
    steps: list[Step] = []
    if size is not None:
        short = size.short_by(settings.far_below)
        if short == 2:
            steps.append((-2, "imprecision-far-below-size",
                          f"The information size is far from met (at most "
                          f"{percent(settings.far_below)})."))  # fmt: skip
        elif short == 1:
            steps.append((-1, "imprecision-below-size", "The information size is not met."))
    ratio = evidence.ratio
    limit = {"RR": settings.ratio_rr, "OR": settings.ratio_or}.get(ratio.measure if ratio else "")
    if ratio is not None and ratio.interval is not None and limit is not None:
        over = _over(ratio.interval)
        if over > limit:
            steps.append((-2, "imprecision-ratio-of-limits", _over_words(ratio, over, limit)))
    return steps


def _over_words(ratio: Effect, over: float, limit: float) -> str:
    if math.isinf(over):
        return f"The {ratio.measure} has no limit on one side."
    size = number(over) if over < 1000 else "over 1,000"
    return f"Upper over lower limit of the {ratio.measure} is {size}, more than {limit:g}."


def _over(interval: Interval) -> float:
    return interval.high / interval.low if interval.low > 0 else math.inf


def _large(evidence: BodyEvidence, effect: Effect, settings: GradeSettings) -> bool:
    """Tell whether the relative effect is so large that few people cannot carry it."""
    ratio = evidence.ratio
    if ratio is not None and ratio.estimate is not None:
        return ratio.estimate > settings.large_ratio or ratio.estimate < 1 / settings.large_ratio
    if effect.measure == "SMD" and effect.estimate is not None:
        return abs(effect.estimate) >= settings.large_difference
    spread = _spread(evidence)
    if effect.measure == "MD" and effect.estimate is not None and spread:
        return abs(effect.estimate) / spread >= settings.large_difference
    return False


def _spread(evidence: BodyEvidence) -> float | None:
    """Return the standard deviation within arms, pooled over arms, ``None`` without any."""
    rows = evidence.synthesis.rows if evidence.synthesis is not None else ()
    parts = [
        (n - 1, sd)
        for row in rows
        if isinstance(row, MeansRow)
        for n, sd in ((row.n_1, row.sd_1), (row.n_2, row.sd_2))
        if n > 1
    ]
    df = sum(d for d, _ in parts)
    return math.sqrt(math.fsum(d * sd**2 for d, sd in parts) / df) if df else None


def information_size(evidence: BodyEvidence, settings: GradeSettings) -> InformationSize | None:
    """Return the optimal information size of a body, ``None`` where nobody was counted.

    Counts: a relative risk reduction of 25 % at the risk of the control groups; where that risk is
    0 or 1, or not known, the rule of 300 events. Means: 0.28 standard deviations (400 people).
    """
    people = evidence.people()
    if people is None:
        return None
    effect = evidence.effect
    if effect is not None and effect.measure in (*RATIOS, "RD"):
        return _size_of_counts(evidence, people, settings)
    needed = total(
        size_for_difference(
            settings.standard_difference, alpha=settings.alpha, power=settings.power
        )
    )
    how = f"to see a difference of {settings.standard_difference:g} standard deviations"
    return InformationSize(needed=needed, has=people, of="people", how=how)


def _size_of_counts(
    evidence: BodyEvidence, people: int, settings: GradeSettings
) -> InformationSize:
    control = evidence.baseline
    if control is not None and 0 < control < 1:
        per_group = size_for_risks(
            control,
            control * (1 - settings.risk_reduction),
            alpha=settings.alpha,
            power=settings.power,
        )
        how = (
            f"to see a risk reduced by {percent(settings.risk_reduction)} from "
            f"{per_thousand(control):,} per 1,000"
        )
        return InformationSize(needed=total(per_group), has=people, of="people", how=how)
    events = evidence.events()
    if events is None:
        return InformationSize(
            needed=settings.participants, has=people, of="people", how="by rule of thumb"
        )
    return InformationSize(needed=settings.events, has=events, of="events", how="by rule of thumb")


def _size_words(size: InformationSize | None) -> str:
    if size is None:
        return ""
    return (
        f"Optimal information size {size.how}: {size.needed:,} {size.of}; the body has "
        f"{size.has:,}."
    )


#: Kinds of step, for the reference page: rule -> what it means.
RULES: Mapping[str, str] = MappingProxyType(
    {
        "imprecision-none-crossed": "the interval crosses no threshold",
        "imprecision-one-threshold": "it crosses one",
        "imprecision-appreciably": "it crosses two or more on one side",
        "imprecision-benefit-and-harm": "it holds an important benefit and an important harm",
        "imprecision-any-conclusion": "it holds a large effect both ways",
        "imprecision-excludes-null": "no thresholds, and the interval excludes no effect",
        "imprecision-includes-null": "no thresholds, and the interval includes no effect",
        "imprecision-appreciable": "no thresholds; no effect and an appreciable one",
        "imprecision-appreciable-both": "no thresholds; appreciable effects both ways",
        "imprecision-below-size": "fewer people than the information size",
        "imprecision-far-below-size": "far fewer",
        "imprecision-ratio-of-limits": "upper over lower limit of the ratio too large",
    }
)
