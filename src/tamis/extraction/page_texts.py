"""The bare text of each page of a PDF: quick, without the places that anchors need."""

from __future__ import annotations

import pypdfium2 as pdfium

from tamis.domain.errors import BadInput, Place
from tamis.extraction.document_kind import check_is_pdf

__all__ = ["page_texts"]


def page_texts(pdf: bytes, *, name: str = "the document") -> tuple[str, ...]:
    """Return the text of each page as PDFium gives it, in the order of its content.

    For reading a document again that this program wrote itself. Anchors need ``read_layer``.

    Raises
    ------
    BadInput
        For a file that is empty, no PDF, or damaged.
    """
    check_is_pdf(pdf, name=name)
    try:
        document = pdfium.PdfDocument(pdf)
        try:
            return tuple(page.get_textpage().get_text_range() for page in document)
        finally:
            document.close()
    except pdfium.PdfiumError as error:
        raise BadInput(
            "this PDF is damaged and cannot be read", "build the report again",
            where=Place(file=name),
        ) from error  # fmt: skip
