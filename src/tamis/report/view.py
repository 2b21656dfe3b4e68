"""What sections hand to their templates: tables, lists and figures made of pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tamis.report.phrase import Attr, Piece

__all__ = ["Cell", "Column", "Row", "Table", "cells", "columns", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.

    ``head`` makes it the header of its row; ``plot`` puts a figure into it, ``lights`` the signs of
    a risk-of-bias judgement.
    ``number`` sets it flush right or left against its column; ``None`` follows the column.
    """

    piece: Piece = ""
    head: bool = False
    number: bool | None = None
    rows: int = 1
    plot: object = None
    lights: object = None
    source: Attr | None = None
    items: tuple[Piece, ...] = ()

    @property
    def rowspan(self) -> Attr | None:
        """How many rows the cell spans, when more than one."""
        return Attr(str(self.rows)) if self.rows > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Head of a column; ``number`` sets its cells flush right, ``width`` is a class."""

    piece: Piece
    number: bool = False
    width: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. ``group`` makes its only cell a heading over the rows that follow."""

    cells: tuple[Cell, ...]
    group: bool = False
    total: bool = False
    id: Attr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its caption and notes; ``id`` is its place in the page."""

    id: str
    caption: Piece
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Piece, ...] = ()
    axis: object = None

    @property
    def span(self) -> Attr:
        """Number of columns, for a row that spans all."""
        return Attr(str(len(self.columns)))

    @property
    def before_axis(self) -> Attr:
        """Number of columns before the one with the figures, which is the last."""
        return Attr(str(len(self.columns) - 1))


def columns(*heads: Piece | Column) -> tuple[Column, ...]:
    """Return columns; a bare piece is a column of text."""
    return tuple(h if isinstance(h, Column) else Column(piece=h) for h in heads)


def cells(pieces: Iterable[Piece | Cell]) -> tuple[Cell, ...]:
    """Return cells; a bare piece is a cell of text, the first one heads its row."""
    made = [p if isinstance(p, Cell) else Cell(piece=p) for p in pieces]
    if made and not made[0].head:
        first = made[0]
        made[0] = Cell(
            piece=first.piece, head=True, number=first.number, rows=first.rows, items=first.items
        )
    return tuple(made)


def row(*pieces: Piece | Cell, total: bool = False, anchor: Attr | None = None) -> Row:
    """Return a row whose first cell is its header.

    Examples
    --------
    >>> row("a", "b").cells[0].head
    True
    """
    return Row(cells=cells(pieces), total=total, id=anchor)
