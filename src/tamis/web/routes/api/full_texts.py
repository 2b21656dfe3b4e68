"""Full texts: PDFs are sent, matched to reports and attached; or they cannot be retrieved."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile
from pydantic import BaseModel, Field

from tamis.app.full_text.views import FullTextShown, LinkProposal, Offered, not_retrieved_words
from tamis.app.reading.tray import OfferTray
from tamis.app.reading.view import reader_view
from tamis.domain.errors import BadInput, TamisError
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Importer,
    Limit,
    Line,
    Reader,
    Skip,
    Slice,
    Slug,
    Text,
    Told,
    Voter,
    check_size,
    slice_of,
)
from tamis.web.routes.documents import reading_room
from tamis.web.routes.full_texts import unpacked_uploads
from tamis.web.visit import ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=PREFIX, tags=["full texts"], responses=REFUSALS)

Document = Annotated[str, Field(max_length=64, description="SHA-256 of the file.")]


class Sent(BaseModel):
    """What the files are that were sent, and which reports they may be."""

    ok: bool = Field(default=True, description="Whether every file is a PDF that can be read.")
    files: tuple[Offered, ...] = Field(description="All of your files that wait, or are attached.")
    turned_away: dict[str, Told] = Field(description="By name: archives that cannot be unpacked.")


class DropDocument(Asked):
    """A file that nobody wants to attach."""

    document: Document


class Link(Asked):
    """Study and report of a report that is linked to none yet; empty fields are as proposed."""

    study: Slug = Field(default="", examples=["birch2020"])
    report: Slug = Field(default="", examples=["birch2020-article"])
    label: Line = Field(default="", examples=["Birch 2020"])
    design: Slug = Field(default="", examples=["randomised"])
    role: Slug = Field(default="", examples=["included"])
    kind: Slug = Field(default="", examples=["article"])


class Attach(Asked):
    """Which file is the full text of which report."""

    document: Document
    target: Slug = Field(description="`target` of a report of the list.")
    link: Link = Link()
    role: Slug = Field(default="article", description="What the file is to its report.")


class Attached(BaseModel):
    """A file was attached; `events` are in the log."""

    ok: bool = True
    events: tuple[str, ...]


class NotRetrieved(Asked):
    """What was tried to get a full text."""

    target: Slug
    tried: Text = Field(min_length=1, examples=["library, author asked by mail"])
    on: str = Field(default="", max_length=30, examples=["2026-01-05"])


class NotRetrievedDone(BaseModel):
    """It is recorded that a full text could not be got."""

    ok: bool = True
    event: str


class PageText(BaseModel):
    """The text of one page; places in it are code points from 0, as passages name them."""

    document: str
    name: str
    page: int
    pages: int
    page_class: str
    trusted: bool = Field(description="Whether the text may be taken as it is.")
    text: str


@router.get("/full-texts")
def full_texts(visit: Reader, skip: Skip = 0, limit: Limit = 100) -> Slice[FullTextShown]:
    """List the reports whose full text is wanted or here."""
    found = reading_room(visit).full_texts(visit.live).waiting(visit.person)
    return slice_of(found, skip, limit)


@router.get("/full-texts/files")
def files(visit: Reader) -> tuple[Offered, ...]:
    """List your own files, with the reports that they may be."""
    return _files(visit)


@router.post("/full-texts")
def send(visit: Importer, files: Annotated[list[UploadFile], File()]) -> Sent:
    """Send PDFs (or a zip of them): each is looked at and matched; nothing is attached yet."""
    check_size(visit, files)
    turned: list[tuple[str, TamisError]] = []
    uploads = unpacked_uploads(files, turned)
    if not uploads and not turned:
        raise BadInput("no file was sent", "send at least one")
    desk = reading_room(visit).full_texts(visit.live)
    refused = visit.live.part(OfferTray).take(visit.person, desk, uploads)
    return Sent(
        ok=not turned and not refused,
        files=_files(visit),
        turned_away={
            name: Told(problem=error.problem, remedy=error.remedy, where=str(error.where or ""))
            for name, error in turned
        },
    )


@router.post("/full-texts/drop")
def drop(visit: Importer, body: DropDocument) -> tuple[Offered, ...]:
    """Put a file away that nobody wants to attach."""
    visit.live.part(OfferTray).drop(visit.person, body.document)
    return _files(visit)


@router.get("/full-texts/link")
def proposal(
    visit: Importer, target: Annotated[str, Query(max_length=200, description="A report.")]
) -> LinkProposal:
    """Propose study and report of a report, to be edited and sent when a file is attached."""
    return reading_room(visit).full_texts(visit.live).proposal(target)


@router.post("/full-texts/attach")
def attach(visit: Importer, body: Attach) -> Attached:
    """Attach a file to a report, and link the report to its study if need be."""
    desk = reading_room(visit).full_texts(visit.live)
    proposed = desk.proposal(body.target)
    said = {name: text.strip() for name, text in body.link.model_dump().items() if text.strip()}
    fields = ("study", "report", "label", "design", "role", "kind")
    link = LinkProposal(**{name: said.get(name, getattr(proposed, name)) for name in fields})
    events = desk.attach(visit.person, body.document, body.target, link=link, role=body.role)
    visit.live.part(OfferTray).drop(visit.person, body.document)
    return Attached(events=tuple(event.id for event in events))


@router.post("/full-texts/not-retrieved")
def not_retrieved(visit: Voter, body: NotRetrieved) -> NotRetrievedDone:
    """Record that a full text could not be got: a state of its own, never an exclusion."""
    desk = reading_room(visit).full_texts(visit.live)
    tried = not_retrieved_words(body.tried, body.on)
    return NotRetrievedDone(event=desk.not_retrieved(visit.person, body.target, tried=tried).id)


@router.get("/documents/{document}/pages/{page}")
def page_text(visit: Reader, document: str, page: int) -> PageText:
    """Give the text of a page of an attached document, from page 1."""
    room = reading_room(visit)
    view = reader_view(room.pages(visit.live), room.full_texts(visit.live), document, page=page)
    return PageText(
        document=view.document, name=view.name, page=view.page, pages=view.pages,
        page_class=view.page_class, trusted=view.trusted, text=view.text,
    )  # fmt: skip


def _files(visit: ReviewVisit) -> tuple[Offered, ...]:
    desk = reading_room(visit).full_texts(visit.live)
    return visit.live.part(OfferTray).waiting(visit.person, desk)
