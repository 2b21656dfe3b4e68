"""The people of a review on a team's server: who takes part, roles, invitations."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tamis.app.people.people import Changes, Invited, Member, People
from tamis.app.people.visitors import Visitor
from tamis.domain.errors import NotFound
from tamis.web.routes.api.wire import PREFIX, REFUSALS, Asked, Guest, Manager, Slug
from tamis.web.visit import ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/team", tags=["team"], responses=REFUSALS)

Role = Literal["owner", "methodologist", "reviewer", "guest"]


class InvitationShown(BaseModel):
    """An open invitation; its link was shown when it was made, and is not kept."""

    id: str = Field(description="To withdraw it by.")
    role: str
    by: str
    expires: str


class Link(BaseModel):
    """A link to hand over. It is shown this once, and works once."""

    link: str = Field(examples=["https://review.example.org/invitation/…"])
    expires: str


class InviteBody(Asked):
    """The role that an invitation gives."""

    role: Role = "reviewer"


class RoleBody(Asked):
    """The role that somebody gets; empty for none any more."""

    role: Role | Literal[""] = Field(examples=["reviewer"])


class WithdrawBody(Asked):
    """An open invitation."""

    id: Slug = Field(min_length=1)


@router.get("")
def members(visit: Guest) -> tuple[Member, ...]:
    """List who takes part."""
    return _people(visit).members(_account(visit), visit.name)


@router.get("/invitations")
def invitations(visit: Manager) -> tuple[InvitationShown, ...]:
    """List the open invitations."""
    return tuple(
        InvitationShown(id=row.token, role=row.role, by=row.by, expires=row.expires)
        for row in _people(visit).invitations(_account(visit), visit.name)
    )


@router.post("/invitations")
def invite(visit: Manager, body: InviteBody) -> Link:
    """Make an invitation."""
    return _link(visit, _people(visit).invite(_account(visit), visit.name, body.role))


@router.post("/invitations/withdraw")
def withdraw(visit: Manager, body: WithdrawBody) -> tuple[InvitationShown, ...]:
    """Make an open invitation worthless."""
    _people(visit).withdraw(_account(visit), visit.name, body.id)
    return invitations(visit)


@router.post("/{person}/role")
def change_role(visit: Manager, person: str, body: RoleBody) -> tuple[Member, ...]:
    """Give somebody another role in this review, or none."""
    _tell(visit, _people(visit).change_role(_account(visit), person, visit.name, body.role))
    return members(visit)


@router.post("/{person}/reset")
def reset(visit: Manager, person: str) -> Link:
    """Make a link with which somebody sets a new password."""
    return _link(visit, _people(visit).reset(_account(visit), person))


@router.post("/{person}/close")
def close(visit: Manager, person: str) -> tuple[Member, ...]:
    """Close an account: its roles, sessions and tokens on this server end."""
    _tell(visit, _people(visit).disable(_account(visit), person))
    return members(visit)


def _link(visit: ReviewVisit, made: Invited) -> Link:
    public = visit.request.app.state.settings.public
    return Link(link=f"{public}/invitation/{made.token}", expires=made.expires)


def _tell(visit: ReviewVisit, changes: Changes) -> None:
    """Record in the log of each review what became of somebody's part in it."""
    for change in changes:
        visit.request.app.state.shelf.open(change.review).record([change.draft()])


def _account(visit: ReviewVisit) -> Visitor:
    if visit.visitor.account is None:
        raise NotFound("there are no accounts here", "start the server with --team")
    return visit.visitor.account


def _people(visit: ReviewVisit) -> People:
    _account(visit)
    found: People = visit.request.app.state.team.people
    return found
