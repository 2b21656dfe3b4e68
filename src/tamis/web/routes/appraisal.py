"""Risk of bias: the overview, one result as a form, two appraisals side by side, the consensus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool

from tamis.app.appraise.answers import (
    Given,
    Saved,
    accept_proposals,
    own_reason,
    save_answers,
)
from tamis.app.appraise.blinding import Unit
from tamis.app.appraise.compare import compare_result, open_results, settle_place
from tamis.app.appraise.passages import find_passages
from tamis.app.appraise.view import Appraisals, parts_of
from tamis.domain.errors import BadInput, TamisError
from tamis.domain.ids import slugify
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment
from tamis.web.words import words

__all__ = ["router", "spoken"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/appraisal")

Text = Annotated[str, Form()]

ONE = "/{tool}/{study}/{outcome}/{at}"


def unit(tool: str, study: str, outcome: str, at: str) -> Unit:
    """Return tool and result that an address names; ``-`` stands for a whole study."""
    return tool, study if outcome == "-" else f"{study}/{outcome}/{at}"


AUnit = Annotated[Unit, Depends(unit)]

#: What stands before the place in the name of a field.
_FIELDS = ("answer", "judgement", "support", "anchor", "reason")


def spoken(visit: ReviewVisit) -> Callable[[str], str]:
    """Return what says a word of a tool (an answer, a judgement) in the visitor's language.

    Words that a tool of the review's own brings along are shown as they are.
    """
    known = words(visit.language)

    def said(text: str) -> str:
        return known.get(f"tools.{slugify(text).replace('-', '_')}", text)

    return said


@router.get("")
def overview(visit: AReviewVisit) -> Response:
    """Show every result to appraise with the lights that one may see."""
    return _overview(visit)


def _overview(visit: ReviewVisit, *, error: TamisError | None = None, why: str = "") -> Response:
    desk = visit.live.part(Appraisals)
    with visit.live.locked():
        return visit.page(
            "appraisal/page.html.j2",
            code=422 if error else 200,
            error=error,
            why=why,
            view=desk.overview(visit.person),
            studies=bool(visit.live.state.links),
            may=visit.may("appraise"),
            may_open=visit.may("open-blinding"),
            said=spoken(visit),
        )


@router.get("/agreement")
def agreement(visit: AReviewVisit) -> Response:
    """Show how far assessors agree."""
    rows = visit.live.part(Appraisals).agreement(visit.person)
    return visit.page("appraisal/agreement.html.j2", rows=rows)


@router.post("/open")
def open_all(visit: AReviewVisit, why: Text = "") -> Response:
    """Look at the results that one other person has finished; that one looked is recorded."""
    visit.require("open-blinding")
    units = visit.live.part(Appraisals).sealed(visit.person)
    try:
        open_results(visit.live, visit.person, units, why=why)
    except BadInput as error:
        return _overview(visit, error=error, why=why)
    return visit.goto(visit.url("appraisal"))


@router.get(ONE)
def form(visit: AReviewVisit, unit: AUnit) -> Response:
    """Show one result as a form."""
    return _form(visit, *unit)


@router.post(ONE)
async def save(request: Request, visit: AReviewVisit, unit: AUnit) -> Response:
    """Record what changed."""
    told = await _told(request)
    return await run_in_threadpool(_save, visit, *unit, told)


@router.post(f"{ONE}/accept")
async def accept(request: Request, visit: AReviewVisit, unit: AUnit) -> Response:
    """Record what changed, and judge as proposed what is not judged yet."""
    told = await _told(request)
    return await run_in_threadpool(_save, visit, *unit, told, accepting=True)


@router.post(f"{ONE}/open")
def open_one(visit: AReviewVisit, unit: AUnit, why: Text = "") -> Response:
    """Look at what one other person said of a result; that one looked is recorded."""
    visit.require("open-blinding")
    try:
        open_results(visit.live, visit.person, [unit], why=why)
    except BadInput as error:
        return _overview(visit, error=error, why=why)
    return visit.goto(visit.url("appraisal"))


@router.get(f"{ONE}/passages")
def passages(visit: AReviewVisit, unit: AUnit, q: str = "") -> Response:
    """Search the attached documents of the study."""
    found = find_passages(visit.live, unit[1].partition("/")[0], q)
    template = "passages" if is_fragment(visit.request) else "passages_page"
    return visit.page(f"appraisal/{template}.html.j2", found=found, parts=parts_of(*unit))


@router.get(f"{ONE}/compare")
def compare(visit: AReviewVisit, unit: AUnit) -> Response:
    """Show two finished appraisals side by side."""
    return _compare(visit, *unit)


@router.post(f"{ONE}/settle")
async def settle(request: Request, visit: AReviewVisit, unit: AUnit) -> Response:
    """Record a consensus on one place."""
    told = await _told(request)
    return await run_in_threadpool(_settle, visit, *unit, told)


async def _told(request: Request) -> dict[str, str]:
    form = await request.form()
    return {key: str(value) for key, value in form.multi_items() if isinstance(value, str)}


def _given(told: Mapping[str, str]) -> dict[str, Given]:
    by_place: dict[str, dict[str, Any]] = {}
    for key, text in told.items():
        field, _, place = key.partition(".")
        if field in _FIELDS and place:
            by_place.setdefault(place, {})[field] = text
    given = {place: Given(**fields) for place, fields in by_place.items()}
    return given | ({told["clear"]: Given(taken_back=True)} if told.get("clear") else {})


def _save(
    visit: ReviewVisit, tool: str, result: str, told: Mapping[str, str], *, accepting: bool = False
) -> Response:
    visit.require("appraise")
    given = _given(told)
    error: TamisError | None = None
    waiting: Mapping[str, str] = {}
    with visit.live.locked():
        try:
            done = _saved(visit, tool, result, given, accepting=accepting)
            waiting = done.waiting
        except TamisError as caught:
            error = caught
        if error is None and not waiting and not is_fragment(visit.request):
            return visit.goto(visit.url("appraisal", *parts_of(tool, result)))
        return _form(visit, tool, result, given=given, waiting=waiting, error=error)


def _saved(
    visit: ReviewVisit, tool: str, result: str, given: Mapping[str, Given], *, accepting: bool
) -> Saved:
    done = save_answers(visit.live, visit.person, tool, result, given)
    if not accepting:
        return done
    more = accept_proposals(visit.live, visit.person, tool, result)
    return Saved(events=(*done.events, *more.events), waiting=done.waiting)


def _form(
    visit: ReviewVisit,
    tool: str,
    result: str,
    *,
    given: Mapping[str, Given] | None = None,
    waiting: Mapping[str, str] | None = None,
    error: TamisError | None = None,
) -> Response:
    view = visit.live.part(Appraisals).form(visit.person, tool, result, language=visit.language)
    template = "desk" if is_fragment(visit.request) else "form"
    return visit.page(
        f"appraisal/{template}.html.j2",
        code=422 if error or (waiting and not is_fragment(visit.request)) else 200,
        view=view,
        typed=given or {},
        waiting=waiting or {},
        error=error,
        may=visit.may("appraise") and not view.locked,
        may_open=visit.may("open-blinding"),
        saved=given is not None and error is None,
        said=spoken(visit),
        own_reason=own_reason,
    )


def _compare(
    visit: ReviewVisit,
    tool: str,
    result: str,
    *,
    error: TamisError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    view = compare_result(visit.live, visit.person, tool, result)
    return visit.page(
        "appraisal/compare.html.j2",
        code=422 if error else 200,
        view=view,
        error=error,
        typed=typed or {},
        may=visit.may("settle"),
        said=spoken(visit),
        own_reason=own_reason,
    )


def _settle(visit: ReviewVisit, tool: str, result: str, told: Mapping[str, str]) -> Response:
    visit.require("settle")
    place = told.get("place", "")
    try:
        settle_place(
            visit.live, visit.person, tool, result,
            place=place, word=told.get("word", ""), reason=told.get("reason", ""),
        )  # fmt: skip
    except TamisError as error:
        kept = {key: told.get(key, "") for key in ("place", "word", "reason")}
        return _compare(visit, tool, result, error=error, typed=kept)
    return visit.goto(visit.url("appraisal", *parts_of(tool, result), "compare"))
