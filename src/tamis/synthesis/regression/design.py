"""The design of a regression: columns of numbers and of categories, and their products."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tamis.domain.errors import BadInput
from tamis.synthesis.modes import Floats

__all__ = ["Design", "Term", "design_of"]

Column = Sequence[float | int | str]

#: A product of columns; one name alone is a main effect.
Term = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Rows of numbers with the names of their columns, and the levels behind them.

    ``levels`` holds the levels of every categorical column, the reference first.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    terms: tuple[Term, ...]
    levels: Mapping[str, tuple[str, ...]]
    intercept: bool = True

    def matrix(self) -> Floats:
        """Return the rows as an array of shape (k, p)."""
        return np.array(self.rows, dtype=np.float64).reshape(len(self.rows), len(self.names))

    def row(self, values: Mapping[str, float | int | str]) -> tuple[float, ...]:
        """Return the row that stands for given values of the columns.

        Raises
        ------
        BadInput
            For a column that is missing and a level that no study has.
        """
        needed = {name for term in self.terms for name in term}
        missing = sorted(needed - set(values))
        if missing:
            raise BadInput(f"no value of {missing[0]!r}", "give one for every covariate")
        full = _in_full(self.terms, self.levels, intercept=self.intercept)
        parts = {
            name: _coded(name, [values[name]], self.levels.get(name), full=name == full)
            for name in needed
        }
        made = _columns(self.terms, parts, 1, intercept=self.intercept)
        return tuple(float(column[0]) for _, column in made)


def design_of(
    columns: Mapping[str, Column],
    terms: Sequence[Term | str] | None = None,
    *,
    intercept: bool = True,
    reference: Mapping[str, str] | None = None,
) -> Design:
    """Make the design of a regression.

    Parameters
    ----------
    columns
        One value a study. A column of numbers is continuous, any other categorical.
    terms
        Names, or tuples of names for products; default: every column alone.
    intercept
        Whether there is one. Categories are coded against their reference; without an intercept
        the first of them has an indicator for every level, so its coefficients are means.
    reference
        Reference level of a categorical column; default: the first in alphabetical order.

    Raises
    ------
    BadInput
        For unknown columns, empty cells, one level only, columns that depend on each other.

    Examples
    --------
    >>> made = design_of({"dose": [1, 2, 3], "design": ["rct", "rct", "cohort"]}, ["design"])
    >>> made.names
    ('intercept', 'design: rct')
    """
    chosen = tuple(
        (one,) if isinstance(one, str) else tuple(one) for one in terms or tuple(columns)
    )
    size = _length(columns)
    levels: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(name for term in chosen for name in term):
        if name not in columns:
            raise BadInput(f"there is no column {name!r}", f"use {', '.join(columns)}")
        found = _levels(name, columns[name], (reference or {}).get(name))
        if found is not None:
            levels[name] = found
    full = _in_full(chosen, levels, intercept=intercept)
    parts = {
        name: _coded(name, columns[name], levels.get(name), full=name == full)
        for name in dict.fromkeys(name for term in chosen for name in term)
    }
    made = _columns(chosen, parts, size, intercept=intercept)
    matrix = np.stack([column for _, column in made], axis=1) if made else np.zeros((size, 0))
    _check_rank(matrix, [name for name, _ in made])
    return Design(
        names=tuple(name for name, _ in made),
        rows=tuple(tuple(float(cell) for cell in row) for row in matrix),
        terms=chosen,
        levels=levels,
        intercept=intercept,
    )


Part = list[tuple[str, Floats]]


def _length(columns: Mapping[str, Column]) -> int:
    sizes = {len(column) for column in columns.values()}
    if len(sizes) != 1:
        raise BadInput("the columns have different lengths", "give one value a study in each")
    return sizes.pop()


def _levels(name: str, column: Column, reference: str | None) -> tuple[str, ...] | None:
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in column):
        if reference is not None:
            raise BadInput(f"{name!r} is a number and has no reference level", "leave it out")
        return None
    found = sorted({str(cell) for cell in column})
    if "" in found or "nan" in found:
        raise BadInput(
            f"{name!r} has empty cells", "leave these studies out, or name the unknown a level"
        )
    if len(found) < 2:
        raise BadInput(f"{name!r} has one level only", "leave the covariate out")
    if reference is not None:
        if reference not in found:
            raise BadInput(f"{name!r} has no level {reference!r}", f"use {', '.join(found)}")
        found.remove(reference)
        found.insert(0, reference)
    return tuple(found)


def _in_full(
    terms: Sequence[Term], levels: Mapping[str, tuple[str, ...]], *, intercept: bool
) -> str | None:
    """Return the categorical column that stands for the intercept where there is none."""
    mains = [term[0] for term in terms if len(term) == 1 and term[0] in levels]
    return None if intercept or not mains else mains[0]


def _coded(
    name: str, column: Column, levels: tuple[str, ...] | None, *, full: bool = False
) -> Part:
    """Return a column as numbers, a categorical one as indicators of its levels."""
    if levels is None:
        numbers = np.array([float(cell) for cell in column], dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise BadInput(
                f"{name!r} has cells that are no numbers",
                "leave these studies out, with the reason",
            )
        return [(name, numbers)]
    for cell in column:
        if str(cell) not in levels:
            raise BadInput(f"{name!r} has no level {str(cell)!r}", f"use {', '.join(levels)}")
    return [
        (f"{name}: {level}", np.array([float(str(cell) == level) for cell in column]))
        for level in (levels if full else levels[1:])
    ]


def _columns(
    terms: Sequence[Term], parts: Mapping[str, Part], size: int, *, intercept: bool
) -> Part:
    made: Part = [("intercept", np.ones(size))] if intercept else []
    for term in terms:
        product: Part = [("", np.ones(size))]
        for name in term:
            product = [
                (f"{left} x {right}" if left else right, a * b)
                for left, a in product
                for right, b in parts[name]
            ]
        made += product
    return made


def _check_rank(matrix: Floats, names: Sequence[str]) -> None:
    """Refuse columns that the ones before them already determine, naming the first such."""
    kept: list[Floats] = []
    for name, column in zip(names, matrix.T, strict=True):
        rest = column.astype(np.float64)
        for one in kept:
            rest = rest - (one @ rest) * one
        for one in kept:  # a second pass takes away what rounding left of the first
            rest = rest - (one @ rest) * one
        norm = math.sqrt(float(rest @ rest))
        if norm <= 1e-10 * math.sqrt(float(column @ column)) or norm == 0:
            raise BadInput(
                f"the column {name!r} follows from the others",
                "leave it out, or drop a level: its coefficient cannot be told apart",
            )
        kept.append(rest / norm)
