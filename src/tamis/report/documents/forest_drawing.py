"""A whole forest plot as one drawing: the table's words, its intervals and its axis, as real text.

In the page a forest plot is a table with a small drawing in each row. Taken out as a figure, it
must stand alone: columns are set by the width of their words, the drawings are put beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from tamis.report.documents.drawing import FAMILIES, NAMESPACE
from tamis.report.documents.tree import Cell, Listing, Paragraph, Picture, Run, Table, plain, walk
from tamis.report.documents.widths import ems, grid

__all__ = ["forest_drawing"]

#: Pixels: size of the text, height of a line of it, least height of a row, space between columns.
SIZE, LINE, LEAST, GAP = 12, 15, 26, 18

#: Widest text of a column in em; longer text is wrapped.
WIDEST = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A cell ready to be drawn: its lines of text, or its picture."""

    lines: tuple[str, ...]
    picture: Picture | None
    right: bool


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
    head = [[_placed(c) for c in line] for line in grid(table.head, table.columns)]
    rows = [[_placed(c) for c in line] for line in grid(table.rows, table.columns)]
    widths = _widths([*head, *rows], table.columns)
    lefts = [sum(widths[:n]) + GAP * n for n in range(table.columns)]
    width = sum(widths) + GAP * (table.columns - 1) + 8
    made: list[str] = []
    y = 6.0
    for line in head:
        y = _row(made, line, lefts, widths, y, bold=True, low=True)
    made.append(_rule(0, width, y, 1.0))
    y += 8  # the line of no effect reaches out of its row
    for row, line in zip(table.rows, rows, strict=True):
        if row.total:
            made.append(_rule(0, width, y, 0.8))
        y = _row(made, line, lefts, widths, y, bold=row.total)
    y += 4
    for note in table.notes:
        for part in _wrapped(_words(note), (width - 8) / (SIZE - 1.5)):
            y += LINE - 1
            made.append(_text(part, 4, y, size=SIZE - 1.5, color="#55534f"))
    height = y + 8
    title, size = escape(plain(table.caption)), f"{width:g} {height:g}"
    svg = (
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {size}" width="{width:g}" height="{height:g}" '
        f'font-family="{FAMILIES}"><title>{title}</title>{_rule(0, width, 2, 1.4)}'
        f"{''.join(made)}</svg>"
    )
    return Picture(svg=svg, width=width, height=height, alt=plain(table.caption))


def _placed(cell: Cell | None) -> _Place:
    if cell is None:
        return _Place(lines=(), picture=None, right=False)
    picture = None
    lines: list[str] = []
    for block in walk(cell.blocks):
        if isinstance(block, Paragraph):
            picture = next((p for p in block.content if isinstance(p, Picture)), picture)
            lines += _wrapped(_words(block), WIDEST)
    return _Place(lines=tuple(filter(None, lines)), picture=picture, right=cell.number)


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


def _wrapped(text: str, width: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and ems(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _widths(lines: Sequence[Sequence[_Place]], columns: int) -> list[float]:
    found = [20.0] * columns
    for line in lines:
        for n, place in enumerate(line):
            wide = max((ems(text) * SIZE * 1.06 for text in place.lines), default=0.0)
            drawn = place.picture.width if place.picture is not None else 0.0
            found[n] = round(max(found[n], wide, drawn), 1)
    return found


def _row(
    made: list[str],
    line: Sequence[_Place],
    lefts: Sequence[float],
    widths: Sequence[float],
    y: float,
    *,
    bold: bool = False,
    low: bool = False,
) -> float:
    """Draw a row at ``y``; return where the next one begins."""
    most = max((len(place.lines) for place in line), default=1)
    height = max(LEAST - 6 if low else LEAST, most * LINE + 8)
    for place, left, width in zip(line, lefts, widths, strict=True):
        if place.picture is not None:
            inner = "".join(etree.tostring(c, encoding="unicode") for c in _parts(place.picture))
            top = y + (height - place.picture.height) / 2
            made.append(f'<g transform="translate({left + 4:g} {top:g})">{inner}</g>')
            continue
        block = len(place.lines) * LINE
        start = y + (height - block if low else (height - block) / 2) + LINE - 4
        for n, text in enumerate(place.lines):
            x = left + width + 4 if place.right else left + 4
            made.append(_text(text, x, start + n * LINE, bold=bold, right=place.right))
    return y + height


def _parts(picture: Picture) -> list[etree._Element]:
    root = etree.fromstring(picture.svg.encode())
    return [c for c in root if etree.QName(c).localname not in ("title", "desc")]


def _text(
    text: str, x: float, y: float, *, bold: bool = False, right: bool = False,
    size: float = SIZE, color: str = "#1b1b1a",
) -> str:  # fmt: skip
    anchor = ' text-anchor="end"' if right else ""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{color}"{anchor}{weight}>'
        f"{escape(text)}</text>"
    )


def _rule(left: float, right: float, y: float, width: float) -> str:
    return f'<path d="M{left:g} {y:g}H{right:g}" stroke="#1b1b1a" stroke-width="{width:g}"/>'
