"""Verdicts that differ, settled by who may; agreement, calibration rounds, the end of a stage."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tamis.app.desk.desk import Desk
from tamis.app.desk.views import AgreementView, ConflictView, RoundView
from tamis.web.routes.api.screening import Settled
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Opener,
    Planner,
    Reader,
    Skip,
    Slug,
    Stage,
    Text,
)
from tamis.web.routes.conflicts import settling_right
from tamis.web.visit import AnyReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/screening/{{stage}}", tags=["screening"], responses=REFUSALS)


class ConsensusBody(Asked):
    """A consensus: a reason of the list, words of one's own, or both."""

    decision: Literal["include", "exclude", "maybe", "not-retrieved"]
    reason: Text = Field(default="", examples=["population"])
    words: Text = Field(default="", examples=["the abstract speaks of adults only"])


class WhyBody(Asked):
    """Why a conflict is opened."""

    why: Text = Field(default="", examples=["nobody else is left to settle it"])


class RoundBody(Asked):
    """A calibration round: a sample on which all of these people vote."""

    people: list[Slug] = Field(min_length=1, max_length=100, examples=[["p-ann", "p-bob"]])
    size: int = Field(default=50, ge=1, le=10_000)
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description="Draws the sample.")


class StageBody(Asked):
    """Whether a stage is closed."""

    closed: bool = True


class StageState(BaseModel):
    """A stage was closed, or opened again."""

    ok: bool = True
    stage: str
    closed: bool


@router.get("/conflicts")
def conflicts(
    visit: Reader,
    stage: Stage,
    skip: Skip = 0,
    limit: Annotated[int, Query(ge=1, le=5000, description="At most so many.")] = 5000,
) -> tuple[ConflictView, ...]:
    """List the conflicts that concern one, without names."""
    found = visit.live.part(Desk).conflicts(visit.person, stage, roles=visit.roles)
    return found[skip : skip + limit]


@router.get("/conflicts/{cluster}")
def conflict(visit: Reader, stage: Stage, cluster: str) -> ConflictView:
    """Give one conflict; what each side said stands there once one has opened it."""
    return visit.live.part(Desk).conflict(visit.person, stage, cluster)


@router.post("/conflicts/{cluster}")
def settle(visit: AnyReviewVisit, stage: Stage, cluster: str, body: ConsensusBody) -> Settled:
    """Record a consensus."""
    desk = visit.live.part(Desk)
    with visit.live.locked():
        visit.require(settling_right(desk, visit.person, stage, cluster))
        state = desk.settle(
            visit.person, stage, cluster, body.decision, reason=body.reason, words=body.words
        )
    return Settled(state=state)


@router.post("/conflicts/{cluster}/open")
def open_conflict(visit: Opener, stage: Stage, cluster: str, body: WhyBody) -> ConflictView:
    """Show what each side said; that one looked is recorded."""
    return visit.live.part(Desk).open_conflict(visit.person, stage, cluster, why=body.why)


@router.get("/agreement")
def agreement(visit: Reader, stage: Stage) -> AgreementView:
    """Give the agreement at a stage, over verdicts that are no longer sealed."""
    return visit.live.part(Desk).agreement(visit.person, stage, roles=visit.roles)


@router.get("/rounds")
def rounds(visit: Reader, stage: Stage) -> tuple[RoundView, ...]:
    """List the calibration rounds of a stage as one may see them."""
    found = visit.live.part(Desk).rounds(visit.person)
    return tuple(one for one in found if one.stage == stage)


@router.post("/rounds")
def open_round(visit: Planner, stage: Stage, body: RoundBody) -> RoundView:
    """Draw a calibration round."""
    return visit.live.part(Desk).open_round(
        visit.person, stage, body.people, size=body.size, seed=body.seed, roles=visit.roles
    )


@router.post("/rounds/{round_id}/close")
def close_round(visit: Planner, stage: Stage, round_id: str) -> RoundView:
    """End a calibration round; its verdicts are unsealed and count like any others."""
    del stage
    return visit.live.part(Desk).close_round(visit.person, round_id, roles=visit.roles)


@router.post("/close")
def close_stage(visit: Opener, stage: Stage, body: StageBody) -> StageState:
    """Close a stage, or open it again; blinded per stage, closing unseals its verdicts."""
    desk = visit.live.part(Desk)
    desk.close_stage(visit.person, stage, closed=body.closed, roles=visit.roles)
    return StageState(stage=stage, closed=body.closed)
