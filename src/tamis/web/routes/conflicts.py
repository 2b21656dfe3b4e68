"""Conflicts: verdicts that differ, without names, settled by somebody who may."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from tamis.app.desk.desk import Desk
from tamis.web.visit import AReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/conflicts/{stage}")

Text = Annotated[str, Form()]


@router.get("")
def queue(visit: AReviewVisit, stage: str) -> Response:
    """Show the conflicts that concern the visitor."""
    views = visit.live.part(Desk).conflicts(visit.person, stage, roles=visit.roles)
    return visit.page("screening/conflicts.html.j2", stage=stage, views=views)


@router.get("/{cluster}")
def one(visit: AReviewVisit, stage: str, cluster: str) -> Response:
    """Show one conflict beside its record."""
    desk = visit.live.part(Desk)
    return visit.page(
        "screening/conflict.html.j2",
        stage=stage,
        view=desk.conflict(visit.person, stage, cluster),
        card=desk.card(visit.person, stage, cluster, roles=visit.roles),
    )


@router.post("/{cluster}/open")
def open_it(visit: AReviewVisit, stage: str, cluster: str, why: Text = "") -> Response:
    """Show what each side said; that somebody looked is recorded."""
    visit.require("open-blinding")
    visit.live.part(Desk).open_conflict(visit.person, stage, cluster, why=why)
    return visit.goto(visit.url("conflicts", stage, cluster))


@router.post("/{cluster}/settle")
def settle(
    visit: AReviewVisit, stage: str, cluster: str, decision: Text = "", reason: Text = ""
) -> Response:
    """Record a consensus and go on to the next conflict."""
    visit.require("settle")
    desk = visit.live.part(Desk)
    with visit.live.locked():
        desk.settle(visit.person, stage, cluster, decision, reason=reason)
        left = desk.conflicts(visit.person, stage, roles=visit.roles)
    following = next((view.cluster for view in left if view.may_settle), "")
    return visit.goto(visit.url("conflicts", stage, *([following] if following else [])))
