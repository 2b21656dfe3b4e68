"""Publication bias: what is missing from the evidence, as far as anybody can tell (grading A6)."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.certainty.evidence import BodyEvidence
from tamis.certainty.proposal import DomainProposal, listing, number
from tamis.certainty.settings import GradeSettings

__all__ = ["propose_publication_bias"]

DOMAIN = "publication-bias"

Ground = tuple[str, str, tuple[str, ...]]


def propose_publication_bias(evidence: BodyEvidence, settings: GradeSettings) -> DomainProposal:
    """Propose a change for publication bias: one level on any ground of suspicion.

    Two levels are left to a person. Single-arm series: likely, cannot be assessed, a person
    decides.
    """
    if evidence.single_arm:
        return _made(
            None,
            "publication-single-arm",
            "Likely, and cannot be assessed: series with good results are reported more readily. A "
            "person decides.",
            tuple(study.id for study in evidence.studies) or (evidence.body.id,),
        )
    grounds = list(_grounds(evidence, settings))
    test = _test_words(evidence, settings)
    because = tuple(dict.fromkeys(name for _, _, names in grounds for name in names))
    if grounds:
        said = " ".join((test, *(why for _, why, _ in grounds)))
        return _made(-1, grounds[0][0], said, because or _whole(evidence))
    if evidence.k >= settings.few_studies and evidence.asymmetry_p is None:
        return _made(None, "publication-not-tested", f"{test} Nothing is proposed.",
                     _whole(evidence))  # fmt: skip
    said = f"{test} Nothing recorded gives a ground for suspicion."
    return _made(0, "publication-no-ground", said, _whole(evidence))


def _made(change: int | None, rule: str, message: str, because: tuple[str, ...]) -> DomainProposal:
    return DomainProposal(domain=DOMAIN, change=change, rule=rule, message=message, because=because)


def _whole(evidence: BodyEvidence) -> tuple[str, ...]:
    return tuple(study.id for study in evidence.studies) or (evidence.body.id,)


def _test_words(evidence: BodyEvidence, settings: GradeSettings) -> str:
    if evidence.k < settings.few_studies:
        return (
            f"{evidence.k} {'study' if evidence.k == 1 else 'studies'}: asymmetry is not tested "
            f"below {settings.few_studies}."
        )
    if evidence.asymmetry_p is None:
        return f"{evidence.k} studies, and no planned test of asymmetry was run."
    return f"{evidence.asymmetry_test}: p {number(evidence.asymmetry_p, 3)}."


def _grounds(evidence: BodyEvidence, settings: GradeSettings) -> Iterator[Ground]:
    """Yield the grounds for suspicion in order: rule, sentence, ids."""
    tested = evidence.k >= settings.few_studies and evidence.asymmetry_p is not None
    if tested and (evidence.asymmetry_p or 0.0) < 2 * settings.alpha:
        yield (
            "publication-asymmetry",
            (f"Asymmetry by the planned test (p below {2 * settings.alpha:g})."),
            _whole(evidence),
        )
    if evidence.unreported:
        ids = listing([one.id for one in evidence.unreported])
        n = len(evidence.unreported)
        yield (
            "publication-unreported-trials",
            (f"{n} registered {'trial' if n == 1 else 'trials'} without results: {ids}."),
            tuple(name for one in evidence.unreported for name in one.because),
        )
    if _small_sponsored_positive(evidence, settings):
        yield (
            "publication-small-sponsored",
            (
                "Only small trials with a result in favour, each paid for by somebody who gains "
                "by it."
            ),
            tuple(name for one in evidence.sponsors for name in one.because),
        )
    if evidence.withheld:
        yield "publication-withheld", "Results are known to be withheld.", evidence.withheld


def _small_sponsored_positive(evidence: BodyEvidence, settings: GradeSettings) -> bool:
    """Tell whether every trial is small, positive and paid for by an interested party."""
    studies = {study for study, _ in evidence.weights}
    interested = {one.study for one in evidence.sponsors if one.interested}
    if not studies or not studies <= interested or evidence.synthesis is None:
        return False
    better_up = evidence.outcome.better == "higher"
    for one in evidence.synthesis.effects:
        people = sum(arm.n for arm in evidence.arms if arm.study == one.study)
        null = 1.0 if one.measure in ("RR", "OR", "HR") else 0.0
        if one.low is None or one.high is None or people >= settings.small_trial:
            return False
        if not (one.low > null if better_up else one.high < null):
            return False
    return True
