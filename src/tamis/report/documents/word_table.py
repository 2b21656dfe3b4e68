"""Tables as WordprocessingML: repeated heads, rows that stay whole, widths worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tamis.report.documents.tree import Block, Cell, Paragraph, Picture, Row, Table, as_lines
from tamis.report.documents.widths import columns, grid
from tamis.report.documents.word_styles import TABLE_STYLE

__all__ = ["Page", "is_landscape", "table_xml"]

#: Text of tables, and its em in twentieths of a point: usual and dense. The em is larger than the
#: size, since the face of tables in Word runs wider than the one that widths were measured on.
USUAL, DENSE = ("Table Text", 176), ("Table Text Small", 152)

#: Space within a cell beside its text, and the width of an interval's drawing.
INSET, PLOT = 100, 2700

#: From this many pixels on, a drawing in a table is an interval.
INTERVAL = 200

#: A wide table with this many columns stands on a page of its own kind.
MANY = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet in twentieths of a point."""

    width: int
    height: int
    margin: int

    @property
    def text_width(self) -> int:
        """Width between the margins."""
        return self.width - 2 * self.margin


class Cells(Protocol):
    """Who writes what stands in cells."""

    def cell(self, blocks: Sequence[Block], style: str, extra: str, *, bold: bool) -> str:
        """Return the paragraphs of a cell."""
        ...

    def picture(self, piece: Picture, *, limit: int, scale: float = 1.0) -> str:
        """Return a drawing as a run."""
        ...

    def bookmark(self, name: str, inner: str, suffix: str = "") -> str:
        """Return content within a bookmark."""
        ...


def is_landscape(table: Table) -> bool:
    """Tell whether a table is too wide for an upright page.

    A summary of findings stays upright, in small letters: on a page of its own kind it would stand
    alone, away from the text before it and from its footnotes.
    """
    return "wide" in table.styles and "sof" not in table.styles and table.columns >= MANY


def table_xml(table: Table, page: Page, cells: Cells) -> str:
    """Return a table as wide as its text needs and the page allows."""
    table = as_lines(table)
    style, size = DENSE if {"dense", "sof"} & set(table.styles) else USUAL
    plot = PLOT if "forest" in table.styles else 0
    made = columns(table, page.text_width / size, fixed=plot / size, around=INSET / size)
    widths = [round(share * size) for share in made.shares]
    if plot and made.natural:
        widths[0] += max(0, page.text_width - sum(widths))
    drawn = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = _rows(table, widths, style, cells)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{drawn}</w:tblGrid>'
        f"{rows}</w:tbl>"
    )


def _rows(table: Table, widths: Sequence[int], style: str, cells: Cells) -> str:
    made = []
    heads = len(table.head)
    every = (*table.head, *table.rows)
    tall: dict[int, Cell] = {}
    for number, (row, line) in enumerate(zip(every, grid(every, table.columns), strict=True)):
        head = number < heads
        trim = (
            "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
            if head
            else "<w:trPr><w:cantSplit/></w:trPr>"
        )
        found = _cells(row, line, widths, style, head=head, cells=cells, tall=tall)
        made.append(f"<w:tr>{trim}{found}</w:tr>")
    return "".join(made)


def _cells(
    row: Row,
    line: Sequence[Cell | None],
    widths: Sequence[int],
    style: str,
    *,
    head: bool,
    cells: Cells,
    tall: dict[int, Cell],
) -> str:
    made: list[str] = []
    place = 0
    while place < len(line):
        cell = line[place]
        if cell is None:
            over = tall.get(place)
            span = over.cols if over else 1
            empty = f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/></w:pPr></w:p>'
            made.append(_cell(widths[place : place + span], "<w:vMerge/>", empty, span=span))
            place += span
            continue
        tall[place] = cell
        merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
        inner = _content(cell, row, style, cells, bold=head or row.total)
        if row.name and place == 0:
            start, end = cells.bookmark(row.name, "\0").split("\0")
            inner = inner.replace("</w:pPr>", f"</w:pPr>{start}{end}", 1)
        low = '<w:vAlign w:val="bottom"/>' if head else _middle(cell)
        bare = _BARE if row.foot else ""
        span_width = widths[place : place + cell.cols]
        made.append(_cell(span_width, merge + bare, inner, span=cell.cols, align=low))
        place += cell.cols
    return "".join(made)


#: The foot of a table of intervals has no line above it.
_BARE = '<w:tcBorders><w:top w:val="nil"/></w:tcBorders>'


def _middle(cell: Cell) -> str:
    return '<w:vAlign w:val="center"/>' if _drawing(cell) else ""


def _cell(widths: Sequence[int], merge: str, inner: str, *, span: int = 1, align: str = "") -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{spans}{merge}{align}</w:tcPr>'
        f"{inner}</w:tc>"
    )


def _content(cell: Cell, row: Row, style: str, cells: Cells, *, bold: bool) -> str:
    drawing = _drawing(cell)
    if drawing is not None and drawing.width >= INTERVAL:
        named = style.replace(" ", "")
        drawn = cells.picture(drawing, limit=PLOT - 2 * INSET)
        return f'<w:p><w:pPr><w:pStyle w:val="{named}"/></w:pPr>{drawn}</w:p>'
    right = '<w:jc w:val="right"/>' if cell.number else ""
    return cells.cell(cell.blocks, style, right, bold=bold)


def _drawing(cell: Cell) -> Picture | None:
    """Return the drawing that fills a cell, if one does."""
    only = cell.blocks[0] if len(cell.blocks) == 1 else None
    if isinstance(only, Paragraph) and len(only.content) == 1:
        piece = only.content[0]
        return piece if isinstance(piece, Picture) else None
    return None
