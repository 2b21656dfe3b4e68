"""Results with a comparator: one forest table an outcome, and the sentence that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.results import BinaryRow, MeansRow, Synthesis
from tamis.report.book import Book
from tamis.report.interval_table import Forest, forest
from tamis.report.measures import measure_of
from tamis.report.numbers import (
    Shown,
    cell_numbers,
    effect_shown,
    pooled_shown,
    with_interval,
)
from tamis.report.phrase import NBSP, Phrase, Piece, join, say
from tamis.report.sections.bias_lights import with_lights
from tamis.report.sections.certainty import rating_line
from tamis.report.sections.headline import headline, scope, title_of
from tamis.report.sections.single import single_notes
from tamis.report.sections.synthesis_notes import synthesis_notes
from tamis.report.view import Cell, Column, Row, Table, columns, row

__all__ = ["Controlled", "controlled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """One controlled synthesis, ready for its template."""

    id: str
    title: Piece
    scope: Phrase
    headline: Phrase
    certainty: Phrase
    table: Table | None
    notes: tuple[Piece, ...]


def controlled(book: Book, synthesis: Synthesis) -> Controlled:
    """Return what is printed of a controlled synthesis."""
    plan = synthesis.plan
    return Controlled(
        id=f"result-{plan.id}",
        title=title_of(book, plan),
        scope=scope(book, synthesis),
        headline=headline(book, synthesis),
        certainty=rating_line(book, plan.id),
        table=with_lights(book, synthesis, _table(book, synthesis))
        if synthesis.rows and synthesis.effects
        else None,
        notes=(*single_notes(book, synthesis), *synthesis_notes(book, synthesis)),
    )  # fmt: skip


def _table(book: Book, synthesis: Synthesis) -> Table:
    plan = synthesis.plan
    shown = [
        effect_shown(book, synthesis, effect, _nth(synthesis, place))
        for place, effect in enumerate(synthesis.effects)
    ]
    measure = measure_of(synthesis.effects[0].measure)
    drawn = [number for s in shown if s for number in s.drawn]
    pooled = pooled_shown(book, synthesis, synthesis.pooled) if synthesis.pooled else None
    drawn += list(pooled.drawn) if pooled else []
    plot = forest(
        book, plan.id, drawn, ratio=measure.ratio, null=measure.null,
        inputs=[plan.id],
    )  # fmt: skip
    rows = [_row(book, synthesis, place, item, plot) for place, item in enumerate(shown)]
    if pooled:
        rows.append(_total(synthesis, pooled, plot))
    level = book.level(next((s.level for s in shown if s), 0.95))
    unit = f", {measure.unit}" if measure.unit else ""
    effect_head = say("{name}{unit} ({level} CI)", name=measure.name.capitalize(), unit=unit,
                      level=level)  # fmt: skip
    weights = any(effect.weight is not None for effect in synthesis.effects)
    return Table(
        id=f"table-{plan.id}",
        caption=say(
            "{outcome}: {first} against {second}, comparative studies only",
            outcome=book.names.outcome_title(plan.outcome),
            first=book.names.arm(plan.arms[0] or "intervention"),
            second=book.names.arm(plan.arms[1] or "comparator"),
        ),
        columns=columns(
            "Study",
            Column(piece=book.names.arm(plan.arms[0] or "intervention"), number=True),
            Column(piece=book.names.arm(plan.arms[1] or "comparator"), number=True),
            Column(piece=effect_head, number=True),
            *((Column(piece="Weight", number=True),) if weights else ()),
            Column(piece="Estimate and interval", width="plot"),
        ),
        rows=tuple(rows),
        notes=_favours(book, synthesis),
        axis=plot.axis,
    )


def _nth(synthesis: Synthesis, place: int) -> int:
    mine = synthesis.effects[place].study
    return sum(1 for effect in synthesis.effects[:place] if effect.study == mine)


def _row(book: Book, synthesis: Synthesis, place: int, shown: Shown | None, plot: Forest) -> Row:
    effect = synthesis.effects[place]
    first, second = _arm_cells(book, synthesis, place)
    weight = effect.weight
    cells: list[Piece | Cell] = [
        book.names.study(effect.study),
        Cell(piece=first, number=True),
        Cell(piece=second, number=True),
        Cell(piece=with_interval(shown) if shown else "not estimable", number=True),
    ]
    if any(e.weight is not None for e in synthesis.effects):
        cells.append(Cell(piece=_weight(book, synthesis, place), number=True))
    cells.append(Cell(plot=plot.row(*shown.drawn, weight) if shown else None))
    return row(*cells)


def _weight(book: Book, synthesis: Synthesis, place: int) -> Piece:
    effect = synthesis.effects[place]
    quantity = book.number(
        f"weight:{synthesis.plan.id}/{effect.study}.{place + 1}#percent",
        effect.weight,
        digits=1,
        unit="%",
        inputs=effect.inputs or (effect.study,),
        rule="share of the summary's weight",
        what=say("weight of {study}", study=book.names.study(effect.study)),
    )
    return say(f"{{w}}{NBSP}%", w=quantity)


def _arm_cells(book: Book, synthesis: Synthesis, place: int) -> tuple[Piece, Piece]:
    item = synthesis.rows[place] if place < len(synthesis.rows) else None
    if isinstance(item, BinaryRow):
        a, m, c, n = cell_numbers(book, synthesis.plan.id, item)
        return say("{a}/{m}", a=a, m=m), say("{c}/{n}", c=c, n=n)
    if isinstance(item, MeansRow):
        m1, s1, n1, m2, s2, n2 = cell_numbers(book, synthesis.plan.id, item)
        pattern = f"{{mean}} ({{sd}}), n{NBSP}={NBSP}{{n}}"
        return say(pattern, mean=m1, sd=s1, n=n1), say(pattern, mean=m2, sd=s2, n=n2)
    return "–", "–"


def _total(synthesis: Synthesis, pooled: Shown, plot: Forest) -> Row:
    weights = any(e.weight is not None for e in synthesis.effects)
    estimate, low, high = pooled.drawn
    drawing = None
    if estimate is not None and low is not None and high is not None:
        drawing = plot.diamond(estimate, low, high)
    blank: list[Piece | Cell] = ["Summary", "", "", Cell(piece=with_interval(pooled), number=True)]
    if weights:
        blank.append("")
    return row(*blank, Cell(plot=drawing), total=True)


def _favours(book: Book, synthesis: Synthesis) -> tuple[Piece, ...]:
    plan = synthesis.plan
    outcome = book.content.protocol.outcome(plan.outcome)
    parts: list[Piece] = []
    methods = list(dict.fromkeys(e.interval_method for e in synthesis.effects if e.interval_method))
    if methods:
        summary: Piece = ""
        if synthesis.pooled is not None:
            name = book.lit(synthesis.pooled.interval_method, "setting")
            summary = say("; of the summary: {m}", m=name)
        parts.append(
            say("Interval of each study: {m}{s}.", s=summary,
                m=join([book.lit(m, "setting") for m in methods], "; "))
        )  # fmt: skip
    if any(e.corrected for e in synthesis.effects):
        parts.append("A continuity correction was added to a study with an empty cell.")
    if outcome and measure_of(synthesis.effects[0].measure).null is not None:
        side = "right" if outcome.better == "higher" else "left"
        parts.append(
            say("To the {side} of the line the result is better with {arm}.", side=side,
                arm=book.names.arm(plan.arms[0] or "the intervention"))
        )  # fmt: skip
    return tuple(parts)
