"""L'Abbé plots (risk in both arms) and radial plots (precision against standardised effect)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow
from tamis.report.figures.figure import Figure
from tamis.report.figures.given import Given, Result, given
from tamis.report.figures.words import number
from tamis.report.figures.xy import BLUE, INK, SOFT, Plot, legend_below, names_beside, plotted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["labbe", "radial"]

#: Measure -> the risk in the first arm, given the risk in the second and the pooled effect.
_CURVES: Mapping[str, Callable[[float, float], float]] = MappingProxyType(
    {
        "RR": lambda risk, effect: risk * effect,
        "OR": lambda risk, effect: risk * effect / (1 - risk + risk * effect),
        "PETO": lambda risk, effect: risk * effect / (1 - risk + risk * effect),
        "RD": lambda risk, effect: risk + effect,
    }
)

#: Area of the largest bubble and of the least, in square points.
LARGEST, LEAST = 240.0, 8.0

#: Points of the curve of the summary.
POINTS = 101

#: Two-sided normal limit of a radial plot's band.
BAND = 1.959963984540054


def labbe(result: Result, *, title: str = "", names: int = 0) -> Figure:
    """Draw the risk in one arm against the risk in the other, and the curve of the summary.

    Studies on the line have the same risk in both arms. Bubbles have areas by a study's people.

    Raises
    ------
    BadInput
        For a result that does not come from events and people of two arms.

    References
    ----------
    L'Abbé, Detsky & O'Rourke 1987, Annals of Internal Medicine 107:224.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": ["a", "b"], "events1": [9, 5], "n1": [12, 20], "events2": [5, 8],
    ...          "n2": [6, 20]}
    >>> labbe(meta_analyse(table, measure="RR")).table()[1]["risk1"]
    0.25
    """
    found = given(result)
    rows = [row for row in found.rows if isinstance(row, BinaryRow)]
    if not rows or len(rows) < len(found.rows):
        raise BadInput("a L'Abbé plot needs events and people of two arms", "draw another figure")
    each = [(row.study, row.events_1 / row.n_1, row.events_2 / row.n_2, row.n_1 + row.n_2)
            for row in rows]  # fmt: skip
    largest = max(people for *_, people in each)
    areas = [max(LEAST, LARGEST * people / largest) for *_, people in each]

    def draw(axes: Axes) -> None:
        top = min(1.0, 1.12 * max(max(first, second) for _, first, second, _ in each) or 1.0)
        axes.set_xlim(0, top)
        axes.set_ylim(0, top)
        axes.set_aspect("equal", adjustable="box")
        axes.plot([0, top], [0, top], color=SOFT, lw=0.9, label="same risk in both arms")
        _curve(axes, found, top)
        axes.scatter([second for _, _, second, _ in each], [first for _, first, _, _ in each],
                     s=areas, facecolor=BLUE, alpha=0.55, edgecolor="white", linewidth=0.8,
                     zorder=3, clip_on=False)  # fmt: skip
        axes.set_xlabel("Risk with the comparator")
        axes.set_ylabel("Risk with the intervention")
        far = sorted(range(len(each)), key=lambda n: -abs(each[n][1] - each[n][2]))
        if names:
            names_beside(axes, [(each[n][0], each[n][2], each[n][1]) for n in far], most=names,
                         radii=[math.sqrt(areas[n] / math.pi) for n in far])  # fmt: skip
        legend_below(axes, 2)

    lower = sum(first < second for _, first, second, _ in each)
    return plotted(
        Plot(
            kind="labbe", title=title or f"L'Abbé plot: {found.label}, {len(each)} studies",
            desc=f"Risk in both arms of {len(each)} studies; in {lower} of them the risk is lower "
            "with the intervention.",
            rows=tuple({"study": s, "risk1": a, "risk2": b, "people": n} for s, a, b, n in each),
            draw=draw, shown=title,
        )
    )  # fmt: skip


def _curve(axes: Axes, found: Given, top: float) -> None:
    curve, pooled = _CURVES.get(found.kind.name), found.pooled
    if curve is None or pooled is None:
        return
    grid = [top * n / (POINTS - 1) for n in range(POINTS)]
    places = [(x, curve(x, pooled.estimate)) for x in grid]
    inside = [(x, y) for x, y in places if 0 <= y <= top]
    axes.plot([x for x, _ in inside], [y for _, y in inside], color=INK, lw=1.4, ls=(0, (5, 3)),
              label=f"summary: {found.label} {number(pooled.estimate, 2)}")  # fmt: skip


def radial(result: Result, *, title: str = "", names: int = 8) -> Figure:
    """Draw effects over their standard errors against precision: studies outside the band differ.

    The line has the slope of the common effect; 95 % of studies lie in the band around it if
    nothing but chance sets them apart.

    Raises
    ------
    BadInput
        For fewer than three studies with a standard error.

    References
    ----------
    Galbraith 1988, Statistics in Medicine 7:889.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": list("abc"), "yi": [0.1, 0.2, 0.6], "vi": [0.01, 0.04, 0.09]}
    >>> round(radial(meta_analyse(table, measure="SMD")).table()[2]["z"], 2)
    2.0
    """
    found = given(result)
    rows = found.effects(3, "a radial plot")
    mean = math.fsum(row.y / row.v for row in rows) / math.fsum(1 / row.v for row in rows)
    each = [(row.study, 1 / math.sqrt(row.v), row.y / math.sqrt(row.v)) for row in rows]
    out = [point for point in each if abs(point[2] - mean * point[1]) > BAND]
    out.sort(key=lambda point: -abs(point[2] - mean * point[1]))

    def draw(axes: Axes) -> None:
        right = 1.06 * max(x for _, x, _ in each)
        ends = [0.0, right]
        axes.fill_between(ends, [mean * x - BAND for x in ends], [mean * x + BAND for x in ends],
                          color="#dfdbd3", lw=0, zorder=1, label="95% band")  # fmt: skip
        axes.plot(ends, [mean * x for x in ends], color=INK, lw=1.3, label="common effect")
        axes.axhline(0, color=SOFT, lw=0.8)
        axes.scatter([x for _, x, _ in each], [z for *_, z in each], s=26, color=BLUE,
                     edgecolor="white", linewidth=0.6, zorder=3, label="studies")  # fmt: skip
        axes.set_xlim(0, right)
        axes.set_xlabel("Precision (1 / standard error)")
        axes.set_ylabel("Effect / standard error")
        names_beside(axes, out, most=names)
        legend_below(axes, 3)

    return plotted(
        Plot(
            kind="radial", title=title or f"Radial plot: {found.label}, {len(each)} studies",
            desc=f"{len(each)} studies by precision and standardised effect; {len(out)} of them "
            "lie outside the 95% band around the common effect.",
            rows=tuple({"study": s, "precision": x, "z": z} for s, x, z in each),
            draw=draw, shown=title,
        )
    )  # fmt: skip
