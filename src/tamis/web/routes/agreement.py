"""Agreement between reviewers, over verdicts that are no longer sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Response

from tamis.app.desk.desk import Desk
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput, Conflict, RuleBroken, TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/agreement")

Text = Annotated[str, Form()]


@router.get("")
def agreement(visit: AReviewVisit) -> Response:
    """Show the agreement of each stage and the calibration rounds."""
    return _show(visit)


def _show(
    visit: ReviewVisit,
    *,
    error: TamisError | None = None,
    told: Mapping[str, object] | None = None,
) -> Response:
    desk = visit.live.part(Desk)
    with visit.live.locked():
        views = [desk.agreement(visit.person, stage, roles=visit.roles) for stage in STAGES]
        return visit.page(
            "screening/agreement.html.j2",
            code=422 if error else 200,
            error=error,
            told={"stage": "", "people": (), "size": 50, **(told or {})},
            views=views,
            rounds=desk.rounds(visit.person),
            team=desk.team(),
            stages=STAGES,
            blinded=STAGES if visit.live.protocol.screening.blinding != "none" else (),
            may_draw=visit.may("edit-protocol"),
        )


@router.get("/{stage}.csv")
def table(visit: AReviewVisit, stage: str) -> Response:
    """Download the 2 by 2 tables of a stage, in the columns that other programs export."""
    data = visit.live.part(Desk).agreement_table(visit.person, stage, roles=visit.roles)
    saved = {"content-disposition": f'attachment; filename="{visit.name}-agreement-{stage}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=saved)


@router.post("/{stage}/stage")
def close_stage(visit: AReviewVisit, stage: str, state: Text = "closed") -> Response:
    """Close a stage, or open it again; blinded per stage, closing unseals its votes."""
    visit.require("open-blinding")
    desk = visit.live.part(Desk)
    desk.close_stage(visit.person, stage, closed=state != "open", roles=visit.roles)
    return visit.goto(visit.url("agreement"))


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
    try:
        desk.open_round(visit.person, stage, people or [], size=size, roles=visit.roles)
    except (BadInput, Conflict, RuleBroken) as error:
        return _show(
            visit, error=error, told={"stage": stage, "people": people or (), "size": size}
        )
    return visit.goto(visit.url("agreement"))


@router.post("/rounds/{round_id}/close")
def close_round(visit: AReviewVisit, round_id: str) -> Response:
    """End a calibration round."""
    visit.require("edit-protocol")
    visit.live.part(Desk).close_round(visit.person, round_id, roles=visit.roles)
    return visit.goto(visit.url("agreement"))
