"""What a person does on the extraction screen: an answer as typed, a candidate, a conversion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tamis.app.extract.candidates import CandidateShown, accepted, candidates_on, vocabulary_of
from tamis.app.extract.convert import ConversionShown, conversions_for, reading_of
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.forms import JUDGED
from tamis.app.extract.screen import Place, cell_of
from tamis.app.extract.views import OwnExtraction, Passage, Reading, Recorded, Source
from tamis.app.full_text.pages import Pages
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.question import Protocol
from tamis.domain.values import STATUSES, Cell, CitationAnchor, PassageAnchor, Value
from tamis.extraction.forms import check_answer

__all__ = ["CITED", "Offer", "Typed", "accept", "conversions_at", "keep_conversion", "offers",
           "record_typed", "source_of"]  # fmt: skip

#: How well a cited number may be known: all but what has an anchor or a formula.
CITED = tuple(word for word in STATUSES if word not in ("passage read", "derived"))

#: How many offers have a key of their own.
KEYS = 9

#: Kinds of candidates that are no result: they answer fields of the forms only.
_NO_RESULTS = frozenset({"dose", "time"})

#: What is counted: only counts answer a field that asks for one, no dose, share, time or year.
_COUNTS = frozenset({"count", "n"})
_COUNTED = frozenset({"events", "n"})

#: Units of a field -> kinds of candidates that can answer it; other units are those of doses.
_KINDS_OF_UNITS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"days", "weeks", "months", "years"}), frozenset({"time", "mean", "median"})),
    (frozenset({"%"}), frozenset({"percent", "count"})),
)

#: A part that nobody names -> the statistics that it may be.
_WAYS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "spread": ({"spread": "sd"}, {"spread": "se"}),
    "low": ({"low": "q1", "high": "q3"}, {"low": "min", "high": "max"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An answer as it was typed; ``source`` is passage, citation, judged, same or sought.

    ``sought`` is "not reported": ``where`` says where one looked.
    """

    number: str = ""
    unit: str = ""
    denominator: str = ""
    definition: str = ""
    note: str = ""
    source: str = "passage"
    passage: Passage | None = None
    citation: str = ""
    location: str = ""
    status: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A candidate as it would be recorded in a place: ``parts`` are (statistic, printed)."""

    key: str
    way: int
    quote: str
    parts: tuple[tuple[str, str], ...]
    sure: str
    doubts: tuple[str, ...]
    shown: CandidateShown


def record_typed(
    desk: ExtractionDesk, viewer: str, place: Place, typed: Typed, *, event: str = ""
) -> Recorded:
    """Record an answer, or correct the own one that ``event`` names.

    Raises
    ------
    BadInput
        For an answer that the field does not take, or without a source.
    RuleBroken
        When the study is sealed, or the cell was read.
    """
    if typed.source == "sought":
        reading = replace(place.reading, number="", definition=_definition(place, typed))
        if event:
            return desk.correct(viewer, event, reading, None, where=_where(typed))
        return desk.looked_for(viewer, reading, where=typed.where)
    reading = reading_typed(place, typed)
    source = source_of(typed, place, old=place.answer if event else None)
    if event:
        return desk.correct(viewer, event, reading, source)
    return desk.record(viewer, reading, source)


def reading_typed(place: Place, typed: Typed) -> Reading:
    """Return the reading of what was typed into a place.

    Raises
    ------
    BadInput
        For an answer that its field does not take.
    """
    number = typed.number.strip()
    if place.field is not None and place.field.outcome != "*":
        number = check_answer(place.field, number, unit=typed.unit)
    return replace(
        place.reading,
        number=number,
        unit=typed.unit,
        denominator=typed.denominator,
        definition=_definition(place, typed),
        note=typed.note,
    )


def source_of(typed: Typed, place: Place, *, old: object = None) -> Source:
    """Return where a number stands.

    Raises
    ------
    BadInput
        When that is not said.
    """
    if typed.source == "same" and isinstance(old, Value):
        kept = old.source
        if not isinstance(kept, PassageAnchor):
            return kept
        return Passage(document=kept.document, page=kept.page, start=kept.start, end=kept.end)
    if typed.source == "judged" and place.field is not None and not place.field.needs_anchor:
        return JUDGED
    if typed.source == "citation":
        if not typed.citation.strip() or typed.status not in CITED:
            raise BadInput(
                "the source is not named", "give its address or reference, and how it was read"
            )
        return CitationAnchor(
            citation=typed.citation.strip(), location=typed.location.strip(), status=typed.status
        )
    if typed.passage is None:
        raise BadInput(
            "no passage is selected",
            "select the words in the document, or name a source that cannot be opened",
        )
    return typed.passage


def offers(
    pages: Pages,
    protocol: Protocol,
    place: Place,
    *,
    document: str,
    page: int,
    own: OwnExtraction,
) -> tuple[Offer, ...]:
    """Return the candidates of a page that a place can take, those that fit it best first."""
    if place.reading.statistic == "text":
        return ()
    arms = sorted({v.cell.arm for v in own.values if v.cell.arm != "all"} | {place.reading.arm})
    found = [
        (fit, offer)
        for shown in candidates_on(pages, document, page, words=vocabulary_of(protocol, arms))
        if _can_answer(place, shown.candidate.kind)
        for fit, offer in _offers(pages, place, document, shown)
    ]
    found.sort(key=lambda item: -item[0])
    return tuple(offer for _, offer in found[:KEYS])


def accept(
    desk: ExtractionDesk, pages: Pages, protocol: Protocol, viewer: str, *, place: Place,
    document: str, offer: tuple[int, str, int],
) -> tuple[Recorded, ...]:  # fmt: skip
    """Record an offer; numbers of the cell that one has read already are left as they are.

    Parameters
    ----------
    offer
        Page, key and way of an ``Offer``.

    Raises
    ------
    NotFound
        When there is no such candidate on the page any more.
    """
    page, key, way = offer
    own = desk.own(viewer, place.reading.study)
    shown = next((o for o in offers(pages, protocol, place, document=document, page=page, own=own)
                  if (o.key, o.way) == (key, way)), None)  # fmt: skip
    if shown is None:
        raise NotFound("this number is not offered any more", "choose again")
    names = _names(shown.shown, way)
    if not place.result:
        ((statistic, printed),) = shown.parts
        part = next(p for p in shown.shown.candidate.parts if p.printed == printed)
        names |= {part.statistic: statistic}
        leave = [p.statistic for p in shown.shown.candidate.parts if p is not part]
    else:
        have = {v.statistic for v in own.values if _same(v.cell, place.reading)}
        have |= {d.statistic for d in own.looked_for if _same(d.cell, place.reading)}
        parts = shown.shown.candidate.parts
        leave = [p.statistic for p in parts if names.get(p.statistic, p.statistic) in have]
    base = replace(place.reading, definition=_definition(place, Typed()))
    readings, passage = accepted(
        document, shown.shown.candidate, _united(place, base, shown), names=names, leave_out=leave
    )
    return desk.record_together(viewer, readings, passage)


def conversions_at(own: OwnExtraction, place: Place, *, r: str = "") -> tuple[ConversionShown, ...]:
    """Return the conversions that the own values of a place's cell make possible."""
    if not place.result:
        return ()
    return conversions_for(own, _cell(own, place), r=r)


