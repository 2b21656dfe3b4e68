"""What a funnel plot shows: points, pooled line, pseudo-limits, contours of significance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtri

from tamis.domain.results import EffectRow
from tamis.synthesis.inverse_variance import check_rows

__all__ = ["CONTOURS", "Funnel", "funnel"]

#: Two-sided levels between which a contour-enhanced funnel is shaded (Peters 2008).
CONTOURS = (0.10, 0.05, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """A funnel plot as numbers on the analysis scale: x is the effect, y the standard error.

    ``limits`` and every contour are the two ends of a straight line that starts at standard error 0
    (at ``centre``, or at no effect) and ends at ``deepest``: (left, right).
    """

    points: tuple[tuple[str, float, float], ...]
    centre: float
    null: float
    deepest: float
    limits: tuple[float, float]
    contours: tuple[tuple[float, float, float], ...]


def funnel(rows: Sequence[EffectRow], *, centre: float, null: float = 0.0) -> Funnel:
    """Return the geometry of a funnel plot.

    Parameters
    ----------
    rows
        Effects and variances.
    centre
        The pooled effect on the analysis scale.
    null
        No effect on the analysis scale; the contours open there.

    Examples
    --------
    >>> made = funnel([EffectRow(study="a", y=0.2, v=0.04)], centre=0.1)
    >>> made.deepest, [round(x, 3) for x in made.limits]
    (0.2, [-0.292, 0.492])
    """
    check_rows(rows)
    points = tuple((row.study, row.y, math.sqrt(row.v)) for row in rows)
    deepest = max((se for _, _, se in points), default=0.0)
    reach = {level: float(ndtri(1 - level / 2)) * deepest for level in (*CONTOURS, 0.05)}
    return Funnel(
        points=points,
        centre=centre,
        null=null,
        deepest=deepest,
        limits=(centre - reach[0.05], centre + reach[0.05]),
        contours=tuple((level, null - reach[level], null + reach[level]) for level in CONTOURS),
    )
