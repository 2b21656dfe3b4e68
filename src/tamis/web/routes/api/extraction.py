"""Extraction: one's own forms and readings, numbers found on a page, two people's comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tamis.app.extract.compare import CompareView, compare_view, settle_typed
from tamis.app.extract.deeds import (
    Typed,
    accept,
    conversions_at,
    keep_conversion,
    offers,
    record_typed,
)
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.forms import forms_of
from tamis.app.extract.rates import ExtractionRates
from tamis.app.extract.screen import ExtractionView, Place, Progress, extraction_view, progress
from tamis.app.extract.views import OwnExtraction, Passage, Recorded, StudyShown
from tamis.app.reading.room import ArmsNamed
from tamis.domain.errors import BadInput
from tamis.domain.results import Finding, Refusal
from tamis.domain.values import LookedFor, Value
from tamis.web.routes.api.wire import (
    PREFIX,
    REFUSALS,
    Asked,
    Extractor,
    Line,
    PageNumber,
    Reader,
    Settler,
    Slug,
    Text,
)
from tamis.web.routes.documents import reading_room
from tamis.web.visit import ReviewVisit

__all__ = ["router"]

router = APIRouter(prefix=f"{PREFIX}/extraction", tags=["extraction"], responses=REFUSALS)

CellName = Annotated[
    str,
    Query(max_length=500, description="`arm/outcome/visit/estimand/statistic`."),
]

_CELL = Field(
    max_length=500,
    description="The cell: `arm/outcome/visit/estimand/statistic`.",
    examples=["placebo/response/m6/point/events"],
)


class Selection(Asked):
    """Words of a page: code points `[start, end)` of the text of a page, from 1."""

    document: Slug = Field(description="SHA-256 of the document.")
    page: int = Field(ge=1, le=1_000_000)
    start: int = Field(ge=0, le=10_000_000)
    end: int = Field(ge=1, le=10_000_000)


class Answer(Asked):
    """A reading as one types it.

    `source` says where it stands: in a `passage` of a document, under a `citation` that cannot be
    opened here (with `citation`, `location`, `status`), `judged` from the whole, the `same` place
    as before, or nowhere: `sought` (not reported; `where` says where you looked). In a settlement
    `a` and `b` take the place of one of the two readings.
    """

    number: Text = Field(default="", description="As printed.", examples=["12"])
    unit: Line = ""
    denominator: Line = Field(default="", examples=["40"])
    definition: Line = ""
    note: Text = ""
    source: Literal["passage", "citation", "judged", "same", "sought", "a", "b"] = "passage"
    passage: Selection | None = None
    citation: Text = ""
    location: Line = Field(default="", examples=["Table 2"])
    status: Line = Field(default="", examples=["abstract or table read"])
    where: Text = Field(default="", examples=["all tables and the text"])

    def typed(self) -> Typed:
        """Return it as the use case takes it."""
        said = self.passage
        return Typed(
            number=self.number, unit=self.unit, denominator=self.denominator,
            definition=self.definition, note=self.note, source=self.source,
            passage=Passage(**said.model_dump()) if said else None,
            citation=self.citation, location=self.location, status=self.status, where=self.where,
        )  # fmt: skip


class RecordBody(Answer):
    """A reading of a cell; `event` names the own reading that it corrects."""

    cell: str = _CELL
    event: Slug = ""


class AcceptCandidate(Asked):
    """A number that was found on a page, as `candidates` gives it."""

    cell: str = _CELL
    document: Slug
    page: int = Field(ge=1, le=1_000_000)
    key: Slug
    way: int = Field(default=0, ge=0, le=9)


class ConvertBody(Asked):
    """A number that own readings of the cell make possible, as `conversions` gives it."""

    cell: str = _CELL
    conversion: Slug
    statistic: Slug
    r: Slug = Field(default="", description="Correlation with baseline, for a change.")


class SettleReading(Answer):
    """Which reading counts: `a`, `b`, or `n` for a third one that is given here."""

    key: Line = Field(description="`key` of the row as it was seen.")
    chosen: Literal["a", "b", "n"]
    reason: Text = Field(min_length=1, examples=["table 2 counts everybody randomised"])


class ArmBody(Asked):
    """An arm of a study."""

    arm: Slug = Field(min_length=1, examples=["placebo"])


class FieldAsked(BaseModel):
    """A field of a form in one place: the cell that an answer goes to, and your own answer."""

    cell: str = Field(examples=["placebo/response/m6/point/events"])
    section: str
    head: str = Field(description="The outcome and visit, or arm, that the section is asked for.")
    id: str
    label: str
    kind: str = Field(examples=["number"])
    options: dict[str, str] = Field(description="Of a choice: what may be answered.")
    units: tuple[str, ...]
    asked: bool = Field(description="False where an earlier answer makes it needless.")
    answer: Value | LookedFor | None


class FormFilled(BaseModel):
    """A form with your own answers; `answered` of `asked` fields have one."""

    study: StudyShown
    form: str = Field(examples=["results"])
    forms: tuple[str, ...] = Field(description="Every form there is.")
    arms: tuple[str, ...]
    answered: int
    asked: int
    sealed: bool
    fields: tuple[FieldAsked, ...]
    findings: tuple[Finding, ...]


class Found(BaseModel):
    """A number of a page that a cell can take: send `key` and `way` to record it."""

    key: str
    way: int
    quote: str
    parts: dict[str, str] = Field(
        description="Statistic to the number as printed.", examples=[{"events": "12", "n": "40"}]
    )
    sure: str = Field(examples=["likely"])
    doubts: tuple[str, ...] = Field(description="What a person has to look at.")


class Computed(BaseModel):
    """A number that a conversion gives, with its formula and what to mind."""

    statistic: str = Field(examples=["sd"])
    printed: str = Field(examples=["4.21"])
    formula: str
    inputs: tuple[str, ...] = Field(description="Ids of the readings that it rests on.")
    warnings: tuple[str, ...]


class ConversionOffered(BaseModel):
    """A conversion that own readings make possible, or why it does not hold."""

    conversion: str = Field(examples=["sd-from-se"])
    says: str
    source: str = Field(description="Where the formula is from.")
    gives: tuple[Computed, ...]
    refused: Refusal | None


@router.get("")
def studies(visit: Reader) -> tuple[Progress, ...]:
    """List the studies with one's own progress."""
    desk, forms = _desk(visit), forms_of(visit.live.review)
    return tuple(
        progress(one, desk.own(visit.person, one.study), visit.live.protocol, forms)
        for one in desk.studies(visit.person)
    )