def keep_conversion(
    desk: ExtractionDesk, viewer: str, place: Place, conversion: str, statistic: str, *, r: str = ""
) -> Recorded:
    """Record one number that a conversion gives, with its formula as its source.

    Raises
    ------
    NotFound
        When the cell's values do not make it possible (any more).
    """
    own = desk.own(viewer, place.reading.study)
    cell = _cell(own, place)
    for one in conversions_for(own, cell, r=r):
        for made in one.given:
            if (one.conversion.id, made.statistic) == (conversion, statistic):
                unit = "" if made.statistic == "n" else _unit(own, cell)
                return desk.record(viewer, reading_of(cell, made, unit=unit), made.derivation)
    raise NotFound("this conversion is not possible any more", "look at the cell again")


def _where(typed: Typed) -> str:
    if not typed.where.strip():
        raise BadInput("it is not said where you looked", "name the parts that you read")
    return typed.where


def _definition(place: Place, typed: Typed) -> str:
    """Return what was typed, else the protocol's where it is a name and no sentence."""
    told = typed.definition.strip() or place.reading.definition
    return "not-stated" if any(c.isspace() for c in told) else told


def _offers(
    pages: Pages, place: Place, document: str, shown: CandidateShown
) -> Iterator[tuple[int, Offer]]:
    one, wanted = shown.candidate, place.reading.statistic
    text = pages.text(document, one.page)[one.start : one.end]
    for way in range(_ways(shown)):
        names = _names(shown, way)
        parts = tuple((names.get(p.statistic, p.statistic), p.printed) for p in one.parts)
        if not place.result:
            fitting = [part for part in parts if part[0] == wanted] or (
                [(wanted, one.parts[0].printed)] if len(one.parts) == 1 else []
            )
            parts = tuple(fitting[:1])
        asked = [printed for statistic, printed in parts if statistic == wanted]
        if not asked or (_asks_count(place) and not _is_whole(asked[0])):
            continue
        offer = Offer(
            key=shown.key, way=way, quote=" ".join(text.split()), parts=parts, sure=one.sure,
            doubts=one.doubts, shown=shown,
        )  # fmt: skip
        yield _fit(place, shown), offer


