"""Risk of bias: tools, what there is to appraise, one's own answers, the consensus of two."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from tamis.app.appraise.answers import Given, Saved, accept_proposals, save_answers
from tamis.app.appraise.blinding import Unit
from tamis.app.appraise.compare import (
    ComparedResult,
    compare_result,
    open_results,
    settle_place,
)
from tamis.app.appraise.passages import PassagesFound, find_passages
from tamis.app.appraise.shown import FormShown, OverviewShown
from tamis.app.appraise.view import Appraisals
from tamis.app.tools import tools_of
from tamis.domain.results import AgreementResult
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Appraiser,
    Asked,
    Line,
    Opener,
    Reader,
    Settler,
    Slug,
    Text,
)
from tamis.web.visit import ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/appraisal", tags=["appraisal"], responses=REFUSALS)

ONE = "/{tool}/{study}/{outcome}/{at}"


def unit(tool: str, study: str, outcome: str, at: str) -> Unit:
    """Return tool and result that an address names; `-` stands for a whole study."""
    return tool, study if outcome == "-" else f"{study}/{outcome}/{at}"


AUnit = Annotated[Unit, Depends(unit)]


class ToolShown(BaseModel):
    """A tool that risk of bias can be judged with; `judgements` are its words."""

    key: str = Field(examples=["rob2:assignment"])
    name: str
    version: str
    unit: str = Field(description="What it is about: a result or a study.")
    url: str
    judgements: dict[str, str]
    domains: dict[str, str]


class Said(Asked):
    """What you say of one question, domain, tick or the whole (`overall`)."""

    answer: Slug = Field(default="", examples=["yes"])
    judgement: Slug = Field(default="", examples=["low"])
    support: Text | None = Field(default=None, description="Words of the report; null: as it is.")
    anchor: Line | None = Field(default=None, examples=["birch2020.pdf, page 3"])
    reason: Text = Field(default="", description="Needed where a judgement is not as proposed.")


class Answers(Asked):
    """What you say of a result; what is not named stays as it is."""

    places: dict[Slug, Said] = Field(default_factory=dict, max_length=200)
    accept: bool = Field(
        default=False, description="Judge as proposed whatever is not judged after that."
    )


class AnswersKept(BaseModel):
    """What was recorded, what waits (place to why), and the form as it is now."""

    ok: bool = Field(default=True, description="Whether nothing waits.")
    events: tuple[str, ...]
    waiting: dict[str, str]
    form: FormShown


class Why(Asked):
    """Why something sealed is opened."""

    why: Text = Field(min_length=1, examples=["there is one assessor only"])


class Settle(Asked):
    """A consensus on one place."""

    place: Slug = Field(examples=["D1"])
    word: Slug = Field(examples=["low"])
    reason: Text = Field(min_length=1)


@router.get("")
def overview(visit: Reader) -> OverviewShown:
    """List every result to appraise with the judgements that one may see."""
    return visit.live.part(Appraisals).overview(visit.person)


@router.get("/tools")
def tools(visit: Reader) -> tuple[ToolShown, ...]:
    """List the tools: those that ship, and the review's own."""
    return tuple(
        ToolShown(
            key=key, name=one.name, version=one.version, unit=one.unit, url=one.url,
            judgements={word.id: word.label for word in one.judgements},
            domains={domain.id: domain.label for domain in one.domains},
        )
        for key, one in tools_of(visit.live.review).items()
    )  # fmt: skip


@router.get("/agreement")
def agreement(visit: Reader) -> tuple[AgreementResult, ...]:
    """Say how far assessors agree, over the results that one may compare."""
    return visit.live.part(Appraisals).agreement(visit.person)


@router.post("/open")
def open_all(visit: Opener, body: Why) -> OverviewShown:
    """Look at the results that one other person has finished; that one looked is recorded."""
    desk = visit.live.part(Appraisals)
    open_results(visit.live, visit.person, desk.sealed(visit.person), why=body.why)
    return desk.overview(visit.person)


@router.get(ONE)
def form(visit: Reader, unit: AUnit) -> FormShown:
    """Give one result as a form with one's own answers and what the rules propose."""
    return _form(visit, unit)


@router.post(ONE)
def answer(visit: Appraiser, unit: AUnit, body: Answers) -> AnswersKept:
    """Record what is new; a judgement otherwise than proposed waits for its reason."""
    given = {place: Given(**said.model_dump()) for place, said in body.places.items()}
    with visit.live.locked():
        done = save_answers(visit.live, visit.person, *unit, given)
        if body.accept:
            more = accept_proposals(visit.live, visit.person, *unit)
            done = Saved(events=(*done.events, *more.events), waiting=done.waiting)
        return AnswersKept(
            ok=not done.waiting,
            events=tuple(event.id for event in done.events),
            waiting=dict(done.waiting),
            form=_form(visit, unit),
        )


@router.post(f"{ONE}/open")
def open_one(visit: Opener, unit: AUnit, body: Why) -> OverviewShown:
    """Look at what one other person said of a result; that one looked is recorded."""
    open_results(visit.live, visit.person, [unit], why=body.why)
    return visit.live.part(Appraisals).overview(visit.person)


@router.get(f"{ONE}/passages")
def passages(
    visit: Reader, unit: AUnit, q: Annotated[str, Query(max_length=1000, description="Words.")] = ""
) -> PassagesFound:
    """Search the attached documents of the study, to support an answer."""
    return find_passages(visit.live, unit[1].partition("/")[0], q)


@router.get(f"{ONE}/compare")
def compare(visit: Reader, unit: AUnit) -> ComparedResult:
    """Give two finished appraisals side by side."""
    return compare_result(visit.live, visit.person, *unit)


@router.post(f"{ONE}/settle")
def settle(visit: Settler, unit: AUnit, body: Settle) -> ComparedResult:
    """Record a consensus on one place."""
    settle_place(
        visit.live, visit.person, *unit, place=body.place, word=body.word, reason=body.reason
    )
    return compare_result(visit.live, visit.person, *unit)


def _form(visit: ReviewVisit, unit: Unit) -> FormShown:
    return visit.live.part(Appraisals).form(visit.person, *unit, language=visit.language)