@router.get("/agreement")
def agreement(visit: Reader) -> ExtractionRates:
    """Say how far extractors agree, over the studies whose comparison one may see."""
    return _desk(visit).rates(visit.person)


@router.get("/{study}")
def own(visit: Reader, study: str) -> OwnExtraction:
    """Give one's own readings of a study, and what the rules say of them."""
    return _desk(visit).own(visit.person, study)


@router.get("/{study}/form")
def form(
    visit: Reader,
    study: str,
    sheet: Annotated[str, Query(max_length=200, description="Id of a form.")] = "",
) -> FormFilled:
    """Give a form with one's own answers; each field of it is a cell that can be recorded."""
    return _filled(visit, _view(visit, study, sheet))


@router.post("/{study}/arms")
def name_arm(visit: Extractor, study: str, body: ArmBody) -> FormFilled:
    """Name an arm, so that the forms ask for it; nothing is recorded."""
    _desk(visit).study(visit.person, study)
    visit.live.part(ArmsNamed).add(visit.person, study, body.arm.strip())
    return _filled(visit, _view(visit, study))


@router.get("/{study}/candidates")
def candidates(
    visit: Reader,
    study: str,
    cell: CellName,
    document: Annotated[str, Query(max_length=64, description="SHA-256 of a document.")],
    page: PageNumber = 1,
) -> tuple[Found, ...]:
    """List the numbers of a page that a cell can take, the likeliest first."""
    desk, live = _desk(visit), visit.live
    place = _place(visit, study, cell)
    if document not in {one.document for one in desk.study(visit.person, study).documents}:
        raise BadInput("this document belongs to no report of the study", "choose one of its own")
    mine = desk.own(visit.person, study)
    pages = reading_room(visit).pages(live)
    found = offers(pages, live.protocol, place, document=document, page=page, own=mine)
    return tuple(
        Found(
            key=one.key, way=one.way, quote=one.quote, parts=dict(one.parts), sure=one.sure,
            doubts=one.doubts,
        )
        for one in found
    )  # fmt: skip


