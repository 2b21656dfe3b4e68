"""Rows of ``values.csv`` -> events: cells get their number, passages their place and surroundings.

Nobody has to count characters: where a passage row leaves ``start`` and ``end`` empty, the quote is
looked for in the attached document (``document`` empty: in those of the study) and has to stand
there exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tamis.app.record.context import Context, at_row, draft, whole
from tamis.app.tables import Row
from tamis.app.words import check_outcome
from tamis.domain.canonical import short_hash
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.events import Draft
from tamis.domain.value_rows import fresh_n, row_id, value_from_body
from tamis.domain.values import PassageAnchor
from tamis.extraction import Layer, anchor_at, locate

__all__ = ["record_values"]

_CELL = ("study", "arm_or_contrast", "outcome", "visit", "estimand", "definition", "denominator",
         "citation", "document", "extractor", "anchor_kind")  # fmt: skip


def record_values(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    """Yield one draft a row, with the id that the value keeps for ever."""
    rows = [_placed(context, row) for row in rows]
    state = context.review.state
    taken = {v.id for v in state.values.values()} | {s.id for s in state.looked_for.values()}
    keyed = groupby(rows, key=lambda row: tuple(row[c] for c in _CELL))
    for _, group in keyed:
        yield from _cells(context, list(group), taken)


def _placed(context: Context, row: Row) -> Row:
    """Return a row whose passage has its place, found by its quote where the row leaves it out."""
    if row["anchor_kind"] != "passage" or (row["start"] and row["end"]):
        return row
    with at_row(row):
        if row["start"] or row["end"]:
            raise BadInput(
                "a passage has a start and no end, or the other way round",
                "give both, or leave both empty: the quote is then looked for",
            )
        anchor = _found(context, row)
    place = {
        "document": anchor.document,
        "page": str(anchor.page),
        "start": str(anchor.start),
        "end": str(anchor.end),
        "quote": anchor.quote,
    }
    return Row(cells={**row.cells, **place}, where=row.where)


def _found(context: Context, row: Row) -> PassageAnchor:
    """Return where the quote of a row stands: in one document of the study, exactly once.

    Raises
    ------
    BadInput, NotFound
        When there is no document to look in, or the quote stands nowhere or in several places.
    """
    layers = _layers(context, row)
    page = whole(row, "page") if row["page"] else None
    found, refused = [], []
    for layer in layers:
        try:
            found.append(locate(layer, row["quote"], page=page))
        except NotFound as error:
            refused.append(error)
    if len(found) > 1:
        raise BadInput(
            f"the quote stands in {len(found)} documents of {row['study']}",
            "say which: put the name of the file into 'document'",
        )
    if not found:
        raise refused[0]
    return found[0]


def _layers(context: Context, row: Row) -> list[Layer]:
    """Return the text of the document that a row names, or of those attached to its study."""
    state = context.review.state
    reports = {link.report for link in state.links.values() if link.study == row["study"]}
    attached = [d for d in state.documents.values() if d.report in reports]
    named = [d.sha256 for d in attached if row["document"] in (d.file, d.file.split("/")[-1])]
    wanted = named or ([row["document"]] if row["document"] else [d.sha256 for d in attached])
    if not wanted:
        raise BadInput(
            f"no document is attached to {row['study']}, so the quote cannot be looked for",
            "attach it (tamis record documents FILE.csv), or give a citation and a location with "
            "the anchor_kind 'citation'",
        )
    layers = [context.layers[name] for name in dict.fromkeys(wanted) if name in context.layers]
    if not layers:
        names = ", ".join(d.file for d in attached if d.sha256 in wanted) or short_hash(wanted[0])
        raise BadInput(
            f"the document is not in the folder, so the quote cannot be looked for: {names}",
            "put the file back where it was, or give page, start and end",
        )
    return layers


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
