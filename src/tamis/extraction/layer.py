r"""The text layer of a document: what anchors point into.

Positions are Unicode code points of a page's stored text, from 0, end exclusive. The text is what
the PDF engine read, with four things settled once and for all: surrogate pairs are one letter, a
generated line break is one ``\n``, a hyphen at a line end is U+00AD, and what has no Unicode
letter is U+FFFD. Nothing else is changed: superscripts stay flat and are marked in ``raised``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tamis.domain.canonical import sha256_hex, short_hash
from tamis.domain.errors import NotFound

__all__ = [
    "LAYER",
    "LINE_HYPHEN",
    "NO_LETTER",
    "PAGE_CLASSES",
    "Box",
    "Layer",
    "PageText",
    "Span",
    "layer_version",
    "page_class",
]

#: Left, bottom, right, top in PDF points of the unrotated page.
Box = tuple[float, float, float, float]

#: Code points ``[start, end)``.
Span = tuple[int, int]

#: Number of these rules; it grows when the same bytes would give another text.
LAYER = "tamis-layer-1"

#: The reserved code point of a hyphen at a line end (SOFT HYPHEN: legal in XML, HTML and CSV).
LINE_HYPHEN = "\N{SOFT HYPHEN}"

#: Stands where a glyph has no Unicode letter, or one that no text file may hold.
NO_LETTER = "\N{REPLACEMENT CHARACTER}"

PAGE_CLASSES = {
    "text": "read as text",
    "short": "clean text, but too little of it to judge the page",
    "scanned": "a picture without text",
    "scanned-with-layer": "a picture with the invisible text of somebody's recognition",
    "garbled": "letters without a Unicode mapping: the text cannot be trusted",
    "empty": "nothing on the page",
}

#: Bars of the page classes (ours): a page of text has this many code points, and at most this
#: share of them without a letter or in a private-use area.
ENOUGH_TEXT = 200
TOO_FEW_FOR_A_SCAN = 50
GARBLED_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """One page: its text, and for every code point where it stands.

    Parameters
    ----------
    number
        Physical page from 1 (the printed page label may differ).
    text
        The stored text.
    boxes
        One box a code point; ``None`` for generated characters.
    page_box
        Crop box of the unrotated page, in points.
    rotation
        Degrees clockwise by which a viewer turns the page: 0, 90, 180 or 270.
    raised
        Spans of digits (with their sign) that are set as superscripts: ``1 × 106`` with the last
        digit raised is a million.
    unmapped
        Positions of glyphs without a trustworthy Unicode letter.
    page_class
        A key of ``PAGE_CLASSES``.
    """

    number: int
    text: str
    boxes: tuple[Box | None, ...] = ()
    page_box: Box = (0.0, 0.0, 0.0, 0.0)
    rotation: int = 0
    raised: tuple[Span, ...] = ()
    unmapped: tuple[int, ...] = ()
    page_class: str = "text"

    def line_boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """Return one box for each printed line of ``[start, end)``, for highlights.

        Examples
        --------
        >>> page = PageText(number=1, text="ab", boxes=((0, 0, 5, 9), (5, 0, 9, 8)))
        >>> page.line_boxes(0, 2)
        ((0, 0, 9, 9),)
        """
        lines: list[Box] = []
        for box in self.boxes[start:end]:
            if box is None:
                continue
            if lines and _same_line(lines[-1], box):
                lines[-1] = _around(lines[-1], box)
            else:
                lines.append(box)
        return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The text layer of one document. ``version`` names the engine, these rules and the texts."""

    version: str
    document_sha256: str
    pages: tuple[PageText, ...] = field(default_factory=tuple)

    def page(self, number: int) -> PageText:
        """Return a page by its physical number.

        Raises
        ------
        NotFound
            When the document has no such page.
        """
        if not 1 <= number <= len(self.pages):
            raise NotFound(
                f"the document {short_hash(self.document_sha256)} has no page {number}",
                f"it has the pages 1 to {len(self.pages)}",
            )
        return self.pages[number - 1]


def layer_version(engine: str, texts: Iterable[str]) -> str:
    """Return ``<engine>/tamis-layer-<n>/<first 12 digits of SHA-256 of all page texts>``.

    Examples
    --------
    >>> layer_version("pdfium-8149", ["a", "b"])
    'pdfium-8149/tamis-layer-1/1fde8ba60c8e'
    """
    joined = "\f".join(texts).encode("utf-8")
    return f"{engine}/{LAYER}/{short_hash(sha256_hex(joined))}"


def page_class(
    text: str, unmapped: int, *, covering_image: bool = False, invisible_text: bool = False
) -> str:
    """Return the class of a page.

    Known limit: no dictionary is consulted, so a wrong but complete Unicode mapping passes as text.

    Examples
    --------
    >>> page_class("", 0), page_class("", 0, covering_image=True), page_class("a" * 200, 0)
    ('empty', 'scanned', 'text')
    """
    visible = [letter for letter in text if not letter.isspace()]
    if covering_image and invisible_text and visible:
        return "scanned-with-layer"
    if len(visible) < TOO_FEW_FOR_A_SCAN and covering_image:
        return "scanned"
    if not visible:
        return "empty"
    private = sum("\ue000" <= letter <= "\uf8ff" for letter in visible)
    if (unmapped + private) >= GARBLED_SHARE * len(visible):
        return "garbled"
    return "text" if len(text) >= ENOUGH_TEXT else "short"


def _same_line(line: Box, box: Box) -> bool:
    middle = (box[1] + box[3]) / 2
    forward = box[0] >= line[0] - 1
    return line[1] - 1 <= middle <= line[3] + 1 and forward


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
