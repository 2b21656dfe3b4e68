"""Studies: included reports that belong to none yet, and the reports of each study."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from tamis.app.forming import Forming, FormingShown
from tamis.app.link_studies import LinkAsked, Studies, StudiesShown
from tamis.web.routes.api.wire import PREFIX, REFUSALS, Asked, Extractor, Line, Reader, Slug
from tamis.web.visit import ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/studies", tags=["studies"], responses=REFUSALS)


class StudyBody(Asked):
    """What is said of a study."""

    study: Slug = Field(examples=["birch2020"])
    label: Line = Field(default="", examples=["Birch 2020"])
    design: Slug = Field(default="", examples=["randomised"])
    role: Slug = Field(default="included", examples=["included"])

    def asked(self) -> LinkAsked:
        """Return it as the use case takes it."""
        return LinkAsked(study=self.study, label=self.label, design=self.design, role=self.role)


class LinkBody(StudyBody):
    """Reports that belong to one study."""

    clusters: list[Slug] = Field(min_length=1, max_length=1000)
    kinds: dict[Slug, Slug] = Field(
        default_factory=dict, max_length=1000, description="Kind of each report, by its cluster."
    )


class MoveBody(Asked):
    """Another study for a report, or another kind."""

    report: Slug
    study: Slug
    kind: Slug = Field(examples=["article"])
    label: Line = Field(default="", description="Of the study, where it is a new one.")


class ProposalBody(Asked):
    """An answer to a proposal about two reports or studies."""

    a: Slug
    b: Slug
    answer: Slug = Field(description="accept or decline", examples=["decline"])
    design: Slug = Field(default="", description="Of a new study.", examples=["randomised"])
    role: Slug = Field(default="included", examples=["included"])


@router.get("")
def studies(
    visit: Reader, q: Annotated[str, Query(max_length=1000, description="Words.")] = ""
) -> StudiesShown:
    """Give what waits to be linked, what is linked, and the reports that a search finds."""
    return _shown(visit, q)


@router.post("/link")
def link(visit: Extractor, body: LinkBody) -> StudiesShown:
    """Link reports to one study."""
    visit.live.part(Studies).link(visit.person, body.clusters, body.asked(), body.kinds)
    return _shown(visit)


@router.post("/change")
def change(visit: Extractor, body: StudyBody) -> StudiesShown:
    """Change label, design or role of a study."""
    visit.live.part(Studies).change(visit.person, body.study, body.asked())
    return _shown(visit)


@router.post("/move")
def move(visit: Extractor, body: MoveBody) -> StudiesShown:
    """Link a report to another study, or change its kind."""
    visit.live.part(Studies).move(
        visit.person, body.report, study=body.study, kind=body.kind, label=body.label
    )
    return _shown(visit)


@router.get("/proposals")
def proposals(visit: Reader) -> FormingShown:
    """Give what rules propose: reports of one study, and cohorts that may share patients."""
    return visit.live.part(Forming).shown(visit.person, roles=visit.roles)


@router.post("/proposal")
def proposal(visit: Extractor, body: ProposalBody) -> FormingShown:
    """Accept or decline a proposal about two reports."""
    visit.live.part(Forming).answer(
        visit.person, (body.a, body.b), body.answer,
        design=body.design, role=body.role, roles=visit.roles,
    )  # fmt: skip
    return proposals(visit)


class AnswerBody(Asked):
    """An answer to a proposal, named by the event that noted it."""

    note: str = Field(max_length=200, description="`note` of one of `taken`.")


@router.post("/proposal/back")
def take_back(visit: Extractor, body: AnswerBody) -> FormingShown:
    """Take an answer back: the proposal comes again."""
    visit.live.part(Forming).take_back(visit.person, body.note, roles=visit.roles)
    return proposals(visit)


def _shown(visit: ReviewVisit, query: str = "") -> StudiesShown:
    return visit.live.part(Studies).shown(visit.person, roles=visit.roles, query=query)
