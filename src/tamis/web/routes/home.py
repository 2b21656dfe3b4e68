"""The reviews of this place, each with its next step, and the form that starts a new one.

A review may begin with its export files: they wait on its page of imports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.exceptions import HTTPException

from tamis.app.import_upload import Tray, Turned, turned_away
from tamis.app.new_review import new_review
from tamis.app.shelf import Shelf
from tamis.domain.errors import BadInput, Conflict
from tamis.web.routes.imports import received
from tamis.web.settings import WebSettings
from tamis.web.visit import AVisit, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]


@router.get("/")
def home(visit: AVisit) -> Response:
    """Show the reviews; where there is one alone, go to it."""
    return _show(visit)


@router.post("/reviews")
def start(
    visit: AVisit,
    title: Text = "",
    name: Text = "",
    language: Text = "",
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006 - FastAPI's
) -> Response:
    """Start a review, with the export files that were sent, and go to its imports."""
    visit.require("edit-protocol")
    typed = {"title": title, "name": name, "language": language}
    shelf: Shelf = visit.request.app.state.shelf
    settings: WebSettings = visit.request.app.state.settings
    if sum(file.size or 0 for file in files) > settings.upload_limit:
        raise HTTPException(413)
    sent, turned = received(files)
    try:
        turned += turned_away(sent)
        if turned:
            return _show(visit, typed=typed, turned=turned)
        made = new_review(
            shelf, title=title, name=name, language=language or visit.language, by=visit.person
        )
    except (BadInput, Conflict) as error:
        return _show(visit, error=error, typed=typed)
    if not sent:
        return visit.goto(f"/r/{made}/imports")
    shelf.open(made).part(Tray).put(visit.person, sent)
    return visit.goto(f"/r/{made}/imports#waiting")


def _show(
    visit: Visit,
    *,
    error: BadInput | Conflict | None = None,
    typed: Mapping[str, str] | None = None,
    turned: Sequence[Turned] = (),
) -> Response:
    request: Request = visit.request
    shelf: Shelf = request.app.state.shelf
    door = request.app.state.door
    spines = [spine for spine in shelf.spines() if door.visitor(request, review=spine.name).role]
    if shelf.alone and len(spines) == 1 and not spines[0].trouble and not typed:
        return visit.goto(f"/r/{spines[0].name}")
    return visit.page(
        "home.html.j2",
        code=422 if error or turned else 200,
        spines=spines,
        may_start=not shelf.alone and visit.may("edit-protocol"),
        error=error,
        turned=turned,
        at=error.where.column if error and error.where else "",
        typed=typed or {},
    )
