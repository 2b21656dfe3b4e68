"""Risk of bias and certainty as people judged them, in the shape the report prints."""

from __future__ import annotations

from tamis.app.judgement.bias import appraisal_agreement, appraisal_findings, appraisal_summaries
from tamis.certainty import Rating, rate
from tamis.domain.question import Protocol
from tamis.domain.state import ReviewState
from tamis.domain.summaries import DomainSummary, RatingSummary

__all__ = [
    "appraisal_agreement",
    "appraisal_findings",
    "appraisal_summaries",
    "rating_summaries",
]


def rating_summaries(state: ReviewState, protocol: Protocol) -> tuple[RatingSummary, ...]:
    """Return one summary per body of evidence of the protocol."""
    judgements = tuple(state.certainty.values())
    return tuple(_rated(rate(body, judgements)) for body in protocol.bodies)


def _rated(one: Rating) -> RatingSummary:
    return RatingSummary(
        body=one.body,
        outcome=one.outcome,
        start=one.start,
        domains=tuple(
            DomainSummary(
                domain=item.domain.id,
                label=item.domain.label,
                change=item.change,
                reason=item.reason,
                by=item.by,
                at=item.at,
                event=item.event,
            )
            for item in one.domains
        ),
        level=one.level,
        label=one.label,
        symbols=one.symbols,
        status=one.status,
    )
