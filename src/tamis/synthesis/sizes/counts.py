"""Effect sizes of two-by-two tables.

Notation: ``a, b`` are events and non-events of arm 1, ``c, d`` of arm 2; a table is
``(a, b, c, d)``. Formulas: Handbook of Cochrane reviews, chapter 6 and 10; Fleiss & Berlin 2009;
Yusuf 1985 for Peto; Ruecker 2009 for the arcsine difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput, Place
from tamis.domain.results import BinaryRow
from tamis.synthesis.settings import EffectSettings
from tamis.synthesis.sizes.links import LOGISTIC, NORMAL

__all__ = ["MOST_PEOPLE", "YV", "Table", "binary_effects", "check_counts", "one_by_one", "table_of"]

Table = tuple[float, float, float, float]

#: Effect and sampling variance on the analysis scale, and whether 0.5 was added to the cells.
YV = tuple[float, float, bool]

#: More people than this in one arm is a slip of the pen.
MOST_PEOPLE = 1e9

#: Measures whose tables are never corrected: they are defined with empty cells.
_NEVER_CORRECTED = frozenset({"AS", "PHI"})


def check_counts(events: float, n: float, study: str, *, where: Place | None = None) -> None:
    """Refuse counts that cannot be: no people, events below 0 or above n, not a number.

    Raises
    ------
    BadInput
        Naming the study.
    """
    if not (math.isfinite(events) and math.isfinite(n)):
        raise BadInput(
            f"{study}: a count is not a number", "record it as looked-for instead", where=where
        )
    if not 1 <= n <= MOST_PEOPLE or not 0 <= events <= n:
        raise BadInput(
            f"{study}: {events} events of {n} people cannot be",
            "check the two counts in the source; an arm without people is left out",
            where=where,
        )


def table_of(row: BinaryRow) -> Table:
    """Return the four cells of a row, checked."""
    check_counts(row.events_1, row.n_1, row.study)
    check_counts(row.events_2, row.n_2, row.study)
    return row.events_1, row.n_1 - row.events_1, row.events_2, row.n_2 - row.events_2


def binary_effects(
    measure: str, rows: Sequence[BinaryRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return one effect a row, ``None`` where it is not defined or was dropped."""
    return one_by_one(measure, tuple(table_of(row) for row in rows), settings)


def one_by_one(
    measure: str, tables: Sequence[Table], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return the effects of checked tables."""
    any_zero = any(0 in table for table in tables)
    return tuple(_one(measure, table, any_zero, settings) for table in tables)


def _one(measure: str, table: Table, any_zero: bool, settings: EffectSettings) -> YV | None:
    a, b, c, d = table
    if settings.drop_double_zero and (a == c == 0 or b == d == 0):
        return None
    corrected = measure not in _NEVER_CORRECTED and _corrects(table, any_zero, settings.zero_cells)
    if corrected:
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    found = _FORMULAS[measure](a, b, c, d)
    return None if found is None else (found[0], found[1], corrected)


def _corrects(table: Table, any_zero: bool, rule: str) -> bool:
    match rule:
        case "only0":
            return 0 in table
        case "if0all":
            return any_zero
        case _:
            return rule == "all"


def _risk_ratio(a: float, b: float, c: float, d: float) -> tuple[float, float] | None:
    if a == 0 or c == 0:
        return None
    n1, n2 = a + b, c + d
    return math.log(a / n1) - math.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2


def _odds_ratio(a: float, b: float, c: float, d: float) -> tuple[float, float] | None:
    if min(a, b, c, d) == 0:
        return None
    return math.log(a) + math.log(d) - math.log(b) - math.log(c), 1 / a + 1 / b + 1 / c + 1 / d


def _risk_difference(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    n1, n2 = a + b, c + d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


def _arcsine_difference(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    n1, n2 = a + b, c + d
    y = math.asin(math.sqrt(a / n1)) - math.asin(math.sqrt(c / n2))
    return y, 1 / (4 * n1) + 1 / (4 * n2)


def _peto(a: float, b: float, c: float, d: float) -> tuple[float, float] | None:
    n1, n2 = a + b, c + d
    total = n1 + n2
    if total <= 1 or a + c == 0 or b + d == 0:
        return None
    expected = n1 * (a + c) / total
    v = n1 * n2 * (a + c) * (b + d) / (total**2 * (total - 1))
    return (a - expected) / v, 1 / v


def _yule(a: float, b: float, c: float, d: float) -> tuple[float, float] | None:
    """Yule's Q, (ψ−1)/(ψ+1) of the odds ratio ψ."""
    found = _odds_ratio(a, b, c, d)
    if found is None:
        return None
    y = math.tanh(found[0] / 2)
    return y, 0.25 * (1 - y**2) ** 2 * found[1]


def _phi(a: float, b: float, c: float, d: float) -> tuple[float, float] | None:
    """Phi coefficient with its variance in a sample of fixed size."""
    n1, n2, m1, m2 = a + b, c + d, a + c, b + d
    if 0 in (m1, m2):
        return None
    total = n1 + n2
    y = (a * d - b * c) / math.sqrt(n1 * n2 * m1 * m2)
    p, q = n1 / total, m1 / total
    p_skew, q_skew = (1 - 2 * p) ** 2 / (p * (1 - p)), (1 - 2 * q) ** 2 / (q * (1 - q))
    mixed = (1 - 2 * p) * (1 - 2 * q) / math.sqrt(p * (1 - p) * q * (1 - q))
    v = 1 - y**2 + y * (1 + y**2 / 2) * mixed - 0.75 * y**2 * (p_skew + q_skew)
    return (y, v / total) if v > 0 else None


def _as_difference(factor: float) -> Formula:
    """Return the formula that reads an odds ratio as a standardised difference (``links``)."""

    def formula(a: float, b: float, c: float, d: float) -> tuple[float, float] | None:
        found = _odds_ratio(a, b, c, d)
        return None if found is None else (found[0] / factor, found[1] / factor**2)

    return formula


Formula = Callable[[float, float, float, float], tuple[float, float] | None]

_FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "RR": _risk_ratio,
        "OR": _odds_ratio,
        "RD": _risk_difference,
        "AS": _arcsine_difference,
        "PETO": _peto,
        "YUQ": _yule,
        "PHI": _phi,
        "OR2DL": _as_difference(LOGISTIC),
        "OR2DN": _as_difference(NORMAL),
    }
)
