"""What was observed without a comparator: proportions by study, never next to a controlled effect.

Every table and drawing of this part carries the label ``NO_COMPARATOR``; no verb of effect is
available here (docs/reference/grading.md A10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tamis.domain.results import ProportionRow, Synthesis
from tamis.domain.values import Cell as DataCell
from tamis.report.book import Book
from tamis.report.interval_table import Forest, forest
from tamis.report.numbers import Shown, cell_numbers, effect_shown, pooled_shown, with_interval
from tamis.report.phrase import Phrase, Piece, distinct, join, say, sentence
from tamis.report.sections.certainty import rating_of
from tamis.report.sections.definitions import definition_words
from tamis.report.sections.headline import title_of
from tamis.report.sections.people import studies_in
from tamis.report.sections.synthesis_notes import synthesis_notes
from tamis.report.view import Cell, Column, Row, Table, columns, row

__all__ = ["NO_COMPARATOR", "Uncontrolled", "uncontrolled", "uncontrolled_line"]

NO_COMPARATOR = "no comparator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncontrolled:
    """The single-arm syntheses of one outcome, ready for their template."""

    id: str
    title: Piece
    line: Phrase | None
    certainty: tuple[Phrase, ...]
    table: Table | None
    notes: tuple[Piece, ...]


def uncontrolled(book: Book, syntheses: Sequence[Synthesis]) -> tuple[Uncontrolled, ...]:
    """Return one entry an outcome, in the order in which the outcomes come up."""
    by_outcome: dict[str, list[Synthesis]] = {}
    for synthesis in syntheses:
        by_outcome.setdefault(synthesis.plan.outcome, []).append(synthesis)
    return tuple(_of_outcome(book, outcome, group) for outcome, group in by_outcome.items())


def _of_outcome(book: Book, outcome: str, group: Sequence[Synthesis]) -> Uncontrolled:
    notes: list[Piece] = []
    for synthesis in group:
        notes += [*_why_not(book, synthesis), *synthesis_notes(book, synthesis)]
    return Uncontrolled(
        id=f"observed-{outcome}-{group[0].plan.layer}",
        title=say("{o}:", o=book.names.outcome_title(outcome)),
        line=uncontrolled_line(book, outcome, group),
        certainty=tuple(
            say("{t}: {c}", t=title_of(book, s.plan), c=line)
            for s in group
            if (line := rating_of(book, s.plan.id))
        ),
        table=_table(book, outcome, group) if any(s.effects for s in group) else None,
        notes=distinct(notes),
    )


def _why_not(book: Book, synthesis: Synthesis) -> list[Phrase]:
    if synthesis.refusal is None:
        return []
    return [
        book.spoken(
            f"Not pooled: {sentence(synthesis.refusal.message)}",
            name=f"refusal/{synthesis.plan.id}",
            inputs=[name for item in synthesis.rows for name in item.inputs],
            rule=synthesis.refusal.rule,
        )
    ]


def uncontrolled_line(book: Book, outcome: str, group: Sequence[Synthesis]) -> Phrase | None:
    """Return what was seen, study by study; ``None`` when there is nothing to say."""
    seen: list[Piece] = []
    for synthesis in group:
        for item in synthesis.rows:
            if isinstance(item, ProportionRow):
                events, n = cell_numbers(book, synthesis.plan.id, item)
                cell = _cell(book, item.inputs)
                when: Piece = book.names.when(cell) if cell else "time not stated"
                seen.append(
                    say("{a} of {n} in {study} ({when})", a=events, n=n, when=when,
                        study=book.names.study(item.study))
                )  # fmt: skip
    if not seen:
        return None
    return say(
        "{outcome}, without a comparison group: {seen}. Without one this says nothing certain "
        "about an effect of the intervention.",
        outcome=book.names.outcome_title(outcome),
        seen=join(seen, "; "),
    )


def _table(book: Book, outcome: str, group: Sequence[Synthesis]) -> Table:
    shown = [
        (synthesis, place, effect_shown(book, synthesis, effect, _nth(synthesis, place)))
        for synthesis in group
        for place, effect in enumerate(synthesis.effects)
    ]
    known = [s for _, _, s in shown if s]
    plot = forest(
        book,
        f"{outcome}-{group[0].plan.layer}-observed",
        [0.0, 100.0],
        ratio=False,
        null=None,
        inputs=[synthesis.plan.id for synthesis in group],
    )
    rows = [_row(book, synthesis, place, one, plot) for synthesis, place, one in shown]
    rows += [line for synthesis in group for line in _summary(book, synthesis, plot)]
    methods = list(dict.fromkeys(s.method for s in known))
    notes: list[Piece] = [
        "No comparator: the rows describe the people treated and are not compared with each other."
    ]
    if methods:
        notes.append(say("Interval: {m}.", m=join([book.lit(m, "setting") for m in methods], "; ")))
    level = book.level(known[0].level if known else 0.95)
    return Table(
        id=f"table-observed-{outcome}-{group[0].plan.layer}",
        caption=say("{o}: studies without a comparator", o=book.names.outcome_title(outcome)),
        columns=columns(
            "Study",
            "Definition and time",
            Column(piece="Events/people", number=True),
            Column(piece=say("% ({level} CI)", level=level), number=True),
            Column(piece="Per cent and interval", width="plot"),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
        axis=plot.axis,
    )


def _nth(synthesis: Synthesis, place: int) -> int:
    mine = synthesis.effects[place].study
    return sum(1 for effect in synthesis.effects[:place] if effect.study == mine)


def _row(book: Book, synthesis: Synthesis, place: int, shown: Shown | None, plot: Forest) -> Row:
    effect = synthesis.effects[place]
    item = synthesis.rows[place] if place < len(synthesis.rows) else None
    counts: Piece = "–"
    if isinstance(item, ProportionRow):
        events, n = cell_numbers(book, synthesis.plan.id, item)
        counts = say("{a}/{n}", a=events, n=n)
    return row(
        say("{study} ({label})", study=book.names.study(effect.study), label=NO_COMPARATOR),
        _defined(book, effect.inputs),
        Cell(piece=counts, number=True),
        Cell(piece=with_interval(shown) if shown else "not estimable", number=True),
        Cell(plot=plot.row(*shown.drawn, effect.weight) if shown else None),
    )


def _cell(book: Book, inputs: Sequence[str]) -> DataCell | None:
    return next((book.values[i].cell for i in inputs if i in book.values), None)


def _defined(book: Book, inputs: Sequence[str]) -> Piece:
    cell = _cell(book, inputs)
    if cell is None:
        return "not stated"
    return say("{definition}; {when}", definition=definition_words(book, cell.definition),
               when=book.names.when(cell))  # fmt: skip


def _summary(book: Book, synthesis: Synthesis, plot: Forest) -> list[Row]:
    pooled = synthesis.pooled
    if pooled is None:
        return []
    shown = pooled_shown(book, synthesis, pooled)
    estimate, low, high = shown.drawn
    drawing = None
    if estimate is not None and low is not None and high is not None:
        drawing = plot.diamond(estimate, low, high)
    return [
        row(
            say("Summary of {k} studies ({label})", k=studies_in(book, synthesis),
                label=NO_COMPARATOR),
            "",
            "",
            Cell(piece=with_interval(shown), number=True),
            Cell(plot=drawing),
            total=True,
        )
    ]  # fmt: skip
