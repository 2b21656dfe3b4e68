"""The report as a Word file: real styles, captions, fields and sections; the same bytes each time.

python-docx makes the package, its styles and its pictures. The body is written as one piece of
XML, because a table of three hundred rows takes python-docx longer than all the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tamis.report.documents.expected import references
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
    Table,
    Tree,
    headings,
    places,
    walk,
)
from tamis.report.documents.typesetting import Imprint
from tamis.report.documents.word_package import describe, furnish, packed
from tamis.report.documents.word_styles import BULLETS, new_list, prepare
from tamis.report.documents.word_table import Page, is_landscape, stays_whole, table_xml
from tamis.report.documents.word_text import (
    bookmark_name,
    hyperlink,
    run_xml,
    text_run,
)
from tamis.report.documents.word_text import (
    field as field_xml,
)

__all__ = ["write_docx"]

#: The two sections of the report, in twentieths of a point.
PORTRAIT = Page(width=11906, height=16838, margin=1250)
LANDSCAPE = Page(width=16838, height=11906, margin=1130)

#: EMU in a CSS pixel, as drawings are shown; a full width picture is no wider than the text.
PIXEL = 7200

_CALLOUTS = frozenset({"banner", "warn", "stamp", "problem"})
_SMALL = frozenset({"scope", "kicker", "byline", "small"})


def write_docx(tree: Tree, imprint: Imprint, pictures: Mapping[str, bytes]) -> bytes:
    """Write the report as a Word file.

    Parameters
    ----------
    tree
        The report.
    imprint
        Title, authors and date of the file.
    pictures
        SVG of a drawing -> the same as PNG, for every drawing of the tree.

    Examples
    --------
    >>> from tamis.report.documents.tree import Run
    >>> tree = Tree(title=(Run(text="A"),), language="en", blocks=(
    ...     Paragraph(content=(Run(text="One trial."),)),))
    >>> imprint = Imprint(title="A", date="2025-12-31T00:00:00.000Z")
    >>> write_docx(tree, imprint, {})[:2]
    b'PK'
    """
    document = Document()
    prepare(document, tree.language)
    writer = _Writer(document, tree, pictures)
    body = document.element.body
    for child in list(body):
        body.remove(child)
    made = parse_xml(
        f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{writer.everything(tree)}</w:body>"
    )
    for child in list(made):
        body.append(child)
    furnish(document, tree)
    describe(document, imprint)
    return packed(document)


@dataclass(slots=True)
class _Flow:
    """Where the writer is: the page it writes on, and the style of plain paragraphs."""

    page: Page = PORTRAIT
    style: str = "Normal"
    appendix: bool = False
    keep: str = ""
    room: int = 0


class _Writer:
    def __init__(self, document: DocumentType, tree: Tree, pictures: Mapping[str, bytes]) -> None:
        self.document = document
        self.pictures = pictures
        self.said = references(tree)
        self.known = places(tree)
        self.flow = _Flow()
        self.lists = 0
        self.marks = 0
        self.addresses: dict[str, str] = {}

    def everything(self, tree: Tree) -> str:
        made = [self.paragraph_xml(tree.title, "Title"), self.blocks(tree.front)]
        made += [self.contents(tree), self.blocks(tree.blocks), self.section(self.flow.page)]
        return "".join(made)

    # --- inline ------------------------------------------------------------------------------

    def inline(self, content: Iterable[Inline], *, bold: bool = False) -> str:
        made = []
        for piece in content:
            if isinstance(piece, Picture):
                made.append(self.picture(piece, limit=self.flow.room or self.flow.page.text_width))
                continue
            if piece.href.startswith("#") and piece.href[1:] not in self.known:
                piece = replace(piece, href="")  # noqa: PLW2901 - its words stay
            inner = run_xml(piece, bold=bold)
            if piece.href and inner:
                inner = hyperlink(
                    piece, inner, said=self.said, known=self.known, relate=self.relate
                )
            made.append(inner)
        return "".join(made)

    def relate(self, address: str) -> str:
        """Return the relationship of an address, making it once."""
        if address not in self.addresses:
            self.addresses[address] = self.document.part.relate_to(
                address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        return self.addresses[address]

    def picture(self, piece: Picture, *, limit: int, scale: float = 1.0) -> str:
        data = self.pictures[piece.svg]
        width = min(int(piece.width * PIXEL * scale), limit * 635)
        height = int(width * piece.height / piece.width)
        inline = self.document.part.new_pic_inline(io.BytesIO(data), width, height)
        inline.docPr.set("descr", piece.alt)
        inline.docPr.set("name", "Figure")
        for side in ("distT", "distB", "distL", "distR"):  # else LibreOffice indents the picture
            inline.set(side, "0")
        for named in inline.iter(qn("pic:cNvPr")):
            named.set("name", "figure.png")
        self.marks += 1
        inline.docPr.set("id", str(self.marks))
        return f"<w:r><w:drawing>{_bare(inline.xml)}</w:drawing></w:r>"

    def bookmark(self, name: str, inner: str, suffix: str = "") -> str:
        if name not in self.known:
            return inner
        self.marks += 1
        mark = bookmark_name(name) + suffix
        return (
            f'<w:bookmarkStart w:id="{self.marks}" w:name="{mark}"/>{inner}'
            f'<w:bookmarkEnd w:id="{self.marks}"/>'
        )

    def paragraph_xml(self, content: Iterable[Inline], style: str, extra: str = "") -> str:
        return _paragraph(self.inline(content), style, extra)

    # --- blocks ------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Return blocks; where one stands on another kind of page, the page is turned first."""
        made = []
        line = tuple(blocks)
        for place, block in enumerate(line):
            if isinstance(block, Group):
                made.append(self.group(block))
                continue
            made += [self.turned(_headed(line[place:])), self.upright(block)]
        return "".join(made)

    def upright(self, block: Block) -> str:
        """Return a block on the page that is open."""
        match block:
            case Heading():
                made = self.heading(block)
            case Paragraph():
                made = self.paragraph(block)
            case Code(content=content):
                made = self.paragraph_xml(content, "Strategy")
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
        style = f"Heading {block.level}"
        if block.level == 2 and not block.listed:
            style = "Run-in Heading"
        extra = ""
        if block.level <= 2 and block.listed and not block.number:
            extra = _PLAIN
        elif block.number:
            extra = f'<w:numPr><w:ilvl w:val="{block.level - 1}"/><w:numId w:val="90"/></w:numPr>'
        return _paragraph(self.bookmark(block.name, self.inline(block.content)), style, extra)

    def paragraph(self, block: Paragraph) -> str:
        styles = set(block.style.split())
        style = self.flow.style
        if styles & _CALLOUTS:
            style = "Callout"
        elif "summary" in styles:
            style = "Run-in Heading"
        elif styles & _SMALL:
            style = "Scope"
        inner = self.bookmark(block.name, self.inline(block.content))
        return _paragraph(inner, style, self.flow.keep)

    def listing(self, block: Listing) -> str:
        self.lists += block.ordered
        number = new_list(self.document, self.lists) if block.ordered else BULLETS
        small = bool({"small", "diff"} & set(block.style.split()))
        style = "Report List Small" if small else "Report List"
        mark = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        made = []
        for item in block.items:
            first, rest = item[0], item[1:]
            if isinstance(first, Paragraph):
                made.append(self.paragraph_xml(first.content, style, mark))
            else:
                made.append(self.upright(first))
            made += [self.upright(b) for b in rest]
        return "".join(made)

    def definitions(self, block: Definitions) -> str:
        made = []
        for row in block.rows:
            first = row.blocks[0] if row.blocks else None
            words = self.inline(row.term, bold=True) + "<w:r><w:tab/></w:r>"
            rest = row.blocks
            if isinstance(first, Paragraph):
                words += self.inline(first.content)
                rest = row.blocks[1:]
            made.append(_paragraph(words, "Definition") + "".join(map(self.upright, rest)))
        return "".join(made)

    def figure(self, block: Figure) -> str:
        flow = "flow" in block.style.split()
        drawn = "".join(
            self.picture(p, limit=PORTRAIT.text_width, scale=1.2 if flow else 1.0)
            for p in block.pictures
        )
        made = _paragraph(drawn, "Normal", "<w:keepNext/>" if block.number else "")
        if block.number:
            made += self.caption("Figure", block.number, block.name, block.caption)
        return made

    def caption(
        self, kind: str, number: int, name: str, words: Iterable[Inline], extra: str = ""
    ) -> str:
        told = text_run(f"{kind} ", "<w:b/>") + field_xml(
            f"SEQ {kind} \\* ARABIC", str(number), "<w:b/>"
        )
        inner = self.bookmark(name, told, "_n") + text_run(". ", "<w:b/>") + self.inline(words)
        return _paragraph(self.bookmark(name, inner), "Caption", extra)

    def table(self, block: Table) -> str:
        made = ""
        if block.number:
            made = self.caption("Table", block.number, block.name, block.caption, "<w:keepNext/>")
        made += table_xml(block, self.flow.page, self)
        kept, self.flow.style, self.flow.keep = self.flow.style, "Table Note", ""
        for place, note in enumerate(block.notes, start=1):
            self.flow.keep = _KEPT if stays_whole(block) and place < len(block.notes) else ""
            made += self.upright(note)
        self.flow.style, self.flow.keep = kept, ""
        return made if block.notes else made + _paragraph("", "Table Note")

    def cell(
        self, blocks: Sequence[Block], style: str, extra: str, *, bold: bool, room: int = 0
    ) -> str:
        """Return the paragraphs of a cell; the table asks for them."""
        made = []
        self.flow.room = room
        for block in blocks:
            match block:
                case Paragraph(content=content):
                    made.append(_paragraph(self.inline(content, bold=bold), style, extra))
                case Listing(items=items):
                    mark = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{BULLETS}"/></w:numPr>'
                    for item in items:
                        inner = self.cell(item, style, mark + _NARROW_LIST, bold=bold, room=room)
                        made.append(inner)
                case _:
                    kept, self.flow.style = self.flow.style, style
                    made.append(self.upright(block))
                    self.flow.style = kept
        self.flow.room = 0
        return "".join(made) or _paragraph("", style, extra)

    # --- groups and sections -----------------------------------------------------------------

    def group(self, block: Group) -> str:
        styles = set(block.style.split())
        kept = self.flow.style
        if styles & _CALLOUTS:
            self.flow.style = "Callout"
        elif styles & {"blockquote", "author"}:
            self.flow.style = "Quote"
        appendix = "appendix" in styles
        turn = self.turned(block) if appendix else ""
        self.flow.appendix = self.flow.appendix or appendix
        whole = any(isinstance(b, Table) and stays_whole(b) for b in block.blocks)
        self.flow.keep = _KEPT if "result" in styles and whole else ""
        inner = turn + self.blocks(block.blocks)
        self.flow.style = kept
        self.flow.keep = ""
        self.flow.appendix = self.flow.appendix and not appendix
        return inner

    def turned(self, block: Block) -> str:
        """Return what ends the section before a block that stands on another kind of page.

        An appendix stands on one kind of page as a whole; elsewhere a wide table turns its own.
        """
        page = LANDSCAPE if _wants_landscape(block) else PORTRAIT
        if self.flow.appendix or page is self.flow.page:
            return ""
        before, self.flow.page = self.flow.page, page
        return _paragraph("", "Table Note", self.section(before))

    def section(self, page: Page) -> str:
        orient = ' w:orient="landscape"' if page.width > page.height else ""
        return (
            f'<w:sectPr><w:pgSz w:w="{page.width}" w:h="{page.height}"{orient}/>'
            f'<w:pgMar w:top="1300" w:right="{page.margin}" w:bottom="1200" w:left="{page.margin}" '
            'w:header="600" w:footer="560" w:gutter="0"/></w:sectPr>'
        )

    # --- contents ----------------------------------------------------------------------------

    def contents(self, tree: Tree) -> str:
        """Return the table of contents: a line a heading, with the number of its page.

        The number is a field that a word processor works out when it opens the file: only it knows
        its pages. A field around the whole contents would keep LibreOffice from doing so.
        """
        listed = headings(tree)
        if not listed:
            return ""
        lines = []
        for heading in listed:
            number = text_run(f"{heading.number}  ") if heading.number else ""
            words = number + self.inline(heading.content)
            mark = bookmark_name(heading.name)
            page = field_xml(f"PAGEREF {mark} \\h", "")
            words += "<w:r><w:tab/></w:r>" + page.replace(_BEGIN, _BEGIN_ANEW)
            link = f'<w:hyperlink w:anchor="{mark}">{words}</w:hyperlink>'
            style = f"toc {heading.level}"
            lines.append(_paragraph(link, style, _TO_THE_PAGE))
        return _paragraph(text_run("Contents"), "TOC Title") + "".join(lines)


