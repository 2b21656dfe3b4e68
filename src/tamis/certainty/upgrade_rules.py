"""Reasons to rate up: only without randomisation, and only where nothing was rated down (A7)."""

from __future__ import annotations

from collections.abc import Iterable

from tamis.certainty.absolute import risk_with
from tamis.certainty.evidence import BodyEvidence
from tamis.certainty.proposal import DomainProposal, number
from tamis.certainty.settings import GradeSettings

__all__ = ["UPGRADES", "propose_upgrades"]

#: The three domains that can rate up.
UPGRADES = ("large-effect", "dose-response", "opposing-confounding")

#: What the two domains ask that no number of the synthesis answers.
QUESTIONS = {
    "dose-response": "Does the effect rise with the dose? The synthesis does not say; a person "
    "decides.",
    "opposing-confounding": "Would all plausible confounding have made the effect smaller? The "
    "synthesis does not say; a person decides.",
}


def propose_upgrades(
    evidence: BodyEvidence, lowered: Iterable[DomainProposal], settings: GradeSettings
) -> tuple[DomainProposal, ...]:
    """Propose the three reasons to rate up; ``lowered`` are the five proposals to rate down."""
    reason = _barred(evidence, tuple(lowered))
    if reason is not None:
        rule, said = reason
        return tuple(_made(evidence, name, 0, rule, said) for name in UPGRADES)
    return (
        _large_effect(evidence, settings),
        *(
            _made(evidence, name, None, f"{name}-asked", QUESTIONS[name])
            for name in UPGRADES
            if name in QUESTIONS
        ),
    )


def _barred(evidence: BodyEvidence, lowered: tuple[DomainProposal, ...]) -> tuple[str, str] | None:
    if evidence.randomised:
        return "upgrade-randomised", "Not considered: a randomised body is not rated up."
    if evidence.single_arm:
        return "upgrade-no-comparison", (
            "Not considered: without a comparison group there is no effect that could be large, "
            "rise with dose or be hidden by confounding."
        )
    down = [one.domain for one in lowered if one.change is not None and one.change < 0]
    if down:
        return "upgrade-lowered", (
            f"Not considered: rated down for {', '.join(down)} (a convention; a person may depart "
            "from it with a reason)."
        )
    return None


def _made(
    evidence: BodyEvidence, domain: str, change: int | None, rule: str, message: str
) -> DomainProposal:
    because = evidence.inputs or (evidence.body.id,)
    return DomainProposal(domain=domain, change=change, rule=rule, message=message, because=because)


def _large_effect(evidence: BodyEvidence, settings: GradeSettings) -> DomainProposal:
    domain = UPGRADES[0]
    ratio = _risk_ratio(evidence)
    if ratio is None:
        said = "No risk ratio can be given, so nothing is proposed."
        return _made(evidence, domain, None, "large-effect-no-ratio", said)
    shown = f"Ratio {number(ratio)} from {evidence.k} {'study' if evidence.k == 1 else 'studies'}"
    if evidence.k < 2:
        said = f"{shown}: at least two are asked for."
        return _made(evidence, domain, 0, "large-effect-one-study", said)
    if not _consistent(evidence):
        said = f"{shown}: the estimates do not all point the same way."
        return _made(evidence, domain, 0, "large-effect-inconsistent", said)
    strong = max(ratio, 1 / ratio) if ratio > 0 else float("inf")
    for change, cut in ((2, settings.very_large_ratio), (1, settings.large_ratio)):
        if strong > cut:
            said = f"{shown}: above {cut:g} or below {1 / cut:g}."
            return _made(evidence, domain, change, "large-effect", said)
    said = f"{shown}: not above {settings.large_ratio:g} or below {1 / settings.large_ratio:g}."
    return _made(evidence, domain, 0, "large-effect-not-large", said)


def _risk_ratio(evidence: BodyEvidence) -> float | None:
    """Return the ratio of risks; an odds ratio is turned into one at the risk of the controls."""
    ratio = evidence.ratio
    if ratio is None or ratio.estimate is None:
        return None
    if ratio.measure not in ("OR", "PETO"):
        return ratio.estimate
    base = evidence.baseline
    return risk_with("OR", base, ratio.estimate) / base if base else None


def _consistent(evidence: BodyEvidence) -> bool:
    if evidence.synthesis is None:
        return False
    sides = {
        (e.estimate > 1) - (e.estimate < 1)
        for e in evidence.synthesis.effects
        if e.estimate is not None
    }
    return len(sides) == 1 and 0 not in sides
