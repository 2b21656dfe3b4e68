"""Taking one's part of a review along to where there is no network, and bringing it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile
from fastapi.exceptions import HTTPException

from tamis.app.sharing.along import Brought, bring_back, look_along, take_along
from tamis.domain.errors import TamisError
from tamis.web.settings import WebSettings
from tamis.web.visit import AReviewVisit, ReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/along")


@router.get("")
def along(visit: AReviewVisit) -> Response:
    """Say what a copy holds, hand it out, take it back."""
    return _show(visit)


@router.get("/copy.zip")
def copy(visit: AReviewVisit) -> Response:
    """Hand out the visitor's part of the review."""
    visit.require("vote")
    with visit.live.locked():
        data = take_along(visit.live.review, visit.person)
    saved = {"content-disposition": f'attachment; filename="{_name(visit)}"'}
    return Response(data, media_type="application/zip", headers=saved)


@router.post("")
def back(visit: AReviewVisit, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Unite the review with what was done in a copy."""
    visit.require("vote")
    settings: WebSettings = visit.request.app.state.settings
    if file is None or not file.filename:
        return _show(visit, code=422, nothing=True)
    if (file.size or 0) > settings.upload_limit:
        raise HTTPException(413)
    try:
        done = bring_back(
            visit.live, visit.person, file.file.read(), everything=not visit.visitor.team
        )
    except TamisError as error:
        return _show(visit, code=422, error=error)
    return _show(visit, done=done)


def _show(
    visit: ReviewVisit,
    *,
    code: int = 200,
    error: TamisError | None = None,
    done: Brought | None = None,
    nothing: bool = False,
) -> Response:
    return visit.page(
        "along/page.html.j2",
        code=code,
        holds=look_along(visit.live, visit.person),
        error=error,
        done=done,
        nothing=nothing,
        may=visit.may("vote"),
        name=_name(visit),
    )


def _name(visit: ReviewVisit) -> str:
    return f"{visit.name}-{visit.person}.tamis.zip"
