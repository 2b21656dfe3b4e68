"""Risk of bias: share of weight by judgement (grading.md A2). Significance plays no part."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.certainty.evidence import BodyEvidence, Effect
from tamis.certainty.proposal import DomainProposal, listing, percent
from tamis.certainty.scale import on_absolute_scale, side_of
from tamis.certainty.settings import GradeSettings
from tamis.domain.summaries import AppraisalSummary

__all__ = ["bias_class", "propose_bias"]

DOMAIN = "risk-of-bias"

#: Class of judgement -> the words that a reader sees, in the order of the table.
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "low": "low risk",
        "some": "some concerns or moderate risk",
        "high": "high, serious or critical risk",
        "unknown": "not judged",
    }
)

TONES: Mapping[str, str] = MappingProxyType(
    {"good": "low", "fair": "some", "poor": "high", "worst": "high", "unknown": "unknown"}
)

#: Words of judgements where a tool gives no tone.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "low": "low",
        "low risk": "low",
        "low risk of bias": "low",
        "good": "low",
        "some concerns": "some",
        "moderate": "some",
        "fair": "some",
        "unclear": "some",
        "high": "high",
        "high risk": "high",
        "high risk of bias": "high",
        "serious": "high",
        "critical": "high",
        "poor": "high",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Judgement of one study with its share of weight."""

    study: str
    share: float
    tone: str
    because: tuple[str, ...]


def propose_bias(evidence: BodyEvidence, settings: GradeSettings) -> DomainProposal:
    """Propose a change for risk of bias from the table weight by judgement."""
    judged = _judged(evidence)
    if not judged:
        return _none("bias-no-study", "No study gives data: nothing can be proposed.", ())
    because = tuple(dict.fromkeys(name for one in judged for name in one.because))
    table = _table(judged)
    open_ones = _unsettled(evidence)
    if all(one.tone == "unknown" for one in judged):
        if open_ones:
            return _none("bias-assessors-differ", _differ(open_ones), because)
        said = "No result of this body was judged for risk of bias, so nothing is proposed."
        return _none("bias-not-judged", said, because)
    if evidence.single_arm:
        said = f"{table} Without a comparison group the body starts low for that reason; whether "
        return _none("bias-single-arm", said + "more is taken off is for a person.", because)
    change, rule, why = _rule(judged, evidence, settings)
    if change is None:
        if open_ones:
            rule, why = "bias-assessors-differ", _differ(open_ones)
        return _none(rule, f"{table} {why}", because)
    return DomainProposal(
        domain=DOMAIN, change=change, rule=rule, message=f"{table} {why}", because=because
    )


def _unsettled(evidence: BodyEvidence) -> tuple[str, ...]:
    """Return the studies on which assessors differ and whose judgement nobody has settled."""
    found = []
    for study in dict.fromkeys(one.study for one in evidence.appraisals):
        mine = [one for one in evidence.appraisals if one.study == study]
        said = {_class(one) for one in mine if one.role == "assessor"} - {"unknown"}
        if len(said) > 1 and bias_class(mine)[0] == "unknown":
            found.append(study)
    return tuple(found)


def _differ(studies: tuple[str, ...]) -> str:
    return (
        f"The assessors differ on {listing(list(studies))} and nobody has settled it, so nothing "
        "is proposed."
    )


def _none(rule: str, message: str, because: tuple[str, ...]) -> DomainProposal:
    return DomainProposal(domain=DOMAIN, change=None, rule=rule, message=message, because=because)


def _judged(evidence: BodyEvidence) -> tuple[_Judged, ...]:
    if evidence.single_arm:
        studies = [study.id for study in evidence.studies]
        shares = [(name, 1 / len(studies)) for name in studies]
    else:
        shares = list(evidence.weights)
    found = []
    for study, share in shares:
        mine = [one for one in evidence.appraisals if one.study == study]
        tone, because = bias_class(mine)
        found.append(_Judged(study=study, share=share, tone=tone, because=because or (study,)))
    return tuple(found)


def bias_class(appraisals: Iterable[AppraisalSummary]) -> tuple[str, tuple[str, ...]]:
    """Return the class of the judgement that counts (low, some, high, unknown) and its events.

    A consensus counts before a single assessor; two assessors who differ without a consensus count
    as not judged.

    Examples
    --------
    >>> bias_class([])
    ('unknown', ())
    """
    given = tuple(appraisals)
    settled = [a for a in given if a.role == "consensus"] or [
        a for a in given if a.role == "single"
    ]
    counted = settled or list(given)
    tones = {_class(one) for one in counted}
    because = tuple(one.event for one in counted if one.event)
    return (tones.pop() if len(tones) == 1 else "unknown"), because


