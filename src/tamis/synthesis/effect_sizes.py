"""Effect sizes of studies: the door through which rows of counts or means become effects."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    BinaryRow,
    CorrelationRow,
    EffectRow,
    MeansRow,
    PairedArmsRow,
    PairedRow,
    ProportionRow,
    RateRow,
    SingleRateRow,
    StudyEffect,
    SynthesisRow,
)
from tamis.synthesis.measures import Measure, measure_of
from tamis.synthesis.scales import SIZED, back
from tamis.synthesis.settings import LARGEST, EffectSettings, confidence, normal_quantile
from tamis.synthesis.sizes.correlations import correlation_effects
from tamis.synthesis.sizes.counts import YV, binary_effects
from tamis.synthesis.sizes.means import means_effects
from tamis.synthesis.sizes.paired import controlled_effects, paired_effects
from tamis.synthesis.sizes.proportions import proportion_effects
from tamis.synthesis.sizes.rates import rate_effects, single_rate_effects

__all__ = ["EffectInput", "effect_rows", "effects", "size_of"]

#: A row from which an effect can be computed.
EffectInput = SynthesisRow | RateRow | SingleRateRow | CorrelationRow | PairedRow | PairedArmsRow


def effects(
    measure: str,
    rows: Sequence[EffectInput],
    *,
    settings: EffectSettings | None = None,
) -> tuple[StudyEffect, ...]:
    """Compute the effect size of every study, with its normal (Wald) interval.

    These intervals are for pooling. One study alone is read by ``one_study``.

    Parameters
    ----------
    measure
        Any of ``MEASURES``. Rows that already are effects go with every measure.
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


Compute = Callable[[str, Sequence[Any], EffectSettings], tuple[YV | None, ...]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a kind of row is computed by, and what it needs, in words."""

    row: type
    compute: Compute
    needed: str


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "binary": _Kind(BinaryRow, binary_effects, "events and n of two arms"),
        "means": _Kind(MeansRow, means_effects, "mean, SD and n of two arms"),
        "proportion": _Kind(ProportionRow, proportion_effects, "events and n of one arm"),
        "rates": _Kind(RateRow, rate_effects, "events and person-time of two arms"),
        "rate": _Kind(SingleRateRow, single_rate_effects, "events and person-time of one arm"),
        "correlation": _Kind(
            CorrelationRow, lambda name, rows, _: correlation_effects(name, rows), "r and n"
        ),
        "paired": _Kind(
            PairedRow,
            lambda name, rows, settings: paired_effects(
                name, rows, corrected=settings.correction == "full"
            ),
            "mean and SD of two times, n pairs and their correlation",
        ),
        "paired-arms": _Kind(
            PairedArmsRow,
            lambda _, rows, __: controlled_effects(rows),
            "two arms, each with mean and SD of two times, n pairs and their correlation",
        ),
    }
)


def _all(
    kind: Measure, rows: Sequence[EffectInput], settings: EffectSettings
) -> tuple[YV | None, ...]:
    given = [row for row in rows if isinstance(row, EffectRow)]
    if len(given) == len(rows):
        return tuple(_given(row) for row in given)
    made = _KINDS.get(kind.rows)
    if made is not None and all(isinstance(row, made.row) for row in rows):
        return made.compute(kind.name, rows, settings)
    raise BadInput(
        f"{kind.name} ({kind.label}) cannot be computed from these rows",
        f"give {'the effect and its variance' if made is None else made.needed} for every study",
    )


def size_of(scale: str, rows: Sequence[EffectInput]) -> float | None:
    """Return the harmonic mean of people or time behind rows, for the scales that need it."""
    if scale not in SIZED:
        return None
    sizes = [
        float(row.n if isinstance(row, ProportionRow) else row.time)
        for row in rows
        if isinstance(row, ProportionRow | SingleRateRow)
    ]
    if len(sizes) < len(rows):
        raise BadInput(
            "values on a Freeman-Tukey scale cannot be carried back without their n",
            "give events and n (or person-time), not effects with variances",
        )
    return len(sizes) / sum(1 / size for size in sizes)


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


def _shown(kind: Measure, row: EffectInput, yv: YV | None, z: float) -> StudyEffect:
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
    se, size = math.sqrt(v), size_of(kind.scale, [row])
    return StudyEffect(
        study=row.study,
        measure=kind.name,
        y=y,
        se=se,
        estimate=back(kind.scale, y, size),
        low=back(kind.scale, y - z * se, size),
        high=back(kind.scale, y + z * se, size),
        interval_method="Wald",
        corrected=corrected,
        inputs=row.inputs,
    )
