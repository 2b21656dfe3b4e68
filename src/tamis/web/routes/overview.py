"""Where a review stands: what was counted, and the next step."""

from __future__ import annotations

from fastapi import APIRouter, Response

from tamis.app.desk.desk import Desk
from tamis.app.status import status_of
from tamis.web.steps import step_of
from tamis.web.visit import AReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/r/{review}")
def overview(visit: AReviewVisit) -> Response:
    """Show the counts and the next step."""
    with visit.live.locked():
        status = status_of(
            visit.live.review, by=visit.person, screened=visit.live.part(Desk).screened()
        )
        return visit.page("overview.html.j2", status=status, step_of=step_of)


@router.get("/r/{review}/next")
def next_step(visit: AReviewVisit) -> Response:
    """Show the next step alone, as the list of reviews does."""
    with visit.live.locked():
        status = status_of(
            visit.live.review, by=visit.person, screened=visit.live.part(Desk).screened()
        )
        return visit.page("next.html.j2", status=status, step_of=step_of)
