"""The reader: pages of an attached document as pictures, with their text, searched by words."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from tamis.app.reading.room import ReadingRoom
from tamis.app.reading.view import own_anchors, reader_view
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment

__all__ = ["reading_room", "router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/documents")

PageNumber = Annotated[int, Query(ge=1)]


def reading_room(visit: ReviewVisit) -> ReadingRoom:
    """Return what the server keeps for reading full texts."""
    found: ReadingRoom = visit.request.app.state.reading
    return found


@router.get("/{document}")
def read(
    visit: AReviewVisit,
    document: str,
    *,
    page: PageNumber = 1,
    scale: str = "1",
    q: str = "",
    at: int = -1,
) -> Response:
    """Show one page of a document."""
    visit.require("read")
    room = reading_room(visit)
    view = reader_view(
        room.pages(visit.live),
        room.full_texts(visit.live),
        document,
        page=page,
        scale=scale,
        search=(q[:200], at),
        values=own_anchors(room.extraction(visit.live), visit.person, document),
    )
    template = "reader" if is_fragment(visit.request) else "document"
    return visit.page(
        f"full_texts/{template}.html.j2",
        doc=view,
        here_to=visit.url("documents", document),
        kept={},
    )


@router.get("/{document}/{page}.png")
def picture(visit: AReviewVisit, document: str, page: int, scale: str = "1") -> Response:
    """Draw a page."""
    visit.require("read")
    data = reading_room(visit).pages(visit.live).picture(document, page, scale=scale)
    return Response(data, media_type="image/png")
