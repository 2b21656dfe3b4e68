"""The sheet of grades: every GRADE domain nobody has decided, with what the rules propose and why.

The proposal stands beside the decision and never in its place: people decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from tamis.app.building.synthesise import run_syntheses
from tamis.app.judgement.bias import appraisal_summaries
from tamis.app.judgement.grade import Graded, grade_review
from tamis.app.sheet.ground import Cells, Ground
from tamis.certainty import DOMAINS

__all__ = ["grade_rows"]


def grade_rows(ground: Ground) -> Iterator[Cells]:
    """Yield the domains of every body that are not decided."""
    outcomes = {outcome.id: outcome.name for outcome in ground.protocol.outcomes}
    for rating in _graded(ground).ratings:
        for one in rating.domains:
            if one.change is not None:
                continue
            changes = DOMAINS[one.domain].changes
            yield {
                "outcome": rating.outcome,
                "body": rating.body,
                "domain": one.domain,
                "by": ground.person,
                "asked": f"{outcomes.get(rating.outcome, rating.outcome)}: {one.label}",
                "takes": ", ".join(str(change) for change in changes),
                "proposed": _proposed(one.proposal),
                "why": one.message,
            }


def _graded(ground: Ground) -> Graded:
    state = ground.review.state
    syntheses, _ = run_syntheses(
        ground.review, ground.protocol, ground.extraction, ground.studies, write=False
    )
    return grade_review(
        ground.protocol,
        syntheses=syntheses,
        appraisals=appraisal_summaries(state, tools=ground.tools),
        extraction=ground.extraction,
        studies=ground.studies,
        judgements=tuple(state.certainty.values()),
        notes=tuple(state.notes.values()),
    )


def _proposed(change: int | None) -> str:
    """Return a proposal in words; a bare "-1" would be a formula to a spreadsheet."""
    if change is None:
        return "nothing: decide yourself"
    if change == 0:
        return "no change: 0"
    return f"rate {'up' if change > 0 else 'down'} by {abs(change)}: {change}"
