"""Tables of any make as rows: mappings, columns of arrays, and the data frames people have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tamis.domain.errors import BadInput
from tamis.synthesis.table import TableRow

__all__ = ["rows_of"]

#: How a data frame gives its rows, by the method that it has: polars, pyarrow, pandas.
_FRAMES: tuple[tuple[str, Callable[[Any], Iterable[TableRow]]], ...] = (
    ("to_dicts", lambda frame: frame.to_dicts()),
    ("to_pylist", lambda frame: frame.to_pylist()),
    ("to_dict", lambda frame: frame.to_dict("records")),
)


def rows_of(table: object, columns: Mapping[str, Sequence[object]]) -> tuple[TableRow, ...]:
    """Return one mapping a study.

    Parameters
    ----------
    table
        Mappings, one mapping of columns, or a data frame of polars, pyarrow or pandas.
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
    for method, read in _FRAMES:
        if hasattr(table, method):
            return read(table)
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        return table
    raise BadInput(
        f"a {type(table).__name__} is no table",
        "give a data frame, a list of mappings, or columns by name",
    )
