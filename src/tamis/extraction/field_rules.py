"""Rules on what a number can be in its field and unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.cells import LEVELS, Book, finding, is_contrast
from tamis.extraction.field_ranges import Bounds, conversion, field_of, unit_key

__all__ = ["in_other_unit", "range_field", "unit_convert"]

#: Bounds by statistic, whatever the field.
_BY_STATISTIC: dict[str, Bounds] = {
    "events": (Decimal(0), None),
    "n": (Decimal(0), None),
    "sd": (Decimal(0), None),
    "se": (Decimal(0), None),
    "p": (Decimal(0), Decimal(1)),
    "percent": (Decimal(0), Decimal(100)),
}


def range_field(book: Book) -> Iterator[Finding]:
    """Find numbers outside what their statistic, instrument or physiology allows."""
    for value in book.values:
        if value.number is None:
            continue
        hard, soft = _bounds(value)
        if _outside(value.number, hard):
            yield finding(
                "range.field", "error", (value,),
                f"{value.printed} is outside {_words(hard)}, where every {_name(value)} is",
                expected=_words(hard),
                suggestion="look for a lost decimal point, another unit or another column",
            )  # fmt: skip
        elif _outside(value.number, soft) and in_other_unit(value) is None:
            yield finding(
                "range.field", "warning", (value,),
                f"{value.printed} {value.unit} is outside {_words(soft)}, where nearly every "
                f"{_name(value)} is",
                expected=f"{_words(soft)} {value.unit}".strip(),
                suggestion="look for a lost decimal point, another unit or another column",
            )  # fmt: skip


def unit_convert(book: Book) -> Iterator[Finding]:
    """Find numbers unlikely in their unit and usual in another unit of the same field."""
    for value in book.values:
        other = in_other_unit(value)
        if other is not None:
            yield finding(
                "unit.convert", "warning", (value,),
                f"{value.printed} {value.unit} is unusual for {value.cell.outcome}, and usual "
                f"in {other}",
                expected=f"{value.printed} {other}, or a number converted to {value.unit}",
                suggestion="read the unit again in the table's head and in the methods",
            )  # fmt: skip


def in_other_unit(value: Value) -> str | None:
    """Return the unit in which a level would be usual while it is not in its own, if any."""
    if value.number is None or not _is_level(value):
        return None
    row, here = conversion(value.cell.outcome, value.unit), _soft(value, value.unit)
    if row is None or here is None or not _outside(value.number, here):
        return None
    other = row.other if unit_key(value.unit) == row.one else row.one
    there = _soft(value, other)
    return other if there is not None and not _outside(value.number, there) else None


def _bounds(value: Value) -> tuple[Bounds, Bounds]:
    anything: Bounds = (None, None)
    own = _BY_STATISTIC.get(value.statistic)
    if own is not None:
        signed = value.statistic == "percent" and (
            value.cell.estimand == "change" or is_contrast(value.cell)
        )
        return (anything if signed else own), anything
    field = field_of(value.cell.outcome, value.unit)
    if field is None or not _is_level(value):
        return anything, anything
    return field.hard, field.soft


def _is_level(value: Value) -> bool:
    cell = value.cell
    return value.statistic in LEVELS and cell.estimand != "change" and not is_contrast(cell)


def _soft(value: Value, unit: str) -> Bounds | None:
    field = field_of(value.cell.outcome, unit)
    return None if field is None else field.soft


def _outside(number: Decimal, bounds: Bounds) -> bool:
    low, high = bounds
    return (low is not None and number < low) or (high is not None and number > high)


def _words(bounds: Bounds) -> str:
    low, high = bounds
    if high is None:
        return f"{low} and more"
    return f"{low} to {high}" if low is not None else f"up to {high}"


def _name(value: Value) -> str:
    if value.statistic in _BY_STATISTIC:
        return {"p": "p value", "n": "number of people"}.get(value.statistic, value.statistic)
    return f"{value.cell.outcome} {value.statistic}"
