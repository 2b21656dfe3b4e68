"""Extraction beside the PDF: the chooser, one study with its reader, the comparison, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool

from tamis.app.extract.compare import compare_view, settle_typed
from tamis.app.extract.deeds import (
    CITED,
    accept,
    conversions_at,
    keep_conversion,
    offers,
    record_typed,
)
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.finding import find_field
from tamis.app.extract.forms import forms_of
from tamis.app.extract.screen import ExtractionView, Place, extraction_view, plots, progress
from tamis.app.extract.views import OwnExtraction, Recorded
from tamis.app.reading.room import ArmsNamed
from tamis.app.reading.view import ReaderView, quote_of, reader_view
from tamis.domain.errors import BadInput, RuleBroken, TamisError
from tamis.domain.values import ESTIMANDS, STATISTICS
from tamis.web.routes.documents import reading_room
from tamis.web.told import number_of, passage_of, told_of, typed_of, whole_of
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment
from tamis.web.words import words

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/extraction")

Text = Annotated[str, Form()]

#: What an address of the screen says, so that any of its states can be linked to. (No field may be
#: called ``form``: in the browser it would stand in the place of the form itself.)
_KEPT = ("sheet", "cell", "document", "page", "scale", "q", "at", "start", "end", "r")


@router.get("")
def studies(visit: AReviewVisit) -> Response:
    """Show the studies with one's own progress."""
    visit.require("read")
    desk, forms = _desk(visit), forms_of(visit.live.review)
    rows = [
        progress(one, desk.own(visit.person, one.study), visit.live.protocol, forms)
        for one in desk.studies(visit.person)
    ]
    return visit.page("extraction/page.html.j2", rows=rows)


@router.get("/agreement")
def agreement(visit: AReviewVisit) -> Response:
    """Show how far extractors agree, over the studies whose comparison one may see."""
    visit.require("read")
    rates = _desk(visit).rates(visit.person)
    return visit.page("extraction/agreement.html.j2", rates=rates, said=_said(visit))


@router.get("/{study}")
def screen(request: Request, visit: AReviewVisit, study: str) -> Response:
    """Show a study: the reader, the forms, the cell that is looked at."""
    visit.require("read")
    told = dict(request.query_params)
    if "find" not in told:
        return _show(visit, study, told)
    found = _found(visit, study, told)
    if found is None:
        error = BadInput("no field has all of these words", "type fewer of them, or others")
        return _show(visit, study, told, error=error)
    return _show(visit, study, {**told, "sheet": found[0], "cell": found[1]})


@router.get("/{study}/plot")
def plot(visit: AReviewVisit, study: str, cell: str = "", number: str = "", unit: str = ""
         ) -> Response:  # fmt: skip
    """Draw the trajectories of a cell's outcome, with the number that is being typed."""
    visit.require("read")
    place = _view(visit, study, {"cell": cell}).place
    drawn = _plots(visit, study, place, number=number, unit=unit)
    return visit.page("extraction/plot.html.j2", drawn=drawn, word=_said(visit))


@router.get("/{study}/cell")
def other_cell(
    visit: AReviewVisit, study: str, *, arm: str = "", outcome: str = "", when: str = "",
    estimand: str = "", statistic: str = "", sheet: str = "",
) -> Response:  # fmt: skip
    """Go to a cell that no form asks for."""
    visit.require("read")
    key = "/".join((arm, outcome, when, estimand, statistic))
    return _goto(visit, study, {"cell": key, "sheet": sheet})


@router.post("/{study}/arms")
async def name_arm(request: Request, visit: AReviewVisit, study: str) -> Response:
    """Name an arm of the study."""
    return await _do(request, visit, study, _name_arm)


@router.post("/{study}/record")
async def record(request: Request, visit: AReviewVisit, study: str) -> Response:
    """Record, correct, or say that something is not reported."""
    return await _do(request, visit, study, _record)


@router.post("/{study}/accept")
async def accept_offer(request: Request, visit: AReviewVisit, study: str) -> Response:
    """Record a number that was found on the page."""
    return await _do(request, visit, study, _accept)


@router.post("/{study}/convert")
async def convert(request: Request, visit: AReviewVisit, study: str) -> Response:
    """Record a number that was computed from others."""
    return await _do(request, visit, study, _convert)


@router.post("/{study}/seal")
def seal(visit: AReviewVisit, study: str) -> Response:
    """Say that one is done with the study."""
    visit.require("extract")
    try:
        shown = _desk(visit).seal(visit.person, study)
    except (BadInput, RuleBroken) as error:
        return _show(visit, study, {}, error=error)
    more = ["compare"] if shown.stage in ("compare", "settled") else []
    return visit.goto(visit.url("extraction", study, *more))


@router.post("/{study}/unseal")
def unseal(visit: AReviewVisit, study: str) -> Response:
    """Take one's own seal back."""
    visit.require("extract")
    _desk(visit).unseal(visit.person, study)
    return visit.goto(visit.url("extraction", study))


