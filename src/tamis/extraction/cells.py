"""Extracted values as the rules look at them: by cell, by source, by study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from tamis.domain.results import Finding
from tamis.domain.values import Cell, Extraction, Value
from tamis.extraction.rounding import whole

__all__ = ["ALL_ARMS", "Book", "Row", "finding", "is_contrast", "open_book", "printed"]

#: The arm that stands for everybody in a study.
ALL_ARMS = "all"

#: Statistics that are numbers on the scale of the outcome itself.
LEVELS = ("mean", "median", "q1", "q3", "min", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The values of one cell by statistic."""

    cell: Cell
    values: Mapping[str, Value]

    def __getitem__(self, statistic: str) -> Value:
        return self.values[statistic]

    def get(self, statistic: str) -> Value | None:
        """Return the value of a statistic if it has an exact number."""
        value = self.values.get(statistic)
        return value if value is not None and value.number is not None else None

    def all_of(self, *statistics: str) -> tuple[Value, ...]:
        """Return the exact values of these statistics, in this order; absent ones are left out."""
        return tuple(value for name in statistics if (value := self.get(name)) is not None)

    @property
    def people(self) -> tuple[int | None, tuple[Value, ...]]:
        """How many people the row counts, from its ``n`` or the denominator of its counts."""
        own = whole(self.get("n"))
        if own is not None:
            return own, self.all_of("n")
        for name in ("events", "percent", "mean", "median"):
            value = self.get(name)
            if value is not None and value.denominator.strip().isdecimal():
                return int(value.denominator), ()
        return None, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All rows of an extraction; ``arms`` are the arms that make up a study, where declared."""

    rows: tuple[Row, ...]
    arms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def values(self) -> Iterator[Value]:
        """Every value, row by row."""
        for row in self.rows:
            yield from row.values.values()

    def of(self, study: str) -> tuple[Row, ...]:
        """Return the rows of one study."""
        return tuple(row for row in self.rows if row.cell.study == study)

    def sources(self) -> Iterator[tuple[Value, Value]]:
        """Yield two values of one cell that come from two sources, statistic by statistic."""
        groups: dict[tuple[str, ...], list[Value]] = defaultdict(list)
        for value in self.values:
            cell = value.cell
            of = (cell.study, cell.outcome, cell.visit, cell.arm, cell.estimand, value.statistic)
            groups[of].append(value)
        for key in sorted(groups):
            for a, b in combinations(groups[key], 2):
                if a.cell.n != b.cell.n and _one_definition(a.cell, b.cell):
                    yield a, b

    def arms_of(self, study: str) -> tuple[tuple[str, ...], bool]:
        """Return the arms of a study, and whether they are known or only those that were seen.

        They are known when declared, or when participants were recorded arm by arm.
        """
        declared = self.arms.get(study)
        if declared:
            return tuple(declared), True
        rows = [row.cell for row in self.of(study) if _is_arm(row.cell.arm)]
        counted = sorted({cell.arm for cell in rows if cell.outcome == "participants"})
        if counted:
            return tuple(counted), True
        return tuple(sorted({cell.arm for cell in rows})), False


def open_book(extraction: Extraction, arms: Mapping[str, tuple[str, ...]]) -> Book:
    """Sort the values of an extraction into rows."""
    cells: dict[Cell, dict[str, Value]] = defaultdict(dict)
    for value in sorted(extraction.values, key=lambda v: (v.id, v.cell.definition, v.printed)):
        cells[value.cell].setdefault(value.statistic, value)
    rows = tuple(Row(cell=cell, values=values) for cell, values in cells.items())
    return Book(rows=tuple(sorted(rows, key=_place)), arms=arms)


def finding(
    rule: str,
    severity: str,
    values: Iterable[Value],
    message: str,
    *,
    expected: str = "",
    suggestion: str = "compare with the source",
) -> Finding:
    """Return a finding about values: the first is its subject, all are named as printed."""
    about = tuple(values)
    return Finding(
        rule=rule,
        severity=severity,
        subject=about[0].id,
        message=message,
        because=tuple(value.id for value in about),
        suggestion=suggestion,
        expected=expected,
        got=printed(about),
    )


def printed(values: Iterable[Value]) -> str:
    """Return what is printed, statistic by statistic.

    Examples
    --------
    >>> printed([])
    ''
    """
    return ", ".join(f"{value.statistic} {value.printed}" for value in values)


def is_contrast(cell: Cell) -> bool:
    """Tell whether a cell compares two arms."""
    return "-vs-" in cell.arm


def _is_arm(arm: str) -> bool:
    return arm != ALL_ARMS and "-vs-" not in arm


def _one_definition(a: Cell, b: Cell) -> bool:
    return a.definition == b.definition or "not-stated" in (a.definition, b.definition)


def _place(row: Row) -> tuple[str, str]:
    return min(value.id for value in row.values.values()), row.cell.definition
