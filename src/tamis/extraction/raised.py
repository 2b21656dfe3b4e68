"""Finding digits that are set as superscripts, from where they stand on the page.

A PDF engine reads ``1 × 10⁶`` as ``1 × 106``. The text is kept as read; the raised digits are
marked. A digit is raised when it is lower than three quarters of the digits of its line and its
foot stands clearly above the line (both bars ours; typeset superscripts show 0.55 and 0.57). The
foot is measured from the baseline and not from another digit's foot, so old-style figures, some of
which hang below the line, are not taken for superscripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tamis.extraction.layer import Box, Span

__all__ = ["Glyph", "raised_spans"]

#: A raised digit is lower than this share of the line's digits, and stands this share higher.
LOWER_THAN = 0.75
HIGHER_BY = 0.15

#: How many characters to either side count as "the line" when heights are compared.
NEIGHBOURHOOD = 80

_SIGNS = frozenset("+-\N{MINUS SIGN}\N{EN DASH}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """One code point as it stands on the page."""

    letter: str
    box: Box | None = None
    baseline: float | None = None
    unmapped: bool = False


def raised_spans(glyphs: Sequence[Glyph]) -> tuple[Span, ...]:
    """Return the spans of raised digits, each with the sign before it.

    Examples
    --------
    >>> base = Glyph(letter="0", box=(0, 0, 5, 7), baseline=0)
    >>> power = Glyph(letter="6", box=(5, 4, 8, 8), baseline=0)
    >>> raised_spans([base, power])
    ((1, 2),)
    """
    digits = [i for i, glyph in enumerate(glyphs) if _is_digit(glyph)]
    if not digits:
        return ()
    usual = median(_height(glyphs[i]) for i in digits)
    raised: set[int] = set()
    for i in digits:
        before = _before(glyphs, i, raised)
        if before is not None and _stands_high(glyphs, i, before, usual):
            raised.add(i)
    for i in sorted(raised):
        if i > 0 and _sign_beside(glyphs[i - 1], glyphs[i]):
            raised.add(i - 1)
    return _runs(raised)


def _before(glyphs: Sequence[Glyph], i: int, raised: set[int]) -> Glyph | None:
    """Return the nearest character to the left that stands on the line and can carry a power."""
    for j in range(i - 1, max(-1, i - 6), -1):
        glyph = glyphs[j]
        if glyph.box is None or glyph.letter.isspace() or glyph.letter in _SIGNS or j in raised:
            continue
        return glyph
    return None


def _stands_high(glyphs: Sequence[Glyph], i: int, before: Glyph, usual: float) -> bool:
    glyph = glyphs[i]
    if glyph.box is None or before.box is None or before.baseline is None:
        return False
    line = before.baseline
    near = glyphs[max(0, i - NEIGHBOURHOOD) : i + NEIGHBOURHOOD]
    heights = [_height(g) for g in near if _is_digit(g) and _on_line(g, line)]
    height = max(heights, default=usual)
    overlaps = glyph.box[1] < before.box[3] and glyph.box[3] > before.box[1]
    close = -height < glyph.box[0] - before.box[2] < 2 * height
    low = _height(glyph) < LOWER_THAN * height
    high = glyph.box[1] - line > HIGHER_BY * height
    return overlaps and close and low and high


def _on_line(glyph: Glyph, line: float) -> bool:
    return (
        glyph.box is not None
        and glyph.baseline is not None
        and abs(glyph.baseline - line) < 0.5
        and glyph.box[1] - line < HIGHER_BY * _height(glyph)
    )


def _sign_beside(sign: Glyph, digit: Glyph) -> bool:
    if sign.letter not in _SIGNS or sign.box is None or digit.box is None:
        return False
    middle = (sign.box[1] + sign.box[3]) / 2
    return digit.box[1] < middle < digit.box[3]


def _is_digit(glyph: Glyph) -> bool:
    return glyph.letter.isdecimal() and glyph.box is not None and _height(glyph) > 0


def _height(glyph: Glyph) -> float:
    return 0.0 if glyph.box is None else glyph.box[3] - glyph.box[1]


def _runs(positions: set[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for i in sorted(positions):
        if spans and spans[-1][1] == i:
            spans[-1] = (spans[-1][0], i + 1)
        else:
            spans.append((i, i + 1))
    return tuple(spans)
