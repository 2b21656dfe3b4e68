"""Units: a number in another unit of its field, by the table of factors."""

from __future__ import annotations

from fractions import Fraction

from tamis.domain.errors import BadInput
from tamis.domain.values import Derivation
from tamis.extraction.conversions.kinds import Converted, Given, rounded
from tamis.extraction.field_ranges import conversion, unit_key

__all__ = ["convert_unit"]


def convert_unit(given: Given, *, statistic: str, outcome: str, unit: str, to: str) -> Converted:
    """Convert a number to another unit of its field, by the table of factors.

    A factor holds for levels, changes and spreads alike; counts and p values have no unit.

    Raises
    ------
    BadInput
        When no factor between the two units is known for this outcome.

    Examples
    --------
    >>> convert_unit(Given(printed="0.9"), statistic="mean", outcome="creatinine",
    ...              unit="mg/dL", to="µmol/L").printed
    '79.6'
    """
    row, one, other = conversion(outcome, unit), unit_key(unit), unit_key(to)
    if row is None or {one, other} != {row.one, row.other} or one == other:
        raise BadInput(
            f"no factor from {unit or 'no unit'} to {to or 'no unit'} is known for {outcome}",
            "keep the printed unit; 24-hour protein and protein/creatinine are never converted",
        )
    onward = one == row.one
    number = Fraction(given.number) * (Fraction(row.factor) if onward else 1 / Fraction(row.factor))
    decimals = max(0, given.decimals + (0 if onward == (row.factor > 1) else 2))
    printed = rounded(float(number), max(decimals, 1) if given.decimals else decimals)
    sign = "×" if onward else "÷"
    return Converted(
        statistic=statistic,
        printed=printed,
        number=float(number),
        unit=to,
        derivation=Derivation(
            formula=f"{given.printed} {unit} {sign} {row.factor} = {printed} {to}",
            inputs=(given.id,) if given.id else (),
        ),
    )