def _class(one: AppraisalSummary) -> str:
    word = one.overall.judgement or one.overall.proposal if one.overall is not None else None
    if word is not None:
        return TONES.get(word.tone, "unknown")
    return WORDS.get(one.judgement.strip().lower(), "unknown")


def _shares(judged: Iterable[_Judged]) -> dict[str, float]:
    kept = tuple(judged)
    return {name: math.fsum(one.share for one in kept if one.tone == name) for name in CLASSES}


def _table(judged: tuple[_Judged, ...]) -> str:
    shares = _shares(judged)
    parts = [
        f"{words} {percent(shares[name])} "
        f"({listing([one.study for one in judged if one.tone == name])})"
        for name, words in CLASSES.items()
        if any(one.tone == name for one in judged)
    ]
    return f"Weight by judgement: {'; '.join(parts)}."


def _rule(
    judged: tuple[_Judged, ...], evidence: BodyEvidence, settings: GradeSettings
) -> tuple[int | None, str, str]:
    """Return change, rule and reason; ``None`` where what nobody judged could change it."""
    if not any(one.tone == "unknown" for one in judged):
        return _by_share(judged, evidence, settings)
    best, worst = (
        _by_share(
            tuple(
                one
                if one.tone != "unknown"
                else _Judged(study=one.study, share=one.share, tone=tone, because=one.because)
                for one in judged
            ),
            evidence,
            settings,
        )
        for tone in ("low", "high")
    )
    if best[0] == worst[0]:
        change, rule, why = best
        what = "What is not settled" if _unsettled(evidence) else "What nobody judged"
        return change, rule, f"{why} {what} could not change that."
    return (
        None,
        "bias-partly-judged",
        ("What nobody judged could change the proposal, so nothing is proposed."),
    )


def _by_share(
    judged: tuple[_Judged, ...], evidence: BodyEvidence, settings: GradeSettings
) -> tuple[int, str, str]:
    """Read the table of grading.md A2: the row of no change first, then the worst that holds."""
    shares = _shares(judged)
    high = [one for one in judged if one.tone == "high"]
    if shares["low"] >= settings.low_share - 1e-9:
        return (
            0,
            "bias-low-weight",
            (f"At least {percent(settings.low_share)} of the weight is at low risk."),
        )
    if high and _holds_without(judged, evidence, settings):
        left = listing([one.study for one in high])
        return (
            0,
            "bias-leave-out",
            (f"Leaving out {left} keeps the direction and the side of every threshold."),
        )
    if shares["high"] > settings.high_share + 1e-9:
        return (
            -2,
            "bias-high-weight",
            (f"More than {percent(settings.high_share)} of the weight is at high risk."),
        )
    heavy = [one.study for one in high if one.share >= settings.high_study_share - 1e-9]
    if heavy:
        return (
            -1,
            "bias-high-study",
            (
                f"{listing(heavy)} at high risk with {percent(settings.high_study_share)} of the "
                "weight or more."
            ),
        )
    if shares["some"] > settings.some_share + 1e-9:
        return (
            -1,
            "bias-some-weight",
            (f"More than {percent(settings.some_share)} of the weight has some concerns."),
        )
    return 0, "bias-below-cut-offs", "No cut-off for rating down is reached."


def _holds_without(
    judged: tuple[_Judged, ...], evidence: BodyEvidence, settings: GradeSettings
) -> bool:
    """Tell whether the result stands without the studies at high risk.

    What remains must not itself be a reason to rate down: leaving out answers for what is left out.
    """
    again, whole = evidence.without_high, evidence.effect
    high = {one.study for one in judged if one.tone == "high"}
    if again is None or whole is None or set(again.left_out) != high:
        return False
    rest = math.fsum(one.share for one in judged if one.study not in high)
    some = _shares(judged)["some"]
    if rest <= 0 or some / rest > settings.some_share + 1e-9:
        return False
    before, after = _sides(evidence, whole), _sides(evidence, again.effect)
    return before is not None and before == after


def _sides(evidence: BodyEvidence, effect: Effect) -> tuple[int, ...] | None:
    """Return on which side of no effect and of every threshold an estimate lies."""
    value = on_absolute_scale(evidence, effect.measure, effect.estimate)
    if value is None:
        return None
    points = evidence.thresholds.points() if evidence.thresholds is not None else ()
    return tuple(side_of(value, point) for point in (0.0, *points))
