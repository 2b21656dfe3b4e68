"""What a PDF says of itself in its metadata: texts in which a DOI or a title may stand."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from tamis.domain.errors import Place
from tamis.extraction.document_kind import check_is_pdf
from tamis.extraction.pdf_pages import opened

__all__ = ["metadata_texts"]

#: A packet of XMP metadata, where it stands in the file as it is (ISO 16684-1).
_PACKET = re.compile(rb"<x:xmpmeta.{0,200000}?</x:xmpmeta>", re.S)
_TAG = re.compile(r"<[^>]{0,2000}>")

_MOST = 20_000


def metadata_texts(pdf: bytes, *, name: str = "the document") -> tuple[str, ...]:
    """Return the values of the document's information dictionary, and the text of its XMP packet.

    Known limit: a packet that is compressed inside the file is not read.

    Raises
    ------
    BadInput
        For a file that cannot be opened.
    """
    check_is_pdf(pdf, name=name)
    with opened(pdf, Place(file=name)) as document:
        try:
            told = document.get_metadata_dict(skip_empty=True)
        except pdfium.PdfiumError:
            told = {}
    packets = (found[0].decode("utf-8", "replace") for found in _PACKET.finditer(pdf))
    texts = [*map(str, told.values()), *(" ".join(_TAG.sub(" ", p).split()) for p in packets)]
    return tuple(text[:_MOST] for text in texts if text)
