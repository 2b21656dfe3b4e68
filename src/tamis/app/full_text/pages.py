"""The pages of a review's full texts: text layers, pictures, and where passages stand on them.

Documents are opened in separate processes only (``app.page_process``). Layers are kept in memory;
pictures are artifacts, found again by document, page, scale and renderer.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from tamis.app.full_text.page_process import PageProcesses
from tamis.app.review import Review
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.state import DocumentLink
from tamis.extraction import RENDERER, SCALES, Layer, Rectangle, TextRun, page_lines, passage_boxes
from tamis.extraction.layer import PAGE_CLASSES

__all__ = ["PageView", "Pages"]

#: How many text layers stay in memory (a paper of ten pages takes about 10 MB).
LAYERS_KEPT = 24

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What a viewer lays over the picture of a page.

    ``page_class`` is a key of ``PAGE_CLASSES`` and ``says`` its meaning; a page that is not plain
    text has no trustworthy runs, and a reader must be told.
    """

    document: str
    page: int
    pages: int
    page_class: str
    says: str
    runs: tuple[TextRun, ...]


class Pages:
    """Layers and pictures of the documents attached to a review; several threads may ask."""

    def __init__(self, review: Review, processes: PageProcesses) -> None:
        self._review = review
        self._processes = processes
        self._lock = threading.Lock()
        self._layers: OrderedDict[str, Layer] = OrderedDict()

    def link(self, document: str) -> DocumentLink:
        """Return where a document lies, by the hash of its bytes.

        Raises
        ------
        NotFound
            When no such document is attached to a report of this review.
        """
        links = tuple(self._review.state.documents.values())
        found = next((link for link in links if link.sha256 == document), None)
        if found is None:
            raise NotFound("this document is not attached to the review", "attach it to a report")
        return found

    def bytes_of(self, document: str) -> bytes:
        """Return the bytes of an attached document.

        Raises
        ------
        NotFound
            When it is not attached, or not here (full texts are not shared), or changed since.
        """
        link = self.link(document)
        here = self._review.document(link.file)
        if here is None or here[0] != document:
            why = "is not here" if here is None else "is no longer the file that was attached"
            raise NotFound(
                f"the full text {link.file} {why}", "put the original file into documents/"
            )
        return here[1]

    def layer(self, document: str) -> Layer:
        """Return the text layer of an attached document.

        Raises
        ------
        NotFound
            As ``bytes_of``.
        BadInput
            When it cannot be read within the limits.
        """
        held = self._held(document)
        if held is not None:
            return held
        return self._read(self.bytes_of(document), self.link(document).file)

    def layer_of(self, data: bytes, *, name: str) -> Layer:
        """Return the text layer of a file that need not be attached yet.

        Raises
        ------
        BadInput
            When it cannot be read within the limits.
        """
        return self._held(sha256_hex(data)) or self._read(data, name)

    def _held(self, document: str) -> Layer | None:
        with self._lock:
            if document in self._layers:
                self._layers.move_to_end(document)
            return self._layers.get(document)

    def _read(self, data: bytes, name: str) -> Layer:
        layer = self._processes.read_layer(data, name=name)
        with self._lock:
            self._layers[layer.document_sha256] = layer
            while len(self._layers) > LAYERS_KEPT:
                self._layers.popitem(last=False)
        return layer

    def view(self, document: str, page: int) -> PageView:
        """Return the text of a page as runs to lay over its picture."""
        layer = self.layer(document)
        found = layer.page(page)
        return PageView(
            document=document,
            page=page,
            pages=len(layer.pages),
            page_class=found.page_class,
            says=PAGE_CLASSES[found.page_class],
            runs=page_lines(found),
        )

    def text(self, document: str, page: int) -> str:
        """Return the stored text of a page, whose code points are what anchors count."""
        return self.layer(document).page(page).text

    def boxes(self, document: str, page: int, start: int, end: int) -> tuple[Rectangle, ...]:
        """Return the rectangles of a passage on its page, one a line, in percent."""
        return passage_boxes(self.layer(document).page(page), start, end)

    def picture(self, document: str, page: int, *, scale: str = "1") -> bytes:
        """Return a page as PNG: from the artifacts where it was drawn before.

        Raises
        ------
        NotFound, BadInput
            As ``layer``; ``BadInput`` also for a page or a scale that is none.
        """
        if scale not in SCALES or page < 1:
            raise BadInput(
                f"there is no page {page} at scale {scale!r}", f"scales are {', '.join(SCALES)}"
            )
        key = sha256_hex(f"{document}/{page}/{scale}/{RENDERER}".encode())[:32]

        def draw() -> bytes:
            data, name = self.bytes_of(document), self.link(document).file
            return self._processes.render_page(data, page, scale=scale, name=name).png

        self.link(document)
        return self._from_cache(f".tamis/pages/{key[:2]}/{key}", draw)

    def _from_cache(self, name: str, make: Callable[[], bytes]) -> bytes:
        artifacts = self._review.artifacts
        path = self._review.root / name
        if path.is_file():
            known = path.read_text("ascii", "replace").strip()
            held = artifacts.get(known) if _SHA256.match(known) else None
            if held is not None:
                return held
        made = make()
        self._review.write(name, artifacts.put(made).encode())
        return made
