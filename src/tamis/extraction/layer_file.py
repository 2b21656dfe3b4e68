"""A text layer as bytes and back: what a separate reading process hands over, and what is cached.

The bytes are JSON, because whoever reads a hostile PDF may hand over anything, and JSON holds
nothing but texts and numbers.
"""

from __future__ import annotations

import json
from typing import Any

from tamis.domain.errors import BadInput
from tamis.extraction.layer import Box, Layer, PageText

__all__ = ["layer_from_bytes", "layer_to_bytes"]


def layer_to_bytes(layer: Layer) -> bytes:
    """Return a layer as JSON in UTF-8.

    Examples
    --------
    >>> layer = Layer(version="v", document_sha256="0" * 64, pages=(PageText(number=1, text="a"),))
    >>> layer_from_bytes(layer_to_bytes(layer)) == layer
    True
    """
    pages = [
        {
            "number": page.number,
            "text": page.text,
            "boxes": page.boxes,
            "page_box": page.page_box,
            "rotation": page.rotation,
            "raised": page.raised,
            "unmapped": page.unmapped,
            "page_class": page.page_class,
        }
        for page in layer.pages
    ]
    told = {"version": layer.version, "document": layer.document_sha256, "pages": pages}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def layer_from_bytes(data: bytes) -> Layer:
    """Read a layer back.

    Raises
    ------
    BadInput
        When the bytes are no layer.
    """
    try:
        told = json.loads(data)
        return Layer(
            version=str(told["version"]),
            document_sha256=str(told["document"]),
            pages=tuple(_page(n, page) for n, page in enumerate(told["pages"], 1)),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("these bytes are no text layer", "read the document again") from error


def _page(number: int, told: Any) -> PageText:
    text, boxes = str(told["text"]), tuple(_box(box) for box in told["boxes"])
    page_box = _box(told["page_box"])
    if told["number"] != number or page_box is None or len(boxes) not in (0, len(text)):
        raise ValueError("not the boxes of this text")
    return PageText(
        number=number,
        text=text,
        boxes=boxes,
        page_box=page_box,
        rotation=int(told["rotation"]),
        raised=tuple((int(start), int(end)) for start, end in told["raised"]),
        unmapped=tuple(int(i) for i in told["unmapped"]),
        page_class=str(told["page_class"]),
    )


def _box(told: Any) -> Box | None:
    if told is None:
        return None
    left, bottom, right, top = told
    return float(left), float(bottom), float(right), float(top)
