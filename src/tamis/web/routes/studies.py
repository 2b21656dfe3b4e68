"""Studies: included reports that belong to none yet, and the reports of each study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from tamis.app.forming import Forming
from tamis.app.link_studies import KINDS, LinkAsked, Studies
from tamis.app.words import DESIGNS, ROLES
from tamis.domain.errors import TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/studies")


@router.get("")
def studies(visit: AReviewVisit, q: str = "") -> Response:
    """Show what waits and what is linked."""
    return _page(visit, query=q)


@router.post("/link")
async def link(request: Request, visit: AReviewVisit) -> Response:
    """Link the chosen reports to one study."""
    return await run_in_threadpool(_link, visit, await request.form())


@router.post("/change")
async def change(request: Request, visit: AReviewVisit) -> Response:
    """Change label, design or role of a study."""
    return await run_in_threadpool(_change, visit, await request.form())


@router.post("/move")
async def move(request: Request, visit: AReviewVisit) -> Response:
    """Link a report to another study, or change its kind."""
    return await run_in_threadpool(_move, visit, await request.form())


@router.post("/proposal")
async def proposal(request: Request, visit: AReviewVisit) -> Response:
    """Accept or decline what the rules propose about two reports."""
    return await run_in_threadpool(_answer, visit, await request.form())


def _answer(visit: ReviewVisit, form: FormData) -> Response:
    visit.require("extract")
    told = _told(form)
    try:
        visit.live.part(Forming).answer(
            visit.person, (told.get("a", ""), told.get("b", "")), told.get("answer", ""),
            design=told.get("design", ""), role=told.get("role", "included"), roles=visit.roles,
        )  # fmt: skip
    except TamisError as error:
        return _page(visit, error=error)
    return visit.goto(visit.url("studies"))


@router.post("/proposal/back")
async def take_back(request: Request, visit: AReviewVisit) -> Response:
    """Take an answer to a proposal back."""
    return await run_in_threadpool(_take_back, visit, await request.form())


def _take_back(visit: ReviewVisit, form: FormData) -> Response:
    visit.require("extract")
    try:
        visit.live.part(Forming).take_back(
            visit.person, _told(form).get("note", ""), roles=visit.roles
        )
    except TamisError as error:
        return _page(visit, error=error)
    return visit.goto(visit.url("studies"))


def _link(visit: ReviewVisit, form: FormData) -> Response:
    visit.require("extract")
    told = _told(form)
    chosen = [str(one) for one in form.getlist("cluster")]
    kinds = {key.removeprefix("kind."): text for key, text in told.items() if key[:5] == "kind."}
    try:
        visit.live.part(Studies).link(visit.person, chosen, _asked(told), kinds)
    except TamisError as error:
        kept = {**told, "chosen": chosen}
        return _page(visit, query=told.get("q", ""), error=error, typed=kept)
    return visit.goto(visit.url("studies"))


def _change(visit: ReviewVisit, form: FormData) -> Response:
    visit.require("extract")
    told = _told(form)
    try:
        visit.live.part(Studies).change(visit.person, told.get("study", ""), _asked(told))
    except TamisError as error:
        return _page(visit, error=error, again={**told, "of": told.get("study", "")})
    return visit.goto(visit.url("studies"))


def _move(visit: ReviewVisit, form: FormData) -> Response:
    visit.require("extract")
    told = _told(form)
    try:
        visit.live.part(Studies).move(
            visit.person, told.get("report", ""),
            study=told.get("study", ""), kind=told.get("kind", ""), label=told.get("label", ""),
        )  # fmt: skip
    except TamisError as error:
        return _page(visit, error=error, again={**told, "of": told.get("report", "")})
    return visit.goto(visit.url("studies"))


def _told(form: FormData) -> dict[str, str]:
    return {key: value for key, value in form.multi_items() if isinstance(value, str)}


def _asked(told: Mapping[str, str]) -> LinkAsked:
    return LinkAsked(
        study=told.get("study", ""), label=told.get("label", ""),
        design=told.get("design", ""), role=told.get("role", ""),
    )  # fmt: skip


def _page(
    visit: ReviewVisit,
    *,
    query: str = "",
    error: TamisError | None = None,
    typed: Mapping[str, Any] | None = None,
    again: Mapping[str, str] | None = None,
) -> Response:
    """Show the page; ``typed`` is what a refused linking said, ``again`` a refused change."""
    view = visit.live.part(Studies).shown(visit.person, roles=visit.roles, query=query)
    return visit.page(
        "studies/page.html.j2",
        code=422 if error else 200,
        view=view,
        forming=visit.live.part(Forming).shown(visit.person, roles=visit.roles),
        error=error,
        typed=typed or {},
        again=again or {},
        designs=DESIGNS,
        roles=ROLES,
        kinds=KINDS,
        may=visit.may("extract"),
    )
