"""Rounding sets: every true number that a printed one can stand for.

A printed number stands for all numbers within half a unit of its last digit, both ends included,
because papers round halves up and to even. A number is wrong only if no point of all sets fits.
Arithmetic is exact (fractions), so a finding never rests on floating-point error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from tamis.domain.values import Value

__all__ = ["Rounded", "counts_that_fit", "rounded", "show", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """The set ``[low, high]`` of a printed number; ``unit`` is one step of its last digit."""

    low: Fraction
    high: Fraction
    unit: Fraction

    @property
    def middle(self) -> Fraction:
        """The printed number itself."""
        return (self.low + self.high) / 2

    def holds(self, number: Fraction) -> bool:
        """Tell whether rounding can have given the printed number from this one."""
        return self.low <= number <= self.high

    def cut_from(self, number: Fraction) -> bool:
        """Tell whether cutting digits off, towards zero, gives the printed number."""
        away = number - self.middle
        if self.middle < 0:
            return -self.unit < away <= 0
        return 0 <= away < self.unit

    def meets(self, other: Rounded) -> bool:
        """Tell whether one number can be behind both."""
        return self.low <= other.high and other.low <= self.high

    def times(self, factor: Fraction) -> Rounded:
        """Return the set in another unit; ``factor`` is positive."""
        return Rounded(low=self.low * factor, high=self.high * factor, unit=self.unit * factor)


def rounded(number: Decimal) -> Rounded:
    """Return the rounding set of a printed number; trailing zeros count as digits.

    Examples
    --------
    >>> rounded(Decimal("2.10")).high
    Fraction(421, 200)
    """
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{number} is not finite")
    unit = Fraction(10) ** exponent
    middle = Fraction(number)
    return Rounded(low=middle - unit / 2, high=middle + unit / 2, unit=unit)


def counts_that_fit(percent: Decimal, n: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the whole counts of ``n`` whose share rounds to, and is cut to, a printed percentage.

    Parameters
    ----------
    percent
        As printed; its digits set the precision.
    n
        Number of people.

    Returns
    -------
    tuple
        The counts that fit by rounding, and those that fit only when digits are cut off.

    References
    ----------
    Brown NJL, Heathers JAJ. The GRIM test. Soc Psychol Personal Sci 2017;8:363-369.

    Examples
    --------
    >>> counts_that_fit(Decimal("44"), 81), counts_that_fit(Decimal("18"), 81)
    (((36,), ()), ((), (15,)))
    """
    share = rounded(percent)
    by_rounding = [e for e in _near(share, n) if share.holds(Fraction(100 * e, n))]
    by_cutting = [e for e in _near(share, n) if share.cut_from(Fraction(100 * e, n))]
    only = tuple(e for e in by_cutting if e not in by_rounding)
    return tuple(by_rounding), only


def whole(value: Value | None) -> int | None:
    """Return a value's number when it is a whole one, else ``None``."""
    if value is None or value.number is None or value.number != value.number.to_integral_value():
        return None
    return int(value.number)


def show(number: Fraction, digits: int = 2) -> str:
    """Return a number for a message, rounded to ``digits``, without trailing zeros.

    Examples
    --------
    >>> show(Fraction(4900, 81)), show(Fraction(75))
    ('60.49', '75')
    """
    near = round(number, digits)
    text = f"{Decimal(near.numerator) / Decimal(near.denominator):.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _near(share: Rounded, n: int) -> Iterator[int]:
    low = floor((share.low - share.unit) * n / 100)
    high = ceil((share.high + share.unit) * n / 100)
    yield from range(max(0, low), min(n, high) + 1)