@router.get("/{study}/conversions")
def conversions(
    visit: Reader,
    study: str,
    cell: CellName,
    r: Annotated[str, Query(max_length=20, description="Correlation, for a change.")] = "",
) -> tuple[ConversionOffered, ...]:
    """List the conversions that one's own readings of a cell make possible."""
    mine = _desk(visit).own(visit.person, study)
    return tuple(
        ConversionOffered(
            conversion=one.conversion.id,
            says=one.conversion.says,
            source=one.conversion.source,
            gives=tuple(
                Computed(
                    statistic=made.statistic,
                    printed=made.printed,
                    formula=made.derivation.formula,
                    inputs=made.derivation.inputs,
                    warnings=made.warnings,
                )
                for made in one.given
            ),
            refused=one.refused,
        )
        for one in conversions_at(mine, _place(visit, study, cell), r=r)
    )


@router.post("/{study}/record")
def record(visit: Extractor, study: str, body: RecordBody) -> Recorded:
    """Record a reading, correct one, or say that something is not reported."""
    place = _place(visit, study, body.cell)
    return record_typed(_desk(visit), visit.person, place, body.typed(), event=body.event)


@router.post("/{study}/accept")
def accept_candidate(visit: Extractor, study: str, body: AcceptCandidate) -> tuple[Recorded, ...]:
    """Record a number that was found on a page, with its passage."""
    live = visit.live
    return accept(
        _desk(visit), reading_room(visit).pages(live), live.protocol, visit.person,
        place=_place(visit, study, body.cell), document=body.document,
        offer=(body.page, body.key, body.way),
    )  # fmt: skip


@router.post("/{study}/convert")
def convert(visit: Extractor, study: str, body: ConvertBody) -> Recorded:
    """Record a number that was computed from own readings, with its formula."""
    place = _place(visit, study, body.cell)
    return keep_conversion(
        _desk(visit), visit.person, place, body.conversion, body.statistic, r=body.r
    )


@router.post("/{study}/seal")
def seal(visit: Extractor, study: str) -> StudyShown:
    """Say that one is done with a study: from now on it is compared, and no longer changed."""
    return _desk(visit).seal(visit.person, study)


@router.post("/{study}/unseal")
def unseal(visit: Extractor, study: str) -> StudyShown:
    """Take one's own seal back, as long as nobody else has sealed the study."""
    return _desk(visit).unseal(visit.person, study)


@router.get("/{study}/compare")
def compare(visit: Reader, study: str) -> CompareView:
    """Give two people's sealed readings side by side: open, settled and agreed rows."""
    return compare_view(_desk(visit), visit.person, study)


@router.post("/{study}/settle")
def settle(visit: Settler, study: str, body: SettleReading) -> CompareView:
    """Settle one difference with a reason."""
    settle_typed(
        _desk(visit), visit.person, study,
        key=body.key, chosen=body.chosen, reason=body.reason, typed=body.typed(),
    )  # fmt: skip
    return compare_view(_desk(visit), visit.person, study, row=body.key)


def _desk(visit: ReviewVisit) -> ExtractionDesk:
    return reading_room(visit).extraction(visit.live)


def _view(visit: ReviewVisit, study: str, sheet: str = "", cell: str = "") -> ExtractionView:
    desk, live = _desk(visit), visit.live
    return extraction_view(
        desk.study(visit.person, study), desk.own(visit.person, study), live.protocol,
        forms_of(live.review), form=sheet, key=cell,
        arms=live.part(ArmsNamed).of(visit.person, study),
    )  # fmt: skip


def _filled(visit: ReviewVisit, view: ExtractionView) -> FormFilled:
    def told(labels: Mapping[str, str], otherwise: str) -> str:
        return labels.get(visit.language) or labels.get("en") or otherwise

    fields = [
        FieldAsked(
            cell=place.key, section=grid.section, head=grid.head, id=field.id,
            label=told(field.labels, field.id), kind=field.kind,
            options={one.id: told(one.labels, one.id) for one in field.options},
            units=field.units, asked=place.asked, answer=place.answer,
        )
        for grid in view.grids
        for _, places in grid.rows
        for place in places
        if (field := place.field) is not None
    ]  # fmt: skip
    return FormFilled(
        study=view.study, form=view.form.id, forms=tuple(one.id for one in view.forms),
        arms=view.arms, answered=view.answered, asked=view.asked, sealed=view.sealed,
        fields=tuple(fields), findings=view.findings,
    )  # fmt: skip


def _place(visit: ReviewVisit, study: str, cell: str) -> Place:
    """Return a cell, with the field of whichever form asks for it."""
    for sheet in forms_of(visit.live.review):
        found = _view(visit, study, sheet, cell).place
        if found is not None and found.field is not None:
            return found
    if found is None:
        raise BadInput("no cell is named", "name one: arm/outcome/visit/estimand/statistic")
    return found
