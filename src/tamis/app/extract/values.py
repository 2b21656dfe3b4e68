"""From what a person selected to the event that is written: anchor, id, checks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tamis.app.extract.views import Passage, Reading, Source
from tamis.app.words import check_outcome, check_word
from tamis.domain.errors import BadInput
from tamis.domain.ids import check_slug
from tamis.domain.question import Protocol
from tamis.domain.value_rows import fresh_n, row_id, value_from_body
from tamis.domain.values import ESTIMANDS, STATISTICS, CitationAnchor, PassageAnchor
from tamis.extraction import Layer, anchor_at
from tamis.extraction.standing import Datum

__all__ = ["anchor_of", "body_of", "check_reading", "same_cell", "whole_words"]

_IN_NUMBERS = frozenset("0123456789.,·٫")


def anchor_of(layer: Layer, passage: Passage) -> PassageAnchor:
    """Return the anchor of a selection: white space at its ends is left out, numbers are whole.

    Raises
    ------
    BadInput
        When nothing is selected, or the place is not on the page.
    NotFound
        When there is no such page.
    """
    text = layer.page(passage.page).text
    if not 0 <= passage.start < passage.end <= len(text):
        raise BadInput(
            f"page {passage.page} has no characters {passage.start} to {passage.end}",
            "select the passage again",
        )
    start, end = whole_words(text, passage.start, passage.end)
    if start == end:
        raise BadInput("nothing is selected", "select the words that hold the value")
    return anchor_at(layer, (passage.page, (start, end)))


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a selection without white space at its ends that cuts no number in two.

    Examples
    --------
    >>> whole_words("in 49 of 81 ", 4, 12)
    (3, 11)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return start, end
    if (text[start] in _IN_NUMBERS and text[start + 1 : start + 2].isdigit()) or text[
        start
    ].isdigit():
        while start > 0 and text[start - 1] in _IN_NUMBERS:
            start -= 1
    if text[end - 1].isdigit():
        while end < len(text) and text[end] in _IN_NUMBERS and _goes_on(text, end):
            end += 1
    return start, end


def body_of(
    reading: Reading, source: Source | None, *, layer: Layer | None, taken: Collection[str]
) -> dict[str, Any]:
    """Return the body of ``value_recorded.v1`` for a reading.

    Parameters
    ----------
    source
        Passage, citation or derivation; ``None`` for what was looked for and not found.
    layer
        Text layer of the passage's document.
    taken
        Ids that the person's own readings have: another reading of such a cell gets a new number.
        Other people's ids play no part, or an id would tell of them.
    """
    body: dict[str, Any] = {
        "study": reading.study,
        "arm": reading.arm,
        "outcome": reading.outcome,
        "definition": reading.definition.strip() or "not-stated",
        "estimand": reading.estimand,
        "visit": reading.visit,
        "statistic": reading.statistic,
        "number": reading.number.strip(),
        "unit": reading.unit.strip(),
        "denominator": reading.denominator.strip(),
    }
    if reading.note.strip():
        body["note"] = reading.note.strip()
    body |= _source_of(source, layer)
    body["id"] = row_id(body, fresh_n([body], taken))
    return body


def check_reading(
    reading: Reading, body: Mapping[str, Any], *, by: str, protocol: Protocol
) -> None:
    """Refuse words that the protocol does not have, and bodies that are no value.

    Raises
    ------
    BadInput
        Naming the nearest word, or what is wrong with the number.
    """
    check_word(reading.statistic, STATISTICS, "statistic")
    check_word(reading.estimand, ESTIMANDS, "estimand")
    check_slug(reading.arm, what="the arm")
    check_outcome(protocol, reading.outcome, reading.visit)
    value_from_body(body, extractor=by)


def same_cell(datum: Datum, reading: Reading) -> bool:
    """Tell whether a reading is about the very place of a value."""
    cell = datum.cell
    return (cell.study, cell.arm, cell.outcome, cell.visit, cell.estimand, datum.statistic) == (
        reading.study, reading.arm, reading.outcome, reading.visit, reading.estimand,
        reading.statistic,
    )  # fmt: skip


def _source_of(source: Source | None, layer: Layer | None) -> dict[str, Any]:
    if source is None:
        return {"anchor_kind": "looked-for", "status": ""}
    if isinstance(source, Passage):
        if layer is None:
            raise AssertionError("a passage needs the layer of its document")
        anchor = anchor_of(layer, source)
        return {
            "anchor_kind": "passage",
            "status": "passage read",
            "document": anchor.document,
            "page": anchor.page,
            "start": anchor.start,
            "end": anchor.end,
            "quote": anchor.quote,
            "prefix": anchor.prefix,
            "suffix": anchor.suffix,
            "layer": anchor.layer,
        }
    if isinstance(source, CitationAnchor):
        return {
            "anchor_kind": "citation",
            "status": source.status,
            "citation": source.citation,
            "location": source.location,
        }
    return {
        "anchor_kind": "derivation",
        "status": "derived",
        "quote": source.formula,
        "inputs": list(source.inputs),
        **{k: v for k in ("citation", "location") if (v := getattr(source, k))},
    }


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a number goes on at ``end``; a stop or comma before a space ends it."""
    return text[end].isdigit() or (end + 1 < len(text) and text[end + 1].isdigit())
