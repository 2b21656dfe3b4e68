"""One's part of a review, to work on where there is no network, and what was done there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile

from tamis.app.sharing.along import Along, Brought, bring_back, look_along, take_along
from tamis.web.routes.api.wire import PREFIX, REFUSALS, Reader, Voter, check_size

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/along", tags=["along"], responses=REFUSALS)


@router.get("")
def along(visit: Reader) -> Along:
    """Say what a copy for you would hold, and what would not be in it."""
    return look_along(visit.live, visit.person)


@router.get("/copy", response_class=Response)
def copy(visit: Voter) -> Response:
    """Give your part of the review as an archive for `tamis unpack`."""
    with visit.live.locked():
        data = take_along(visit.live.review, visit.person)
    return Response(data, media_type="application/zip")


@router.post("")
def back(visit: Voter, file: Annotated[UploadFile, File()]) -> Brought:
    """Bring a copy back: what you did in it becomes part of the review."""
    check_size(visit, [file])
    return bring_back(visit.live, visit.person, file.file.read(), everything=not visit.visitor.team)
