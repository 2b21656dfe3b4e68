"""Where a review stands: what was counted, and the next step."""

from __future__ import annotations

from fastapi import APIRouter, Response

from tamis.app.overview import overview_of, undone
from tamis.web.steps import step_of
from tamis.web.visit import AnyReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/r/{review}")
def overview(visit: AnyReviewVisit) -> Response:
    """Show the counts and the next step; a guest, who may read the report alone, goes there."""
    if not visit.may("read"):
        return visit.goto(visit.url("results"))
    with visit.live.locked():
        status = overview_of(visit.live, visit.person)
        left = undone(visit.live, visit.person)
        return visit.page("overview.html.j2", status=status, step_of=step_of, left=left)


@router.get("/r/{review}/next")
def next_step(visit: AnyReviewVisit) -> Response:
    """Show the next step alone, as the list of reviews does; a guest is told nothing of it."""
    if not visit.may("read"):
        return Response()
    with visit.live.locked():
        status = overview_of(visit.live, visit.person)
        left = undone(visit.live, visit.person)
        return visit.page("next.html.j2", status=status, step_of=step_of, left=left)
