"""Introduction: the rationale as the protocol words it, and the question by its parts."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book

__all__ = ["introduction"]


def introduction(book: Book) -> Mapping[str, object]:
    """Return what the template ``introduction.html.j2`` prints."""
    question = book.content.protocol.question
    return {
        "rationale": book.text(question.rationale, "definition", ""),
        "question": (
            ("Population", book.text(question.population, "definition")),
            ("Intervention", book.text(question.intervention, "definition")),
            ("Comparator", book.text(question.comparator, "definition")),
            ("Outcomes", book.text(question.outcomes, "definition")),
            ("Study designs", book.text(question.designs, "definition")),
        ),
    }
