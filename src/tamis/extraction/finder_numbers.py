"""A number as papers write it, in the form that values take."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["number_from", "power_readings"]

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_PLACES = {"十": 10, "百": 100}
_SCALES = {"million": 6, "billion": 9, "万": 4, "亿": 8}

_PLAIN = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)")
_POWER = re.compile(r"([\d.,]+) ?[×x*] ?10 ?(?:\^|\( ?)(-?\d{1,2})\)?")
_FLAT = re.compile(r"([\d.,]+) ?[×x*] ?10(\d{1,2})")
_SCALED = re.compile(r"([\d.,]+) ?(million|billion|万|亿)")
_EXPONENT = re.compile(r"(\d(?:\.\d+)?)[eE](\d{1,2})")


def number_from(raw: str) -> str | None:
    """Return a number in digits, or ``None`` when it is none.

    Examples
    --------
    >>> number_from("1,204"), number_from("twelve"), number_from("二十一"), number_from("+2.10")
    ('1204', '12', '21', '2.10')
    """
    text = raw.strip()
    if text.casefold() in _WORDS:
        return str(_WORDS[text.casefold()])
    if text and all(letter in _DIGITS or letter in _PLACES for letter in text):
        return _chinese(text)
    plain = re.sub(r",(?=\d{3})", "", text).lstrip("+")
    return plain if _PLAIN.fullmatch(plain) else None


def power_readings(raw: str) -> tuple[str, ...]:
    """Return a number with a power of ten as ``1e6``; of a flat one also as it stands.

    Examples
    --------
    >>> power_readings("1 × 10^6"), power_readings("2 x 10(8)"), power_readings("1 million")
    (('1e6',), ('2e8',), ('1e6',))
    >>> power_readings("1 × 106")
    ('1e6', '106')
    """
    for pattern in (_POWER, _FLAT):
        found = pattern.fullmatch(raw.strip())
        if found:
            mantissa = number_from(found[1])
            if mantissa is None:
                continue
            power = f"{mantissa}e{int(found[2])}"
            flat = str(Decimal(mantissa) * int(f"10{found[2]}")) if pattern is _FLAT else ""
            return (power, flat) if flat else (power,)
    scaled = _SCALED.fullmatch(raw.strip())
    if scaled:
        return (_normal(Decimal(number_from(scaled[1]) or "0").scaleb(_SCALES[scaled[2]])),)
    exponent = _EXPONENT.fullmatch(raw.strip())
    if exponent:
        return (f"{exponent[1]}e{int(exponent[2])}",)
    return (number_from(raw) or raw.strip(),)


def _normal(number: Decimal) -> str:
    """Return a large number as mantissa and power: 1e6, 1.5e8."""
    if number == 0:
        return "0"
    power = number.adjusted()
    mantissa = number.scaleb(-power).normalize()
    return f"{mantissa}e{power}"


def _chinese(text: str) -> str | None:
    total, digit = 0, 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        else:
            total += (digit or 1) * _PLACES[letter]
            digit = 0
    number = total + digit
    return str(number) if number else None
