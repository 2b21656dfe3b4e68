"""Screening: one report at a time by keys, the list of all, one's own history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from tamis.app.desk.desk import Desk
from tamis.app.desk.floor import COORDINATORS
from tamis.app.desk.views import Card, Moment
from tamis.domain.errors import BadInput, Conflict, RuleBroken, TamisError
from tamis.web.background import rank
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/screen/{stage}")


@router.get("")
def next_record(visit: AReviewVisit, stage: str, after: str = "") -> Response:
    """Show the next report that waits for one's vote."""
    desk = visit.live.part(Desk)
    card = desk.next(visit.person, stage, after=after, roles=visit.roles)
    return _show(visit, stage, card)


@router.get("/list")
def listing(
    request: Request, visit: AReviewVisit, stage: str, q: str = "", page: int = 1
) -> Response:
    """Show the list of reports with search and facets."""
    chosen = {
        name: request.query_params.getlist(name)
        for name in request.query_params
        if name not in ("q", "page")
    }
    desk = visit.live.part(Desk)
    view = desk.listing(visit.person, stage, query=q, facets=chosen, page=page, roles=visit.roles)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "page"]
    here = visit.url("screen", stage, "list")
    return visit.page(
        "screening/list.html.j2",
        stage=stage,
        view=view,
        q=q,
        filters=desk.remarks.filters(visit.person, stage),
        asked=urlencode(kept),
        may_keep=visit.may("vote"),
        facet_word=lambda name, value: _facet_word(visit, name, value),
        page_address=lambda n: f"{here}?{urlencode([*kept, ('page', n)])}",
    )


@router.post("/filters")
def keep_filter(
    visit: AReviewVisit,
    stage: str,
    name: Annotated[str, Form()] = "",
    query: Annotated[str, Form(max_length=4000)] = "",
    scope: Annotated[str, Form()] = "private",
) -> Response:
    """Keep a search under a name, or without a query remove it, and show the list with it."""
    visit.require("vote")
    visit.live.part(Desk).remarks.save_filter(visit.person, stage, name, query, scope=scope)
    shown = f"?{query}" if query else ""
    return visit.goto(f"{visit.url('screen', stage, 'list')}{shown}")


@router.get("/mentions")
def mentions(visit: AReviewVisit, stage: str) -> Response:
    """Show the notes of others that name the visitor."""
    notes = visit.live.part(Desk).remarks.mentions(visit.person, roles=visit.roles)
    return visit.page("screening/mentions.html.j2", stage=stage, notes=notes)


