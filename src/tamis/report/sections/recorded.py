"""Who typed in what others decided: the notes that ``tamis record`` leaves beside such rows."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book
from tamis.report.phrase import Phrase, join, say

__all__ = ["TOPIC", "recorded_for"]

#: Topic of the note that names the table, the people whose rows it held and how many there were.
TOPIC = "recorded-for"

#: Table -> what its rows are called in a sentence.
ROWS: Mapping[str, str] = {
    "pairs": "Decisions on pairs of records",
    "votes": "Verdicts",
    "consensus": "Settlements of disagreements",
    "documents": "Attachments",
    "values": "Values",
    "appraisals": "Answers on risk of bias",
    "appraisal-consensus": "Settlements on risk of bias",
    "grades": "Decisions on certainty",
    "notes": "Notes",
}


def recorded_for(book: Book, *tables: str) -> tuple[Phrase, ...]:
    """Return one sentence a table and recorder: whose rows somebody else entered."""
    held: dict[tuple[str, str], dict[str, None]] = {}
    for note in book.content.notes:
        fields = dict(note.fields)
        table = fields.get("table", "")
        if note.topic == TOPIC and table in tables:
            people = held.setdefault((table, note.by), {})
            people.update(dict.fromkeys(fields.get("people", "").split()))
    return tuple(
        say(
            "{rows} of {people} were entered by {by} from a table.",
            rows=ROWS.get(table, "Rows"),
            people=join([book.names.person(p) for p in people], ", ", " and "),
            by=book.names.person(by),
        )
        for (table, by), people in held.items()
        if people
    )
