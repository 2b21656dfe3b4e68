"""Full texts: PDFs come in, are matched to reports and attached; or they cannot be retrieved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import HTTPException

from tamis.app.full_text.views import DOCUMENT_ROLES, LinkProposal, Upload, not_retrieved_words
from tamis.app.reading.tray import OfferTray
from tamis.app.words import DESIGNS, ROLES
from tamis.domain.errors import TamisError
from tamis.web.guard import unpacked, upload_name
from tamis.web.routes.documents import reading_room
from tamis.web.settings import WebSettings
from tamis.web.visit import AReviewVisit, ReviewVisit

__all__ = ["router", "unpacked_uploads"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/full-texts")

Text = Annotated[str, Form()]


@router.get("")
def full_texts(visit: AReviewVisit) -> Response:
    """Show the reports whose full text is wanted or here, and the files that wait."""
    visit.require("read")
    return _show(visit)


@router.post("")
def send(
    visit: AReviewVisit, files: Annotated[list[UploadFile], File()] = [],  # noqa: B006 - FastAPI's
) -> Response:  # fmt: skip
    """Look at the files that were sent, and say of each what it is."""
    visit.require("import")
    settings: WebSettings = visit.request.app.state.settings
    if sum(file.size or 0 for file in files) > settings.upload_limit:
        raise HTTPException(413)
    turned: list[tuple[str, TamisError]] = []
    uploads = unpacked_uploads(files, turned)
    if not uploads and not turned:
        return _show(visit, code=422, nothing=True)
    desk = reading_room(visit).full_texts(visit.live)
    refused = visit.live.part(OfferTray).take(visit.person, desk, uploads)
    if turned or refused:
        return _show(visit, code=422, turned=turned)
    return visit.goto(visit.url("full-texts") + "#waiting")


@router.post("/drop")
def drop(visit: AReviewVisit, document: Text) -> Response:
    """Put a file away that nobody wants to attach."""
    visit.require("import")
    visit.live.part(OfferTray).drop(visit.person, document)
    return visit.goto(visit.url("full-texts") + "#waiting")


@router.get("/attach")
def choose(visit: AReviewVisit, document: str = "", target: str = "") -> Response:
    """Show study and report of a file, to be edited before it is attached."""
    visit.require("import")
    return _choose(visit, document, target)


@router.post("/attach")
async def attach(request: Request, visit: AReviewVisit) -> Response:
    """Attach a file to a report, and link the report to its study if need be."""
    form = await request.form()
    told = {key: str(value) for key, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_attach, visit, told)


@router.post("/not-retrieved")
def not_retrieved(visit: AReviewVisit, target: Text, tried: Text = "", on: Text = "") -> Response:
    """Record that a full text could not be got, with what was tried and when."""
    visit.require("vote")
    desk = reading_room(visit).full_texts(visit.live)
    try:
        desk.not_retrieved(visit.person, target, tried=not_retrieved_words(tried, on))
    except TamisError as error:
        return _show(visit, code=422, failed=(target, error), tried=tried, on=on)
    return visit.goto(visit.url("full-texts"))


def _attach(visit: ReviewVisit, told: Mapping[str, str]) -> Response:
    visit.require("import")
    document, target = told.get("document", ""), told.get("target", "")
    desk = reading_room(visit).full_texts(visit.live)
    try:
        given = _link(desk.proposal(target), told)
        desk.attach(
            visit.person, document, target, link=given, role=told.get("document_role", "article")
        )
    except TamisError as error:
        return _choose(visit, document, target, error=error, told=told)
    visit.live.part(OfferTray).drop(visit.person, document)
    return visit.goto(visit.url("full-texts") + "#waiting")


def _link(proposed: LinkProposal, told: Mapping[str, str]) -> LinkProposal:
    """Return study and report as they were typed; what the form did not ask is as proposed."""
    return LinkProposal(
        study=told.get("study", proposed.study).strip(),
        report=told.get("report", proposed.report).strip(),
        label=told.get("label", proposed.label),
        design=told.get("design", proposed.design),
        role=told.get("role", proposed.role),
        kind=told.get("kind", proposed.kind).strip(),
    )


def unpacked_uploads(
    files: Sequence[UploadFile], turned: list[tuple[str, TamisError]]
) -> list[Upload]:
    """Return the files that were sent, unpacked; what cannot be is put into ``turned``."""
    return [upload for file in files for upload in _unpacked(file, turned)]


def _unpacked(file: UploadFile, turned: list[tuple[str, TamisError]]) -> list[Upload]:
    name = upload_name(file.filename)
    try:
        parts = unpacked(name, file.file.read()) if file.filename else ()
    except TamisError as error:
        turned.append((name, error))
        return []
    return [Upload(name=part.name, data=part.data) for part in parts]


def _show(
    visit: ReviewVisit,
    *,
    code: int = 200,
    nothing: bool = False,
    turned: Sequence[tuple[str, TamisError]] = (),
    failed: tuple[str, TamisError] | None = None,
    tried: str = "",
    on: str = "",
) -> Response:
    desk = reading_room(visit).full_texts(visit.live)
    reports = desk.waiting(visit.person)
    return visit.page(
        "full_texts/page.html.j2",
        code=code,
        reports=reports,
        titles={one.target: one.title for one in reports},
        linked={one.target for one in reports if one.study},
        counts={word: sum(r.status == word for r in reports) for word in _STATES},
        files=visit.live.part(OfferTray).waiting(visit.person, desk),
        nothing=nothing,
        turned=turned,
        failed=failed,
        tried=tried,
        on=on,
        may=visit.may("import"),
        may_vote=visit.may("vote"),
    )


_STATES = ("wanted", "here", "not-retrieved")


def _choose(
    visit: ReviewVisit,
    document: str,
    target: str,
    *,
    error: TamisError | None = None,
    told: Mapping[str, str] | None = None,
) -> Response:
    desk = reading_room(visit).full_texts(visit.live)
    reports = desk.waiting(visit.person)
    known = next((one for one in reports if one.target == target), None)
    files = visit.live.part(OfferTray).waiting(visit.person, desk)
    return visit.page(
        "full_texts/attach.html.j2",
        code=422 if error else 200,
        document=document,
        file=next((one for one in files if one.document == document), None),
        reports=reports,
        report=known,
        link=_link(desk.proposal(target), told or {}) if known else None,
        studies=sorted({one.study for one in reports if one.study}),
        document_role=(told or {}).get("document_role", "article"),
        document_roles=DOCUMENT_ROLES,
        designs=DESIGNS,
        roles=ROLES,
        error=error,
    )