@router.get("/history")
def history(visit: AReviewVisit, stage: str, skip: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Show one's own votes, the newest first."""
    votes = visit.live.part(Desk).history(visit.person, limit=100, skip=skip)
    return visit.page("screening/history.html.j2", stage=stage, votes=votes, skip=skip)


@router.get("/previous")
def previous(visit: AReviewVisit, stage: str, at: str = "") -> Response:
    """Show the report that one voted on before."""
    vote = visit.live.part(Desk).before(visit.person, at)
    if vote is None:
        return visit.goto(visit.url("screen", stage, *([at] if at else [])))
    return visit.goto(visit.url("screen", vote.stage, vote.cluster))


@router.get("/decisions.{form}")
def decisions(visit: AReviewVisit, stage: str, form: str) -> Response:
    """Download the decisions that one may see, as CSV or RIS."""
    data = visit.live.part(Desk).decisions(visit.person, form=form, roles=visit.roles)
    kind = {"csv": "text/csv; charset=utf-8"}.get(form, "application/x-research-info-systems")
    name = f"{visit.name}-decisions.{form}"
    return Response(
        data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@router.post("/undo")
def undo(visit: AReviewVisit, stage: str) -> Response:
    """Take back one's last vote and show that report again."""
    visit.require("vote")
    desk = visit.live.part(Desk)
    with visit.live.locked():
        last = desk.last_vote(visit.person)
        if last is None:
            return _show(visit, stage, desk.next(visit.person, stage, roles=visit.roles))
        desk.withdraw(visit.person, last.stage, last.cluster)
        card = desk.card(visit.person, last.stage, last.cluster, roles=visit.roles)
    return _after(visit, last.stage, card, said=visit.t("screening.taken_back"))


@router.get("/{cluster}")
def one_record(visit: AReviewVisit, stage: str, cluster: str) -> Response:
    """Show one report."""
    card = visit.live.part(Desk).card(visit.person, stage, cluster, roles=visit.roles)
    return _show(visit, stage, card)


@router.post("/{cluster}/back")
def back(
    visit: AReviewVisit, stage: str, cluster: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """Send a report back to be screened again."""
    visit.require("vote")
    desk = visit.live.part(Desk)
    try:
        desk.move_back(visit.person, stage, cluster, reason=reason, roles=visit.roles)
    except BadInput as error:
        card = desk.card(visit.person, stage, cluster, roles=visit.roles)
        return _show(visit, stage, card, error=error, told={"back": reason})
    return visit.goto(visit.url("screen", stage, cluster))


@router.post("/{cluster}/tags")
def tag(
    visit: AReviewVisit,
    stage: str,
    cluster: str,
    *,
    word: Annotated[str, Form(max_length=1000)] = "",
    value: Annotated[str, Form(max_length=1000)] = "",
    scope: Annotated[str, Form()] = "after-vote",
) -> Response:
    """Put a tag on a report."""
    visit.require("vote")
    desk = visit.live.part(Desk)
    desk.remarks.tag(visit.person, stage, cluster, word, value=value, scope=scope)
    return _tagged(visit, stage, cluster)


@router.post("/{cluster}/tags/remove")
def untag(
    visit: AReviewVisit, stage: str, cluster: str, word: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Take a tag of one's own off a report."""
    visit.require("vote")
    visit.live.part(Desk).remarks.untag(visit.person, stage, cluster, word)
    return _tagged(visit, stage, cluster)


def _tagged(visit: ReviewVisit, stage: str, cluster: str) -> Response:
    """Answer with the tags alone: what is typed beside them stays."""
    if not is_fragment(visit.request):
        return visit.goto(visit.url("screen", stage, cluster))
    desk = visit.live.part(Desk)
    card = desk.card(visit.person, stage, cluster, roles=visit.roles)
    words = desk.remarks.vocabulary(visit.person)
    return visit.page("screening/tags.html.j2", card=card, stage=stage, words=words)


@router.post("/{cluster}/vote")
async def vote(request: Request, visit: AReviewVisit, stage: str, cluster: str) -> Response:
    """Record a vote and show the next report."""
    form = await request.form()
    told = {key: str(value) for key, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_vote, visit, stage, cluster, told)


def _vote(visit: ReviewVisit, stage: str, cluster: str, told: Mapping[str, str]) -> Response:
    visit.require("vote")
    desk = visit.live.part(Desk)
    reason = told.get("reason", "")
    decision = told.get("decision", "") or ("exclude" if reason else "")
    if decision == "exclude" and not visit.live.protocol.criteria:
        reason = reason or told.get("own_reason", "").strip()
    criteria = {
        key.removeprefix("criterion."): answer
        for key, answer in told.items()
        if key.startswith("criterion.") and answer
    }
    try:
        done = desk.vote(
            visit.person, stage, cluster, decision,
            reason=reason, criteria=criteria, note=told.get("note", ""),
            moment=Moment(
                records=tuple(told.get("seen", "").split()),
                ms=_whole(told.get("ms", "")),
                scope=told.get("note_scope", "after-vote"),
            ),
        )  # fmt: skip
    except Conflict as error:  # the report changed: the new one, with what was typed
        again = desk.card(visit.person, stage, cluster, roles=visit.roles)
        return _show(visit, stage, again, error=error, told=told)
    except (BadInput, RuleBroken) as error:
        if is_fragment(visit.request):  # said above the page, which stays as it is
            raise
        again = desk.card(visit.person, stage, cluster, roles=visit.roles)
        return _show(visit, stage, again, error=error, told=told)
    if desk.ranking_is_due():
        rank(visit)
    card = desk.next(visit.person, stage, after=cluster, roles=visit.roles)
    word = visit.t(f"screening.said_{done.vote.decision.replace('-', '_')}")
    return _after(visit, stage, card, said=word)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


#: Facet -> what stands before its value in the key of its word.
_FACET_WORDS: Mapping[str, str] = {
    "mine": "word_",
    "state": "state_",
    "abstract": "",
    "pdf": "",
    "rank": "band_",
    "settled": "",
}


def _facet_word(visit: ReviewVisit, name: str, value: str) -> str:
    """Return what a value of a facet is called; free values are shown as they are."""
    if not value:
        return visit.t("screening.unknown")
    if name == "type":
        return visit.kind_word(value)
    if name == "reason":
        return visit.reason_text(value)
    if name not in _FACET_WORDS:
        return value
    return visit.t(f"screening.{_FACET_WORDS[name]}{value.replace('-', '_')}")


def _after(visit: ReviewVisit, stage: str, card: Card | None, *, said: str) -> Response:
    """Answer what changed something: htmx gets the desk, a plain form goes to the page."""
    if is_fragment(visit.request):
        return visit.page("screening/desk.html.j2", **_context(visit, stage, card), said=said)
    return visit.goto(visit.url("screen", stage, *([card.cluster] if card else [])))


def _show(
    visit: ReviewVisit,
    stage: str,
    card: Card | None,
    *,
    error: TamisError | None = None,
    told: Mapping[str, str] | None = None,
) -> Response:
    """Show the desk; after an error with what was typed."""
    context = {**_context(visit, stage, card), "error": error, "told": told or {}, "said": ""}
    code = 409 if isinstance(error, Conflict) else 422 if error else 200
    part = "desk" if is_fragment(visit.request) else "page"
    return visit.page(f"screening/{part}.html.j2", code=code, **context)


def _context(visit: ReviewVisit, stage: str, card: Card | None) -> dict[str, Any]:
    progress = visit.live.part(Desk).progress(visit.person, stage, roles=visit.roles)
    coordinates = not COORDINATORS.isdisjoint(visit.roles)
    return {
        "stage": stage,
        "card": card,
        "progress": progress,
        "coordinates": coordinates,
        "may_plan": visit.may("edit-protocol"),
        "words": visit.live.part(Desk).remarks.vocabulary(visit.person) if card else (),
        "error": None,
        "told": {},
    }
