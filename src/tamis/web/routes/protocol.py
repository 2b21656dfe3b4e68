"""The protocol: read, changed by forms or as text, each change shown before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from tamis.app.planning.edit import Editor, Proposal, line_of
from tamis.app.planning.registration import as_json, as_markdown, as_text, registration
from tamis.app.planning.tables import MANY
from tamis.domain.errors import BadInput, Conflict, NotFound, TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit
from tamis.web.words import words

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/protocol")

Text = Annotated[str, Form()]

#: Ending of the registration form's file -> its type.
KINDS: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
}


@router.get("")
def protocol(visit: AReviewVisit) -> Response:
    """Show the protocol, part by part."""
    return _parts(visit)


def _parts(visit: ReviewVisit, *, error: TamisError | None = None) -> Response:
    with visit.live.locked():
        plan = visit.live.protocol
        ranked = sorted(enumerate(plan.criteria), key=lambda row: (row[1].order, row[0]))
        return visit.page(
            "protocol/page.html.j2", code=422 if error else 200, error=error,
            protocol=plan, base=visit.live.part(Editor).base(),
            ranked=ranked, may_edit=visit.may("edit-protocol"), word=_word(visit),
            amended=bool(visit.live.state.batches),
        )  # fmt: skip


@router.get("/edit/{section}")
@router.get("/edit/{section}/{index}")
@router.get("/new/{section}")
def form(visit: AReviewVisit, section: str, index: int | None = None) -> Response:
    """Show the form of one part."""
    visit.require("edit-protocol")
    return _form(visit, section, index)


@router.post("/edit/{section}")
@router.post("/edit/{section}/{index}")
@router.post("/new/{section}")
async def propose(
    request: Request, visit: AReviewVisit, section: str, index: int | None = None
) -> Response:
    """Show what a form would change."""
    told = _told(await request.form(max_fields=2000))
    return await run_in_threadpool(_propose, visit, section, index, told)


def _propose(
    visit: ReviewVisit, section: str, index: int | None, told: Mapping[str, str]
) -> Response:
    visit.require("edit-protocol")
    editor = visit.live.part(Editor)
    try:
        made = editor.change(section, index, told, base=told.get("base", ""))
    except NotFound:
        raise
    except TamisError as error:
        return _form(visit, section, index, error=error, told=told)
    return _review(visit, made)


@router.post("/remove/{section}/{index}")
def remove(visit: AReviewVisit, section: str, index: int, base: Text = "") -> Response:
    """Show the protocol without one entry."""
    visit.require("edit-protocol")
    try:
        return _review(visit, visit.live.part(Editor).remove(section, index, base=base))
    except (BadInput, Conflict) as error:
        return _form(visit, section, index, error=error)


@router.post("/move/{index}")
def move(visit: AReviewVisit, index: int, way: Text = "", base: Text = "") -> Response:
    """Show the criteria in another order."""
    visit.require("edit-protocol")
    by = {"up": -1, "down": 1}.get(way)
    try:
        if by is None:
            raise BadInput(f"{way!r} is no way to move a criterion", "use up or down")
        return _review(visit, visit.live.part(Editor).move(index, by, base=base))
    except (BadInput, Conflict) as error:
        return _parts(visit, error=error)


@router.get("/source")
def source(visit: AReviewVisit) -> Response:
    """Show the text of the file."""
    visit.require("edit-protocol")
    editor = visit.live.part(Editor)
    with visit.live.locked():
        return _source(visit, editor.text(), editor.base())


@router.post("/source")
def propose_source(visit: AReviewVisit, text: Text = "", base: Text = "") -> Response:
    """Show what a text written by hand would change."""
    visit.require("edit-protocol")
    try:
        return _review(visit, visit.live.part(Editor).replace(text, base=base))
    except TamisError as error:
        return _source(visit, text.replace("\r\n", "\n"), base, error=error)


@router.post("/save")
async def save(request: Request, visit: AReviewVisit) -> Response:
    """Write a change that was shown."""
    told = _told(await request.form(max_fields=2000))
    return await run_in_threadpool(_save, visit, told)


def _save(visit: ReviewVisit, told: Mapping[str, str]) -> Response:
    visit.require("edit-protocol")
    editor = visit.live.part(Editor)
    text, base = told.get("text", ""), told.get("base", "")
    strategies = tuple(
        (key.removeprefix("strategy:"), value.replace("\r\n", "\n"))
        for key, value in told.items()
        if key.startswith("strategy:")
    )
    reason = told.get("reason", "")
    try:
        editor.save(visit.person, text, base=base, reason=reason, strategies=strategies)
    except BadInput as error:
        try:
            made = editor.replace(text, base=base, strategies=strategies)
        except TamisError:
            return _source(visit, text.replace("\r\n", "\n"), base, error=error)
        return _review(visit, made, error=error, reason=reason)
    return visit.goto(visit.url("protocol"))


@router.get("/history")
def history(visit: AReviewVisit) -> Response:
    """Show every version with its reason and what changed."""
    return visit.page("protocol/history.html.j2", versions=visit.live.part(Editor).history())


@router.get("/registration")
def registration_page(visit: AReviewVisit) -> Response:
    """Show the protocol in the order of a registration form."""
    with visit.live.locked():
        parts = registration(visit.live.protocol, language=visit.language)
    return visit.page("protocol/registration.html.j2", parts=parts)


@router.get("/registration.{form}")
def registration_file(visit: AReviewVisit, form: str) -> Response:
    """Download the registration form."""
    if form not in KINDS:
        raise NotFound(f"the form is not written as {form!r}", "use md, txt or json")
    with visit.live.locked():
        parts = registration(visit.live.protocol, language=visit.language)
    made = {
        "md": lambda: as_markdown(parts, language=visit.language),
        "txt": lambda: as_text(parts, language=visit.language),
        "json": lambda: as_json(parts),
    }[form]()
    name = f"{visit.name}-registration.{form}"
    return Response(
        made.encode("utf-8"),
        media_type=KINDS[form],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _word(visit: ReviewVisit) -> Callable[[str], str]:
    """Return how a word of the file is said; what has no other name is said as it stands."""
    known = words(visit.language)
    return lambda word: known.get(f"protocol.w_{word.replace('-', '_')}", word)


def _told(form: FormData) -> dict[str, str]:
    """Return a form as text; what is chosen several times stands with commas."""
    found: dict[str, str] = {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _form(
    visit: ReviewVisit,
    section: str,
    index: int | None,
    *,
    error: TamisError | None = None,
    told: Mapping[str, str] | None = None,
) -> Response:
    """Show a form; after an error with what was typed."""
    view = visit.live.part(Editor).form(section, index)
    at = error.where.column or "" if error and error.where else ""
    values = {**view.values, **_typed(view.values, told)} if told is not None else view.values
    return visit.page(
        "protocol/form.html.j2", code=422 if error else 200, view=view, values=values,
        error=error, at=at, word=_word(visit), new=index is None and section in MANY,
        base=told.get("base", view.base) if told else view.base,
    )  # fmt: skip


def _typed(shown: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into each field; a box that is not ticked sends nothing."""
    return {name: told.get(name, "").replace("\r\n", "\n") for name in shown}


def _source(
    visit: ReviewVisit, text: str, base: str, *, error: TamisError | None = None
) -> Response:
    return visit.page(
        "protocol/source.html.j2", code=422 if error else 200, text=text, base=base, error=error,
        line=line_of(error) if error else 0,
    )  # fmt: skip


def _review(
    visit: ReviewVisit, made: Proposal, *, error: TamisError | None = None, reason: str = ""
) -> Response:
    return visit.page(
        "protocol/review.html.j2", code=422 if error else 200, made=made, error=error, reason=reason
    )
