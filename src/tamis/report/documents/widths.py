"""How wide the columns of a table should be, and where a long word may be broken.

Both documents use it: a browser works out columns by itself, paper needs to be told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamis.report.documents.tree import (
    Block,
    Cell,
    Definitions,
    Listing,
    Paragraph,
    Picture,
    Row,
    Table,
    plain,
    walk,
)

__all__ = ["INTERVAL", "Columns", "columns", "ems", "grid", "soften"]

#: Width of a letter in em, by what it is; measured on the text face of the PDF, rounded up.
NARROW, USUAL, DIGIT, WIDE, FULL = 0.3, 0.48, 0.5, 0.7, 1.0

_NARROW = frozenset("ijlft.,:;'’‘|!()[]/ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_WIDE = frozenset("mwMWABCDEGHKNOPQRUVXY%+=<>−—⊕◯")

#: In how many steps the room of a table is given out, and about how many rows are looked at.
STEPS, SAMPLE = 40, 24

#: From this many pixels on, a drawing in a table is an interval.
INTERVAL = 200

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"

#: A word may be broken behind these.
_BREAK = re.compile(r"(?<=[/_.,;:=&?@\-–|])(?=[^\s/_.,;:=&?@\-–|])")
_EDGE = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_BETWEEN_DIGITS = re.compile(r"\d[.,:/\-–]$")

#: Where a line may end; limits with fixed spaces between them ("0.5 to 1.9") hold together.
_WORDS = re.compile(f"[ \t\n{ZERO_WIDTH_SPACE}]+")
_BOUND = re.compile("\\d.*\N{NO-BREAK SPACE}.*\\d")
_WORD = re.compile(r"[^\s\N{NO-BREAK SPACE}]+")

#: Words longer than these may be broken: at signs, and then at the seam of letters and digits.
LONG, VERY_LONG = 14, 22


def ems(text: str) -> float:
    """Return about how wide a text is, in em.

    Examples
    --------
    >>> ems("11") == 2 * DIGIT
    True
    """
    return sum(map(_em, text))


def _em(mark: str) -> float:
    if mark in _NARROW:
        return NARROW
    if mark in _WIDE:
        return WIDE
    if mark.isdigit():
        return DIGIT
    return FULL if unicodedata.east_asian_width(mark) in "WF" else USUAL


def soften(text: str) -> str:
    r"""Return a text in which long words may be broken, though never within a number.

    Examples
    --------
    >>> soften("search/pubmed-first.txt").split("\u200b")
    ['search/', 'pubmed-', 'first.', 'txt']
    >>> soften("10.1136") == "10.1136"
    True
    """
    return _WORD.sub(lambda found: _softened(found[0]), text)


def _softened(word: str) -> str:
    if len(word) <= LONG or not word.isascii():
        return word
    parts: list[str] = []
    for part in _BREAK.split(word):
        if parts and _BETWEEN_DIGITS.search(parts[-1]) and part[:1].isdigit():
            parts[-1] += part
        else:
            parts.append(part)
    finer = (p for part in parts for p in (_EDGE.split(part) if len(part) > VERY_LONG else [part]))
    return ZERO_WIDTH_SPACE.join(finer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Widths of columns. ``natural`` tells that the table is narrower than the page."""

    shares: tuple[float, ...]
    natural: bool


def columns(
    table: Table, total: float, *, fixed: float = 0.0, around: float = 0.0, pixel: float = 0.0
) -> Columns:
    """Return the columns' widths in em of the table's text.

    Parameters
    ----------
    table
        The table.
    total
        Room on the page in em, without the space between columns.
    fixed
        Width of a column that holds drawings, in em; 0 when there is none.
    around
        Space within a column beside its text, in em.
    pixel
        Width of a pixel of a drawing that is no interval, in em; 0 when none is drawn.
    """
    least, most, lines = _wants(table, fixed, pixel)
    least, most = [w + around for w in least], [w + around for w in most]
    if sum(most) <= total:
        return Columns(shares=tuple(most), natural=True)
    if sum(least) >= total:
        return Columns(shares=tuple(w * total / sum(least) for w in least), natural=False)
    return Columns(shares=tuple(_grown(least, most, lines, total, around)), natural=False)


