"""Physical lines with their numbers, for every line end that exports have been seen to use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Line", "split_lines"]


class Line(NamedTuple):
    """One line: its number as an editor shows it, where it starts in the text, its characters."""

    number: int
    start: int
    text: str


def split_lines(text: str, first: int = 1) -> Iterator[Line]:
    r"""Yield the lines of ``text``; CRLF, LF, CR CR LF and a lone CR each end one.

    A lone CR inside a line (Web of Science joins fields with it) begins a new line with the same
    number, because that is the number an editor shows; where a file has no LF at all, each CR
    counts. ``first`` is the number of the text's first line. ``str.splitlines`` would also split at
    characters that occur inside abstracts.

    Examples
    --------
    >>> [(line.number, line.start, line.text) for line in split_lines("AD  - x\rAN  - 1\r\nER  -")]
    [(1, 0, 'AD  - x'), (1, 8, 'AN  - 1'), (2, 17, 'ER  -')]
    """
    if "\n" not in text:
        for number, line in enumerate(_pieces(0, 0, text), first):
            yield line._replace(number=number)
        return
    start, number = 0, first - 1
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        chunk = text[start:end]
        number += 1
        if "\r" in chunk:
            body = chunk.removesuffix("\r").removesuffix("\r")
            yield from _pieces(number, start, body)
        else:
            yield Line(number, start, chunk)
        start = end + 1


def _pieces(number: int, start: int, text: str) -> Iterator[Line]:
    for piece in text.split("\r"):
        yield Line(number, start, piece)
        start += len(piece) + 1
