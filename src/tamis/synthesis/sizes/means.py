"""Differences of two means, raw and standardised (Hedges 1981 with the exact factor)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.results import MeansRow
from tamis.synthesis.settings import LARGEST, EffectSettings
from tamis.synthesis.sizes.counts import YV
from tamis.synthesis.sizes.links import LINKS
from tamis.synthesis.sizes.moments import cohens_d, hedges_factor, pooled_variance
from tamis.synthesis.sizes.ratios import RATIOS

__all__ = ["check_means", "means_effects"]


def check_means(row: MeansRow) -> None:
    """Refuse what cannot be a mean with its SD and n.

    Raises
    ------
    BadInput
        Naming the study.
    """
    numbers = (row.mean_1, row.sd_1, row.n_1, row.mean_2, row.sd_2, row.n_2)
    if not all(math.isfinite(number) for number in numbers):
        raise BadInput(f"{row.study}: a number is missing", "leave the study out, with the reason")
    if min(row.sd_1, row.sd_2) < 0 or min(row.n_1, row.n_2) < 1:
        raise BadInput(
            f"{row.study}: an SD below zero or an arm without people", "check the source"
        )
    if max(map(abs, numbers)) > LARGEST:
        raise BadInput(
            f"{row.study}: a number is beyond what can be computed",
            "check the unit and the power of ten in the source",
        )


def means_effects(
    measure: str, rows: Sequence[MeansRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return one effect a row, ``None`` where it is not defined.

    Parameters
    ----------
    measure
        MD; SMD, SMDH, SMD1 (standardised); ROM, VR, CVR (logarithms of ratios); D2ORL, D2ORN,
        RPB, RBIS (a difference read as an odds ratio or a correlation).
    rows
        Mean, SD and n of two arms.
    settings
        ``variance`` and ``correction``.
    """
    for row in rows:
        check_means(row)
    allowed = _VARIANCES.get(measure, ("LS",))
    if settings.variance not in allowed:
        raise BadInput(
            f"{measure} has no variance {settings.variance!r}", f"use {' or '.join(allowed)}"
        )
    if measure == "SMD":
        return _standardised(rows, settings.variance)
    formula = _FORMULAS[measure]
    found = (formula(row, settings) for row in rows)
    return tuple(None if one is None or one[1] <= 0 else (*one, False) for one in found)


#: Sampling variances that a measure has, beside its usual one.
_VARIANCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"MD": ("LS", "HO"), "ROM": ("LS", "HO"), "SMD": ("LS", "LS2", "UB", "AV")}
)


def _mean_difference(row: MeansRow, settings: EffectSettings) -> tuple[float, float]:
    if settings.variance == "HO":
        v = pooled_variance(row) * (1 / row.n_1 + 1 / row.n_2)
    else:
        v = row.sd_1**2 / row.n_1 + row.sd_2**2 / row.n_2
    return row.mean_1 - row.mean_2, v


def _standardised(rows: Sequence[MeansRow], variance: str) -> tuple[YV | None, ...]:
    gs = [_hedges_g(row) for row in rows]
    people = [(g, row.n_1 + row.n_2) for g, row in zip(gs, rows, strict=True) if g is not None]
    total = sum(n for _, n in people)
    mean_g = sum(g * n for g, n in people) / total if total else 0.0
    return tuple(
        None if g is None else (g, _g_variance(row, g, mean_g, variance), False)
        for g, row in zip(gs, rows, strict=True)
    )


def _hedges_g(row: MeansRow) -> float | None:
    d = cohens_d(row)
    return None if d is None else hedges_factor(row.n_1 + row.n_2 - 2) * d


def _g_variance(row: MeansRow, g: float, mean_g: float, variance: str) -> float:
    total = row.n_1 + row.n_2
    m = total - 2
    j = hedges_factor(m)
    shared = 1 / row.n_1 + 1 / row.n_2
    match variance:
        case "LS2":
            return j**2 * (shared + (g / j) ** 2 / (2 * total))
        case "UB":
            return shared + (1 - (m - 2) / (m * j**2)) * g**2
        case "AV":
            return shared + mean_g**2 / (2 * total)
        case _:
            return shared + g**2 / (2 * total)


def _unequal_spreads(row: MeansRow, _: EffectSettings) -> tuple[float, float] | None:
    """SMDH: standardised by the mean of the two variances (Bonett 2008)."""
    m = row.n_1 + row.n_2 - 2
    square = (row.sd_1**2 + row.sd_2**2) / 2
    if min(row.n_1, row.n_2) < 2 or square == 0:
        return None
    j, free_1, free_2 = hedges_factor(m), row.n_1 - 1, row.n_2 - 1
    g = j * (row.mean_1 - row.mean_2) / math.sqrt(square)
    fourth = row.sd_1**4 / free_1 + row.sd_2**4 / free_2
    second = row.sd_1**2 / free_1 + row.sd_2**2 / free_2
    return g, j**2 * (g**2 * fourth / (8 * square**2) + second / square)


def _by_control(row: MeansRow, _: EffectSettings) -> tuple[float, float] | None:
    """SMD1: standardised by the SD of the second arm (Glass 1976)."""
    if row.n_2 <= 2 or row.sd_2 == 0:
        return None
    y = hedges_factor(row.n_2 - 1) * (row.mean_1 - row.mean_2) / row.sd_2
    return y, 1 / row.n_1 + 1 / row.n_2 + y**2 / (2 * row.n_2)


Formula = Callable[[MeansRow, EffectSettings], tuple[float, float] | None]

_FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "MD": _mean_difference,
        "SMDH": _unequal_spreads,
        "SMD1": _by_control,
        **RATIOS,
        **LINKS,
    }
)
