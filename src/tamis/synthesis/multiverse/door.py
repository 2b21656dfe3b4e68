"""``tamis.multiverse``: every defensible analysis of a table, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, MeansRow, ProportionRow, SynthesisRow
from tamis.synthesis.multiverse.run import Multiverse
from tamis.synthesis.multiverse.run import multiverse as run
from tamis.synthesis.multiverse.specification import DataSet, Options, Thresholds
from tamis.synthesis.table import read_rows
from tamis.synthesis.tabular import rows_of

__all__ = ["multiverse"]

_NONE: Mapping[str, float] = MappingProxyType({})


def multiverse(
    rows: object = (),
    *,
    measures: Sequence[str],
    better: str,
    important: Mapping[str, float] = _NONE,
    estimators: Sequence[str] = ("REML", "PM", "DL", "FE"),
    intervals: Sequence[str] = ("adhoc", "knha", "z"),
    zero_cells: Sequence[str] = ("only0",),
    sets: Mapping[str, Sequence[str]] | None = None,
    **columns: Sequence[object],
) -> Multiverse:
    """Run every defensible analysis of a table, and say how often the statement changes.

    The first option of each axis makes the primary analysis, which is to be fixed beforehand. It
    is no test: the analyses share their data, so nothing is averaged over them.

    Parameters
    ----------
    rows
        A table as ``tamis.meta_analyse`` takes it: one row a study.
    measures
        Effect measures, all of one kind of data (RR, OR, RD; MD, SMD).
    better
        ``lower`` or ``higher``: which side of no effect is a benefit.
    important
        Measure -> smallest important effect on its own scale (``{"RR": 0.8, "RD": 0.05}``). A
        measure without one is judged against no effect alone.
    estimators
        Estimators of tau2, ``FE``, and for counts ``MH`` and ``PETO``.
    intervals
        ``adhoc`` (Hartung-Knapp with floor), ``knha``, ``z``, ``adhoc-ci``, ``bayes``.
    zero_cells
        Rules for empty cells: ``only0``, ``all``, ``none``.
    sets
        Name -> studies in it: defensible choices of studies. Left out, all studies are taken.
    **columns
        Arrays by name, instead of a table or beside it.

    Returns
    -------
    Multiverse
        Frozen, with ``share_changed``, ``table()`` and ``to_dict()``.

    Raises
    ------
    BadInput
        For a table that cannot be read, a study that is not in it, an option that is none.

    Examples
    --------
    >>> table = {"study": ["a", "b", "c"], "events1": [3, 2, 4], "n1": [20, 20, 20],
    ...          "events2": [8, 9, 7], "n2": [20, 20, 20]}
    >>> found = multiverse(table, measures=["RR", "OR"], better="lower", estimators=["REML"],
    ...                    intervals=["adhoc", "z"], sets={"all": "abc", "without c": "ab"})
    >>> found.distinct, found.primary_outcome().statement, found.share_changed
    (8, 'cannot-tell', 0.5)
    >>> found.table()[0]["measure"], found.to_dict()["differing"]
    ('RR', 4)
    """
    for word in measures:
        if not isinstance(word, str) or isinstance(measures, str):
            raise BadInput(f"{measures!r} is no list of measures", 'write ["RR", "OR"]')
    read = _rows(rows_of(rows, columns), measures)
    options = Options(
        measures=tuple(measures),
        estimators=tuple(estimators),
        intervals=tuple(intervals),
        zero_cells=tuple(zero_cells),
    )
    marks = Thresholds(better=better, important=MappingProxyType(dict(important)))
    return run(_sets(read, sets), options, marks)


def _rows(
    table: Sequence[Mapping[str, object]], measures: Sequence[str]
) -> tuple[SynthesisRow, ...]:
    if not measures:
        raise BadInput("the axis measures has no option", "give one at least")
    kinds = (BinaryRow, MeansRow, ProportionRow, EffectRow)
    found = [read_rows(table, measure=measure) for measure in measures]
    kept = tuple(row for row in found[0] if isinstance(row, kinds))
    if any(one != found[0] for one in found) or len(kept) != len(found[0]) or not kept:
        raise BadInput(
            f"these rows are not of one kind for {', '.join(measures)}",
            "give one study at least, with the counts or means of two arms, or yi and vi",
        )
    return kept


def _sets(
    rows: Sequence[SynthesisRow], sets: Mapping[str, Sequence[str]] | None
) -> tuple[DataSet, ...]:
    if sets is None:
        return (DataSet(rows=tuple(rows)),)
    known = {row.study for row in rows}
    made = []
    for title, studies in sets.items():
        unknown = [study for study in studies if study not in known]
        if unknown:
            raise BadInput(f"the set {title!r} names {unknown[0]!r}", "name studies of the table")
        chosen = tuple(row for row in rows if row.study in set(studies))
        made.append(DataSet(rows=chosen, options=MappingProxyType({"studies": title})))
    return tuple(made)