#: The paragraph stays on the page of the next one.
_KEPT = "<w:keepNext/>"

#: A heading without a number.
_PLAIN = (
    '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>'
)

#: A field, and one whose result is to be worked out on opening.
_BEGIN = '<w:fldChar w:fldCharType="begin"/>'
_BEGIN_ANEW = '<w:fldChar w:fldCharType="begin" w:dirty="true"/>'

#: A line of the contents: dots lead to the number of the page.
_TO_THE_PAGE = (
    f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{PORTRAIT.text_width}"/></w:tabs>'
)

#: A list within a cell: little indent.
_NARROW_LIST = '<w:ind w:left="140" w:hanging="140"/>'


def _paragraph(inner: str, style: str, extra: str = "") -> str:
    """Return a paragraph. Properties stand in the order that the schema asks for."""
    named = style.replace(" ", "").replace("toc", "TOC")
    return f'<w:p><w:pPr><w:pStyle w:val="{named}"/>{extra}</w:pPr>{inner}</w:p>'


def _headed(line: Sequence[Block]) -> Block:
    """Return what a heading stands over; any other block as it is."""
    return next((b for b in line if not isinstance(b, Heading)), line[0])


def _wants_landscape(block: Block) -> bool:
    if isinstance(block, Table):
        return is_landscape(block)
    return any(isinstance(b, Table) and "dense" in b.styles for b in walk((block,)))


def _bare(xml: str) -> str:
    """Return XML without a declaration; names keep their prefixes."""
    return xml.split("?>", 1)[-1].strip() if xml.startswith("<?xml") else xml
