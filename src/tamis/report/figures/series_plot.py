"""Series of pools as forest plots: without each study in turn, and study by study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow
from tamis.report.documents.sheet import Drawing, Line, Place, Sheet, wrapped
from tamis.report.figures.figure import Cell, Figure
from tamis.report.figures.forest_columns import HEAD_WIDE, named
from tamis.report.figures.forest_notes import model_words
from tamis.report.figures.forest_plot import WIDTH, bounds_of, guides
from tamis.report.figures.given import Given, Result, given
from tamis.report.figures.paging import DENSE, LEAST, Block, Item, paged
from tamis.report.figures.reach import figure_axis
from tamis.report.figures.strokes import axis_marks, interval, summary
from tamis.report.figures.words import digits_for, effect, p_value, percent, span
from tamis.report.scale import Axis
from tamis.synthesis import Fit, PoolSettings, fit_rows
from tamis.synthesis.scales import SIZED, back
from tamis.synthesis.sensitivity import Step
from tamis.synthesis.sensitivity import cumulative as cumulative_steps
from tamis.synthesis.sensitivity import leave_one_out as left_out_steps

__all__ = ["cumulative", "leave_one_out"]

#: Room for arrows at the ends of the plot.
MARGIN = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What a series is called, and how it is made."""

    name: str
    head: str
    said: str
    prefix: str
    fewest: int
    steps: Callable[..., tuple[Step, ...]]


_LEFT_OUT = _Kind(
    name="leave-one-out", head="Without", prefix="", fewest=3, steps=left_out_steps,
    said="Each row is the summary of all studies but the named one.",
)  # fmt: skip

_CUMULATIVE = _Kind(
    name="cumulative", head="Up to and with", prefix="", fewest=2, steps=cumulative_steps,
    said="Each row is the summary of the named study and all above it, in the order of the table.",
)  # fmt: skip


def leave_one_out(
    result: Result, *, title: str = "", axis: tuple[float, float] | None = None
) -> Figure:
    """Draw the summary without each study in turn, above the summary of all.

    It is computed by inverse variance with the settings of the result, also where the result itself
    is a mixed model or by Mantel-Haenszel.

    Raises
    ------
    BadInput
        For fewer than three studies with a standard error.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": ["a", "b", "c"], "yi": [0.1, 0.2, 2.0], "vi": [0.1, 0.1, 0.1]}
    >>> figure = leave_one_out(meta_analyse(table, measure="MD"))
    >>> [(row["study"], round(row["estimate"], 2)) for row in figure.table()]
    [('a', 1.1), ('b', 1.05), ('c', 0.15), ('all', 0.77)]
    """
    return _drawn(given(result), _LEFT_OUT, title, axis)


