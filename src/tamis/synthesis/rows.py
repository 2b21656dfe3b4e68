"""Making one row of a synthesis out of the cells of one study."""

from __future__ import annotations

import math
from decimal import Decimal

from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    ProportionRow,
    SynthesisRow,
)
from tamis.synthesis.cells import NEEDED, REASONS, Picked, read_number, value_of
from tamis.synthesis.settings import LARGEST, normal_quantile
from tamis.synthesis.sizes.counts import MOST_PEOPLE

__all__ = ["row_of", "unit_of"]


def row_of(picked: Picked, kind: str, *, scale: str) -> SynthesisRow | str:
    """Return the row that the cells make, or the reason why they make none.

    Parameters
    ----------
    picked
        Complete cells, one per arm.
    kind
        ``binary``, ``means``, ``proportion`` or ``effect``.
    scale
        Analysis scale of the measure, for an effect that was printed with its interval.
    """
    inputs = _inputs(picked, kind)
    numbers = [read_number(stats, name) for stats in picked.values for name in NEEDED[kind]]
    if any(abs(number) > Decimal(LARGEST) for number in numbers):
        return REASONS["impossible"]
    match kind:
        case "binary" | "proportion":
            return _counts(picked.study, numbers, inputs)
        case "means":
            return _means(picked.study, numbers, inputs)
        case _:
            return _printed_effect(picked.study, numbers, inputs, scale)


def unit_of(picked: Picked, kind: str) -> str:
    """Return the unit in which the cells are given."""
    return picked.values[0][NEEDED[kind][0]].unit


def _inputs(picked: Picked, kind: str) -> tuple[str, ...]:
    held = (value_of(stats, name) for stats in picked.values for name in NEEDED[kind])
    return tuple(dict.fromkeys(value.id for value in held if value is not None))


def _counts(
    study: str, numbers: list[Decimal], inputs: tuple[str, ...]
) -> BinaryRow | ProportionRow | str:
    whole = [int(number) for number in numbers]
    pairs = list(zip(whole[::2], whole[1::2], strict=True))
    if any(number != int(number) for number in numbers):
        return REASONS["impossible"]
    if any(not 1 <= n <= MOST_PEOPLE or not 0 <= events <= n for events, n in pairs):
        return REASONS["impossible"]
    if len(pairs) == 1:
        return ProportionRow(study=study, events=whole[0], n=whole[1], inputs=inputs)
    return BinaryRow(
        study=study, events_1=whole[0], n_1=whole[1], events_2=whole[2], n_2=whole[3], inputs=inputs
    )


def _means(study: str, numbers: list[Decimal], inputs: tuple[str, ...]) -> MeansRow | str:
    mean_1, sd_1, n_1, mean_2, sd_2, n_2 = numbers
    if min(sd_1, sd_2) < 0 or min(n_1, n_2) < 1 or any(n != int(n) for n in (n_1, n_2)):
        return REASONS["impossible"]
    return MeansRow(
        study=study,
        mean_1=float(mean_1),
        sd_1=float(sd_1),
        n_1=int(n_1),
        mean_2=float(mean_2),
        sd_2=float(sd_2),
        n_2=int(n_2),
        inputs=inputs,
    )


def _printed_effect(
    study: str, numbers: list[Decimal], inputs: tuple[str, ...], scale: str
) -> EffectRow | str:
    """Read the standard error off a printed interval, taken to be the 95 % one (Handbook 6.3)."""
    estimate, low, high = (float(number) for number in numbers)
    if scale == "log":
        if min(estimate, low, high) <= 0:
            return REASONS["impossible"]
        estimate, low, high = math.log(estimate), math.log(low), math.log(high)
    if not low < high or not low <= estimate <= high:
        return REASONS["impossible"]
    se = (high - low) / (2 * normal_quantile(0.95))
    return EffectRow(study=study, y=estimate, v=se * se, inputs=inputs)
