"""Meta-analysis of a plain table: rows of texts in, one machine-readable result out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType

from tamis.domain.errors import BadInput, Place
from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    ProportionRow,
    SynthesisRow,
)
from tamis.synthesis.measures import Measure, measure_of
from tamis.synthesis.settings import LARGEST
from tamis.synthesis.sizes.counts import check_counts

__all__ = ["LAYOUTS", "TableRow", "read_rows"]

TableRow = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns that make one kind of row."""

    kind: str
    columns: tuple[str, ...]


#: Layouts that are recognised, the first whose columns are all there wins.
LAYOUTS = (
    Layout(kind="binary", columns=("events1", "n1", "events2", "n2")),
    Layout(kind="means", columns=("mean1", "sd1", "n1", "mean2", "sd2", "n2")),
    Layout(kind="variance", columns=("yi", "vi")),
    Layout(kind="error", columns=("yi", "sei")),
    Layout(kind="proportion", columns=("events", "n")),
)

#: Names under which metafor's and RevMan's users know the same columns.
SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "ai": "events1", "n1i": "n1", "ci": "events2", "n2i": "n2",
        "m1i": "mean1", "sd1i": "sd1", "m2i": "mean2", "sd2i": "sd2",
        "xi": "events", "ni": "n", "y": "yi", "v": "vi", "se": "sei",
        "events_1": "events1", "n_1": "n1", "events_2": "events2", "n_2": "n2",
        "slab": "study", "author": "study", "label": "study",
    }
)  # fmt: skip

#: Which layouts can give a measure, by what the measure is computed from.
FITTING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "binary": ("binary", "variance", "error"),
        "means": ("means", "variance", "error"),
        "proportion": ("proportion", "variance", "error"),
        "any": ("variance", "error"),
    }
)


def read_rows(
    table: Sequence[TableRow], *, measure: str, name: str = "table"
) -> tuple[SynthesisRow, ...]:
    """Read the rows of a table as rows of a synthesis.

    Parameters
    ----------
    table
        One mapping a study, as ``csv.DictReader`` gives it; a column ``study`` names it.
    measure
        Measure wanted; it decides which columns are needed.
    name
        Name of the table in error messages; the first row is taken to stand on line 2.

    Raises
    ------
    BadInput
        For missing columns (naming the nearest one), empty cells and texts that are no number,
        with file, line and column.

    Examples
    --------
    >>> read_rows([{"study": "a", "yi": "0.2", "sei": "0.1"}], measure="MD")[0].y
    0.2
    """
    if not table:
        return ()
    layout = _layout(list(table[0]), measure_of(measure), name)
    renamed = ({_canonical(key): value for key, value in row.items()} for row in table)
    return tuple(
        _row(layout, row, Place(file=name, line=line), number)
        for number, (line, row) in enumerate(enumerate(renamed, start=2), start=1)
    )


def _canonical(column: object) -> str:
    text = str(column).strip().lower()
    return SYNONYMS.get(text, text)


def _layout(header: Sequence[object], measure: Measure, name: str) -> Layout:
    present = [_canonical(column) for column in header]
    twice = sorted({column for column in present if present.count(column) > 1})
    if twice:
        raise BadInput(
            f"the column {twice[0]!r} stands twice in the header",
            "keep one of them",
            where=Place(file=name, line=1),
        )
    fitting = [one for one in LAYOUTS if one.kind in FITTING[measure.rows]]
    for layout in fitting:
        if set(layout.columns) <= set(present):
            return layout
    nearest = max(fitting, key=lambda one: len(set(one.columns) & set(present)) / len(one.columns))
    missing = [column for column in nearest.columns if column not in present]
    raise BadInput(
        f"for {measure.name} the column {missing[0]!r} is missing{_near(missing[0], header)}",
        "give " + ", or ".join(" ".join(layout.columns) for layout in fitting),
        where=Place(file=name, line=1),
    )


def _near(column: str, header: Sequence[object]) -> str:
    known = {name for layout in LAYOUTS for name in layout.columns}
    free = [str(one) for one in header if _canonical(one) not in known]
    close = get_close_matches(column, free, n=1)
    return f" (the table has {close[0]!r})" if close else ""


def _row(layout: Layout, row: Mapping[str, object], where: Place, number: int) -> SynthesisRow:
    study = str(row.get("study") or f"row {number}").strip()
    cells = {column: _number(row.get(column), column, where) for column in layout.columns}
    match layout.kind:
        case "binary":
            a, m = _arm(cells, "events1", "n1", study, where)
            c, n = _arm(cells, "events2", "n2", study, where)
            return BinaryRow(study=study, events_1=a, n_1=m, events_2=c, n_2=n)
        case "means":
            return MeansRow(
                study=study,
                mean_1=cells["mean1"],
                sd_1=_spread(cells, "sd1", study, where),
                n_1=_people(cells, "n1", study, where),
                mean_2=cells["mean2"],
                sd_2=_spread(cells, "sd2", study, where),
                n_2=_people(cells, "n2", study, where),
            )
        case "proportion":
            x, n = _arm(cells, "events", "n", study, where)
            return ProportionRow(study=study, events=x, n=n)
        case _:
            return _effect(study, cells, where)


def _arm(
    cells: Mapping[str, float], events: str, n: str, study: str, where: Place
) -> tuple[int, int]:
    counts = _whole(cells, events, where), _whole(cells, n, where)
    check_counts(*counts, study, where=replace(where, column=events))
    return counts


def _people(cells: Mapping[str, float], column: str, study: str, where: Place) -> int:
    people = _whole(cells, column, where)
    check_counts(0, people, study, where=replace(where, column=column))
    return people


def _spread(cells: Mapping[str, float], column: str, study: str, where: Place) -> float:
    if cells[column] < 0:
        raise BadInput(
            f"{study}: a standard deviation of {cells[column]:g} cannot be",
            "check the sign and the column in the source",
            where=replace(where, column=column),
        )
    return cells[column]


def _effect(study: str, cells: Mapping[str, float], where: Place) -> EffectRow:
    column = "vi" if "vi" in cells else "sei"
    spread = cells[column]
    if spread <= 0:
        raise BadInput(
            f"{study}: {column} is {spread:g}, which is not above zero",
            "leave the study out if its uncertainty is not known",
            where=replace(where, column=column),
        )
    return EffectRow(study=study, y=cells["yi"], v=spread if column == "vi" else spread * spread)


def _number(cell: object, column: str, where: Place) -> float:
    text = str("" if cell is None else cell).strip().replace("\N{MINUS SIGN}", "-")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        what = f"{text!r} is no number" if text else "the cell is empty"
        raise BadInput(
            what,
            "write a number with a point; leave the whole row out if the study gives none",
            where=replace(where, column=column),
        )
    if abs(number) > LARGEST:
        raise BadInput(
            f"{text} is beyond what can be computed",
            "check the unit and the power of ten in the source",
            where=replace(where, column=column),
        )
    return number


def _whole(cells: Mapping[str, float], column: str, where: Place) -> int:
    number = cells[column]
    if number != int(number):
        raise BadInput(
            f"{number:g} is no whole number of people",
            "give counts, not percentages",
            where=replace(where, column=column),
        )
    return int(number)
