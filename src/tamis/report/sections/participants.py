"""How many people the included studies have: the sum of what the studies say, never an estimate."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.quantities import Quantity
from tamis.domain.values import Value
from tamis.report.book import Book
from tamis.report.phrase import Piece, counted, say

__all__ = ["participants", "study_participants"]


def study_participants(book: Book, study: str) -> tuple[Value, ...]:
    """Return the values that together count a study's people: all, or else one an arm."""
    found = sorted(
        (
            v
            for v in book.content.extraction.values
            if v.cell.study == study
            and v.cell.outcome == "participants"
            and v.statistic == "n"
            and v.cell.n == 1
            and v.number is not None
        ),
        key=lambda v: v.id,
    )
    whole = tuple(v for v in found if v.cell.arm == "all")
    return whole or tuple(found)


def participants(book: Book, studies: Sequence[str]) -> tuple[Quantity, Piece] | None:
    """Return the sum over studies, and a note when some study does not say; ``None`` if none do."""
    per_study = {study: study_participants(book, study) for study in sorted(studies)}
    values = [v for found in per_study.values() for v in found]
    if not values:
        return None
    total = book.number(
        "participants:included#n",
        sum(int(v.number) for v in values if v.number is not None),
        digits=0,
        inputs=[f"{v.id}#printed" for v in values if book.value(v)],
        rule="sum of participants over studies",
        what="participants of the included studies",
    )
    silent = [study for study, found in per_study.items() if not found]
    note: Piece = ""
    if silent:
        number = book.count(
            "participants:unknown",
            silent,
            "set of included studies without a number of participants",
            "included studies whose number of participants is unknown",
        )
        note = say(
            ", without {n} whose number was not found", n=counted(number, "study", "studies")
        )
    return total, note
