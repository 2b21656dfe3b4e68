"""Imports: send export files, see what was read from each, say where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import HTTPException

from tamis.app.import_reports import imports_view
from tamis.app.import_upload import NEW, Answer, Sent, Taken, Tray, Turned
from tamis.app.planning.sources import DATABASES
from tamis.domain.errors import TamisError
from tamis.web.background import find_duplicates
from tamis.web.guard import unpacked, upload_name
from tamis.web.settings import WebSettings
from tamis.web.visit import AReviewVisit, ReviewVisit

__all__ = ["received", "router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/imports")


@router.get("")
def imports(visit: AReviewVisit) -> Response:
    """Show what waits, what was imported, and the counts of every source."""
    return _show(visit)


@router.post("")
def send(
    visit: AReviewVisit, files: Annotated[list[UploadFile], File()] = [],  # noqa: B006 - FastAPI's
) -> Response:  # fmt: skip
    """Read the files that were sent; they wait until somebody says where they come from."""
    visit.require("import")
    settings: WebSettings = visit.request.app.state.settings
    if sum(file.size or 0 for file in files) > settings.upload_limit:
        raise HTTPException(413)
    sent, turned = received(files)
    if not sent and not turned:
        return _show(visit, code=422, nothing=True)
    turned += visit.live.part(Tray).put(visit.person, sent)
    if turned:
        return _show(visit, code=422, turned=turned)
    return visit.goto(visit.url("imports") + "#waiting")


@router.post("/take")
async def take(request: Request, visit: AReviewVisit) -> Response:
    """Import the waiting files whose source was said."""
    form = await request.form()
    told = {key: value for key, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_take, visit, told)


def _take(visit: ReviewVisit, told: Mapping[str, str]) -> Response:
    visit.require("import")
    only = told.get("only", "")
    answers = {
        key.removeprefix("source."): _answer(key.removeprefix("source."), told)
        for key in told
        if key.startswith("source.") and (not only or key == f"source.{only}")
    }
    if any(answer.source == NEW for answer in answers.values()):
        visit.require("edit-protocol")
    taken = visit.live.part(Tray).take(visit.person, answers)
    if taken.imported:
        find_duplicates(visit)
    return _show(visit, code=422 if taken.left else 200, taken=taken, told=told)


def _answer(sha256: str, told: Mapping[str, str]) -> Answer:
    return Answer(
        source=told[f"source.{sha256}"],
        as_is=bool(told.get(f"as_is.{sha256}")),
        database=told.get(f"database.{sha256}", ""),
        searched_on=told.get(f"searched_on.{sha256}", ""),
    )


@router.post("/drop")
def drop(visit: AReviewVisit, only: Annotated[str, Form()]) -> Response:
    """Take a waiting file out of the tray."""
    visit.require("import")
    visit.live.part(Tray).drop(visit.person, only)
    return visit.goto(visit.url("imports") + "#waiting")


def received(files: Sequence[UploadFile]) -> tuple[list[Sent], list[Turned]]:
    """Return the files that a form sent, unpacked, and those that cannot be unpacked."""
    turned: list[Turned] = []
    sent: list[Sent] = []
    for file in files:
        sent += _unpacked(file, turned)
    return sent, turned


def _unpacked(file: UploadFile, turned: list[Turned]) -> Iterator[Sent]:
    name = upload_name(file.filename)
    try:
        parts = unpacked(name, file.file.read(), keep_gzip=True) if file.filename else ()
    except TamisError as error:
        turned.append(
            Turned(name=name, kind="citation", problem=error.problem, remedy=error.remedy)
        )
        return
    for part in parts:
        yield Sent(name=part.name, data=part.data)


def _show(
    visit: ReviewVisit,
    *,
    code: int = 200,
    turned: Sequence[Turned] = (),
    taken: Taken | None = None,
    told: Mapping[str, str] | None = None,
    nothing: bool = False,
) -> Response:
    tray = visit.live.part(Tray)
    with visit.live.locked():
        view = imports_view(visit.live)
        return visit.page(
            "imports/page.html.j2",
            code=code,
            view=view,
            names={row.source.id: row.source.database for row in view.sources},
            waiting=tray.waiting(visit.person, taken.left if taken else None),
            turned=turned,
            taken=taken,
            told=told or {},
            nothing=nothing,
            may_import=visit.may("import"),
            may_name=visit.may("edit-protocol"),
            databases=DATABASES,
            another=NEW,
        )
