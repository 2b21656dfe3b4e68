"""Every run of digits that a document must show, in the order of reading, and why it may.

The list is made from the tree, which is made from the page that law 5 holds for. A run is part of
a quantity or of a literal, or it is *numbering*: the number of a heading, a table, a figure, an
item of a list or a page. Numbering is the one class that a document adds to the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tamis.report.digits import digit_runs
from tamis.report.documents.tree import (
    Block,
    Code,
    Definitions,
    Figure,
    Group,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Picture,
    Row,
    Table,
    Tree,
    headings,
    places,
    plain,
    walk,
)

__all__ = ["PAPER", "WORD", "Expected", "Medium", "expected", "references"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What a kind of document prints beside the words of the tree.

    Attributes
    ----------
    headings
        Numbers of headings stand in its text, not only in its settings.
    items
        So do the numbers of ordered lists.
    drawn
        The words of drawings are text.
    pages
        A link within the document is followed by the page it leads to; otherwise by the number
        of the table, figure or section.
    """

    headings: bool
    items: bool
    drawn: bool
    pages: bool


PAPER = Medium(headings=True, items=True, drawn=True, pages=True)
WORD = Medium(headings=False, items=False, drawn=False, pages=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One run of digits.

    Attributes
    ----------
    run
        The digits; empty for the number of a page that only the finished document knows.
    place
        Where it stands, in words, for a message.
    target
        For the number of a page: the place whose page it is.
    anchor
        Name of the heading or table that it belongs to: tells on which page that begins.
    head
        Digits of the head of the table it stands in, which come again on each page.
    numbering
        Whether it numbers a heading, a table, a figure, an item or a page.
    """

    run: str
    place: str
    target: str = ""
    anchor: str = ""
    head: tuple[str, ...] = ()
    numbering: bool = False


def expected(tree: Tree, medium: Medium) -> tuple[Expected, ...]:
    """Return the runs of digits that a document of this tree shows.

    Examples
    --------
    >>> from tamis.report.documents.tree import Run
    >>> tree = Tree(title=(Run(text="A"),), language="en", blocks=(
    ...     Paragraph(content=(Run(text="9 of 12"),)),))
    >>> [token.run for token in expected(tree, WORD)]
    ['9', '12']
    """
    return tuple(_Lister(tree, medium).everything(tree))


def references(tree: Tree) -> Mapping[str, str]:
    """Return what a link within a Word file adds, by the name of its target.

    Examples
    --------
    >>> tree = Tree(title=(), language="en", blocks=(
    ...     Heading(level=1, content=(), name="methods", number="2", listed=True),))
    >>> references(tree)["methods"]
    'section 2'
    """
    found: dict[str, str] = {}
    for block in walk((*tree.front, *tree.blocks)):
        match block:
            case Heading(name=name, number=number) if name and number:
                found[name] = f"section {number}"
            case Table(name=name, number=number) if name and number:
                found[name] = f"Table {number}"
            case Figure(name=name, number=number) if name and number:
                found[name] = f"Figure {number}"
            case _:
                pass
    return found


class _Lister:
    def __init__(self, tree: Tree, medium: Medium) -> None:
        self.medium = medium
        self.known = places(tree)
        self.said = references(tree)
        self.place = "title"

    def everything(self, tree: Tree) -> Iterator[Expected]:
        yield from self.inline(tree.title)
        yield from self.blocks(tree.front)
        self.place = "contents"
        for heading in headings(tree):
            yield from self.number(heading.number)
            yield from self.inline(heading.content)
            if self.medium.pages:
                yield self.page(heading.name)
        yield from self.blocks(tree.blocks)

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Expected]:
        for block in blocks:
            yield from self.block(block)

    def block(self, block: Block) -> Iterator[Expected]:
        match block:
            case Heading():
                yield from self.heading(block)
            case Paragraph(content=content) | Code(content=content):
                yield from self.inline(content)
            case Listing():
                yield from self.listing(block)
            case Definitions(rows=rows):
                for row in rows:
                    yield from self.inline(row.term)
                    yield from self.blocks(row.blocks)
            case Table():
                yield from self.table(block)
            case Figure():
                yield from self.figure(block)
            case Group():
                yield from self.group(block)

    def heading(self, block: Heading) -> Iterator[Expected]:
        words = plain(block.content)
        self.place = f"under “{block.number} {words}”".replace("“ ", "“")
        if self.medium.headings:
            for token in self.number(block.number):
                yield replace(token, anchor=block.name)
        for token in self.inline(block.content):
            yield replace(token, anchor=block.name)

    def listing(self, block: Listing) -> Iterator[Expected]:
        for place, item in enumerate(block.items):
            if block.ordered and self.medium.items:
                yield from self.number(place + 1)
            yield from self.blocks(item)

    def group(self, block: Group) -> Iterator[Expected]:
        yield from self.blocks(block.blocks)

    def figure(self, block: Figure) -> Iterator[Expected]:
        for picture in block.pictures:
            yield from self.picture(picture)
        if block.number:
            yield from self.number(block.number)
            yield from self.inline(block.caption)

    def table(self, block: Table) -> Iterator[Expected]:
        around = self.place
        if block.number:
            self.place = f"table {block.number}"
            for token in (*self.number(block.number), *self.inline(block.caption)):
                yield replace(token, anchor=block.name)
        head = tuple(self.rows(block.head))
        again = tuple(token.run for token in head)
        for token in (*head, *self.rows(block.rows)):
            yield replace(token, head=again)
        yield from self.blocks(block.notes)
        self.place = around

    def rows(self, rows: Iterable[Row]) -> Iterator[Expected]:
        for row in rows:
            for cell in row.cells:
                yield from self.blocks(cell.blocks)

    def inline(self, content: Iterable[Inline]) -> Iterator[Expected]:
        loose = ""
        for piece in content:
            if isinstance(piece, Picture):
                yield from self.text(loose)
                loose = ""
                yield from self.picture(piece)
                continue
            loose += piece.text
            name = piece.href.removeprefix("#")
            if piece.href.startswith("#") and name in self.known:
                if self.medium.pages:
                    yield from self.text(loose)
                    loose = ""
                    yield self.page(name)
                elif name in self.said:
                    yield from self.text(loose)
                    loose = ""
                    yield from self.number(self.said[name])
        yield from self.text(loose)

    def picture(self, picture: Picture) -> Iterator[Expected]:
        if self.medium.drawn:
            for words in picture.words:
                yield from self.text("".join(run.text for run in words))
        else:
            yield from self.text(picture.alt)

    def text(self, text: str) -> Iterator[Expected]:
        for start, end in digit_runs(text):
            yield Expected(run=text[start:end], place=self.place)

    def number(self, number: object) -> Iterator[Expected]:
        for token in self.text(str(number)):
            yield replace(token, numbering=True)

    def page(self, target: str) -> Expected:
        return Expected(run="", place=self.place, target=target, numbering=True)