def _grown(
    least: Sequence[float],
    most: Sequence[float],
    lines: Sequence[Sequence[float]],
    total: float,
    around: float,
) -> list[float]:
    """Widen the column that makes the table lowest, step by step, until the room is used."""
    widths = list(least)
    step = (total - sum(least)) / STEPS
    tall = sorted(lines, key=max)[:: max(1, len(lines) // SAMPLE)]
    for _ in range(STEPS):
        growing = [n for n, width in enumerate(widths) if width < most[n]] or range(len(widths))
        gains = [(_saved(tall, widths, n, step, around), -widths[n], n) for n in growing]
        widths[max(gains)[2]] += step
    return widths


def _saved(
    tall: Sequence[Sequence[float]], widths: Sequence[float], place: int, step: float, around: float
) -> float:
    """Return how much lower the rows become when one column is a step wider.

    A row is as high as its highest cell; the other cells count a little, so that a column which
    is not the highest yet gets its share.
    """
    saved = 0.0
    for line in tall:
        heights = [n / (w - around) for n, w in zip(line, widths, strict=True)]
        after = line[place] / (widths[place] + step - around)
        lower = heights[place] - after
        highest = max(heights)
        others = max((h for n, h in enumerate(heights) if n != place), default=0.0)
        saved += highest - max(others, after) + 0.1 * lower
    return saved


def _wants(
    table: Table, fixed: float, pixel: float
) -> tuple[list[float], list[float], list[list[float]]]:
    """Return the least and the greatest width of each column, and how long the text of cells is."""
    least = [1.0] * table.columns
    most = [1.0] * table.columns
    lines: list[list[float]] = []
    for row in grid((*table.head, *table.rows), table.columns):
        lines.append([0.5] * table.columns)
        for place, cell in enumerate(row):
            if cell is None or cell.cols > 1:
                continue
            low, high, length = _cell(cell, fixed, pixel)
            least[place] = max(least[place], low)
            most[place] = max(most[place], low, high)
            lines[-1][place] = max(length / (1 if cell.rows == 1 else cell.rows), 0.5)
    return least, most, lines


def _cell(cell: Cell, fixed: float, pixel: float) -> tuple[float, float, float]:
    """Return the least and greatest width of a cell, and the length of its text, in em."""
    said = list(_texts(cell.blocks))
    low = max((_drawn(p, fixed, pixel) for p in _pictures(cell.blocks)), default=0.0)
    longest = max((ems(text) for text in said), default=0.0)
    words = [w for text in said for w in soften(text).replace(ZERO_WIDTH_SPACE, " ").split()]
    bound = [w for text in said for w in _WORDS.split(soften(text)) if _BOUND.search(w)]
    word = min(9.0, max((ems(word) for word in words), default=0.0))
    word = max(word, min(14.0, max((ems(word) for word in bound), default=0.0)))
    if cell.number:  # a number with its interval stays on one line where it can
        word = max(word, min(9.0, longest))
    return max(low, word + 0.3), longest + 0.3, sum(map(ems, said)) + 0.5 * len(said)


def _drawn(picture: Picture, fixed: float, pixel: float) -> float:
    """Return the width that a drawing needs, in em."""
    if picture.width < INTERVAL and pixel:
        return picture.width * pixel
    return fixed or 3.0


def _pictures(blocks: Sequence[Block]) -> Iterator[Picture]:
    for block in walk(blocks):
        if isinstance(block, Paragraph):
            yield from (piece for piece in block.content if isinstance(piece, Picture))


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the paragraphs of a cell."""
    for block in walk(blocks):
        if isinstance(block, Paragraph):
            yield plain(block.content)
        elif isinstance(block, Definitions):
            for row in block.rows:
                yield plain(row.term)
        elif isinstance(block, Listing):
            continue


def grid(rows: Sequence[Row], width: int) -> list[list[Cell | None]]:
    """Return rows as lines of places: a cell where it begins, ``None`` where one reaches to.

    Examples
    --------
    >>> tall, low = Cell(rows=2), Cell()
    >>> rows = [Row(cells=(tall, low)), Row(cells=(low,))]
    >>> [[c is not None for c in line] for line in grid(rows, 2)]
    [[True, True], [False, True]]
    """
    lines: list[list[Cell | None]] = []
    taken: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(rows):
        line: list[Cell | None] = [None] * width
        place = 0
        for cell in row.cells:
            while place < width and taken.get((number, place)):
                place += 1
            if place >= width:
                break
            line[place] = cell
            for below in range(cell.rows):
                for beside in range(cell.cols):
                    taken[number + below, place + beside] = True
            place += cell.cols
        for free in range(width):
            if not taken.get((number, free)):
                line[free] = Cell()
                taken[number, free] = True
        lines.append(line)
    return lines
