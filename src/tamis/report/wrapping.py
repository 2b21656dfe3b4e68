"""Break a label into lines for a drawing: by words, by characters where a language has no spaces.

A literal whose numbers stand alone ("Gu 2014") is never torn apart; wide characters count twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tamis.domain.quantities import Literal
from tamis.report.digits import has_digit
from tamis.report.phrase import Link, Mark, Phrase, Piece, plain

__all__ = ["wide", "wrapped"]

#: Marks that stand close to the word before them.
_CLOSE = re.compile(r"[,.;:!?)\]，。；：！？）】]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece that is not broken; ``spaced`` and ``close`` say how it stands to the one before."""

    piece: Piece
    spaced: bool
    close: bool
    size: int


def wide(text: str) -> int:
    """Return how many columns a text takes: wide characters (Chinese) take two.

    Examples
    --------
    >>> wide("low"), wide("低")
    (3, 2)
    """
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def wrapped(label: Piece, columns: int) -> list[Phrase]:
    """Return a label as lines of at most ``columns`` columns, as far as its pieces can be broken.

    Examples
    --------
    >>> [plain(line) for line in wrapped("missing outcome data", 15)]
    ['missing outcome', 'data']
    >>> [plain(line) for line in wrapped("随机化过程", 4)]
    ['随机', '化过', '程']
    """
    lines: list[list[Piece]] = [[]]
    used = 0
    for group in _groups(label, max(columns, 2)):
        size = sum(part.size for part in group)
        gap = 1 if used and group[0].spaced else 0
        if used and used + gap + size > columns:
            lines.append([])
            used = gap = 0
        if gap:
            lines[-1].append(" ")
        lines[-1] += [part.piece for part in group]
        used += gap + size
    return [Phrase(tuple(line)) for line in lines]


def _groups(label: Piece, columns: int) -> Iterator[list[_Part]]:
    """Yield parts that stay on one line: a comma keeps to the word before it."""
    held: list[_Part] = []
    for part in _parts(label, columns):
        if held and not part.close:
            yield held
            held = []
        held.append(part)
    if held:
        yield held


def _parts(label: Piece, columns: int) -> Iterator[_Part]:
    """Yield the unbreakable parts of a label in order."""
    space = False
    for piece, before, after in _words(label):
        for place, bit in enumerate(_broken(piece, columns)):
            text = plain(bit)
            spaced = place == 0 and (space or before)
            close = bool(_CLOSE.match(text)) or (place == 0 and not spaced)
            if text:
                yield _Part(bit, spaced and not _CLOSE.match(text), close, wide(text))
        space = after


def _words(label: Piece) -> Iterator[tuple[Piece, bool, bool]]:
    """Yield words with whether a space stands before and after them."""
    match label:
        case str():
            yield from _of_text(label, None)
        case Literal(text=text, kind=kind):
            words = text.split()
            if any(has_digit(word) and not any(c.isalpha() for c in word) for word in words):
                yield Mark(label), False, False
            else:
                yield from _of_text(text, kind)
        case Phrase(pieces):
            for piece in pieces:
                yield from _words(piece)
        case Link(inner):
            yield from _words(inner)
        case _:
            yield label, False, False


def _of_text(text: str, kind: str | None) -> Iterator[tuple[Piece, bool, bool]]:
    words = text.split()
    if not words and text:
        yield "", True, True
    for place, word in enumerate(words):
        marked = kind is not None and has_digit(word)
        piece: Piece = Mark(Literal(text=word, kind=kind)) if marked and kind else word
        yield (
            piece,
            place > 0 or text[:1].isspace(),
            place < len(words) - 1 or text[-1:].isspace(),
        )


def _broken(piece: Piece, columns: int) -> Iterator[Piece]:
    """Break a word that is longer than a line, or has no spaces by nature, into pieces."""
    if not isinstance(piece, str) or (wide(piece) == len(piece) and len(piece) <= columns):
        yield piece
        return
    held = ""
    for mark in piece:
        alone = wide(mark) > 1
        if held and (wide(held) + wide(mark) > columns or alone or wide(held[-1]) > 1):
            yield held
            held = ""
        held += mark
    if held:
        yield held
