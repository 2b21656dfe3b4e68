"""Conflicts: verdicts that differ, without names, settled by somebody who may."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from tamis.app.desk.desk import Desk
from tamis.domain.errors import BadInput, NotFound, RuleBroken, TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit

__all__ = ["router", "settling_right"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/conflicts/{stage}")

Text = Annotated[str, Form()]


@router.get("")
def queue(visit: AReviewVisit, stage: str, page: int = 1) -> Response:
    """Show the conflicts that concern the visitor, a page at a time."""
    found = visit.live.part(Desk).conflict_page(visit.person, stage, page, roles=visit.roles)
    return visit.page(
        "screening/conflicts.html.j2", stage=stage, found=found,
        page_address=lambda n: f"{visit.url('conflicts', stage)}?page={n}",
    )  # fmt: skip


@router.get("/{cluster}")
def one(visit: AReviewVisit, stage: str, cluster: str) -> Response:
    """Show one conflict beside its record."""
    return _show(visit, stage, cluster)


@router.post("/{cluster}/open")
def open_it(visit: AReviewVisit, stage: str, cluster: str, why: Text = "") -> Response:
    """Show what each side said; that somebody looked is recorded."""
    visit.require("open-blinding")
    visit.live.part(Desk).open_conflict(visit.person, stage, cluster, why=why)
    return visit.goto(visit.url("conflicts", stage, cluster))


@router.post("/{cluster}/settle")
def settle(
    visit: AReviewVisit,
    stage: str,
    cluster: str,
    *,
    decision: Text = "",
    reason: Text = "",
    words: Text = "",
) -> Response:
    """Record a consensus and go on to the next conflict."""
    desk = visit.live.part(Desk)
    decision = decision or ("exclude" if reason else "")
    with visit.live.locked():
        visit.require(settling_right(desk, visit.person, stage, cluster))
        try:
            desk.settle(visit.person, stage, cluster, decision, reason=reason, words=words)
        except (BadInput, RuleBroken) as error:
            return _show(visit, stage, cluster, error=error, words=words)
        may = {named: visit.may("vote" if named else "settle") for named in (True, False)}
        following = desk.first_conflict(
            visit.person, stage, lambda v: v.may_settle and may[v.named], roles=visit.roles
        )
    return visit.goto(visit.url("conflicts", stage, *([following] if following else [])))


def _show(
    visit: ReviewVisit,
    stage: str,
    cluster: str,
    *,
    error: TamisError | None = None,
    words: str = "",
) -> Response:
    """Show one conflict; after an error with what was typed."""
    desk = visit.live.part(Desk)
    view = desk.conflict(visit.person, stage, cluster)
    return visit.page(
        "screening/conflict.html.j2",
        code=422 if error else 200,
        stage=stage,
        view=view,
        may_settle=view.may_settle and visit.may("vote" if view.named else "settle"),
        may_open=visit.may("open-blinding"),
        card=desk.card(visit.person, stage, cluster, roles=visit.roles),
        error=error,
        words=words,
    )


def settling_right(desk: Desk, person: str, stage: str, cluster: str) -> str:
    """Return the right that a consensus asks for: voting, where the protocol names this person."""
    try:
        named = desk.conflict(person, stage, cluster).named
    except NotFound:
        named = False
    return "vote" if named else "settle"