def cumulative(
    result: Result, *, title: str = "", axis: tuple[float, float] | None = None
) -> Figure:
    """Draw the summary as it grows study by study, in the order of the table.

    Sort the table by year to see how the evidence came about. It is computed by inverse variance.

    Raises
    ------
    BadInput
        For fewer than two studies with a standard error.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": ["a", "b"], "yi": [0.1, 0.3], "vi": [0.1, 0.1]}
    >>> figure = cumulative(meta_analyse(table, measure="MD"))
    >>> [(row["study"], row["k"], round(row["estimate"], 2)) for row in figure.table()]
    [('a', 1, 0.1), ('b', 2, 0.2), ('all', 2, 0.2)]
    """
    return _drawn(given(result), _CUMULATIVE, title, axis)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One pool on the scale that is shown."""

    study: str
    k: int
    estimate: float
    low: float
    high: float
    p: float | None
    tau2: float | None
    i2: float | None


def _drawn(found: Given, kind: _Kind, title: str, within: tuple[float, float] | None) -> Figure:
    rows, whole_row = _rows(found, kind)
    spreads = [(row.estimate, row.low, row.high) for row in (*rows, whole_row)]
    scale = figure_axis(
        spreads, log=found.log, null=found.kind.null, width=WIDTH, margin=MARGIN, within=within,
        bounds=bounds_of(found),
    )  # fmt: skip
    digits = digits_for(v for spread in spreads for v in spread)
    table = tuple(_numbers(row) for row in (*rows, whole_row))
    name = title or f"{kind.name.capitalize()} plot: {found.label}, {whole_row.k} studies"
    settings = found.pooling()
    foot = axis_marks(scale, width=WIDTH, label=_label(found), favours=("", ""), null=None)
    frame = Sheet(
        title=name, desc=kind.said, id=f"s{sha256_hex(repr((table, name)).encode())[:8]}",
        columns=6, head=tuple(_head(found, kind, title)), body=(),
        notes=(f"{kind.said} Model: {model_words(settings.method)}, inverse variance.",),
        guides=guides(scale, 1, found.kind.null, whole_row.estimate),
    )  # fmt: skip
    items = [Item(line=_line(row, found, digits, scale)) for row in rows]
    items.append(Item(line=_line(whole_row, found, digits, scale, last=True)))
    axis_line = Line(places=(Place(), Place(drawing=foot)), least=foot.height)
    drawn, pages = paged(Block(frame=frame, items=tuple(items), foot=axis_line))
    return Figure(kind=kind.name, title=name, desc=kind.said, rows=table, drawing=drawn.svg,
                  pages=pages)  # fmt: skip


def _rows(found: Given, kind: _Kind) -> tuple[list[_Row], _Row]:
    what = f"a {kind.name} plot"
    effects = found.effects(kind.fewest, what)
    if found.kind.scale in SIZED:
        raise BadInput(f"{what} is not made for {found.kind.name}", "use PLO, or IRLN for rates")
    settings = found.pooling()
    steps = kind.steps(effects, settings=settings)
    return [_of_step(step, found) for step in steps], _of_all(effects, settings, found)


def _of_step(step: Step, found: Given) -> _Row:
    scale = found.kind.scale
    return _Row(
        study=step.study, k=step.k, estimate=back(scale, step.mu), low=back(scale, step.low),
        high=back(scale, step.high), p=step.p, tau2=step.tau2, i2=step.i2,
    )  # fmt: skip


def _of_all(effects: Sequence[EffectRow], settings: PoolSettings, found: Given) -> _Row:
    done = fit_rows(effects, settings=settings)
    if not isinstance(done, Fit):
        raise BadInput(done.message, "give studies that can be pooled")
    scale = found.kind.scale
    return _Row(
        study="all", k=len(effects), estimate=back(scale, done.mu), low=back(scale, done.low),
        high=back(scale, done.high), p=done.p, tau2=done.tau2, i2=done.i2,
    )  # fmt: skip


def _line(row: _Row, found: Given, digits: int, scale: Axis, *, last: bool = False) -> Line:
    log = found.log
    drawn: Drawing | None
    if last:
        drawn = summary(scale, row.estimate, row.low, row.high, width=WIDTH)
    else:
        drawn = interval(scale, row.estimate, row.low, row.high, None, width=WIDTH)
    words = (
        f"{effect(row.estimate, log=log, digits=digits)} "
        f"({span(row.low, row.high, log=log, digits=digits)})"
    )
    name = f"All studies, k = {row.k}" if last else row.study
    return Line(
        places=(
            Place(lines=named(name)), Place(drawing=drawn),
            Place(lines=(words,), side="right"),
            Place(lines=(p_value(row.p).removeprefix("p = ").removeprefix("p "),), side="right"),
            Place(lines=("–" if row.tau2 is None else f"{row.tau2:.3f}",), side="right"),
            Place(lines=("–" if row.i2 is None else percent(row.i2),), side="right"),
        ),
        least=22 if last else LEAST, bold=last, rule=last, pad=DENSE,
    )  # fmt: skip


def _head(found: Given, kind: _Kind, title: str) -> Iterator[Line]:
    if title:
        above = Place(lines=tuple(wrapped(title, 60.0)), spans=True)
        yield Line(places=(above,), least=20, bold=True)
    heads = (
        Place(lines=(kind.head,)), Place(),
        Place(lines=(*wrapped(found.heading, HEAD_WIDE), f"({found.percent} CI)"), side="right"),
        Place(lines=("p",), side="right"), Place(lines=("tau²",), side="right"),
        Place(lines=("I²",), side="right"),
    )  # fmt: skip
    yield Line(places=heads, least=18, bold=True, low=True, pad=5)


def _label(found: Given) -> str:
    return f"{found.heading} (log scale)" if found.log else found.heading


def _numbers(row: _Row) -> Mapping[str, Cell]:
    return {
        "study": row.study, "k": row.k, "estimate": row.estimate, "low": row.low,
        "high": row.high, "p": row.p, "tau2": row.tau2, "i2": row.i2,
    }  # fmt: skip
