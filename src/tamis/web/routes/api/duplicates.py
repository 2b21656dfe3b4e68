"""Duplicates: the pairs in doubt, what people decide about them, reports with several records."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tamis.app.duplicates.deeds import Word
from tamis.app.duplicates.duplicates import Duplicates
from tamis.app.duplicates.related_desk import Related, RelatedDesk
from tamis.app.duplicates.views import Done, DuplicatesView, Found, Merged, PairView, TakenBack
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Limit,
    PageNumber,
    Reader,
    Skip,
    Slice,
    Slug,
    Text,
    Voter,
    slice_of,
)

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/duplicates", tags=["duplicates"], responses=REFUSALS)

Search = Annotated[str, Query(max_length=1000, description="Words that are all to be found.")]


class Decide(Asked):
    """What you say of two records."""

    decision: Literal["same", "different", "unsure"]
    reason: Text = ""
    seen: Slug | None = Field(
        default=None,
        description="`newest` of the pair as you saw it (empty: nobody had decided): it is refused"
        " where somebody decided since. Left out: it is not asked.",
    )


class Split(Asked):
    """Records of a report that are another report."""

    records: list[Slug] = Field(min_length=1, max_length=1000)
    reason: Text = ""


class WasSplit(BaseModel):
    """A report was split."""

    ok: bool = True
    pairs: int = Field(description="How many pairs it took.")


class MergedPage(BaseModel):
    """A page of the reports with several records."""

    reports: tuple[Merged, ...]
    page: int
    last: int


class PairDeed(BaseModel):
    """Decisions that one person made at once; `undone`: they were taken back."""

    by: str
    at: str
    undone: bool
    words: tuple[Word, ...]


@router.get("")
def overview(visit: Reader) -> DuplicatesView:
    """Count records, reports and pairs that wait, and how often each rule spoke."""
    return visit.live.part(Duplicates).overview()


@router.get("/next")
def next_pair(
    visit: Reader,
    a: Annotated[str, Query(max_length=200, description="Pass over this pair …")] = "",
    b: Annotated[str, Query(max_length=200, description="… and what stands before it.")] = "",
) -> PairView | None:
    """Give the next pair that needs a person, side by side; null when none waits."""
    return visit.live.part(Duplicates).next(visit.person, after=(a, b))


@router.get("/pairs/{a}/{b}")
def pair(visit: Reader, a: str, b: str) -> PairView:
    """Give two records side by side, with what rules and people say of them."""
    return visit.live.part(Duplicates).pair(visit.person, a, b)


@router.post("/pairs/{a}/{b}")
def decide(visit: Voter, a: str, b: str, body: Decide) -> Done:
    """Record a decision about two records."""
    return visit.live.part(Duplicates).decide(
        visit.person, a, b, body.decision, reason=body.reason, seen=body.seen
    )


@router.post("/undo")
def undo(visit: Voter) -> TakenBack | None:
    """Take back your last decision; null when there is none."""
    return visit.live.part(Duplicates).undo(visit.person)


@router.get("/merged")
def merged(visit: Reader, q: Search = "", page: PageNumber = 1) -> MergedPage:
    """List the reports with several records, and why they stand together."""
    reports, page, last = visit.live.part(Duplicates).merged(q, page=page)
    return MergedPage(reports=reports, page=page, last=last)


@router.post("/merged/{cluster}/split")
def split(visit: Voter, cluster: str, body: Split) -> WasSplit:
    """Say that some records of a report are another report."""
    pairs = visit.live.part(Duplicates).split(
        visit.person, cluster, body.records, reason=body.reason
    )
    return WasSplit(pairs=pairs)


@router.get("/decided")
def decided(visit: Reader, skip: Skip = 0, limit: Limit = 100) -> Slice[PairDeed]:
    """List what people decided, the newest first."""
    found = slice_of(visit.live.part(Duplicates).history(), skip, limit)
    deeds = tuple(
        PairDeed(by=deed.by, at=deed.at, undone=undone, words=deed.words)
        for deed, undone in found.items
    )
    return Slice(total=found.total, skip=skip, items=deeds)


@router.get("/related")
def related(
    visit: Reader,
    kind: Annotated[
        str, Query(max_length=40, description="Only links of this kind, such as `erratum`.")
    ] = "",
    skip: Skip = 0,
    limit: Limit = 100,
) -> Slice[Related]:
    """List reports that are kept apart and related: a correction and its paper, and so on.

    What bears on an included study comes first. `one` is the correction, comment or preprint of
    the two where `directed` is true.
    """
    return slice_of(visit.live.part(RelatedDesk).related(kind).items, skip, limit)


@router.get("/search")
def search(visit: Reader, q: Search = "") -> tuple[Found, ...]:
    """Find records by words, to compare any two of them."""
    return visit.live.part(Duplicates).search(q)
