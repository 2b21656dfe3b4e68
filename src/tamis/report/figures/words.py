"""Numbers of figures as text: a true minus sign, an infinity sign, words for what is not known."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tamis.report.measures import p_digits, ratio_digits

__all__ = ["UNKNOWN", "digits_for", "effect", "number", "p_value", "percent", "power", "span"]

#: What stands where there is no number.
UNKNOWN = "not estimable"

_MINUS = "\N{MINUS SIGN}"


def number(value: float | None, digits: int) -> str:
    """Return a number with so many decimals.

    Examples
    --------
    >>> number(-0.004, 2), number(-1.5, 1), number(float("inf"), 2), number(None, 2)
    ('0.00', '−1.5', '∞', 'not estimable')
    """
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else f"{_MINUS}∞"
    text = f"{value:.{digits}f}"
    if not any(c in "123456789" for c in text):
        text = text.removeprefix("-")
    return text.replace("-", _MINUS)


def digits_for(values: Iterable[float | None]) -> int:
    """Return the decimals that suit a set of differences: three figures of the largest.

    Examples
    --------
    >>> digits_for([-0.5, 1.2]), digits_for([120.0]), digits_for([0.012])
    (2, 1, 4)
    """
    sizes = [abs(v) for v in values if v is not None and math.isfinite(v) and v]
    if not sizes:
        return 2
    largest = max(sizes)
    if largest >= 0.1:
        return 2 if largest < 100 else (1 if largest < 1000 else 0)
    return min(8, 2 - math.floor(math.log10(largest)))


#: Ratios beyond these are written as powers of ten.
_LEAST, _MOST = 1e-4, 1e5

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def effect(value: float | None, *, log: bool, digits: int) -> str:
    """Return an effect or a limit of its interval.

    Examples
    --------
    >>> effect(0.5, log=True, digits=2), effect(2.4e-9, log=True, digits=2)
    ('0.50', '2.4×10⁻⁹')
    """
    if log and value and math.isfinite(value) and not _LEAST <= value < _MOST:
        base, _, exponent = f"{value:.1e}".partition("e")
        return f"{base}×{power(int(exponent))}"
    return number(value, ratio_digits(value) if log else digits)


def power(exponent: int) -> str:
    """Return a power of ten.

    Examples
    --------
    >>> power(-6)
    '10⁻⁶'
    """
    return f"10{str(exponent).translate(_RAISED)}"


def span(low: float | None, high: float | None, *, log: bool, digits: int) -> str:
    """Return an interval in words.

    Examples
    --------
    >>> span(0.5, 2, log=True, digits=2), span(-1.0, 2, log=False, digits=1)
    ('0.50 to 2.00', '−1.0 to 2.0')
    """
    if low is None and high is None:
        return UNKNOWN
    return f"{effect(low, log=log, digits=digits)} to {effect(high, log=log, digits=digits)}"


def p_value(p: float | None) -> str:
    """Return a p value with its sign.

    Examples
    --------
    >>> p_value(0.043), p_value(1e-9), p_value(None)
    ('p = 0.043', 'p < 0.001', 'p not estimable')
    """
    if p is None or math.isnan(p):
        return f"p {UNKNOWN}"
    return "p < 0.001" if p < 0.001 else f"p = {p:.{min(p_digits(p), 3)}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """Return a percentage."""
    return UNKNOWN if value is None else f"{number(value, digits)}%"
