"""Results with a comparator: one forest table an outcome, and the sentence that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.quantities import Quantity
from tamis.domain.question import SynthesisPlan
from tamis.domain.results import BinaryRow, MeansRow, Synthesis
from tamis.report.book import Book
from tamis.report.forest import Forest, forest
from tamis.report.measures import measure_of
from tamis.report.numbers import (
    Shown,
    cell_numbers,
    effect_shown,
    interval_phrase,
    pooled_shown,
    single_shown,
    with_interval,
)
from tamis.report.phrase import NBSP, Phrase, Piece, join, say, sentence
from tamis.report.sections.certainty import rating_line
from tamis.report.sections.single import single_notes
from tamis.report.sections.synthesis_notes import synthesis_notes
from tamis.report.view import Cell, Column, Row, Table, columns, row

__all__ = ["Controlled", "controlled", "headline"]


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
        table=_table(book, synthesis) if synthesis.rows and synthesis.effects else None,
        notes=(*single_notes(book, synthesis), *synthesis_notes(book, synthesis)),
    )  # fmt: skip


def title_of(book: Book, plan: SynthesisPlan) -> Piece:
    """Return the title of a planned synthesis, or the name of its outcome."""
    return book.lit(plan.title, "label") if plan.title else book.names.outcome_title(plan.outcome)


def scope(book: Book, synthesis: Synthesis) -> Phrase:
    """Return definition, estimand and visit of a synthesis in one sentence."""
    plan = synthesis.plan
    outcome = book.content.protocol.outcome(plan.outcome)
    definition = outcome.definition if outcome else "not-stated"
    stated: Piece = "no definition is stated"
    if definition and definition != "not-stated":
        stated = say("defined in the protocol as: {text}", text=book.lit(definition, "definition"))
    return say(
        "Estimand: {estimand}{visit}; {stated}.",
        estimand=book.text(plan.estimand, "label"),
        visit=say(", {visit}", visit=book.names.visit(plan.visit)) if plan.visit else "",
        stated=stated,
    )


def headline(book: Book, synthesis: Synthesis) -> Phrase:
    """Return the sentence of a controlled result; it never says more than the numbers.

    Examples
    --------
    "One trial, 18 people: 9 of 12 against 5 of 6, risk difference −8 percentage points
    (95 % CI −40 to 34)." (docs/reference/statistics.md section 13)
    """
    if synthesis.refusal is not None:
        return say("No estimate. {why}", why=_refusal(book, synthesis))
    if synthesis.pooled is not None:
        return _pooled_line(book, synthesis)
    if not synthesis.rows:
        return say("No study reports it.")
    return _single_line(book, synthesis)


def _refusal(book: Book, synthesis: Synthesis) -> Phrase:
    refusal = synthesis.refusal
    if refusal is None:
        return Phrase(())
    inputs = [name for row in synthesis.rows for name in row.inputs]
    message = sentence(refusal.message)
    return book.spoken(
        message, name=f"refusal/{synthesis.plan.id}", inputs=inputs, rule=refusal.rule
    )


def _people(book: Book, synthesis: Synthesis) -> Quantity:
    ns: list[Quantity] = []
    for item in synthesis.rows:
        numbers = cell_numbers(book, synthesis.plan.id, item)
        if isinstance(item, BinaryRow):
            ns += [numbers[1], numbers[3]]
        elif isinstance(item, MeansRow):
            ns += [numbers[2], numbers[5]]
    return book.number(
        f"syn:{synthesis.plan.id}#n",
        sum(int(q.value) for q in ns if q.value is not None),
        digits=0,
        inputs=list(dict.fromkeys(q.id for q in ns)),
        rule="sum of the participants of the arms",
        what="people in the comparison",
    )


def _single_line(book: Book, synthesis: Synthesis) -> Phrase:
    first = synthesis.rows[0]
    shown = _main(book, synthesis)
    opening: Piece = say("One trial, {n} people: ", n=_people(book, synthesis))
    counts: Piece = ""
    if isinstance(first, BinaryRow):
        a, m, c, n = cell_numbers(book, synthesis.plan.id, first)
        counts = say("{a} of {m} against {c} of {n}, ", a=a, m=m, c=c, n=n)
    if shown is None:
        return say("{opening}{counts}effect not estimable.", opening=opening, counts=counts)
    return say(
        "{opening}{counts}{measure} {e}{unit} ({interval}).",
        opening=opening,
        counts=counts,
        measure=shown.measure.name,
        e=shown.estimate,
        unit=_unit(book, synthesis, shown),
        interval=interval_phrase(book, shown),
    )


def _unit(book: Book, synthesis: Synthesis, shown: Shown) -> Piece:
    if shown.measure.unit:
        return f"{NBSP}{shown.measure.unit}"
    if synthesis.plan.measure != "MD":
        return ""
    outcome = book.content.protocol.outcome(synthesis.plan.outcome)
    inputs = [name for item in synthesis.rows for name in item.inputs]
    units = {book.values[i].unit for i in inputs if i in book.values and book.values[i].statistic in
             ("mean", "sd")}  # fmt: skip
    unit = units.pop() if len(units) == 1 else (outcome.unit if outcome else "")
    return say(f"{NBSP}{{unit}}", unit=book.lit(unit, "label")) if unit else ""


def _main(book: Book, synthesis: Synthesis) -> Shown | None:
    """Return the result the sentence gives: the risk difference for counts, else the plan's."""
    if not synthesis.single:
        if not synthesis.effects:
            return None
        return effect_shown(book, synthesis, synthesis.effects[0], 0)
    counts = isinstance(synthesis.rows[0], BinaryRow)
    wanted = ("RD", synthesis.plan.measure) if counts else (synthesis.plan.measure,)
    for measure in wanted:
        for single in synthesis.single:
            if single.measure == measure and single.intervals:
                return single_shown(book, synthesis, single)
    return single_shown(book, synthesis, synthesis.single[0])


def _pooled_line(book: Book, synthesis: Synthesis) -> Phrase:
    pooled = synthesis.pooled
    if pooled is None:
        return Phrase(())
    shown = pooled_shown(book, synthesis, pooled)
    return say(
        "{k} studies, {n} people: {measure} {e}{unit} ({interval}; {method}).",
        k=studies_in(book, synthesis),
        n=_people(book, synthesis),
        measure=shown.measure.name,
        e=shown.estimate,
        unit=_unit(book, synthesis, shown),
        interval=interval_phrase(book, shown),
        method=METHODS.get(pooled.method) or book.lit(pooled.method, "setting"),
    )


#: Names of estimators as they are printed; others are printed as they are called.
METHODS = {"FE": "common effect", "REML": "random effects, REML"}


def studies_in(book: Book, synthesis: Synthesis) -> Quantity:
    """Return how many studies a synthesis has."""
    return book.count(
        f"syn-studies:{synthesis.plan.id}",
        [effect.study for effect in synthesis.effects],
        "set of studies in the synthesis",
        "studies in the synthesis",
    )


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
        parts.append(say("Interval: {m}.", m=join([book.lit(m, "setting") for m in methods], "; ")))
    if any(e.corrected for e in synthesis.effects):
        parts.append("A continuity correction was added to a study with an empty cell.")
    if outcome and measure_of(synthesis.effects[0].measure).null is not None:
        side = "right" if outcome.better == "higher" else "left"
        parts.append(
            say("To the {side} of the line the result is better with {arm}.", side=side,
                arm=book.names.arm(plan.arms[0] or "the intervention"))
        )  # fmt: skip
    return tuple(parts)
