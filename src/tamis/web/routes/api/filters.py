"""Searches of the list that are kept under a name."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from tamis.app.desk.desk import Desk
from tamis.app.desk.views import FilterView
from tamis.web.routes.api.wire import PREFIX, REFUSALS, Asked, Line, Reader, Stage, Voter

__all__ = ["router"]

router = APIRouter(
    prefix=f"{PREFIX}/screening/{{stage}}/filters", tags=["screening"], responses=REFUSALS
)


class FilterBody(Asked):
    """A search to keep; an empty one removes the filter of that name."""

    name: Line = Field(min_length=1, examples=["trials of 2020"])
    query: str = Field(
        default="",
        max_length=4000,
        description="What stands behind the `?` of the list.",
        examples=["q=trial&year=2020"],
    )
    scope: Literal["private", "team"] = "private"


@router.get("")
def filters(visit: Reader, stage: Stage) -> tuple[FilterView, ...]:
    """List the kept searches of a stage: your own and the team's."""
    return visit.live.part(Desk).remarks.filters(visit.person, stage)


@router.post("")
def keep(visit: Voter, stage: Stage, body: FilterBody) -> tuple[FilterView, ...]:
    """Keep a search under a name, or remove it."""
    remarks = visit.live.part(Desk).remarks
    remarks.save_filter(visit.person, stage, body.name, body.query, scope=body.scope)
    return remarks.filters(visit.person, stage)
