"""Export files: sent, read, taken in under a source; the import report and the counts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel, Field

from tamis.app.import_reports import FileReport, ImportsView, imports_view, report_in
from tamis.app.import_upload import NEW, Answer, Tray, Turned, Waiting
from tamis.domain.errors import BadInput
from tamis.web.background import find_duplicates
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Importer,
    Line,
    Reader,
    Told,
    check_size,
)
from tamis.web.routes.imports import received

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/imports", tags=["imports"], responses=REFUSALS)

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file.")]


class Received(BaseModel):
    """What became of the files that were sent."""

    ok: bool = Field(default=True, description="Whether every file can be read as citations.")
    waiting: tuple[Waiting, ...] = Field(description="All of your files that wait to be taken in.")
    turned_away: tuple[Turned, ...]


class Take(Asked):
    """What you say of one waiting file."""

    source: Line = Field(
        description=f"Its source in the protocol; `{NEW}`: a new one, which `database` names"
        " (this needs the right to change the protocol).",
        examples=["pubmed"],
    )
    as_is: bool = Field(
        default=False, description="Take it in though records or letters may be missing."
    )
    database: Line = Field(default="", examples=["PubMed"])
    searched_on: Line = Field(default="", examples=["2026-01-05"])


class TakeAll(Asked):
    """What you say of the waiting files, by their SHA-256."""

    files: dict[Sha256, Take] = Field(min_length=1, max_length=60)


class TakenIn(BaseModel):
    """A file that was taken in; `new` is false where the very file was in the review already."""

    name: str
    source: str
    new: bool
    report: FileReport


class Taken(BaseModel):
    """What was taken in, and why the others still wait."""

    ok: bool = Field(default=True, description="Whether every named file was taken in.")
    imported: tuple[TakenIn, ...]
    left: dict[str, Told] = Field(description="By SHA-256.")


class DropFile(Asked):
    """A file that is not to be taken in."""

    file: Sha256


@router.get("")
def imports(visit: Reader) -> ImportsView:
    """Give every source with its counts, and every file with its report."""
    return imports_view(visit.live)


@router.get("/waiting")
def waiting(visit: Reader) -> tuple[Waiting, ...]:
    """List your own files that wait until you say where they come from."""
    return visit.live.part(Tray).waiting(visit.person)


@router.post("")
def send(visit: Importer, files: Annotated[list[UploadFile], File()]) -> Received:
    """Send export files (RIS, nbib, CSV, …; zipped too): each is read, and waits for its source."""
    check_size(visit, files)
    sent, turned = received(files)
    if not sent and not turned:
        raise BadInput("no file was sent", "send at least one")
    tray = visit.live.part(Tray)
    turned += tray.put(visit.person, sent)
    return Received(ok=not turned, waiting=tray.waiting(visit.person), turned_away=tuple(turned))


@router.post("/take")
def take(visit: Importer, body: TakeAll) -> Taken:
    """Take waiting files in; what was acknowledged is in the log. Duplicates are looked for."""
    if any(one.source == NEW for one in body.files.values()):
        visit.require("edit-protocol")
    answers = {
        sha256: Answer(
            source=one.source,
            as_is=one.as_is,
            database=one.database,
            searched_on=one.searched_on,
        )
        for sha256, one in body.files.items()
    }
    taken = visit.live.part(Tray).take(visit.person, answers)
    if taken.imported:
        find_duplicates(visit)
    return Taken(
        ok=not taken.left,
        imported=tuple(
            TakenIn(
                name=name,
                source=one.source,
                new=one.new,
                report=report_in(visit.live, one.parsed),
            )
            for name, one in taken.imported
        ),
        left={
            sha256: Told(problem=error.problem, remedy=error.remedy, where=str(error.where or ""))
            for sha256, error in taken.left.items()
        },
    )


@router.post("/drop")
def drop(visit: Importer, body: DropFile) -> tuple[Waiting, ...]:
    """Take a waiting file of yours out of the tray; nothing was imported from it."""
    tray = visit.live.part(Tray)
    tray.drop(visit.person, body.file)
    return tray.waiting(visit.person)
