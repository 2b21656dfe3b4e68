"""Every figure as files of its own: SVG with real text, PNG at 300 dpi, PDF; and what they show."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.canonical import sha256_hex
from tamis.report.documents.forest_drawing import forest_drawing
from tamis.report.documents.tree import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Picture,
    Table,
    Tree,
    plain,
    walk,
)
from tamis.report.documents.typesetting import (
    Imprint,
    Typesetter,
    without_chinese,
)
from tamis.report.documents.typst_text import quoted

__all__ = [
    "DPI", "INDEX", "SHEET", "Drawn", "drawings", "figure_files", "figures", "image", "png_of",
]  # fmt: skip

#: Resolution of the PNG files, in pixels per inch.
DPI = 300

#: Name of the table that lists the figures.
INDEX = "figures.csv"

#: How many drawings are set at once: each takes some megabytes while it is one.
AT_ONCE = 1

#: CSS pixels in a point.
_POINT = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure to be written as files.

    Attributes
    ----------
    name
        Name of its files without ending; the same as long as the figure is.
    label
        What the report calls it: ``Figure 2``, ``Table 14``.
    caption
        Its caption in words.
    picture
        The drawing.
    rows
        What it shows as a table, where it has one of its own.
    """

    name: str
    label: str
    caption: str
    picture: Picture
    rows: tuple[tuple[str, ...], ...] = ()


def figures(tree: Tree) -> tuple[Drawn, ...]:
    """Return every figure of a report: its drawings, and its tables of intervals."""
    found: list[Drawn] = []
    under = ""
    for block in walk((*tree.front, *tree.blocks)):
        if isinstance(block, Heading):
            under = plain(block.content) if block.level > 2 else ""
        elif isinstance(block, Figure):
            found += _of_figure(block, under)
        elif isinstance(block, Table) and "forest" in block.styles:
            caption = plain(block.caption)
            found.append(
                Drawn(
                    name=_name("forest", caption, block),
                    label=f"Table {block.number}",
                    caption=caption,
                    picture=forest_drawing(block),
                    rows=tuple(_rows(block)),
                )
            )
    return tuple(found)


def _of_figure(block: Figure, under: str) -> Iterator[Drawn]:
    """Return the drawings of a figure; one within a result also says what the result is of."""
    caption = ". ".join(filter(None, (under, plain(block.caption))))
    kind = next(iter(block.style.split()), "figure")
    for place, picture in enumerate(block.pictures):
        name = _name(kind, caption, block)
        yield Drawn(
            name=f"{name}-{place + 1}" if place else name,
            label=f"Figure {block.number}",
            caption=caption,
            picture=picture,
        )


def _name(kind: str, caption: str, block: Figure | Table) -> str:
    """Return a name that says what is drawn, and stays when other figures come or go."""
    if block.file:
        base = block.file.removeprefix("table-")
        return base if base.startswith(kind) else f"{kind}-{base}"
    words = re.sub(r"[^a-z0-9]+", "-", caption.lower())[:44].strip("-")
    return "-".join(filter(None, (kind, words, sha256_hex(block.name.encode())[:6])))


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    for row in (*table.head, *(r for r in table.rows if not r.foot)):
        yield tuple(_words(cell.blocks) for cell in row.cells)


def _words(blocks: Sequence[Block]) -> str:
    said = (plain(b.content) for b in walk(blocks) if isinstance(b, Paragraph))
    return "; ".join(filter(None, said))


def drawings(tree: Tree) -> tuple[Picture, ...]:
    """Return every drawing that stands in the report, each once."""
    found: dict[str, Picture] = {}
    for block in walk((*tree.front, *tree.blocks)):
        pieces: Iterable[object] = ()
        if isinstance(block, Figure):
            pieces = block.pictures
        elif isinstance(block, Paragraph | Heading):
            pieces = block.content
        elif isinstance(block, Table):
            pieces = block.caption
        for piece in pieces:
            if isinstance(piece, Picture):
                found.setdefault(piece.svg, piece)
    return tuple(found.values())


def png_of(pictures: Iterable[Picture], typesetter: Typesetter) -> Mapping[str, bytes]:
    """Return drawings as PNG, by their SVG."""
    wanted = {picture.svg: picture for picture in pictures}
    if not wanted:
        return {}
    found: dict[str, bytes] = {}
    for first in range(0, len(wanted), AT_ONCE):
        some = list(wanted)[first : first + AT_ONCE]
        pages = "\n#pagebreak()\n".join(image(wanted[svg], typesetter) for svg in some)
        found |= zip(some, typesetter.png(SHEET + pages, ppi=DPI), strict=True)
    return found


#: A page as large as what stands on it.
SHEET = "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"


def image(picture: Picture, typesetter: Typesetter) -> str:
    """Return a drawing as typst source, with the fonts that the typesetter has."""
    svg = picture.svg
    family = typesetter.faces.chinese
    svg = svg.replace("Noto Serif CJK SC", family) if family else without_chinese(svg)
    width = f"{picture.width * _POINT:g}pt"
    alt = quoted(picture.alt or "figure")
    return f'#image(bytes({quoted(svg)}), format: "svg", width: {width}, alt: {alt})'


def figure_files(
    tree: Tree,
    imprint: Imprint,
    typesetter: Typesetter,
    *,
    ready: Mapping[str, bytes] | None = None,
) -> Mapping[str, bytes]:
    """Return the files of all figures by name, with a table of them.

    Parameters
    ----------
    tree
        The report.
    imprint
        Title and date of the PDF files.
    typesetter
        Sets PNG and PDF.
    ready
        Drawings that are PNG already, by their SVG.
    """
    drawn = figures(tree)
    known = dict(ready or {})
    known |= png_of((d.picture for d in drawn if d.picture.svg not in known), typesetter)
    files: dict[str, bytes] = {}
    for one in drawn:
        files[f"{one.name}.svg"] = one.picture.svg.encode()
        files[f"{one.name}.png"] = known[one.picture.svg]
        title = quoted(one.caption or one.label)
        source = f"#set document(title: {title})\n{SHEET}{image(one.picture, typesetter)}"
        files[f"{one.name}.pdf"] = typesetter.pdf(source, at=imprint.date)
        if one.rows:
            files[f"{one.name}.csv"] = _csv(one.rows)
    table = [("name", "in the report", "caption", "text alternative")]
    table += [(d.name, d.label, d.caption, d.picture.alt) for d in drawn]
    files[INDEX] = _csv(table)
    return files


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
