"""Meta-analysis of a plain table: rows of texts in, one machine-readable result out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType

from tamis.domain.errors import BadInput, BadRows, Place
from tamis.domain.results import (
    BinaryRow,
    CorrelationRow,
    EffectRow,
    MeansRow,
    PairedRow,
    ProportionRow,
    RateRow,
    SingleRateRow,
    SynthesisRow,
)
from tamis.synthesis.columns import canonical, with_totals
from tamis.synthesis.measures import Measure, measure_of
from tamis.synthesis.scales import forth
from tamis.synthesis.settings import LARGEST, normal_quantile
from tamis.synthesis.sizes.counts import check_counts
from tamis.synthesis.sizes.rates import check_rate

__all__ = ["LAYOUTS", "CountedRow", "TableRow", "read_rows"]

TableRow = Mapping[str, object]

#: What a row of a table is read as.
CountedRow = SynthesisRow | RateRow | SingleRateRow | PairedRow | CorrelationRow


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
    Layout(kind="rates", columns=("events1", "time1", "events2", "time2")),
    Layout(kind="rate", columns=("events", "time")),
    Layout(kind="paired", columns=("mean1", "sd1", "mean2", "sd2", "n", "r")),
    Layout(kind="correlation", columns=("r", "n")),
    Layout(kind="interval", columns=("estimate", "lower", "upper")),
)

#: Which layouts can give a measure, by what the measure is computed from.
FITTING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "binary": ("binary", "variance", "error", "interval"),
        "means": ("means", "variance", "error", "interval"),
        "proportion": ("proportion", "variance", "error"),
        "rates": ("rates", "variance", "error", "interval"),
        "rate": ("rate", "variance", "error"),
        "any": ("variance", "error", "interval"),
        "paired": ("paired", "variance", "error"),
        "correlation": ("correlation", "variance", "error"),
        "paired-arms": ("variance", "error"),
    }
)


def read_rows(
    table: Sequence[TableRow], *, measure: str, name: str = "table"
) -> tuple[CountedRow, ...]:
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
        For missing columns (naming the nearest one), empty cells, texts that are no number,
        numbers that cannot be and studies that stand twice, with file, line and column.
        ``BadRows`` holds one error for each row where several are wrong.

    Examples
    --------
    >>> read_rows([{"study": "a", "yi": "0.2", "sei": "0.1"}], measure="MD")[0].y
    0.2
    """
    if not table:
        return ()
    layout = _layout(list(table[0]), measure_of(measure), name)
    renamed = [{canonical(key): value for key, value in row.items()} for row in table]
    totals = with_totals(renamed[0])
    tried = [
        _tried(layout, row, totals, Place(file=name, line=line), measure)
        for line, row in enumerate(renamed, start=2)
    ]
    wrong = [one for one in tried if isinstance(one, BadInput)] or _twice(renamed, name)
    if wrong:
        raise wrong[0] if len(wrong) == 1 else BadRows(wrong)
    return tuple(one for one in tried if not isinstance(one, BadInput))


def _tried(
    layout: Layout,
    row: Mapping[str, object],
    totals: Mapping[str, tuple[str, str]],
    where: Place,
    measure: str,
) -> CountedRow | BadInput:
    """Return the row, or what is wrong with it, so that every wrong row is told at once."""
    try:
        added = {
            total: sum(_number(row.get(part), part, where) for part in parts)
            for total, parts in totals.items()
            if total in layout.columns
        }
        return _row(layout, {**row, **added}, where, measure)
    except BadInput as error:
        return error


def _twice(rows: Sequence[Mapping[str, object]], name: str) -> list[BadInput]:
    """Return an error for every study that stands twice in one subgroup: it would count twice."""
    seen: dict[tuple[str, str], int] = {}
    wrong = []
    for line, row in enumerate(rows, start=2):
        study = str(row.get("study") or "").strip()
        key = study, str(row.get("subgroup") or "").strip()
        if study and key in seen:
            wrong.append(
                BadInput(
                    f"the study {study!r} stands on line {seen[key]} already",
                    "keep one row of it, or name the parts apart if nobody is in both",
                    where=Place(file=name, line=line, column="study"),
                )
            )
        seen.setdefault(key, line)
    return wrong


