"""What a file that should be a PDF really is, told from its bytes before any parser sees them."""

from __future__ import annotations

from tamis.domain.errors import BadInput, Place

__all__ = ["check_is_pdf"]

#: How far from its start or end a PDF may hold its marks and still be taken for one.
MARGIN = 2048

#: First bytes (lower case, after white space) of what people save under the name of a PDF.
OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"<!doctype html", "a web page", "open the article and save the PDF itself, not its page"),
    (b"<html", "a web page", "open the article and save the PDF itself, not its page"),
    (b"<head", "a web page", "open the article and save the PDF itself, not its page"),
    (b"<?xml", "an XML file", "download the PDF of the article"),
    (b"pk\x03\x04", "a ZIP archive or an office document", "unpack it, or export it as PDF"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "open it and export it as PDF"),
    (b"{\\rtf", "an RTF document", "open it and export it as PDF"),
    (b"\x1f\x8b", "a compressed file", "decompress it first"),
    (b"%!ps", "a PostScript file", "convert it to PDF"),
    (b"\x89png", "a picture", "save the document as PDF"),
    (b"\xff\xd8\xff", "a picture", "save the document as PDF"),
)


def check_is_pdf(data: bytes, *, name: str = "the document") -> None:
    """Refuse bytes that are no whole PDF.

    Raises
    ------
    BadInput
        For an empty file, a web page or another format under the name of a PDF, and a PDF whose
        end was cut off.

    Examples
    --------
    >>> check_is_pdf(b"<html><body>Sign in to continue</body></html>", name="smith.pdf")
    Traceback (most recent call last):
    ...
    tamis.domain.errors.BadInput: smith.pdf: this is a web page, not a PDF. To do: open the \
article and save the PDF itself, not its page.
    """
    place = Place(file=name)
    if not data.strip():
        raise BadInput("this file is empty", "download it again", where=place)
    if b"%PDF-" not in data[:MARGIN]:
        start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
        for mark, what, remedy in OTHERS:
            if start.startswith(mark):
                raise BadInput(f"this is {what}, not a PDF", remedy, where=place)
        raise BadInput("this is not a PDF", "give the PDF of the article", where=place)
    tail = data[-MARGIN:]
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise BadInput(
            "this PDF is damaged: its end is missing, the download was probably cut off",
            "download it again",
            where=place,
        )
