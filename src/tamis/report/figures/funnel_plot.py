"""Funnel plots: contours of significance, trim and fill, Egger's line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Refusal
from tamis.report.figures.figure import Cell, Figure
from tamis.report.figures.given import Given, Result, given
from tamis.report.figures.reach import marked
from tamis.report.figures.words import number, p_value
from tamis.report.figures.xy import (
    BLUE,
    INK,
    ORANGE,
    SHADES,
    Plot,
    legend_below,
    names_beside,
    plotted,
)
from tamis.synthesis import fit_rows
from tamis.synthesis.scales import SIZED, back, forth
from tamis.synthesis.small_study import AsymmetryTest, Filled, Funnel, asymmetry, trim_and_fill
from tamis.synthesis.small_study import funnel as geometry

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["funnel", "shown_ticks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What one funnel shows beside its points."""

    made: Funnel
    filled: tuple[EffectRow, ...]
    line: tuple[float, float] | None
    contours: bool
    names: bool


def funnel(
    result: Result,
    *,
    contours: bool = True,
    fill: bool = False,
    egger: bool = False,
    names: bool = False,
    title: str = "",
) -> Figure:
    """Draw a funnel plot: effects against their standard errors, precise studies on top.

    The white triangle holds 95 % of studies around the summary if nothing but chance sets them
    apart. Shades say where a study would have p below 0.10, 0.05 and 0.01 against no effect.

    Parameters
    ----------
    result
        What ``meta_analyse`` returns, or a ``Synthesis``.
    contours
        Whether the shades of significance are drawn; not where the measure has no value of no
        effect.
    fill
        Whether studies of trim and fill are added, hollow: a what-if, not a correction.
    egger
        Whether the regression line of Egger's test is added, from ten studies on.
    names
        Whether studies outside the triangle are named.
    title
        A line above the figure.

    Raises
    ------
    BadInput
        For fewer than three studies with a standard error, and for what cannot be added.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": list("abc"), "yi": [0.1, 0.2, 0.6], "vi": [0.01, 0.04, 0.09]}
    >>> figure = funnel(meta_analyse(table, measure="SMD"))
    >>> figure.table()[2]["study"], round(figure.table()[2]["se"], 2), figure.kind
    ('c', 0.3, 'funnel')
    """
    found = given(result)
    rows = found.effects(3, "a funnel plot")
    if found.kind.scale in SIZED:
        raise BadInput(f"a funnel of {found.kind.name} is not made", "use PLO, or IRLN for rates")
    done = fit_rows(rows, settings=found.pooling())
    if isinstance(done, Refusal):
        raise BadInput(done.message, "give studies that can be pooled")
    null = found.kind.null
    zero = 0.0 if null is None else forth(found.kind.scale, null)
    parts = _Parts(
        made=geometry(rows, centre=done.mu, null=zero),
        filled=_filled(rows, found) if fill else (),
        line=_line(rows) if egger else None,
        contours=contours and null is not None,
        names=names,
    )
    return plotted(
        Plot(
            kind="funnel", title=title or f"Funnel plot: {found.label}, {len(rows)} studies",
            desc=_said(parts, found), rows=tuple(_table(parts, found)), shown=title,
            draw=lambda axes: _draw(axes, parts, found),
        )
    )  # fmt: skip


def _filled(rows: tuple[EffectRow, ...], found: Given) -> tuple[EffectRow, ...]:
    made: Filled | Refusal = trim_and_fill(rows, settings=found.pooling())
    if isinstance(made, Refusal):
        raise BadInput(made.message, "draw the funnel without trim and fill")
    return made.filled


def _line(rows: tuple[EffectRow, ...]) -> tuple[float, float]:
    """Return intercept and slope of the effect on its standard error, by inverse variance."""
    tested: AsymmetryTest | Refusal = asymmetry(rows)
    if isinstance(tested, Refusal):
        raise BadInput(tested.message, "draw the funnel without Egger's line")
    w = [1 / row.v for row in rows]
    x, y = [math.sqrt(row.v) for row in rows], [row.y for row in rows]
    total = math.fsum(w)
    mx = math.fsum(a * b for a, b in zip(w, x, strict=True)) / total
    my = math.fsum(a * b for a, b in zip(w, y, strict=True)) / total
    sxx = math.fsum(a * (b - mx) ** 2 for a, b in zip(w, x, strict=True))
    sxy = math.fsum(a * (b - mx) * (c - my) for a, b, c in zip(w, x, y, strict=True))
    slope = sxy / sxx
    return my - slope * mx, slope


