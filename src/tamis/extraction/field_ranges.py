"""What a number can be and usually is, by field and unit: one table that can be read aloud.

``hard`` bounds cannot be passed by any person or instrument; ``soft`` bounds are passed rarely
enough to look again (ours, generous). A field is known by a word of the outcome's slug.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["CONVERSIONS", "FIELDS", "Conversion", "Field", "conversion", "field_of", "hard_range",
           "unit_key"]  # fmt: skip

Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field in one unit; ``unit`` empty means any unit."""

    words: frozenset[str]
    unit: str
    hard: Bounds
    soft: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Two units of one field: a number in ``one`` times ``factor`` is the number in ``other``."""

    words: frozenset[str]
    one: str
    other: str
    factor: Decimal


def _field(words: str, unit: str, hard: str, soft: str) -> Field:
    return Field(words=frozenset(words.split()), unit=unit, hard=_bounds(hard), soft=_bounds(soft))


def _bounds(text: str) -> Bounds:
    low, high = (None if part == "-" else Decimal(part) for part in text.split())
    return low, high


def _conversion(words: str, one: str, other: str, factor: str) -> Conversion:
    return Conversion(words=frozenset(words.split()), one=one, other=other, factor=Decimal(factor))


#: Field words; unit; hard low and high; soft low and high ("-": no bound).
FIELDS = (
    _field("creatinine scr", "µmol/l", "0 -", "20 2000"),
    _field("creatinine scr", "mg/dl", "0 -", "0.2 25"),
    _field("urea bun", "mmol/l", "0 -", "1 80"),
    _field("urea bun", "mg/dl", "0 -", "2 250"),
    _field("albumin", "g/l", "0 -", "10 60"),
    _field("albumin", "g/dl", "0 -", "1 6"),
    _field("c3", "g/l", "0 -", "0.1 3"),
    _field("c3", "mg/dl", "0 -", "10 300"),
    _field("c4", "g/l", "0 -", "0.01 1"),
    _field("c4", "mg/dl", "0 -", "1 100"),
    _field("proteinuria", "g/24h", "0 -", "0 30"),
    _field("proteinuria", "mg/24h", "0 -", "20 30000"),
    _field("egfr gfr", "ml/min/1.73m2", "0 -", "2 180"),
    _field("haemoglobin hemoglobin", "g/l", "0 -", "40 220"),
    _field("haemoglobin hemoglobin", "g/dl", "0 -", "4 22"),
    _field("sledai", "", "0 105", "0 60"),
    _field("age", "years", "0 130", "0 105"),
    _field("disease-duration duration", "months", "0 1560", "0 720"),
)

#: Sources: molar masses (creatinine 113.12, urea-N 28.01 g/mol); complement and albumin by litre.
CONVERSIONS = (
    _conversion("creatinine scr", "mg/dl", "µmol/l", "88.42"),
    _conversion("urea bun", "mg/dl", "mmol/l", "0.357"),
    _conversion("albumin", "g/dl", "g/l", "10"),
    _conversion("c3 c4", "mg/dl", "g/l", "0.01"),
    _conversion("protein-creatinine upcr pcr", "mg/mg", "mg/mmol", "113.1"),
)

_SPELLINGS = {
    "umol/l": "µmol/l",
    "mcmol/l": "µmol/l",
    "micromol/l": "µmol/l",
    "g/day": "g/24h",
    "g/d": "g/24h",
    "mg/day": "mg/24h",
    "mg/d": "mg/24h",
    "ml/min/1.73m²": "ml/min/1.73m2",
    "yr": "years",
    "year": "years",
    "month": "months",
    "g/g": "mg/mg",
}


def unit_key(unit: str) -> str:
    """Return a unit in the spelling of the tables.

    Examples
    --------
    >>> unit_key("umol/L") == unit_key("\N{GREEK SMALL LETTER MU}mol / L")
    True
    """
    plain = "".join(unit.split()).casefold().replace("\N{GREEK SMALL LETTER MU}", "µ")
    plain = plain.replace("\N{MICRO SIGN}", "µ").replace("24hours", "24h").replace("24-h", "24h")
    return _SPELLINGS.get(plain, plain)


def field_of(outcome: str, unit: str) -> Field | None:
    """Return the row of the table for an outcome in a unit, if there is one.

    Examples
    --------
    >>> field_of("serum-creatinine", "mg/dL").soft
    (Decimal('0.2'), Decimal('25'))
    """
    key, words = unit_key(unit), _words(outcome)
    return next(
        (field for field in FIELDS if field.words & words and field.unit in ("", key)), None
    )


def hard_range(outcome: str, unit: str) -> Bounds | None:
    """Return the hard bounds of an outcome in a unit, if the table knows them."""
    field = field_of(outcome, unit)
    return None if field is None else field.hard


def conversion(outcome: str, unit: str) -> Conversion | None:
    """Return the conversion that starts or ends at a unit of an outcome, if there is one."""
    key, words = unit_key(unit), _words(outcome)
    return next(
        (row for row in CONVERSIONS if row.words & words and key in (row.one, row.other)), None
    )


def _words(outcome: str) -> frozenset[str]:
    return frozenset((*outcome.split("-"), outcome))
