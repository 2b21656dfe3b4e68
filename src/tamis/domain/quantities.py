"""Quantities and literals: the only things with digits that a report may print (law 5)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType

from tamis.domain.errors import BadInput

__all__ = ["LITERAL_KINDS", "Literal", "Quantity"]

#: The classes of text that may hold digits without being a quantity, and what each is for.
LITERAL_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "year": "year of a publication or a study period",
        "date": "date of a search, an event or the report",
        "identifier": "DOI, PMID, registration number, address, hash or id",
        "label": "name of a study, arm, visit, outcome, database, scale or tool",
        "citation": "bibliographic reference as its source gave it",
        "strategy": "search strategy exactly as run",
        "quote": "words of a source or of a person in this review, verbatim",
        "setting": "setting of a method: level, version, seed, threshold from the protocol",
        "definition": "definition of an outcome or criterion, from the protocol",
    }
)

_MINUS = "\N{MINUS SIGN}"

#: Signs of a number that is only known to lie on one side of what is printed.
_BOUNDS = ("<", ">", "≤", "≥")
_ID = re.compile(r"[^:\s]+:.+#[^#\s]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that may appear in a report, with the way back to where it came from.

    Parameters
    ----------
    id
        ``<kind>:<subject>#<field>``; stable across builds.
    value
        The number at full precision, or ``None`` when it is unknown.
    digits
        Decimal places printed.
    unit
        Printed by templates beside the number, never inside it.
    inputs
        Ids of the values, quantities or records it was made from. Never empty when there is a
        number, except for a count of an empty set (``value`` 0), whose rule names the set.
    rule
        Name of the function or rule that made it.
    settings
        Settings of that rule.
    absent
        What to print when ``value`` is ``None``: "not reported", "not estimable". Never a digit.

    bound
        "<", ">", "≤" or "≥" where only a bound was printed ("<0.001"); ``value`` is the bound.

    Examples
    --------
    >>> q = Quantity(id="syn:remission#rd.estimate", value=-0.08333, digits=2, unit="",
    ...              inputs=("v:deng2017/remission/m6/msc/events",), rule="risk difference")
    >>> str(q)
    '−0.08'
    """

    id: str
    value: int | float | Decimal | None
    digits: int = 0
    unit: str = ""
    inputs: tuple[str, ...]
    rule: str
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    absent: str = "not reported"
    bound: str = ""

    def __post_init__(self) -> None:
        if not _ID.match(self.id):
            raise BadInput(f"the quantity id {self.id!r} is malformed", "use <kind>:<id>#<field>")
        if not self.rule:
            raise BadInput(f"the quantity {self.id} names no rule", "say how it was made")
        if self.bound and self.bound not in _BOUNDS:
            raise BadInput(f"{self.bound!r} is no bound", f"use one of {' '.join(_BOUNDS)}")
        if not self.absent.strip() or any(c.isdigit() for c in self.absent):
            raise BadInput(
                f"the quantity {self.id} prints {self.absent!r} where it is unknown",
                "say in words why there is no number",
            )
        if self.value is None:
            return
        if _is_nan(self.value):
            raise BadInput(f"the quantity {self.id} is not a number", "use None and say why")
        counts_nothing = isinstance(self.value, int) and self.value == 0
        if not self.inputs and not counts_nothing:
            raise BadInput(
                f"the quantity {self.id} has no inputs", "name the values it was computed from"
            )

    def __str__(self) -> str:
        if self.value is None:
            return self.absent
        exact = _exact(self.value)
        if exact.is_infinite():
            return "∞" if exact > 0 else f"{_MINUS}∞"
        room = Context(prec=max(28, exact.adjusted() + self.digits + 2))
        rounded = exact.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP, room)
        sign = _MINUS if rounded < 0 else ""
        return f"{self.bound}{sign}{rounded.copy_abs():,f}".replace(
            ",", "\N{NARROW NO-BREAK SPACE}"
        )


def _is_nan(value: int | float | Decimal) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else math.isnan(value)


def _exact(value: int | float | Decimal) -> Decimal:
    """Return the number that people mean: of a float, its shortest decimal form.

    The conversions also take numpy's scalars, whose ``repr`` is no number.
    """
    match value:
        case Decimal():
            return value
        case float():
            return Decimal(repr(float(value)))
        case _:
            return Decimal(int(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A text whose digits are no quantity, with the declared class that allows them.

    Examples
    --------
    >>> Literal(text="10.1136/annrheumdis-2017-211073", kind="identifier").kind
    'identifier'
    """

    text: str
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in LITERAL_KINDS:
            raise BadInput(
                f"{self.kind!r} is no declared literal class",
                f"use one of {', '.join(LITERAL_KINDS)}",
            )

    def __str__(self) -> str:
        return self.text
