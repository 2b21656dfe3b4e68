"""Other information: registration, deviations from protocol, support, interests, data."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book
from tamis.report.sections.deviations import deviation_notes, deviations

__all__ = ["other"]


def other(book: Book) -> Mapping[str, object]:
    """Return what the template ``other.html.j2`` prints."""
    head = book.content.protocol.head
    return {
        "registration": book.text(head.registration, "identifier"),
        "deviations": deviations(book),
        "deviation_notes": deviation_notes(book),
        "funding": book.text(head.funding, "quote"),
        "interests": book.text(head.interests, "quote"),
        "events": book.number(
            "log:events#n",
            book.content.event_count,
            digits=0,
            inputs=(head.id,),
            rule="number of events in the log, without seals and redactions",
            what="events in the log of this review",
        ),
    }
