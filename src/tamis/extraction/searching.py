"""Searching words in a document: places of the stored text, with the words around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tamis.extraction.layer import PageText
from tamis.extraction.search_text import SearchText, search_text

__all__ = ["Hit", "search_pages"]

#: Code points of context on each side of a hit.
AROUND = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place of a searched text: page, code points, the words there and around them."""

    page: int
    start: int
    end: int
    before: str
    text: str
    after: str


def search_pages(pages: Iterable[PageText], words: str, *, most: int = 200) -> tuple[Hit, ...]:
    r"""Return the places at which words stand, in the order of the document.

    They are compared as search text without case: line breaks, hyphens at line ends, kinds of dash
    and full-width letters play no part.

    Examples
    --------
    >>> search_pages([PageText(number=1, text="Treat\xad\nment arm")], "treatment")[0].end
    11
    """
    wanted = _folded(search_text(words)).text
    found: list[Hit] = []
    for page in pages if wanted else ():
        for start, end in _places(page.text, wanted):
            found.append(_hit(page, start, end))
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def _places(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    read = _folded_page(text)
    at = read.text.find(wanted)
    while at >= 0:
        yield read.original(at, at + len(wanted))
        at = read.text.find(wanted, at + len(wanted))


def _hit(page: PageText, start: int, end: int) -> Hit:
    return Hit(
        page=page.number,
        start=start,
        end=end,
        before=page.text[max(0, start - AROUND) : start],
        text=page.text[start:end],
        after=page.text[end : end + AROUND],
    )


@lru_cache(maxsize=64)
def _folded_page(text: str) -> SearchText:
    return _folded(search_text(text))


def _folded(read: SearchText) -> SearchText:
    letters: list[str] = []
    spans = []
    for letter, span in zip(read.text, read.spans, strict=True):
        for out in letter.casefold():
            letters.append(out)
            spans.append(span)
    return SearchText(text="".join(letters), spans=tuple(spans))
