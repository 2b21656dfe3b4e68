"""Agreement between reviewers, over verdicts that are no longer sealed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from tamis.app.desk.desk import Desk
from tamis.domain.decisions import STAGES
from tamis.web.visit import AReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/agreement")

Text = Annotated[str, Form()]


@router.get("")
def agreement(visit: AReviewVisit) -> Response:
    """Show the agreement of each stage and the calibration rounds."""
    desk = visit.live.part(Desk)
    with visit.live.locked():
        views = [desk.agreement(visit.person, stage, roles=visit.roles) for stage in STAGES]
        return visit.page(
            "screening/agreement.html.j2",
            views=views,
            rounds=desk.rounds(visit.person),
            team=visit.live.protocol.team,
            stages=STAGES,
            may_draw=visit.may("edit-protocol"),
        )


@router.get("/{stage}.csv")
def table(visit: AReviewVisit, stage: str) -> Response:
    """Download the 2 by 2 tables of a stage, in the columns that other programs export."""
    data = visit.live.part(Desk).agreement_table(visit.person, stage, roles=visit.roles)
    saved = {"content-disposition": f'attachment; filename="{visit.name}-agreement-{stage}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=saved)


@router.post("/rounds")
def open_round(
    visit: AReviewVisit,
    stage: Text = "",
    people: Annotated[list[str] | None, Form()] = None,
    size: Annotated[int, Form()] = 50,
) -> Response:
    """Draw a calibration round."""
    visit.require("edit-protocol")
    desk = visit.live.part(Desk)
    desk.open_round(visit.person, stage, people or [], size=size, roles=visit.roles)
    return visit.goto(visit.url("agreement"))


@router.post("/rounds/{round_id}/close")
def close_round(visit: AReviewVisit, round_id: str) -> Response:
    """End a calibration round."""
    visit.require("edit-protocol")
    visit.live.part(Desk).close_round(visit.person, round_id, roles=visit.roles)
    return visit.goto(visit.url("agreement"))
