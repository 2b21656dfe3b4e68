"""Word by word, what two texts share: what stands in one alone is marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

__all__ = ["Piece", "compared"]

#: A stretch of text, and whether it differs from the other text.
Piece = tuple[str, bool]

#: Chinese and Japanese are compared letter by letter, other writing word by word.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+|\s+|[^\w\s]")


def compared(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts as pieces; case and space make no difference.

    Examples
    --------
    >>> compared("A trial of Talc.", "A trial of talc")
    ((('A trial of Talc', False), ('.', True)), (('A trial of talc', False),))
    """
    a, b = _TOKEN.findall(one), _TOKEN.findall(other)
    matcher = SequenceMatcher(None, [_key(t) for t in a], [_key(t) for t in b], autojunk=False)
    alike_a, alike_b = [False] * len(a), [False] * len(b)
    for block in matcher.get_matching_blocks():
        for place in range(block.size):
            alike_a[block.a + place] = alike_b[block.b + place] = True
    return tuple(_pieces(a, _bridged(a, alike_a))), tuple(_pieces(b, _bridged(b, alike_b)))


def _bridged(tokens: Sequence[str], alike: Sequence[bool]) -> list[bool]:
    """Mark the space between two words that differ, so that they are one mark."""
    last = len(tokens) - 1
    return [
        same and not (0 < n < last and tokens[n].isspace() and not (alike[n - 1] or alike[n + 1]))
        for n, same in enumerate(alike)
    ]


def _key(token: str) -> str:
    return " " if token.isspace() else token.casefold()


def _pieces(tokens: Sequence[str], alike: Sequence[bool]) -> Iterator[Piece]:
    run: list[str] = []
    differs = False
    for token, same in zip(tokens, alike, strict=True):
        if run and differs == same:
            yield "".join(run), differs
            run = []
        differs = not same
        run.append(token)
    if run:
        yield "".join(run), differs
