"""Agreement on the criteria one by one: where the wording is understood differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from tamis.agreement.reviewers import NEVER, blind_votes
from tamis.agreement.two_raters import agree
from tamis.domain.decisions import Vote
from tamis.domain.records import Cluster
from tamis.domain.results import AgreementResult

__all__ = ["CRITERION_ANSWERS", "criterion_agreement"]

#: The answers to a criterion, in order.
CRITERION_ANSWERS = ("met", "unclear", "not met")


def criterion_agreement(
    votes: Sequence[Vote],
    clusters: Sequence[Cluster],
    *,
    stage: str,
    needed: int = 2,
    taken_back: Mapping[str, str] = NEVER,
) -> tuple[AgreementResult, ...]:
    """Return the agreement of every two reviewers on every criterion both answered.

    Parameters
    ----------
    votes
        In canonical order, those that were taken back among them; as in ``screening_agreement``.

    Returns
    -------
    tuple of AgreementResult
        Sorted by criterion (``subject``), then reviewers; with linear weights, as answers are in
        the order met, unclear, not met. Answers that are none of these are left out.
    """
    last = blind_votes(votes, clusters, stage, needed=needed, taken_back=taken_back)
    pairs: dict[tuple[str, str, str], list[tuple[str, str, str, str]]] = {}
    for by_reviewer in (last[cluster] for cluster in sorted(last)):
        for one, other in combinations(sorted(by_reviewer), 2):
            first, second = dict(by_reviewer[one].criteria), dict(by_reviewer[other].criteria)
            for name in first.keys() & second.keys():
                if {first[name], second[name]} <= set(CRITERION_ANSWERS):
                    events = by_reviewer[one].event, by_reviewer[other].event
                    pairs.setdefault((name, one, other), []).append(
                        (first[name], second[name], *events)
                    )
    return tuple(
        agree(
            [(a, b) for a, b, _, _ in found],
            subject=name,
            rater_1=one,
            rater_2=other,
            categories=CRITERION_ANSWERS,
            inputs=tuple(event for *_, x, y in found for event in (x, y)),
            ordered=True,
        )
        for (name, one, other), found in sorted(pairs.items())
    )
