"""Which reading of a value counts when several people extracted it.

Two extractors who work blinded give the same cell the same id, because neither knows of the other.
Where they say the same, one reading stands for both; where they differ, the settlement tells; where
nobody settled it, both stand, the second under a number of its own (``#2``), and no synthesis takes
either. What does not stand is never gone: the log and the comparison keep it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tamis.domain.decisions import ValueSettlement
from tamis.domain.ids import value_id
from tamis.domain.values import Cell, Extraction, LookedFor, Value

__all__ = ["Datum", "Place", "Settled", "place_of", "settled_among", "standing"]

Datum = Value | LookedFor

#: Study, outcome, visit, arm, estimand, statistic: what a value's id says without its number.
Place = tuple[str, str, str, str, str, str]

#: The settlement that holds for a group of readings, and whether one was changed since.
Settled = tuple[ValueSettlement | None, bool]


def place_of(datum: Datum) -> Place:
    """Return what a reading is about, whoever read it and wherever."""
    cell = datum.cell
    return cell.study, cell.outcome, cell.visit, cell.arm, cell.estimand, datum.statistic


def settled_among(
    events: Iterable[str], settlements: Iterable[ValueSettlement], known: Iterable[str]
) -> Settled:
    """Return the settlement that holds for these events, and whether one of them reopened.

    A settlement holds while every value that it names, and the one that it chose, still stands
    (``known``), and it names all of ``events`` but the chosen one. The later one counts.

    Examples
    --------
    >>> one = ValueSettlement(event="e", settles=("a", "b"), chosen="a", reason="r", by="p-c")
    >>> settled_among(["a", "b"], [one], {"a", "b"})[0] is one
    True
    >>> settled_among(["a", "c"], [one], {"a", "c"})
    (None, True)
    """
    here, standing_now = set(events), set(known)
    found, reopened = None, False
    for one in settlements:
        named = {*one.settles, one.chosen}
        if not named & here:
            continue
        if here <= named <= standing_now:
            found, reopened = one, False
        else:
            reopened = reopened or found is None
    return found, reopened


def standing(
    values: Sequence[Value],
    looked_for: Sequence[LookedFor] = (),
    settlements: Sequence[ValueSettlement] = (),
) -> Extraction:
    """Return the readings that count, in canonical order.

    Parameters
    ----------
    values, looked_for
        Everything that stands in the log.
    settlements
        In the order of the log: the later one counts.

    Returns
    -------
    Extraction
        Without what a settlement set aside and what repeats another person's reading. Where two
        people differ about a cell and nobody settled it, the second person's whole cell has the
        next free number, so that a synthesis sees two readings that differ and takes neither.
    """
    data: list[Datum] = sorted((*values, *looked_for), key=lambda d: (d.id, d.event))
    left = _without_settled(data, settlements)
    groups: dict[Place, list[Datum]] = defaultdict(list)
    for datum in left:
        groups[(*place_of(datum)[:5], str(datum.cell.n))].append(datum)
    kept: list[Datum] = []
    taken = {datum.id for datum in left}
    for group in groups.values():
        kept += _of_cell(group, taken)
    kept.sort(key=lambda d: (d.id, d.event))
    return Extraction(
        values=tuple(d for d in kept if isinstance(d, Value)),
        looked_for=tuple(d for d in kept if isinstance(d, LookedFor)),
    )


def same_reading(a: Datum, b: Datum) -> bool:
    """Tell whether two readings say the same: number or words, unit, definition, denominator."""
    if isinstance(a, LookedFor) or isinstance(b, LookedFor):
        return isinstance(a, LookedFor) and isinstance(b, LookedFor)
    equal = a.printed == b.printed if a.number is None else a.number == b.number
    return equal and (a.unit, a.denominator, a.cell.definition) == (
        b.unit,
        b.denominator,
        b.cell.definition,
    )


def _without_settled(data: Sequence[Datum], settlements: Sequence[ValueSettlement]) -> list[Datum]:
    """Leave out what a settlement that still holds set aside."""
    known = {datum.event for datum in data}
    last: dict[str, ValueSettlement] = {}
    for one in settlements:
        if {*one.settles, one.chosen} <= known:
            last |= dict.fromkeys((*one.settles, one.chosen), one)
    return [
        datum
        for datum in data
        if datum.event not in last or last[datum.event].chosen == datum.event
    ]


def _of_cell(group: Sequence[Datum], taken: set[str]) -> list[Datum]:
    """Return the readings of one cell that count, the first person's under its own number."""
    people: dict[str, list[Datum]] = defaultdict(list)
    for datum in sorted(group, key=lambda d: (d.extractor, d.event)):
        people[datum.extractor].append(datum)
    if len(people) < 2:
        return list(group)
    first, *others = people.values()
    kept: list[Datum] = list(first)
    by_statistic: dict[str, Datum] = {datum.statistic: datum for datum in first}
    for readings in others:
        if any(not _agrees(by_statistic, datum) for datum in readings):
            kept += _renumbered(readings, taken)
            continue
        new = [datum for datum in readings if datum.statistic not in by_statistic]
        kept += new
        by_statistic |= {datum.statistic: datum for datum in new}
    return kept


def _agrees(by_statistic: Mapping[str, Datum], datum: Datum) -> bool:
    known = by_statistic.get(datum.statistic)
    return known is None or same_reading(known, datum)


def _renumbered(readings: Sequence[Datum], taken: set[str]) -> list[Datum]:
    n = 2
    while any(_id(datum, n) in taken for datum in readings):
        n += 1
    taken |= {_id(datum, n) for datum in readings}
    return [_numbered(datum, n) for datum in readings]


def _numbered(datum: Datum, n: int) -> Datum:
    return replace(datum, id=_id(datum, n), cell=replace(datum.cell, n=n))


def _id(datum: Datum, n: int) -> str:
    cell: Cell = datum.cell
    return value_id(
        study=cell.study,
        outcome=cell.outcome,
        visit=cell.visit,
        arm=cell.arm,
        statistic=datum.statistic,
        estimand=cell.estimand,
        n=n,
    )
