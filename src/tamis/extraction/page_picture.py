"""Pages as pictures, and the text of a page laid over them in percent of the picture.

A viewer shows the picture and puts one invisible element a text run over it, so that words can be
selected; what is selected comes back as code points of the stored page text. Pictures show the
page as a reader sees it: cropped, and turned as the file says.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from tamis.domain.errors import BadInput, Place
from tamis.extraction.layer import Box, PageText
from tamis.extraction.pdf_pages import ENGINE, opened

__all__ = ["RENDERER", "SCALES", "Picture", "Rectangle", "TextRun", "page_lines", "passage_boxes",
           "render_page"]  # fmt: skip

#: Names the engine and these rules: it grows when the same page would give other bytes.
RENDERER = f"{ENGINE}/tamis-picture-1"

#: Scales of a page; at 1 a point of the page is 96/72 pixels, as browsers count them.
SCALES = ("1", "1.5", "2")

PIXELS_PER_POINT = 96 / 72

#: No picture has more pixels (ours); a larger page is drawn smaller. A4 at 2 has 3.6 million.
MOST_PIXELS = 16_000_000

#: A gap wider than this many heights of the line parts two runs, such as two cells of a row.
GAP = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as PNG bytes, with its size in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A place on the picture of a page, in percent of its width and height, from its top left."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """Characters that stand side by side; ``text`` is exactly ``page.text[start:end]``."""

    start: int
    end: int
    text: str
    box: Rectangle


def render_page(
    pdf: bytes, number: int, *, scale: str = "1", name: str = "the document"
) -> Picture:
    """Draw one page of a PDF.

    Nothing in the file is run and no form, link or embedded file is opened; annotations are drawn
    as they are.

    Parameters
    ----------
    pdf
        The bytes of the file.
    number
        Physical page from 1.
    scale
        One of ``SCALES``.

    Raises
    ------
    BadInput
        For a file that cannot be opened, a page that is not there or cannot be drawn, and another
        scale.
    """
    if scale not in SCALES:
        raise BadInput(f"{scale!r} is no scale of a page", f"use one of {', '.join(SCALES)}")
    place = Place(file=name)
    with opened(pdf, place) as document:
        if not 1 <= number <= len(document):
            raise BadInput(
                f"there is no page {number}", f"it has the pages 1 to {len(document)}", where=place
            )
        try:
            page = document[number - 1]
            pixels = _drawn(page, float(scale) * PIXELS_PER_POINT)
        except pdfium.PdfiumError as error:
            raise BadInput(
                f"page {number} cannot be drawn", "download the document again", where=place
            ) from error
    return Picture(png=_png(pixels), width=pixels.shape[1], height=pixels.shape[0])


def page_lines(page: PageText) -> tuple[TextRun, ...]:
    r"""Return the text of a page as runs with their places on its picture, in reading order.

    A run ends with its line, or at a gap such as that between two cells of a table. Characters
    without a place (generated breaks) belong to no run.

    Examples
    --------
    >>> page = PageText(number=1, text="ab\nc", page_box=(0, 0, 100, 50),
    ...                 boxes=((0, 40, 5, 50), (5, 40, 10, 50), None, (0, 0, 5, 10)))
    >>> [(run.text, run.box.left, run.box.top) for run in page_lines(page)]
    [('ab', 0.0, 0.0), ('c', 0.0, 80.0)]
    """
    found: list[TextRun] = []
    start, end, around = 0, 0, None
    for i, box in enumerate(page.boxes):
        if box is None:
            if page.text[i] == "\n" and around is not None:
                found += _run(page, start, end, around)
                around = None
            continue  # a space that the engine put in has no place of its own
        if around is not None and not _follows(around, box):
            found += _run(page, start, end, around)
            around = None
        if around is None:
            start, around = i, box
        else:
            around = _joined(around, box)
        end = i + 1
    return (*found, *_run(page, start, end, around))


def passage_boxes(page: PageText, start: int, end: int) -> tuple[Rectangle, ...]:
    """Return one rectangle for each printed line of ``[start, end)``, for highlights."""
    return tuple(_rectangle(page, box) for box in page.line_boxes(start, end))


def _drawn(page: pdfium.PdfPage, scale: float) -> NDArray[np.uint8]:
    width, height = page.get_size()
    area = max(width * height, 1.0)
    scale = min(scale, (MOST_PIXELS / area) ** 0.5)
    bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
    pixels: NDArray[np.uint8] = bitmap.to_numpy()
    return np.ascontiguousarray(pixels[:, :, :3])


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return pixels (height, width, red green blue) as PNG; without colour as grey."""
    grey = bool((pixels[:, :, 0] == pixels[:, :, 1]).all() and
                (pixels[:, :, 1] == pixels[:, :, 2]).all())  # fmt: skip
    lines = pixels[:, :, 0] if grey else pixels.reshape(pixels.shape[0], -1)
    above = np.zeros_like(lines)
    above[1:] = lines[:-1]
    filtered = np.empty((lines.shape[0], lines.shape[1] + 1), dtype=np.uint8)
    filtered[:, 0] = 2  # filter "up" of PNG: the difference to the pixel above
    np.subtract(lines, above, out=filtered[:, 1:])
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0 if grey else 2, 0, 0, 0)
    data = zlib.compress(filtered.tobytes(), 4)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _follows(line: Box, box: Box) -> bool:
    """Tell whether a character stands right behind the others of its run."""
    height = max(line[3] - line[1], 1.0)
    middle = (box[1] + box[3]) / 2
    level = line[1] - 1 <= middle <= line[3] + 1
    return level and box[0] >= line[0] - 1 and box[0] - line[2] <= GAP * height


def _joined(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _run(page: PageText, start: int, end: int, box: Box | None) -> tuple[TextRun, ...]:
    text = page.text[start:end]
    if box is None or not text.strip():
        return ()
    return (TextRun(start=start, end=end, text=text, box=_rectangle(page, box)),)


def _rectangle(page: PageText, box: Box) -> Rectangle:
    """Return a box of the unrotated page in percent of the page as it is shown."""
    x0, y0, x1, y1 = page.page_box
    left, right = sorted((x0, x1))
    bottom, top = sorted((y0, y1))
    wide, high = max(right - left, 1e-6), max(top - bottom, 1e-6)
    x = (_share((box[0] - left) / wide), _share((box[2] - left) / wide))
    y = (_share((top - box[3]) / high), _share((top - box[1]) / high))
    for _ in range(page.rotation // 90 % 4):  # one quarter clockwise: x becomes 1 - y, y becomes x
        x, y = (1 - y[1], 1 - y[0]), x
    return Rectangle(
        left=round(100 * x[0], 3),
        top=round(100 * y[0], 3),
        width=round(100 * (x[1] - x[0]), 3),
        height=round(100 * (y[1] - y[0]), 3),
    )


def _share(number: float) -> float:
    return min(1.0, max(0.0, number))
