"""Conversions that a person's own readings of a cell make possible, ready to be recorded."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.app.extract.views import OwnExtraction, Reading
from tamis.domain.results import Refusal
from tamis.domain.values import STATISTICS, Cell, Value
from tamis.extraction.conversions import Conversion, Converted, Given, convert, possible

__all__ = ["ConversionShown", "conversions_for", "reading_of"]

_BASELINE = "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionShown:
    """One conversion of a cell: what it gives, or why it does not hold."""

    conversion: Conversion
    given: tuple[Converted, ...] = ()
    refused: Refusal | None = None


def conversions_for(own: OwnExtraction, cell: Cell, *, r: str = "") -> tuple[ConversionShown, ...]:
    """Return the conversions that a cell's own values make possible.

    Parameters
    ----------
    own
        A person's readings of a study.
    cell
        The cell that is looked at. For a change, the SDs of baseline and visit are taken from the
        cells of the same outcome, arm and number.
    r
        Correlation of baseline and visit, as printed or assumed; without it no change is offered.
    """
    given = {v.statistic: _given(v) for v in own.values if v.cell == cell and v.number is not None}
    if "n" not in given:
        people = [v for v in own.values if v.cell == cell and v.denominator.isdigit()]
        if people:
            given["n"] = Given(printed=people[0].denominator, id=people[0].id)
    if r and cell.estimand == "change":
        given |= _spreads(own, cell) | {"r": Given(printed=r)}
    found = []
    for row in possible(given):
        if not set(row.gives) <= set(STATISTICS):
            continue  # an intermediate step, such as a logarithm: no statistic of a cell
        made = convert(row.id, given)
        if isinstance(made, Refusal):
            found.append(ConversionShown(conversion=row, refused=made))
        else:
            found.append(ConversionShown(conversion=row, given=made))
    return tuple(found)


def reading_of(cell: Cell, made: Converted, *, unit: str = "") -> Reading:
    """Return the reading that records a conversion, with ``made.derivation`` as its source."""
    return Reading(
        study=cell.study,
        arm=cell.arm,
        outcome=cell.outcome,
        visit=cell.visit,
        estimand=cell.estimand,
        definition=cell.definition,
        statistic=made.statistic,
        number=made.printed,
        unit=made.unit or unit,
        note="; ".join(made.warnings),
    )


def _spreads(own: OwnExtraction, cell: Cell) -> dict[str, Given]:
    found = {}
    for value in own.values:
        other = value.cell
        same = (other.outcome, other.arm, other.n) == (cell.outcome, cell.arm, cell.n)
        if not same or value.statistic != "sd" or other.estimand == "change":
            continue
        if other.visit == _BASELINE:
            found["sd_baseline"] = _given(value)
        elif other.visit == cell.visit:
            found["sd_final"] = _given(value)
    return found


def _given(value: Value) -> Given:
    return Given(printed=value.printed, id=value.id)
