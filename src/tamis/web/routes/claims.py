"""Claims: the abstract checked as one writes, texts of others, and the claims of claims.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool

from tamis.app.grading.claims_edit import KINDS_SHOWN, ClaimDesk, ClaimDraft, Written
from tamis.domain.errors import TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/claims")

Text = Annotated[str, Form()]

#: The two ways to write: the review's own abstract, which is saved, and a text of others.
MODES = ("abstract", "foreign")


@router.get("")
def abstract(visit: AReviewVisit) -> Response:
    """Show the abstract as it was saved last, with what the check says of it."""
    desk = visit.live.part(ClaimDesk)
    return _writer(visit, "abstract", desk.abstract(visit.person))


@router.get("/foreign")
def foreign(visit: AReviewVisit) -> Response:
    """Show an empty place for a text of others."""
    return _writer(visit, "foreign", Written(text="", lang="", checked=None))


@router.get("/declared")
def declared(visit: AReviewVisit) -> Response:
    """Show the claims of claims.toml with their findings."""
    return _declared(visit)


@router.post("/check")
def check(
    visit: AReviewVisit, text: Text = "", lang: Text = "", mode: Text = "", take: Text = ""
) -> Response:
    """Check a text, after one sentence was taken over where one was; nothing is recorded."""
    visit.require("read")
    desk = visit.live.part(ClaimDesk)
    error: TamisError | None = None
    try:
        words = desk.take(visit.person, text, take, lang=lang) if take else text
        written = desk.check(visit.person, words, lang=lang)
    except TamisError as caught:
        error, written = caught, Written(text=text, lang="", checked=None)
    said = visit.t("claims.taken") if take and error is None else ""
    return _writer(visit, _mode(mode), written, error=error, said=said, whole=bool(take))


@router.post("/save")
def save(visit: AReviewVisit, text: Text = "", lang: Text = "") -> Response:
    """Record the abstract."""
    visit.require("grade")
    desk = visit.live.part(ClaimDesk)
    try:
        desk.save(visit.person, text, lang=lang)
    except TamisError as error:
        kept = Written(text=text, lang="", checked=None)
        return _writer(visit, "abstract", kept, error=error, whole=True)
    if not is_fragment(visit.request):
        return visit.goto(visit.url("claims"))
    now = desk.abstract(visit.person)
    return _writer(visit, "abstract", now, said=visit.t("claims.saved"), whole=True)


@router.post("/accept")
async def accept(request: Request, visit: AReviewVisit) -> Response:
    """Record that the findings of a claim are accepted, with a reason."""
    form = await request.form()
    told = {key: str(value) for key, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_accept, visit, told)


@router.post("/declared")
async def put(request: Request, visit: AReviewVisit) -> Response:
    """Write one claim into claims.toml, new or changed, or take it out."""
    form = await request.form()
    told = {key: str(value) for key, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_put, visit, told)


def _accept(visit: ReviewVisit, told: Mapping[str, str]) -> Response:
    visit.require("grade")
    desk = visit.live.part(ClaimDesk)
    claim = told.get("accept", "")
    error: TamisError | None = None
    try:
        desk.accept(visit.person, claim, reason=told.get(f"reason.{claim}", ""))
    except TamisError as caught:
        error = caught
    mode, text, lang = told.get("mode", ""), told.get("text", ""), told.get("lang", "")
    if mode not in MODES:
        return (
            _declared(visit, error=error) if error else visit.goto(visit.url("claims", "declared"))
        )
    written = desk.check(visit.person, text, lang=lang)
    said = "" if error else visit.t("claims.accepted")
    return _writer(visit, mode, written, error=error, said=said, whole=True)


def _put(visit: ReviewVisit, told: Mapping[str, str]) -> Response:
    visit.require("grade")
    desk = visit.live.part(ClaimDesk)
    fields = {name: told.get(name, "") for name in ClaimDraft.__slots__}
    draft = ClaimDraft(**{**fields, "kind": fields["kind"] or "external"})
    old = told.get("old", "")
    try:
        if "remove" in told:
            desk.remove(visit.person, old)
        else:
            desk.put(visit.person, draft, old=old)
    except TamisError as error:
        return _declared(visit, error=error, typed=draft, old=old)
    return visit.goto(visit.url("claims", "declared"))


def _mode(mode: str) -> str:
    return mode if mode in MODES else MODES[0]


def _writer(
    visit: ReviewVisit,
    mode: str,
    written: Written,
    *,
    error: TamisError | None = None,
    said: str = "",
    whole: bool = False,
) -> Response:
    template = "page"
    if is_fragment(visit.request):
        template = "desk" if whole else "checked"
    return visit.page(
        f"claims/{template}.html.j2",
        code=422 if error else 200,
        mode=mode,
        written=written,
        error=error,
        said=said,
        may=visit.may("grade"),
        told=visit.request.method == "POST",
    )


def _declared(
    visit: ReviewVisit,
    *,
    error: TamisError | None = None,
    typed: ClaimDraft | None = None,
    old: str = "",
) -> Response:
    view, broken = None, error
    try:
        view = visit.live.part(ClaimDesk).shown(visit.person)
    except TamisError as caught:
        broken = broken or caught
    return visit.page(
        "claims/declared.html.j2",
        code=422 if broken else 200,
        view=view,
        error=broken,
        typed=typed,
        old=old,
        kinds=KINDS_SHOWN,
        may=visit.may("grade"),
        checked={c.id: c for text in (view.checked if view else ()) for c in text.claims},
    )
