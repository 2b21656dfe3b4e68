"""Where a reason was read, in words for a table: a document and its page, a citation, a note."""

from __future__ import annotations

from collections.abc import Callable

from tamis.domain.decisions import Note
from tamis.domain.values import CitationAnchor, Derivation, PassageAnchor, Value
from tamis.report.content import ReportContent

__all__ = ["places_of"]

#: Fields of a note that say where it was read, the first that is there.
_NOTED = ("citation", "source", "address", "where")


def places_of(content: ReportContent) -> Callable[[str], str]:
    """Return a function from the id of a value, record, note or item sought to where it was read.

    An id that none of these has gives an empty text.
    """
    values = {value.id: value for value in content.extraction.values}
    notes = {note.event: note for note in content.notes if note.event}
    sought = {item.id: item.where for item in content.extraction.looked_for}

    def place(name: str) -> str:
        if name in values:
            return _of_value(values[name])
        if name in sought:
            return f"looked for in: {sought[name]}"
        if name in content.records:
            return f"record {name}"
        return _of_note(notes[name]) if name in notes else ""

    return place


def _of_value(value: Value) -> str:
    match value.source:
        case PassageAnchor() as anchor:
            return f"{anchor.document}, page {anchor.page}: “{anchor.quote}”"
        case CitationAnchor() as cited:
            return f"{cited.location}, {cited.citation}" if cited.location else cited.citation
        case Derivation() as derived:
            return f"derived: {derived.formula}"


def _of_note(note: Note) -> str:
    fields = dict(note.fields)
    found = next((fields[name] for name in _NOTED if fields.get(name)), "")
    location = fields.get("location", "")
    if not found:
        return f"a note of this review by {note.by}, {note.at[:10]}"
    return f"{location}, {found}" if location else found
