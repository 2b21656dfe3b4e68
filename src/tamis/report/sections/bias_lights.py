"""Risk of bias beside a forest plot: small lights in the row of each study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tamis.domain.results import Synthesis
from tamis.domain.summaries import AppraisalSummary
from tamis.report.book import Book
from tamis.report.digits import has_digit
from tamis.report.phrase import Phrase, join, plain, say
from tamis.report.sections.bias import differing, settled
from tamis.report.sections.bias_words import appraised, heads_of, light_of
from tamis.report.traffic import strip
from tamis.report.view import Cell, Column, Row, Table

__all__ = ["lights", "with_lights"]


def lights(book: Book, study: str, synthesis: Synthesis) -> Cell:
    """Return the lights of a study's result in a synthesis, or the words that there are none."""
    one = _appraisal(book, study, synthesis)
    if one is None:
        rows = [a for a in differing(book.content.appraisals) if a.domains]
        begun = appraised(rows, study, synthesis) is not None
        return Cell(piece="assessors not settled" if begun else "not appraised")
    heads = heads_of(book, [one])
    shown = [light_of(book, one, head) for head in heads]
    said = "; ".join(
        f"{plain(head.label)}: {plain(light.words)}"
        for head, light in zip(heads, shown, strict=True)
        if not has_digit(plain(head.label) + plain(light.words))
    )
    return Cell(lights=strip(shown, f"Risk of bias. {said}"))


def with_lights(book: Book, synthesis: Synthesis, table: Table) -> Table:
    """Return a forest table with the lights of its studies before the figure, where there are any.

    The rows of the table are the effects of the synthesis in their order; rows after them (the
    summary) get an empty cell.
    """
    studies = [effect.study for effect in synthesis.effects]
    if all(_appraisal(book, study, synthesis) is None for study in studies):
        return table
    rows = [
        _with(row, lights(book, studies[place], synthesis) if place < len(studies) else Cell())
        for place, row in enumerate(table.rows)
    ]
    *front, last = table.columns
    return replace(
        table,
        columns=(*front, Column(piece="Risk of bias", width="lights"), last),
        rows=tuple(rows),
        notes=(*table.notes, *_legend(book, synthesis)),
    )


def _with(row: Row, cell: Cell) -> Row:
    *front, last = row.cells
    return replace(row, cells=(*front, cell, last))


def _appraisal(book: Book, study: str, synthesis: Synthesis) -> AppraisalSummary | None:
    rows = [a for a in settled(book.content.appraisals) if a.domains and a.role != "assessor"]
    return appraised(rows, study, synthesis)


def _legend(book: Book, synthesis: Synthesis) -> Iterator[Phrase]:
    """Say what the lights are, once for each tool in the table."""
    seen: set[tuple[str, str]] = set()
    for effect in synthesis.effects:
        one = _appraisal(book, effect.study, synthesis)
        if one is None or (one.tool, one.variant) in seen:
            continue
        seen.add((one.tool, one.variant))
        yield say(
            "Risk of bias ({tool}), from left to right: {names}. The signs are those of the figure "
            "of risk of bias.",
            tool=book.lit(one.tool_name, "label"),
            names=join([head.label for head in heads_of(book, [one])], "; "),
        )
