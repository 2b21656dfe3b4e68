"""Rows of ``values.csv`` -> events: cells get their number, passages their surroundings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tamis.app.record_context import Context, at_row, draft, whole
from tamis.app.tables import Row
from tamis.app.words import check_outcome
from tamis.domain.errors import BadInput
from tamis.domain.events import Draft
from tamis.domain.value_rows import fresh_n, row_id, value_from_body
from tamis.extraction import anchor_at

__all__ = ["record_values"]

_CELL = ("study", "arm_or_contrast", "outcome", "visit", "estimand", "definition", "denominator",
         "citation", "document", "extractor", "anchor_kind")  # fmt: skip


def record_values(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    """Yield one draft a row, with the id that the value keeps for ever."""
    state = context.review.state
    taken = {v.id for v in state.values.values()} | {s.id for s in state.looked_for.values()}
    keyed = groupby(rows, key=lambda row: tuple(row[c] for c in _CELL))
    for _, group in keyed:
        yield from _cells(context, list(group), taken)


def _cells(context: Context, rows: Sequence[Row], taken: set[str]) -> Iterator[tuple[Row, Draft]]:
    """Give each cell of a run of rows its number; a statistic that comes again opens a new cell."""
    open_rows: list[Row] = []
    for row in [*rows, None]:
        again = row is None or any(row["statistic"] == r["statistic"] for r in open_rows)
        if again and open_rows:
            bodies = [_value_body(context, r) for r in open_rows]
            n = _standing_n(context, open_rows, bodies) or fresh_n(bodies, taken)
            for one, body in zip(open_rows, bodies, strict=True):
                body["id"] = row_id(body, n)
                taken.add(body["id"])
                yield one, _value_draft(context, one, body)
            open_rows = []
        if row is not None:
            open_rows.append(row)


def _standing_n(context: Context, rows: Sequence[Row], bodies: Sequence[Mapping[str, Any]]) -> int:
    """Return the number under which this cell already stands in the log, or 0."""
    for row, body in zip(rows, bodies, strict=True):
        actor = row["extractor"] or context.by
        row_draft = draft(context, "value_recorded.v1", body["study"], body, actor=actor)
        before = context.standing.peek(row_draft)
        if before is not None and before.body is not None:
            _, _, n = str(before.body["id"]).partition("#")
            return int(n or 1)
    return 0


def _value_body(context: Context, row: Row) -> dict[str, Any]:
    body: dict[str, Any] = {
        "study": row["study"],
        "arm": row["arm_or_contrast"],
        "outcome": row["outcome"],
        "definition": row["definition"] or "not-stated",
        "estimand": row["estimand"],
        "visit": row["visit"],
        "statistic": row["statistic"],
        "number": row["number"],
        "unit": row["unit"],
        "denominator": row["denominator"],
        "anchor_kind": row["anchor_kind"],
        "status": row["status"],
    }
    for key in ("document", "quote", "citation", "location", "note"):
        if row[key]:
            body[key] = row[key]
    for key in ("page", "start", "end"):
        if row[key]:
            body[key] = whole(row, key)
    if row["inputs"]:
        body["inputs"] = [name.strip() for name in row["inputs"].split(";") if name.strip()]
    if row["anchor_kind"] == "passage":
        with at_row(row):
            body |= _surroundings(context, body)
    return body


def _surroundings(context: Context, body: Mapping[str, Any]) -> dict[str, str]:
    """Return the words around a passage, so that it is found again in another copy.

    Nothing is known of a document that does not lie in the folder.
    """
    layer = context.layers.get(body.get("document", ""))
    if layer is None:
        return {}
    anchor = anchor_at(layer, (body["page"], (body["start"], body["end"])))
    if anchor.quote != body.get("quote", ""):
        raise BadInput(
            f"page {anchor.page} reads {anchor.quote!r} there, and the row {body.get('quote')!r}",
            "copy the quote from the document, with its page and place",
        )
    return {"prefix": anchor.prefix, "suffix": anchor.suffix, "layer": anchor.layer}


def _value_draft(context: Context, row: Row, body: Mapping[str, Any]) -> Draft:
    actor = row["extractor"] or context.by
    with at_row(row):
        check_outcome(context.protocol, body["outcome"], body["visit"])
        value_from_body(body, extractor=actor)
    return draft(context, "value_recorded.v1", body["study"], body, actor=actor)
