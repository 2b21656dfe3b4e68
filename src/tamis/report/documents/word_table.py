"""Tables as WordprocessingML: repeated heads, rows that stay whole, widths worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tamis.report.documents.tree import Block, Cell, Paragraph, Picture, Row, Table, as_lines
from tamis.report.documents.widths import INTERVAL, columns, grid
from tamis.report.documents.word_styles import TABLE_STYLE

__all__ = ["Page", "is_landscape", "stays_whole", "table_xml"]

#: Text of tables, and its em in twentieths of a point: usual and dense. The em is larger than the
#: size, since the face of tables in Word runs wider than the one that widths were measured on.
USUAL, DENSE = ("Table Text", 176), ("Table Text Small", 152)

#: Space within a cell beside its text, the width of an interval's drawing, and of a pixel.
INSET, PLOT, PIXEL = 100, 2700, 11.4

#: A table of intervals with no more rows than these stays on one page, with its notes.
TOGETHER = 16

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

    def cell(
        self, blocks: Sequence[Block], style: str, extra: str, *, bold: bool, room: int = 0
    ) -> str:
        """Return the paragraphs of a cell; drawings are no wider than its room."""
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
    made = columns(
        table, page.text_width / size, fixed=plot / size, around=INSET / size, pixel=PIXEL / size
    )
    widths = [round(share * size) for share in made.shares]
    if plot and made.natural:
        widths[0] += max(0, page.text_width - sum(widths))
    drawn = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = _rows(table, widths, style, cells, keep=_KEPT if stays_whole(table) else "")
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{drawn}</w:tblGrid>'
        f"{rows}</w:tbl>"
    )


def stays_whole(table: Table) -> bool:
    """Tell whether a table stays on one page, with its notes below it."""
    return "forest" in table.styles and len(table.rows) <= TOGETHER


#: The paragraph stays on the page of the next one.
_KEPT = "<w:keepNext/>"


def _rows(table: Table, widths: Sequence[int], style: str, cells: Cells, *, keep: str = "") -> str:
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
        look = _Look(style=style, keep=keep, head=head, cells=cells)
        found = _cells(row, line, widths, look, tall)
        made.append(f"<w:tr>{trim}{found}</w:tr>")
    return "".join(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How the cells of a row are written, and who writes what stands in them."""

    style: str
    keep: str
    head: bool
    cells: Cells


def _cells(
    row: Row,
    line: Sequence[Cell | None],
    widths: Sequence[int],
    look: _Look,
    tall: dict[int, Cell],
) -> str:
    made: list[str] = []
    place = 0
    while place < len(line):
        cell = line[place]
        if cell is None:
            over = tall.get(place)
            span = over.cols if over else 1
            empty = _paragraph("", look)
            made.append(_cell(widths[place : place + span], "<w:vMerge/>", empty, span=span))
            place += span
            continue
        tall[place] = cell
        merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
        span_width = widths[place : place + cell.cols]
        inner = _content(cell, row, look, sum(span_width) - INSET)
        if row.name and place == 0:
            start, end = look.cells.bookmark(row.name, "\0").split("\0")
            inner = inner.replace("</w:pPr>", f"</w:pPr>{start}{end}", 1)
        low = '<w:vAlign w:val="bottom"/>' if look.head else _middle(cell)
        bare = _BARE if row.foot else ""
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


def _content(cell: Cell, row: Row, look: _Look, room: int) -> str:
    """Return what stands in a cell; no drawing is wider than the room within it."""
    drawing = _drawing(cell)
    if drawing is not None and drawing.width >= INTERVAL:
        return _paragraph(look.cells.picture(drawing, limit=min(PLOT - INSET, room)), look)
    extra = look.keep + ('<w:jc w:val="right"/>' if cell.number else "")
    bold = look.head or row.total
    return look.cells.cell(cell.blocks, look.style, extra, bold=bold, room=room)


def _paragraph(inner: str, look: _Look) -> str:
    named = look.style.replace(" ", "")
    return f'<w:p><w:pPr><w:pStyle w:val="{named}"/>{look.keep}</w:pPr>{inner}</w:p>'


def _drawing(cell: Cell) -> Picture | None:
    """Return the drawing that fills a cell, if one does."""
    only = cell.blocks[0] if len(cell.blocks) == 1 else None
    if isinstance(only, Paragraph) and len(only.content) == 1:
        piece = only.content[0]
        return piece if isinstance(piece, Picture) else None
    return None
