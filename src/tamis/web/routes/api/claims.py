"""Claims: any text checked against the evidence, the abstract, the claims of `claims.toml`."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tamis.app.grading.claims_edit import ClaimDesk, ClaimDraft, ClaimsShown, Written
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Grader,
    Line,
    Reader,
    Slug,
    Text,
    Words,
)

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/claims", tags=["claims"], responses=REFUSALS)

Lang = Literal["", "en", "zh"]


class CheckBody(Asked):
    """A text to be checked."""

    text: Words = Field(examples=["The drug improved response at six months."])
    lang: Lang = Field(default="", description="Empty: told from the text.")


class AcceptFindings(Asked):
    """Findings that are accepted."""

    claim: Slug = Field(min_length=1, description="Id of a claim, or `name:start:end` of a text.")
    reason: Text = Field(min_length=1)


class ClaimBody(Asked):
    """A claim of `claims.toml`; `old` names the one that it takes the place of."""

    id: Slug
    lang: Slug = "en"
    text: Text
    kind: Slug = "external"
    ref: Line = ""
    interest: Line = ""
    voice: Slug = ""
    study: Slug = ""
    outcome: Slug = ""
    population: Slug = ""
    intervention: Slug = ""
    comparator: Slug = ""
    direction: Slug = ""
    strength: Slug = ""
    size: Slug = ""
    quantifier: Slug = ""
    time: Line = ""
    numbers: Text = Field(default="", description="One a line: value | unit | result.")
    step: Slug = ""
    note: Text = ""
    old: Slug = ""


class RemoveBody(Asked):
    """A claim that is taken out."""

    claim: Slug


class ClaimDone(BaseModel):
    """What was asked for is recorded; false where it stood so already."""

    ok: bool = True
    written: bool = True


@router.get("")
def claims(visit: Reader) -> ClaimsShown:
    """List the claims of `claims.toml` with what the check says of each."""
    return visit.live.part(ClaimDesk).shown(visit.person)


@router.post("/check")
def check(visit: Reader, body: CheckBody) -> Written:
    """Check a text against what one may see of the evidence; nothing is recorded."""
    return visit.live.part(ClaimDesk).check(visit.person, body.text, lang=body.lang)


@router.get("/abstract")
def abstract(visit: Reader) -> Written:
    """Give the abstract as it was saved last, checked."""
    return visit.live.part(ClaimDesk).abstract(visit.person)


@router.post("/abstract")
def save(visit: Grader, body: CheckBody) -> ClaimDone:
    """Record the abstract."""
    return ClaimDone(
        written=visit.live.part(ClaimDesk).save(visit.person, body.text, lang=body.lang)
    )


@router.post("/accept")
def accept(visit: Grader, body: AcceptFindings) -> ClaimDone:
    """Record that the findings of a claim are accepted, with the reason."""
    visit.live.part(ClaimDesk).accept(visit.person, body.claim, reason=body.reason)
    return ClaimDone()


@router.post("")
def put(visit: Grader, body: ClaimBody) -> ClaimsShown:
    """Write a claim, new or changed, into `claims.toml`."""
    desk = visit.live.part(ClaimDesk)
    desk.put(visit.person, ClaimDraft(**body.model_dump(exclude={"old"})), old=body.old)
    return desk.shown(visit.person)


@router.post("/remove")
def remove(visit: Grader, body: RemoveBody) -> ClaimsShown:
    """Take a claim out of `claims.toml`."""
    desk = visit.live.part(ClaimDesk)
    desk.remove(visit.person, body.claim)
    return desk.shown(visit.person)
