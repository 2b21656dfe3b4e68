"""Structured summary of comparative studies whose effects cannot be pooled (SWiM).

Methods by what is there: effects without variances give median, quartiles and range; p values
Fisher's combination; directions alone a count of studies by direction, never by significance. All
of them need a comparator: a change within one arm has no direction against anything, since
regression to the mean, co-treatment and selection make nearly every arm improve.

References
----------
Campbell 2020, BMJ 368:l6890 (SWiM); Cochrane Handbook, chapter 12; Fisher 1932.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc
from scipy.stats import binomtest

from tamis.domain.errors import BadInput
from tamis.domain.results import Interval, Refusal
from tamis.synthesis.shares import wilson

__all__ = ["DirectionOf", "StructuredSummary", "summarise_without_pooling"]

COMPARATIVE_ONLY = Refusal(
    rule="swim.comparative-only",
    message="Directions and p values are combined for comparative studies only: a change within "
    "one arm has no direction against a comparator, and nearly every arm improves without any "
    "effect.",
)

#: Fewer effects than this have no quartiles worth the name.
QUARTILES_FROM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionOf:
    """What one study says: its direction (+1 benefit, −1 harm, 0 none), effect and p if printed.

    ``effect`` is on a common scale; ``p`` two-sided.
    """

    study: str
    design: str
    direction: int | None = None
    effect: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredSummary:
    """What can be said without pooling; ``None`` where the data for it are absent.

    ``favour`` of ``of`` studies point to benefit (studies without a direction are not counted);
    ``sign_p`` is the exact two-sided binomial p against one half. ``fisher_p`` answers only whether
    there is an effect in at least one study.
    """

    k: int
    favour: int
    of: int
    share: Interval | None
    sign_p: float | None
    fisher: float | None
    fisher_df: int
    fisher_p: float | None
    median: float | None
    quartiles: tuple[float, float] | None
    range: tuple[float, float] | None
    effects: int
    cannot_say: tuple[str, ...]


def summarise_without_pooling(
    studies: Sequence[DirectionOf], *, level: str = "0.95"
) -> StructuredSummary | Refusal:
    """Summarise comparative studies without pooling them.

    Parameters
    ----------
    studies
        One entry a study.
    level
        Of the interval of the share of studies that favour the intervention.

    Returns
    -------
    StructuredSummary or Refusal
        ``swim.comparative-only`` when any study has no comparator: split the set first.

    Raises
    ------
    BadInput
        For a direction other than −1, 0, 1 and a p value outside 0 to 1, naming the study.

    Examples
    --------
    >>> found = summarise_without_pooling([
    ...     DirectionOf(study=s, design="randomised", direction=d, p=p)
    ...     for s, d, p in (("a", 1, 0.04), ("b", 1, 0.3), ("c", -1, 0.8))])
    >>> found.favour, found.of, round(found.sign_p, 2), round(found.fisher_p, 3)
    (2, 3, 1.0, 0.049)
    """
    _check(studies)
    if not studies:
        return Refusal(rule="no-data", message="No study gives data for this summary.")
    if any(one.design in ("single-arm", "case-series") for one in studies):
        return COMPARATIVE_ONLY
    directed = [one.direction for one in studies if one.direction]
    favour = sum(direction > 0 for direction in directed)
    fisher, tested = _fisher(studies)
    effects = sorted(one.effect for one in studies if one.effect is not None)
    return StructuredSummary(
        k=len(studies),
        favour=favour,
        of=len(directed),
        share=wilson(favour, len(directed), level=level) if directed else None,
        sign_p=float(binomtest(favour, len(directed)).pvalue) if directed else None,
        fisher=fisher,
        fisher_df=2 * tested,
        fisher_p=None if fisher is None else float(chdtrc(2 * tested, fisher)),
        median=float(np.median(effects)) if effects else None,
        quartiles=_quartiles(effects),
        range=(effects[0], effects[-1]) if effects else None,
        effects=len(effects),
        cannot_say=_limits(directed, tested, len(effects)),
    )


def _check(studies: Sequence[DirectionOf]) -> None:
    for one in studies:
        if one.direction not in (None, -1, 0, 1):
            raise BadInput(
                f"{one.study}: {one.direction} is no direction",
                "write 1 for benefit, -1 for harm, 0 for none",
            )
        if one.p is not None and not 0 < one.p <= 1:
            raise BadInput(f"{one.study}: a p value of {one.p:g} cannot be", "check the source")
        if one.effect is not None and not math.isfinite(one.effect):
            raise BadInput(f"{one.study}: the effect is no number", "leave it out")


def _fisher(studies: Sequence[DirectionOf]) -> tuple[float | None, int]:
    """Return −2Σ ln p of one-sided p values towards benefit, and how many there are."""
    sided = [
        one.p / 2 if one.direction > 0 else 1 - one.p / 2
        for one in studies
        if one.p is not None and one.direction
    ]
    if len(sided) < 2:
        return None, 0
    return -2 * sum(math.log(p) for p in sided), len(sided)


def _quartiles(effects: Sequence[float]) -> tuple[float, float] | None:
    if len(effects) < QUARTILES_FROM:
        return None
    low, high = np.quantile(effects, [0.25, 0.75])
    return float(low), float(high)


def _limits(directed: Sequence[int], tested: int, effects: int) -> tuple[str, ...]:
    said = []
    if directed:
        said.append(
            "Counting directions says nothing about the size of an effect and weighs small studies "
            "like large ones."
        )
    if tested >= 2:
        said.append(
            "Combining p values answers only whether there is an effect in at least one study."
        )
    if effects:
        said.append("A median of effects ignores how precise each of them is.")
    return tuple(said)
