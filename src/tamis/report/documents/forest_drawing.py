"""A whole forest plot as one drawing: the table's words, its intervals and its axis, as real text.

In the page a forest plot is a table with a small drawing in each row. Taken out as a figure, it
must stand alone: columns are set by the width of their words, the drawings are put beside them.
"""

from __future__ import annotations

from lxml import etree

from tamis.report.documents.sheet import Drawing, Line, Place, Sheet, draw, wrapped
from tamis.report.documents.tree import Cell, Listing, Paragraph, Picture, Run, Table, plain, walk
from tamis.report.documents.widths import grid

__all__ = ["forest_drawing"]

#: Pixels: least height of a row, and of one of the head.
LEAST, HEAD = 26, 20

#: Widest text of a column in em; longer text is wrapped.
WIDEST = 24.0


def forest_drawing(table: Table) -> Picture:
    """Return the drawing of a table of intervals.

    Examples
    --------
    >>> cell = Cell(blocks=(Paragraph(content=(Run(text="Gu & Li"),)),))
    >>> from tamis.report.documents.tree import Row
    >>> table = Table(name="t", number=1, caption=(Run(text="Death"),), columns=1, head=(),
    ...               rows=(Row(cells=(cell,)),), styles=("forest",))
    >>> "Gu &amp; Li" in forest_drawing(table).svg
    True
    """
    heads, rows = grid(table.head, table.columns), grid(table.rows, table.columns)
    made = draw(
        Sheet(
            title=plain(table.caption),
            columns=table.columns,
            head=tuple(
                Line(places=tuple(map(_placed, line)), least=HEAD, bold=True, low=True)
                for line in heads
            ),
            body=tuple(
                Line(places=tuple(map(_placed, line)), least=LEAST, bold=row.total, rule=row.total)
                for row, line in zip(table.rows, rows, strict=True)
            ),
            notes=tuple(_words(note) for note in table.notes),
        )
    )
    return Picture(svg=made.svg, width=made.width, height=made.height, alt=plain(table.caption))


def _placed(cell: Cell | None) -> Place:
    if cell is None:
        return Place()
    picture = None
    lines: list[str] = []
    for block in walk(cell.blocks):
        if isinstance(block, Paragraph):
            picture = next((p for p in block.content if isinstance(p, Picture)), picture)
            lines += wrapped(_words(block), WIDEST)
    drawing = None
    if picture is not None:
        inner = "".join(etree.tostring(c, encoding="unicode") for c in _parts(picture))
        drawing = Drawing(svg=inner, width=picture.width, height=picture.height)
    side = "right" if cell.number else "left"
    return Place(lines=tuple(filter(None, lines)), drawing=drawing, side=side)


def _words(block: object) -> str:
    """Return what a paragraph says; a link to another place of the report means nothing here."""
    if isinstance(block, Listing):
        return "; ".join(_words(b) for item in block.items for b in item)
    if not isinstance(block, Paragraph):
        return ""
    kept = (
        p for p in block.content
        if isinstance(p, Run) and not (p.href.startswith("#") and not p.kind)
    )  # fmt: skip
    return plain(tuple(kept)).strip()


def _parts(picture: Picture) -> list[etree._Element]:
    root = etree.fromstring(picture.svg.encode())
    return [c for c in root if etree.QName(c).localname not in ("title", "desc")]
