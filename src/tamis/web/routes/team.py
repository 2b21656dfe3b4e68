"""The people of a review on a team's server: roles, invitations; one's own tokens and password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from tamis.app.people.people import EVERYWHERE, Changes, People
from tamis.app.people.permissions import ACTIONS, MEANINGS, ROLES
from tamis.app.people.team import Team
from tamis.app.people.visitors import Visitor
from tamis.app.shelf import Shelf
from tamis.domain.errors import BadInput, Conflict, NotFound, TamisError
from tamis.web.guard import address_of, visit_of
from tamis.web.told import whole_of
from tamis.web.visit import AnyReviewVisit, AReviewVisit, AVisit, ReviewVisit, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]


@router.get("/r/{review}/team")
def members(visit: AnyReviewVisit) -> Response:
    """Show who takes part, and to an owner the open invitations."""
    return _page(visit)


@router.post("/r/{review}/team/invite")
def invite(visit: AReviewVisit, role: Text = "reviewer") -> Response:
    """Make an invitation; its link is shown this once."""
    visit.require("manage-people")
    made = _people(visit).invite(_account(visit), visit.name, role)
    link = f"{visit.request.app.state.settings.public}/invitation/{made.token}"
    return _page(visit, link=link)


@router.post("/r/{review}/team/withdraw")
def withdraw(visit: AReviewVisit, invitation: Text = "") -> Response:
    """Make an open invitation worthless."""
    visit.require("manage-people")
    _people(visit).withdraw(_account(visit), visit.name, invitation)
    return visit.goto(visit.url("team"))


@router.post("/r/{review}/team/{person}/role")
def change_role(visit: AReviewVisit, person: str, role: Text = "") -> Response:
    """Give somebody another role, or none any more."""
    visit.require("manage-people")
    try:
        changes = _people(visit).change_role(_account(visit), person, visit.name, role)
    except (BadInput, Conflict) as error:
        return _page(visit, error=error)
    _tell(visit, changes)
    return visit.goto(visit.url("team"))


@router.post("/r/{review}/team/{person}/reset")
def reset(visit: AReviewVisit, person: str) -> Response:
    """Make a link with which somebody sets a new password."""
    visit.require("manage-people")
    made = _people(visit).reset(_account(visit), person)
    link = f"{visit.request.app.state.settings.public}/invitation/{made.token}"
    return _page(visit, link=link)


@router.post("/r/{review}/team/{person}/close")
def close(visit: AReviewVisit, person: str) -> Response:
    """Close an account: its roles, sessions and tokens on this server end."""
    visit.require("manage-people")
    try:
        changes = _people(visit).disable(_account(visit), person)
    except (BadInput, Conflict) as error:
        return _page(visit, error=error)
    shelf: Shelf = visit.request.app.state.shelf
    for change in changes:
        shelf.open(change.review).record([change.draft()])
    return visit.goto(visit.url("team"))


@router.get("/me")
def me(visit: AVisit) -> Response:
    """Show one's sessions and tokens."""
    return _mine(visit)


@router.post("/me/password")
def password(visit: AVisit, old: Text = "", new: Text = "") -> Response:
    """Change one's password; every other session ends."""
    here = visit_of(visit.request)
    try:
        opened = _team(visit).sign_in.change_password(
            _account(visit), old, new, address=address_of(visit.request)
        )
    except BadInput as error:
        return _mine(visit, error=error)
    here.take(opened.token, seconds=opened.seconds)
    return visit.goto("/me")


@router.post("/me/tokens")
def make_token(
    visit: AVisit,
    name: Text = "",
    days: Text = "90",
    scopes: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make a token for a program; it is shown this once."""
    try:
        made = _team(visit).sign_in.make_token(
            _account(visit), name, scopes or [], days=whole_of(days, 0)
        )
    except BadInput as error:
        told = {"name": name, "days": days, "scopes": scopes or []}
        return _mine(visit, error=error, told=told)
    return _mine(visit, token=made)


@router.post("/me/tokens/revoke")
def revoke(visit: AVisit, name: Text = "") -> Response:
    """End a token."""
    _team(visit).sign_in.revoke_token(_account(visit), name)
    return visit.goto("/me")


@router.get("/people.json")
def export(visit: AVisit) -> Response:
    """Give the owner of the server everything about its people, without secrets."""
    found = _people(visit).export(_account(visit))
    return JSONResponse({name: list(rows) for name, rows in found.items()})


def _page(visit: ReviewVisit, *, link: str = "", error: TamisError | None = None) -> Response:
    people, account = _people(visit), _account(visit)
    manages = visit.may("manage-people")
    return visit.page(
        "entry/team.html.j2",
        code=422 if error else 200,
        error=error,
        members=people.members(account, visit.name),
        open_invitations=people.invitations(account, visit.name) if manages else (),
        manages=manages,
        roles=ROLES,
        keeps_server=account.roles.get(EVERYWHERE) == "owner",
        me=account.person,
        link=link,
    )


def _mine(
    visit: Visit,
    *,
    token: str = "",
    error: TamisError | None = None,
    told: Mapping[str, Any] | None = None,
) -> Response:
    """Show one's account; after an error with what was typed, but for passwords."""
    account, sign_in = _account(visit), _team(visit).sign_in
    return visit.page(
        "entry/me.html.j2",
        code=422 if error else 200,
        error=error,
        told={"name": "", "days": "90", "scopes": (), **(told or {})},
        sessions=sign_in.sessions(account),
        tokens=sign_in.tokens(account),
        token=token,
        actions=[(action, MEANINGS[action]) for action in ACTIONS],
        keeps_server=account.roles.get(EVERYWHERE) == "owner",
    )


def _tell(visit: ReviewVisit, changes: Changes) -> None:
    for change in changes:
        visit.live.record([change.draft()])


def _account(visit: Visit) -> Visitor:
    if visit.visitor.account is None:
        raise NotFound("there are no accounts here", "start the server with --team")
    return visit.visitor.account


def _team(visit: Visit) -> Team:
    request: Request = visit.request
    found: Team = request.app.state.team
    return found


def _people(visit: Visit) -> People:
    return _team(visit).people
