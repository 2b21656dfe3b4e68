"""The reviews of this place, each with its next step, and the form that starts a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tamis.app.new_review import new_review
from tamis.app.shelf import Shelf
from tamis.domain.errors import BadInput, Conflict
from tamis.web.visit import AVisit, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]


@router.get("/")
def home(visit: AVisit) -> Response:
    """Show the reviews; where there is one alone, go to it."""
    return _show(visit)


@router.post("/reviews")
def start(visit: AVisit, title: Text = "", name: Text = "", language: Text = "") -> Response:
    """Start a review and go to its protocol."""
    visit.require("edit-protocol")
    typed = {"title": title, "name": name, "language": language}
    shelf: Shelf = visit.request.app.state.shelf
    try:
        made = new_review(
            shelf, title=title, name=name, language=language or visit.language, by=visit.person
        )
    except (BadInput, Conflict) as error:
        return _show(visit, error=error, typed=typed)
    return visit.goto(f"/r/{made}/protocol")


def _show(
    visit: Visit,
    *,
    error: BadInput | Conflict | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    request: Request = visit.request
    shelf: Shelf = request.app.state.shelf
    door = request.app.state.door
    spines = [spine for spine in shelf.spines() if door.visitor(request, review=spine.name).role]
    if shelf.alone and len(spines) == 1 and not spines[0].trouble and not error:
        return visit.goto(f"/r/{spines[0].name}")
    return visit.page(
        "home.html.j2",
        code=422 if error else 200,
        spines=spines,
        may_start=not shelf.alone and visit.may("edit-protocol"),
        error=error,
        at=error.where.column if error and error.where else "",
        typed=typed or {},
    )
