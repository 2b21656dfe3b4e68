"""Notes of the review that no other part prints: conflicts, overlaps, unknowns, registrations."""

from __future__ import annotations

from tamis.domain.decisions import Note
from tamis.report.book import Book
from tamis.report.phrase import Piece, say
from tamis.report.sources import citation
from tamis.report.view import Cell, Table, columns, row

__all__ = ["note_tables"]

#: Topics that have a place of their own, and what people say while they work: drafts, tags, private
#: notes, seals and who looked behind one. The log keeps those; a report does not print them.
ELSEWHERE = frozenset(
    {
        "mechanism", "definition", "author", "deviation", "checklist", "recorded-for",
        "abstract-draft", "tag", "tag-word", "note", "highlight", "stage", "calibration",
        "blinding-opened", "extraction-sealed", "appraisal-opened", "study-proposal",
    }
)  # fmt: skip

#: Topic -> caption; other topics are printed under their own name.
CAPTIONS = {
    "conflict": "Sources that disagree",
    "overlap": "Studies that may share patients",
    "unknown": "What is unknown and stays unknown",
    "registration": "Registrations",
    "reports": "Studies with several reports",
    "published-synthesis": "Published syntheses",
    "published-review": "What the published review says",
    "full-text-decision": "Decisions on full texts",
    "threshold": "Notes on thresholds",
    "window": "Records and the dates of the published search",
    "topic": "Notes on the subject",
}


def note_tables(book: Book) -> tuple[Table, ...]:
    """Return one table a topic."""
    topics: dict[str, list[Note]] = {}
    for note in book.content.notes:
        if note.topic not in ELSEWHERE:
            topics.setdefault(note.topic, []).append(note)
    return tuple(_table(book, topic, topics[topic]) for topic in sorted(topics))


def _table(book: Book, topic: str, notes: list[Note]) -> Table:
    caption: Piece = CAPTIONS.get(topic) or book.lit(topic, "label")
    return Table(
        id=f"table-notes-{topic}",
        caption=caption,
        columns=columns("About", "Note", "By"),
        rows=tuple(
            row(
                book.text(note.subject, "identifier", "–"),
                Cell(items=tuple(_field(book, k, v) for k, v in note.fields if v.strip())),
                book.names.person(note.by),
            )
            for note in notes
        ),
    )


def _field(book: Book, key: str, text: str) -> Piece:
    words = citation(book, text) if key in ("citation", "url", "doi") else book.lit(text, "quote")
    if key in ("text", "words"):
        return words
    return say("{k}: {t}", k=book.lit(key.replace("_", " "), "label"), t=words)
