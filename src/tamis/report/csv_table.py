"""CSV as every table of the bundle has it: UTF-8, LF, a header, unknown as an empty cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

__all__ = ["Cell", "table"]

Cell = str | int | float | Decimal | None


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""Return a CSV file; ``None`` is an empty cell, numbers keep their full precision.

    Examples
    --------
    >>> table(("a", "b"), [("x, y", None)])
    b'a,b\n"x, y",\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if cell is None else cell for cell in row])
    return out.getvalue().encode()
