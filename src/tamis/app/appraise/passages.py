"""Passages of a study's attached documents, to support an answer with: the sentence and its place.

A place is written as people write it ("alder2019.pdf, page 2"), so that tables and forms agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tamis.app.building.assemble import studies_of
from tamis.app.full_text.page_process import PageProcesses
from tamis.app.full_text.pages import Pages
from tamis.app.live import LiveReview
from tamis.domain.errors import NotFound, TamisError
from tamis.extraction.searching import search_pages

__all__ = ["Passage", "PassagesFound", "find_passages"]

#: Passages that are shown of one search, and characters of the longest.
MOST, _LONGEST = 30, 600

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(])|(?<=[。！？])|\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence of a document: its words, the file, the page, and the place as one writes it."""

    quote: str
    file: str
    page: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesFound:
    """What a search found; ``missing`` names documents that are not here or cannot be read."""

    words: str
    passages: tuple[Passage, ...]
    documents: tuple[str, ...]
    missing: tuple[str, ...]


class _Reader:
    """The text layers of a live review: its own children read them, and keep them in memory."""

    def __init__(self, live: LiveReview) -> None:
        self.pages = Pages(live.review, PageProcesses(size=1))


def find_passages(live: LiveReview, study: str, words: str) -> PassagesFound:
    """Search the documents attached to the reports of a study.

    Raises
    ------
    NotFound
        When there is no such study.
    """
    with live.locked():
        known = next((one for one in studies_of(live.state) if one.id == study), None)
        if known is None:
            raise NotFound(f"there is no study {study!r}", "link a report to it first")
        reports = {report.id for report in known.reports}
        links = [one for one in live.state.documents.values() if one.report in reports]
        pages = live.part(_Reader).pages
    found: dict[tuple[str, int, str], Passage] = {}
    missing = []
    for link in links:
        name = link.file.rpartition("/")[2]
        try:
            layer = pages.layer(link.sha256) if words.strip() else None
        except TamisError:
            missing.append(name)
            continue
        for hit in search_pages(layer.pages, words, most=MOST) if layer else ():
            quote = _sentence(layer.page(hit.page).text, hit.start, hit.end) if layer else ""
            found[name, hit.page, quote] = Passage(
                quote=quote, file=name, page=hit.page, place=f"{name}, page {hit.page}"
            )
    return PassagesFound(
        words=words.strip(),
        passages=tuple(found.values())[:MOST],
        documents=tuple(link.file.rpartition("/")[2] for link in links),
        missing=tuple(missing),
    )


def _sentence(text: str, start: int, end: int) -> str:
    """Return the sentence around a span, its white space folded."""
    first = max((m.end() for m in _END.finditer(text, 0, start)), default=0)
    after = _END.search(text, end)
    last = after.start() if after else len(text)
    if last - first > _LONGEST:
        first, last = max(first, start - _LONGEST // 2), min(last, end + _LONGEST // 2)
    return " ".join(text[first:last].split())
