"""Picking the values of one study for one synthesis, or the reason why it has none.

A cell is what the rows of one analysis cell share. A study enters a synthesis when every arm has
one complete cell at one visit. Where two cells compete and differ, none is chosen: a person
settles it. Nothing is computed from a percentage, and nothing unknown becomes zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from types import MappingProxyType

from tamis.domain.question import SynthesisPlan
from tamis.domain.values import Cell, Extraction, LookedFor, Value

__all__ = ["NEEDED", "REASONS", "Picked", "asked", "pick", "read_number", "value_of"]

#: What a cell must hold, by the kind of row it makes.
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "binary": ("events", "n"),
        "proportion": ("events", "n"),
        "means": ("mean", "sd", "n"),
        "effect": ("estimate", "ci_low", "ci_high"),
    }
)

#: Reasons for leaving a study out, in words that hold for any study.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "nothing": "nothing is extracted for this outcome, estimand and time",
        "events": "no count printed",
        "n": "the number of people is not printed",
        "mean": "no mean printed",
        "sd": "no standard deviation printed",
        "estimate": "no effect estimate printed",
        "ci_low": "no interval printed for the estimate",
        "ci_high": "no interval printed for the estimate",
        "looked-for": "looked for and not reported",
        "arm": "an arm of the comparison has no value",
        "arms": "several arms are reported and the plan names none",
        "visits": "several times are reported and the plan names none",
        "conflict": "two extractions of this cell differ and are not settled",
        "several-definitions": "several definitions are reported and the plan names none",
        "definitions": "the arms are counted by different definitions",
        "units": "the arms are given in different units",
        "denominators": "the arms count people by different rules",
        "impossible": "the counts cannot be right: check the source",
        "spread": "its effect cannot be computed from these numbers",
    }
)

ByStatistic = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The cells of one study, one per arm, and their values by statistic."""

    study: str
    cells: tuple[Cell, ...]
    values: tuple[ByStatistic, ...]

    @property
    def visit(self) -> str:
        """The visit of the cells."""
        return self.cells[0].visit

    @property
    def definition(self) -> str:
        """The definition by which they were counted."""
        return self.cells[0].definition


def pick(
    plan: SynthesisPlan, extraction: Extraction, study: str, *, arms: Sequence[str], kind: str
) -> Picked | str:
    """Return the cells of a study that a plan asks for, or the reason why there are none.

    Parameters
    ----------
    plan
        Outcome, estimand, visit ("" is any, if the study states only one) and layer.
    extraction
        All values of the review.
    study
        Id of the study.
    arms
        Arms wanted; one empty name stands for "the only arm reported".
    kind
        Kind of row (``NEEDED``).
    """
    own = [value for value in extraction.values if asked(value.cell, plan, study)]
    sought = [item for item in extraction.looked_for if asked(item.cell, plan, study)]
    if not own:
        return REASONS["looked-for"] if sought else REASONS["nothing"]
    wanted = _arms(own, arms)
    if isinstance(wanted, str):
        return wanted
    allowed = [value for value in own if value.primary or plan.layer != "primary"]
    found = _complete(allowed, wanted, kind)
    if not found:
        barred = bool(_complete(own, wanted, kind))
        return _status(own, wanted) if barred else _missing(own, sought, wanted, kind)
    return _choose(study, found, kind)


def value_of(values: ByStatistic, statistic: str) -> Value | None:
    """Return the value that gives a statistic; people may stand in the denominator of a count."""
    if statistic in values:
        return values[statistic]
    events = values.get("events")
    return events if statistic == "n" and events and events.denominator.isdigit() else None


def read_number(values: ByStatistic, statistic: str) -> Decimal:
    """Return a statistic of a complete cell."""
    value = value_of(values, statistic)
    if value is None or value.number is None:
        raise AssertionError(f"a complete cell has no {statistic}")
    return value.number if value.statistic == statistic else Decimal(value.denominator)


def asked(cell: Cell, plan: SynthesisPlan, study: str) -> bool:
    """Tell whether a plan asks for a cell; an empty estimand or visit is any."""
    return (
        cell.study == study
        and cell.outcome == plan.outcome
        and plan.estimand in ("", cell.estimand)
        and plan.visit in ("", cell.visit)
    )


def _arms(own: Iterable[Value], arms: Sequence[str]) -> tuple[str, ...] | str:
    if arms != ("",):
        return tuple(arms)
    reported = sorted({value.cell.arm for value in own})
    return (reported[0],) if len(reported) == 1 else REASONS["arms"]


Found = tuple[tuple[Cell, ByStatistic], ...]


def _complete(values: Iterable[Value], arms: Sequence[str], kind: str) -> list[Found]:
    """Return every way to fill all arms with complete cells of one visit."""
    cells: defaultdict[Cell, dict[str, Value]] = defaultdict(dict)
    for value in values:
        if value.number is not None:
            cells[value.cell][value.statistic] = value
    by_arm: list[list[tuple[Cell, ByStatistic]]] = [
        [
            (cell, stats)
            for cell, stats in cells.items()
            if cell.arm == arm and all(value_of(stats, name) for name in NEEDED[kind])
        ]
        for arm in arms
    ]
    return [way for way in product(*by_arm) if len({cell.visit for cell, _ in way}) == 1]


def _choose(study: str, found: Sequence[Found], kind: str) -> Picked | str:
    if len({way[0][0].visit for way in found}) > 1:
        return REASONS["visits"]
    paired = [way for way in found if len({cell.definition for cell, _ in way}) == 1]
    if len({way[0][0].definition for way in paired}) > 1:
        return REASONS["several-definitions"]
    numbers = {
        tuple(read_number(stats, name) for _, stats in way for name in NEEDED[kind])
        for way in paired or found
    }
    if len(numbers) > 1:
        return REASONS["conflict"]
    way = min(paired or found, key=lambda each: [(c.n, c.estimand, c.definition) for c, _ in each])
    picked = Picked(
        study=study,
        cells=tuple(cell for cell, _ in way),
        values=tuple(stats for _, stats in way),
    )
    return _unfit(picked, kind) or picked


def _unfit(picked: Picked, kind: str) -> str:
    """Say why complete cells still cannot be set side by side."""
    if len({(cell.definition, cell.estimand) for cell in picked.cells}) > 1:
        return REASONS["definitions"]
    if len({stats[NEEDED[kind][0]].unit for stats in picked.values}) > 1:
        return REASONS["units"]
    rules = {stats[NEEDED[kind][0]].denominator for stats in picked.values}
    if len({rule for rule in rules if rule and not rule.isdigit()}) > 1:
        return REASONS["denominators"]
    return ""


def _status(own: Iterable[Value], arms: Sequence[str]) -> str:
    words = sorted({v.status for v in own if v.cell.arm in arms and not v.primary})
    return f"its values are {' and '.join(words)}: not for a primary synthesis"


def _missing(
    own: Sequence[Value], sought: Sequence[LookedFor], arms: Sequence[str], kind: str
) -> str:
    for arm in arms:
        here = {v.statistic: v for v in own if v.cell.arm == arm and v.number is not None}
        looked = {item.statistic for item in sought if item.cell.arm == arm}
        if not any(value.cell.arm == arm for value in own):
            return REASONS["looked-for"] if looked else REASONS["arm"]
        for name in NEEDED[kind]:
            if value_of(here, name) is None:
                return REASONS["looked-for"] if name in looked else REASONS[name]
    return REASONS["arm"]
