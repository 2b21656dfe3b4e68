"""Effect sizes of two means, and transformed single proportions.

Hedges 1981 for g with the exact small-sample factor; Miller 1978 is not offered (its
back-transform is not monotone: Schwarzer 2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tamis.domain.errors import BadInput
from tamis.domain.results import MeansRow, ProportionRow
from tamis.synthesis.settings import LARGEST, EffectSettings
from tamis.synthesis.tables_of_counts import YV, check_counts

__all__ = ["check_means", "hedges_factor", "means_effects", "share_effects"]


def hedges_factor(m: float) -> float:
    """Return J(m) = Γ(m/2) / (√(m/2) Γ((m−1)/2)), the exact factor of Hedges 1981 (m ≥ 2).

    Examples
    --------
    >>> round(hedges_factor(16), 6)
    0.952254
    """
    return math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)


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
    """Return one effect a row for MD or SMD, ``None`` where it is not defined."""
    for row in rows:
        check_means(row)
    if measure == "MD":
        if settings.variance not in ("LS", "HO"):
            raise BadInput(f"MD has no variance {settings.variance!r}", "use LS or HO")
        return tuple(_mean_difference(row, settings.variance) for row in rows)
    if settings.variance == "HO":
        raise BadInput("SMD has no variance 'HO'", "use LS, LS2, UB or AV")
    return _standardised(rows, settings.variance)


def _pooled_variance(row: MeansRow) -> float:
    m = row.n_1 + row.n_2 - 2
    return ((row.n_1 - 1) * row.sd_1**2 + (row.n_2 - 1) * row.sd_2**2) / m if m > 0 else 0.0


def _mean_difference(row: MeansRow, variance: str) -> YV | None:
    if variance == "HO":
        v = _pooled_variance(row) * (1 / row.n_1 + 1 / row.n_2)
    else:
        v = row.sd_1**2 / row.n_1 + row.sd_2**2 / row.n_2
    return (row.mean_1 - row.mean_2, v, False) if v > 0 else None


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
    m = row.n_1 + row.n_2 - 2
    spread = math.sqrt(_pooled_variance(row))
    if m < 2 or spread == 0:
        return None
    return hedges_factor(m) * (row.mean_1 - row.mean_2) / spread


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


def share_effects(
    measure: str, rows: Sequence[ProportionRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    """Return one transformed proportion a row (PR, PLN, PLO or PAS)."""
    for row in rows:
        check_counts(row.events, row.n, row.study)
    any_edge = any(row.events in (0, row.n) for row in rows)
    return tuple(_share(measure, row, any_edge, settings.zero_cells) for row in rows)


def _share(measure: str, row: ProportionRow, any_edge: bool, rule: str) -> YV | None:
    x, n = float(row.events), float(row.n)
    if measure == "PAS":
        return math.asin(math.sqrt(x / n)), 1 / (4 * n), False
    edge = x in (0, n)
    corrected = rule == "all" or (rule == "if0all" and any_edge) or (rule == "only0" and edge)
    if corrected:
        x, n = x + 0.5, n + 1
    p = x / n
    if p in (0, 1):
        return None
    match measure:
        case "PLO":
            return math.log(x) - math.log(n - x), 1 / x + 1 / (n - x), corrected
        case "PLN":
            return math.log(p), 1 / x - 1 / n, corrected
        case _:
            return p, p * (1 - p) / n, corrected
