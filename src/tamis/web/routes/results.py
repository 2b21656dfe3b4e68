"""The report: built in the background, opened, downloaded; and the log, readable."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Response

from tamis.app.activity import activity_of
from tamis.app.building.changes import read
from tamis.app.sharing.export import export_review
from tamis.app.sharing.publish import FILES, report_file, shelved
from tamis.web import background
from tamis.web.deeds import saying_deeds
from tamis.web.saying_changes import about, told
from tamis.web.visit import AnyReviewVisit, AReviewVisit, ReviewVisit, is_fragment

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}")


@router.get("/results")
def results(visit: AnyReviewVisit) -> Response:
    """Show what there is of the report, and how a build goes."""
    visit.require("read-report")
    return visit.page("results/page.html.j2", **_context(visit))


@router.get("/results/state")
def state(visit: AnyReviewVisit) -> Response:
    """Show the part of the page that changes while the report is built."""
    visit.require("read-report")
    return visit.page("results/state.html.j2", **_context(visit))


@router.post("/results/build")
def build(visit: AReviewVisit) -> Response:
    """Begin to build the report."""
    visit.require("import")
    background.build(visit)
    return visit.goto(visit.url("results"))


@router.get("/results/changes")
def changes(visit: AnyReviewVisit, since: str = "") -> Response:
    """Show what the review tells otherwise than on a day."""
    visit.require("read-report")
    job = background.comparing(visit, since) if since else None
    withheld = shelved(visit.live, visit.person).withheld
    found = read(job.said) if job is not None and job.done and not withheld else ()
    return visit.page(
        "results/changes_part.html.j2" if is_fragment(visit.request) else "results/changes.html.j2",
        since=since, job=job, changes=found, withheld=withheld,
        about=lambda one: about(one, visit.language),
        said_of=lambda one, text: told(one, text, visit.language),
    )  # fmt: skip


@router.post("/results/changes")
def compare(visit: AnyReviewVisit, since: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Begin to compare the review with what it told on a day."""
    visit.require("read-report")
    if not shelved(visit.live, visit.person).withheld:
        background.compare(visit, since)
    return visit.goto(f"{visit.url('results', 'changes')}?{urlencode({'since': since})}")


@router.get("/results/{name}")
def download(visit: AnyReviewVisit, name: str) -> Response:
    """Hand out a file of the report; the page itself is opened, the others are saved."""
    visit.require("read-report")
    data = report_file(visit.live, visit.person, name, whole=visit.may("export"))
    saved = {"content-disposition": f'attachment; filename="{visit.name}-{name}"'}
    headers = {} if name == "report.html" else saved
    return Response(data, media_type=FILES[name], headers=headers)


@router.post("/export.zip")
def export(visit: AReviewVisit) -> Response:
    """Hand out the whole review, log and all."""
    visit.require("export")
    data = export_review(visit.live, visit.person)
    saved = {"content-disposition": f'attachment; filename="{visit.name}.tamis.zip"'}
    return Response(data, media_type="application/zip", headers=saved)


@router.get("/activity")
def activity(
    visit: AReviewVisit,
    since: str = "",
    who: str = "",
    what: str = "",
    limit: Annotated[int, Query(ge=1, le=2000)] = 200,
) -> Response:
    """Show who did what."""
    deeds = activity_of(
        visit.live, visit.person, since=since, who=who, what=what, limit=limit, roles=visit.roles
    )
    return visit.page(
        "results/activity.html.j2",
        deeds=deeds,
        since=since,
        who=who,
        what=what,
        limit=limit,
        said=saying_deeds(visit.language),
    )


def _context(visit: ReviewVisit) -> dict[str, Any]:
    shown = shelved(visit.live, visit.person, whole=visit.may("export"))
    return {
        "shelved": shown,
        "job": background.building(visit),
        "may_build": visit.may("import"),
        "may_export": visit.may("export"),
    }
