"""Screening: one report after the other, the list, one's own history, how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from tamis.app.desk.desk import Desk
from tamis.app.desk.listing import FACETS
from tamis.app.desk.views import (
    Card,
    Done,
    ListingView,
    MentionView,
    Moment,
    ProgressView,
    VoteView,
)
from tamis.web.background import rank
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Limit,
    Line,
    Reader,
    Skip,
    Slug,
    Stage,
    Text,
    Voter,
)
from tamis.web.visit import ReviewVisit

__all__ = ["Settled", "router"]

router = APIRouter(prefix=f"{PREFIX}/screening/{{stage}}", tags=["screening"], responses=REFUSALS)

Scope = Annotated[
    Literal["private", "after-vote", "team"],
    Field(description="Who may see it: you; everybody once votes are unsealed; everybody."),
]

_Chosen = Annotated[list[str], Field(max_length=100)]


class VoteBody(Asked):
    """A verdict; without a decision it follows from the answers to the criteria."""

    decision: Literal["", "include", "exclude", "maybe", "not-retrieved"] = Field(
        default="", examples=["exclude"]
    )
    reason: Text = Field(default="", description="Id of a criterion.", examples=["population"])
    criteria: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        description="Criterion to `met`, `not met` or `unclear`.",
    )
    note: Text = Field(default="", description="Seen by whom `scope` says.")
    scope: Scope = "after-vote"
    records: tuple[Slug, ...] = Field(
        default=(),
        max_length=1000,
        description="The records that were shown; if the report has others by now, it is refused.",
    )
    ms_on_screen: int = Field(default=0, ge=0, le=10**9, description="0: not measured.")


class Settled(BaseModel):
    """The state of the report after a consensus, or after a verdict was taken back."""

    ok: bool = True
    state: str


class Undone(Settled):
    """The verdict that was taken back; null when there was none."""

    vote: VoteView | None


class ListAsked(BaseModel):
    """What the list is searched for, narrowed by and sorted by.

    Values of one facet are alternatives; facets narrow each other. `votes` is for coordinators.
    """

    q: str = Field(default="", max_length=1000, description='Words, or "a phrase".')
    page: int = Field(default=1, ge=1, le=1_000_000)
    per_page: int = Field(default=50, ge=1, le=500)
    sort: Literal["order", "title", "author", "newest"] = "order"
    mine: _Chosen = Field(default=[], description="Your own verdict.", examples=[["maybe"]])
    state: _Chosen = Field(default=[], description="What you may know of where it stands.")
    tag: _Chosen = []
    reason: _Chosen = []
    criterion: _Chosen = Field(default=[], examples=[["population: no"]])
    source: _Chosen = []
    year: _Chosen = []
    journal: _Chosen = []
    language: _Chosen = []
    type: _Chosen = []
    abstract: _Chosen = []
    pdf: _Chosen = Field(default=[], examples=[["yes"]])
    rank: _Chosen = Field(default=[], description="How far down the ranking; none without one.")
    settled: _Chosen = []
    votes: _Chosen = []

    def facets(self) -> Mapping[str, list[str]]:
        """Return the facets that were chosen."""
        return {name: chosen for name in FACETS if (chosen := getattr(self, name))}


class TagBody(Asked):
    """A tag for a report; `value` is a choice, a number or a text, empty for a flag."""

    word: Line = Field(min_length=1, examples=["pilot study"])
    value: Line = ""
    scope: Scope = "after-vote"


class NoteBody(Asked):
    """A note on a report; `@p-ann` names somebody."""

    text: Text = Field(min_length=1, examples=["same trial as the 2019 abstract?"])
    scope: Scope = "after-vote"


class WordBody(Asked):
    """A change of the team's vocabulary; a new name that is there already is merged with."""

    action: Literal["add", "rename", "delete"]
    word: Line = Field(min_length=1, examples=["pilot study"])
    to: Line = Field(default="", description="The new name, to rename.")


class TermsBody(Asked):
    """The marked terms of a group; none removes it."""

    group: Line = Field(min_length=1, examples=["population"])
    terms: tuple[Line, ...] = Field(default=(), max_length=500, examples=[["lupus neph*"]])
    scope: Literal["private", "team"] = "private"


class TermsView(BaseModel):
    """The marked terms of a group, for the team or for oneself."""

    group: str
    scope: str
    terms: tuple[str, ...]


class UntagBody(Asked):
    """A tag of yours that comes off."""

    word: Line = Field(min_length=1)


class BackBody(Asked):
    """Why a report is screened again."""

    reason: Text = Field(min_length=1, examples=["the criterion was changed"])


@router.get("/next")
def next_record(visit: Voter, stage: Stage, after: str = "") -> Card | None:
    """Give the next report that waits for one's verdict; null when nothing waits."""
    return visit.live.part(Desk).next(visit.person, stage, after=after, roles=visit.roles)


@router.get("/records")
def records(visit: Reader, stage: Stage, asked: Annotated[ListAsked, Query()]) -> ListingView:
    """List the reports of a stage, with facets counted over all of them."""
    return visit.live.part(Desk).listing(
        visit.person, stage, query=asked.q, facets=asked.facets(), page=asked.page,
        per_page=asked.per_page, sort=asked.sort, roles=visit.roles,
    )  # fmt: skip


@router.get("/records/{cluster}")
def record(visit: Reader, stage: Stage, cluster: str) -> Card:
    """Give one report as one may see it."""
    return visit.live.part(Desk).card(visit.person, stage, cluster, roles=visit.roles)


