"""Where every report stands in screening: de-duplication, then people's verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.agreement import screening_agreement
from tamis.app.clusters import clusters_of, pairs_of
from tamis.app.imports import Library
from tamis.app.review import Review
from tamis.domain.decisions import STAGES
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster, PairDecision
from tamis.domain.results import AgreementResult
from tamis.screening import Screening, screen

__all__ = ["Screened", "screen_review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """Pairs, clusters, states of screening, agreement of every pair of reviewers."""

    pairs: tuple[PairDecision, ...]
    clusters: tuple[Cluster, ...]
    screening: Screening
    agreement: tuple[AgreementResult, ...]


def screen_review(
    review: Review, protocol: Protocol, library: Library, *, write: bool = True
) -> Screened:
    """Fold the verdicts of a review over its clusters."""
    pairs = pairs_of(review, protocol, library, write=write)
    clusters = clusters_of(review, library, pairs)
    state = review.state
    votes = tuple(state.votes.values())
    screening = screen(
        clusters,
        votes,
        tuple(state.settlements.values()),
        rules=protocol.screening,
        criteria=protocol.criteria,
    )
    agreement = tuple(
        result
        for stage in STAGES
        for result in screening_agreement(
            state.cast,
            clusters,
            stage=stage,
            maybe_counts_as=protocol.screening.maybe_counts_as,
            needed=max(2, protocol.screening.reviewers_per_record),
            taken_back=state.withdrawn,
        )
    )
    return Screened(pairs=pairs, clusters=clusters, screening=screening, agreement=agreement)
