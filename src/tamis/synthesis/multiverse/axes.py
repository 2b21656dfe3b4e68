"""Which choice matters: for each axis, how much it moves estimates and how often statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tamis.synthesis.measures import measure_of
from tamis.synthesis.multiverse.specification import Specification
from tamis.synthesis.scales import forth

__all__ = ["AxisShare", "axis_shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisShare:
    """One axis: its options, the variance its main effect explains, how often it turns statements.

    ``variance`` is the share of the variance of the estimates between specifications (within each
    measure, on its analysis scale) that lies between the means of the axis's options; ``None`` when
    the estimates do not vary. ``turns`` of ``pairs`` are the pairs of specifications equal but for
    this axis whose statements differ.
    """

    axis: str
    options: tuple[str, ...]
    variance: float | None
    turns: int
    pairs: int


def axis_shares(made: Sequence[Specification]) -> tuple[AxisShare, ...]:
    """Return every axis with more than one option, the one that turns most statements first.

    Parameters
    ----------
    made
        Specifications; refused ones are left out.
    """
    done = [one for one in made if one.outcome.statement != "refused"]
    if not done:
        return ()
    found = [_share(axis, done) for axis in done[0].options]
    several = [one for one in found if len(one.options) > 1]
    return tuple(sorted(several, key=lambda one: (-_turned(one), one.axis)))


def _turned(one: AxisShare) -> float:
    return one.turns / one.pairs if one.pairs else 0.0


def _share(axis: str, done: Sequence[Specification]) -> AxisShare:
    turns = pairs = 0
    for group in _equal_but(axis, done):
        for one, other in combinations(group, 2):
            pairs += 1
            turns += one != other
    return AxisShare(
        axis=axis,
        options=tuple(dict.fromkeys(one.options[axis] for one in done)),
        variance=None if axis == "measure" else _variance(axis, done),
        turns=turns,
        pairs=pairs,
    )


def _equal_but(axis: str, done: Sequence[Specification]) -> list[list[str]]:
    """Return the statements of specifications that differ in this axis only."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in done:
        rest = tuple(sorted((key, text) for key, text in one.options.items() if key != axis))
        groups.setdefault(rest, []).append(one.outcome.statement)
    return list(groups.values())


def _variance(axis: str, done: Sequence[Specification]) -> float | None:
    within: dict[str, list[tuple[str, float]]] = {}
    for one in done:
        if one.outcome.estimate is None:
            continue
        scale = measure_of(one.options["measure"]).scale
        y = forth(scale, one.outcome.estimate)
        if np.isfinite(y):
            within.setdefault(one.options["measure"], []).append((one.options[axis], y))
    between = total = 0.0
    for pairs in within.values():
        values = np.array([y for _, y in pairs])
        spread = float(values.var())
        if spread <= 0:
            continue
        means = {
            option: float(np.mean([y for name, y in pairs if name == option]))
            for option in {name for name, _ in pairs}
        }
        fitted = np.array([means[name] for name, _ in pairs])
        between += len(pairs) * float(fitted.var()) / spread
        total += len(pairs)
    return between / total if total else None
