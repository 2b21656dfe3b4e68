"""Risk of bias and certainty as people judged them, in the shape the report prints."""

from __future__ import annotations

from tamis.appraisal import TOOLS, Appraisal, appraise
from tamis.certainty import Rating, rate
from tamis.domain.question import Protocol
from tamis.domain.state import ReviewState
from tamis.domain.summaries import AppraisalItem, AppraisalSummary, DomainSummary, RatingSummary

__all__ = ["appraisal_summaries", "rating_summaries"]


def appraisal_summaries(state: ReviewState) -> tuple[AppraisalSummary, ...]:
    """Return one summary per tool, result and assessor."""
    answers = tuple(state.appraisals.values())
    used = dict.fromkeys(answer.tool for answer in answers)
    return tuple(_appraised(one) for tool in used for one in appraise(tool, answers))


def rating_summaries(state: ReviewState, protocol: Protocol) -> tuple[RatingSummary, ...]:
    """Return one summary per body of evidence of the protocol."""
    judgements = tuple(state.certainty.values())
    return tuple(_rated(rate(body, judgements)) for body in protocol.bodies)


def _appraised(one: Appraisal) -> AppraisalSummary:
    tool = TOOLS[one.tool]
    return AppraisalSummary(
        tool=one.tool,
        tool_name=tool.name,
        version=one.version,
        url=tool.url,
        study=one.study,
        result=one.result,
        assessor=one.assessor,
        items=tuple(
            AppraisalItem(
                question=item.question.id,
                label=item.question.label,
                answer=item.answer,
                support=item.support,
                anchor=item.anchor,
                event=item.event,
            )
            for item in one.questions
        ),
        judgement=one.judgement,
        reason=one.reason,
        event=one.event,
    )


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
