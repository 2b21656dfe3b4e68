"""Reading a PDF into a text layer with PDFium.

PDFium counts UTF-16 units; this module turns them into code points once, here, and nobody else
ever sees a unit. It reads one document in the calling process: time and memory limits, and the
separate process that a hostile file deserves, are the caller's to set.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Place
from tamis.extraction.document_kind import check_is_pdf
from tamis.extraction.layer import (
    LINE_HYPHEN,
    NO_LETTER,
    Box,
    Layer,
    PageText,
    layer_version,
    page_class,
)
from tamis.extraction.raised import Glyph, raised_spans

__all__ = ["ENGINE", "MAX_PAGES", "opened", "read_layer"]

ENGINE = f"pdfium-{pdfium.PDFIUM_INFO.build}"

#: A document with more pages is refused (ours: no paper has them, a hostile file may).
MAX_PAGES = 2000

#: One image that covers this share of a page makes it a scan (ours).
SCAN_COVER = 0.8

_INVISIBLE = 3  # text rendering mode of ISO 32000-1, table 106
_SURROGATES = range(0xD800, 0xE000)


def _nobody(_: int) -> None:
    """Tell nobody."""


def read_layer(
    pdf: bytes,
    *,
    name: str = "the document",
    max_pages: int = MAX_PAGES,
    tell: Callable[[int], None] = _nobody,
) -> Layer:
    """Read the text layer of a PDF.

    A PDF that opens without a password is read, even if its publisher restricted printing.

    Parameters
    ----------
    pdf
        The bytes of the file.
    name
        File name for messages.
    max_pages
        Largest number of pages that is accepted.
    tell
        Called with the number of each page before it is read.

    Raises
    ------
    BadInput
        For a file that is empty, no PDF, damaged, locked by a password or too long.
    """
    check_is_pdf(pdf, name=name)
    place = Place(file=name)
    with opened(pdf, place) as document:
        count = len(document)
        if count == 0:
            raise BadInput(
                "this PDF is damaged: no page can be found in it", "download it again", where=place
            )
        if count > max_pages:
            raise BadInput(
                f"this PDF has {count} pages, more than {max_pages}",
                "cut out the pages of the article",
                where=place,
            )
        pages = tuple(_page(document, number, place, tell) for number in range(1, count + 1))
    return Layer(
        version=layer_version(ENGINE, (page.text for page in pages)),
        document_sha256=sha256_hex(pdf),
        pages=pages,
    )


def opened(pdf: bytes, place: Place) -> pdfium.PdfDocument:
    """Open a PDF, or say why it cannot be; used as a context it is closed again."""
    try:
        return pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        refused = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        if refused and b"/Encrypt" in pdf:  # the engine may repeat the code of an earlier file
            raise BadInput(
                "this PDF is locked by a password",
                "ask for a copy without one; Tamis does not break locks",
                where=place,
            ) from error
        raise BadInput(
            "this PDF is damaged and cannot be opened", "download it again", where=place
        ) from error


def _page(
    document: pdfium.PdfDocument, number: int, place: Place, tell: Callable[[int], None]
) -> PageText:
    tell(number)
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise BadInput(
            f"this PDF is damaged: page {number} cannot be read", "download it again", where=place
        ) from error
    glyphs = tuple(_glyphs(text_page))
    text = "".join(glyph.letter for glyph in glyphs)
    unmapped = tuple(i for i, glyph in enumerate(glyphs) if glyph.unmapped)
    covering, invisible = _pictures(page)
    return PageText(
        number=number,
        text=text,
        boxes=tuple(glyph.box for glyph in glyphs),
        page_box=_rounded(page.get_cropbox()),
        rotation=page.get_rotation(),
        raised=raised_spans(glyphs),
        unmapped=unmapped,
        page_class=page_class(
            text, len(unmapped), covering_image=covering, invisible_text=invisible
        ),
    )


@dataclass(slots=True)
class _Units:
    """The UTF-16 units of one page, as PDFium counts them."""

    page: pdfium.PdfTextPage

    def code(self, i: int) -> int:
        return int(raw.FPDFText_GetUnicode(self.page, i))

    def generated(self, i: int) -> bool:
        return bool(raw.FPDFText_IsGenerated(self.page, i) == 1)

    def hyphen(self, i: int) -> bool:
        return bool(raw.FPDFText_IsHyphen(self.page, i) == 1)

    def unmapped(self, i: int) -> bool:
        return bool(raw.FPDFText_HasUnicodeMapError(self.page, i) == 1)

    def box(self, i: int) -> Box | None:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not raw.FPDFText_GetCharBox(self.page, i, left, right, bottom, top):
            return None
        return _rounded((left.value, bottom.value, right.value, top.value))

    def baseline(self, i: int) -> float | None:
        x, y = ctypes.c_double(), ctypes.c_double()
        found = raw.FPDFText_GetCharOrigin(self.page, i, x, y)
        return round(y.value, 2) if found else None


def _glyphs(text_page: pdfium.PdfTextPage) -> Iterator[Glyph]:
    """Yield one glyph a code point; a generated CR LF is one line feed."""
    units, i, count = _Units(text_page), 0, text_page.count_chars()
    while i < count:
        first = units.code(i)
        width, code = 1, first
        if _pair(first, units.code(i + 1) if i + 1 < count else 0):
            width, code = 2, 0x10000 + ((first - 0xD800) << 10) + (units.code(i + 1) - 0xDC00)
        elif first == 0x0D and i + 1 < count and units.code(i + 1) == 0x0A:
            width, code = 2, 0x0A
        yield _glyph(units, i, code)
        i += width


def _glyph(units: _Units, i: int, code: int) -> Glyph:
    if units.hyphen(i):
        return Glyph(letter=LINE_HYPHEN, box=units.box(i), baseline=units.baseline(i))
    letter = _letter(code)
    if units.generated(i) or letter == "\n":
        return Glyph(letter=letter)
    return Glyph(
        letter=letter,
        box=units.box(i),
        baseline=units.baseline(i),
        unmapped=letter == NO_LETTER or units.unmapped(i),
    )


def _letter(code: int) -> str:
    """Return the letter of a code, or U+FFFD for what no text may hold."""
    if code in (0x0A, 0x0D):
        return "\n"
    if code == 0x09:
        return " "
    if code in _SURROGATES or not 0 < code <= 0x10FFFF or (code & 0xFFFE) == 0xFFFE:
        return NO_LETTER
    letter = chr(code)
    return NO_LETTER if unicodedata.category(letter) == "Cc" else letter


def _pair(high: int, low: int) -> bool:
    return 0xD800 <= high < 0xDC00 <= low < 0xE000


def _pictures(page: pdfium.PdfPage) -> tuple[bool, bool]:
    """Tell whether one image covers the page, and whether all of its text is invisible."""
    left, bottom, right, top = page.get_cropbox()
    area = max((right - left) * (top - bottom), 1.0)
    covering, texts, invisible = False, 0, 0
    for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT)):
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = thing.get_bounds()
            seen = max(0.0, min(x1, right) - max(x0, left))
            seen *= max(0.0, min(y1, top) - max(y0, bottom))
            covering = covering or seen / area >= SCAN_COVER
        else:
            texts += 1
            invisible += raw.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE
    return covering, texts > 0 and texts == invisible


def _rounded(box: tuple[float, float, float, float]) -> Box:
    left, bottom, right, top = (round(float(edge), 2) for edge in box)
    return left, bottom, right, top
