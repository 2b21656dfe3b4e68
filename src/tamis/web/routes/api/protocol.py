"""The protocol as data; a change is proposed, looked at, and saved with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tamis.app.planning.edit import AmendmentView, Editor, FormView, Proposal
from tamis.app.planning.registration import Part, registration
from tamis.domain.question import (
    BodyPlan,
    Concept,
    Criterion,
    MultiversePlan,
    Outcome,
    Question,
    ReadingRules,
    ReviewHead,
    ScreeningRules,
    Source,
    SynthesisPlan,
    TeamMember,
    Visit,
)
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Limit,
    Line,
    Planner,
    Reader,
    Skip,
    Slice,
    Text,
    Words,
    slice_of,
)

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/protocol", tags=["protocol"], responses=REFUSALS)

_BASE = Field(
    max_length=64,
    description="The hash of the text that the change is made to: somebody else's change since then"
    " is never overwritten.",
)


class ProtocolShown(BaseModel):
    """The protocol: question, criteria, sources, outcomes, planned syntheses and ratings."""

    base: str = Field(description="The hash of `review.toml` as it stands; changes name it.")
    needs_reason: bool = Field(
        description="Whether records were imported: every change is an amendment with its reason."
    )
    review: ReviewHead
    question: Question
    criteria: tuple[Criterion, ...]
    sources: tuple[Source, ...]
    visits: tuple[Visit, ...]
    concepts: tuple[Concept, ...]
    outcomes: tuple[Outcome, ...]
    syntheses: tuple[SynthesisPlan, ...]
    multiverses: tuple[MultiversePlan, ...]
    bodies: tuple[BodyPlan, ...]
    tools: dict[str, str] = Field(description="Design of a study to the appraisal tool.")
    dedupe_policy: str
    screening: ScreeningRules
    reading: ReadingRules
    team: tuple[TeamMember, ...]


class TextShown(BaseModel):
    """`review.toml` as it stands."""

    base: str
    text: str


class Fields(Asked):
    """What a part of the protocol shall say; fields that are not named stay as they are."""

    base: str = _BASE
    fields: dict[str, Words] = Field(
        max_length=400,
        description="By the names that the form of the part gives; lists stand with commas.",
        examples=[{"text": "The participants are adults", "kind": "include"}],
    )


class Base(Asked):
    """What a removal is made to."""

    base: str = _BASE


class Move(Asked):
    """Which way a criterion goes in the order of reasons."""

    base: str = _BASE
    way: str = Field(pattern="^(up|down)$", examples=["up"])


class WholeText(Asked):
    """`review.toml` as it shall be."""

    base: str = _BASE
    text: Words


class Save(WholeText):
    """A proposal to be saved, as it was answered."""

    reason: Text = Field(default="", description="Why; needed once records were imported.")
    strategies: dict[Line, Words] = Field(
        default={}, max_length=100, description="Search files that change with it: name to text."
    )


class Saved(BaseModel):
    """The protocol was changed."""

    ok: bool = True
    base: str = Field(description="The hash of `review.toml` now.")


@router.get("")
def protocol(visit: Reader) -> ProtocolShown:
    """Give the protocol."""
    with visit.live.locked():
        plan = visit.live.protocol
        return ProtocolShown(
            base=visit.live.part(Editor).base(),
            needs_reason=bool(visit.live.state.batches),
            review=plan.head,
            question=plan.question,
            criteria=plan.criteria,
            sources=plan.sources,
            visits=plan.visits,
            concepts=plan.concepts,
            outcomes=plan.outcomes,
            syntheses=plan.syntheses,
            multiverses=plan.multiverses,
            bodies=plan.bodies,
            tools=dict(plan.tools),
            dedupe_policy=plan.dedupe_policy,
            screening=plan.screening,
            reading=plan.reading,
            team=plan.team,
        )


@router.get("/history")
def history(visit: Reader, skip: Skip = 0, limit: Limit = 100) -> Slice[AmendmentView]:
    """List every version with its reason and what changed, the newest first."""
    return slice_of(visit.live.part(Editor).history(), skip, limit)


@router.get("/registration")
def registration_form(visit: Reader) -> tuple[Part, ...]:
    """Give the protocol in the order of a registration form (PROSPERO); empty texts are missing."""
    with visit.live.locked():
        return tuple(registration(visit.live.protocol, language=visit.language))


@router.get("/source")
def source(visit: Planner) -> TextShown:
    """Give `review.toml` as it stands."""
    editor = visit.live.part(Editor)
    with visit.live.locked():
        return TextShown(base=editor.base(), text=editor.text())


@router.get("/parts/{section}")
def new_form(visit: Planner, section: str) -> FormView:
    """Give the fields of a part that stands once, or of a new entry of one that repeats."""
    return visit.live.part(Editor).form(section, None)


@router.get("/parts/{section}/{index}")
def form(visit: Planner, section: str, index: int) -> FormView:
    """Give the fields of an entry with what stands in them; entries count from 0."""
    return visit.live.part(Editor).form(section, index)


@router.post("/parts/{section}")
def add(visit: Planner, section: str, body: Fields) -> Proposal:
    """Propose a change of a part that stands once, or a new entry; nothing is written yet."""
    return _change(visit.live.part(Editor), section, None, body)


@router.post("/parts/{section}/{index}")
def change(visit: Planner, section: str, index: int, body: Fields) -> Proposal:
    """Propose a change of an entry; nothing is written yet."""
    return _change(visit.live.part(Editor), section, index, body)


@router.post("/parts/{section}/{index}/remove")
def remove(visit: Planner, section: str, index: int, body: Base) -> Proposal:
    """Propose the protocol without an entry; nothing is written yet."""
    return visit.live.part(Editor).remove(section, index, base=body.base)


@router.post("/criteria/{index}/move")
def move(visit: Planner, index: int, body: Move) -> Proposal:
    """Propose another place of a criterion in the order; nothing is written yet."""
    by = {"up": -1, "down": 1}[body.way]
    return visit.live.part(Editor).move(index, by, base=body.base)


@router.post("/propose")
def propose(visit: Planner, body: WholeText) -> Proposal:
    """Check a text written by hand, and say what it would change; nothing is written yet."""
    return visit.live.part(Editor).replace(body.text, base=body.base)


@router.post("/save")
def save(visit: Planner, body: Save) -> Saved:
    """Save a proposal with its reason: the amendment is in the log when this answers."""
    editor = visit.live.part(Editor)
    editor.save(
        visit.person,
        body.text,
        base=body.base,
        reason=body.reason,
        strategies=tuple(body.strategies.items()),
    )
    return Saved(base=editor.base())


def _change(editor: Editor, section: str, index: int | None, body: Fields) -> Proposal:
    shown: Mapping[str, str] = editor.form(section, index).values
    return editor.change(section, index, {**shown, **body.fields}, base=body.base)
