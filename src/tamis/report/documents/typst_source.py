"""The tree as typst source. What it looks like is in ``templates/report.typ``.

Order matters more than beauty here: the text layer of the PDF must read in the order of the tree,
so nothing floats, no row of a table breaks over pages, and a cell spans few rows only, which then
stay on one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tamis.report.digits import has_digit
from tamis.report.documents.tree import (
    Block,
    Cell,
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
    as_lines,
    places,
    plain,
    walk,
)
from tamis.report.documents.typst_text import (
    label,
    merged,
    picture_source,
    quoted,
    run_source,
    string,
)
from tamis.report.documents.widths import INTERVAL, columns, grid, soften

__all__ = ["source"]

#: Width of the text in points, and the space within a column beside its text.
TEXT_WIDTH, INSET = 487.6, 7.0

#: Sizes of table text in points, and the width of an interval's drawing.
SIZE, DENSE, PLOT = 7.8, 6.5, 125.0

#: Points in a pixel of a drawing.
PIXEL = 0.62

#: A cell that spans more rows than these stands in the first of them, and the others stay empty.
SPANNED = 8

#: Blocks with more text than this may break over pages.
TOGETHER = 2600

_CALLOUTS = frozenset({"banner", "warn", "stamp", "problem"})


def source(tree: Tree, *, contents: str = "Contents") -> str:
    """Return the body of the document, to stand behind the template and its settings."""
    writer = _Writer(places(tree))
    front = writer.blocks(tree.front)
    head = f"#front([{writer.inline(tree.title)}], {quoted(contents)}, [{front}])\n"
    return head + writer.blocks(tree.blocks)


class _Writer:
    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    # --- inline ------------------------------------------------------------------------------

    def inline(self, content: Iterable[Inline]) -> str:
        made = []
        for piece in merged(content, self.known):
            if isinstance(piece, Picture):
                width = piece.width * PIXEL
                made.append(f"#box({picture_source(piece, f'{width:g}pt')});")
            else:
                made.append(run_source(piece, places=self.known))
        return "".join(made)

    def argument(self, blocks: Sequence[Block], words: str) -> str:
        """Return the content of a cell as an argument: a bare string where it is no more."""
        only = blocks[0] if len(blocks) == 1 else None
        if not blocks and not words:
            return "[]"
        if isinstance(only, Paragraph) and words.startswith('#"') and words.endswith('";'):
            pieces = merged(only.content, self.known)
            if len(pieces) == 1 and words == string(soften(plain(pieces))):
                return words[1:-1]
        return f"[{words}]"

    # --- blocks ------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n\n".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                made = self.heading(block)
            case Paragraph():
                made = self.paragraph(block)
            case Code(content=content):
                words = "".join(p.text for p in content if not isinstance(p, Picture))
                made = f"#strategy(raw(block: true, {quoted(words)}))"
            case Listing():
                made = self.listing(block)
            case Definitions():
                made = self.definitions(block)
            case Table():
                made = self.table(block)
            case Figure():
                made = self.figure(block)
            case Group():
                made = self.group(block)
        return made

    def heading(self, block: Heading) -> str:
        listed = str(block.listed).lower()
        words = self.inline(block.content)
        made = f"#part({block.level}, {quoted(block.number)}, {listed}, [{words}])"
        return f"{made}{label(block.name)}"

    def paragraph(self, block: Paragraph) -> str:
        words = self.inline(block.content)
        styles = set(block.style.split())
        if styles & _CALLOUTS:
            words = f"#callout[{words}]"
        elif "summary" in styles:
            words = f"#run-in[{words}]"
        elif styles & {"scope", "kicker", "byline", "small"}:
            words = f"#small[{words}]"
        return f"#metadata(none){label(block.name)}{words}" if label(block.name) else words

    def listing(self, block: Listing) -> str:
        items = [f"[{self.blocks(item)}]" for item in block.items]
        kind = "enum" if block.ordered else "list"
        made = f"#{kind}({', '.join(items)})"
        if block.ordered:
            made = f"#{kind}(numbering: {quoted('1.')}, {', '.join(items)})"
        return f"#small[{made}]" if {"small", "diff"} & set(block.style.split()) else made

    def definitions(self, block: Definitions) -> str:
        cells = (f"[{self.inline(row.term)}], [{self.blocks(row.blocks)}]" for row in block.rows)
        name = "dates" if "dates" in block.style.split() else "terms"
        return f"#{name}({', '.join(cells)})"

    def figure(self, block: Figure) -> str:
        limit = 400.0 if {"flow", "curve"} & set(block.style.split()) else 215.0
        drawn = ""
        for piece in block.pictures:
            width = min(limit, piece.width * PIXEL)
            drawn += f"#{picture_source(piece, f'{width:g}pt')};"
        if not block.number:
            return drawn
        caption = self.inline(block.caption)
        return f"#fig({quoted(str(block.number))}, [{caption}], [{drawn}]){label(block.name)}"

    def group(self, block: Group) -> str:
        styles = set(block.style.split())
        inner = self.grouped(block, styles)
        mark = f"#metadata(none){label(block.name)}" if label(block.name) else ""
        return mark + inner

    def grouped(self, block: Group, styles: set[str]) -> str:
        if "abstract" in styles:
            first, rest = block.blocks[:1], block.blocks[1:]
            return f"#abstract[{self.blocks(first)}\n\n{self.blocks(rest)}]"
        if "part" in styles:
            return self.abstract_part(block)
        if "pair" in styles:
            return self.pair(block)
        inner = self.blocks(block.blocks)
        if styles & {"blockquote", "author"}:
            inner = f"#quoted[{inner}]"
        elif styles & _CALLOUTS:
            inner = f"#callout[{inner}]"
        elif "result" in styles:
            inner = self.result(block)
        elif "course" in styles and _length(block) < TOGETHER:
            inner = f"#together[{inner}]"
        return inner

    def result(self, block: Group) -> str:
        """Return a result: down to its table it stays together, its remarks may go on overleaf."""
        first = next((n for n, b in enumerate(block.blocks) if isinstance(b, Table)), 0)
        top = Group(style="", blocks=block.blocks[: first + 1])
        if _length(top) > TOGETHER:
            return self.blocks(block.blocks)
        return f"#together[{self.blocks(top.blocks)}]\n\n{self.blocks(block.blocks[first + 1 :])}"

    def abstract_part(self, block: Group) -> str:
        terms = [b for b in block.blocks if isinstance(b, Heading)]
        rest = [b for b in block.blocks if not isinstance(b, Heading)]
        term = self.blocks(terms)
        if len(terms) == 1:
            term = f"#run-in[{self.inline(terms[0].content)}]"
        return f"#abstract-part([{term}], [{self.blocks(rest)}])"

    def pair(self, block: Group) -> str:
        left = [b for b in block.blocks if isinstance(b, Figure)]
        right = [b for b in block.blocks if not isinstance(b, Figure)]
        if not left or not right or _length(block) > TOGETHER:
            return self.blocks(block.blocks)
        room = TEXT_WIDTH / 2.15 * 1.15 - 20
        made = "\n\n".join(
            self.table(b, room=room) if isinstance(b, Table) else self.block(b) for b in right
        )
        return f"#pair([{self.blocks(left)}], [{made}])"

    # --- tables ------------------------------------------------------------------------------

    def table(self, block: Table, *, room: float = TEXT_WIDTH) -> str:
        block = as_lines(block)
        size = DENSE if "dense" in block.styles else SIZE
        plotted = PLOT if "forest" in block.styles else 0.0
        made = columns(
            block, room / size, fixed=plotted / size, around=INSET / size, pixel=PIXEL / size
        )
        if made.natural:
            widths = ", ".join("auto" for _ in made.shares)
            if plotted:  # the drawings keep their width, the first column takes what is left
                widths = ", ".join(["1fr", *("auto",) * (block.columns - 1)])
        else:
            widths = ", ".join(f"{share:.4g}fr" for share in made.shares)
        tight = "1.5pt" if "dense" in block.styles else "2.4pt"
        made_of = (
            f"({widths},), ({', '.join(_alignments(block))},), {size:g}pt, {tight}, "
            f"{self.head(block)}, {self.notes(block)},\n"
            f"{self.rows(block.rows, block.columns, plotted)}\n)"
        )
        if not block.number:
            return f"#bare-table({made_of}"
        caption = f"{quoted(str(block.number))}, [{self.inline(block.caption)}]"
        return f"#tab({caption}, {made_of}{label(block.name)}"

    def head(self, block: Table) -> str:
        lines = grid(block.head, block.columns)
        cells = [
            self.cell(cell, f"[#strong[{self.cell_text(cell, 0.0)}]]", align="bottom")
            for line in lines
            for cell in line
            if cell is not None
        ]
        if not cells:
            return "()"
        return f"(table.header({', '.join(cells)}, rule(light: false)),)"

    def notes(self, block: Table) -> str:
        return f"[{self.blocks(block.notes)}]" if block.notes else "none"

    def rows(self, rows: Sequence[Row], width: int, plotted: float) -> str:
        made: list[str] = []
        lines = grid(rows, width)
        whole = _spanned(lines)
        for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
            if number and not row.foot:
                made.append(self.rule(row, lines[number], width))
            mark = f"#metadata(none){label(row.name)}" if label(row.name) else ""
            covered = _covered(lines, number)
            for place, cell in enumerate(line):
                if cell is None:
                    if covered[place] and not whole[number][place]:
                        made.append("[]")
                    continue
                words = self.cell_text(cell, plotted)
                if row.total:
                    words = f"#strong[{words}]"
                inner = f"[{mark}{words}]" if mark else self.argument(cell.blocks, words)
                made.append(self.cell(cell, inner))
                mark = ""
        return ", ".join(made)

    def rule(self, row: Row, line: Sequence[Cell | None], width: int) -> str:
        """Return the line over a row; it leaves out what a cell from above reaches into."""
        if row.total:
            return "rule(light: false)"
        covered = _reached(line)
        if not any(covered):
            return "rule()"
        first = covered.index(False) if False in covered else width
        return f"table.hline(start: {first}, stroke: 0.3pt + fine)" if first < width else "rule()"

    def cell(self, cell: Cell, words: str, *, align: str = "") -> str:
        options = []
        if cell.cols > 1:
            options.append(f"colspan: {cell.cols}")
        if _spans(cell):
            options.append(f"rowspan: {cell.rows}")
        if align:
            options.append(f"align: {align} + {'right' if cell.number else 'left'}")
        elif cell.number:
            options.append("align: right")
        return f"table.cell({', '.join((*options, words))})" if options else words

    def cell_text(self, cell: Cell, plotted: float) -> str:
        """Return what stands in a cell; the drawing of an interval has a width of its own."""
        alone = cell.blocks[0] if len(cell.blocks) == 1 else None
        if plotted and isinstance(alone, Paragraph) and len(alone.content) == 1:
            only = alone.content[0]
            if isinstance(only, Picture) and only.width >= INTERVAL:
                return f"#plot({picture_source(only, f'{plotted:g}pt')})"
        return self.blocks(cell.blocks)


def _reached(line: Sequence[Cell | None]) -> list[bool]:
    """Tell of each place whether a cell of a row above reaches into it."""
    found = [cell is None for cell in line]
    for place, cell in enumerate(line):
        if cell is not None:
            for beside in range(1, cell.cols):
                found[place + beside] = False
    return found


def _spans(cell: Cell) -> bool:
    """Tell whether a cell may span its rows.

    They must be few enough to fit on one page, and the cell must hold no number: the typesetter
    writes a cell that spans behind the rest of its first row, and numbers have their order.
    """
    if not 1 < cell.rows <= SPANNED:
        return False
    said = (plain(b.content) for b in walk(cell.blocks) if isinstance(b, Paragraph))
    return not any(map(has_digit, said))


def _spanned(lines: Sequence[Sequence[Cell | None]]) -> list[list[bool]]:
    """Tell of each place whether a cell that spans reaches into it."""
    found = [[False] * len(line) for line in lines]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if cell is not None and _spans(cell):
                for below in range(number + 1, min(number + cell.rows, len(lines))):
                    for beside in range(place, place + cell.cols):
                        found[below][beside] = True
    return found


def _covered(lines: Sequence[Sequence[Cell | None]], number: int) -> list[bool]:
    return _reached(lines[number])


def _alignments(block: Table) -> list[str]:
    """Return how each column is set: as the cells of its head are."""
    lines = grid(block.head, block.columns)
    last = lines[-1] if lines else [None] * block.columns
    height = " + horizon" if "forest" in block.styles else ""
    return [f"{'right' if cell and cell.number else 'left'}{height}" for cell in last]


def _length(block: Block) -> int:
    """Return about how much text a block holds; a drawing counts as some lines."""
    total = 0
    for inner in walk((block,)):
        match inner:
            case Paragraph(content=content) | Heading(content=content):
                total += len(plain(content)) + 20
            case Figure():
                total += 500
            case Table():
                total += 90 * len(inner.rows)
            case _:
                pass
    return total
