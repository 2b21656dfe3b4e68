"""Rules on two sources of one cell, on doses, and on the passage a number was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import floor, log10

from tamis.domain.results import Finding
from tamis.domain.values import PassageAnchor, Value
from tamis.extraction.cells import Book, finding
from tamis.extraction.field_ranges import conversion, unit_key
from tamis.extraction.numbers import number_marks, numbers_in
from tamis.extraction.rounding import Rounded, rounded, show
from tamis.extraction.search_text import search_text

__all__ = [
    "anchor_number",
    "dose_in",
    "dose_perkg",
    "dose_power",
    "report_report",
    "unit_between_sources",
]

#: Body weights (kg) of adults between which a total dose and a dose per kg may lie apart.
ADULT_KG = (30, 120)

#: Cells per kg and cells in all outside which a dose is looked at again (ours, generous).
DOSE_RANGES = {"per-kg": (1e4, 1e9), "total": (1e5, 1e12)}

_POWER = re.compile(
    r"(\d+(?:\.\d+)?)\s?(?:[×x*]\s?10\s?(?P<mark>\^|\()?\s?(?P<k>\d{1,2})|[eE]\+?(?P<e>\d{1,2}))"
)
_WORDED = re.compile(r"(\d+(?:\.\d+)?)\s?(million|billion)")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dose read from a value; ``inferred`` when its exponent came flat ("× 106")."""

    value: Value
    number: Decimal
    inferred: bool = False


def unit_between_sources(book: Book) -> Iterator[Finding]:
    """Find two sources of one cell that differ by the factor between two units."""
    for a, b in book.sources():
        row = conversion(a.cell.outcome, a.unit)
        if row is None or not _nonzero(a, b):
            continue
        factor = Fraction(row.factor)
        one, two = (
            _set(value).times(factor) if unit_key(value.unit) == row.one else _set(value)
            for value in (a, b)
        )
        for times in (factor, 1 / factor):
            if one.times(times).meets(two) and not one.meets(two):
                yield finding(
                    "unit.convert", "error", (a, b),
                    f"{a.printed} {a.unit} and {b.printed} {b.unit} of one cell differ by the "
                    f"factor {row.factor} between {row.one} and {row.other}",
                    expected=f"one of them in {row.one if times == factor else row.other}",
                    suggestion="find out which source names its unit wrongly",
                )  # fmt: skip


def report_report(book: Book) -> Iterator[Finding]:
    """Find two sources of one cell that differ by more than rounding: both are kept."""
    explained = {_pair(found) for found in (*unit_between_sources(book), *dose_power(book))}
    for a, b in book.sources():
        if a.number is None or b.number is None or unit_key(a.unit) != unit_key(b.unit):
            continue
        if not _set(a).meets(_set(b)) and frozenset((a.id, b.id)) not in explained:
            yield finding(
                "report.report", "warning", (a, b),
                f"two sources of one cell say {a.printed} ({a.status}) and {b.printed} "
                f"({b.status}), which no rounding explains",
                expected=f"{a.printed} or {b.printed}",
                suggestion="keep both, and say which one the synthesis uses and why",
            )  # fmt: skip


def dose_power(book: Book) -> Iterator[Finding]:
    """Find doses that differ by powers of ten between sources, or are out of range."""
    doses = tuple(_doses(book))
    for a, b in combinations(doses, 2):
        if not _same_dose(a.value, b.value):
            continue
        steps = abs(log10(a.number / b.number))
        if steps >= 0.9 and abs(steps - round(steps)) <= 0.1:
            yield finding(
                "dose.power", "warning" if a.inferred or b.inferred else "error",
                (a.value, b.value),
                f"{a.value.printed} and {b.value.printed} differ by {round(steps)} "
                f"{'power' if round(steps) == 1 else 'powers'} of ten",
                expected=f"{_plain(a.number)} or {_plain(b.number)}",
                suggestion="look at the exponent in both sources; superscripts are often lost",
            )  # fmt: skip
    for dose in doses:
        low, high = DOSE_RANGES["per-kg" if _per_kg(dose.value) else "total"]
        if "cell" in _about(dose.value) and not low <= dose.number <= high:
            yield finding(
                "dose.power", "warning", (dose.value,),
                f"{dose.value.printed} cells is outside {low:.0e} to {high:.0e}",
                expected=f"{low:.0e} to {high:.0e}",
                suggestion="look at the exponent, and whether it is per kg or in all",
            )  # fmt: skip


