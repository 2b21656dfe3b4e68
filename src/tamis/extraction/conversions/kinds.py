"""What a conversion is: what it needs, what it gives, and when it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tamis.domain.errors import BadInput
from tamis.domain.value_rows import parse_number
from tamis.domain.values import Derivation

__all__ = ["Conversion", "Converted", "Given", "Numbers", "Step", "plain", "rounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A printed number and the id of the value that it is, if it is recorded."""

    printed: str
    id: str = ""

    @property
    def number(self) -> Decimal:
        """The number, exactly.

        Raises
        ------
        BadInput
            For a bound such as ``<0.001``, which is no number to compute with.
        """
        found = parse_number(self.printed)
        if found is None:
            raise BadInput(f"{self.printed!r} is a bound", "give a number to compute with")
        return found

    @property
    def decimals(self) -> int:
        """How many digits are printed behind the point."""
        exponent = self.number.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a conversion gives: a statistic, the number to record, how it came about.

    ``printed`` has one digit more than the inputs; ``number`` is not rounded.
    """

    statistic: str
    printed: str
    number: float
    derivation: Derivation
    unit: str = ""
    warnings: tuple[str, ...] = ()


Numbers = Mapping[str, float]


class Step(NamedTuple):
    """One number that a conversion gives, and the arithmetic as it is shown."""

    statistic: str
    number: float
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One row: what it needs, what it gives, and when it does not hold.

    ``doubts`` gives warnings; ``refuses`` a reason why it must not be made ("" where it may).
    """

    id: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    says: str
    steps: Callable[[Numbers], Iterable[Step]]
    source: str
    doubts: Callable[[Numbers], Iterable[str]] = lambda _: ()
    refuses: Callable[[Numbers], str] = lambda _: ""


def plain(number: float, digits: int = 6) -> str:
    """Return a number for a formula, without trailing zeros.

    Examples
    --------
    >>> plain(2.500), plain(1 / 3, 3)
    ('2.5', '0.333')
    """
    text = f"{number:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number: float, decimals: int) -> str:
    """Return a number with so many decimals, halves away from zero."""
    unit = Decimal(1).scaleb(-decimals)
    return str(Decimal(repr(number)).quantize(unit, rounding=ROUND_HALF_UP))
