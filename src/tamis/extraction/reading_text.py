"""The text in which numbers are looked for: the search text with superscripts told apart.

It is derived from a page and carries a map back to its code points, as the search text does. What
is set as a superscript (by its box on the page, or as a Unicode superscript) stands behind ``^``,
so that 10⁶ is ``10^6`` and never 106; behind any other number it is a footnote's mark and left out.
A comma between Chinese words is a comma and a space. A thin space within a number is its thousands
comma. Where a document writes decimals with a comma, that comma is a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tamis.extraction.layer import PageText, Span
from tamis.extraction.search_text import search_text

__all__ = ["ReadingText", "has_decimal_commas", "reading_text"]

_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_WIDE_COMMAS = frozenset("，、")
_THIN_SPACES = frozenset("\u2009\u202f\u00a0")

_NUMBER = re.compile(r"\d\Z(?<!(?<!\d)10)")
_POINT = re.compile(r"\d\.\d")
_COMMA = re.compile(r"(?<![\d,])\d{1,3},\d{1,2}(?![\d,])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingText:
    """A text for finding numbers; ``spans[i]`` is where its letter ``i`` stands on the page."""

    text: str
    spans: tuple[Span, ...]

    def original(self, start: int, end: int) -> Span:
        """Return the span of the page that gave ``[start, end)``, which is not empty."""
        return self.spans[start][0], self.spans[end - 1][1]


def reading_text(page: PageText, *, decimal_commas: bool = False) -> ReadingText:
    """Return the reading text of a page.

    Parameters
    ----------
    decimal_commas
        Whether the document writes 0,05 for 0.05 (``has_decimal_commas``).

    Examples
    --------
    >>> reading_text(PageText(number=1, text="1 × 106 cells", raised=((6, 7),))).text
    '1 × 10^6 cells'
    """
    found = search_text(page.text)
    lifted = _lifted(page)
    letters: list[str] = []
    spans: list[Span] = []
    last, mark = -1, False
    for letter, span in zip(found.text, found.spans, strict=True):
        start = span[0]
        original = page.text[start]
        if start in lifted and last not in lifted:
            mark = _is_mark(letters)
            if not mark:
                letters.append("^")
                spans.append((start, start))
        last = start
        if start in lifted and mark:
            continue
        letters.append("," if original in _WIDE_COMMAS else letter)
        spans.append(span)
        if original in _WIDE_COMMAS:
            letters.append(" ")
            spans.append((span[1], span[1]))
    text = "".join(letters)
    text = _thousands(text, [page.text[start : start + 1] for start, _ in spans])
    if decimal_commas:
        text = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)
    return ReadingText(text=text, spans=tuple(spans))


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Tell whether a document writes decimals with a comma, by majority.

    Examples
    --------
    >>> has_decimal_commas(["p = 0,03; 1,5 (0,9-2,1)"]), has_decimal_commas(["p = 0.03; 1,204"])
    (True, False)
    """
    points = commas = 0
    for text in texts:
        points += len(_POINT.findall(text))
        commas += len(_COMMA.findall(text))
    return commas > points


def _lifted(page: PageText) -> frozenset[int]:
    """Return the positions of all superscripts, by their boxes or their letters."""
    raised = {i for start, end in page.raised for i in range(start, end)}
    return frozenset(raised | {i for i, x in enumerate(page.text) if x in _SUPERSCRIPTS})


def _is_mark(letters: list[str]) -> bool:
    """Tell whether a superscript behind these letters is the mark of a footnote, and no power.

    It is one behind a number other than ten.
    """
    return _NUMBER.search("".join(letters[-6:])) is not None


def _thousands(text: str, originals: list[str]) -> str:
    """Put a comma where a thin space parts thousands."""
    letters = list(text)
    for found in re.finditer(r"(?<=\d) (?=\d{3}(?!\d))", text):
        if originals[found.start()] in _THIN_SPACES:
            letters[found.start()] = ","
    return "".join(letters)