@router.post("/records/{cluster}/vote")
def vote(visit: Voter, stage: Stage, cluster: str, body: VoteBody) -> Done:
    """Record one's verdict; when this answers, it is on the disk."""
    desk = visit.live.part(Desk)
    done = desk.vote(
        visit.person, stage, cluster, body.decision,
        reason=body.reason, criteria=body.criteria, note=body.note,
        moment=Moment(records=body.records, ms=body.ms_on_screen, scope=body.scope),
    )  # fmt: skip
    if desk.ranking_is_due():
        rank(visit)
    return done


@router.post("/records/{cluster}/withdraw")
def withdraw(visit: Voter, stage: Stage, cluster: str) -> Settled:
    """Take back one's verdict on a report."""
    state = visit.live.part(Desk).withdraw(visit.person, stage, cluster)
    return Settled(state=state)


@router.post("/undo")
def undo(visit: Voter, stage: Stage) -> Undone:
    """Take back one's last verdict, whatever the stage it was given at."""
    del stage
    desk = visit.live.part(Desk)
    with visit.live.locked():
        last = desk.last_vote(visit.person)
        state = desk.withdraw(visit.person, last.stage, last.cluster) if last else ""
    return Undone(vote=last, state=state)


@router.post("/records/{cluster}/back")
def back(visit: Voter, stage: Stage, cluster: str, body: BackBody) -> Card:
    """Send a report back to be screened again; what was said stays in the log."""
    desk = visit.live.part(Desk)
    desk.move_back(visit.person, stage, cluster, reason=body.reason, roles=visit.roles)
    return desk.card(visit.person, stage, cluster, roles=visit.roles)


@router.post("/records/{cluster}/tags")
def tag(visit: Voter, stage: Stage, cluster: str, body: TagBody) -> Card:
    """Put a tag on a report."""
    desk = visit.live.part(Desk)
    desk.remarks.tag(visit.person, stage, cluster, body.word, value=body.value, scope=body.scope)
    return desk.card(visit.person, stage, cluster, roles=visit.roles)


@router.post("/records/{cluster}/tags/remove")
def untag(visit: Voter, stage: Stage, cluster: str, body: UntagBody) -> Card:
    """Take a tag of one's own off a report."""
    desk = visit.live.part(Desk)
    desk.remarks.untag(visit.person, stage, cluster, body.word)
    return desk.card(visit.person, stage, cluster, roles=visit.roles)


@router.post("/records/{cluster}/notes")
def note(visit: Voter, stage: Stage, cluster: str, body: NoteBody) -> Card:
    """Write a note on a report."""
    desk = visit.live.part(Desk)
    desk.remarks.note(visit.person, stage, cluster, body.text, scope=body.scope)
    return desk.card(visit.person, stage, cluster, roles=visit.roles)


@router.get("/tags")
def tags(visit: Reader, stage: Stage) -> tuple[str, ...]:
    """List the words of tags that one may know; they are the same at both stages."""
    del stage
    return visit.live.part(Desk).remarks.vocabulary(visit.person)


@router.post("/tags")
def change_word(visit: Voter, stage: Stage, body: WordBody) -> tuple[str, ...]:
    """Add, rename, merge or delete a tag for everybody; private tags of others stay."""
    del stage
    remarks = visit.live.part(Desk).remarks
    match body.action:
        case "add":
            remarks.add_word(visit.person, body.word)
        case "rename":
            remarks.rename(visit.person, body.word, body.to)
        case "delete":
            remarks.delete_word(visit.person, body.word)
    return remarks.vocabulary(visit.person)


@router.get("/highlights")
def highlights(visit: Reader, stage: Stage) -> tuple[TermsView, ...]:
    """List the marked terms of the team and one's own; they are the same at both stages."""
    del stage
    return _terms(visit)


@router.post("/highlights")
def change_terms(visit: Voter, stage: Stage, body: TermsBody) -> tuple[TermsView, ...]:
    """Set the marked terms of a group."""
    del stage
    remarks = visit.live.part(Desk).remarks
    remarks.set_terms(visit.person, body.group, body.terms, scope=body.scope)
    return _terms(visit)


def _terms(visit: ReviewVisit) -> tuple[TermsView, ...]:
    held = visit.live.part(Desk).remarks.terms(visit.person).items()
    return tuple(TermsView(group=g, scope=scope, terms=t) for (scope, g), t in sorted(held))


@router.get("/mentions")
def mentions(visit: Reader, stage: Stage) -> tuple[MentionView, ...]:
    """List the unsealed notes of others that name one, at a stage, the newest first."""
    found = visit.live.part(Desk).remarks.mentions(visit.person, roles=visit.roles)
    return tuple(one for one in found if one.stage == stage)


@router.get("/history")
def history(
    visit: Reader, stage: Stage, skip: Skip = 0, limit: Limit = 100
) -> tuple[VoteView, ...]:
    """List one's own verdicts at a stage, the newest first."""
    return visit.live.part(Desk).history(visit.person, limit=limit, skip=skip, stage=stage)


@router.get("/progress")
def progress(visit: Reader, stage: Stage) -> ProgressView:
    """Say how far a stage is, as one may know it."""
    return visit.live.part(Desk).progress(visit.person, stage, roles=visit.roles)


@router.get("/decisions", response_class=Response)
def decisions(
    visit: Reader, stage: Stage, form: Annotated[Literal["csv", "ris"], Query()] = "csv"
) -> Response:
    """Give the decisions that one may see, of both stages, as CSV or RIS."""
    del stage
    data = visit.live.part(Desk).decisions(visit.person, form=form, roles=visit.roles)
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-research-info-systems"
    return Response(data, media_type=kind)