@router.get("/{study}/compare")
def compare(visit: AReviewVisit, study: str, row: str = "", after: str = "") -> Response:
    """Show two people's readings side by side."""
    visit.require("read")
    return _compare(visit, study, row=row, after=after)


@router.post("/{study}/settle")
async def settle(request: Request, visit: AReviewVisit, study: str) -> Response:
    """Settle one difference with a reason."""
    told = await told_of(request)
    return await run_in_threadpool(_settle, visit, study, told)


# ------------------------------------------------------------------ what is done
@dataclass(frozen=True)
class _Deed:
    """A deed on the screen: who, where, with what."""

    visit: ReviewVisit
    study: str
    told: Mapping[str, str]

    @property
    def desk(self) -> ExtractionDesk:
        return _desk(self.visit)

    @property
    def place(self) -> Place:
        found = _view(self.visit, self.study, self.told).place
        if found is None:
            raise BadInput("no cell is chosen", "choose one of the form")
        return found


def _name_arm(deed: _Deed) -> str:
    arms = deed.visit.live.part(ArmsNamed)
    deed.desk.study(deed.visit.person, deed.study)
    arms.add(deed.visit.person, deed.study, deed.told.get("arm", "").strip())
    return deed.visit.t("extraction.said_arm", arm=deed.told["arm"].strip())


def _record(deed: _Deed) -> str:
    typed, event = typed_of(deed.told), deed.told.get("event", "")
    done = record_typed(deed.desk, deed.visit.person, deed.place, typed, event=event)
    return _told_back(deed.visit, (done,))


def _accept(deed: _Deed) -> str:
    key, _, way = deed.told.get("offer", "").rpartition("~")
    room, live = reading_room(deed.visit), deed.visit.live
    done = accept(
        deed.desk, room.pages(live), live.protocol, deed.visit.person,
        place=deed.place, document=deed.told.get("document", ""),
        offer=(number_of(deed.told, "page", 1), key, whole_of(way, 0)),
    )  # fmt: skip
    return _told_back(deed.visit, done)


def _convert(deed: _Deed) -> str:
    conversion, _, statistic = deed.told.get("conversion", "").partition("~")
    done = keep_conversion(
        deed.desk, deed.visit.person, deed.place, conversion, statistic, r=deed.told.get("r", "")
    )
    return _told_back(deed.visit, (done,))


async def _do(request: Request, visit: ReviewVisit, study: str, deed: Any) -> Response:
    told = await told_of(request)
    return await run_in_threadpool(_done, visit, study, told, deed)


def _done(visit: ReviewVisit, study: str, told: Mapping[str, str], deed: Any) -> Response:
    visit.require("extract")
    try:
        said = deed(_Deed(visit, study, told))
    except TamisError as error:
        return _show(visit, study, told, error=error)
    if is_fragment(visit.request):
        kept = {k: v for k, v in told.items() if k in _KEPT and k not in ("start", "end")}
        return _show(visit, study, kept, said=said)
    return _goto(visit, study, told)


def _told_back(visit: ReviewVisit, done: tuple[Recorded, ...]) -> str:
    findings = {f.rule + f.subject for one in done for f in one.findings}
    word = "said_recorded_findings" if findings else "said_recorded"
    return visit.t(f"extraction.{word}", n=len(done), findings=len(findings))


def _settle(visit: ReviewVisit, study: str, told: Mapping[str, str]) -> Response:
    visit.require("settle")
    try:
        settle_typed(
            _desk(visit), visit.person, study,
            key=told.get("key", ""), chosen=told.get("chosen", ""),
            reason=told.get("reason", ""), typed=typed_of(told),
        )  # fmt: skip
    except TamisError as error:
        return _compare(visit, study, row=told.get("key", ""), error=error, typed=told)
    return visit.goto(visit.url("extraction", study, "compare"))


# ------------------------------------------------------------------ what is shown
def _desk(visit: ReviewVisit) -> ExtractionDesk:
    return reading_room(visit).extraction(visit.live)


def _view(visit: ReviewVisit, study: str, told: Mapping[str, str]) -> ExtractionView:
    desk, live = _desk(visit), visit.live
    return extraction_view(
        desk.study(visit.person, study),
        desk.own(visit.person, study),
        live.protocol,
        forms_of(live.review),
        form=told.get("sheet", ""),
        key=told.get("cell", ""),
        arms=live.part(ArmsNamed).of(visit.person, study),
    )


def _found(visit: ReviewVisit, study: str, told: Mapping[str, str]) -> tuple[str, str] | None:
    live = visit.live
    return find_field(
        _desk(visit).own(visit.person, study), live.protocol, forms_of(live.review),
        told["find"][:200], first=told.get("sheet", ""), after=told.get("cell", ""),
        arms=live.part(ArmsNamed).of(visit.person, study),
    )  # fmt: skip


