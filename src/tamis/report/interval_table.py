"""Forest plots as tables: one small drawing a row, one axis below, all on the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tamis.report.book import Book
from tamis.report.interval_marks import diamond, marks
from tamis.report.phrase import Attr, Mark, Piece
from tamis.report.scale import Axis, axis, decimals

__all__ = ["Forest", "ForestAxis", "ForestRow", "Tick", "forest"]

#: Size of a row's drawing and the margins of the scale in it.
WIDTH, HEIGHT, MARGIN = 220, 26, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """Geometry of one row: the interval, its ends, the square or diamond."""

    null: Attr | None
    low: Attr
    high: Attr
    middle: Attr | None
    square: Attr
    top: Attr
    side: Attr
    diamond: Attr | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis; ``y`` moves its label where labels would touch."""

    x: Attr
    piece: Piece
    y: Attr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestAxis:
    """The axis under the rows."""

    ticks: tuple[Tick, ...]
    left: Attr
    right: Attr
    null: Attr | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A scale shared by rows."""

    scale: Axis
    null: float | None
    axis: ForestAxis

    def row(
        self, estimate: float | None, low: float | None, high: float | None, weight: float | None
    ) -> ForestRow | None:
        """Return the drawing of one interval; ``None`` when there is nothing to draw."""
        made = marks(self.scale, estimate, low, high, weight)
        if made is None or estimate is None:
            return None
        middle = self.scale.at(estimate)
        return ForestRow(
            null=_attr(self.scale.at(self.null)) if self.null is not None else None,
            low=_attr(made.low),
            high=_attr(made.high),
            middle=_attr(middle) if made.middle is not None else None,
            square=_attr(round(middle - made.half, 2)),
            top=_attr(round(HEIGHT / 2 - made.half, 2)),
            side=_attr(round(2 * made.half, 2)),
            low_open=made.low_open,
            high_open=made.high_open,
        )

    def diamond(self, estimate: float, low: float, high: float) -> ForestRow:
        """Return the drawing of a summary."""
        return ForestRow(
            null=_attr(self.scale.at(self.null)) if self.null is not None else None,
            low=_attr(self.scale.at(low)),
            high=_attr(self.scale.at(high)),
            middle=None,
            square=_attr(self.scale.at(estimate)),
            top=_attr(HEIGHT / 2),
            side=_attr(0),
            diamond=Attr(diamond(self.scale, estimate, low, high, mid=HEIGHT / 2)),
        )


def forest(
    book: Book,
    name: str,
    numbers: Sequence[float | None],
    *,
    ratio: bool,
    null: float | None,
    inputs: Sequence[str],
) -> Forest:
    """Return the scale for a set of intervals; the numbers at its marks are quantities too."""
    scale = axis(numbers, ratio=ratio, null=null, left=MARGIN, right=WIDTH - MARGIN)
    ticks = []
    for place, value in enumerate(scale.marks):
        quantity = book.number(
            f"axis:{name}#mark.{place + 1}",
            value,
            digits=decimals(value) if ratio else scale.digits,
            inputs=inputs,
            rule="round number on the axis that holds all intervals of the figure",
            what="mark on the axis of a figure",
        )
        ticks.append(Tick(x=_attr(scale.at(value)), piece=Mark(quantity)))
    return Forest(
        scale=scale,
        null=null,
        axis=ForestAxis(
            ticks=tuple(ticks),
            left=_attr(MARGIN),
            right=_attr(WIDTH - MARGIN),
            null=_attr(scale.at(null)) if null is not None else None,
        ),
    )


def _attr(value: float) -> Attr:
    return Attr(f"{value:g}")
