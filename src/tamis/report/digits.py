"""What counts as a digit: every character of a Unicode number class, in any script.

``²``, ``½``, ``①``, ``Ⅳ`` and ``٣`` are numbers to a reader, so they are numbers to law 5. Words
for numbers ("one trial") are not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

__all__ = ["digit_runs", "has_digit"]


def has_digit(text: str) -> bool:
    """Tell whether any character of ``text`` is a number character.

    Examples
    --------
    >>> has_digit("I²"), has_digit("one trial")
    (True, False)
    """
    if text.isascii():
        return any("0" <= mark <= "9" for mark in text)
    return any(unicodedata.category(mark)[0] == "N" for mark in text)


def digit_runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of every run of number characters, in code points.

    Examples
    --------
    >>> list(digit_runs("9 of 12"))
    [(0, 1), (5, 7)]
    """
    start: int | None = None
    for place, mark in enumerate(text):
        if unicodedata.category(mark)[0] == "N":
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(text)
