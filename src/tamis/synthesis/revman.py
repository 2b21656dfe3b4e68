"""Pools of two-by-two tables by the conventions of RevMan 5 and of R's meta.

Published Cochrane reviews pooled so until 2025, and a check of their numbers has to do the same.
Two things differ from ``pool_tables`` and ``pool``: tables with an empty cell get 0.5 in all four
cells also in Mantel-Haenszel pooling (a risk difference keeps its value and takes the variance of
the corrected table), and DerSimonian-Laird's tau2 comes from a Q about the Mantel-Haenszel pool.
For new work prefer ``pool_tables``, which needs no correction (Bradburn 2007).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, Refusal
from tamis.synthesis.fit import Fit, fit
from tamis.synthesis.inverse_variance import NO_DATA, ONE_STUDY
from tamis.synthesis.settings import EffectSettings, PoolSettings
from tamis.synthesis.sizes.counts import Table, one_by_one, table_of
from tamis.synthesis.strata import fit_tables

__all__ = ["RevManPool", "pool_as_revman"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevManPool:
    """Both models on the analysis scale.

    ``effects`` are y and v of the studies that are pooled, in their order; ``left_out`` names the
    others. ``common_se`` is ``None`` for a risk difference with empty cells: no variance of that
    mixture of corrected weights and uncorrected differences is published.
    """

    k: int
    common: float
    common_se: float | None
    random: Fit
    effects: tuple[tuple[float, float], ...]
    left_out: tuple[str, ...] = ()


def pool_as_revman(
    rows: Sequence[BinaryRow], *, measure: str, settings: PoolSettings | None = None
) -> RevManPool | Refusal:
    """Pool tables as RevMan 5 does: Mantel-Haenszel, and random effects about it.

    Parameters
    ----------
    rows
        Two-by-two tables. Those without an event, or in which everybody had one, say nothing about
        a ratio and are left out of it.
    measure
        RR, OR or RD.
    settings
        Default: DL with the normal interval. Other estimators take their own Q.

    References
    ----------
    Deeks & Higgins 2010, Statistical algorithms in Review Manager 5.

    Examples
    --------
    >>> rows = [BinaryRow(study=str(a), events_1=a, n_1=20, events_2=c, n_2=21)
    ...         for a, c in ((0, 2), (3, 5), (1, 0))]
    >>> done = pool_as_revman(rows, measure="RR")
    >>> done.k, round(done.common, 4), done.random.tau2
    (3, -0.4221, 0.0)
    """
    if measure not in ("RR", "OR", "RD"):
        raise BadInput(f"{measure!r} is no measure of this pool", "use RR, OR or RD")
    settings = settings or PoolSettings(method="DL", test="z")
    tables = [table_of(row) for row in rows]
    kept = [row for row, table in zip(rows, tables, strict=True) if _says(table, measure)]
    if len(kept) < 2:
        return ONE_STUDY if kept else NO_DATA
    common = _mantel_haenszel(kept, measure)
    if isinstance(common, Refusal):
        return common
    y, v = np.array([_effect(table_of(row), measure) for row in kept]).T
    about = common[0] if settings.method == "DL" else None
    return RevManPool(
        k=len(kept),
        common=common[0],
        common_se=common[1],
        random=fit(y, v, settings, about=about),
        effects=tuple(zip(y.tolist(), v.tolist(), strict=True)),
        left_out=tuple(row.study for row in rows if row not in kept),
    )


def _says(table: Table, measure: str) -> bool:
    a, b, c, d = table
    return measure == "RD" or not (a == c == 0 or b == d == 0)


def _corrected(table: Table) -> Table:
    a, b, c, d = table
    return (a + 0.5, b + 0.5, c + 0.5, d + 0.5) if 0 in table else table


def _mantel_haenszel(
    rows: Sequence[BinaryRow], measure: str
) -> tuple[float, float | None] | Refusal:
    tables = [table_of(row) for row in rows]
    if measure == "RD" and any(0 in table for table in tables):
        return _difference(tables), None
    done = fit_tables([_corrected(table) for table in tables], measure=measure, method="MH")
    return done if isinstance(done, Refusal) else (done.y, done.se)


def _difference(tables: Sequence[Table]) -> float:
    """Return the mean of the uncorrected differences, weighted by n1 n2/N of corrected tables."""
    total = weights = 0.0
    for table in tables:
        a, b, c, d = table
        n1, n2 = _corrected(table)[0] + _corrected(table)[1], sum(_corrected(table)[2:])
        weight = n1 * n2 / (n1 + n2)
        total, weights = total + weight * (a / (a + b) - c / (c + d)), weights + weight
    return total / weights


def _effect(table: Table, measure: str) -> tuple[float, float]:
    a, b, c, d = _corrected(table)
    if measure == "RR":  # 0.5 to events and to people: the others stay as many
        b, d = table[1], table[3]
    found = one_by_one(measure, [(a, b, c, d)], EffectSettings(zero_cells="none"))[0]
    if found is None:
        return math.nan, math.nan
    if measure == "RD":
        a, b, c, d = table
        return a / (a + b) - c / (c + d), found[1]
    return found[0], found[1]
