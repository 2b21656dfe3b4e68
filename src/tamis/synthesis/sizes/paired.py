"""One arm measured twice, and two such arms: changes, raw, standardised and as ratios.

A change within one arm compares nothing: regression to the mean, co-treatment and selection are in
it. The difference of two arms' changes (Becker 1988; Morris 2008) is a comparison.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.results import PairedArmsRow, PairedRow
from tamis.synthesis.settings import LARGEST
from tamis.synthesis.sizes.counts import YV
from tamis.synthesis.sizes.moments import hedges_factor

__all__ = ["controlled_effects", "correlation_of", "paired_effects"]


def correlation_of(sd_1: float, sd_2: float, sd_change: float) -> float | None:
    """Return the correlation that three SDs imply, ``None`` where no correlation can.

    r = (sd1² + sd2² − sd_change²) / (2 sd1 sd2) (Handbook, 6.5.2.8).

    Examples
    --------
    >>> round(correlation_of(10, 10, 8), 2)
    0.68
    >>> correlation_of(10, 10, 30) is None
    True
    """
    if min(sd_1, sd_2) <= 0 or sd_change < 0:
        return None
    r = (sd_1**2 + sd_2**2 - sd_change**2) / (2 * sd_1 * sd_2)
    return r if -1 <= r <= 1 else None


def paired_effects(
    measure: str, rows: Sequence[PairedRow], *, corrected: bool
) -> tuple[YV | None, ...]:
    """Return one change a row (MC, SMCC, SMCR, SMCRH, ROMC, VRC or CVRC).

    Parameters
    ----------
    measure
        One of the above.
    rows
        Means, SDs, n pairs and correlation.
    corrected
        Whether the ratios of means (ROMC, CVRC) carry their small-sample correction.

    Raises
    ------
    BadInput
        For SDs below zero, a correlation outside −1 to 1, no people.
    """
    for row in rows:
        _check(row)
    formula = _FORMULAS[measure]
    found = (formula(row, corrected) if row.n >= 2 else None for row in rows)
    return tuple(None if one is None or one[1] <= 0 else (*one, False) for one in found)


def controlled_effects(rows: Sequence[PairedArmsRow]) -> tuple[YV | None, ...]:
    """Return the difference of the arms' standardised changes a row (PPC), variances added."""
    firsts = paired_effects("SMCR", [row.arm_1 for row in rows], corrected=True)
    seconds = paired_effects("SMCR", [row.arm_2 for row in rows], corrected=True)
    return tuple(
        None if one is None or two is None else (one[0] - two[0], one[1] + two[1], False)
        for one, two in zip(firsts, seconds, strict=True)
    )


def _check(row: PairedRow) -> None:
    numbers = (row.mean_1, row.sd_1, row.mean_2, row.sd_2, row.n, row.correlation)
    if not all(math.isfinite(number) for number in numbers):
        raise BadInput(f"{row.study}: a number is missing", "leave the study out, with the reason")
    if min(row.sd_1, row.sd_2) < 0 or row.n < 1:
        raise BadInput(f"{row.study}: an SD below zero or no people", "check the source")
    if not -1 <= row.correlation <= 1:
        raise BadInput(
            f"{row.study}: a correlation of {row.correlation:g} cannot be",
            "give the correlation of the two times, from -1 to 1",
        )
    if max(map(abs, numbers)) > LARGEST:
        raise BadInput(
            f"{row.study}: a number is beyond what can be computed",
            "check the unit and the power of ten in the source",
        )


def _change_variance(row: PairedRow) -> float:
    return row.sd_1**2 + row.sd_2**2 - 2 * row.correlation * row.sd_1 * row.sd_2


def _mean_change(row: PairedRow, _: bool) -> tuple[float, float]:
    return row.mean_1 - row.mean_2, _change_variance(row) / row.n


def _by_change_sd(row: PairedRow, _: bool) -> tuple[float, float] | None:
    spread = math.sqrt(max(0.0, _change_variance(row)))
    if spread == 0 or row.n < 3:
        return None
    y = hedges_factor(row.n - 1) * (row.mean_1 - row.mean_2) / spread
    return y, 1 / row.n + y**2 / (2 * row.n)


def _by_raw_sd(row: PairedRow, _: bool) -> tuple[float, float] | None:
    """Becker 1988."""
    if row.sd_1 == 0 or row.n < 3:
        return None
    y = hedges_factor(row.n - 1) * (row.mean_1 - row.mean_2) / row.sd_1
    return y, 2 * (1 - row.correlation) / row.n + y**2 / (2 * row.n)


def _by_raw_sd_unequal(row: PairedRow, _: bool) -> tuple[float, float] | None:
    """Bonett 2008: the two variances may differ."""
    if row.sd_1 == 0 or row.n < 3:
        return None
    j = hedges_factor(row.n - 1)
    y = j * (row.mean_1 - row.mean_2) / row.sd_1
    v = _change_variance(row) / (row.sd_1**2 * (row.n - 1)) + y**2 / (2 * (row.n - 1))
    return y, j**2 * v


def _ratio_of_means(row: PairedRow, corrected: bool) -> tuple[float, float] | None:
    """Log ratio of means (Lajeunesse 2011; correction Lajeunesse 2015)."""
    if row.mean_1 == 0 or row.mean_2 / row.mean_1 <= 0:
        return None
    y = math.log(row.mean_1 / row.mean_2)
    c1, c2 = row.sd_1 / row.mean_1, row.sd_2 / row.mean_2
    more = (c1**2 - c2**2) / (2 * row.n) if corrected else 0.0
    return y + more, (c1**2 + c2**2 - 2 * row.correlation * c1 * c2) / row.n


def _ratio_of_sds(row: PairedRow, _: bool) -> tuple[float, float] | None:
    if min(row.sd_1, row.sd_2) == 0:
        return None
    return math.log(row.sd_1 / row.sd_2), (1 - row.correlation**2) / (row.n - 1)


def _ratio_of_cvs(row: PairedRow, corrected: bool) -> tuple[float, float] | None:
    if min(row.sd_1, row.sd_2, row.mean_1, row.mean_2) <= 0:
        return None
    c1, c2 = row.sd_1 / row.mean_1, row.sd_2 / row.mean_2
    less = (c1**2 - c2**2) / (2 * row.n) if corrected else 0.0
    spread = (c1**2 + c2**2 - 2 * row.correlation * c1 * c2) / row.n
    return math.log(c1 / c2) - less, (1 - row.correlation**2) / (row.n - 1) + spread


Formula = Callable[[PairedRow, bool], tuple[float, float] | None]

_FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "MC": _mean_change,
        "SMCC": _by_change_sd,
        "SMCR": _by_raw_sd,
        "SMCRH": _by_raw_sd_unequal,
        "ROMC": _ratio_of_means,
        "VRC": _ratio_of_sds,
        "CVRC": _ratio_of_cvs,
    }
)
