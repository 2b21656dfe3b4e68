"""Mechanism claims: who says it, on what kind of evidence. None of them is evidence of effect."""

from __future__ import annotations

from tamis.report.book import Book
from tamis.report.phrase import Piece, say
from tamis.report.sources import citation
from tamis.report.view import Cell, Row, Table, columns, row

__all__ = ["mechanisms"]


def mechanisms(book: Book) -> Table | None:
    """Return the table of mechanism notes, grouped by claim."""
    notes = [n for n in book.content.notes if n.topic == "mechanism"]
    if not notes:
        return None
    rows = [_row(book, dict(note.fields)) for note in notes]
    return Table(
        id="table-mechanisms",
        caption="Claims about mechanism and the kind of evidence each rests on",
        columns=columns("Claim", "Kind of evidence", "Verdict", "Source", "Status"),
        rows=tuple(rows),
        notes=("A mechanism is no evidence of an effect in patients.",),
    )


def _row(book: Book, fields: dict[str, str]) -> Row:
    name = fields.get("edge", "")
    return row(
        say("{id}{claim}", id=say("{id} ", id=book.lit(name, "identifier")) if name else "",
            claim=_claim(book, fields)),
        Cell(items=_parts(book, fields.get("evidence_kind", ""), "label")),
        book.text(fields.get("verdict", ""), "quote", "–"),
        Cell(items=_sources(book, fields)),
        book.text(fields.get("status", ""), "label", "status not given"),
    )  # fmt: skip


def _parts(book: Book, text: str, kind: str) -> tuple[Piece, ...]:
    parts = tuple(book.lit(part, kind) for part in text.split("; ") if part.strip())
    return parts or ("not stated",)


def _claim(book: Book, fields: dict[str, str]) -> Piece:
    return book.text(fields.get("claim", ""), "quote", "claim not worded")


def _sources(book: Book, fields: dict[str, str]) -> tuple[Piece, ...]:
    cited = [part.strip() for part in fields.get("citation", "").split("; ") if part.strip()]
    if not cited:
        return ("source not given",)
    found: list[Piece] = [citation(book, part) for part in cited]
    where = fields.get("location", "").strip()
    if where:
        found.append(say("({w})", w=book.lit(where, "citation")))
    return tuple(found)
