"""Tables of any make as rows: mappings, columns of arrays, and the data frames people have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from tamis.domain.errors import BadInput
from tamis.synthesis.table import TableRow

__all__ = ["rows_of"]


def rows_of(table: object, columns: Mapping[str, Sequence[object]]) -> tuple[TableRow, ...]:
    """Return one mapping a study.

    Parameters
    ----------
    table
        Mappings, one mapping of columns, or a data frame that narwhals knows: pandas, polars
        (lazy too), pyarrow and others. A missing value (null, NaN, NA) is an empty cell.
    columns
        Arrays by name, one value a study: instead of a table, or beside it.

    Raises
    ------
    BadInput
        For something else, and for columns of different lengths.

    Examples
    --------
    >>> rows_of((), {"yi": [0.1, 0.2], "vi": [0.01, 0.02]})
    ({'yi': 0.1, 'vi': 0.01}, {'yi': 0.2, 'vi': 0.02})
    """
    rows = list(_rows(table))
    if not columns:
        return tuple(rows)
    sizes = {name: len(column) for name, column in columns.items()}
    size = len(rows) or max(sizes.values())
    wrong = [name for name, length in sizes.items() if length != size]
    if wrong:
        raise BadInput(
            f"the column {wrong[0]!r} has {sizes[wrong[0]]} values for {size} studies",
            "give one value a study in each",
        )
    rows = rows or [{} for _ in range(size)]
    return tuple(
        {**row, **{name: column[at] for name, column in columns.items()}}
        for at, row in enumerate(rows)
    )


def _rows(table: object) -> Iterable[TableRow]:
    if isinstance(table, Mapping):
        return rows_of((), table)
    frame = nw.from_native(table, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, nw.DataFrame):
        return _cells(frame)
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        return table
    raise BadInput(
        f"a {type(table).__name__} is no table",
        "give a data frame, a list of mappings, or columns by name",
    )


def _cells(frame: nw.DataFrame[Any]) -> list[TableRow]:
    """Return the rows with None for what is missing: null, NA, and the NaN that pandas writes."""
    absent = frame.select(nw.all().is_null()).iter_rows()
    return [
        {
            name: None if gone or (isinstance(cell, float) and math.isnan(cell)) else cell
            for name, cell, gone in zip(frame.columns, row, missing, strict=True)
        }
        for row, missing in zip(frame.iter_rows(), absent, strict=True)
    ]
