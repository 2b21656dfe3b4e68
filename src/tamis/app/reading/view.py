"""A page of a document as a reader shows it: picture, text, and what is marked on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.views import Passage
from tamis.app.full_text.full_texts import FullTexts
from tamis.app.full_text.pages import Pages
from tamis.domain.errors import BadInput, TamisError
from tamis.domain.values import PassageAnchor, Value
from tamis.extraction import SCALES, Rectangle, TextRun
from tamis.extraction.searching import Hit

__all__ = ["Mark", "ReaderView", "own_anchors", "quote_of", "reader_view"]

#: Page classes whose text may be selected and recorded as it is.
TRUSTED = frozenset({"text", "short"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something marked on the page: ``kind`` is ``hit``, ``chosen`` or ``value``.

    ``start`` is where it begins in the text of the page; ``label`` says what it is.
    """

    kind: str
    label: str
    start: int
    boxes: tuple[Rectangle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """One page of a document.

    Parameters
    ----------
    text
        The whole text of the page; positions in it are code points.
    trusted
        Whether the page class lets the text be taken as it is.
    at
        Number of the hit that is looked at, from 0; -1 without.
    anchors
        Pages that hold anchors of the viewer's own values, in order.
    chosen
        The passage that is chosen, and its words.
    """

    document: str
    name: str
    page: int
    pages: int
    scale: str
    page_class: str
    trusted: bool
    text: str
    runs: tuple[TextRun, ...]
    marks: tuple[Mark, ...]
    anchors: tuple[int, ...] = ()
    words: str = ""
    hits: tuple[Hit, ...] = ()
    at: int = -1
    chosen: Passage | None = None
    quote: str = ""

    @property
    def smaller(self) -> str:
        """The next smaller scale; empty where there is none."""
        i = SCALES.index(self.scale)
        return SCALES[i - 1] if i else ""

    @property
    def larger(self) -> str:
        """The next larger scale; empty where there is none."""
        i = SCALES.index(self.scale)
        return SCALES[i + 1] if i + 1 < len(SCALES) else ""

    @property
    def next_anchor(self) -> int:
        """The page of the next anchor after this page, round to the first; 0 without any."""
        later = [page for page in self.anchors if page > self.page]
        return (later or list(self.anchors) or [0])[0]


def reader_view(
    pages: Pages,
    full_texts: FullTexts,
    document: str,
    *,
    page: int = 1,
    scale: str = "1",
    search: tuple[str, int] = ("", -1),
    chosen: tuple[int, int] | None = None,
    values: Iterable[Value] = (),
) -> ReaderView:
    """Return a page of a document.

    Parameters
    ----------
    search
        The words that are searched for, and the number of the hit that is looked at.
    chosen
        Code points of the page that are chosen; a place that is not on it is left out.
    values
        The viewer's own values: those anchored on the page are drawn.

    Raises
    ------
    NotFound, BadInput
        When the document is not attached or not here, or there is no such page.
    """
    if scale not in SCALES:
        raise BadInput(f"there is no scale {scale!r}", f"scales are {', '.join(SCALES)}")
    words, at = search
    link = pages.link(document)
    seen = pages.view(document, page)
    text = pages.text(document, page)
    hits = full_texts.search(document, words) if words.strip() else ()
    passage = None
    if chosen is not None and 0 <= chosen[0] < chosen[1] <= len(text):
        passage = Passage(document=document, page=page, start=chosen[0], end=chosen[1])
    anchored = [
        (v, v.source)
        for v in values
        if isinstance(v.source, PassageAnchor) and v.source.document == document
    ]
    marks = [
        _mark(
            pages, "value", _span(document, page, s.start, s.end), f"{v.cell.outcome}: {v.printed}"
        )
        for v, s in anchored
        if s.page == page and s.end <= len(text)
    ]
    marks += [
        _mark(pages, "hit", _span(document, page, h.start, h.end), h.text)
        for h in hits
        if h.page == page
    ]
    if passage is not None:
        marks.append(_mark(pages, "chosen", passage, ""))
    return ReaderView(
        document=document,
        name=link.file.rpartition("/")[2],
        page=page,
        pages=seen.pages,
        scale=scale,
        page_class=seen.page_class,
        trusted=seen.page_class in TRUSTED,
        text=text,
        runs=seen.runs,
        marks=tuple(marks),
        anchors=tuple(sorted({source.page for _, source in anchored})),
        words=words,
        hits=hits,
        at=at if 0 <= at < len(hits) else -1,
        chosen=passage,
        quote=text[passage.start : passage.end] if passage else "",
    )


def own_anchors(desk: ExtractionDesk, viewer: str, document: str) -> tuple[Value, ...]:
    """Return the viewer's own values of the studies that a document belongs to."""
    found: list[Value] = []
    for study in desk.studies(viewer):
        if any(one.document == document for one in study.documents):
            found += desk.own(viewer, study.study).values
    return tuple(found)


def quote_of(pages: Pages, passage: Passage) -> str:
    """Return the words of a passage; nothing where they cannot be read now."""
    try:
        return pages.text(passage.document, passage.page)[passage.start : passage.end]
    except TamisError:
        return ""


def _span(document: str, page: int, start: int, end: int) -> Passage:
    return Passage(document=document, page=page, start=start, end=end)


def _mark(pages: Pages, kind: str, at: Passage, label: str) -> Mark:
    boxes = pages.boxes(at.document, at.page, at.start, at.end)
    return Mark(kind=kind, label=label, start=at.start, boxes=boxes)
