"""A drawing made of rows: words in columns, small drawings beside them, all as real text.

Forest plots are drawn with it, those of the report and those of a single analysis alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tamis.report.documents.drawing import FAMILIES, NAMESPACE
from tamis.report.documents.widths import ems

__all__ = ["Drawing", "Guide", "Line", "Place", "Sheet", "draw", "text", "wrapped"]

#: Pixels: size of the text, height of a line of it, space between columns.
SIZE, LINE, GAP = 12, 15, 18

#: Colours of text: ink, and what stands back.
INK, SOFT = "#1b1b1a", "#55534f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A part of a drawing with its size in pixels."""

    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What stands in one column of a row: lines of text, or a drawing.

    ``side`` is ``left``, ``right`` or ``middle``. A place that ``spans`` reaches over the columns
    after it and asks for no width.
    """

    lines: tuple[str, ...] = ()
    drawing: Drawing | None = None
    side: str = "left"
    indent: float = 0.0
    soft: bool = False
    bold: bool | None = None
    spans: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row: its places; ``rule`` draws a line above it, ``low`` sets its text at its foot."""

    places: tuple[Place, ...]
    least: float
    bold: bool = False
    low: bool = False
    rule: bool = False
    pad: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """An upright line through all rows, at ``x`` in the drawings of a column."""

    column: int
    x: float
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Heads, rows and notes; ``id`` and ``desc`` make it accessible as a page's own drawing."""

    title: str
    columns: int
    head: tuple[Line, ...]
    body: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    guides: tuple[Guide, ...] = ()
    widths: tuple[float, ...] = ()
    id: str = ""
    desc: str = ""


def draw(sheet: Sheet) -> Drawing:
    """Return a sheet as an SVG document.

    Examples
    --------
    >>> line = Line(places=(Place(lines=("Gu & Li",)),), least=26)
    >>> made = draw(Sheet(title="Death", columns=1, head=(), body=(line,)))
    >>> "Gu &amp; Li" in made.svg, made.width > 40
    (True, True)
    """
    widths = list(sheet.widths) or widths_of((*sheet.head, *sheet.body), sheet.columns)
    lefts = [sum(widths[:n]) + GAP * n for n in range(sheet.columns)]
    width = sum(widths) + GAP * (sheet.columns - 1) + 8
    made: list[str] = []
    y = 6.0
    for line in sheet.head:
        y = _row(made, line, lefts, widths, y)
    made.append(_rule(width, y, 1.0))
    top = y
    y += 8  # the line of no effect reaches out of its row
    for line in sheet.body:
        if line.rule:
            made.append(_rule(width, y, 0.8))
        y = _row(made, line, lefts, widths, y)
    behind = [_guide(guide, lefts, top, y, sheet.body) for guide in sheet.guides]
    y += 4
    for note in sheet.notes:
        for part in wrapped(note, (width - 8) / (SIZE - 1.5)):
            y += LINE - 1
            made.append(text(part, 4, y, size=SIZE - 1.5, color=SOFT))
    height = y + 8
    svg = f"{_opening(sheet, width, height)}{_rule(width, 2, 1.4)}{''.join((*behind, *made))}</svg>"
    return Drawing(svg=svg, width=width, height=height)


def _opening(sheet: Sheet, width: float, height: float) -> str:
    size = f"{width:g} {height:g}"
    title, name, said = escape(sheet.title), "", ""
    if sheet.id:
        name = f' role="img" aria-labelledby="{sheet.id}-t {sheet.id}-d"'
        said = f'<desc id="{sheet.id}-d">{escape(sheet.desc)}</desc>'
    at = f' id="{sheet.id}-t"' if sheet.id else ""
    return (
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {size}" width="{width:g}" height="{height:g}" '
        f'font-family="{FAMILIES}"{name}><title{at}>{title}</title>{said}'
    )


def widths_of(lines: Iterable[Line], columns: int) -> list[float]:
    """Return how wide each column must be."""
    found = [20.0] * columns
    for line in lines:
        for n, place in enumerate(line.places):
            if place.spans:
                continue
            wide = max((ems(part) * SIZE * 1.06 for part in place.lines), default=0.0)
            drawn = place.drawing.width if place.drawing is not None else 0.0
            found[n] = round(max(found[n], wide + place.indent, drawn), 1)
    return found


def _row(
    made: list[str], line: Line, lefts: Sequence[float], widths: Sequence[float], y: float
) -> float:
    """Draw a row at ``y``; return where the next one begins."""
    height = height_of(line)
    for place, left, width in zip(line.places, lefts, widths, strict=False):
        if place.drawing is not None:
            rest = height - place.drawing.height
            top = y + (rest if line.low else rest / 2)
            move = f"translate({left + 4:g} {top:g})"
            made.append(f'<g transform="{move}">{place.drawing.svg}</g>')
            continue
        block = len(place.lines) * LINE
        start = y + (height - block if line.low else (height - block) / 2) + LINE - 4
        bold = line.bold if place.bold is None else place.bold
        x = {"left": left, "right": left + width, "middle": left + width / 2}[place.side]
        for n, part in enumerate(place.lines):
            made.append(
                text(part, x + place.indent + 4, start + n * LINE, bold=bold, side=place.side,
                     color=SOFT if place.soft else INK)
            )  # fmt: skip
    return y + height


def height_of(line: Line) -> float:
    """Return how high a row is."""
    most = max((len(place.lines) for place in line.places), default=1)
    return max(line.least, most * LINE + line.pad)


def _guide(
    guide: Guide, lefts: Sequence[float], top: float, bottom: float, body: Sequence[Line]
) -> str:
    foot = height_of(body[-1]) if body else 0.0
    x = round(lefts[guide.column] + 4 + guide.x, 2)
    return f'<path d="M{x:g} {top:g}V{bottom - foot:g}" {guide.style}/>'


def wrapped(words: str, width: float) -> list[str]:
    """Return a text as lines of at most so many em.

    Examples
    --------
    >>> wrapped("a long word", 3.5)
    ['a long', 'word']
    """
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and ems(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def text(
    words: str, x: float, y: float, *, bold: bool = False, side: str = "left",
    size: float = SIZE, color: str = INK,
) -> str:  # fmt: skip
    """Return a line of text at a place."""
    anchor = {"left": "", "right": ' text-anchor="end"', "middle": ' text-anchor="middle"'}[side]
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{color}"{anchor}{weight}>'
        f"{escape(words)}</text>"
    )


def _rule(right: float, y: float, width: float) -> str:
    return f'<path d="M0 {y:g}H{right:g}" stroke="#1b1b1a" stroke-width="{width:g}"/>'