def _draw(axes: Axes, parts: _Parts, found: Given) -> None:
    made = parts.made
    deep = made.deepest * 1.06
    share = deep / made.deepest
    ends = [y for _, y, _ in made.points] + [row.y for row in parts.filled]
    ends += [made.centre + share * (end - made.centre) for end in made.limits]
    room = 0.05 * (max(ends) - min(ends))
    left, right = min(ends) - room, max(ends) + room
    if parts.contours:
        _shade(axes, made, (left, right), deep)
    corners = [made.centre + share * (end - made.centre) for end in made.limits]
    axes.plot([corners[0], made.centre, corners[1]], [deep, 0, deep], color=INK, lw=0.9,
              ls=(0, (5, 3)), label="95% limits around the summary")  # fmt: skip
    axes.plot([made.centre] * 2, [0, deep], color=INK, lw=0.9)
    if parts.line is not None:
        start, slope = parts.line
        axes.plot([start, start + slope * deep], [0, deep], color=ORANGE, lw=1.4,
                  ls=(0, (1, 1.2)), label="Egger's regression")  # fmt: skip
    axes.scatter([y for _, y, _ in made.points], [se for *_, se in made.points], s=26, color=BLUE,
                 edgecolor="white", linewidth=0.6, zorder=3, label="studies")  # fmt: skip
    if parts.filled:
        axes.scatter([row.y for row in parts.filled], [math.sqrt(row.v) for row in parts.filled],
                     s=26, facecolor="white", edgecolor=BLUE, linewidth=1.1, zorder=3,
                     label="filled in")  # fmt: skip
    axes.set_xlim(left, right)
    axes.set_ylim(deep, 0)
    shown_ticks(axes, found, (left, right))
    axes.set_ylabel(f"Standard error{' of the logarithm' if found.log else ''}")
    if parts.names:
        names_beside(axes, _outside(made))
    legend_below(axes, 3)


def _shade(axes: Axes, made: Funnel, ends: tuple[float, float], deep: float) -> None:
    """Shade from p below 0.01 outside to p above 0.10 within."""
    share = deep / made.deepest
    axes.axvspan(*ends, color=SHADES[0], lw=0, zorder=0, label="p < 0.01")
    names = ("0.05 > p > 0.01", "0.10 > p > 0.05", "p > 0.10")
    for shade, name, (_, low, high) in zip(SHADES[1:], names, made.contours[::-1], strict=True):
        corners = [(made.null + share * (end - made.null)) for end in (low, high)]
        axes.fill([corners[0], made.null, corners[1]], [deep, 0, deep], color=shade, lw=0,
                  zorder=0.5, label=name)  # fmt: skip


def _outside(made: Funnel) -> list[tuple[str, float, float]]:
    wide = (made.limits[1] - made.centre) / made.deepest
    far = [p for p in made.points if abs(p[1] - made.centre) > wide * p[2]]
    return sorted(far, key=lambda p: -abs(p[1] - made.centre) / p[2])


#: Scales whose name needs other words.
_SCALES = {"fisher-z": "Fisher's z"}


def shown_ticks(
    axes: Axes, found: Given, ends: tuple[float, float], *, upright: bool = False
) -> None:
    """Mark an axis of effects in numbers of the scale that is shown."""
    set_ticks, set_label = (
        (axes.set_yticks, axes.set_ylabel) if upright else (axes.set_xticks, axes.set_xlabel)
    )
    if found.log:
        low, high = (back(found.kind.scale, end) for end in ends)
        marks = marked(low, high, log=True, width=380)
        set_ticks([forth(found.kind.scale, m) for m in marks], labels=[f"{m:.12g}" for m in marks])
        set_label(f"{found.heading} (log scale)")
    elif found.kind.scale in ("identity", *SIZED):
        set_label(found.heading)
    else:
        set_label(f"{found.heading}, {_SCALES.get(found.kind.scale, found.kind.scale)} scale")


def _said(parts: _Parts, found: Given) -> str:
    outside = len(_outside(parts.made))
    said = (
        f"{len(parts.made.points)} studies by effect and standard error; {outside} of them lie "
        f"outside the 95% limits around the summary."
    )
    if parts.filled:
        said += f" Trim and fill adds {len(parts.filled)}."
    if parts.line is not None:
        tested = asymmetry(found.effects(3, "a funnel plot"))
        if not isinstance(tested, Refusal):
            said += f" Egger's test: {number(tested.statistic, 2)}, {p_value(tested.p)}."
    return said


def _table(parts: _Parts, found: Given) -> Iterator[Mapping[str, Cell]]:
    for study, y, se in parts.made.points:
        yield {"study": study, "y": y, "se": se, "shown": back(found.kind.scale, y), "filled": 0}
    for row in parts.filled:
        shown = back(found.kind.scale, row.y)
        yield {"study": row.study, "y": row.y, "se": math.sqrt(row.v), "shown": shown, "filled": 1}