def _asks_count(place: Place) -> bool:
    """Tell whether a place asks for a number of people or of events."""
    units = place.field.units if place.field is not None else ()
    return place.reading.statistic in _COUNTED and not units


def _can_answer(place: Place, kind: str) -> bool:
    """Tell whether a kind of candidate may be what a place asks for."""
    if place.result:
        return kind not in _NO_RESULTS
    if _asks_count(place):
        return kind in _COUNTS
    units = set(place.field.units) if place.field is not None else set()
    known = next((kinds for these, kinds in _KINDS_OF_UNITS if units & these), None)
    if known is not None:
        return kind in known
    return kind == "dose" if units else True


def _is_whole(printed: str) -> bool:
    return printed.replace(",", "").isdigit()


def _ways(shown: CandidateShown) -> int:
    return 2 if any(part.statistic in _WAYS for part in shown.candidate.parts) else 1


def _names(shown: CandidateShown, way: int) -> dict[str, str]:
    """Return what the unnamed parts of a candidate are in one way of reading it."""
    found: dict[str, str] = {}
    for part in shown.candidate.parts:
        if part.statistic in _WAYS:
            found |= _WAYS[part.statistic][way]
        elif part.statistic in ("dose", "time"):
            found[part.statistic] = "n"
    return found


def _fit(place: Place, shown: CandidateShown) -> int:
    hints, reading = shown.hints, place.reading
    pairs = (
        (hints.arm, reading.arm), (hints.outcome, reading.outcome), (hints.visit, reading.visit)
    )  # fmt: skip
    return sum(2 if told == own else -1 for told, own in pairs if told)


def _united(place: Place, base: Reading, offer: Offer) -> Reading:
    units = place.field.units if place.field is not None else ()
    if not units:
        return base
    told = offer.shown.candidate.unit
    if told in units:
        return replace(base, unit=told)
    if len(units) == 1:
        return replace(base, unit=units[0])
    raise BadInput("the unit is not clear", f"type the number, with {' or '.join(units)}")


def _cell(own: OwnExtraction, place: Place) -> Cell:
    """Return the cell as the own values write it, with its definition and number."""
    found = next((v.cell for v in own.values if _same(v.cell, place.reading)), None)
    return found or cell_of(place.reading)


def _unit(own: OwnExtraction, cell: Cell) -> str:
    units = [v.unit for v in own.values if v.cell == cell and v.statistic not in ("n", "percent")]
    return units[0] if units else ""


def _same(cell: Cell, reading: Reading) -> bool:
    return (cell.arm, cell.outcome, cell.visit, cell.estimand) == (
        reading.arm, reading.outcome, reading.visit, reading.estimand,
    )  # fmt: skip
