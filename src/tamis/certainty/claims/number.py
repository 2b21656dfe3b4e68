"""A number as it stands in a sentence, and the words and digits that it is written with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

__all__ = [
    "ANY",
    "ANY_ZH",
    "ITS",
    "NUMERALS",
    "PLAIN",
    "SIGNED",
    "Number",
    "decimal_of",
    "digits_of",
]

PLAIN = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SIGNED = rf"[-−]?(?:{PLAIN})"
NUMERALS = "一二两三四五六七八九十百零"
_UNDER_TWENTY = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **{f"{ten}-{one}": 10 * i + j for i, ten in enumerate(_TENS, start=2)
       for j, one in enumerate(_UNDER_TWENTY[:9], start=1)},
    **{ten: 10 * i for i, ten in enumerate(_TENS, start=2)},
    **{one: i for i, one in enumerate(_UNDER_TWENTY, start=1)},
}  # fmt: skip
_EN = "|".join(word.replace("-", r"[\s-]") for word in _WORDS)
ANY = rf"(?:{PLAIN}|\b(?:{_EN})\b)"
ANY_ZH = rf"(?:{PLAIN}|[{NUMERALS}]+)"
#: What stands between "of" and a whole: "of the 12", "of its nine", "of Smith's 80".
ITS = r"(?:(?:the|its|their|these|those|all|(?-i:[A-Z])[\w-]+['’]s)\s+){0,2}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it stands in a sentence.

    ``kind`` is ``percent``, ``part`` (``value`` of ``whole``), ``people``, ``works``, ``dose``,
    ``months``, ``level``, ``points`` (of percentage), ``p``, ``ratio`` or ``interval`` (``value``
    to ``high``); ``digits`` are the decimals printed; the ``unit`` of a ``p`` is its sign (``<``),
    that of ``people`` is ``events`` where events are counted and one may have had several;
    ``per_kg`` and ``lost`` (notation without its superscript) belong to doses; ``whole`` is of
    parts, and of ``works`` ("two of three studies"); ``of`` are the people a percentage is of,
    ``base`` tells that a number of people is what such a percentage is of.
    """

    start: int
    end: int
    kind: str
    value: Decimal
    digits: int = 0
    whole: Decimal | None = None
    high: Decimal | None = None
    per_kg: bool = False
    lost: bool = False
    unit: str = ""
    of: Decimal | None = None
    base: bool = False


def decimal_of(text: str) -> Decimal | None:
    """Return the value of digits or of a number word; ``None`` where it is neither.

    Examples
    --------
    >>> decimal_of("1,800"), decimal_of("forty-nine"), decimal_of("两")
    (Decimal('1800'), Decimal('49'), Decimal('2'))
    """
    text = text.strip().lower().replace(",", "").replace("−", "-")
    word = re.sub(r"\s+", "-", text)
    if word in _WORDS or word in ("a", "an"):
        return Decimal(_WORDS.get(word, 1))
    if text and all(c in NUMERALS for c in text):
        return Decimal(_zh(text))
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _zh(text: str) -> int:
    """Return a Chinese numeral below a thousand.

    Examples
    --------
    >>> _zh("三"), _zh("十八"), _zh("二十")
    (3, 18, 20)
    """
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    total, last = 0, 0
    for c in text:
        if c == "十":
            total, last = total + (last or 1) * 10, 0
        elif c == "百":
            total, last = total + (last or 1) * 100, 0
        else:
            last = digits[c]
    return total + last


def digits_of(text: str) -> int:
    """Return how many decimals are printed.

    Examples
    --------
    >>> digits_of("1.80")
    2
    """
    return len(text.partition(".")[2])
