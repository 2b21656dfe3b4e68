"""From the finished page to the tree: the page is the only source of the other documents.

Everything a reader sees on paper comes along. What serves a screen only (class ``screen-only``:
contents, buttons, the index from number to source, the longest tables of the appendices) does not;
the page says in a sentence of class ``paper-only`` where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import html as lxml_html

from tamis.report.documents.drawing import Styles, picture
from tamis.report.documents.tree import (
    Block,
    Cell,
    Code,
    Definition,
    Definitions,
    Figure,
    Group,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
    Tree,
)

__all__ = ["LEFT_OUT", "SILENT", "read_tree"]

#: Elements and classes that are not set in the other documents.
SILENT = frozenset({"script", "style", "nav", "dialog", "button", "input", "template"})
LEFT_OUT = frozenset({"how", "skip", "screen-only"})

#: Elements that stand on lines of their own.
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption",
     "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "ol", "p",
     "pre", "section", "summary", "table", "ul"}
)  # fmt: skip

_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class _Counters:
    """Numbers of headings, tables and figures, as the page's style sheet counts them."""

    part: int = 0
    sub: int = 0
    table: int = 0
    figure: int = 0
    numbered: bool = False

    def heading(self, level: int, element: lxml_html.HtmlElement, *, listed: bool) -> str:
        if level == 1:
            self.sub = 0
            self.numbered = "plain" not in _classes(element)
            self.part += self.numbered
            return str(self.part) if self.numbered else ""
        if level == 2:
            self.sub += 1
            return f"{self.part}.{self.sub}" if self.numbered and listed else ""
        return ""