def dose_perkg(book: Book) -> Iterator[Finding]:
    """Find a total dose and a dose per kg that imply no adult's body weight."""
    doses = tuple(_doses(book))
    for a, b in combinations(doses, 2):
        pair = sorted((a, b), key=lambda dose: _per_kg(dose.value))
        total, per_kg = pair
        if _per_kg(total.value) or not _per_kg(per_kg.value) or not _one_arm(a.value, b.value):
            continue
        weight = Fraction(total.number) / Fraction(per_kg.number)
        if not ADULT_KG[0] <= weight <= ADULT_KG[1]:
            yield finding(
                "dose.perkg", "warning", (total.value, per_kg.value),
                f"{total.value.printed} in all at {per_kg.value.printed} per kg means a body "
                f"weight of {show(weight, 1)} kg",
                expected=f"{ADULT_KG[0]} to {ADULT_KG[1]} kg",
                suggestion="look at both exponents, and at the number of infusions",
            )  # fmt: skip


def anchor_number(book: Book) -> Iterator[Finding]:
    """Find numbers that cannot be read in the passage given for them."""
    for value in book.values:
        anchor = value.source
        if not isinstance(anchor, PassageAnchor) or value.statistic == "text":
            continue
        if value.number is None:
            readable = set(number_marks(value.printed)) <= set(number_marks(anchor.quote))
        else:
            readable = value.number in numbers_in(anchor.quote)
        if not readable:
            yield finding(
                "anchor.number", "note" if value.note else "warning", (value,),
                f"{value.printed} cannot be read in its passage {anchor.quote!r}",
                expected="a passage that holds the number, or a note that says how it was turned",
                suggestion="quote the words that hold the number, or note the conversion",
            )  # fmt: skip


def dose_in(text: str) -> tuple[Decimal, bool] | None:
    """Return the first power of ten in a text, and whether its exponent came flat.

    Examples
    --------
    >>> dose_in("9 × 10^7 cells"), dose_in("1 x 106/kg"), dose_in("weekly")
    ((Decimal('9E+7'), False), (Decimal('1E+6'), True), None)
    """
    flat = "⁰¹²³⁴⁵⁶⁷⁸⁹"
    plain = search_text(text.translate(_SUPERSCRIPTS)).text
    found = _POWER.search(plain)
    if found:
        exponent = int(found["k"] or found["e"])
        marked = bool(found["mark"] or found["e"]) or any(letter in text for letter in flat)
        return Decimal(found[1]).scaleb(exponent), not marked
    worded = _WORDED.search(plain)
    if worded:
        return Decimal(worded[1]).scaleb(6 if worded[2] == "million" else 9), False
    return None


def _doses(book: Book) -> Iterator[Dose]:
    for value in book.values:
        if "dose" not in value.cell.outcome.split("-"):
            continue
        if value.statistic == "text":
            found = dose_in(value.printed)
            if found is not None and found[0] > 0:
                yield Dose(value=value, number=found[0], inferred=found[1])
        elif value.number is not None and value.number > 0:
            yield Dose(value=value, number=value.number)


def _same_dose(a: Value, b: Value) -> bool:
    same = (a.cell.outcome, a.cell.visit) == (b.cell.outcome, b.cell.visit)
    return same and _one_arm(a, b) and unit_key(a.unit) == unit_key(b.unit) and a.id != b.id


def _one_arm(a: Value, b: Value) -> bool:
    return (a.cell.study, a.cell.arm) == (b.cell.study, b.cell.arm)


def _per_kg(value: Value) -> bool:
    return "per-kg" in value.cell.outcome or "/kg" in unit_key(value.unit)


def _about(value: Value) -> str:
    return f"{value.unit} {value.printed if value.statistic == 'text' else ''}".casefold()


def _plain(number: Decimal) -> str:
    power = floor(log10(number))
    return f"{show(Fraction(number) / Fraction(10) ** power)}e{power}"


def _nonzero(a: Value, b: Value) -> bool:
    return bool(a.number) and bool(b.number)


def _set(value: Value) -> Rounded:
    if value.number is None:  # callers ask for exact numbers only
        raise AssertionError(value.id)
    near = rounded(value.number)
    if value.statistic in ("events", "n"):  # counted, not rounded
        return Rounded(low=near.middle, high=near.middle, unit=near.unit)
    return near


def _pair(found: Finding) -> frozenset[str]:
    return frozenset(found.because)
