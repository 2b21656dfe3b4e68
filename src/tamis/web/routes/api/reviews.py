"""The reviews of a server, who asks, and where a review stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from tamis import __version__
from tamis.app.new_review import new_review
from tamis.app.overview import overview_of
from tamis.web.guard import visit_of
from tamis.web.routes.api.wire import PREFIX, REFUSALS, Asked, Line, Reader
from tamis.web.visit import AVisit, Visit

__all__ = ["router"]

router = APIRouter(tags=["reviews"], responses=REFUSALS)


class Me(BaseModel):
    """Who asks."""

    tamis: str = __version__
    ok: bool = True
    person: str = Field(description="The actor of what you do.", examples=["p-ann"])
    name: str = Field(examples=["Ann"])
    csrf: str = Field(
        description="What to send as `X-CSRF-Token` with every change; empty for a bearer token,"
        " which needs none."
    )


class ReviewEntry(BaseModel):
    """A review that one has a part in."""

    name: str = Field(description="Its name in addresses.", examples=["asthma"])
    title: str
    role: str = Field(examples=["reviewer"])


class Reviews(BaseModel):
    """The reviews of this server."""

    tamis: str = __version__
    ok: bool = True
    reviews: list[ReviewEntry]


class NewReview(Asked):
    """A review to be started."""

    title: Line = Field(examples=["Inhaled steroids in mild asthma"])
    name: Line = Field(default="", description="Its folder; empty: made from the title.")
    language: str = Field(default="en", max_length=10, description="`en` or `zh`.")


class Started(BaseModel):
    """A review was started."""

    ok: bool = True
    name: str = Field(examples=["inhaled-steroids-in-mild-asthma"])


class Step(BaseModel):
    """A command to run next, and why."""

    command: str
    why: str


class Status(BaseModel):
    """Where a review stands; what is sealed from you counts as not done yet."""

    tamis: str = __version__
    ok: bool = True
    title: str
    stage: str
    counts: dict[str, int]
    next: list[Step]


def _keeper(visit: AVisit) -> Visit:
    visit.require("edit-protocol")
    return visit


@router.get("/api/v1/me")
def me(request: Request, visit: AVisit) -> Me:
    """Say who asks, and give the token that changes need where a cookie tells who it is."""
    bearer = visit_of(request).via == "bearer"
    return Me(
        person=visit.person, name=visit.visitor.name, csrf="" if bearer else visit.visitor.csrf
    )


@router.get("/api/v1/reviews")
def reviews(request: Request, visit: AVisit) -> Reviews:
    """List the reviews that one has a part in."""
    del visit
    door = request.app.state.door
    found = []
    for spine in request.app.state.shelf.spines():
        role = door.visitor(request, review=spine.name).role
        if role:
            found.append(ReviewEntry(name=spine.name, title=spine.title, role=role))
    return Reviews(reviews=found)


@router.post("/api/v1/reviews", status_code=201)
def start(request: Request, visit: Annotated[Visit, Depends(_keeper)], body: NewReview) -> Started:
    """Start a review; on a team's server its keeper may."""
    shelf = request.app.state.shelf
    made = new_review(
        shelf, title=body.title, name=body.name, language=body.language, by=visit.person
    )
    return Started(name=made)


@router.get(PREFIX)
def status(visit: Reader) -> Status:
    """Say where a review stands, and the next step."""
    found = overview_of(visit.live, visit.person)
    return Status(
        title=found.title,
        stage=found.stage,
        counts=dict(found.counts),
        next=[Step(command=step.command, why=step.why) for step in found.next],
    )
