"""Coming in and going out on a team's server: log-in, log-out, invitations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tamis.app.people.attempts import Waiting
from tamis.app.people.team import Team
from tamis.domain.errors import NotFound, TamisError
from tamis.web.guard import address_of, local_path, visit_of
from tamis.web.saying import telling
from tamis.web.visit import AVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]


@router.get("/log-in")
def ask(visit: AVisit, next: str = "/") -> Response:
    """Ask for name and password; who has come in already goes on."""
    if visit.visitor.account is not None:
        return visit.goto(local_path(next))
    return visit.page("entry/log_in.html.j2", next=local_path(next), name="", problem="")


@router.post("/log-in")
def log_in(
    request: Request,
    visit: AVisit,
    name: Text = "",
    password: Text = "",
    next: Text = "/",
) -> Response:
    """Open a session under a new secret."""
    team = _team(request)
    agent = request.headers.get("user-agent", "")
    before = visit_of(request).secret
    try:
        opened = team.sign_in.log_in(
            name, password, address=address_of(request), agent=agent, replacing=before
        )
    except TamisError as error:
        told = telling(visit.language)
        problem = f"{told(error.problem)} {told(error.remedy)}"
        answer = visit.page(
            "entry/log_in.html.j2", code=401, next=local_path(next), name=name, problem=problem
        )
        if isinstance(error, Waiting):
            answer.status_code = 429
            answer.headers["retry-after"] = str(error.seconds)
        return answer
    visit_of(request).take(opened.token, seconds=opened.seconds)
    return visit.goto(local_path(next))


@router.post("/log-out")
def log_out(request: Request, visit: AVisit, everywhere: Text = "") -> Response:
    """End this session, or all of this person's."""
    team = _team(request)
    here = visit_of(request)
    account = visit.visitor.account
    if everywhere and account is not None:
        team.sign_in.log_out_everywhere(account)
    team.sign_in.log_out(here.secret)
    here.drop()
    return visit.goto("/log-in")


@router.get("/invitation/{token}")
def invited(request: Request, visit: AVisit, token: str) -> Response:
    """Show what an invitation is for, and ask for a name and a password."""
    team = _team(request)
    found = team.people.invitation(token)
    return visit.page("entry/invitation.html.j2", invited=found, name="", problem="")


@router.post("/invitation/{token}")
def accept(
    visit: AVisit,
    token: str,
    name: Text = "",
    log_in: Text = "",
    password: Text = "",
) -> Response:
    """Open the account, tell the review's log, and come in."""
    request = visit.request
    team = _team(request)
    account = visit.visitor.account
    person = ""
    try:
        if account is not None:
            changes = team.people.accept_as(token, account)
        else:
            person, changes = team.people.accept(token, name=name, password=password, log_in=log_in)
    except TamisError as error:
        told = telling(visit.language)
        problem = f"{told(error.problem)} {told(error.remedy)}"
        found = team.people.invitation(token)
        return visit.page(
            "entry/invitation.html.j2", code=422, invited=found, name=name, problem=problem
        )
    for change in changes:
        if change.review in request.app.state.shelf.names():
            request.app.state.shelf.open(change.review).record([change.draft()])
    if person:
        opened = team.sign_in.log_in(person, password, address=address_of(request))
        visit_of(request).take(opened.token, seconds=opened.seconds)
    return visit.goto("/")


def _team(request: Request) -> Team:
    """Return the people of this server; on one's own machine there are none."""
    found: Team | None = request.app.state.team
    if found is None:
        raise NotFound("there are no accounts here", "start the server with --team")
    return found
