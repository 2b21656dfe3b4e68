"""How each effect measure is printed: name, scale, digits, unit. A table read aloud."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from tamis.domain.values import Value

__all__ = [
    "MEASURES", "Measure", "measure_of", "p_digits", "printed_digits", "ratio_digits",
    "setting", "side_digits",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One effect measure as it is printed.

    ``times`` turns the computed number into the printed one (100 for percentage points);
    ``digits`` ``None`` means "as many as the values it rests on were printed with".
    """

    name: str
    ratio: bool = False
    null: float | None = 0.0
    times: int = 1
    digits: int | None = 2
    unit: str = ""


#: Nearer to no effect than this, a limit is taken to lie on it.
SAME = 1e-9

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "RR": Measure(name="risk ratio", ratio=True, null=1.0),
        "OR": Measure(name="odds ratio", ratio=True, null=1.0),
        "RD": Measure(name="risk difference", times=100, digits=0, unit="percentage points"),
        "MD": Measure(name="mean difference", digits=None),
        "SMD": Measure(name="standardised mean difference"),
        "PR": Measure(name="proportion", null=None, times=100, digits=0, unit="%"),
        "PLO": Measure(name="proportion", null=None, times=100, digits=0, unit="%"),
    }
)


def setting(settings: Mapping[str, str], name: str, default: str = "") -> str:
    """Return a setting by its own name, whatever engine stands before it.

    Examples
    --------
    >>> setting({"pool.level": "0.9"}, "level", "0.95")
    '0.9'
    """
    for key in sorted(settings):
        if key == name or key.endswith(f".{name}"):
            return settings[key]
    return default


def measure_of(name: str) -> Measure:
    """Return how a measure is printed; an unknown one is printed under its own name."""
    return MEASURES.get(name) or Measure(name=name, null=None)


def printed_digits(values: Iterable[Value]) -> int:
    """Return the decimals of the most precisely printed value, at most three."""
    found = [_decimals(v.number) for v in values if v.number is not None]
    return min(3, max(found, default=0))


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def ratio_digits(value: float | None) -> int:
    """Return the decimals of a ratio: three figures that say something.

    Examples
    --------
    >>> [ratio_digits(v) for v in (0.004, 0.9, 34.8, 7183.0)]
    [4, 2, 1, 0]
    """
    if value is None or not math.isfinite(value) or value <= 0:
        return 2
    if value >= 0.1:
        return 2 if value < 10 else (1 if value < 100 else 0)
    return min(8, 1 - math.floor(math.log10(value)))


def side_digits(value: float | None, digits: int, null: float | None) -> int:
    """Return the decimals that show on which side of no effect a limit lies.

    A limit that rounds to no effect and is not there gets decimals until it differs, and one more.

    Examples
    --------
    >>> side_digits(-0.339, 0, 0.0), side_digits(0.9996, 2, 1.0), side_digits(-74.0, 0, 0.0)
    (2, 5, 0)
    """
    if value is None or null is None or not math.isfinite(value) or abs(value - null) < SAME:
        return digits
    if round(value, digits) != round(null, digits):
        return digits
    more = digits
    while round(value, more) == round(null, more):
        more += 1
    return more + 1


def p_digits(p: float) -> int:
    """Return how many decimals a p value is printed with: two, three below 0.1, more if tiny.

    Examples
    --------
    >>> p_digits(0.75), p_digits(0.012), p_digits(0.00004)
    (2, 3, 5)
    """
    if p >= 0.1:
        return 2
    digits = 3
    while digits < 12 and p < 10.0**-digits:
        digits += 1
    return digits
