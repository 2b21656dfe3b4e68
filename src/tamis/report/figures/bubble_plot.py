"""Bubble plots of a meta-regression: effects against a covariate, the line, its bands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Refusal
from tamis.report.figures.figure import Figure
from tamis.report.figures.funnel_plot import shown_ticks
from tamis.report.figures.given import Given, Result, given
from tamis.report.figures.words import number, p_value
from tamis.report.figures.xy import BLUE, INK, SOFT, Plot, legend_below, names_beside, plotted
from tamis.synthesis.regression.design import Design
from tamis.synthesis.regression.model import Prediction, RegressionResult
from tamis.synthesis.scales import back

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bubble"]

#: Points at which the line and its bands are computed.
POINTS = 81

#: Area of the largest bubble and of the least, in square points.
LARGEST, LEAST = 260.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bubbles:
    """What a bubble plot shows: studies, and the line with its bands."""

    moderator: str
    rows: tuple[EffectRow, ...]
    at: tuple[float, ...]
    areas: tuple[float, ...]
    grid: tuple[float, ...]
    line: tuple[Prediction, ...]
    others: tuple[str, ...]


def bubble(result: Result, *, moderator: str = "", names: int = 0, title: str = "") -> Figure:
    """Draw a meta-regression on one covariate, with the interval of the line and of a new study.

    Other covariates of the model are held at their mean over the studies, and the figure says so.
    Bubbles have areas by the weight of the studies.

    Parameters
    ----------
    result
        What ``meta_analyse`` returns with ``moderators``.
    moderator
        The covariate; may be left out where there is one.
    names
        How many studies are named, those far from the line first.
    title
        A line above the figure.

    Raises
    ------
    BadInput
        Without a regression, for a covariate of words, and for one in a product.

    Examples
    --------
    >>> from tamis.synthesis import meta_analyse
    >>> table = {"study": list("abcd"), "yi": [0.1, 0.3, 0.2, 0.8], "vi": [0.02, 0.03, 0.02, 0.04],
    ...          "dose": [1, 2, 3, 4]}
    >>> figure = bubble(meta_analyse(table, measure="MD", moderators=["dose"]))
    >>> figure.table()[0]["dose"], round(figure.table()[0]["predicted"], 3)
    (1.0, 0.058)
    """
    found = given(result)
    fitted = found.regression
    if fitted is None:
        raise BadInput("a bubble plot needs a meta-regression", "name a column as the moderator")
    if isinstance(fitted, Refusal):
        raise BadInput(fitted.message, "give more studies, or fewer covariates")
    made = _bubbles(found, fitted, moderator)
    slope = next(one for one in fitted.coefficients if one.name == made.moderator)
    said = (
        f"{len(made.rows)} studies; slope of {made.moderator} {number(slope.estimate, 4)} "
        f"({found.percent} CI {number(slope.low, 4)} to {number(slope.high, 4)}, "
        f"{p_value(slope.p)}) on the analysis scale."
    )
    if made.others:
        said += f" Held at their mean: {', '.join(made.others)}."
    return plotted(
        Plot(
            kind="bubble", title=title or f"Bubble plot: {found.label} by {made.moderator}",
            desc=said, shown=title, rows=tuple(_table(made, found, fitted)),
            draw=lambda axes: _draw(axes, made, found, names),
        )
    )  # fmt: skip


def _bubbles(found: Given, fitted: RegressionResult, asked: str) -> _Bubbles:
    design = fitted.design
    name = _moderator(design, asked)
    rows = found.effects(2, "a bubble plot")
    if len(rows) != len(design.rows):
        raise BadInput(
            "the regression and the studies do not belong together", "analyse the table again"
        )
    column = design.names.index(name)
    at = tuple(row[column] for row in design.rows)
    means = [math.fsum(cells) / len(design.rows) for cells in zip(*design.rows, strict=True)]
    room = 0.04 * (max(at) - min(at))
    low, high = min(at) - room, max(at) + room
    grid = tuple(low + (high - low) * n / (POINTS - 1) for n in range(POINTS))
    line = tuple(fitted.predict([*means[:column], x, *means[column + 1 :]]) for x in grid)
    weights = [1 / (row.v + (fitted.tau2 or 0.0)) for row in rows]
    others = tuple(n for n in design.names if n not in (name, "intercept"))
    return _Bubbles(
        moderator=name, rows=rows, at=at, grid=grid, line=line, others=others,
        areas=tuple(max(LEAST, LARGEST * w / max(weights)) for w in weights),
    )  # fmt: skip


def _moderator(design: Design, asked: str) -> str:
    alone = [t[0] for t in design.terms if len(t) == 1 and t[0] not in design.levels]
    inside = {name for term in design.terms if len(term) > 1 for name in term}
    usable = [name for name in alone if name not in inside]
    if asked and asked not in usable:
        raise BadInput(
            f"{asked!r} is no covariate of numbers that stands alone in the model",
            f"use one of {', '.join(usable)}" if usable else "add one to the model",
        )
    if not usable:
        raise BadInput(
            "no covariate of numbers stands alone in the model",
            "regress on a column of numbers; subgroups are shown by a forest plot",
        )
    if not asked and len(usable) > 1:
        raise BadInput(
            f"the model has several covariates: {', '.join(usable)}", "say which one is drawn"
        )
    return asked or usable[0]


def _draw(axes: Axes, made: _Bubbles, found: Given, names: int) -> None:
    grid, line = list(made.grid), made.line
    axes.fill_between(grid, [p.low for p in line], [p.high for p in line], color="#c9d3df", lw=0,
                      zorder=1, label=f"{found.percent} interval of the line")  # fmt: skip
    for side, label in (("pi_low", f"{found.percent} prediction interval"), ("pi_high", "")):
        axes.plot(grid, [getattr(p, side) for p in line], color=SOFT, lw=0.9, ls=(0, (4, 3)),
                  zorder=1.5, label=label or None)  # fmt: skip
    axes.plot(grid, [p.estimate for p in line], color=INK, lw=1.4, zorder=2, label="regression")
    axes.scatter(made.at, [row.y for row in made.rows], s=made.areas, facecolor=BLUE, alpha=0.55,
                 edgecolor="white", linewidth=0.8, zorder=3)  # fmt: skip
    ends = [v for p in line for v in (p.low, p.high)] + [row.y for row in made.rows]
    ends += _bounded([v for p in line for v in (p.pi_low, p.pi_high)], ends)
    room = 0.06 * (max(ends) - min(ends))
    near = min(ends) - 2 * room <= 0 <= max(ends) + 2 * room
    if near and found.kind.null is not None and found.kind.scale in ("log", "identity"):
        axes.axhline(0, color=SOFT, lw=0.8, zorder=0.5)
    axes.set_xlim(grid[0], grid[-1])
    axes.set_ylim(min(ends) - room, max(ends) + room)
    axes.set_xlabel(made.moderator)
    shown_ticks(axes, found, (min(ends) - room, max(ends) + room), upright=True)
    if names:
        order = _far(made)
        radii = [math.sqrt(made.areas[n] / math.pi) for n in order]
        named = [(made.rows[n].study, made.at[n], made.rows[n].y) for n in order]
        names_beside(axes, named, most=names, radii=radii)
    legend_below(axes, 3)


def _bounded(limits: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Return the limits as far as they do not press everything else together."""
    span = max(ends) - min(ends)
    low, high = min(ends) - 0.6 * span, max(ends) + 0.6 * span
    return [min(max(v, low), high) for v in limits]


def _far(made: _Bubbles) -> list[int]:
    """Return the places of the studies, those far from the line and heavy first."""

    def distance(place: int) -> float:
        nearest = min(range(POINTS), key=lambda n: abs(made.grid[n] - made.at[place]))
        return abs(made.rows[place].y - made.line[nearest].estimate) * math.sqrt(made.areas[place])

    return sorted(range(len(made.rows)), key=distance, reverse=True)


def _table(
    made: _Bubbles, found: Given, fitted: RegressionResult
) -> Sequence[dict[str, str | float | int | None]]:
    scale = found.kind.scale
    return [
        {
            "study": row.study, made.moderator: x, "y": row.y, "se": math.sqrt(row.v),
            "shown": back(scale, row.y), "predicted": fitted.predict(values).estimate,
        }
        for row, x, values in zip(made.rows, made.at, fitted.design.rows, strict=True)
    ]  # fmt: skip
