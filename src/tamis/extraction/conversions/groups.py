"""Several groups as one, and the SD of a change over a grid of correlations.

References
----------
Cochrane Handbook for Systematic Reviews of Interventions, version 6.5, table 6.5.a and 6.5.2.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from tamis.domain.errors import BadInput
from tamis.domain.results import Refusal
from tamis.extraction.conversions.convert import convert
from tamis.extraction.conversions.kinds import Converted, Given

__all__ = ["CORRELATIONS", "Arm", "change_grid", "combine"]

#: Correlations of baseline and visit that a sensitivity analysis goes through.
CORRELATIONS = ("0", "0.3", "0.5", "0.7", "0.9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Mean, SD and number of people of one arm; ``sd`` is ``None`` only for one person."""

    n: int
    mean: float
    sd: float | None


def combine(arms: Sequence[Arm]) -> Arm:
    """Return several arms as one, as if their people had been one group.

    Raises
    ------
    BadInput
        For no arm, an arm without people, or two and more people without an SD.

    Examples
    --------
    >>> one = combine([Arm(n=10, mean=5.0, sd=2.0), Arm(n=20, mean=8.0, sd=3.0)])
    >>> one.n, one.mean, round(one.sd, 4)
    (30, 7.0, 3.0343)
    """
    if not arms:
        raise BadInput("there is no arm to combine", "give at least one")
    if any(arm.n < 1 or (arm.sd is None) != (arm.n == 1) or (arm.sd or 0) < 0 for arm in arms):
        raise BadInput(
            "an arm lacks people or a spread", "each arm has n of 1 or more, and an SD from 2 on"
        )
    people = sum(arm.n for arm in arms)
    mean = fsum(arm.n * arm.mean for arm in arms) / people
    within = fsum((arm.n - 1) * (arm.sd or 0.0) ** 2 for arm in arms)
    between = fsum(arm.n * (arm.mean - mean) ** 2 for arm in arms)
    sd = sqrt((within + between) / (people - 1)) if people > 1 else None
    return Arm(n=people, mean=mean, sd=sd)


def change_grid(
    sd_baseline: Given, sd_final: Given, correlations: Sequence[str] = CORRELATIONS
) -> tuple[tuple[str, Converted | Refusal], ...]:
    """Return the SD of the change for each correlation: what a sensitivity analysis goes through.

    Examples
    --------
    >>> for r, sd in change_grid(Given(printed="3.0"), Given(printed="2.0"), ("0", "0.5")):
    ...     print(r, sd.printed)
    0 3.61
    0.5 2.65
    """
    grid = []
    for r in correlations:
        given = {"sd_baseline": sd_baseline, "sd_final": sd_final, "r": Given(printed=r)}
        made = convert("sd.of-change", given)
        grid.append((r, made if isinstance(made, Refusal) else made[0]))
    return tuple(grid)
