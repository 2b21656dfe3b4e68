"""The same use cases as documented JSON, for programs: ``/api/openapi.json`` describes them.

On a team's server a program sends a person's token (``Authorization: Bearer tamis_…``) and acts as
that person, within what the token allows; sealed verdicts are sealed from programs too.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from tamis import __version__
from tamis.app.activity import Deed, activity_of
from tamis.app.desk.desk import Desk
from tamis.app.desk.views import (
    AgreementView,
    Card,
    ConflictView,
    Done,
    ListingView,
    ProgressView,
    VoteView,
)
from tamis.app.overview import overview_of
from tamis.app.sharing.publish import FILES, report_file
from tamis.web.routes.conflicts import settling_right
from tamis.web.visit import AnyReviewVisit, AVisit, ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["reviews"])

Stage = Annotated[str, Path(pattern="^(title-abstract|full-text)$", description="The stage.")]
Text = Annotated[str, Field(max_length=10_000)]


class Failure(BaseModel):
    """What went wrong: the problem, what to do, and where."""

    ok: bool = False
    error: dict[str, str]


#: What every route may answer besides success.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure} for status in (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)
}


class ReviewEntry(BaseModel):
    """A review that one has a part in."""

    name: str
    title: str
    role: str


class Reviews(BaseModel):
    """The reviews of this server."""

    tamis: str = __version__
    ok: bool = True
    reviews: list[ReviewEntry]


class Step(BaseModel):
    """A command to run next, and why."""

    command: str
    why: str


class Status(BaseModel):
    """Where a review stands."""

    tamis: str = __version__
    ok: bool = True
    title: str
    stage: str
    counts: dict[str, int]
    next: list[Step]


class VoteBody(BaseModel):
    """A verdict; without a decision it follows from the answers to the criteria."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["", "include", "exclude", "maybe", "not-retrieved"] = ""
    reason: Text = ""
    criteria: dict[str, str] = Field(default_factory=dict, max_length=200)
    note: Text = ""


class SettleBody(BaseModel):
    """A consensus."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["include", "exclude", "maybe", "not-retrieved"]
    reason: Annotated[str, Field(min_length=1, max_length=10_000)]


class Settled(BaseModel):
    """The state of the report after a consensus, or after a verdict was taken back."""

    ok: bool = True
    state: str


def needs(action: str) -> Any:
    """Return the dependency that refuses visitors without the right to an action."""

    def check(visit: AnyReviewVisit) -> ReviewVisit:
        visit.require(action)
        return visit

    return Depends(check)


Reader = Annotated[ReviewVisit, needs("read")]
Voter = Annotated[ReviewVisit, needs("vote")]


@router.get("/reviews", responses=REFUSALS)
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


@router.get("/reviews/{review}", responses=REFUSALS)
def status(visit: Reader) -> Status:
    """Say where a review stands, and the next step."""
    found = overview_of(visit.live, visit.person)
    return Status(
        title=found.title,
        stage=found.stage,
        counts=dict(found.counts),
        next=[Step(command=step.command, why=step.why) for step in found.next],
    )


@router.get("/reviews/{review}/screening/{stage}/next", responses=REFUSALS)
def next_record(visit: Voter, stage: Stage, after: str = "") -> Card | None:
    """Give the next report that waits for one's verdict; null when nothing waits."""
    return visit.live.part(Desk).next(visit.person, stage, after=after, roles=visit.roles)


@router.get("/reviews/{review}/screening/{stage}/records", responses=REFUSALS)
def records(
    visit: Reader,
    stage: Stage,
    q: Annotated[str, Query(max_length=1000)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=500)] = 50,
) -> ListingView:
    """List the reports of a stage, with facets counted over all of them."""
    return visit.live.part(Desk).listing(
        visit.person, stage, query=q, page=page, per_page=per_page, roles=visit.roles
    )


@router.get("/reviews/{review}/screening/{stage}/records/{cluster}", responses=REFUSALS)
def record(visit: Reader, stage: Stage, cluster: str) -> Card:
    """Give one report as one may see it."""
    return visit.live.part(Desk).card(visit.person, stage, cluster, roles=visit.roles)


@router.post("/reviews/{review}/screening/{stage}/records/{cluster}/vote", responses=REFUSALS)
def vote(visit: Voter, stage: Stage, cluster: str, body: VoteBody) -> Done:
    """Record one's verdict; when this answers, it is on the disk."""
    return visit.live.part(Desk).vote(
        visit.person, stage, cluster, body.decision,
        reason=body.reason, criteria=body.criteria, note=body.note,
    )  # fmt: skip


@router.post("/reviews/{review}/screening/{stage}/records/{cluster}/withdraw", responses=REFUSALS)
def withdraw(visit: Voter, stage: Stage, cluster: str) -> Settled:
    """Take back one's verdict on a report."""
    state = visit.live.part(Desk).withdraw(visit.person, stage, cluster)
    return Settled(state=state)


@router.get("/reviews/{review}/screening/{stage}/history", responses=REFUSALS)
def history(
    visit: Reader,
    stage: Stage,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> tuple[VoteView, ...]:
    """List one's own verdicts at a stage, the newest first."""
    votes = visit.live.part(Desk).history(visit.person, limit=limit, skip=skip)
    return tuple(view for view in votes if view.stage == stage)


@router.get("/reviews/{review}/screening/{stage}/progress", responses=REFUSALS)
def progress(visit: Reader, stage: Stage) -> ProgressView:
    """Say how far a stage is, as one may know it."""
    return visit.live.part(Desk).progress(visit.person, stage, roles=visit.roles)


@router.get("/reviews/{review}/screening/{stage}/agreement", responses=REFUSALS)
def agreement(visit: Reader, stage: Stage) -> AgreementView:
    """Give the agreement at a stage, over verdicts that are no longer sealed."""
    return visit.live.part(Desk).agreement(visit.person, stage, roles=visit.roles)


@router.get("/reviews/{review}/screening/{stage}/conflicts", responses=REFUSALS)
def conflicts(visit: Reader, stage: Stage) -> tuple[ConflictView, ...]:
    """List the conflicts that concern one, without names."""
    return visit.live.part(Desk).conflicts(visit.person, stage, roles=visit.roles)


@router.post("/reviews/{review}/screening/{stage}/conflicts/{cluster}", responses=REFUSALS)
def settle(visit: AnyReviewVisit, stage: Stage, cluster: str, body: SettleBody) -> Settled:
    """Record a consensus."""
    desk = visit.live.part(Desk)
    with visit.live.locked():
        visit.require(settling_right(desk, visit.person, stage, cluster))
        state = desk.settle(visit.person, stage, cluster, body.decision, reason=body.reason)
    return Settled(state=state)


@router.get("/reviews/{review}/activity", responses=REFUSALS)
def activity(
    visit: Reader,
    since: Annotated[str, Query(max_length=30)] = "",
    limit: Annotated[int, Query(ge=1, le=2000)] = 200,
) -> tuple[Deed, ...]:
    """List who did what, as one may know it, the newest first."""
    return activity_of(visit.live, visit.person, since=since, limit=limit)


@router.get("/reviews/{review}/report/{name}", response_class=Response, responses=REFUSALS)
def report(visit: AnyReviewVisit, name: str) -> Response:
    """Give a file of the built report."""
    visit.require("read-report")
    if name not in FILES:
        raise HTTPException(404)
    data = report_file(visit.live, visit.person, name)
    return Response(data, media_type=FILES[name])
