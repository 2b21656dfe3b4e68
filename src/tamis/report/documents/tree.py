"""The parts of a finished report as a tree: what the Word file and the PDF are set from.

The tree holds words, numbers and drawings, and how they hang together. It says nothing of fonts
or sizes. ``reading`` makes it from the page; ``walk`` lists everything that a reader will read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

__all__ = [
    "Block", "Cell", "Code", "Definition", "Definitions", "Figure", "Group", "Heading", "Inline",
    "Listing", "Paragraph", "Picture", "Row", "Run", "Table", "Tree", "as_lines", "headings",
    "places", "plain", "tables", "walk",
]  # fmt: skip


#: Names that both documents can use for a place that links lead to.
_PLACE = re.compile(r"[A-Za-z][\w\-:.]*\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text of one look.

    Attributes
    ----------
    text
        The words or the number.
    kind
        ``quantity``, or the class of a literal, or nothing for plain words.
    name
        Id of the quantity.
    href
        Where the text leads: ``#place`` in this report, or an address.
    language
        Language of the text where it is another than the report's.
    """

    text: str
    kind: str = ""
    name: str = ""
    href: str = ""
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing that stands alone: an SVG of its own, with what it says in words.

    ``words`` are the texts in the drawing, in its order; ``width`` and ``height`` are CSS pixels.
    """

    svg: str
    width: float
    height: float
    alt: str
    words: tuple[tuple[Run, ...], ...] = ()


Inline = Run | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading. ``level`` 1 is a part; ``number`` is printed before it; ``listed`` in contents."""

    level: int
    content: tuple[Inline, ...]
    name: str = ""
    number: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; ``style`` is the class it has in the page."""

    content: tuple[Inline, ...]
    style: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Text that keeps its lines and spaces, such as a search strategy."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list; each item is a few blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A term and what is said of it."""

    term: tuple[Inline, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """A list of terms."""

    rows: tuple[Definition, ...]
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; ``rows`` and ``cols`` say what it spans."""

    blocks: tuple[Block, ...] = ()
    head: bool = False
    number: bool = False
    rows: int = 1
    cols: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table; ``total`` is set apart from the rows above it, ``foot`` has no line."""

    cells: tuple[Cell, ...]
    name: str = ""
    total: bool = False
    foot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its caption, notes and number; ``styles`` are its classes in the page.

    ``head`` is repeated on each page; ``columns`` is how many there are; ``file`` is what a file
    of it is called.
    """

    name: str
    number: int
    caption: tuple[Inline, ...]
    columns: int
    head: tuple[Row, ...]
    rows: tuple[Row, ...]
    notes: tuple[Block, ...] = ()
    styles: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing with its caption and number; ``file`` is what a file of it is called."""

    name: str
    number: int
    pictures: tuple[Picture, ...]
    caption: tuple[Inline, ...]
    style: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks that belong together; ``style`` says how (``abstract``, ``result``, ``pair``)."""

    style: str
    blocks: tuple[Block, ...]
    name: str = ""


Block = Heading | Paragraph | Code | Listing | Definitions | Table | Figure | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A report: its title, what stands before the abstract, and its parts."""

    title: tuple[Inline, ...]
    language: str
    front: tuple[Block, ...] = ()
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def plain(content: Iterable[Inline]) -> str:
    """Return the words of some inline content; drawings have none here.

    Examples
    --------
    >>> plain((Run(text="9"), Run(text=" of "), Run(text="12")))
    '9 of 12'
    """
    return "".join(piece.text for piece in content if isinstance(piece, Run))


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block, each before what it holds, in the order of reading."""
    for block in blocks:
        yield block
        yield from walk(_inside(block))


def _inside(block: Block) -> Iterator[Block]:
    match block:
        case Group(blocks=blocks):
            yield from blocks
        case Listing(items=items):
            for item in items:
                yield from item
        case Definitions(rows=rows):
            for row in rows:
                yield from row.blocks
        case Table():
            for line in (*block.head, *block.rows):
                for cell in line.cells:
                    yield from cell.blocks
            yield from block.notes
        case _:
            return


def as_lines(table: Table) -> Table:
    """Return a summary of findings with the lists in its cells as plain lines, as on the page.

    Any other table is returned as it is: there a list is one of remarks, and keeps its marks.
    """
    if "sof" not in table.styles:
        return table
    rows = tuple(
        replace(row, cells=tuple(replace(c, blocks=_unlisted(c.blocks)) for c in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows)


def _unlisted(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(
        inner
        for block in blocks
        for inner in ([b for item in block.items for b in item] if isinstance(block, Listing)
                      else [block])
    )  # fmt: skip


def headings(tree: Tree) -> tuple[Heading, ...]:
    """Return the headings that stand in the contents."""
    return tuple(b for b in walk(tree.blocks) if isinstance(b, Heading) and b.listed)


def tables(tree: Tree) -> tuple[Table, ...]:
    """Return the tables in their order."""
    return tuple(b for b in walk((*tree.front, *tree.blocks)) if isinstance(b, Table))


def places(tree: Tree) -> frozenset[str]:
    """Return the names that links within a document can lead to.

    Examples
    --------
    >>> tree = Tree(title=(), language="en", blocks=(Paragraph(content=(), name="here"),))
    >>> sorted(places(tree))
    ['here']
    """
    found: set[str] = set()
    for block in walk((*tree.front, *tree.blocks)):
        match block:
            case Heading(name=name) | Group(name=name) | Paragraph(name=name) | Figure(name=name):
                found.add(name)
            case Table(name=name):
                found.add(name)
                found.update(row.name for row in (*block.head, *block.rows))
            case _:
                pass
    return frozenset(name for name in found if _PLACE.match(name))