def _show(
    visit: ReviewVisit,
    study: str,
    told: Mapping[str, str],
    *,
    error: TamisError | None = None,
    said: str = "",
) -> Response:
    if error is not None and told.get("cell", "").count("/") != 4:
        told = {key: value for key, value in told.items() if key != "cell"}
    view = _view(visit, study, told)
    own = _desk(visit).own(visit.person, study)
    reader, trouble = _reader(visit, view, own, told)
    kept = {key: told[key] for key in _KEPT if told.get(key, "")}
    if reader is not None:
        kept |= {"document": reader.document, "page": str(reader.page)}
    passage = passage_of(told)
    if passage is None and reader is not None:
        passage = reader.chosen
    pages = reading_room(visit).pages(visit.live)
    return visit.page(
        f"extraction/{'work' if is_fragment(visit.request) else 'study'}.html.j2",
        code=422 if error else 200,
        view=view,
        doc=reader,
        trouble=trouble,
        found=_offers(visit, view, reader, own),
        converted=conversions_at(own, view.place, r=told.get("r", "")) if view.place else (),
        drawn=_plots(visit, study, view.place),
        passage=passage,
        quote=quote_of(pages, passage) if passage else "",
        link=_linker(visit, study, kept),
        here_to=visit.url("extraction", study),
        state=kept,
        kept={k: v for k, v in kept.items() if k in ("sheet", "cell", "document", "r")},
        typed=told if error is not None else {},
        error=error,
        said=said,
        sought=told.get("find", "")[:200],
        cited=CITED,
        estimands=ESTIMANDS,
        statistics=STATISTICS,
        outcomes=visit.live.protocol.outcomes,
        visits=visit.live.protocol.visits,
        may=visit.may("extract") and not view.sealed,
        word=_said(visit),
        into="work",
        choosing=True,
    )


def _reader(
    visit: ReviewVisit, view: ExtractionView, own: OwnExtraction, told: Mapping[str, str]
) -> tuple[ReaderView | None, TamisError | None]:
    """Return the open document of the study, or why it cannot be shown."""
    known = [one for one in view.study.documents if one.here]
    chosen = next((one for one in known if one.document == told.get("document")), None)
    chosen = chosen or (known[0] if known else None)
    if chosen is None:
        return None, None
    room = reading_room(visit)
    span = (number_of(told, "start", -1), number_of(told, "end", -1))
    same = told.get("passage_page", told.get("page", "1")) == told.get("page", "1")
    try:
        return reader_view(
            room.pages(visit.live),
            room.full_texts(visit.live),
            chosen.document,
            page=min(max(number_of(told, "page", 1), 1), max(chosen.pages, 1)),
            scale=told.get("scale", "1"),
            search=(told.get("q", "")[:200], number_of(told, "at", -1)),
            chosen=span if same else None,
            values=own.values,
        ), None
    except TamisError as error:
        return None, error


def _offers(
    visit: ReviewVisit, view: ExtractionView, reader: ReaderView | None, own: OwnExtraction
) -> Any:
    if view.place is None or reader is None or view.sealed or view.place.answer is not None:
        return ()
    pages = reading_room(visit).pages(visit.live)
    return offers(
        pages, visit.live.protocol, view.place,
        document=reader.document, page=reader.page, own=own,
    )  # fmt: skip


def _plots(
    visit: ReviewVisit, study: str, place: Place | None, *, number: str = "", unit: str = ""
) -> Any:
    if place is None or not place.result:
        return ()
    months = {one.id: one.months for one in visit.live.protocol.visits}
    drawn = _desk(visit).trajectories(visit.person, study)
    return plots(drawn, months, place=place.reading, number=number, unit=unit)


def _linker(visit: ReviewVisit, study: str, kept: Mapping[str, str]) -> Any:
    """Return what makes an address of the screen with something changed."""
    base = visit.url("extraction", study)

    def link(**changed: object) -> str:
        said = {**kept, **{k: str(v) for k, v in changed.items()}}
        return f"{base}?{urlencode({k: v for k, v in said.items() if v != ''})}"

    return link


def _goto(visit: ReviewVisit, study: str, told: Mapping[str, str]) -> Response:
    kept = {k: v for k, v in told.items() if k in _KEPT and v and k not in ("start", "end")}
    return visit.goto(f"{visit.url('extraction', study)}?{urlencode(kept)}")


def _compare(
    visit: ReviewVisit,
    study: str,
    *,
    row: str = "",
    after: str = "",
    error: TamisError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    view = compare_view(_desk(visit), visit.person, study, row=row, after=after)
    return visit.page(
        "extraction/compare.html.j2",
        code=422 if error else 200,
        view=view,
        error=error,
        typed=typed or {},
        cited=CITED,
        may=visit.may("settle"),
        word=_said(visit),
    )


def _said(visit: ReviewVisit) -> Any:
    """Return what says a word of the method in the visitor's language, else the word itself."""
    known = words(visit.language)

    def said(group: str, word: str) -> str:
        key = word.replace("-", "_").replace(" ", "_").replace(",", "")
        return known.get(f"extraction.{group}_{key}", word)

    return said
