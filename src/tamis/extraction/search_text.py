"""The search text of a passage: what stays the same when a page is set again.

It is derived from the stored text and carries a map back to code points. White space runs become
one space (none beside a Chinese, Japanese or Korean letter, where a line break adds nothing),
hyphens between letters go (at a line end nobody can tell "double-blind" from "treat-ment"), all
other dashes and minus signs become ``-``, a middle dot between digits becomes a point, and each
letter is normalised (NFKC: ligatures, full-width forms). Case is kept. Superscript digits become
plain digits; whoever needs to know looks at ``PageText.raised``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tamis.extraction.layer import LINE_HYPHEN, Span

__all__ = ["SearchText", "search_text"]

_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")
_MIDDLE_DOTS = frozenset("\u00b7\u2027\u2219\u22c5\u30fb")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """A text made comparable; ``spans[i]`` is where its letter ``i`` stands in the original."""

    text: str
    spans: tuple[Span, ...]

    def original(self, start: int, end: int) -> Span:
        """Return the span of the original text that gave ``[start, end)``, which is not empty."""
        return self.spans[start][0], self.spans[end - 1][1]


@lru_cache(maxsize=256)
def search_text(text: str) -> SearchText:
    """Return the search text of a stored text.

    Examples
    --------
    >>> search_text("double-blind  treat\N{SOFT HYPHEN}ment: \N{MINUS SIGN}2·1").text
    'doubleblind treatment: -2.1'
    """
    letters: list[str] = []
    spans: list[Span] = []
    for letter, span in _settled(text):
        if letter == " " and (not letters or letters[-1] == " "):
            continue
        letters.append(letter)
        spans.append(span)
    while letters and letters[-1] == " ":
        letters.pop()
        spans.pop()
    return SearchText(text="".join(letters), spans=tuple(spans))


def _settled(text: str) -> Iterator[tuple[str, Span]]:
    i = 0
    while i < len(text):
        letter, end = text[i], i + 1
        if letter == LINE_HYPHEN or letter in _DASHES:
            end = _after_hyphen(text, i)
            joined = _letter_at(text, i - 1) and _letter_at(text, end)
            yield from () if joined else [("-", (i, i + 1))]
            end = end if joined or letter == LINE_HYPHEN else i + 1
        elif letter.isspace():
            end = _past_space(text, end)
            beside = _wide_at(text, i - 1) or _wide_at(text, end)
            yield from () if beside else [(" ", (i, end))]
        else:
            yield from ((out, (i, end)) for out in _plain(text, i))
        i = end


def _plain(text: str, i: int) -> str:
    letter = text[i]
    if letter in _INVISIBLE:
        return ""
    if letter in _MIDDLE_DOTS and _digit_at(text, i - 1) and _digit_at(text, i + 1):
        return "."
    normal = unicodedata.normalize("NFKC", letter)
    return "".join("-" if part in _DASHES else part for part in normal)


def _after_hyphen(text: str, i: int) -> int:
    """Return where the text goes on after a hyphen: behind its line end, if it stands at one."""
    end = _past_space(text, i + 1)
    return end if text[i] == LINE_HYPHEN or "\n" in text[i:end] else i + 1


def _past_space(text: str, i: int) -> int:
    while i < len(text) and text[i].isspace():
        i += 1
    return i


def _letter_at(text: str, i: int) -> bool:
    return 0 <= i < len(text) and text[i].isalpha()


def _digit_at(text: str, i: int) -> bool:
    return 0 <= i < len(text) and text[i].isdecimal()


def _wide_at(text: str, i: int) -> bool:
    return 0 <= i < len(text) and unicodedata.east_asian_width(text[i]) in "WF"
