"""The course over time: one small plot and one table per study and outcome.

Points stand where a number was printed; where only words were, the words are shown. Nothing is
joined, interpolated or tested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tamis.domain.results import Synthesis, Trajectory, TrajectoryPoint
from tamis.domain.values import Value
from tamis.report.book import Book
from tamis.report.interval_table import Tick
from tamis.report.names import STATISTIC_WORDS, unit_words
from tamis.report.phrase import Attr, Mark, Phrase, Piece, in_figure, say
from tamis.report.scale import Axis, axis
from tamis.report.view import Cell, Column, Row, Table, columns

__all__ = ["Course", "Panel", "courses"]

#: Units of the drawing, which is 360 wide.
LEFT, RIGHT, TOP, BOTTOM = 52, 344, 20, 152

#: What is printed where a study reports nothing at a visit.
SILENT = "not reported where read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A printed number in the plot."""

    x: Attr
    y: Attr
    label_y: Attr
    piece: Piece
    low: Attr | None = None
    high: Attr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A visit with words and no number."""

    x: Attr


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One plot: the points of one arm."""

    id: str
    title: Phrase
    desc: str
    dots: tuple[Dot, ...]
    gaps: tuple[Gap, ...]
    view: Attr
    visits: tuple[Tick, ...]
    marks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All arms of one study for one outcome."""

    id: str
    title: Phrase
    panels: tuple[Panel, ...]
    table: Table


def courses(book: Book, synthesis: Synthesis) -> tuple[Course, ...]:
    """Return one course per study, statistic and unit, in the order of the synthesis."""
    found: dict[tuple[str, str, str], list[Trajectory]] = {}
    for one in synthesis.trajectories:
        found.setdefault((one.study, one.statistic, one.unit), []).append(one)
    return tuple(_course(book, synthesis, nth, arms) for nth, arms in enumerate(found.values()))


def _course(book: Book, synthesis: Synthesis, nth: int, arms: Sequence[Trajectory]) -> Course:
    first = arms[0]
    study = first.study
    place = f"{synthesis.plan.id}-{study}" + (f"-{nth + 1}" if nth else "")
    unit = (
        "%"
        if first.unit in ("%", "percent")
        else book.text(unit_words(first.unit), "label", "no unit")
    )
    kind = say("{s}, {u}", s=STATISTIC_WORDS.get(first.statistic, "value"), u=unit)
    title = say(
        "{study}: {outcome} ({kind})",
        study=book.names.study(study),
        outcome=book.names.outcome(first.outcome),
        kind="in words" if first.statistic == "text" else kind,
    )
    return Course(
        id=f"course-{place}",
        title=title,
        panels=tuple(
            _panel(book, f"{place}-{arm.arm}", arm, arms, synthesis.plan.id)
            for arm in arms
            if any(_number(point) is not None for point in arm.points)
        ),
        table=_table(book, f"table-course-{place}", title, arms),
    )


def _number(point: TrajectoryPoint) -> float | None:
    value = point.value
    return None if value is None or value.number is None else float(value.number)


def _panel(book: Book, place: str, arm: Trajectory, arms: Sequence[Trajectory], plan: str) -> Panel:
    numbers = [n for a in arms for p in a.points if (n := _number(p)) is not None]
    months = [p.months for a in arms for p in a.points]
    y_axis = axis([*numbers, 0.0], ratio=False, null=None, left=BOTTOM, right=TOP)
    last = max(months, default=1.0) or 1.0

    def x(month: float) -> float:
        return round(LEFT + 14 + (RIGHT - LEFT - 28) * month / last, 2)

    dots, gaps = [], []
    for point in arm.points:
        number = _number(point)
        if number is None or point.value is None:
            gaps.append(Gap(x=_attr(x(point.months))))
            continue
        y = y_axis.at(number)
        dots.append(
            Dot(x=_attr(x(point.months)), y=_attr(y), label_y=_attr(y - 9),
                piece=in_figure(book.value(point.value)))
        )  # fmt: skip
    ticks = _visit_ticks(book, arm, x)
    return Panel(
        id=f"plot-{place}",
        title=say("{study}, {arm}", study=book.names.study(arm.study), arm=book.names.arm(arm.arm)),
        desc="One point for each visit with a printed number; nothing is joined. "
        "The table beside it has the same numbers and the words of the other visits.",
        dots=tuple(dots),
        gaps=tuple(gaps),
        view=_view(ticks),
        visits=ticks,
        marks=_marks(book, place, y_axis, [plan]),
    )


def _view(ticks: Sequence[Tick]) -> Attr:
    lowest = max((int(tick.y.text) for tick in ticks if tick.y), default=BOTTOM)
    return Attr(f"0 0 360 {lowest + 6}")


def _visit_ticks(book: Book, arm: Trajectory, x: Callable[[float], float]) -> tuple[Tick, ...]:
    """Return the visits under the axis, on a lower line where labels would touch."""
    ticks: list[Tick] = []
    ends = [-1e9, -1e9, -1e9]
    for visit, months in dict.fromkeys((p.visit, p.months) for p in arm.points):
        label = book.names.visit(visit)
        half = 3.1 * len(str(label))
        at = x(months)
        line = next((n for n, end in enumerate(ends) if at - half > end), 0)
        ends[line] = at + half
        ticks.append(Tick(x=_attr(at), y=_attr(169 + 12 * line), piece=in_figure(label)))
    return tuple(ticks)


def _marks(book: Book, place: str, scale: Axis, inputs: Sequence[str]) -> tuple[Tick, ...]:
    ticks = []
    for nth, value in enumerate(scale.marks):
        mark = book.number(
            f"axis:{place}#mark.{nth + 1}",
            value,
            digits=scale.digits,
            inputs=inputs,
            rule="round number on the axis that holds all points of the figure",
            what="mark on the axis of a figure",
        )
        ticks.append(Tick(x=_attr(scale.at(value)), piece=Mark(mark)))
    return tuple(ticks)


def _attr(value: float) -> Attr:
    return Attr(f"{value:g}")


def _table(book: Book, place: str, title: Phrase, arms: Sequence[Trajectory]) -> Table:
    points = [point for arm in arms for point in arm.points]
    spread, n = any(p.spread for p in points), any(p.n for p in points)
    rows: list[Row] = []
    for arm in arms:
        for nth, point in enumerate(arm.points):
            cells = [
                Cell(piece=book.names.visit(point.visit), head=True),
                Cell(piece=_shown(book, point), number=point.value is not None),
            ]
            cells += [Cell(piece=_beside(book, point.spread))] if spread else []
            cells += [Cell(piece=_beside(book, point.n))] if n else []
            if nth == 0 and len(arms) > 1:
                name = book.names.arm(arm.arm)
                cells.insert(0, Cell(piece=name, head=True, rows=len(arm.points)))
            rows.append(Row(cells=tuple(cells)))
    heads: list[Piece | Column] = ["Arm"] if len(arms) > 1 else []
    heads += ["Visit", Column(piece="Value", number=True)]
    heads += [Column(piece="Spread", number=True)] if spread else []
    heads += [Column(piece="n", number=True)] if n else []
    return Table(id=place, caption=title, columns=columns(*heads), rows=tuple(rows))


def _beside(book: Book, value: Value | None) -> Piece:
    return "–" if value is None else book.shown(value, unit=False)


def _shown(book: Book, point: TrajectoryPoint) -> Piece:
    if point.value is not None:
        return book.shown(point.value, unit=False)
    if point.words is not None:
        return say("{words}{status}", words=book.value(point.words),
                   status="" if point.words.status == "abstract or table read"
                   else f" ({point.words.status})")  # fmt: skip
    return SILENT