def _layout(header: Sequence[object], measure: Measure, name: str) -> Layout:
    present = [canonical(column) for column in header]
    totals = with_totals(present)
    twice = sorted({column for column in present if present.count(column) > 1})
    if twice:
        raise BadInput(
            f"the column {twice[0]!r} stands twice in the header",
            "keep one of them",
            where=Place(file=name, line=1),
        )
    present += totals
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
    free = [str(one) for one in header if canonical(one) not in known]
    close = get_close_matches(column, free, n=1)
    return f" (the table has {close[0]!r})" if close else ""


def _row(layout: Layout, row: Mapping[str, object], where: Place, measure: str) -> CountedRow:
    study = str(row.get("study") or f"row {(where.line or 1) - 1}").strip()
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
        case "rates":
            x1, t1 = _rate(cells, "events1", "time1", study, where)
            x2, t2 = _rate(cells, "events2", "time2", study, where)
            return RateRow(study=study, events_1=x1, time_1=t1, events_2=x2, time_2=t2)
        case _:
            return _other(layout.kind, study, cells, where, measure)


def _other(
    kind: str, study: str, cells: Mapping[str, float], where: Place, measure: str
) -> CountedRow:
    """Read a row of one arm, or an effect that is ready."""
    match kind:
        case "proportion":
            x, n = _arm(cells, "events", "n", study, where)
            return ProportionRow(study=study, events=x, n=n)
        case "rate":
            x, t = _rate(cells, "events", "time", study, where)
            return SingleRateRow(study=study, events=x, time=t)
        case "paired":
            return _pair(study, cells, where)
        case "correlation":
            r = _within(cells, "r", where)
            return CorrelationRow(study=study, r=r, n=_people(cells, "n", study, where))
        case "interval":
            return _from_interval(study, cells, where, measure_of(measure))
        case _:
            return _effect(study, cells, where)


def _pair(study: str, cells: Mapping[str, float], where: Place) -> PairedRow:
    return PairedRow(
        study=study,
        mean_1=cells["mean1"],
        sd_1=_spread(cells, "sd1", study, where),
        mean_2=cells["mean2"],
        sd_2=_spread(cells, "sd2", study, where),
        n=_people(cells, "n", study, where),
        correlation=_within(cells, "r", where),
    )


def _within(cells: Mapping[str, float], column: str, where: Place) -> float:
    if not -1 <= cells[column] <= 1:
        raise BadInput(
            f"a correlation of {cells[column]:g} cannot be",
            "it lies between -1 and 1",
            where=replace(where, column=column),
        )
    return cells[column]


def _from_interval(
    study: str, cells: Mapping[str, float], where: Place, measure: Measure
) -> EffectRow:
    """Return the effect behind an estimate with its 95 % interval, as they are printed."""
    low, high = cells["lower"], cells["upper"]
    if measure.scale == "log" and min(low, cells["estimate"]) <= 0:
        raise BadInput(
            f"{study}: a ratio is above zero, and {min(low, cells['estimate']):g} is not",
            "give the ratio and its limits as printed, not their logarithms",
            where=replace(where, column="lower" if low <= 0 else "estimate"),
        )
    if not low < high:
        raise BadInput(
            f"{study}: the lower limit {low:g} is not below the upper limit {high:g}",
            "check the two limits in the source",
            where=replace(where, column="lower"),
        )
    if not low <= cells["estimate"] <= high:
        raise BadInput(
            f"{study}: the estimate {cells['estimate']:g} lies outside {low:g} to {high:g}",
            "check the three numbers in the source",
            where=replace(where, column="estimate"),
        )
    y, a, b = (forth(measure.scale, cells[name]) for name in ("estimate", "lower", "upper"))
    return EffectRow(study=study, y=y, v=((b - a) / (2 * normal_quantile(0.95))) ** 2)


def _arm(
    cells: Mapping[str, float], events: str, n: str, study: str, where: Place
) -> tuple[int, int]:
    counts = _whole(cells, events, where), _whole(cells, n, where)
    check_counts(*counts, study, where=replace(where, column=events))
    return counts


def _rate(
    cells: Mapping[str, float], events: str, time: str, study: str, where: Place
) -> tuple[int, float]:
    count = _whole(cells, events, where)
    check_rate(count, cells[time], study, where=replace(where, column=events))
    return count, cells[time]


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