def read_tree(html: bytes) -> Tree:
    """Read a finished page.

    Parameters
    ----------
    html
        The page as ``build_report`` gives it.

    Examples
    --------
    >>> page = b"<html lang=en><body><header class=title><h1>A</h1></header>"
    >>> tree = read_tree(page + b"<main><p>9 of <b>12</b></p></main></body></html>")
    >>> tree.blocks[0].content[1].text
    '12'
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = lxml_html.document_fromstring(html, parser=parser)
    reader = _Reader(Styles.of(root), frozenset(_gone(root)))
    header, main = root.find(".//header"), root.find(".//main")
    title: tuple[Inline, ...] = ()
    front: tuple[Block, ...] = ()
    if header is not None:
        front = reader.blocks(header)
        title = next((b.content for b in front if isinstance(b, Heading)), ())
        front = tuple(b for b in front if not isinstance(b, Heading))
    return Tree(
        title=title,
        language=root.get("lang") or "en",
        front=front,
        blocks=reader.blocks(main) if main is not None else (),
    )


def _classes(element: lxml_html.HtmlElement) -> tuple[str, ...]:
    return tuple((element.get("class") or "").split())


def _left_out(element: lxml_html.HtmlElement) -> bool:
    return element.tag in SILENT or not LEFT_OUT.isdisjoint(_classes(element))


def _gone(root: lxml_html.HtmlElement) -> Iterator[str]:
    """Yield the ids of places that do not come along."""
    for element in root.iter():
        if isinstance(element.tag, str) and _left_out(element):
            yield from (inner.get("id") for inner in element.iter() if inner.get("id"))


class _Reader:
    """Walks the page once; the numbers of headings, tables and figures run along."""

    def __init__(self, styles: Styles, gone: frozenset[str]) -> None:
        self.styles = styles
        self.gone = gone
        self.count = _Counters()

    # --- blocks ------------------------------------------------------------------------------

    def blocks(self, element: lxml_html.HtmlElement) -> tuple[Block, ...]:
        """Return what stands in an element, bare text as paragraphs."""
        found: list[Block] = []
        loose: list[Inline] = []

        def settle() -> None:
            content = _trimmed(loose)
            if content:
                found.append(Paragraph(content=content))
            loose.clear()

        loose += self._text(element.text, Run(text=""))
        for child in element:
            if isinstance(child.tag, str) and not _left_out(child):
                if child.tag in BLOCKS:
                    settle()
                    found += self._block(child)
                else:
                    loose += self.inline(child, Run(text=""))
            loose += self._text(child.tail, Run(text=""))
        settle()
        return tuple(found)

    def _block(self, element: lxml_html.HtmlElement) -> Iterable[Block]:  # noqa: PLR0911 - one line an element
        tag = str(element.tag)
        if re.fullmatch("h[1-6]", tag):
            return self._heading(element)
        match tag:
            case "p" | "summary" | "figcaption":
                return self._paragraph(element)
            case "pre":
                return (Code(content=tuple(self.inline(element, Run(text="", code=True)))),)
            case "ul" | "ol":
                return (self._listing(element),)
            case "dl":
                return (self._definitions(element),)
            case "table":
                return (self._table(element, element),)
            case "figure":
                return (self._figure(element),)
            case "div" if "tw" in _classes(element) and element.find("table") is not None:
                return (self._table(element, element.find("table")),)
            case _:
                return self._group(element)

    def _paragraph(self, element: lxml_html.HtmlElement) -> Iterable[Block]:
        content = _trimmed(self._children(element, Run(text="")))
        style = " ".join(_classes(element)) or ("" if element.tag == "p" else str(element.tag))
        if content:
            yield Paragraph(content=content, style=style, name=element.get("id") or "")

    def _group(self, element: lxml_html.HtmlElement) -> Iterable[Block]:
        inner = self.blocks(element)
        classes = _classes(element)
        style = " ".join(classes) or (str(element.tag) if element.tag == "blockquote" else "")
        if not inner:
            return ()
        if not style and not element.get("id"):
            return inner
        return (Group(style=style, blocks=inner, name=element.get("id") or ""),)

    def _heading(self, element: lxml_html.HtmlElement) -> Iterable[Block]:
        level = max(1, int(str(element.tag)[1]) - 1)
        name = element.get("id") or ""
        listed = bool(name) and level <= 2 and element.tag != "h1"
        number = "" if element.tag == "h1" else self.count.heading(level, element, listed=listed)
        content = _trimmed(self._children(element, Run(text="")))
        return (Heading(level=level, content=content, name=name, number=number, listed=listed),)

    def _listing(self, element: lxml_html.HtmlElement) -> Block:
        items = (self.blocks(item) for item in element.iterchildren("li"))
        return Listing(
            items=tuple(item for item in items if item),
            ordered=element.tag == "ol",
            style=" ".join(_classes(element)),
        )

    def _definitions(self, element: lxml_html.HtmlElement) -> Block:
        rows: list[Definition] = []
        for part in element.iter("dt", "dd"):
            if part.tag == "dt":
                rows.append(
                    Definition(term=_trimmed(self._children(part, Run(text=""))), blocks=())
                )
            elif rows:
                rows[-1] = replace(rows[-1], blocks=(*rows[-1].blocks, *self.blocks(part)))
        return Definitions(rows=tuple(rows), style=" ".join(_classes(element)))

    def _figure(self, element: lxml_html.HtmlElement) -> Block:
        pictures = tuple(picture(svg, self.styles, self._words(svg)) for svg in element.iter("svg"))
        caption: tuple[Inline, ...] = ()
        number = 0
        if (said := element.find("figcaption")) is not None:
            self.count.figure += 1
            number = self.count.figure
            caption = _trimmed(self._children(said, Run(text="")))
        svg = element.find(".//svg")
        name = element.get("id") or ((svg.get("aria-labelledby") or "").split() or [""])[0]
        return Figure(name=name, number=number, pictures=pictures, caption=caption,
                      style=" ".join(_classes(element)),
                      file=element.get("data-name") or "")  # fmt: skip

    # --- tables ------------------------------------------------------------------------------

    def _table(self, wrap: lxml_html.HtmlElement, element: lxml_html.HtmlElement) -> Block:
        caption: tuple[Inline, ...] = ()
        number = 0
        if (said := element.find("caption")) is not None:
            self.count.table += 1
            number = self.count.table
            caption = _trimmed(self._children(said, Run(text="")))
        head = tuple(self._rows(element.iterchildren("thead")))
        rows = tuple(self._rows(element.iterchildren("tbody", "tfoot", "tr")))
        notes: list[Block] = []
        if wrap is not element:
            for other in wrap.iterchildren("div", "p", "ul"):
                notes += self.blocks(other) if other.tag == "div" else self._block(other)
        columns = max((sum(c.cols for c in row.cells) for row in (*head, *rows)), default=1)
        return Table(
            name=wrap.get("id") or element.get("id") or "",
            number=number,
            caption=caption,
            columns=columns,
            head=head,
            rows=rows,
            notes=tuple(notes),
            styles=tuple(c for c in (*_classes(wrap), *_classes(element)) if c != "tw"),
            file=wrap.get("data-name") or "",
        )

    def _rows(self, parts: Iterable[lxml_html.HtmlElement]) -> Iterator[Row]:
        for part in parts:
            for row in [part] if part.tag == "tr" else part.iterchildren("tr"):
                yield Row(
                    cells=tuple(self._cell(cell) for cell in row.iterchildren("th", "td")),
                    name=row.get("id") or "",
                    total="total" in _classes(row),
                    foot=part.tag == "tfoot",
                )

    def _cell(self, element: lxml_html.HtmlElement) -> Cell:
        return Cell(
            blocks=self.blocks(element),
            head=element.tag == "th",
            number="n" in _classes(element),
            rows=int(element.get("rowspan") or 1),
            cols=int(element.get("colspan") or 1),
        )

    # --- inline ------------------------------------------------------------------------------

    def _children(self, element: lxml_html.HtmlElement, look: Run) -> list[Inline]:
        found = list(self._text(element.text, look))
        for child in element:
            if isinstance(child.tag, str) and not _left_out(child):
                found += self.inline(child, look)
            found += self._text(child.tail, look)
        return found

    def inline(self, element: lxml_html.HtmlElement, look: Run) -> list[Inline]:
        """Return the content of an inline element; ``look`` is inherited from around it."""
        if element.tag == "svg":
            return [picture(element, self.styles, self._words(element))]
        if element.tag == "br":
            return [replace(look, text="\n")]
        if "src" in _classes(element) and (element.get("href") or "")[1:] in self.gone:
            return []  # a link with no words of its own
        return self._children(element, _look(element, look))

    def _words(self, svg: lxml_html.HtmlElement) -> tuple[tuple[Run, ...], ...]:
        texts = (self._children(text, Run(text="")) for text in svg.iter("text"))
        return tuple(tuple(p for p in _trimmed(t) if isinstance(p, Run)) for t in texts)

    def _text(self, text: str | None, look: Run) -> Iterable[Inline]:
        if text:
            shown = text.replace("\r\n", "\n") if look.code else _SPACE.sub(" ", text)
            yield replace(look, text=shown)


def _look(element: lxml_html.HtmlElement, look: Run) -> Run:
    """Return how text in an inline element looks, given how it looks around it."""
    changes: dict[str, object] = {}
    tag = element.tag
    if tag in ("b", "strong"):
        changes["bold"] = True
    if tag in ("i", "em", "cite"):
        changes["italic"] = True
    if tag == "code":
        changes["code"] = look.code
    if tag == "del":
        changes["struck"] = True
    if element.get("href"):
        changes["href"] = element.get("href")
    if element.get("lang"):
        changes["language"] = element.get("lang")
    if element.get("data-q"):
        changes |= {"kind": "quantity", "name": element.get("data-q")}
    elif element.get("data-lit"):
        changes["kind"] = element.get("data-lit")
    return replace(look, **changes)  # type: ignore[arg-type]  # names and types are those above


def _trimmed(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return content without space at its ends, and never two spaces in a row."""
    found: list[Inline] = []
    open_space = True
    for piece in content:
        if isinstance(piece, Picture) or piece.code:
            found.append(piece)
            open_space = False
            continue
        text = piece.text.lstrip(" ") if open_space else piece.text
        if text:
            found.append(replace(piece, text=text))
            open_space = text.endswith((" ", "\n"))
    while found and isinstance(last := found[-1], Run) and not last.code:
        text = last.text.rstrip(" \n")
        if text:
            found[-1] = replace(last, text=text)
            break
        found.pop()
    return tuple(found)
