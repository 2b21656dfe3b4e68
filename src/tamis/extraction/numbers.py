"""The numbers inside a passage, read only as far as needed to say whether they are the same.

``number_marks`` is what two passages must share, in order, before one may stand for the other:
every digit, decimal mark, sign and comparison sign. ``masked`` is a passage with each number
collapsed to ``#``, so that a place can be found again although the number in it was changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tamis.extraction.layer import Span
from tamis.extraction.search_text import SearchText, search_text

__all__ = ["Masked", "cuts_a_number", "masked", "number_marks", "numbers_in", "words_beside"]

_DIGITS = r"(?:\d+(?:[.,]\d+)*|\.\d+)"

#: A number with its comparison sign and its sign. A dash after a letter, a digit or a bracket
#: joins ("3-9", "IL-6") and is no sign.
_NUMBER = re.compile(rf"(?:[<>≤≥=≈~]\s?)?(?:(?<![A-Za-z0-9)%\]])[-+]\s?)?{_DIGITS}")

#: The same for comparing: any dash before a digit counts, so a doubtful sign is never overlooked.
_MARK = re.compile(rf"(?:[<>≤≥≈~]\s?)?(?:[-+]\s?)?{_DIGITS}")

_BESIDE = re.compile(rf"([^\W\d_]*)[\s(\[=:±]*{_DIGITS}\s?([^\W\d_]*|[%‰°])")

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip

_POWER = re.compile(rf"({_DIGITS})\s?[×x*]\s?10\^?(-?\d{{1,2}})(?!\d)")
_EXPONENT = re.compile(rf"({_DIGITS})[eE]([-+]?\d{{1,2}})(?!\d)")
_SIGNED = re.compile(rf"(?:(?<![A-Za-z0-9)%\]])-)?{_DIGITS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A search text whose numbers are ``#``; ``spans`` point into the original text."""

    text: str
    spans: tuple[Span, ...]

    def original(self, start: int, end: int) -> Span:
        """Return the span of the original text that gave ``[start, end)``, which is not empty."""
        return self.spans[start][0], self.spans[end - 1][1]


@lru_cache(maxsize=256)
def masked(text: str) -> Masked:
    """Return the search text of ``text`` with every number collapsed to ``#``.

    Examples
    --------
    >>> masked("fell by −2.1 g (p < 0.001)").text
    'fell by # g (p #)'
    """
    found = search_text(text)
    letters: list[str] = []
    spans: list[Span] = []
    at = 0
    for number in _NUMBER.finditer(found.text):
        letters.extend(found.text[at : number.start()])
        spans.extend(found.spans[at : number.start()])
        letters.append("#")
        spans.append(found.original(number.start(), number.end()))
        at = number.end()
    letters.extend(found.text[at:])
    spans.extend(found.spans[at:])
    return Masked(text="".join(letters), spans=tuple(spans))


def number_marks(text: str) -> tuple[str, ...]:
    """Return every number of a passage with its signs, in order, spaces dropped.

    Examples
    --------
    >>> number_marks("−2.1 (95% CI −3.0 to −1.2; p<0.001)")
    ('-2.1', '95', '-3.0', '-1.2', '<0.001')
    """
    found = _MARK.findall(search_text(text).text)
    return tuple("".join(mark.split()) for mark in found)


def words_beside(text: str) -> tuple[tuple[str, str], ...]:
    """Return the word before and the word or percent sign after each number.

    Examples
    --------
    >>> words_beside("a mean of 2.1 g (SD 1.8)")
    (('of', 'g'), ('SD', ''))
    """
    return tuple(_BESIDE.findall(search_text(text).text))


def cuts_a_number(found: SearchText, start: int, end: int) -> bool:
    """Tell whether ``[start, end)`` of a search text starts or ends inside a number.

    Leaving out an equals sign is no cut; leaving out a minus or ``<`` is one.

    Examples
    --------
    >>> cuts_a_number(search_text("49 (75)"), 1, 7)
    True
    """
    low, high = max(0, start - 40), min(len(found.text), end + 40)
    for number in _NUMBER.finditer(found.text, low, high):
        begin = number.end() - len(number.group().lstrip("=≈~ "))
        if begin < start < number.end() or number.start() < end < number.end():
            return True
    return False


def numbers_in(text: str) -> frozenset[Decimal]:
    """Return every number that can be read from a passage, powers of ten and words included.

    A times sign with a ten and one or two more digits is read as a power of ten and as it stands,
    because superscripts come flat.

    Examples
    --------
    >>> Decimal(12) in numbers_in("Twelve patients"), Decimal(1204) in numbers_in("1,204 visits")
    (True, True)
    >>> Decimal("1e6") in numbers_in("1 × 106")
    True
    """
    plain = search_text(text).text
    found = {_decimal(number) for number in _SIGNED.findall(plain)}
    for pattern in (_POWER, _EXPONENT):
        for mantissa, exponent in pattern.findall(plain):
            found.add(_decimal(mantissa).scaleb(int(exponent)))
    for word in re.findall(r"[a-z]+", plain.lower()):
        if word in _WORDS:
            found.add(Decimal(_WORDS[word]))
    return frozenset(found)


def _decimal(text: str) -> Decimal:
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return Decimal(text.replace(",", ""))
    whole, _, rest = text.replace(",", ".").partition(".")
    return Decimal(f"{whole or '0'}.{rest.replace('.', '')}" if rest else whole)
