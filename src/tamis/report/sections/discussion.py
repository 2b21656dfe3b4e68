"""Discussion: what the certainty allows, limits read off the data, and the authors' own words."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.phrase import Phrase, Piece, say
from tamis.report.sections.conclusion import conclusion
from tamis.report.sections.limits import evidence_limits, process_limits

__all__ = ["discussion"]


def discussion(book: Book, flow: Flow) -> Mapping[str, object]:
    """Return what the template ``discussion.html.j2`` prints."""
    return {
        "interpretation": conclusion(book),
        "evidence": evidence_limits(book),
        "process": process_limits(book, flow),
        "notes": _author_notes(book),
    }


def _author_notes(book: Book) -> tuple[tuple[Piece, Phrase], ...]:
    """Return the authors' notes (topic ``author``): their words, signed and dated."""
    found = []
    for note in book.content.notes:
        if note.topic == "author":
            text = dict(note.fields).get("text", "")
            found.append(
                (
                    book.text(text, "quote", "(empty)"),
                    say("{who}, {day}", who=book.names.person(note.by), day=book.day(note.at)),
                )
            )
    return tuple(found)
