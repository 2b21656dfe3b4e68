"""The words of a review: tags with their renames and merges, and groups of marked terms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from tamis.app.desk.desk import Desk
from tamis.domain.errors import BadInput
from tamis.screening import GROUPS
from tamis.web.marks import STYLES
from tamis.web.visit import AReviewVisit

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/words")

_Line = Annotated[str, Form(max_length=1000)]


@router.get("")
def vocabulary(visit: AReviewVisit) -> Response:
    """Show tags and groups of terms, with what may be changed."""
    remarks = visit.live.part(Desk).remarks
    terms = remarks.terms(visit.person)
    own = sorted({group for _, group in terms} - set(GROUPS))
    return visit.page(
        "screening/words.html.j2",
        words=remarks.vocabulary(visit.person),
        groups=(*GROUPS, *own),
        known=GROUPS,
        terms=terms,
        styles=STYLES,
        may=visit.may("vote"),
    )


@router.post("/tags")
def change_word(
    visit: AReviewVisit, action: _Line = "", word: _Line = "", to: _Line = ""
) -> Response:
    """Add, rename (or merge) or delete a word."""
    visit.require("vote")
    remarks = visit.live.part(Desk).remarks
    match action:
        case "add":
            remarks.add_word(visit.person, word)
        case "rename":
            remarks.rename(visit.person, word, to)
        case "delete":
            remarks.delete_word(visit.person, word)
        case _:
            raise BadInput(f"{action!r} does nothing to a word", "use add, rename or delete")
    return visit.goto(visit.url("words"))


@router.post("/terms")
def change_terms(
    visit: AReviewVisit,
    group: _Line = "",
    scope: _Line = "private",
    terms: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Set the terms of a group, for oneself or the team; none removes it."""
    visit.require("vote")
    lines = [line.strip() for line in terms.splitlines() if line.strip()]
    visit.live.part(Desk).remarks.set_terms(visit.person, group, lines, scope=scope)
    return visit.goto(visit.url("words"))
