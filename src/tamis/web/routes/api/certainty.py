"""Certainty: bodies of evidence with what the rules propose, decisions, the summary of findings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from tamis.app.grading.view import BodyRated, RatedOverview, Ratings
from tamis.web.routes.api.wire import PREFIX, REFUSALS, Asked, Grader, Reader, Slug, Text

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/certainty", tags=["certainty"], responses=REFUSALS)

Tried = Annotated[
    str, Query(max_length=40, description="A threshold to try; nothing of it is recorded.")
]


class Judge(Asked):
    """A decision on one domain."""

    domain: Slug = Field(examples=["imprecision"])
    change: int = Field(ge=-3, le=3, description="Levels down (negative) or up.", examples=[-1])
    reason: Text = Field(
        default="", description="Needed where it is not as proposed; else the rule's words stand."
    )


@router.get("")
def summary(visit: Reader) -> RatedOverview:
    """Give the summary of findings as it stands."""
    return visit.live.part(Ratings).overview(visit.person)


@router.get("/{body}")
def one(
    visit: Reader, body: str, small: Tried = "", moderate: Tried = "", large: Tried = ""
) -> BodyRated:
    """Give one body of evidence domain by domain: proposals, decisions, the statement."""
    tried = {"small": small, "moderate": moderate, "large": large}
    return visit.live.part(Ratings).body(visit.person, body, thresholds=tried)


@router.post("/{body}")
def judge(visit: Grader, body: str, said: Judge) -> BodyRated:
    """Record a decision on one domain."""
    desk = visit.live.part(Ratings)
    desk.judge(visit.person, body, said.domain, said.change, reason=said.reason)
    return desk.body(visit.person, body)
