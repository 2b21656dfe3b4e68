"""The kinds of figures by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.report.figures.arms_plot import labbe, radial
from tamis.report.figures.bubble_plot import bubble
from tamis.report.figures.figure import Figure
from tamis.report.figures.forest_plot import forest
from tamis.report.figures.funnel_plot import funnel
from tamis.report.figures.given import Result
from tamis.report.figures.influence_plot import baujat, influence
from tamis.report.figures.series_plot import cumulative, leave_one_out

__all__ = ["KINDS", "figure_of"]

#: Name of a figure -> what draws it.
KINDS: Mapping[str, Callable[[Result], Figure]] = MappingProxyType(
    {
        "forest": forest,
        "funnel": funnel,
        "baujat": baujat,
        "cumulative": cumulative,
        "leave-one-out": leave_one_out,
        "influence": influence,
        "bubble": bubble,
        "labbe": labbe,
        "radial": radial,
    }
)


def figure_of(kind: str) -> Callable[[Result], Figure]:
    """Return what draws a kind of figure.

    Raises
    ------
    BadInput
        When there is no such kind.

    Examples
    --------
    >>> figure_of("forest").__name__
    'forest'
    """
    if kind not in KINDS:
        raise BadInput(f"{kind!r} is no kind of figure", f"use one of {', '.join(KINDS)}")
    return KINDS[kind]
