"""The report: built beside the requests, handed out; the log, readable."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, Field

from tamis.app.activity import Deed, activity_of
from tamis.app.building.changes import Change, read
from tamis.app.sharing.export import export_review
from tamis.app.sharing.publish import (
    FIGURE_TYPES,
    FILES,
    figure_file,
    figures,
    report_file,
    shelved,
)
from tamis.domain.errors import RuleBroken
from tamis.web.background import build as begin
from tamis.web.background import building, compare
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Guest,
    Importer,
    Reader,
    Taker,
    Told,
)
from tamis.web.visit import ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=PREFIX, tags=["results"], responses=REFUSALS)


class Building(BaseModel):
    """How a build goes: at which of its steps, or how it ended."""

    at: int
    steps: int
    doing: str
    done: bool
    failed: Told | None = None


class Results(BaseModel):
    """What there is of the report."""

    files: tuple[str, ...] = Field(examples=[["report.html", "report.pdf"]])
    figures: tuple[str, ...] = Field(examples=[["flow.svg"]])
    current: bool = Field(description="Whether it is of the log as it stands.")
    withheld: bool = Field(description="Whether it would tell what is sealed from you.")
    build: Building | None


class SinceBody(Asked):
    """The day of which the review is compared with what it tells now."""

    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-01-16"])]


@router.post("/results/changes")
def changes(visit: Guest, body: SinceBody) -> tuple[Change, ...]:
    """Say what the review tells otherwise than on a day; both are computed from the log."""
    if shelved(visit.live, visit.person).withheld:
        raise RuleBroken(
            "the report would tell what is sealed from you",
            "finish your own part, and wait until the others have voted on every report",
            rule="sealed",
        )
    job = compare(visit, body.since)
    if job.thread is not None:
        job.thread.join()
    if job.failed is not None:
        raise job.failed
    return read(job.said)


@router.get("/results")
def results(visit: Guest) -> Results:
    """Say what there is of the report, and how a build goes."""
    return _results(visit)


@router.post("/results/build", status_code=202)
def build(visit: Importer) -> Results:
    """Begin to build the report, unless it is being built; `GET …/results` says how it goes."""
    begin(visit)
    return _results(visit)


@router.get("/report/{name}", response_class=Response)
def report(visit: Guest, name: str) -> Response:
    """Give a file of the built report."""
    if name not in FILES:
        raise HTTPException(404)
    data = report_file(visit.live, visit.person, name, whole=visit.may("export"))
    return Response(data, media_type=FILES[name])


@router.get("/figures/{name}", response_class=Response)
def figure(visit: Guest, name: str) -> Response:
    """Give a figure of the built report."""
    data = figure_file(visit.live, visit.person, name)
    return Response(data, media_type=FIGURE_TYPES[name.rpartition(".")[2]])


@router.post("/export", response_class=Response)
def export(visit: Taker) -> Response:
    """Give the whole review, log and all, as one archive."""
    return Response(export_review(visit.live, visit.person), media_type="application/zip")


@router.get("/activity", tags=["activity"])
def activity(
    visit: Reader,
    since: Annotated[str, Query(max_length=30, description="A day or a moment.")] = "",
    who: Annotated[str, Query(max_length=200, description="A person or an engine.")] = "",
    what: Annotated[str, Query(max_length=200, description="A kind of event.")] = "",
    limit: Annotated[int, Query(ge=1, le=2000)] = 200,
) -> tuple[Deed, ...]:
    """List who did what, as one may know it, the newest first."""
    return activity_of(
        visit.live, visit.person, since=since, who=who, what=what, limit=limit, roles=visit.roles
    )


def _results(visit: ReviewVisit) -> Results:
    job, shown = building(visit), shelved(visit.live, visit.person, whole=visit.may("export"))
    failed = job.failed if job else None
    return Results(
        files=shown.files,
        figures=figures(visit.live, visit.person),
        current=shown.current,
        withheld=shown.withheld,
        build=Building(
            at=job.at, steps=job.steps, doing=job.doing, done=job.done,
            failed=Told(problem=failed.problem, remedy=failed.remedy) if failed else None,
        ) if job else None,
    )  # fmt: skip
