"""Effect sizes of studies: the door through which rows of counts or means become effects."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    ProportionRow,
    StudyEffect,
    SynthesisRow,
)
from tamis.synthesis.means_and_shares import means_effects, share_effects
from tamis.synthesis.measures import Measure, back, measure_of
from tamis.synthesis.settings import LARGEST, EffectSettings, confidence, normal_quantile
from tamis.synthesis.tables_of_counts import YV, binary_effects

__all__ = ["effect_rows", "effects"]


def effects(
    measure: str,
    rows: Sequence[BinaryRow | MeansRow | ProportionRow | EffectRow],
    *,
    settings: EffectSettings | None = None,
) -> tuple[StudyEffect, ...]:
    """Compute the effect size of every study, with its normal (Wald) interval.

    These intervals are for pooling. One study alone is read by ``one_study``.

    Parameters
    ----------
    measure
        RR, OR, RD, AS, PETO (counts), MD, SMD (means), PR, PLN, PLO, PAS (proportions), or any
        measure with rows that already are effects.
    rows
        One row a study, all of the kind that the measure needs.
    settings
        Zero cells, variance, level.

    Returns
    -------
    tuple of StudyEffect
        In the order of the rows. ``y`` and ``se`` are on the analysis scale (log for ratios);
        ``estimate``, ``low``, ``high`` on the scale that is shown. All are ``None`` where the
        effect is not defined, and ``interval_method`` says so.

    Raises
    ------
    BadInput
        For rows of the wrong kind, counts that cannot be, numbers that are none.

    References
    ----------
    Cochrane Handbook, chapters 6 and 10; Hedges 1981.

    Examples
    --------
    >>> row = BinaryRow(study="deng2017", events_1=9, n_1=12, events_2=5, n_2=6)
    >>> found = effects("RR", [row])[0]
    >>> [round(x, 4) for x in (found.estimate, found.low, found.high)]
    [0.9, 0.5544, 1.4611]
    """
    kind, settings = measure_of(measure), settings or EffectSettings()
    z = normal_quantile(confidence(settings.level))
    found = _all(kind, rows, settings)
    return tuple(_shown(kind, row, yv, z) for row, yv in zip(rows, found, strict=True))


def effect_rows(found: Sequence[StudyEffect]) -> tuple[EffectRow, ...]:
    """Return the effects that can be pooled as rows of ``pool``."""
    return tuple(
        EffectRow(study=e.study, y=e.y, v=e.se**2, inputs=e.inputs)
        for e in found
        if e.y is not None and e.se is not None
    )


def _all(
    kind: Measure, rows: Sequence[SynthesisRow], settings: EffectSettings
) -> tuple[YV | None, ...]:
    given = [row for row in rows if isinstance(row, EffectRow)]
    if len(given) == len(rows):
        return tuple(_given(row) for row in given)
    binary = [row for row in rows if isinstance(row, BinaryRow)]
    if kind.rows == "binary" and len(binary) == len(rows):
        return binary_effects(kind.name, binary, settings)
    means = [row for row in rows if isinstance(row, MeansRow)]
    if kind.rows == "means" and len(means) == len(rows):
        return means_effects(kind.name, means, settings)
    shares = [row for row in rows if isinstance(row, ProportionRow)]
    if kind.rows == "proportion" and len(shares) == len(rows):
        return share_effects(kind.name, shares, settings)
    raise BadInput(
        f"{kind.name} ({kind.label}) cannot be computed from these rows",
        f"give {_NEEDED[kind.rows]} for every study",
    )


_NEEDED = {
    "binary": "events and n of two arms",
    "means": "mean, SD and n of two arms",
    "proportion": "events and n of one arm",
    "any": "the effect and its variance",
}


def _given(row: EffectRow) -> YV:
    if not (math.isfinite(row.y) and math.isfinite(row.v)):
        raise BadInput(f"{row.study}: the effect or its variance is missing", "leave the row out")
    if row.v <= 0:
        raise BadInput(
            f"{row.study}: a variance of {row.v:g} cannot be",
            "check whether a standard error of zero was recorded for a missing one",
        )
    if abs(row.y) > LARGEST or not 1 / LARGEST <= row.v <= LARGEST:
        raise BadInput(
            f"{row.study}: the effect or its variance is beyond what can be computed",
            "check the unit and the power of ten in the source",
        )
    return row.y, row.v, False


def _shown(kind: Measure, row: SynthesisRow, yv: YV | None, z: float) -> StudyEffect:
    if yv is None:
        return StudyEffect(
            study=row.study,
            measure=kind.name,
            y=None,
            se=None,
            estimate=None,
            low=None,
            high=None,
            interval_method="not estimable",
            inputs=row.inputs,
        )
    y, v, corrected = yv
    se = math.sqrt(v)
    return StudyEffect(
        study=row.study,
        measure=kind.name,
        y=y,
        se=se,
        estimate=back(kind.scale, y),
        low=back(kind.scale, y - z * se),
        high=back(kind.scale, y + z * se),
        interval_method="Wald",
        corrected=corrected,
        inputs=row.inputs,
    )
